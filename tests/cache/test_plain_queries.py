"""Queries of plain options, which are made in one step: they are like those that are made in full."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import InfiniteQueryOptions, LoopError, Query, QueryClient, QueryOptions
from query.base.options import NO_OPTIONS
from query.base.query_state import INITIAL_STATE, QueryState, fields_of
from query.cache.query import are_plain
from query.cache.query_entry import Terms


def content(query: Query[Any]) -> dict[str, object]:
    """What its slots hold, whatever they are called."""
    names = [name for kind in type(query).__mro__ for name in getattr(kind, "__slots__", ()) if name[:2] != "__"]
    assert len(names) > 14
    found = {name: getattr(query, name) for name in names if name not in ("_bucket", "_terms")}
    found |= structs.asdict(query._terms)
    return {name: fields_of(value) if isinstance(value, QueryState) else value for name, value in found.items()}


STATES = [INITIAL_STATE, QueryState(data=1, status="success"), QueryState(fetch_status="fetching")]


@given(
    st.sampled_from([None, *STATES]),
    st.fixed_dictionaries(
        {},
        optional={
            "gc_time": st.sampled_from([0, 7, 300.0, math.inf, None]),
            "meta": st.just({"a": 1}),
            "initial_data": st.sampled_from([1, lambda: 2]),
            "query_hash": st.just("my hash"),
            "query_key_hash_fn": st.just(lambda key: "mine"),
        },
    ),
    st.booleans(),
    st.booleans(),
)
def test_they_are_like_those_made_in_full(
    state: QueryState[Any] | None, own: dict[str, Any], is_server: bool, has_pages: bool
) -> None:
    """In each of their places, in how they are found, and in when they are collected."""
    kind: Any = InfiniteQueryOptions if has_pages else QueryOptions
    options = kind(query_key=["a"], **own)
    client = QueryClient(clock=VirtualClock(), is_server=is_server)
    cache = client.get_query_cache()
    query = cache.build(client, options, state)
    terms = Terms(client, cache, client.environment)
    made: Query[Any] = Query(terms, query.query_key, query.query_hash, query._options, NO_OPTIONS, state)
    assert content(query) == content(made)
    assert (query._bucket is None) == (made._bucket is None) == (query.gc_time == math.inf)
    assert cache.find_all(["a"]) == cache.find_all() == [query]
    assert client.is_fetching() == (query.state.fetch_status == "fetching")


@pytest.mark.parametrize(
    "options",
    [
        QueryOptions(query_key=["a"], initial_data=1),
        QueryOptions(query_key=["a"], query_key_hash_fn=lambda key: "mine"),
        InfiniteQueryOptions(query_key=["a"]),
    ],
)
def test_what_asks_for_more_is_made_in_full(options: QueryOptions[Any, Any]) -> None:
    """Nothing else does."""
    assert not are_plain(options)
    assert are_plain(QueryOptions(query_key=["a"], gc_time=7, meta={"a": 1}, stale_time=lambda query: 5))


async def test_another_loop_makes_none(client: QueryClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is as it was."""
    monkeypatch.setattr(client.environment, "_loop", object())
    with pytest.raises(LoopError, match="another event loop"):
        client.get_query_cache().build(client, QueryOptions(query_key=["a"]))
    assert client.get_query_cache().get_all() == []
