"""Results that are made when somebody looks: looking sooner or later, or never, changes nothing."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import DefaultOptions, QueryClient, QueryObserver, QueryOptions
from query.base.query_state import INITIAL_STATE
from query.base.types import UNSET


def options_of(key, **fields):
    return QueryOptions(query_key=[key], query_fn=lambda context: "fetched", refetch_on_mount=False, **fields)


OPTIONS = [
    options_of("a", stale_time=math.inf),
    options_of("a", stale_time=math.inf, retry=1),
    options_of("b", stale_time=math.inf),
    options_of("a", stale_time=7),
    options_of("a", stale_time=math.inf, enabled=False),
    options_of("a", stale_time=math.inf, select=str),
    options_of("a", stale_time=math.inf, initial_data=5),
]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from("ab"), st.integers(0, 2)),
        st.tuples(st.just("mark"), st.sampled_from("ab")),
        st.tuples(st.just("reset"), st.sampled_from("ab")),
        st.tuples(st.just("remove"), st.sampled_from("ab")),
        st.tuples(st.just("options"), st.sampled_from(OPTIONS)),
        st.tuples(st.just("optimistic"), st.sampled_from(OPTIONS)),
        st.tuples(st.just("subscribe")),
        st.tuples(st.just("leave")),
        st.tuples(st.just("update")),
        st.tuples(st.just("wait")),
    ),
    max_size=12,
)


class World:
    """One client with one observer, which is looked at after each step or only at the end."""

    def __init__(self, first, looks):
        self.clock = VirtualClock(start=1000.0)
        self.client = QueryClient(clock=self.clock)
        self.client.set_query_data(["a"], 0)
        self.observer = QueryObserver(self.client, first)
        self.looks = looks
        self.told = []
        self.unsubscribe = None

    def shown(self):
        result = self.observer.get_current_result()
        assert result is self.observer.get_current_result()
        assert result.refetch == self.observer.refetch
        return type(result).__name__, {**structs.asdict(result), "refetch": None}

    def step(self, what, *how):
        client, observer = self.client, self.observer
        if what == "write":
            client.set_query_data([how[0]], how[1])
        elif what == "mark":
            client.invalidate_queries([how[0]], refetch_type="none")
        elif what == "reset" and (query := client.get_query_cache().find([how[0]])) is not None:
            query.set_state(**structs.asdict(INITIAL_STATE))
        elif what == "remove":
            client.remove_queries([how[0]])
        elif what == "options" and self.unsubscribe is None:
            observer.set_options(how[0])
        elif what == "optimistic":
            observer.get_optimistic_result(how[0])
        elif what == "subscribe" and self.unsubscribe is None:
            # a fetch would want a loop
            if observer.get_current_query().state.data is not UNSET:
                self.unsubscribe = observer.subscribe(lambda result: self.told.append((type(result), result.data)))
        elif what == "leave" and self.unsubscribe is not None:
            self.unsubscribe()
            self.unsubscribe = None
        elif what == "update":
            observer.update_result()
        elif what == "wait":
            self.clock.set_time(self.clock.time() + 5.0)
        return self.shown() if self.looks else None


@settings(deadline=None)
@given(first=st.sampled_from(OPTIONS), steps=steps)
def test_who_looks_after_each_step_sees_in_the_end_what_who_looks_then_sees(first, steps):
    """And is told the same on the way."""
    curious, patient = World(first, looks=True), World(first, looks=False)
    for step in steps:
        curious.step(*step)
        patient.step(*step)
    assert curious.shown() == patient.shown()
    assert curious.told == patient.told


def test_an_unseen_result_is_of_the_state_that_was_shown():
    """Without subscribers it stays as it was when the observer came."""
    client = QueryClient()
    client.set_query_data(["a"], "before", updated_at=5.0)
    observer = QueryObserver(client, options_of("a", stale_time=math.inf))
    client.set_query_data(["a"], "after", updated_at=6.0)
    client.invalidate_queries(["a"], refetch_type="none")
    result = observer.get_current_result()
    assert (result.data, result.data_updated_at, result.is_stale) == ("before", 5.0, False)


def test_an_observer_that_was_never_looked_at_holds_no_result():
    """It is the greater half of what an observer takes."""
    client = QueryClient()
    client.set_query_data(["a"], 1)
    observer = QueryObserver(client, options_of("a", stale_time=math.inf))
    observer.subscribe(lambda _: None)()
    assert observer._result is None
    assert observer.get_current_result() is observer._result


def test_what_options_come_to_is_remembered_by_defaults():
    """Other defaults make something else of the same options."""
    client, other = QueryClient(), QueryClient()
    other.set_default_options(DefaultOptions(queries=QueryOptions(enabled=False)))
    options = options_of("a", stale_time=math.inf)
    for _ in range(2):
        assert QueryObserver(client, options).get_current_result().is_enabled
        assert not QueryObserver(other, options).get_current_result().is_enabled
    client.set_default_options(DefaultOptions(queries=QueryOptions(enabled=False)))
    assert not QueryObserver(client, options).get_current_result().is_enabled
