"""What happens in which order: events of the caches, listeners, callbacks and functions, as one sequence.

The orders are those of query-core, observed on its release 5.108.0. Traces that need no observer are in tests/cache.
"""

from __future__ import annotations

import pytest
from client_fixtures import event_text

from query import (
    MutationCache,
    MutationObserver,
    MutationOptions,
    QueryCache,
    QueryCancelledError,
    QueryClient,
    QueryObserver,
    QueryOptions,
)


@pytest.fixture
def trace():
    """Everything that happens, as texts."""
    return []


@pytest.fixture
async def client(clock, trace, online, focus):
    """A client whose caches write down their events and callbacks."""

    def noting(name):
        return lambda *_: trace.append(f"cache.{name}")

    callbacks = {name: noting(name) for name in ("on_success", "on_error", "on_settled")}
    client = QueryClient(
        query_cache=QueryCache(**callbacks),
        mutation_cache=MutationCache(**callbacks, on_mutate=noting("on_mutate")),
        clock=clock,
        online_manager=online,
        focus_manager=focus,
    )
    for cache in (client.get_query_cache(), client.get_mutation_cache()):
        cache.subscribe(lambda event: trace.append(event_text(event)))
    async with client:
        yield client


@pytest.fixture
def listener(trace):
    """A listener of a query observer that writes down what it is told."""
    return lambda result: trace.append(f"L({result.status}/{result.fetch_status})")


@pytest.mark.parity("QC-queryCache-003")
async def test_the_life_of_an_observer(client, key, trace, listener, clock):
    """Made, subscribed, data, stale, left."""
    # golden trace 1
    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=lambda context: "data", stale_time=10))
    assert trace == ["added", "observer_results_updated"]
    trace.clear()
    unsubscribe = observer.subscribe(listener)
    assert trace == ["observer_added", "L(pending/fetching)", "observer_results_updated", "updated:fetch"]
    trace.clear()
    await clock.settle()
    assert trace == [
        "L(success/idle)",
        "observer_results_updated",
        "updated:success",
        "cache.on_success",
        "cache.on_settled",
    ]
    trace.clear()
    await clock.advance(10.001)
    assert trace == ["L(success/idle)", "observer_results_updated"]
    trace.clear()
    unsubscribe()
    assert trace == ["observer_removed"]


async def test_leaving_a_fetch_that_heeds_its_signal(client, key, trace, answering, clock):
    """The query goes back before the leaving is told; nothing comes after."""
    # golden trace 6
    signals, fetch = [], answering("data", after=1)

    def query_fn(context):
        signals.append(context.signal)
        return fetch(context)

    unsubscribe = QueryObserver(client, QueryOptions(query_key=key, query_fn=query_fn)).subscribe(lambda result: None)
    trace.clear()
    unsubscribe()
    assert trace == ["updated:set_state", "observer_removed"]
    assert signals[0].aborted
    await clock.advance(5)
    assert len(trace) == 2


async def test_a_reset_during_a_fetch(client, key, trace, answering, clock):
    """Back to the beginning, and on with the next fetch, whose data the earlier caller gets."""
    # golden trace 7
    observer = QueryObserver(client, QueryOptions(query_key=key, query_fn=answering("first", "second", after=1)))
    unsubscribe = observer.subscribe(lambda result: None)
    handle = observer.get_current_query().fetch()
    trace.clear()
    client.reset_queries()
    assert trace == [
        "observer_results_updated",
        "updated:set_state",
        "observer_results_updated",
        "updated:fetch",
    ]
    await clock.advance(1)
    assert await handle == "second"
    unsubscribe()


async def test_a_background_error_and_the_refetch_after_it(client, key, clock, answering):
    """The error stays while the refetch is under way, its failures do not."""
    # golden trace 8
    client.set_query_data(key, "data")
    observer = QueryObserver(
        client, QueryOptions(query_key=key, query_fn=answering(ValueError("failed"), "new", after=1), retry=False)
    )
    told = []
    unsubscribe = observer.subscribe(told.append)
    await clock.advance(1)
    assert (told[-1].status, told[-1].fetch_status, told[-1].is_refetch_error) == ("error", "idle", True)
    observer.refetch()
    assert (told[-1].status, told[-1].fetch_status, told[-1].failure_count) == ("error", "fetching", 0)
    assert str(told[-1].error) == "failed"
    await clock.advance(1)
    assert (told[-1].status, told[-1].fetch_status, told[-1].error) == ("success", "idle", None)
    assert told[-1].error_update_count == 1
    unsubscribe()


@pytest.mark.parity("QX-008")
async def test_retries_ask_for_the_delay_first(client, key, trace, clock):
    """Also after the last failure, which no further attempt follows."""
    # golden trace 9

    def query_fn(context):
        trace.append("fn")
        raise ValueError("failed")

    def retry_delay(failure_count, error):
        trace.append(f"delay({failure_count})")
        return 1

    def retry(failure_count, error):
        trace.append(f"retry({failure_count})")
        return failure_count < 2

    handle = client.query(QueryOptions(query_key=key, query_fn=query_fn, retry=retry, retry_delay=retry_delay))
    await clock.advance(2)
    with pytest.raises(ValueError, match="failed"):
        await handle
    assert [text for text in trace if "(" in text or text == "fn"] == [
        *["fn", "delay(0)", "retry(0)"],
        *["fn", "delay(1)", "retry(1)"],
        *["fn", "delay(2)", "retry(2)"],
    ]
    assert trace[-3:] == ["updated:error", "cache.on_error", "cache.on_settled"]


async def test_a_cancelled_refetch_is_one_step(client, key, trace, answering):
    """Back to the data, of which the caller is told."""
    # golden trace 17
    client.set_query_data(key, "old")
    handle = client.query(QueryOptions(query_key=key, query_fn=answering("new", after=1)))
    trace.clear()
    client.cancel_queries()
    assert trace == ["updated:set_state"]
    assert await handle == "old"
    assert trace == ["updated:set_state"]


async def test_a_removal_during_a_first_fetch(client, key, trace, answering, clock):
    """The waiter is told, and the query that is gone says nothing more."""
    # golden trace 18
    handle = client.query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))
    query = client.get_query_cache().find(query_key=key)
    trace.clear()
    client.remove_queries()
    with pytest.raises(QueryCancelledError):
        await handle
    await clock.advance(5)
    assert trace == ["removed"]
    assert (query.state.status, query.state.fetch_status) == ("pending", "fetching")


# -- mutations


@pytest.fixture
def noting(trace):
    """Callbacks that write down their names; ``on_mutate`` keeps something."""

    def make(prefix, *names):
        def note(name):
            return lambda *_: trace.append(f"{prefix}{name}") or ("kept" if name == "on_mutate" else None)

        return {name: note(name) for name in names}

    return make


async def run(client, trace, noting, mutation_fn):
    """One mutation with every callback there is."""
    options = MutationOptions(
        mutation_fn=mutation_fn, **noting("", "on_mutate", "on_success", "on_error", "on_settled")
    )
    observer = MutationObserver(client, options)
    unsubscribe = observer.subscribe(lambda result: trace.append(f"L({result.status})"))
    try:
        await observer.mutate("variables", **noting("mutate.", "on_success", "on_error", "on_settled"))
    except ValueError:
        trace.append("await raises")
    else:
        trace.append("await returns")
    unsubscribe()


BEGINNING = [
    *["observer_options_updated", "added", "observer_added"],
    *["L(pending)", "updated:pending", "cache.on_mutate"],
    *["on_mutate", "L(pending)", "updated:pending", "mutation_fn"],
]


async def test_a_mutation_that_succeeds(client, trace, noting):
    """Cache, options, call; the state is told when the callbacks of the first two are done."""
    # golden trace 10
    await run(client, trace, noting, lambda *_: trace.append("mutation_fn") or "data")
    assert trace == [
        *BEGINNING,
        *["cache.on_success", "on_success", "cache.on_settled", "on_settled"],
        *["mutate.on_success", "mutate.on_settled", "L(success)", "updated:success"],
        *["await returns", "observer_removed"],
    ]


async def test_a_mutation_that_fails(client, trace, noting):
    """The same, with errors."""
    # golden trace 11

    def mutation_fn(variables, context):
        trace.append("mutation_fn")
        raise ValueError("failed")

    await run(client, trace, noting, mutation_fn)
    assert trace == [
        *BEGINNING,
        *["cache.on_error", "on_error", "cache.on_settled", "on_settled"],
        *["mutate.on_error", "mutate.on_settled", "L(error)", "updated:error"],
        *["await raises", "observer_removed"],
    ]
