"""Queries that an invalidation marks: they are like any, though their states are made when somebody looks."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import DefaultOptions, QueryClient, QueryOptions, dehydrate

steps = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.sampled_from([[], ["a"], ["a", 1], ["b"]])),
        st.tuples(st.just("mark exactly"), st.sampled_from([["a", 1], ["b", 0]])),
        st.tuples(st.just("write"), st.sampled_from([["a", 0], ["a", 1], ["b", 0]])),
        st.tuples(st.just("fetch"), st.sampled_from([["a", 0], ["a", 1], ["b", 0]])),
        st.tuples(st.just("start"), st.sampled_from([["a", 0], ["a", 1], ["b", 0]])),
        st.tuples(st.just("ensure"), st.sampled_from([["a", 0], ["b", 0]])),
        st.tuples(st.just("read"), st.sampled_from([["a", 0], ["b", 0]])),
        st.tuples(st.just("reset"), st.sampled_from([["a"], ["b"]])),
        st.tuples(st.just("cancel"), st.sampled_from([["a"], ["b"]])),
        st.tuples(st.just("find stale"), st.just([])),
        st.tuples(st.just("dehydrate"), st.just([])),
        st.tuples(st.just("wait"), st.just([])),
    ),
    max_size=14,
)


async def story(script: list[tuple[str, list[Any]]], looks: bool) -> list[object]:
    """What is seen of queries that are marked; with *looks*, somebody looks at all states after each step."""
    clock = VirtualClock(start=1000.0)
    client = QueryClient(clock=clock, default_options=DefaultOptions(queries=QueryOptions(gc_time=20)))
    seen: list[object] = []
    calls = [0]

    def options(key: list[Any]) -> QueryOptions[Any, Any]:
        async def load(_: object) -> int:
            calls[0] += 1
            await clock.sleep(3.0)
            return calls[0]

        return QueryOptions(query_key=key, query_fn=load, stale_time=60.0)

    for what, key in script:
        match what:
            case "mark":
                client.invalidate_queries(key)
            case "mark exactly":
                client.invalidate_queries(key, exact=True)
            case "write":
                client.set_query_data(key, len(seen))
            case "fetch":
                fetched = client.fetch_query(options(key))
                await clock.advance(4.0)
                seen.append(fetched.result() if fetched.done() else None)
            case "start":
                client.prefetch_query(options(key))
            case "ensure":
                client.ensure_query_data(options(key))
            case "read":
                seen.append(client.get_query_data(key))
            case "reset":
                client.reset_queries(key)
            case "cancel":
                client.cancel_queries(key)
            case "find stale":
                seen.append([query.query_hash for query in client.get_query_cache().find_all(stale=True)])
            case "dehydrate":
                seen.append(dehydrate(client))
            case _:
                await clock.advance(9.0)
        seen.append((what, calls[0], client.is_fetching()))
        if looks:
            for query in client.get_query_cache().get_all():
                assert query.state is query.state
    seen.append([(query.query_hash, structs.asdict(query.state)) for query in client.get_query_cache().get_all()])
    await client.aclose()
    return seen


@given(steps)
def test_nobody_can_tell_when_a_marked_state_is_made(script: list[tuple[str, list[Any]]]) -> None:
    """To look sooner or later changes nothing."""
    assert asyncio.run(story(script, looks=False)) == asyncio.run(story(script, looks=True))


async def test_data_that_is_marked_is_fetched_anew_and_still_read() -> None:
    """The answer of before counts no more, though nobody has looked at the state."""
    client, calls = QueryClient(), [0]

    def load(_: object) -> int:
        calls[0] += 1
        return calls[0]

    options = QueryOptions[Any, Any](query_key=["key"], query_fn=load, stale_time=60.0)
    assert await client.fetch_query(options) == 1
    assert await client.fetch_query(options) == 1
    await client.invalidate_queries(["key"])
    assert client.get_query_data(["key"]) == 1
    assert await client.fetch_query(options) == 2
    assert await client.fetch_query(options) == 2


@pytest.mark.parametrize("times", [1, 2])
def test_a_mark_is_seen_once(times: int) -> None:
    """Of what is marked already the state stays the same object."""
    client = QueryClient()
    client.set_query_data(["key"], 1)
    before = client.get_query_state(["key"])
    for _ in range(times):
        client.invalidate_queries(["key"])
    marked = client.get_query_cache().get_all()[0].state
    assert (before.is_invalidated, marked.is_invalidated) == (False, True)
    client.invalidate_queries(["key"])
    assert client.get_query_cache().get_all()[0].state is marked
