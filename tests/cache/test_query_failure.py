"""Fetches that fail or have to wait, and what must not become a state of a query."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys

import pytest
from client_fixtures import changes, event_text

from query import (
    UNSET,
    LoopError,
    QueryCancelledError,
    QueryClient,
    QueryOptions,
)
from query.base.query_state import fields_of

Failed = pytest.fail.Exception


# -- failure


async def test_four_attempts_make_three_failures_and_an_error(build, answering, clock, events):
    """With the three retries of the default; each is told, the last as the error."""
    error = ValueError("failed")
    fetch = answering(error)
    query = build(query_fn=fetch)
    handle = query.fetch()
    counts = []
    for delay in (0, 1, 2, 4):
        await clock.advance(delay)
        counts.append((len(fetch.calls), query.state.fetch_failure_count, query.state.status))
    assert counts == [(1, 1, "pending"), (2, 2, "pending"), (3, 3, "pending"), (4, 4, "error")]
    with pytest.raises(ValueError, match="failed") as caught:
        await handle
    assert caught.value is error
    assert events == ["added", "updated:fetch", *["updated:failed"] * 3, "updated:error"]


async def test_a_failure_leaves_what_data_there_is(build, answering, clock):
    """It is stale from then on, and counted."""
    error = ValueError("failed")
    query = build(query_fn=answering(error), initial_data="initial", retry=False)
    with pytest.raises(ValueError, match="failed"):
        await query.fetch()
    assert fields_of(query.state) | {
        "status": "error",
        "fetch_status": "idle",
        "data": "initial",
        "error": error,
        "error_update_count": 1,
        "error_updated_at": clock.time(),
        "fetch_failure_count": 1,
        "fetch_failure_reason": error,
        "is_invalidated": True,
    } == fields_of(query.state)


async def test_a_failure_that_nobody_awaits_is_no_news(build, answering, clock, reported):
    """The state has it; asyncio is not left to complain that nobody looked."""
    build(query_fn=answering(ValueError("failed")), retry=False).fetch()
    await clock.advance(1)
    gc.collect()
    assert reported == []


@pytest.mark.parity("QC-query-018")
async def test_a_refetch_after_an_error_keeps_status_and_error_until_it_is_done(build, answering, clock, states):
    """The failures start anew; the success clears the error and leaves the count."""
    # golden trace 8
    query = build(query_fn=answering(ValueError("failed"), "data"), initial_data="initial", retry=False)
    with pytest.raises(ValueError, match="failed"):
        await query.fetch()
    states.clear()
    await query.fetch()
    assert changes(states) == [("error", "fetching"), ("success", "idle")]
    assert isinstance(states[0].error, ValueError)
    assert (states[0].fetch_failure_count, states[0].fetch_failure_reason) == (0, None)
    assert (states[1].error, states[1].error_update_count) == (None, 1)


async def test_without_data_a_new_fetch_after_an_error_is_pending_again(build, answering, states):
    """There is nothing to show but that it loads."""
    query = build(query_fn=answering(ValueError("failed"), "data"), retry=False)
    with pytest.raises(ValueError, match="failed"):
        await query.fetch()
    states.clear()
    await query.fetch()
    assert changes(states) == [("pending", "fetching"), ("success", "idle")]
    assert states[0].error is None


class Incomparable:
    """A name in a dict that cannot be looked up."""

    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("cannot compare")


@pytest.mark.parity("QC-query-042")
async def test_data_that_cannot_be_compared_is_the_querys_error(build, answering, caplog):
    """The log says what to do; the data before stays."""
    first, second = {Incomparable(): 1}, {Incomparable(): 2}
    query = build(query_fn=answering(first, second), query_hash="some hash")
    await query.fetch()
    with pytest.raises(ValueError, match="cannot compare"):
        await query.fetch()
    assert (query.state.status, query.state.data) == ("error", first)
    assert "data of query some hash could not be compared" in caplog.text
    assert "structural_sharing=False" in caplog.text


@pytest.mark.parity("QC-query-043")
async def test_what_a_sharing_function_raises_is_the_querys_error(build, answering, caplog):
    """The fetch delivered, but nothing can be kept of it; whoever wrote the function needs no advice."""

    def refuse(before, after):
        raise ValueError("cannot share")

    query = build(query_fn=answering("data"), structural_sharing=refuse)
    with pytest.raises(ValueError, match="cannot share"):
        await query.fetch()
    assert (query.state.status, query.state.data) == ("error", UNSET)
    assert caplog.text == ""


@pytest.mark.parity("QC-query-036")
async def test_server_mode_does_not_retry(key, answering, clock):
    """A cache for one request has no time for it."""
    fetch = answering(ValueError("failed"))
    async with QueryClient(clock=clock, is_server=True) as client:
        query = client.get_query_cache().build(client, QueryOptions(query_key=key, query_fn=fetch))
        with pytest.raises(ValueError, match="failed"):
            await query.fetch()
    assert len(fetch.calls) == 1


# -- pauses


@pytest.mark.parity("QC-query-003")
async def test_a_fetch_started_offline_waits_for_the_network(build, answering, clock, online, events):
    """Its function is called once, after the network came back."""
    # golden trace 2
    online.set_online(False)
    fetch = answering("data")
    query = build(query_fn=fetch)
    handle = query.fetch()
    await clock.advance(60)
    assert (query.state.fetch_status, fetch.calls) == ("paused", [])
    online.set_online(True)
    assert await handle == "data"
    assert len(fetch.calls) == 1
    assert events == ["added", "updated:fetch", "updated:pause", "updated:continue", "updated:success"]


async def test_offline_first_tries_once_and_then_waits_for_the_network(build, answering, clock, online, events):
    """The first attempt may find an answer without a network; the second will not."""
    # golden trace 3
    online.set_online(False)
    query = build(query_fn=answering(ValueError(), "data"), network_mode="offline_first")
    handle = query.fetch()
    await clock.advance(1)
    assert query.state.fetch_status == "paused"
    online.set_online(True)
    assert await handle == "data"
    assert events == [
        "added",
        "updated:fetch",
        "updated:failed",
        "updated:pause",
        "updated:continue",
        "updated:success",
    ]


@pytest.mark.parity("QC-query-002", "QX-009")
async def test_a_retry_waits_for_focus_and_a_first_attempt_does_not(build, answering, clock, focus):
    """Nobody is looking: what failed can wait, what was asked for cannot."""
    focus.set_focused(False)
    fetch = answering(ValueError(), ValueError(), "data")
    query = build(query_fn=fetch)
    handle = query.fetch()
    await clock.advance(60)
    assert (len(fetch.calls), query.state.fetch_status) == (1, "paused")
    focus.set_focused(True)
    await clock.advance(60)
    assert await handle == "data"
    assert len(fetch.calls) == 3


async def test_a_network_mode_of_always_does_not_look_at_the_network(build, answering, online):
    """For functions that need none."""
    online.set_online(False)
    assert await build(query_fn=answering("data"), network_mode="always").fetch() == "data"


# -- what no query may hold


@pytest.mark.parity("QX-026")
async def test_a_cancellation_that_comes_out_of_the_function_is_no_error_state(build):
    """Nobody cancelled the fetch, so it is undone; waiters get the cache's own error, caused by asyncio's."""
    calls = []

    async def query_fn(context):
        calls.append(1)
        raise asyncio.CancelledError("from inside")

    query = build(query_fn=query_fn)
    with pytest.raises(QueryCancelledError) as caught:
        await query.fetch()
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    assert (query.state.status, query.state.fetch_status, query.state.error) == ("pending", "idle", None)
    assert len(calls) == 1


async def test_a_cancelled_driver_undoes_its_fetch(client, build, answering):
    """A loop that shuts down cancels all tasks: that is no state of a query either."""
    query = build(query_fn=answering("data", after=1), initial_data="initial")
    handle = query.fetch()
    (task,) = client.environment._tasks
    task.cancel()
    assert await handle == "initial"
    assert (query.state.data, query.state.fetch_status) == ("initial", "idle")
    assert task.cancelled()


@pytest.mark.parametrize("after", [0, 1], ids=["at once", "later"])
async def test_a_failed_test_reaches_who_waits_and_is_no_state(build, answering, clock, after):
    """``pytest.fail`` in a query function is for the test, not for the cache, and is never retried."""
    fetch = answering(Failed("no such response"), after=after)
    query = build(query_fn=fetch, initial_data="initial")
    handles = [query.fetch(), query.fetch()]
    await clock.advance(after)
    for handle in handles:
        with pytest.raises(Failed, match="no such response"):
            await handle
    assert (query.state.status, query.state.fetch_status, query.state.error) == ("success", "idle", None)
    await clock.advance(60)
    assert len(fetch.calls) == 1


async def test_a_test_that_fails_in_a_listener_reaches_who_waits(client, build, answering, clock):
    """Nobody waits for ever because a listener did not like what it heard."""

    def refuse(event):
        if event_text(event) == "updated:success":
            pytest.fail("unexpected data")

    client.get_query_cache().subscribe(refuse)
    query = build(query_fn=answering("data", after=1))
    handle = query.fetch()
    await clock.advance(1)
    with pytest.raises(Failed, match="unexpected data"):
        await handle
    assert (query.state.fetch_status, query.promise) == ("idle", None)


async def test_a_test_that_fails_while_data_is_shared_undoes_the_fetch(build, answering, clock):
    """Nothing could be stored, and nothing is under way any more."""
    query = build(query_fn=answering("data", after=1), structural_sharing=lambda a, b: pytest.fail("unexpected data"))
    handle = query.fetch()
    await clock.advance(1)
    with pytest.raises(Failed, match="unexpected data"):
        await handle
    assert (query.state.status, query.state.fetch_status) == ("pending", "idle")


async def test_a_failed_test_that_nobody_awaits_is_not_lost(build, clock, reported):
    """Nothing in the cache tells of it, so asyncio's complaint is left standing."""
    build(query_fn=lambda context: pytest.fail("unseen")).fetch()
    await clock.advance(1)
    gc.collect()
    assert [str(context["exception"]) for context in reported] == ["unseen"]
    reported.clear()


def test_a_fetch_without_a_loop_is_refused_and_leaves_no_trace(build, answering):
    """The error says so, and the query is not left "fetching" for ever."""
    fetch = answering("data")
    query = build(query_fn=fetch)
    state = query.state
    with pytest.raises(LoopError, match=r"while no event loop runs. Start it from a coroutine"):
        query.fetch()
    assert query.state is state
    assert fetch.calls == []


async def test_the_cache_logs_nothing_of_a_good_fetch(build, answering, caplog):
    """Logs are for what is wrong."""
    caplog.set_level(logging.DEBUG, "query")
    await build(query_fn=answering("data")).fetch()
    assert caplog.records == []


@pytest.mark.usefixtures("told_of_lost_tasks")
def test_an_exit_in_a_listener_ends_the_program():
    """It is raised where the loop runs, and the fetch is not left under way."""
    client = QueryClient()

    def leave(event):
        if event_text(event) == "updated:success":
            sys.exit("from a listener")

    client.get_query_cache().subscribe(leave)

    async def main():
        await client.query(QueryOptions(query_key=["a"], query_fn=lambda context: "data"))

    with pytest.raises(SystemExit, match="from a listener"):
        asyncio.run(main())
    assert client.is_fetching() == 0
