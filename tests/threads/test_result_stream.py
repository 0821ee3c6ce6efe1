"""Results as a plain iterator."""

from __future__ import annotations

import threading

import pytest

from query import LoopError, QueryOptions, infinite_query_options
from query.sync import QueryObserver


@pytest.fixture
def options(key, gate):
    """Of ``gate``."""
    return QueryOptions(query_key=key, query_fn=gate)


def shown(result):
    return (result.status, result.data)


def observers_of(client, key):
    return client.get_query_cache().find(query_key=key).get_observers_count()


def test_watching_an_infinite_query_gives_results_with_pages(sync_client, key):
    """By its options."""
    pages = infinite_query_options(
        query_key=key,
        query_fn=lambda context: [context.page_param],
        initial_page_param=1,
        get_next_page_param=lambda page, pages, param, params: param + 1,
    )
    with sync_client.watch(pages) as results:
        result = next(result for result in results if result.is_success)
        assert (result.data.pages, result.has_next_page) == ([[1]], True)


def test_watching_shows_the_present_and_then_each_change(sync_client, key, options, gate):
    """A step blocks until there is something new; leaving the loop leaves the query."""
    seen = []
    for result in sync_client.watch(options):
        seen.append(shown(result))
        gate.opened.set()
        if result.is_success:
            break
    assert seen == [("pending", None), ("success", "data")]
    sync_client.get_query_data(key)  # a turn of the loop
    assert observers_of(sync_client, key) == 0


def test_who_is_slow_sees_the_newest(sync_client, key, options, gate):
    """Nothing piles up."""
    gate.opened.set()
    results = QueryObserver(sync_client, options).results()
    assert shown(next(results)) == ("pending", None)
    sync_client.query(options)
    for number in range(3):
        sync_client.set_query_data(key, number)
    assert next(results).data == 2
    results.close()


def test_with_subscribes_at_its_beginning_and_leaves_at_its_end(sync_client, key, options):
    """As in async code."""
    with sync_client.watch(options) as results:
        assert observers_of(sync_client, key) == 1
        assert shown(next(results)) == ("pending", None)
    assert observers_of(sync_client, key) == 0
    assert list(results) == []


def test_another_thread_may_end_the_iteration(sync_client, options, gate, others):
    """The loop over the results comes to its end."""
    results = sync_client.watch(options)
    begun = threading.Event()
    watching = others.start(lambda: [begun.set() for _ in results])
    assert begun.wait(20)
    results.close()
    results.close()
    assert len(watching()) == 1


def test_closing_the_client_ends_the_iteration(sync_client, options, gate, others):
    """A thread that watches for ever comes to its end."""
    results = sync_client.watch(options)
    watching = others.start(lambda: [gate.opened.set() for _ in results])
    assert gate.entered.wait(20)
    assert gate.opened.wait(20)
    sync_client.close()
    assert len(watching()) >= 1
    assert list(results) == []


def test_a_closed_client_cannot_be_watched(sync_client, options):
    """The first step says so."""
    sync_client.close()
    with pytest.raises(LoopError, match="closed"):
        next(sync_client.watch(options))


def test_watching_is_of_results_whose_functions_wait(sync_client, options, gate):
    """As those of an observer."""
    gate.opened.set()
    with sync_client.watch(options) as results:
        assert next(results).refetch().result().data == "data"
