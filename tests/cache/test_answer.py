"""The answers of queries: they go with the state."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import QueryClient, QueryObserver, QueryOptions, dehydrate, hydrate

KEYS = [["a"], ["a", 1], ["b"]]
STEPS = [
    *("write", "write the same", "set a state", "invalidate", "invalidate exactly", "refetch", "reset", "cancel"),
    *("fetch", "fail", "begin", "hydrate", "watch", "wait"),
]


async def load(_: object) -> str:
    return "fetched"


async def fail(_: object) -> str:
    raise ValueError("no")


async def play(steps: list[tuple[str, list[Any]]], listens: bool, notes: bool) -> None:
    """Do these, and look at the answers after each, and after all have been asked."""
    clock = VirtualClock()
    client = QueryClient(clock=clock)
    cache = client.get_query_cache()
    if listens:
        cache.subscribe(lambda _: None)
    if notes:
        cache.note_for(lambda _: None)

    async def slowly(_: object) -> str:
        await clock.sleep(2)
        return "late"

    leave: list[Any] = []
    for what, key in steps:
        match what:
            case "write" | "write the same":
                client.set_query_data(key, ["written"] if what == "write" else client.get_query_data(key) or 1)
            case "set a state":
                for query in cache.find_all(key):
                    query.set_state(fetch_failure_count=0)
            case "invalidate":
                client.invalidate_queries(key)
            case "invalidate exactly":
                client.invalidate_queries(key, exact=True)
            case "refetch":
                client.refetch_queries(key)
            case "reset":
                client.reset_queries(key)
            case "cancel":
                client.cancel_queries(key)
            case "fetch" | "fail":
                client.prefetch_query(query_key=key, query_fn=load if what == "fetch" else fail)
            case "begin":
                client.prefetch_query(query_key=key, query_fn=slowly)
            case "hydrate":
                other = QueryClient(clock=clock)
                other.set_query_data(key, "hydrated", updated_at=clock.time() + 1)
                hydrate(client, dehydrate(other))
            case "watch":
                leave.append(
                    QueryObserver(client, QueryOptions(query_key=key, query_fn=load)).subscribe(lambda _: None)
                )
            case _:
                await clock.advance(3)
        for look in range(2):
            for query in cache.get_all():
                assert query._answer is None or query._answer.state is query._state
                if look == 0:
                    client.prefetch_query(query_key=query.query_key, query_fn=load, stale_time="static")
    for unsubscribe in leave:
        unsubscribe()
    await client.aclose()


@given(
    st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(KEYS)), min_size=1, max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_an_answer_is_dropped_with_its_state(steps: list[tuple[str, list[Any]]], listens: bool, notes: bool) -> None:
    """Whoever finds one does not look whether it is of the present state."""
    asyncio.run(play(steps, listens, notes))
