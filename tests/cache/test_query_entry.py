"""What a query is: its first state, its options, and the questions that can be asked of it."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from client_fixtures import FakeObserver
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import UNSET, QueryCache, QueryClient, QueryKey, QueryOptions, QueryState, skip_token
from query.base.query_state import fields_of
from query.cache.query_entry import QueryEntry, Terms


class Model:
    """Data that can be called: a class is a value, not a function that makes one."""


# -- the first state


def test_a_query_without_initial_data_is_born_pending_and_idle(build):
    """Nothing is known, and nothing runs."""
    assert fields_of(build().state) == {
        "data": UNSET,
        "data_update_count": 0,
        "data_updated_at": 0.0,
        "error": None,
        "error_update_count": 0,
        "error_updated_at": 0.0,
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
        "fetch_meta": None,
        "is_invalidated": False,
        "status": "pending",
        "fetch_status": "idle",
    }


@pytest.mark.parametrize("data", [None, 0, "", [], {"a": 1}], ids=repr)
def test_initial_data_is_a_success_from_now_that_counts_as_no_update(build, clock, data):
    """None and other empty values are data like any other."""
    state = build(initial_data=data).state
    assert (state.status, state.data, state.data_updated_at) == ("success", data, clock.time())
    assert state.data_update_count == 0


@pytest.mark.parity("QC-query-047")
def test_a_function_of_initial_data_is_called_once(build):
    """It is called when the query is made, not when somebody asks for it again."""
    calls = []
    for _ in range(3):
        assert build(initial_data=lambda: calls.append(1) or "made").state.data == "made"
    assert len(calls) == 1


def test_a_function_of_initial_data_may_have_none(build):
    """UNSET from it is as if it had not been given."""
    assert build(initial_data=lambda: UNSET).state.status == "pending"


def test_a_class_as_initial_data_is_data(build):
    """Only functions, methods, builtins and partials are called: cached data may be callable itself."""
    assert build(initial_data=Model).state.data is Model


@pytest.mark.parity("QC-query-037")
@pytest.mark.parametrize(
    "given_at", [0, 10.5, lambda: 10.5, lambda: 0], ids=["zero", "number", "function", "function of zero"]
)
def test_initial_data_can_be_dated(build, given_at):
    """A number, or a function of it; 0 is an instant and not "not given"."""
    wanted = given_at() if callable(given_at) else given_at
    assert build(initial_data="old", initial_data_updated_at=given_at).state.data_updated_at == wanted


def test_a_date_function_that_returns_none_means_now(build, clock):
    """None is "not given", also from a function."""
    assert build(initial_data="new", initial_data_updated_at=lambda: None).state.data_updated_at == clock.time()


def test_the_date_is_not_asked_for_without_initial_data(build):
    """A function of the date is called only for data that it could date."""
    build(initial_data_updated_at=lambda: pytest.fail("asked"))


@pytest.mark.parity("QC-query-013")
def test_a_given_state_is_used_as_it_is_and_a_reset_forgets_it(client, key):
    """What was stored elsewhere is taken over; a reset goes back to what the options say."""
    state = QueryState(data="stored", status="success", data_updated_at=5.0)
    query = client.get_query_cache().build(client, QueryOptions(query_key=key), state)
    assert query.state is state
    query.reset()
    assert (query.state.status, query.state.data) == ("pending", UNSET)
    assert fields_of(query.state) == fields_of(query.reset_state)


# -- what it is


@pytest.mark.parity("QC-query-024")
def test_meta_is_kept_by_identity(build):
    """Callbacks find the very dict that the options attached."""
    meta = {"from": "options"}
    query = build(meta=meta)
    assert query.meta is meta
    assert query.options.meta is meta


@pytest.mark.parity("QC-query-026")
def test_meta_inherits_from_the_defaults_of_the_key(client, key, build):
    """What is registered for the key's beginning reaches the query."""
    client.set_query_defaults(key, QueryOptions(meta={"from": "defaults"}))
    assert build().meta == {"from": "defaults"}


@pytest.mark.parity("QC-query-025")
def test_an_explicit_none_clears_meta_and_an_absent_one_inherits(client, key, build):
    """None says "none"; leaving it out says "whatever the defaults say"."""
    client.set_query_defaults(key, QueryOptions(meta={"from": "defaults"}))
    query = build(meta={"from": "options"})
    query.set_options(QueryOptions(query_key=key))
    assert query.meta == {"from": "defaults"}
    query.set_options(QueryOptions(query_key=key, meta=None))
    assert query.meta is None


def test_the_hash_of_a_key_follows_the_querys_own_hash_function(build, key):
    """Two keys that its function calls equal are one entry."""
    assert build().hash_of(QueryKey("other")) == '["other"]'
    query = build(query_key=[*key, "own"], query_key_hash_fn=lambda k: f"{len(k)} parts")
    assert query.query_hash == "3 parts"
    assert query.hash_of(QueryKey("other")) == "1 parts"


def test_observers_are_listed_in_the_order_of_their_coming(client, build):
    """The list is a copy: changing it changes nothing."""
    query, first, second = build(), FakeObserver(client), FakeObserver(client)
    query.add_observer(first)
    query.add_observer(second)
    query.observers.clear()
    assert query.observers == [first, second]
    assert query.get_observers_count() == 2


@pytest.mark.parametrize(
    ("enabled", "active"),
    [
        (UNSET, True),
        (None, True),
        (True, True),
        (False, False),
        (lambda query: True, True),
        (lambda query: False, False),
        (lambda query: None, True),
    ],
)
def test_a_query_is_active_if_an_observer_is_enabled(client, build, enabled, active):
    """Only a plain False disables, from a function as well."""
    query = build()
    assert not query.is_active()
    query.add_observer(FakeObserver(client, enabled=enabled))
    assert query.is_active() is active
    assert query.is_disabled() is not active


def test_enabled_is_asked_each_time_with_the_query(client, build):
    """Nothing watches what a function reads: its present answer counts."""
    asked, switch = [], [False]
    query = build()
    query.add_observer(FakeObserver(client, enabled=lambda q: asked.append(q) or switch[0]))
    assert not query.is_active()
    switch[0] = True
    assert query.is_active()
    assert asked == [query, query]


def test_one_enabled_observer_is_enough(client, build):
    """A disabled one beside it changes nothing."""
    query = build()
    query.add_observer(FakeObserver(client, enabled=False))
    query.add_observer(FakeObserver(client))
    assert query.is_active()


def test_without_observers_a_query_is_disabled_until_it_was_fetched(build):
    """What nobody ever asked for is not refetched by a sweep over the cache."""
    query = build()
    assert query.is_disabled()
    query.set_data("written", manual=True)
    assert not query.is_disabled()


def test_skip_token_disables_a_query_without_observers(build):
    """Also one that has data: it has nothing to fetch with."""
    query = build(query_fn=skip_token, initial_data="data")
    query.set_data("written", manual=True)
    assert query.is_disabled()


def test_a_query_counts_as_fetched_once_data_or_an_error_came_in(build, key):
    """A write counts, initial data does not."""
    query = build(initial_data="initial")
    assert not query.is_fetched()
    query.set_data("written", manual=True)
    assert query.is_fetched()
    failed = build(query_key=[*key, "failed"])
    failed.set_state(error_update_count=1)
    assert failed.is_fetched()


def test_a_query_is_static_with_data_and_an_observer_that_says_so(client, build):
    """Without data there is nothing that could stay as it is, without observers nobody who says so."""
    query = build()
    query.add_observer(FakeObserver(client, stale_time=5))
    query.add_observer(FakeObserver(client, stale_time=lambda query: "static"))
    assert not query.is_static()
    query.set_data("data", manual=True)
    assert query.is_static()
    query.remove_observer(query.observers[1])
    assert not query.is_static()
    query.remove_observer(query.observers[0])
    assert not query.is_static()


# -- staleness


def test_with_observers_a_query_is_stale_if_one_of_their_results_is(client, build):
    """Their results count, not the state."""
    query, observer = build(), FakeObserver(client)
    query.add_observer(observer)
    query.add_observer(FakeObserver(client))
    assert not query.is_stale()
    observer.stale = True
    assert query.is_stale()


def test_without_observers_a_query_is_stale_without_data_or_after_an_invalidation(build, clock):
    """Age plays no role while nobody says how old is too old."""
    query = build()
    assert query.is_stale()
    query.set_data("data", updated_at=clock.time() - 1e6, manual=True)
    assert not query.is_stale()
    query.invalidate()
    assert query.is_stale()


@pytest.mark.parametrize("stale_time", [0.0, 10.0, math.inf, "static"])
def test_no_data_is_stale_whatever_the_time(build, stale_time):
    """There is nothing that could be fresh."""
    assert build().is_stale_by_time(stale_time)


@pytest.mark.parametrize(
    ("stale_time", "stale"),
    [(0.0, True), (9.0, True), (10.0, True), (10.000001, False), (math.inf, False), ("static", False)],
)
def test_data_is_stale_from_its_stale_time_on(build, clock, stale_time, stale):
    """Data of exactly that age is stale; a timedelta says the same as seconds."""
    query = build(initial_data="data", initial_data_updated_at=clock.time() - 10)
    assert query.is_stale_by_time(stale_time) is stale
    if isinstance(stale_time, float) and stale_time < math.inf:
        assert query.is_stale_by_time(timedelta(seconds=stale_time)) is stale


@pytest.mark.parametrize(("stale_time", "stale"), [(10.0, True), (math.inf, True), ("static", False)])
def test_invalidated_data_is_stale_unless_static(build, stale_time, stale):
    """An invalidation outweighs every age."""
    query = build(initial_data="data")
    query.invalidate()
    assert query.is_stale_by_time(stale_time) is stale


def test_the_default_stale_time_is_zero(build):
    """Data is stale the moment it is there."""
    assert build(initial_data="data").is_stale_by_time()


@given(
    updated_at=st.integers(0, 4_000_000_000_000_000),
    stale_time=st.integers(0, 100_000_000_000_000),
    early=st.integers(1, 1_000_000),
)
def test_staleness_begins_at_the_very_microsecond(updated_at, stale_time, early):
    """At the deadline data is stale, a microsecond before it is not: no dust of float arithmetic."""
    deadline = (updated_at + stale_time) / 1e6
    clock = VirtualClock(deadline)
    client = QueryClient(clock=clock)
    query = client.get_query_cache().build(
        client, QueryOptions(query_key=["a"], initial_data=1, initial_data_updated_at=updated_at / 1e6)
    )
    assert query.is_stale_by_time(stale_time / 1e6)
    assert query.time_until_stale(stale_time / 1e6) == 0
    clock.set_time((updated_at + stale_time - early) / 1e6)
    assert not query.is_stale_by_time(stale_time / 1e6)
    assert query.time_until_stale(stale_time / 1e6) == early / 1e6


def test_the_time_left_is_never_negative_and_may_be_endless(build, clock):
    """Old data has no time left; data that is never stale has all of it."""
    query = build(initial_data="data", initial_data_updated_at=clock.time() - 10)
    assert query.time_until_stale(3.0) == 0
    assert query.time_until_stale(13.0) == 3.0
    assert query.time_until_stale(math.inf) == math.inf


# -- options


def test_new_options_replace_the_former_as_a_whole(build, key):
    """What the newer ones leave out does not stay behind."""
    query = build(retry=False, meta={"a": 1})
    query.set_options(QueryOptions(query_key=key, retry_delay=2))
    assert (query.options.retry, query.options.retry_delay, query.meta) == (UNSET, 2, None)


def test_options_lie_on_the_defaults_of_the_time_of_birth(client, build, key):
    """Defaults that are registered later do not reach a query that is there."""
    client.set_query_defaults(key, QueryOptions(retry=7))
    query = build()
    client.set_query_defaults(key, QueryOptions(retry=8))
    query.set_options(QueryOptions(query_key=key))
    assert query.options.retry == 7


@pytest.mark.parity("QC-query-048", "QC-query-050")
def test_late_initial_data_fills_a_query_without_data(build, key, clock, events):
    """It dates the data, clears the error, counts as no update, and is what a reset goes back to."""
    query = build()
    query.set_state(error=ValueError(), status="error", is_invalidated=True)
    events.clear()
    query.set_options(QueryOptions(query_key=key, initial_data="late", initial_data_updated_at=5.0))
    state = query.state
    assert (state.status, state.data, state.data_updated_at, state.data_update_count) == ("success", "late", 5.0, 0)
    assert (state.error, state.is_invalidated) == (None, False)
    assert events == ["updated:set_state"]
    query.set_data("written", manual=True)
    query.reset()
    assert query.state.data == "late"


@pytest.mark.parity("QC-query-048")
async def test_late_initial_data_leaves_the_running_fetch_alone(build, key, answering, clock):
    """The fetch goes on and its result replaces the initial data."""
    query = build(query_fn=answering("fetched", after=1))
    handle = query.fetch()
    query.set_options(QueryOptions(query_key=key, query_fn=query.options.query_fn, initial_data="late"))
    assert (query.state.data, query.state.fetch_status) == ("late", "fetching")
    await clock.advance(1)
    assert await handle == "fetched"
    assert (query.state.data, query.state.data_update_count) == ("fetched", 1)


def test_late_initial_data_is_asked_for_as_long_as_there_is_none(build, key):
    """A function is called at every change of options, and no more once there is data."""
    answers = [UNSET, UNSET, "third", "fourth"]
    query = build(initial_data=lambda: answers.pop(0))
    for _ in range(4):
        query.set_options(QueryOptions(query_key=key, initial_data=lambda: answers.pop(0)))
    assert query.state.data == "third"
    assert answers == ["fourth"]


def test_set_state_overwrites_fields_in_one_event(build, events):
    """For persistence and devtools: the other fields stay."""
    query = build(initial_data="data")
    events.clear()
    query.set_state(is_invalidated=True, data_updated_at=3.0)
    assert (query.state.data, query.state.is_invalidated, query.state.data_updated_at) == ("data", True, 3.0)
    assert events == ["updated:set_state"]


def test_set_state_refuses_a_field_that_does_not_exist(build):
    """A misspelt name would otherwise be lost without a word."""
    with pytest.raises(TypeError, match="is_stale"):
        build().set_state(is_stale=True)


def test_the_lasting_part_alone_cannot_change(client, key):
    """Taking an action in is what ``Query`` adds to it."""
    options = client.default_query_options(QueryOptions(query_key=key))
    entry = QueryEntry(
        terms=Terms(client, QueryCache(), client.environment),
        query_key=options.query_key,
        query_hash="hash",
        options=options,
        default_options=QueryOptions(),
    )
    with pytest.raises(NotImplementedError):
        entry.set_state(is_invalidated=True)


def test_a_query_shows_its_hash_and_state(build):
    """For messages and the debugger."""
    query = build(query_hash="some hash")
    assert repr(query) == "<Query some hash pending/idle>"
