"""Cancelling a fetch: plainly, with a revert, in silence, and by removing the query."""

from __future__ import annotations

import asyncio
import gc

import pytest
from client_fixtures import FakeObserver

from query import UNSET, QueryCancelledError, is_cancelled_error
from query.base.query_state import fields_of


@pytest.mark.parity("QC-query-014")
async def test_a_plain_cancel_is_stored_as_the_error(build, answering, events):
    """Not at once: the error follows when the cancel is done."""
    query = build(query_fn=answering("data", after=1))
    handle = query.fetch()
    done = query.cancel()
    assert query.state.fetch_status == "fetching"
    await done
    assert (query.state.status, query.state.fetch_status) == ("error", "idle")
    assert is_cancelled_error(query.state.error)
    with pytest.raises(QueryCancelledError) as caught:
        await handle
    assert (caught.value.revert, caught.value.silent) == (False, False)
    assert events == ["added", "updated:fetch", "updated:error"]


@pytest.mark.parity("QC-query-014")
async def test_a_fetch_after_a_plain_cancel_works(build, answering, clock):
    """And clears the error."""
    query = build(query_fn=answering("first", "data", after=1))
    query.fetch()
    await query.cancel()
    handle = query.fetch()
    await clock.advance(1)
    assert await handle == "data"
    assert (query.state.status, query.state.error) == ("success", None)


@pytest.mark.parity("QC-query-010")
async def test_a_cancel_stops_the_function_and_fires_its_signal(build, clock):
    """The signal is alive before and fired after, its listeners hear it once, and the task ends."""
    heard, ended, signals = [], [], []

    async def query_fn(context):
        signals.append(context.signal)
        context.signal.add_listener(lambda: heard.append(context.signal.aborted))
        try:
            await clock.sleep(10)
        finally:
            ended.append(True)

    query = build(query_fn=query_fn)
    handle = query.fetch()
    assert not signals[0].aborted
    query.cancel()
    assert heard == [True]
    await query.cancel()
    with pytest.raises(QueryCancelledError):
        await handle
    assert (heard, ended) == ([True], [True])


async def test_a_signal_that_nobody_read_fires_too(build, answering):
    """Reading it decides what happens when observers leave, not whether it fires."""
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    query.fetch()
    await query.cancel(revert=True)
    assert fetch.calls[0][0].signal.aborted
    assert is_cancelled_error(fetch.calls[0][0].signal.reason)


@pytest.mark.parity("QC-query-011")
async def test_a_cancel_ends_the_retries(build, answering, clock):
    """Also the wait for the next one."""
    fetch = answering(ValueError())
    query = build(query_fn=fetch)
    handle = query.fetch()
    await clock.settle()
    query.cancel()
    with pytest.raises(QueryCancelledError):
        await handle
    await clock.advance(60)
    assert len(fetch.calls) == 1
    assert clock.pending() == [240]  # the collection of the query


@pytest.mark.parity("QC-queryClient-113")
async def test_a_cancel_with_revert_goes_back_at_once(build, answering, events):
    """In one step, to what was there before the fetch; who waits gets that data."""
    # golden trace 17
    query = build(query_fn=answering("new", after=1), initial_data="old")
    before = query.state
    handle = query.fetch()
    events.clear()
    done = query.cancel(revert=True)
    assert (query.state.data, query.state.fetch_status) == ("old", "idle")
    assert query.state.data_updated_at == before.data_updated_at
    await done
    assert await handle == "old"
    assert events == ["updated:set_state"]


@pytest.mark.parity("QC-queryClient-115")
async def test_a_reverted_first_load_leaves_nothing_to_get(build, answering):
    """Who waits gets the cancellation, but the state has no error."""
    query = build(query_fn=answering("data", after=1))
    handle = query.fetch()
    query.cancel(revert=True)
    with pytest.raises(QueryCancelledError):
        await handle
    assert (query.state.status, query.state.fetch_status, query.state.error) == ("pending", "idle", None)


@pytest.mark.parity("QX-007")
async def test_what_was_written_during_a_fetch_survives_a_revert(build, answering):
    """The write moved what there is to go back to; who waits gets what was written."""
    query = build(query_fn=answering("fetched", after=1))
    handle = query.fetch()
    query.set_data("written", manual=True)
    query.cancel(revert=True)
    assert (query.state.data, query.state.fetch_status) == ("written", "idle")
    assert await handle == "written"


async def test_a_revert_takes_back_what_happened_after_a_write(build, answering, clock):
    """The failures of the fetch since then too."""
    query = build(query_fn=answering(ValueError(), after=1))
    query.fetch()
    query.set_data("written", manual=True)
    await clock.advance(1)
    assert query.state.fetch_failure_count == 1
    await query.cancel(revert=True)
    assert (query.state.data, query.state.fetch_failure_count) == ("written", 0)


async def test_the_first_cancel_counts(build, answering):
    """A second one finds nothing left to cancel."""
    query = build(query_fn=answering("data", after=1), initial_data="initial")
    query.fetch()
    done = query.cancel()
    query.cancel(revert=True)
    assert query.state.fetch_status == "fetching"
    await done
    assert query.state.status == "error"


async def test_a_revert_of_a_superseding_fetch_is_idle(build, answering):
    """The state before it was fetching itself."""
    query = build(query_fn=answering("data", after=1), initial_data="initial")
    query.fetch()
    query.fetch(cancel_refetch=True)
    await query.cancel(revert=True)
    assert (query.state.data, query.state.fetch_status) == ("initial", "idle")


async def test_a_revert_brings_back_the_error_that_the_fetch_had_cleared(build, answering, clock):
    """The whole state from before, but for what was written meanwhile."""
    query = build(query_fn=answering(ValueError("before"), "data", after=1), retry=False)
    query.fetch()
    await clock.advance(1)
    before = query.state
    query.fetch()
    assert (query.state.status, query.state.error) == ("pending", None)
    await query.cancel(revert=True)
    assert fields_of(query.state) == fields_of(before)


async def test_a_silent_cancel_leaves_the_state_alone(build, answering, events):
    """It is for a newer fetch that takes over; without one, who waits is told."""
    query = build(query_fn=answering("data", after=1))
    handle = query.fetch()
    state = query.state
    await query.cancel(silent=True)
    assert query.state is state
    with pytest.raises(QueryCancelledError) as caught:
        await handle
    assert caught.value.silent
    assert events == ["added", "updated:fetch"]


@pytest.mark.parity("QC-query-015", "QC-query-016")
async def test_a_cancel_without_a_fetch_changes_nothing(build, answering):
    """Neither before, nor after a success, nor after a failure; it is done at once."""
    error = ValueError("failed")
    query = build(query_fn=answering("data", error), retry=False)
    assert query.cancel().done()
    await query.fetch()
    state = query.state
    await query.cancel(revert=True)
    assert query.state is state
    with pytest.raises(ValueError, match="failed"):
        await query.fetch()
    await query.cancel()
    assert query.state.error is error


async def test_the_parts_of_a_cancel_come_in_order(client, build, clock):
    """The outcome is there first, then the state is put back, then the signal fires, then the function is stopped."""
    order = []

    async def query_fn(context):
        context.signal.add_listener(lambda: order.append("signal"))
        try:
            await clock.sleep(10)
        except asyncio.CancelledError:
            order.append("stopped")
            raise

    query = build(query_fn=query_fn)
    query.fetch()
    client.get_query_cache().subscribe(lambda event: order.append((event.query.promise.done(), event.action.type)))
    await query.cancel(revert=True)
    assert order == [(True, "set_state"), "signal", "stopped"]


async def test_a_function_that_does_not_let_itself_be_stopped_is_not_listened_to(build, clock):
    """Its late result changes nothing."""

    async def query_fn(context):
        try:
            await clock.sleep(10)
        except asyncio.CancelledError:
            await clock.sleep(1)
        return "late"

    query = build(query_fn=query_fn)
    query.fetch()
    await query.cancel(revert=True)
    await clock.advance(1)
    assert (query.state.status, query.state.data) == ("pending", UNSET)


async def test_a_failure_while_being_stopped_is_not_listened_to(build, clock):
    """Nor is the error of its cleaning up."""

    async def query_fn(context):
        try:
            await clock.sleep(10)
        finally:
            raise ValueError("in the middle of cleaning up")

    query = build(query_fn=query_fn)
    query.fetch()
    await query.cancel(revert=True)
    await clock.settle()
    assert (query.state.status, query.state.error) == ("pending", None)


async def test_a_paused_fetch_can_be_cancelled(build, answering, clock, online, events):
    """When the network comes back, nothing happens any more."""
    # golden trace 4
    online.set_online(False)
    fetch = answering("data")
    query = build(query_fn=fetch)
    query.fetch()
    await query.cancel()
    online.set_online(True)
    await clock.advance(10)
    assert fetch.calls == []
    assert events == ["added", "updated:fetch", "updated:pause", "updated:error"]


@pytest.mark.parity("QC-query-004")
async def test_a_fetch_that_waits_for_focus_can_be_cancelled(build, answering, clock, focus):
    """Its waiters are told."""
    focus.set_focused(False)
    query = build(query_fn=answering(ValueError()))
    handle = query.fetch()
    await clock.advance(1)
    assert query.state.fetch_status == "paused"
    await query.cancel()
    with pytest.raises(QueryCancelledError):
        await handle


@pytest.mark.parity("QC-query-049")
async def test_a_fetch_that_follows_a_revert_at_once_is_not_undone_by_it(client, build, answering, clock):
    """The first caller is told of the cancel, the second gets the data."""
    query = build(query_fn=answering("first", "second", after=1), cancel_when_unused=True)
    first_observer, second_observer = FakeObserver(client), FakeObserver(client)
    query.add_observer(first_observer)
    first = query.fetch()
    query.remove_observer(first_observer)
    query.add_observer(second_observer)
    second = query.fetch()
    with pytest.raises(QueryCancelledError):
        await first
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert await second == "second"
    assert (query.state.status, query.state.data) == ("success", "second")


@pytest.mark.parametrize("outcome", ["data", ValueError("failed")], ids=["success", "failure"])
@pytest.mark.parametrize(
    ("how", "state"),
    [
        ("plain", ("error", "idle", "initial")),
        ("revert", ("success", "idle", "initial")),
        ("silent", ("success", "fetching", "initial")),
        ("reset", ("success", "idle", "initial")),
        ("remove", ("success", "fetching", "initial")),
    ],
)
async def test_a_fetch_can_be_cancelled_until_its_outcome_is_taken_in(
    client, build, answering, clock, outcome, how, state
):
    """Its function is done in the very step that starts it, but nobody was told: the cancel still comes in time."""
    fetch = answering(outcome)
    query = build(query_fn=fetch, initial_data="initial", retry=False)
    handle = query.fetch()
    assert query.promise.done()
    match how:
        case "reset":
            query.reset()
        case "remove":
            client.get_query_cache().remove(query)
        case _:
            query.cancel(revert=how == "revert", silent=how == "silent")
    await clock.settle()
    assert (query.state.status, query.state.fetch_status, query.state.data) == state
    assert fetch.calls[0][0].signal.aborted
    if how == "revert":
        assert await handle == "initial"
    else:
        with pytest.raises(QueryCancelledError):
            await handle


async def test_a_failed_test_is_not_cancelled_away(build, answering):
    """The waiters see it, however late the cancel tries."""
    query = build(query_fn=answering(pytest.fail.Exception("for the test")))
    handle = query.fetch()
    query.cancel(revert=True)
    with pytest.raises(pytest.fail.Exception, match="for the test"):
        await handle
    assert (query.state.status, query.state.fetch_status) == ("pending", "idle")


@pytest.mark.parametrize("how", [{"revert": True}, {"silent": True}, {}], ids=str)
async def test_the_cancellation_of_another_query_is_a_failure_like_any_other(build, answering, clock, how):
    """A function that waits for another query fails with it; its own query is not left "fetching"."""
    other = build(query_key=["other"], query_fn=answering("data", after=1))
    query = build(query_fn=lambda context: other.fetch(), retry=False)
    handle = query.fetch()
    await other.cancel(**how)
    with pytest.raises(QueryCancelledError) as caught:
        await handle
    assert (query.state.status, query.state.fetch_status) == ("error", "idle")
    assert query.state.error is caught.value


@pytest.mark.parity("QX-005")
async def test_a_removed_query_fails_its_waiters_and_tells_nothing_more(client, build, answering, clock, events):
    """The object that somebody may still hold stays as it was."""
    # golden trace 18
    query = build(query_fn=answering("data", after=1))
    handle = query.fetch()
    client.get_query_cache().remove(query)
    with pytest.raises(QueryCancelledError) as caught:
        await handle
    assert caught.value.silent
    await clock.advance(5)
    assert (query.state.status, query.state.fetch_status) == ("pending", "fetching")
    assert events == ["added", "updated:fetch", "removed"]


@pytest.mark.parity("QX-027")
@pytest.mark.parametrize("how", ["plain", "revert", "silent", "reset", "remove", "clear"])
async def test_no_way_of_cancelling_leaves_something_behind(client, build, answering, online, reported, how):
    """Neither a task nor a complaint that nobody looked, paused or not."""
    online.set_online(False)
    paused = build(query_key=["paused"], query_fn=answering("data"))
    running = build(query_key=["running"], query_fn=answering("data", after=1), network_mode="always")
    for query in (paused, running):
        query.fetch()
        match how:
            case "reset":
                query.reset()
            case "remove":
                client.get_query_cache().remove(query)
            case "clear":
                client.get_query_cache().clear()
            case _:
                query.cancel(revert=how == "revert", silent=how == "silent")
    await paused.cancel()
    await running.cancel()
    await asyncio.sleep(0)
    assert [line for line in client.leaks() if line.startswith("task")] == []
    gc.collect()
    assert reported == []
