"""Query clients for tests."""

import asyncio
import math

import pytest

from mockapi.query_client import MakeTestQueryClient
from query import (
    UNSET,
    DefaultOptions,
    MutationObserver,
    MutationOptions,
    OnlineManager,
    OptionError,
    QueryObserver,
    QueryOptions,
    UnknownOptionError,
)


async def load(context):
    return {"key": list(context.query_key)}


OPTIONS = QueryOptions(query_key=("a",), query_fn=load)


async def test_data_without_an_observer_is_gone_in_the_next_turn(make_test_query_client):
    """gc_time is 0."""
    client = make_test_query_client()
    await client.query(OPTIONS)
    await asyncio.sleep(0.001)
    assert client.get_query_state(("a",)) is UNSET


async def test_overrides_become_defaults_of_queries(make_test_query_client):
    """gc_time=math.inf keeps data for tests that read the cache."""
    client = make_test_query_client(gc_time=math.inf, stale_time=60)
    await client.query(OPTIONS)
    await asyncio.sleep(0.001)
    assert client.get_query_data(("a",)) == {"key": ["a"]}
    assert client.get_default_options().queries.stale_time == 60


async def test_retries_are_off(make_test_query_client):
    """An observer fails at the first error."""
    calls = []

    def fail(context):
        calls.append(1)
        raise ValueError("no")

    observer = QueryObserver(make_test_query_client(), QueryOptions(query_key=("a",), query_fn=fail))
    done = asyncio.Event()
    observer.subscribe(lambda result: result.is_error and done.set())
    await done.wait()
    assert len(calls) == 1


async def test_arguments_of_the_client_are_passed_on(make_test_query_client):
    """Own managers and defaults; theirs go over ours."""
    online = OnlineManager(online=False)
    client = make_test_query_client(
        online_manager=online,
        default_options=DefaultOptions(queries=QueryOptions(retry=2), mutations=MutationOptions(retry=1)),
    )
    assert client.environment.online_manager is online
    assert client.get_default_options().queries.retry == 2
    assert client.get_default_options().queries.gc_time == 0
    assert client.get_default_options().mutations.retry == 1


async def test_signals_are_private_and_followed(make_test_query_client):
    """Two clients of one test do not share the network, and each is mounted."""
    one, two = make_test_query_client(), make_test_query_client()
    one.environment.online_manager.set_online(False)
    assert two.environment.online_manager.is_online()
    handle = one.query(OPTIONS)
    assert one.get_query_state(("a",)).fetch_status == "paused"
    one.environment.online_manager.set_online(True)
    assert await handle == {"key": ["a"]}


def test_unknown_and_wrong_overrides_are_named(make_test_query_client):
    """With the nearest name."""
    with pytest.raises(
        UnknownOptionError, match="make_test_query_client has no option 'gc_tim'. Did you mean 'gc_time'"
    ):
        make_test_query_client(gc_tim=3)
    with pytest.raises(OptionError, match="gc_time='3' is a str; expected seconds"):
        make_test_query_client(gc_time="3")


async def test_closing_ends_what_is_under_way(make_test_query_client):
    """Fetches, timers and mutations of a test that does not wait for them."""
    client = make_test_query_client()
    QueryObserver(client, OPTIONS.with_(query_fn=lambda context: asyncio.sleep(60), refetch_interval=30)).subscribe(
        print
    )
    MutationObserver(client, MutationOptions(mutation_fn=lambda variables, context: asyncio.sleep(60))).mutate(1)
    assert client.leaks()


async def test_a_task_that_refuses_to_end_fails_the_test(monkeypatch):
    """It is named, and the reason is given."""
    monkeypatch.setattr("mockapi.query_client.CLOSE_WITHIN", 0.01)
    make = MakeTestQueryClient()
    client = make()
    release = asyncio.Event()

    async def stubborn(context):
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                pass

    client.query(QueryOptions(query_key=("stubborn",), query_fn=stubborn))
    with pytest.raises(
        AssertionError, match=r'leaves 1 thing\(s\) running after it was closed:\n  task: fetch of \["stubborn"\]'
    ):
        await make.aclose()
    release.set()
    await asyncio.sleep(0.01)
    client.discard()


def test_clients_of_a_loop_that_the_test_ran_itself_are_closed_too(make_test_query_client):
    """asyncio.run inside a sync test."""
    client = make_test_query_client()
    assert asyncio.run(_query(client)) == {"key": ["a"]}


async def _query(client):
    return await client.query(OPTIONS)
