"""An observer and its query: subscribing, leaving, refetching, and what it shows meanwhile."""

from __future__ import annotations

import asyncio
import gc

import pytest

from query import (
    LoopError,
    MissingQueryFnError,
    OptionError,
    QueryCancelledError,
    QueryFilters,
    QueryObserver,
    QueryOptions,
    skip_token,
)

Failed = pytest.fail.Exception


def shown(result):
    """A result as (status, fetch_status, data)."""
    return (result.status, result.fetch_status, result.data)


def reading_signal(answers):
    """A query function that heeds its signal: it reads it first, then answers."""

    def query_fn(context):
        assert not context.signal.aborted
        return answers(context)

    return query_fn


@pytest.fixture
def observe(client, key):
    """Makes an observer of the key with some options."""
    return lambda **options: QueryObserver(client, QueryOptions(**{"query_key": key, **options}))


# -- making one


async def test_making_an_observer_creates_the_query_but_fetches_nothing(client, key, observe, answering, events):
    """Nobody is subscribed."""
    # QC-queryObserver-029, QC-queryObserver-042
    fetch = answering("data")
    observer = observe(query_fn=fetch)
    assert fetch.calls == []
    assert client.get_query_state(key).status == "pending"
    assert observer.get_current_query() is client.get_query_cache().find(query_key=key)
    assert observer.get_current_query().get_observers_count() == 0
    assert events == ["added", "observer_results_updated"]


def test_options_that_mean_no_query_are_refused(client):
    """Neither without a key, nor something else altogether."""
    with pytest.raises(OptionError, match="the options have no query_key"):
        QueryObserver(client, QueryOptions())
    with pytest.raises(OptionError, match=r"expected QueryOptions\(\.\.\.\)"):
        QueryObserver(client, ["a"])
    assert client.get_query_cache().get_all() == []


def test_a_flag_of_the_wrong_kind_is_refused(observe):
    """enabled is True, False, or a function."""
    # QC-queryObserver-041
    with pytest.raises(OptionError, match=r"enabled='yes' is a str; expected True, False, or a function"):
        observe(enabled="yes")


def test_the_first_result_shows_what_is_there(client, key, observe, clock):
    """All of it, before anybody subscribes."""
    client.set_query_data(key, "data")
    observer = observe(stale_time=10)
    result = observer.get_current_result()
    assert (result.status, result.data, result.has_data, result.data_updated_at) == (
        "success",
        "data",
        True,
        clock.time(),
    )
    assert (result.is_fetched, result.is_fetched_after_mount, result.is_stale, result.is_enabled) == (
        True,
        False,
        False,
        True,
    )
    assert (result.error, result.failure_count, result.failure_reason, result.error_update_count) == (None, 0, None, 0)
    assert observer.is_result_stale() is False
    assert repr(observer).endswith(": success/idle>")


def test_without_data_a_result_has_none(observe):
    """has_data tells it from None that is data."""
    result = observe().get_current_result()
    assert (result.data, result.has_data) == (None, False)


@pytest.mark.parametrize(("enabled", "answer"), [(True, True), (False, False), (lambda query: False, False)])
def test_a_result_says_whether_the_observer_is_enabled(observe, enabled, answer):
    """And it is by default."""
    # QC-queryObserver-069, QC-queryObserver-070
    assert observe(enabled=enabled).get_current_result().is_enabled is answer
    assert observe().get_current_result().is_enabled is True


# -- subscribing


async def test_the_first_subscriber_starts_the_fetch_inside_the_call(observe, answering, clock):
    """Even if it leaves right away, the data comes."""
    # QC-queryObserver-001
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch)
    unsubscribe = observer.subscribe(lambda result: None)
    assert len(fetch.calls) == 1
    unsubscribe()
    await clock.advance(1)
    assert observer.get_current_query().state.data == "data"


@pytest.mark.parametrize("plain", [False, True])
async def test_a_subscriber_sees_each_change(observe, watch, answering, clock, plain):
    """Loading, then the data; not what was there when it came."""
    # QC-queryObserver-002
    told = watch(observe(query_fn=(lambda context: "data") if plain else answering("data")))
    await clock.settle()
    assert [shown(result) for result in told] == [("pending", "fetching", None), ("success", "idle", "data")]


async def test_all_subscribers_of_one_observer_see_each_change(observe, watch, answering, clock):
    """Later ones start nothing."""
    # QC-queryObserver-032
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch)
    first, second = watch(observer), watch(observer)
    await clock.advance(1)
    assert [len(first), len(second), len(fetch.calls)] == [2, 1, 1]
    assert first[-1] is second[-1] is observer.get_current_result()


async def test_a_second_observer_joins_the_running_fetch(observe, watch, answering, clock):
    """Two observers of one key cause one request."""
    fetch = answering("data", after=1)
    told = [watch(observe(query_fn=fetch)) for _ in range(2)]
    await clock.advance(1)
    assert len(fetch.calls) == 1
    assert [shown(results[-1]) for results in told] == [("success", "idle", "data")] * 2


async def test_subscribing_to_fresh_data_shows_it_without_a_fetch(client, key, observe, watch):
    """It came after the observer was made."""
    # QC-queryObserver-003
    observer = observe(query_fn=lambda context: pytest.fail("fetched"), stale_time=100)
    client.set_query_data(key, "data")
    assert observer.get_current_result().data is None
    watch(observer)
    assert observer.get_current_result().data == "data"


async def test_a_disabled_observer_does_not_fetch(observe, watch, clock):
    """It shows what there is."""
    # QC-queryObserver-004, QC-queryObserver-027, QC-queryObserver-028
    for enabled in (False, lambda query: False):
        observer = observe(query_fn=lambda context: pytest.fail("fetched"), enabled=enabled)
        assert watch(observer) == []
        await clock.settle()
        assert shown(observer.get_current_result()) == ("pending", "idle", None)


async def test_an_observer_without_function_watches_what_others_fetch(client, key, observe, watch, answering, clock):
    """It sees their data."""
    # QC-queryObserver-030
    told = watch(observe(enabled=False))
    client.query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))
    await clock.advance(1)
    assert [shown(result) for result in told] == [("pending", "fetching", None), ("success", "idle", "data")]


async def test_an_observer_without_any_function_shows_the_error(observe, watch, clock):
    """It names the query and says what to do."""
    # QC-query-034
    told = watch(observe(retry=False))
    await clock.settle()
    assert told[-1].status == "error"
    assert isinstance(told[-1].error, MissingQueryFnError)
    assert told[-1].is_loading_error


async def test_a_function_of_the_keys_defaults_is_used(client, key, observe, watch, answering, clock):
    """As the observer has none of its own."""
    # QC-queryClient-005
    client.set_query_defaults(key, QueryOptions(query_fn=answering("default")))
    told = watch(observe())
    await clock.settle()
    assert told[-1].data == "default"


async def test_defaults_of_the_key_reach_the_observer(client, key, observe, watch):
    """It does not fetch."""
    # QC-queryClient-008
    client.set_query_defaults(key, QueryOptions(enabled=False))
    observer = observe(query_fn=lambda context: pytest.fail("fetched"))
    watch(observer)
    assert shown(observer.get_current_result()) == ("pending", "idle", None)


async def test_a_failed_first_load_may_be_left_alone(client, key, observe, watch, answering):
    """retry_on_mount=False: the error is shown."""
    # QC-queryObserver-064
    with pytest.raises(ValueError, match="failed"):
        await client.query(QueryOptions(query_key=key, query_fn=answering(ValueError("failed"))))
    observer = observe(query_fn=lambda context: pytest.fail("fetched"), retry_on_mount=False)
    watch(observer)
    assert observer.get_current_result().status == "error"


def test_subscribing_without_a_loop_is_refused(client, key, observe):
    """A fetch is needed, and there is nowhere to run it."""
    observer = observe(query_fn=lambda context: "data")
    with pytest.raises(LoopError, match="no event loop runs"):
        observer.subscribe(lambda result: None)
    assert client.get_query_state(key).fetch_status == "idle"


# -- leaving


async def test_the_number_of_observers_follows_their_subscriptions(observe):
    """Not how many listeners they have."""
    # QC-query-023
    observer = observe(enabled=False)
    query = observer.get_current_query()
    counts = []
    unsubscribes = []
    for heard in ([], []):
        unsubscribes.append(observer.subscribe(heard.append))
        counts.append(query.get_observers_count())
    for unsubscribe in unsubscribes:
        unsubscribe()
        counts.append(query.get_observers_count())
    assert counts == [1, 1, 1, 0]


async def test_an_unsubscribed_observer_keeps_its_last_result(observe, answering, clock):
    """It is up to date again when somebody subscribes, without a fetch if the data is fresh."""
    # QC-queryObserver-011
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch, stale_time=100)
    observer.subscribe(lambda result: None)()
    await clock.advance(1)
    assert shown(observer.get_current_result()) == ("pending", "fetching", None)
    unsubscribe = observer.subscribe(lambda result: None)
    assert shown(observer.get_current_result()) == ("success", "idle", "data")
    assert len(fetch.calls) == 1
    unsubscribe()


async def test_coming_back_during_a_fetch_shares_it(observe, answering, clock, watch):
    """Its function did not read the signal."""
    # QC-queryObserver-072
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch)
    observer.subscribe(lambda result: None)()
    told = watch(observer)
    await clock.advance(1)
    assert len(fetch.calls) == 1
    assert shown(told[-1]) == ("success", "idle", "data")


@pytest.mark.parametrize("after", [0, 1])
async def test_coming_back_to_a_cancelled_fetch_starts_another(observe, answering, clock, watch, after):
    """The function heeded its signal, so the first was given up."""
    # QC-queryObserver-073
    fetch = answering("data", after=after)
    observer = observe(query_fn=reading_signal(fetch))
    observer.subscribe(lambda result: None)()
    told = watch(observer)
    await clock.advance(after)
    assert len(fetch.calls) == 2
    assert shown(told[-1]) == ("success", "idle", "data")


async def test_a_subscriber_may_unsubscribe_others_and_itself(observe, answering, clock):
    """Those who are still subscribed hear of the change."""
    # QC-query-031
    heard, unsubscribes = [], []
    first, second, third = (observe(query_fn=answering("data", after=1)) for _ in range(3))

    def leave(result):
        heard.append("first")
        for unsubscribe in unsubscribes[:2]:
            unsubscribe()

    unsubscribes.append(first.subscribe(leave))
    unsubscribes.append(second.subscribe(lambda result: heard.append("second")))
    unsubscribes.append(third.subscribe(lambda result: heard.append("third")))
    heard.clear()
    await clock.advance(1)
    assert heard == ["first", "third"]
    unsubscribes[2]()


async def test_a_destroyed_observer_hears_no_more_and_may_begin_again(observe, answering, clock, watch):
    """All its listeners are dropped at once; a new one is told what happened meanwhile."""
    observer = observe(query_fn=answering("data"), stale_time=100)
    told = watch(observer)
    observer.destroy()
    await clock.settle()
    assert len(told) == 1
    assert not observer.has_listeners()
    again = watch(observer)
    assert [shown(result) for result in again] == [("success", "idle", "data")]


# -- refetching


async def test_a_refetch_delivers_the_result(observe, answering, clock):
    """Whether somebody is subscribed or not."""
    observer = observe(query_fn=answering("data", after=1))
    handle = observer.refetch()
    await clock.advance(1)
    assert shown(await handle) == ("success", "idle", "data")
    assert observer.get_current_result() is handle.result()


@pytest.mark.parametrize("enabled", [False, lambda query: False])
async def test_a_disabled_observer_can_be_told_to_fetch(observe, answering, enabled):
    """It was meant."""
    # QC-queryObserver-006
    result = await observe(query_fn=answering("data"), enabled=enabled).refetch()
    assert (result.data, result.is_enabled, result.is_stale) == ("data", False, False)


async def test_a_failed_refetch_is_told_by_the_result(observe, answering):
    """Unless the caller wants it raised."""
    # QC-queryObserver-043
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


async def test_who_awaits_a_refetch_is_a_user_of_the_fetch(observe, answering, clock):
    """The last subscriber's leaving does not take it away."""
    # QX-006
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


async def test_an_invalidation_refetches_for_an_enabled_observer(client, observe, watch, answering, clock):
    """And for one that is enabled by now, since it is asked each time."""
    # QC-queryObserver-008, QC-queryObserver-009, QC-queryObserver-010
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


async def test_an_observer_that_was_enabled_while_unsubscribed_fetches_when_subscribed(observe, watch, answering):
    """Not before."""
    # QC-queryObserver-007
    fetch = answering("data")
    observer = observe(query_fn=fetch, enabled=False)
    observer.set_options(observer.options.with_(enabled=True))
    assert fetch.calls == []
    watch(observer)
    assert len(fetch.calls) == 1


@pytest.mark.parametrize("manager", ["focus", "online"])
async def test_stale_data_is_refetched_when_focus_or_network_comes_back(
    client, key, observe, watch, answering, clock, focus, online, manager
):
    """Once, however many observe it; fresh data is not."""
    # QC-query-028
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


async def test_a_result_counts_what_came_since_the_observer_looks(client, key, observe, watch, answering, clock):
    """Data and errors; what was there before, and late initial data, do not count."""
    # QC-query-050
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
