"""``InvariantWatch``: what must hold of each change of a client."""

from __future__ import annotations

import asyncio
import math

import msgspec
import pytest
from virtual_clock import VirtualClock

from mockapi.invariants import CHANGES, InvariantError, InvariantWatch
from query import (
    FocusManager,
    MutationObserver,
    MutationOptions,
    OnlineManager,
    QueryClient,
    QueryObserver,
    QueryOptions,
    UnknownOptionError,
)

KEY = ("a",)


async def load(context):
    """Its data."""
    return {"key": list(context.query_key)}


OPTIONS = QueryOptions(query_key=KEY, query_fn=load, gc_time=math.inf)


@pytest.fixture
async def client():
    """A client with one query that has data."""
    made = QueryClient(clock=VirtualClock(), online_manager=OnlineManager(), focus_manager=FocusManager())
    await made.query(OPTIONS)
    yield made
    await made.aclose()


def the_query(client):
    """Its query."""
    return client.get_query_cache().get_all()[0]


def silent_change(client):
    query = the_query(client)
    query._state = msgspec.structs.replace(query.state, is_invalidated=True)


def with_reducer(monkeypatch, client, **changes):
    """Write, with a reducer that gets some fields wrong."""
    from mockapi.invariants import watch
    from query.base.query_state import reduce_query_state, succeeded
    from query.cache import fetching_query, written_query

    def wrong(state, action):
        after = reduce_query_state(state, action)
        return msgspec.structs.replace(after, **changes) if action.type == "success" else after

    def wrong_success(state, data, updated_at, manual):
        return msgspec.structs.replace(succeeded(state, data, updated_at, manual), **changes)

    # all of them: what a reducer gets wrong must be found without asking a better one
    for room in (fetching_query, written_query):
        monkeypatch.setattr(room, "succeeded", wrong_success)
    monkeypatch.setattr(watch, "reduce_query_state", wrong)


async def breaks(name, client, monkeypatch):
    """Let one invariant not hold."""
    if name == "no_silent_change":
        silent_change(client)
    elif name == "counters_never_decrease":
        with_reducer(monkeypatch, client, data_update_count=0)
        client.set_query_data(KEY, 1)
    elif name == "data_changes_only_with_count":
        with_reducer(monkeypatch, client, data_update_count=1)
        client.set_query_data(KEY, 1)
    elif name == "success_clears_invalidated":
        with_reducer(monkeypatch, client, is_invalidated=True)
        client.set_query_data(KEY, 1)
    elif name == "fetched_success_resets_failures":
        with_reducer(monkeypatch, client, fetch_failure_count=1, fetch_failure_reason=ValueError())
        await client.fetch_query(OPTIONS)
    elif name == "every_attempt_is_announced":
        client.environment.adapt(load)(type("Context", (), {"query_key": the_query(client).query_key})()).close()
    elif name == "mutation_status_moves_forward":
        observer = MutationObserver(client, MutationOptions(mutation_fn=lambda v, c: v, gc_time=math.inf))
        await observer.mutate(1)
        mutation = client.get_mutation_cache().get_all()[0]
        mutation.state = msgspec.structs.replace(mutation.state, status="pending")
        client.get_mutation_cache().observer_options_updated(mutation, observer)
        from query.base.mutation_state import MutationContinueAction

        client.get_mutation_cache().mutation_updated(mutation, MutationContinueAction())
    else:
        raise AssertionError(f"{name} is in the table, and nothing here breaks it")


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_that_cannot_be_is_named(client, name, monkeypatch):
    """Which invariant, of what, what was and what must be; found at the end of the block, or left out."""
    with pytest.raises(InvariantError, match=rf"(?m)^  {name}: .*\n      it was .*\n      must be ") as caught:
        with InvariantWatch(client):
            await breaks(name, client, monkeypatch)
    assert name in [one.name for one in caught.value.broken]
    assert "told was: nothing" in str(caught.value) or name != "no_silent_change"


async def test_a_name_can_be_left_out(client):
    """Of either table; an unknown one is refused."""
    with InvariantWatch(client, skip=["no_silent_change"]):
        silent_change(client)
    with pytest.raises(UnknownOptionError, match="Did you mean 'no_silent_change'"):
        InvariantWatch(client, skip=["no_silent_chang"])


async def test_the_failure_of_the_block_says_more(client):
    """It is not replaced."""
    with pytest.raises(ZeroDivisionError):
        with InvariantWatch(client):
            silent_change(client)
            raise ZeroDivisionError


async def test_ordinary_use_breaks_nothing(client):
    """Fetches, retries, superseded ones, cancels, writes inside listeners, resets, and mutations in a scope."""
    clock = client.environment.timeout_manager

    async def sometimes(context):
        await clock.sleep(1)
        if context.client.get_query_state(("s",)).error_update_count < 1:
            raise ValueError
        return 1

    options = OPTIONS.with_(query_key=("s",), query_fn=sometimes, retry=2, retry_delay=1, stale_time=5)
    virtual = client.environment.timeout_manager._clock
    with InvariantWatch(client) as watch:
        observer = QueryObserver(client, options.with_(refetch_interval=7))
        leave = observer.subscribe(lambda result: result.is_error and client.set_query_data(("s",), 2))
        for step in range(40):
            await virtual.advance(0.5)
            if step % 5 == 0:
                client.refetch_queries(("s",))
            if step % 7 == 0:
                client.invalidate_queries(("s",))
            if step % 11 == 0:
                client.cancel_queries(("s",))
            if step == 17:
                client.environment.online_manager.set_online(False)
            if step == 25:
                client.environment.online_manager.set_online(True)
            if step == 30:
                client.reset_queries(("s",))
        leave()
        mutate = MutationObserver(client, MutationOptions(mutation_fn=lambda v, c: clock.sleep(1), scope="x")).mutate
        done = asyncio.gather(mutate(1), mutate(2))
        await virtual.advance(3)
        await done
    assert watch.changes > 40


async def test_a_change_inside_a_change_is_understood(client):
    """The events come inside out."""
    observer = QueryObserver(client, OPTIONS.with_(stale_time=math.inf))
    inner = iter([lambda: client.set_query_data(KEY, 3), lambda: client.reset_queries(KEY), lambda: None])
    with InvariantWatch(client) as watch:
        leave = observer.subscribe(lambda result: result.data in (2, 3) and next(inner)())
        client.set_query_data(KEY, 2)
        client.get_query_cache().find(KEY).invalidate()
        await asyncio.sleep(0)
        leave()
    assert watch.broken == []


async def test_it_leaves_the_client_as_it_was(client):
    """No listener, and query functions that are called as before."""
    adapt = client.environment.adapt
    with InvariantWatch(client):
        assert client.get_query_cache().has_listeners()
    assert not client.get_query_cache().has_listeners()
    assert not client.get_mutation_cache().has_listeners()
    assert client.environment.adapt is adapt
