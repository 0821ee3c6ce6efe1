"""Refetching through an observer, and what others do to its query."""

from __future__ import annotations

import asyncio
import gc
import math

import pytest
from client_fixtures import shown

from query import (
    MissingQueryFnError,
    QueryCancelledError,
    QueryFilters,
    skip_token,
)

Failed = pytest.fail.Exception


def reading_signal(answers):
    """A query function that heeds its signal: it reads it first, then answers."""

    def query_fn(context):
        assert not context.signal.aborted
        return answers(context)

    return query_fn


# -- refetching


async def test_a_refetch_delivers_the_result(observe, answering, clock):
    """Whether somebody is subscribed or not."""
    observer = observe(query_fn=answering("data", after=1))
    handle = observer.refetch()
    await clock.advance(1)
    assert shown(await handle) == ("success", "idle", "data")
    assert observer.get_current_result() is handle.result()


@pytest.mark.parity("QC-queryObserver-006")
@pytest.mark.parametrize("enabled", [False, lambda query: False])
async def test_a_disabled_observer_can_be_told_to_fetch(observe, answering, enabled):
    """It was meant."""
    result = await observe(query_fn=answering("data"), enabled=enabled).refetch()
    assert (result.data, result.is_enabled, result.is_stale) == ("data", False, False)


@pytest.mark.parity("QC-queryObserver-043")
async def test_a_failed_refetch_is_told_by_the_result(observe, answering):
    """Unless the caller wants it raised."""
    error = ValueError("failed")
    observer = observe(query_fn=answering(error), retry=False)
    result = await observer.refetch()
    assert (result.status, result.error) == ("error", error)
    with pytest.raises(ValueError, match="failed") as caught:
        await observer.refetch(throw_on_error=True)
    assert caught.value is error


async def test_a_refetch_with_skip_token_fails(observe):
    """There is nothing to fetch with."""
    result = await observe(query_fn=skip_token, retry=False).refetch()
    assert isinstance(result.error, MissingQueryFnError)


async def test_a_refetch_supersedes_what_is_under_way(client, key, observe, answering, clock):
    """Unless it is to join it."""
    client.set_query_data(key, "old")
    fetch = answering("first", "second", after=1)
    observer = observe(query_fn=fetch)
    handles = [observer.refetch(), observer.refetch(), observer.refetch(cancel_refetch=False)]
    await clock.advance(1)
    assert [handle.result().data for handle in handles] == ["second"] * 3
    assert len(fetch.calls) == 2


async def test_a_cancelled_refetch_is_told_by_the_result(client, key, observe, answering):
    """Or raised."""
    observer = observe(query_fn=answering("data", after=1))
    handles = [observer.refetch(), observer.refetch(throw_on_error=True)]
    client.cancel_queries()
    assert shown(await handles[0]) == ("pending", "idle", None)
    with pytest.raises(QueryCancelledError):
        await handles[1]


async def test_the_refetch_of_a_result_is_the_observers(observe, answering):
    """The same for good, so that it makes no result another."""
    observer = observe(query_fn=answering("data"))
    first = observer.get_current_result()
    assert shown(await first.refetch()) == ("success", "idle", "data")
    assert observer.get_current_result().refetch is first.refetch


@pytest.mark.parametrize("throw_on_error", [False, True])
async def test_a_failed_test_reaches_who_waits_for_a_refetch(observe, answering, clock, throw_on_error):
    """No result tells of it."""
    observer = observe(query_fn=answering(Failed("no such response"), after=1))
    handle = observer.refetch(throw_on_error=throw_on_error)
    await clock.advance(1)
    with pytest.raises(Failed, match="no such response"):
        await handle


async def test_a_failed_test_in_a_refetch_that_nobody_awaits_is_not_lost(observe, clock, reported):
    """asyncio's complaint is left standing."""
    observe(query_fn=lambda context: pytest.fail("unseen")).refetch()
    await clock.settle()
    gc.collect()
    assert {str(context["exception"]) for context in reported} == {"unseen"}
    reported.clear()


@pytest.mark.parity("QX-006")
async def test_who_awaits_a_refetch_is_a_user_of_the_fetch(observe, answering, clock):
    """The last subscriber's leaving does not take it away."""
    observer = observe(query_fn=reading_signal(answering("data", after=1)))
    unsubscribe = observer.subscribe(lambda result: None)
    waiter = asyncio.create_task(wait_for(observer.refetch()))
    await clock.settle()
    unsubscribe()
    await clock.advance(1)
    assert (await waiter).data == "data"


async def wait_for(handle):
    return await handle


# -- with others


@pytest.mark.parity("QC-queryObserver-008", "QC-queryObserver-009", "QC-queryObserver-010")
async def test_an_invalidation_refetches_for_an_enabled_observer(client, observe, watch, answering, clock):
    """And for one that is enabled by now, since it is asked each time."""
    switch = [False]
    fetch = answering("data")
    observer = observe(query_fn=fetch, enabled=lambda query: switch[0])
    watch(observer)
    await client.invalidate_queries()
    assert fetch.calls == []
    switch[0] = True
    await client.invalidate_queries()
    assert len(fetch.calls) == 1
    observer.destroy()
    await client.invalidate_queries()
    assert len(fetch.calls) == 1


@pytest.mark.parity("QC-queryObserver-007")
async def test_an_observer_that_was_enabled_while_unsubscribed_fetches_when_subscribed(observe, watch, answering):
    """Not before."""
    fetch = answering("data")
    observer = observe(query_fn=fetch, enabled=False)
    observer.set_options(observer.options.with_(enabled=True))
    assert fetch.calls == []
    watch(observer)
    assert len(fetch.calls) == 1


@pytest.mark.parity("QC-query-028")
@pytest.mark.parametrize("manager", ["focus", "online"])
async def test_stale_data_is_refetched_when_focus_or_network_comes_back(
    client, key, observe, watch, answering, clock, focus, online, manager
):
    """Once, however many observe it; fresh data is not."""
    turn = {"focus": focus.set_focused, "online": online.set_online}[manager]
    client.set_query_data(key, "old")
    fetch = answering("new")
    for _ in range(2):
        watch(observe(query_fn=fetch, stale_time=10))
    for seconds, calls in [(0, 0), (10, 1)]:
        await clock.advance(seconds)
        turn(False)
        turn(True)
        await clock.settle()
        assert len(fetch.calls) == calls


async def test_what_an_observer_wants_can_be_asked(client, key, observe):
    """By its own options."""
    client.set_query_data(key, "data")
    observer = observe(refetch_on_window_focus=False, refetch_on_reconnect="always", stale_time=100)
    assert observer.should_fetch_on_window_focus() is False
    assert observer.should_fetch_on_reconnect() is True


async def test_a_removed_query_is_made_anew_by_the_next_fetch(client, key, observe, watch, answering, clock):
    """Until then its observers show what they have."""
    observer = observe(query_fn=answering("first", "second"))
    watch(observer)
    await clock.settle()
    removed = observer.get_current_query()
    client.remove_queries(key)
    assert shown(observer.get_current_result()) == ("success", "idle", "first")
    result = await observer.refetch()
    assert result.data == "second"
    assert observer.get_current_query() is client.get_query_cache().find(QueryFilters(query_key=key))
    assert (removed.get_observers_count(), observer.get_current_query().get_observers_count()) == (0, 1)


async def test_a_reset_shows_the_loading_again(client, observe, watch, answering, clock):
    """As on the first day."""
    told = watch(observe(query_fn=answering("first", "second", after=1)))
    await clock.advance(1)
    told.clear()
    client.reset_queries()
    await clock.advance(1)
    assert [shown(result) for result in told] == [
        ("pending", "idle", None),
        ("pending", "fetching", None),
        ("success", "idle", "second"),
    ]


@pytest.mark.parity("QC-query-050")
async def test_a_result_counts_what_came_since_the_observer_looks(client, key, observe, watch, answering, clock):
    """Data and errors; what was there before, and late initial data, do not count."""
    client.set_query_data(key, "before")
    observer = observe(query_fn=answering("after"), initial_data="initial")
    result = observer.get_current_result()
    assert (result.is_fetched, result.is_fetched_after_mount) == (True, False)
    watch(observer)
    await clock.settle()
    assert observer.get_current_result().is_fetched_after_mount
    late = observe(query_key=[*key, "late"], enabled=False)
    late.set_options(late.options.with_(initial_data="late"))
    assert (late.get_current_result().data, late.get_current_result().is_fetched_after_mount) == ("late", False)


async def test_an_error_counts_as_fetched(observe, watch, answering, clock):
    """The result has its date and its count."""
    error = ValueError("failed")
    told = watch(observe(query_fn=answering(error), retry=1, retry_delay=1))
    await clock.advance(0.5)
    assert (told[-1].failure_count, told[-1].failure_reason, told[-1].status) == (1, error, "pending")
    await clock.advance(0.5)
    result = told[-1]
    assert (result.status, result.error, result.error_updated_at) == ("error", error, clock.time())
    assert (result.failure_count, result.error_update_count, result.is_fetched_after_mount) == (2, 1, True)


@pytest.mark.parametrize(
    "raised", [ValueError("from an option"), Failed("from an option")], ids=["error", "failed test"]
)
async def test_what_an_option_function_raises_after_a_refetch_reaches_who_waits(
    observe, answering, clock, reported, raised
):
    """Nobody waits for ever because of it."""

    def enabled(query):
        if query.state.status == "success":
            raise raised
        return True

    observer = observe(query_fn=answering("data", after=1), enabled=enabled)
    handle = observer.refetch()
    await clock.advance(1)
    with pytest.raises(type(raised), match="from an option"):
        await handle


@pytest.mark.parity("QC-query-038")
async def test_initial_data_of_the_year_dot_is_fresh_if_nothing_goes_stale(observe, watch, clock):
    """Its date of 0 is kept, and nothing is fetched; with a time to go stale it would be."""
    fetched = []
    for stale_time, calls in [(math.inf, 0), (10, 1)]:
        observer = observe(
            query_key=["initial", stale_time],
            query_fn=lambda context: fetched.append(1) or "fetched",
            initial_data="initial",
            initial_data_updated_at=0,
            stale_time=stale_time,
        )
        assert observer.get_current_result().data_updated_at == 0
        watch(observer)
        await clock.settle()
        assert len(fetched) == calls
