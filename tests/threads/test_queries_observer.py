"""QueriesObserver for threads."""

from __future__ import annotations

import pytest
from signatures import observer_differences
from thread_fixtures import Told

import query
from query import QueryOptions
from query.sync import QueriesObserver


@pytest.fixture
def queries(key):
    """The options of three queries."""
    return [QueryOptions(query_key=(*key, n), query_fn=lambda context, n=n: n, stale_time=60) for n in range(3)]


def data(results):
    return [result.data for result in results]


def all_there(results):
    return all(result.is_success for result in results)


def test_every_method_is_there_with_the_same_parameters_and_types():
    """As the client's; the forms of the constructor, too."""
    wrong = observer_differences(query.QueriesObserver, QueriesObserver)
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_list_gives_a_list_and_a_tuple_a_tuple(sync_client, queries):
    """In the order of the options, and each the same object as long as it is the same result."""
    for container in (list, tuple):
        observer = QueriesObserver(sync_client, container(queries))
        results = observer.wait_for(all_there)
        assert type(results) is container
        assert data(results) == [0, 1, 2]
        again = observer.get_current_result()
        assert all(a is b for a, b in zip(results, again, strict=True))


def test_listeners_are_told_in_their_thread(sync_client, queries):
    """Of each change of the group."""
    observer, told = QueriesObserver(sync_client, queries), Told()
    unsubscribe = observer.subscribe(told)
    told.wait(1)
    unsubscribe()
    assert told.threads == {"query listeners"}
    assert type(told.results[0]) is list


def test_combined_results(sync_client, queries):
    """Without combine they are the results, made for threads."""
    observer = QueriesObserver(sync_client, queries, lambda results: sum(result.data or 0 for result in results))
    observer.wait_for(all_there)
    assert observer.get_combined_result() == 3
    plain = QueriesObserver(sync_client, queries)
    (first, *_) = plain.get_combined_result()
    assert first is plain.get_current_result()[0]
    assert first.refetch().result().data == 0


def test_other_queries(sync_client, queries):
    """set_queries keeps observers of the same query."""
    observer = QueriesObserver(sync_client, queries[:1])
    with observer.results() as results:
        next(results)
        observer.set_queries(queries[1:])
        assert data(observer.wait_for(all_there)) == [1, 2]
        assert [q.query_key[-1] for q in observer.get_queries()] == [1, 2]
        assert repr(observer) == "<QueriesObserver of 2 queries>"


def test_destroy_leaves_the_queries(sync_client, queries):
    """And drops the listeners."""
    observer, told = QueriesObserver(sync_client, queries), Told()
    observer.subscribe(told)
    assert observer.has_listeners()
    observer.destroy()
    assert not observer.has_listeners()
    assert [query.get_observers_count() for query in observer.get_queries()] == [0, 0, 0]
