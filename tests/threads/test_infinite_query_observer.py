"""InfiniteQueryObserver for threads, and the client's methods for infinite queries."""

from __future__ import annotations

import threading

import pytest
from signatures import observer_differences

import query
from query import OptionError, QueryOptions, infinite_query_options
from query.sync import InfiniteQueryObserver


def load(context):
    return f"page {context.page_param} {context.direction} {threading.current_thread().name.split('_')[0]}"


@pytest.fixture
def options(key):
    """Pages by number, loaded by a function that may block."""
    return infinite_query_options(
        query_key=key,
        query_fn=load,
        initial_page_param=5,
        get_next_page_param=lambda page, pages, param, params: param + 1,
        get_previous_page_param=lambda page, pages, param, params: param - 1,
        stale_time=60,
    )


FIRST, NEXT, PREVIOUS = (
    "page 5 forward query worker",
    "page 6 forward query worker",
    "page 4 backward query worker",
)


def test_every_method_is_there_with_the_same_parameters_and_types():
    """As the client's: Handle[T] is T, and what waits takes timeout=."""
    # one is overridden, the other inherited
    renamed = [("QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT]", "QueryOptions[QueryDataT, DataT]")]
    wrong = observer_differences(query.InfiniteQueryObserver, InfiniteQueryObserver, renamed)
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_client_fetches_pages_in_worker_threads(sync_client, options):
    """Each page is one call of the function."""
    assert sync_client.infinite_query(options.with_(select=lambda data: data.pages, pages=2)) == [FIRST, NEXT]
    assert sync_client.fetch_infinite_query(options).page_params == [5, 6]
    assert sync_client.ensure_infinite_query_data(options).page_params == [5, 6]


def test_a_prefetch_of_pages_never_fails(sync_client, options, gate):
    """With timeout 0 it starts the fetch."""
    sync_client.prefetch_infinite_query(options.with_(query_fn=gate), timeout=0)
    assert sync_client.is_fetching() == 1
    gate.opened.set()
    sync_client.prefetch_infinite_query(options)
    assert sync_client.get_query_data(options.query_key).pages == ["data"]


def test_pages_are_fetched_at_both_ends(sync_client, options):
    """Each call returns the result with the page."""
    observer = InfiniteQueryObserver(sync_client, options)
    assert observer.refetch().data.pages == [FIRST]
    assert observer.fetch_next_page().data.pages == [FIRST, NEXT]
    assert observer.fetch_previous_page().data.pages == [PREVIOUS, FIRST, NEXT]
    assert observer.get_current_result().has_next_page


def test_the_functions_of_a_result_fetch_pages(sync_client, options):
    """They wait and return a handle that is done."""
    observer = InfiniteQueryObserver(sync_client, options)
    result = observer.refetch()
    result = result.fetch_next_page().result()
    assert result.fetch_previous_page().result().data.pages == [PREVIOUS, FIRST, NEXT]


def test_who_stops_waiting_for_a_page_gets_it_later(sync_client, options, gate):
    """A timeout ends the waiting."""
    observer = InfiniteQueryObserver(sync_client, options)
    observer.refetch()
    observer.set_options(options.with_(query_fn=gate))
    for fetch in (observer.fetch_next_page, observer.fetch_previous_page):
        with pytest.raises(TimeoutError):
            fetch(timeout=0)
    gate.opened.set()
    assert observer.wait_for(lambda result: not result.is_fetching).data.pages == ["data", FIRST]


def test_other_options_are_refused(sync_client, key):
    """As in the loop."""
    with pytest.raises(OptionError, match="infinite_query_options"):
        InfiniteQueryObserver(sync_client, QueryOptions(query_key=key))
