"""An observer and its query: making one, subscribing, and leaving."""

from __future__ import annotations

import pytest
from client_fixtures import shown

from query import (
    LoopError,
    MissingQueryFnError,
    OptionError,
    QueryObserver,
    QueryOptions,
)
from query.observers.query_observer_base import QueryObserverBase


def reading_signal(answers):
    """A query function that heeds its signal: it reads it first, then answers."""

    def query_fn(context):
        assert not context.signal.aborted
        return answers(context)

    return query_fn


# -- making one


@pytest.mark.parity("QC-queryObserver-029", "QC-queryObserver-042")
async def test_making_an_observer_creates_the_query_but_fetches_nothing(client, key, observe, answering, events):
    """Nobody is subscribed."""
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


def test_an_observer_must_say_what_its_results_are(client, key):
    """The base knows what they hold, not their class."""
    with pytest.raises(NotImplementedError):
        QueryObserverBase(client, QueryOptions(query_key=key))


@pytest.mark.parity("QC-queryObserver-041")
def test_a_flag_of_the_wrong_kind_is_refused(observe):
    """enabled is True, False, or a function."""
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


@pytest.mark.parity("QC-queryObserver-069", "QC-queryObserver-070")
@pytest.mark.parametrize(("enabled", "answer"), [(True, True), (False, False), (lambda query: False, False)])
def test_a_result_says_whether_the_observer_is_enabled(observe, enabled, answer):
    """And it is by default."""
    assert observe(enabled=enabled).get_current_result().is_enabled is answer
    assert observe().get_current_result().is_enabled is True


# -- subscribing


@pytest.mark.parity("QC-queryObserver-001")
async def test_the_first_subscriber_starts_the_fetch_inside_the_call(observe, answering, clock):
    """Even if it leaves right away, the data comes."""
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch)
    unsubscribe = observer.subscribe(lambda result: None)
    assert len(fetch.calls) == 1
    unsubscribe()
    await clock.advance(1)
    assert observer.get_current_query().state.data == "data"


@pytest.mark.parity("QC-queryObserver-002")
@pytest.mark.parametrize("plain", [False, True])
async def test_a_subscriber_sees_each_change(observe, watch, answering, clock, plain):
    """Loading, then the data; not what was there when it came."""
    told = watch(observe(query_fn=(lambda context: "data") if plain else answering("data")))
    await clock.settle()
    assert [shown(result) for result in told] == [("pending", "fetching", None), ("success", "idle", "data")]


@pytest.mark.parity("QC-queryObserver-032")
async def test_all_subscribers_of_one_observer_see_each_change(observe, watch, answering, clock):
    """Later ones start nothing."""
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


@pytest.mark.parity("QC-queryObserver-003")
async def test_subscribing_to_fresh_data_shows_it_without_a_fetch(client, key, observe, watch):
    """It came after the observer was made."""
    observer = observe(query_fn=lambda context: pytest.fail("fetched"), stale_time=100)
    client.set_query_data(key, "data")
    assert observer.get_current_result().data is None
    watch(observer)
    assert observer.get_current_result().data == "data"


@pytest.mark.parity("QC-queryObserver-004", "QC-queryObserver-027", "QC-queryObserver-028")
async def test_a_disabled_observer_does_not_fetch(observe, watch, clock):
    """It shows what there is."""
    for enabled in (False, lambda query: False):
        observer = observe(query_fn=lambda context: pytest.fail("fetched"), enabled=enabled)
        assert watch(observer) == []
        await clock.settle()
        assert shown(observer.get_current_result()) == ("pending", "idle", None)


@pytest.mark.parity("QC-queryObserver-030")
async def test_an_observer_without_function_watches_what_others_fetch(client, key, observe, watch, answering, clock):
    """It sees their data."""
    told = watch(observe(enabled=False))
    client.query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))
    await clock.advance(1)
    assert [shown(result) for result in told] == [("pending", "fetching", None), ("success", "idle", "data")]


@pytest.mark.parity("QC-query-034")
async def test_an_observer_without_any_function_shows_the_error(observe, watch, clock):
    """It names the query and says what to do."""
    told = watch(observe(retry=False))
    await clock.settle()
    assert told[-1].status == "error"
    assert isinstance(told[-1].error, MissingQueryFnError)
    assert told[-1].is_loading_error


@pytest.mark.parity("QC-queryClient-005")
async def test_a_function_of_the_keys_defaults_is_used(client, key, observe, watch, answering, clock):
    """As the observer has none of its own."""
    client.set_query_defaults(key, QueryOptions(query_fn=answering("default")))
    told = watch(observe())
    await clock.settle()
    assert told[-1].data == "default"


@pytest.mark.parity("QC-queryClient-008")
async def test_defaults_of_the_key_reach_the_observer(client, key, observe, watch):
    """It does not fetch."""
    client.set_query_defaults(key, QueryOptions(enabled=False))
    observer = observe(query_fn=lambda context: pytest.fail("fetched"))
    watch(observer)
    assert shown(observer.get_current_result()) == ("pending", "idle", None)


@pytest.mark.parity("QC-queryObserver-064")
async def test_a_failed_first_load_may_be_left_alone(client, key, observe, watch, answering):
    """retry_on_mount=False: the error is shown."""
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


@pytest.mark.parity("QC-query-023")
async def test_the_number_of_observers_follows_their_subscriptions(observe):
    """Not how many listeners they have."""
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


@pytest.mark.parity("QC-queryObserver-011")
async def test_an_unsubscribed_observer_keeps_its_last_result(observe, answering, clock):
    """It is up to date again when somebody subscribes, without a fetch if the data is fresh."""
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch, stale_time=100)
    observer.subscribe(lambda result: None)()
    await clock.advance(1)
    assert shown(observer.get_current_result()) == ("pending", "fetching", None)
    unsubscribe = observer.subscribe(lambda result: None)
    assert shown(observer.get_current_result()) == ("success", "idle", "data")
    assert len(fetch.calls) == 1
    unsubscribe()


@pytest.mark.parity("QC-queryObserver-072")
async def test_coming_back_during_a_fetch_shares_it(observe, answering, clock, watch):
    """Its function did not read the signal."""
    fetch = answering("data", after=1)
    observer = observe(query_fn=fetch)
    observer.subscribe(lambda result: None)()
    told = watch(observer)
    await clock.advance(1)
    assert len(fetch.calls) == 1
    assert shown(told[-1]) == ("success", "idle", "data")


@pytest.mark.parity("QC-queryObserver-073")
@pytest.mark.parametrize("after", [0, 1])
async def test_coming_back_to_a_cancelled_fetch_starts_another(observe, answering, clock, watch, after):
    """The function heeded its signal, so the first was given up."""
    fetch = answering("data", after=after)
    observer = observe(query_fn=reading_signal(fetch))
    observer.subscribe(lambda result: None)()
    told = watch(observer)
    await clock.advance(after)
    assert len(fetch.calls) == 2
    assert shown(told[-1]) == ("success", "idle", "data")


@pytest.mark.parity("QC-query-031")
async def test_a_subscriber_may_unsubscribe_others_and_itself(observe, answering, clock):
    """Those who are still subscribed hear of the change."""
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


async def test_many_listeners_of_one_observer_are_told_in_order_and_may_leave(client, key, observe):
    """However many: few are kept in another way than many."""
    observer, told = observe(enabled=False), []
    listeners = [lambda result, number=number: told.append(number) for number in range(12)]
    leave = [observer.subscribe(listener) for listener in listeners]
    observer.subscribe(listeners[3])
    for count in (12, 9, 5, 1):
        told.clear()
        for unsubscribe in leave[count:]:
            unsubscribe()
            unsubscribe()
        client.set_query_data(key, count)
        assert told == list(range(count))
    leave[0]()
    assert not observer.has_listeners()
    assert observer.get_current_query().observers == []
