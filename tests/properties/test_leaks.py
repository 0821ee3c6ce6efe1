"""What was used and let go is gone: no query, mutation, timer, task or listener stays behind."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest
from virtual_clock import VirtualClock

from query import (
    FocusManager,
    MutationObserver,
    MutationOptions,
    OnlineManager,
    QueryClient,
    QueryObserver,
    QueryOptions,
)

QUERIES = 100_000
AT_ONCE = 1_000


class World:
    """A client with a clock and signals of its own, and a count of what is alive."""

    def __init__(self):
        self.clock = VirtualClock()
        self.online = OnlineManager()
        self.focus = FocusManager()
        self.client = QueryClient(clock=self.clock, online_manager=self.online, focus_manager=self.focus)
        self.alive = weakref.WeakSet()

    def left(self):
        """Everything that is still there, by kind; empty if all is gone."""
        gc.collect()
        kinds = {
            "queries": self.client.get_query_cache().get_all(),
            "mutations": self.client.get_mutation_cache().get_all(),
            "objects": list(self.alive),
            "timers": self.clock.pending(),
            "tasks and timers": self.client.leaks(),
            "tasks": asyncio.all_tasks() - {asyncio.current_task()},
            "listeners": [
                signal
                for signal in (self.online, self.focus, self.client.get_query_cache(), self.client.get_mutation_cache())
                if signal.has_listeners()
            ],
        }
        return {kind: found[:3] if isinstance(found, list) else found for kind, found in kinds.items() if found}


@pytest.fixture
async def world():
    """A client that nobody has used."""
    made = World()
    gc.disable()  # garbage is collected when a test says so: amid the rounds that takes half the time
    yield made
    gc.enable()
    await made.client.aclose()


@pytest.mark.timeout(300)  # heavy work, which may take long on a machine that has much else to do
async def test_a_hundred_thousand_queries_come_and_go_without_a_trace(world):
    """Created, observed, dropped and collected, in the way of a long-running program."""
    client, alive = world.client, world.alive

    async def watch(number):
        options = QueryOptions(query_key=("row", number), query_fn=lambda context: {"n": number}, gc_time=60)
        observer = QueryObserver(client, options)
        unsubscribe = observer.subscribe(lambda result: None)
        alive.add(observer)
        alive.add(observer.get_current_query())
        return unsubscribe

    objects = 0
    for start in range(0, QUERIES, AT_ONCE):
        unsubscribes = [await watch(number) for number in range(start, start + AT_ONCE)]
        await world.clock.settle()
        assert client.get_query_data(("row", start)) == {"n": start}
        assert len(client.get_query_cache().get_all()) == AT_ONCE
        for unsubscribe in unsubscribes:
            unsubscribe()
        del unsubscribe, unsubscribes
        await world.clock.advance(60)
        if start % (10 * AT_ONCE) == AT_ONCE:
            assert world.left() == {}
        if start == AT_ONCE:  # what is made once is made by now
            objects = len(gc.get_objects())

    assert world.left() == {}
    assert len(gc.get_objects()) - objects < AT_ONCE / 10, "something grows with each round"


async def test_ten_thousand_mutations_come_and_go_without_a_trace(world):
    """Half of them fail, half are watched; none stays once its time is over."""
    client, clock, alive = world.client, world.clock, world.alive

    async def write(variables, context):
        await clock.sleep(1)
        if variables % 2:
            raise ValueError(variables)
        return variables

    options = MutationOptions(mutation_fn=write, gc_time=60)
    objects = 0
    for start in range(0, 10_000, AT_ONCE):
        unsubscribes = []
        for number in range(start, start + AT_ONCE):
            observer = MutationObserver(client, options)
            if number % 3:
                unsubscribes.append(observer.subscribe(lambda result: None))
            handle = observer.mutate(number)
            handle.add_done_callback(lambda handle: handle.exception())
            alive.add(observer)
            alive.add(handle)
        alive.update(client.get_mutation_cache().get_all())
        await clock.advance(1)
        for unsubscribe in unsubscribes:
            unsubscribe()
        del observer, handle, unsubscribe, unsubscribes
        await clock.advance(61)
        if start == AT_ONCE:
            assert world.left() == {}
            objects = len(gc.get_objects())

    assert world.left() == {}
    assert len(gc.get_objects()) - objects < AT_ONCE / 10, "something grows with each round"


async def test_clients_come_and_go_without_a_trace(world):
    """A thousand clients that share the signals: mounted, used, closed in the middle of a fetch."""
    alive = weakref.WeakSet()

    async def load(context):
        await context.signal.wait()

    for number in range(1_000):
        client = QueryClient(clock=world.clock, online_manager=world.online, focus_manager=world.focus)
        alive.add(client)
        async with client:
            observer = QueryObserver(client, QueryOptions(query_key=("row", number), query_fn=load))
            alive.add(observer)
            observer.subscribe(lambda result: None)
            client.query(QueryOptions(query_key=("other", number), query_fn=load))
        assert client.leaks() == []
    del client, observer
    await world.clock.advance(300)  # a clock may keep what was cancelled until its time would have come
    assert world.left() == {}
    assert list(alive) == []
