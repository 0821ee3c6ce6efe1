"""Results of observers that show data as it is: made the short way, the same as the long way would make them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import QueryClient, QueryObserver, QueryOptions, QueryResult
from query.base.query_state import QueryState
from query.base.types import UNSET
from query.observers.query_result import RESULT_CLASSES


class Thorough(QueryObserver):
    """Makes every result the long way."""

    _makes_plain_results = False


errors = st.sampled_from([None, ValueError("mine")])
counts = st.integers(0, 2)
states = st.builds(
    QueryState,
    data=st.sampled_from([UNSET, None, "data", {}]),
    data_update_count=counts,
    data_updated_at=st.sampled_from([0.0, 995.0, 1000.0, 2000.0]),
    error=errors,
    error_update_count=counts,
    error_updated_at=st.sampled_from([0.0, 999.0]),
    fetch_failure_count=counts,
    fetch_failure_reason=errors,
    is_invalidated=st.booleans(),
    status=st.sampled_from(["pending", "error", "success"]),
    fetch_status=st.sampled_from(["fetching", "paused", "idle"]),
)
options = st.fixed_dictionaries(
    {},
    optional={
        "stale_time": st.sampled_from([0.0, 5.0, 10.0, math.inf, "static", lambda query: 5.0]),
        "enabled": st.sampled_from([True, False, lambda query: True, lambda query: False, lambda query: None]),
    },
)


@settings(deadline=None)
@given(born=states, later=states, options=options)
def test_a_result_made_the_short_way_is_that_of_the_long_way(born, later, options):
    """Whatever the state was when the observer came, and is now; class by class and field by field."""
    client = QueryClient(clock=VirtualClock(start=1000.0))
    wanted = QueryOptions(query_key=["key"], **options)
    query = client.get_query_cache().build(client, wanted)
    query._state = born
    quick, thorough = QueryObserver(client, wanted), Thorough(client, wanted)
    for observer in (quick, thorough):
        query._state = later
        observer.update_result()
    one, other = quick.get_current_result(), thorough.get_current_result()
    assert type(one) is type(other)
    assert {**structs.asdict(one), "refetch": None} == {**structs.asdict(other), "refetch": None}
    assert one.refetch == quick.refetch


@settings(deadline=None)
@given(born=states, later=states, counts_then=st.tuples(counts, counts))
def test_a_result_that_a_change_makes_is_that_of_the_long_way(born, later, counts_then):
    """For an observer that is alone and told as plainly as can be: it makes it in place."""
    client = QueryClient(clock=VirtualClock(start=1000.0))
    wanted = QueryOptions(query_key=["key"], stale_time=math.inf, enabled=True, query_fn=lambda context: "data")
    query = client.get_query_cache().build(client, wanted)
    query._state, query._options = born, client.default_query_options(wanted)
    quick, thorough = QueryObserver(client, wanted), Thorough(client, wanted)
    with client.environment.notify_manager.batch():
        for observer in (quick, thorough):
            # no subscription, which fetches what is stale
            observer._listener = lambda result: None
            observer._data_updates_at_start, observer._error_updates_at_start = counts_then
            query._state = later
            observer.on_query_update()
    one, other = quick.get_current_result(), thorough.get_current_result()
    assert type(one) is type(other)
    assert {**structs.asdict(one), "refetch": None} == {**structs.asdict(other), "refetch": None}
    assert one.refetch == quick.refetch


@pytest.mark.parametrize("kind", list(dict.fromkeys(RESULT_CLASSES.values())), ids=lambda kind: kind.__name__)
def test_all_classes_of_results_have_the_same_fields_in_the_same_order(kind):
    """They are made by place, not by name."""
    assert kind.__struct_fields__ == QueryResult.__struct_fields__


async def test_a_subscription_finds_what_happened_while_nobody_listened(client, key, observe, watch):
    """A result of the same state is kept, that of another one is made anew."""
    client.set_query_data(key, "old")
    observer = observe(stale_time=math.inf)
    before = observer.get_current_result()
    watch(observer)
    assert observer.get_current_result() is before
    observer.destroy()
    client.set_query_data(key, "new")
    assert observer.get_current_result() is before
    told = watch(observer)
    assert [result.data for result in told] == ["new"]
