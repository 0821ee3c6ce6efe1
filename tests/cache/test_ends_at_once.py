"""Fetches whose function never waits: who awaits them takes their end in himself, where nobody can tell."""

from __future__ import annotations

import asyncio

import pytest

from query import QueryObserver, QueryOptions
from query.runtime.ends import Ends


class AtOnce(Ends):
    """Ends of which each is next, on any version of Python."""

    def is_next(self, ended):
        self.waiting.remove(ended)
        return True


@pytest.fixture
def calls():
    """The calls of the query function, by what it was called for."""
    return []


@pytest.fixture
def options(key, calls):
    """Options whose function answers at once."""

    async def load(context):
        calls.append(context.query_key)
        return "data"

    return QueryOptions(query_key=key, query_fn=load, stale_time=0)


async def test_who_awaits_one_has_the_data_and_the_query_too(client, options, key, calls):
    """The loop need not turn for that."""
    client.environment.ends = AtOnce()
    turns = []
    handle = client.fetch_query(options)
    assert client.is_fetching() == 1
    asyncio.get_running_loop().call_soon(turns.append, "turn")
    assert await handle == "data"
    assert turns == []
    assert client.is_fetching() == 0
    assert client.get_query_data(key) == "data"
    # and again by who has the handle
    assert await handle == "data"
    await client.fetch_query(options)
    assert len(calls) == 2


async def test_two_tasks_that_ask_in_the_same_turn_share_one_call(client, options, calls):
    """Also if the first of them waits before the second one asks."""

    async def ask():
        return await client.fetch_query(options)

    assert await asyncio.gather(ask(), ask(), ask()) == ["data"] * 3
    assert len(calls) == 1


async def test_what_the_loop_has_to_run_still_finds_it_under_way(client, options):
    """A callback that was there before somebody waited."""
    await client.fetch_query(options)
    seen = []
    asyncio.get_running_loop().call_soon(lambda: seen.append(client.is_fetching()))
    await client.fetch_query(options)
    assert seen == [1]


async def test_who_started_the_one_that_waits_still_finds_it_under_way(client, options, key):
    """A query function that fetches another query waits within the call that starts its own fetch."""

    async def outer(context):
        return [await client.fetch_query(options)]

    handle = client.fetch_query(query_key=("outer", *key), query_fn=outer)
    assert client.is_fetching() == 2
    assert await handle == ["data"]


async def test_whoever_is_told_is_told_on_a_turn_of_the_loop(client, options):
    """An observer is called by the loop, not by who awaits."""
    await client.fetch_query(options)
    seen = []
    leave = QueryObserver(client, options.with_(enabled=False)).subscribe(
        lambda result: seen.append((asyncio.current_task(), result.fetch_status))
    )
    await client.fetch_query(options)
    await asyncio.sleep(0)
    leave()
    assert seen[-1] == (None, "idle")


async def test_a_function_that_never_waits_does_not_keep_the_loop_from_its_timers(client, options):
    """Whoever fetches on and on until something happens lets it happen."""
    happened = asyncio.Event()
    asyncio.get_running_loop().call_later(0, happened.set)
    while not happened.is_set():
        await client.fetch_query(options)


async def test_one_that_was_cancelled_meanwhile_fails(client, options):
    """Its end was not taken in when it was cancelled."""
    handle = client.fetch_query(options)
    client.get_query_cache().get_all()[0].cancel()
    with pytest.raises(Exception, match="cancelled"):
        await handle
