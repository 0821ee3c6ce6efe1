"""A query and its observers, its reactions to focus and network, and what is written to it."""

from __future__ import annotations

import pytest
from client_fixtures import FakeObserver, event_text
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import UNSET, QueryCancelledError, QueryClient, QueryKey, QueryOptions


@pytest.fixture
def observer(client):
    """An observer of the query."""
    return FakeObserver(client)


def reading_signal(answers, seen):
    """A query function that heeds its signal: it reads it first, then answers."""

    def query_fn(context):
        seen.append(context.signal)
        return answers(context)

    return query_fn


# -- observers


@given(st.lists(st.integers(0, 7), max_size=40))
def test_any_number_of_observers_come_and_go(toggled):
    """Their order is that in which they came, few or many; who is told at a change is who is subscribed."""
    client = QueryClient(clock=VirtualClock())
    query = client.get_query_cache().build(client, QueryOptions(query_key=("a",)))
    observers, naive = [FakeObserver(client) for _ in range(8)], []
    for number in toggled:
        if observers[number] in naive:
            naive.remove(observers[number])
            query.remove_observer(observers[number])
        else:
            naive.append(observers[number])
            query.add_observer(observers[number])
        assert query.observers == naive
    query.set_data("data", manual=True)
    assert [observer.updates for observer in observers] == [int(observer in naive) for observer in observers]


@pytest.mark.parametrize("count", [1, 9])
def test_who_leaves_while_the_others_are_told_is_still_told(build, client, count):
    """As is who comes meanwhile, but of the next change."""
    query = build()
    observers = [FakeObserver(client) for _ in range(count + 1)]
    late = observers.pop()
    for observer in observers:
        query.add_observer(observer)

    def swap():
        for observer in observers:
            query.remove_observer(observer)
        query.add_observer(late)

    observers[0].on_update = swap
    query.set_data("data", manual=True)
    assert [observer.updates for observer in (*observers, late)] == [1] * count + [0]


@pytest.mark.parity("QC-query-029")
def test_an_observer_subscribed_twice_counts_once(build, observer, events):
    """The second time is no news."""
    query = build()
    events.clear()
    query.add_observer(observer)
    query.add_observer(observer)
    assert query.get_observers_count() == 1
    assert events == ["observer_added"]


@pytest.mark.parity("QC-query-030")
def test_an_unknown_observer_is_unsubscribed_in_silence(build, observer, events):
    """No error, no event."""
    query = build()
    events.clear()
    query.remove_observer(observer)
    assert events == []


def test_all_observers_hear_of_a_change_and_the_cache_hears_last(client, build, events):
    """Observers come in the order in which they subscribed."""
    query = build()
    observers = [FakeObserver(client), FakeObserver(client)]
    for number, observer in enumerate(observers):
        observer.on_update = lambda number=number: events.append(f"observer {number}")
        query.add_observer(observer)
    events.clear()
    query.invalidate()
    assert events == ["observer 0", "observer 1", "updated:invalidate"]


@pytest.mark.parity("QC-query-031")
def test_an_observer_that_leaves_during_a_change_still_hears_of_it(client, build):
    """The list is taken when the change happens: nobody misses it because of somebody else."""
    query, first, second = build(), FakeObserver(client), FakeObserver(client)
    first.on_update = lambda: (query.remove_observer(first), query.remove_observer(second))
    query.add_observer(first)
    query.add_observer(second)
    query.invalidate()
    assert (first.updates, second.updates) == (1, 1)
    query.set_data("data", manual=True)
    assert (first.updates, second.updates) == (1, 1)


async def test_an_observer_that_raises_harms_nobody(client, build, answering, clock, reported):
    """The others are told, the fetch succeeds, and the error goes to the loop's handler."""
    query, first, second = build(query_fn=answering("data", after=1)), FakeObserver(client), FakeObserver(client)
    first.on_update = lambda: 1 / 0
    query.add_observer(first)
    query.add_observer(second)
    handle = query.fetch()
    await clock.advance(1)
    assert await handle == "data"
    assert second.updates == 2
    assert [type(context["exception"]) for context in reported] == [ZeroDivisionError] * 2
    reported.clear()


async def test_a_listener_that_raises_harms_nobody(client, build, answering, reported):
    """A good fetch stays one; the error goes to the loop's handler."""
    heard = []
    client.get_query_cache().subscribe(lambda event: 1 / 0)
    client.get_query_cache().subscribe(lambda event: heard.append(event_text(event)))
    assert await build(query_fn=answering("data")).fetch() == "data"
    assert heard == ["added", "updated:fetch", "updated:success"]
    assert len(reported) == 3
    reported.clear()


# -- the last observer leaves


@pytest.mark.parity("QC-query-008")
async def test_the_fetch_of_a_query_that_nobody_watches_any_more_may_finish(build, observer, answering, clock, events):
    """Its function did not read the signal, so its result is stored for the next one who comes."""
    query = build(query_fn=answering("data", after=1))
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert query.state.data == "data"
    assert events == ["added", "observer_added", "updated:fetch", "observer_removed", "updated:success"]


@pytest.mark.parity("QC-query-009")
async def test_a_fetch_that_heeds_its_signal_is_cancelled_when_the_last_observer_leaves(
    build, observer, answering, clock, events
):
    """The query goes back to what it was, at once, and the observer's leaving is told after that."""
    # golden trace 6
    signals = []
    query = build(query_fn=reading_signal(answering("data", after=1), signals))
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    assert (query.state.status, query.state.fetch_status, query.state.data) == ("pending", "idle", UNSET)
    assert signals[0].aborted
    assert events == ["added", "observer_added", "updated:fetch", "updated:set_state", "observer_removed"]
    await clock.advance(2)
    assert query.state.data is UNSET
    assert len(events) == 5


@pytest.mark.parity("QC-query-006")
async def test_a_refetch_that_is_cancelled_leaves_the_earlier_data(build, observer, answering, clock):
    """Who started it and does not wait yet gets the earlier data instead of an error."""
    query = build(query_fn=reading_signal(answering("new", after=1), []))
    query.set_data("old", manual=True)
    query.add_observer(observer)
    handle = query.fetch()
    query.remove_observer(observer)
    assert (query.state.data, query.state.fetch_status) == ("old", "idle")
    assert await handle == "old"


async def test_only_the_attempt_under_way_can_heed_the_signal(build, observer, answering, clock):
    """The first read it and failed; the second did not, so it may finish."""
    answers = answering(ValueError(), "data", after=1)

    def query_fn(context):
        if not answers.calls:
            assert not context.signal.aborted
        return answers(context)

    query = build(query_fn=query_fn, retry_delay=1)
    query.add_observer(observer)
    query.fetch()
    await clock.advance(2)
    query.remove_observer(observer)
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert query.state.data == "data"


async def test_cancel_when_unused_needs_no_signal(build, observer, answering):
    """For functions that cannot read it, the option says the same."""
    query = build(query_fn=answering("data", after=1), cancel_when_unused=True)
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    assert query.state.fetch_status == "idle"


@pytest.mark.parity("QC-query-005")
async def test_a_first_load_that_never_began_is_dropped(build, observer, answering, clock, online):
    """It waited for the network; when that comes back, nothing starts."""
    online.set_online(False)
    fetch = answering("data")
    query = build(query_fn=fetch)
    query.add_observer(observer)
    query.fetch()
    assert query.state.fetch_status == "paused"
    query.remove_observer(observer)
    assert (query.state.status, query.state.fetch_status) == ("pending", "idle")
    online.set_online(True)
    await clock.advance(1)
    assert fetch.calls == []


async def test_another_observer_keeps_the_fetch_going(client, build, observer, answering, clock):
    """Only the last one's leaving counts."""
    query = build(query_fn=reading_signal(answering("data", after=1), []))
    other = FakeObserver(client)
    query.add_observer(observer)
    query.add_observer(other)
    query.fetch()
    query.remove_observer(observer)
    await clock.advance(1)
    assert query.state.data == "data"
    query.remove_observer(other)


@pytest.mark.parity("QC-queryObserver-033")
async def test_no_attempt_follows_once_nobody_watches(build, observer, answering, clock):
    """The failure of the attempt under way is final."""
    fetch = answering(ValueError("failed"), after=1)
    query = build(query_fn=fetch)
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    await clock.advance(60)
    assert (query.state.status, query.state.fetch_failure_count, len(fetch.calls)) == ("error", 1, 1)


async def test_a_delay_under_way_is_sat_out_before_the_failure_is_final(build, observer, answering, clock):
    """Leaving during the wait for the next attempt: there will be none, and that is told when the wait is over."""
    fetch = answering(ValueError("failed"))
    query = build(query_fn=fetch, retry_delay=10)
    query.add_observer(observer)
    query.fetch()
    await clock.advance(5)
    query.remove_observer(observer)
    await clock.advance(4)
    assert (query.state.status, query.state.fetch_status) == ("pending", "fetching")
    await clock.advance(1)
    assert (query.state.status, len(fetch.calls)) == ("error", 1)


async def test_an_observer_that_comes_back_lets_the_retries_go_on(build, observer, answering, clock):
    """A new fetch joins the one under way and takes back that nobody wants more attempts."""
    fetch = answering(ValueError("failed"), "data", after=1)
    query = build(query_fn=fetch)
    query.add_observer(observer)
    query.fetch()
    query.remove_observer(observer)
    query.add_observer(observer)
    handle = query.fetch()
    await clock.advance(10)
    assert await handle == "data"
    assert len(fetch.calls) == 2
    query.remove_observer(observer)


def test_leaving_a_query_that_does_not_fetch_changes_nothing(build, observer):
    """There is nothing to cancel."""
    query = build(initial_data="data")
    state = query.state
    query.add_observer(observer)
    query.remove_observer(observer)
    assert query.state is state


# -- focus and network


@pytest.mark.parity("QC-query-028")
@pytest.mark.parametrize(("event", "wants"), [("on_focus", "wants_focus"), ("on_online", "wants_reconnect")])
def test_one_observer_that_wants_it_refetches(client, build, event, wants):
    """The first of them, however many there are; a fetch under way is joined."""
    query, observers = build(), [FakeObserver(client) for _ in range(3)]
    for observer in observers:
        query.add_observer(observer)
    getattr(query, event)()
    assert [observer.refetched for observer in observers] == [[], [], []]
    setattr(observers[1], wants, True)
    setattr(observers[2], wants, True)
    getattr(query, event)()
    assert [observer.refetched for observer in observers] == [[], [{"cancel_refetch": False}], []]


@pytest.mark.parametrize("event", ["on_focus", "on_online"])
async def test_a_paused_fetch_goes_on_if_it_may(build, answering, clock, online, event):
    """Either event wakes it, but only a network lets it go on."""
    online.set_online(False)
    query = build(query_fn=answering("data"))
    query.fetch()
    getattr(query, event)()
    await clock.settle()
    assert query.state.fetch_status == "paused"
    online._online = True  # without telling the client
    getattr(query, event)()
    await clock.settle()
    assert query.state.data == "data"


# -- writing


def test_a_write_is_a_success_of_now(build, clock):
    """It counts, is dated, and takes error and invalidation back."""
    query = build()
    query.set_state(error=ValueError(), status="error", is_invalidated=True, error_update_count=2)
    assert query.set_data("data", manual=True) == "data"
    state = query.state
    assert (state.status, state.data, state.data_update_count) == ("success", "data", 1)
    assert (state.data_updated_at, state.error, state.is_invalidated) == (clock.time(), None, False)
    assert state.error_update_count == 2


def test_a_write_may_be_dated_before_the_present_data(build):
    """The newer write wins, whatever its date says."""
    query = build()
    query.set_data("new", updated_at=100.0, manual=True)
    query.set_data("old", updated_at=50.0, manual=True)
    assert (query.state.data, query.state.data_updated_at) == ("old", 50.0)


@pytest.mark.parity("QC-queryClient-026")
async def test_a_write_during_a_fetch_leaves_the_fetch_alone(build, answering, clock):
    """It stays fetching, keeps its failures, and its result replaces what was written."""
    query = build(query_fn=answering(ValueError(), "fetched", after=1))
    query.fetch()
    await clock.advance(1)
    query.set_data("written", manual=True)
    state = query.state
    assert (state.data, state.fetch_status, state.fetch_failure_count) == ("written", "fetching", 1)
    await clock.advance(2)
    assert (query.state.data, query.state.fetch_failure_count) == ("fetched", 0)


def test_what_is_equal_stays_the_same_object(build):
    """Equal data is not replaced, and of changed data only what changed."""
    query = build()
    first = query.set_data({"same": [1], "other": [2]}, manual=True)
    assert query.set_data({"same": [1], "other": [2]}, manual=True) is first
    second = query.set_data({"same": [1], "other": [3]}, manual=True)
    assert second is not first
    assert second["same"] is first["same"]


@pytest.mark.parity("QC-queryClient-024")
def test_sharing_can_be_switched_off(build):
    """The new object itself is stored."""
    query = build(structural_sharing=False)
    query.set_data([1], manual=True)
    new = [1]
    assert query.set_data(new, manual=True) is new


@pytest.mark.parity("QC-queryClient-025")
def test_a_sharing_function_decides_what_is_stored(build):
    """It is called with the data before, UNSET at first, and the data after."""
    seen = []
    query = build(structural_sharing=lambda before, after: seen.append((before, after)) or f"{after}!")
    query.set_data("a", manual=True)
    assert query.set_data("b", manual=True) == "b!"
    assert seen == [(UNSET, "a"), ("a!", "b")]


def test_what_a_sharing_function_raises_is_the_writers(build):
    """Nothing is written then."""
    query = build(structural_sharing=lambda before, after: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        query.set_data("data", manual=True)
    assert query.state.data is UNSET


@pytest.mark.parity("QC-query-032")
def test_an_invalidated_query_is_not_invalidated_again(build, events):
    """The state object stays, and no event is sent."""
    query = build(initial_data="data")
    query.invalidate()
    state = query.state
    events.clear()
    query.invalidate()
    assert query.state is state
    assert events == []


# -- resetting


@pytest.mark.parity("QC-queryClient-141", "QC-queryClient-142")
def test_a_reset_goes_back_to_the_first_state(build, key):
    """Also to the initial data, if the options had any."""
    empty, filled = build(), build(query_key=[*key, "filled"], initial_data="initial")
    for query in (empty, filled):
        query.set_data("written", manual=True)
        query.invalidate()
        query.reset()
    assert (empty.state.status, empty.state.data) == ("pending", UNSET)
    assert (filled.state.status, filled.state.data, filled.state.is_invalidated) == ("success", "initial", False)


@pytest.mark.parity("QC-query-012")
async def test_a_reset_cancels_the_fetch(build, answering, clock):
    """Who waits is told so; the function is not called again, and no error is left."""
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    handle = query.fetch()
    query.reset()
    assert (query.state.status, query.state.fetch_status) == ("pending", "idle")
    with pytest.raises(QueryCancelledError):
        await handle
    await clock.advance(5)
    assert (query.state.data, query.state.error, len(fetch.calls)) == (UNSET, None, 1)


async def test_who_waits_is_handed_on_to_a_fetch_that_follows_a_reset_at_once(build, answering, clock):
    """It is the same question, asked anew."""
    query = build(query_fn=answering("first", "second", after=1))
    handle = query.fetch()
    query.reset()
    query.fetch()
    await clock.advance(1)
    assert await handle == "second"


def test_the_options_of_a_fetch_are_not_the_callers_object(build, key):
    """Options are frozen: what a query adds to them is its own copy."""
    options = QueryOptions(query_key=key, gc_time=7)
    query = build()
    query.set_options(options)
    assert query.gc_time == 300
    assert options.retry is UNSET


# -- its room


def test_queries_have_nothing_of_their_own_that_they_do_not_need(client):
    """A cache holds many: no dict of attributes, and one first state for all that have no data yet."""
    queries = [client.get_query_cache().build(client, QueryOptions(query_key=(name,))) for name in "ab"]
    assert not hasattr(queries[0], "__dict__")
    assert queries[0].state is queries[1].state


def test_a_written_query_has_its_key_when_somebody_asks(client):
    """The same each time; it is found by its beginning without that."""
    client.set_query_data(("a", {"b": [1]}), "data")
    (query,) = client.get_query_cache().find_all(("a",))
    assert query.parts_at_hand() == ("a", {"b": [1]})
    assert query.is_filed_by_text
    assert type(query._key) is bytes
    key = query.query_key
    assert (key, key.parts) == (QueryKey("a", {"b": [1]}), ("a", {"b": (1,)}))
    assert query.query_key is key
    assert query.parts_at_hand() == ("a", {"b": [1]})
