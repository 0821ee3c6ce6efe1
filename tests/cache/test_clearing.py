"""Clearing a cache: all at once where nobody can see it, else one by one, and the same comes of it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import QueryClient, QueryObserver, QueryOptions

KINDS = ["written", "observed", "short", "lasting", "renamed", "looked_at"]


def fill(client, kinds):
    """A query of each kind."""
    for number, kind in enumerate(kinds):
        key = ["a", number]
        if kind == "observed":
            client.set_query_data(key, number)
            QueryObserver(client, QueryOptions(query_key=key, stale_time=60)).subscribe(lambda _: None)
        elif kind == "renamed":
            client.get_query_cache().build(client, QueryOptions(query_key=key, query_hash=f"my {number}"))
        elif kind in ("short", "lasting"):
            client.get_query_cache().build(
                client, QueryOptions(query_key=key, gc_time={"short": 1, "lasting": float("inf")}[kind])
            )
        else:
            client.set_query_data(key, number)
        if kind == "looked_at":
            assert client.get_query_state(key).data == number


def seen(client, clock):
    """What is there to be seen."""
    cache = client.get_query_cache()
    return (
        cache.get_all(),
        cache.find_all(["a"]),
        cache.find_all(type="active"),
        client.is_fetching(),
        sorted(round(when, 6) for when, _ in clock.pending_timers()),
        sorted(client.environment.leaks()),
    )


async def cleared(kinds, again, listens):
    """What is seen after a cache was cleared, and after it was filled again; and the queries that it held."""
    clock = VirtualClock()
    client = QueryClient(clock=clock)
    if listens:
        client.get_query_cache().subscribe(lambda event: None)
    fill(client, kinds)
    assert len(client.get_query_cache().find_all(["a"])) == len(kinds)
    held = client.get_query_cache().get_all()
    client.clear()
    first = seen(client, clock)
    for query in held:
        # who still holds one cannot have it collected
        query.reset()
        assert not query.awaits_collection
    fill(client, again)
    hashes = [query.query_hash for query in client.get_query_cache().find_all(["a"])]
    await client.aclose()
    return first, hashes


@settings(deadline=None)
@given(st.lists(st.sampled_from(KINDS), max_size=6), st.lists(st.sampled_from(KINDS), max_size=4))
def test_the_same_comes_of_it_whether_somebody_listens_or_not(kinds, again):
    """Nothing is found, nothing is watched, and the timers are those of the observers."""
    at_once = asyncio.run(cleared(kinds, again, listens=False))
    assert at_once == asyncio.run(cleared(kinds, again, listens=True))
    assert at_once[0][:4] == ([], [], [], 0)
    assert len(at_once[1]) == len(again)


@pytest.mark.parametrize("settles", [False, True])
async def test_a_fetch_is_over_whether_it_runs_or_its_end_waits_to_be_taken_in(settles):
    """Who waits is told, and no query comes back."""
    client = QueryClient()
    go_on = asyncio.Event()

    async def load(context):
        await go_on.wait()
        return "data"

    handle = client.fetch_query(QueryOptions(query_key=["a"], query_fn=load))
    if settles:
        go_on.set()
        await asyncio.sleep(0)
    client.clear()
    assert client.get_query_cache().get_all() == []
    await asyncio.wait([asyncio.ensure_future(_end(handle))])
    assert client.get_query_cache().get_all() == []
    await client.aclose()


async def _end(handle):
    try:
        await handle
    except Exception:
        return
