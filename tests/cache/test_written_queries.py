"""Queries that a write makes: they are like any, though their states are made when somebody looks."""

from __future__ import annotations

import gc
import math
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import DefaultOptions, Query, QueryClient, QueryKey, QueryOptions
from query.base.options import NO_OPTIONS
from query.base.query_state import QueryState, fields_of
from query.cache.query_entry import Terms
from query.runtime.environment_manager import environment_manager


def content(query: Query[Any]) -> dict[str, object]:
    """What its slots hold, whatever they are called."""
    names = [name for kind in type(query).__mro__ for name in getattr(kind, "__slots__", ()) if name[:2] != "__"]
    assert len(names) > 10
    found = {name: getattr(query, name) for name in names if name not in ("_bucket", "_state", "_written_at")}
    return {**found, "_terms": structs.astuple(query._terms)}


@given(
    st.lists(st.tuples(st.integers(0, 9), st.none() | st.integers() | st.lists(st.integers(), max_size=2)), max_size=9),
    st.sampled_from([0, 7, math.inf]),
)
def test_they_are_like_those_made_in_full(writes: list[tuple[int, object]], gc_time: float) -> None:
    """In each of their places, in what their state says, and in when they are collected."""
    clock = VirtualClock()
    client = QueryClient(clock=clock, default_options=DefaultOptions(queries=QueryOptions(gc_time=gc_time)))
    states: dict[str, QueryState[Any]] = {}
    for number, data in writes:
        client.set_query_data([number], data)
        before = states.get(QueryKey(number).text)
        states[QueryKey(number).text] = QueryState(
            data=data,
            data_update_count=1 if before is None else before.data_update_count + 1,
            data_updated_at=clock.time(),
            status="success",
        )
    cache = client.get_query_cache()
    terms = Terms(client, cache, client.environment)
    assert [query.query_hash for query in cache.get_all()] == list(states)
    for query in cache.get_all():
        made = Query(terms, query._key, query.query_hash, query._options, NO_OPTIONS)
        assert content(query) == content(made)
        assert (query._bucket is None) == (made._bucket is None) == (gc_time == math.inf)
        assert fields_of(query.state) == fields_of(states[query.query_hash])


def test_the_state_is_one_object_for_all_who_look() -> None:
    """So that two looks can be told apart only if something changed."""
    client = QueryClient()
    for number in range(3):
        client.set_query_data([number], number)
    query = client.get_query_cache().get_all()[2]
    assert query.state is query.state is client.get_query_state([2])
    assert query.state.data == 2


def test_one_whose_data_is_a_state_shows_it_as_data() -> None:
    """Data is whatever people keep."""
    client, data = QueryClient(), QueryState(data=1)
    for number in range(3):
        client.set_query_data([number], data)
    states = [query.state for query in client.get_query_cache().get_all()]
    assert [state.data for state in states] == [data] * 3
    assert [state.status for state in states] == ["success"] * 3


def test_reading_the_data_makes_no_state() -> None:
    """It is the greater half of such a query."""
    client = QueryClient()
    for number in range(3):
        client.set_query_data([number], [number], updated_at=7.0)
    assert [client.get_query_data([number]) for number in range(3)] == [[0], [1], [2]]
    assert [query._written_at for query in client.get_query_cache().get_all()][1:] == [7.0, 7.0]


@pytest.mark.parametrize("looks", [False, True])
async def test_they_are_collected_whether_anybody_looked_or_not(clock: VirtualClock, looks: bool) -> None:
    """Not early, and all."""
    client = QueryClient(clock=clock, default_options=DefaultOptions(queries=QueryOptions(gc_time=10)))
    for number in range(3):
        client.set_query_data([number], number)
    cache = client.get_query_cache()
    assert [query.state.data for query in cache.get_all() if looks] == [0, 1, 2] * looks
    await clock.advance(9.9)
    assert len(cache.get_all()) == 3
    await clock.advance(0.2)
    assert cache.get_all() == []


def test_a_process_that_becomes_a_server_keeps_those_that_follow() -> None:
    """Each asks anew."""
    client = QueryClient()
    client.set_query_data([0], 0)
    client.set_query_data([1], 0)
    environment_manager.set_is_server(lambda: True)
    try:
        client.set_query_data([2], 0)
    finally:
        environment_manager.set_is_server(lambda: False)
    client.set_query_data([3], 0)
    assert [query.gc_time for query in client.get_query_cache().get_all()] == [300.0, 300.0, math.inf, 300.0]


def test_no_data_outlives_its_query() -> None:
    """What later ones are made after holds none."""

    class Data:
        pass

    client, datas = QueryClient(), [Data() for _ in range(3)]
    for number, data in enumerate(datas):
        client.set_query_data([number], data)
    watched = [weakref.ref(data) for data in datas]
    client.remove_queries([0])
    client.remove_queries([1])
    datas.clear()
    del data
    gc.collect()
    assert [data() is None for data in watched] == [True, True, False]


def test_two_clients_of_one_cache_write_queries_of_their_own() -> None:
    """A query belongs to the client that made it."""
    one = QueryClient()
    other = QueryClient(query_cache=one.get_query_cache())
    for number in range(4):
        (one, other)[number % 2].set_query_data([number], number)
    assert [query._terms.client for query in one.get_query_cache().get_all()] == [one, other, one, other]


def test_queries_of_a_client_share_what_they_were_made_with() -> None:
    """One reference for each, whether a write made it or somebody asked for it; after a clearing it is a new one."""
    client = QueryClient()
    cache = client.get_query_cache()
    client.set_query_data([0], 0)
    client.set_query_data([1], 1)
    cache.build(client, QueryOptions(query_key=[2]))
    first, *others = [query._terms for query in cache.get_all()]
    assert [other is first for other in others] == [True, True]
    client.clear()
    assert cache.build(client, QueryOptions(query_key=[0]))._terms is not first
