"""Data that is missing or stale."""

import asyncio
from collections.abc import Callable
from itertools import repeat
from typing import Any

from query import QueryOptions

from ..row import Case, Topic, awaiting, row, same
from ..samples import FIVE_MINUTES, FOREVER, Key, item, new_client, typical_key

MISSES = 2000
CALLERS = 1000


class Fetches(Topic):
    """Query functions that answer at once, after one suspension, and while many wait."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.calls = 0

    def close(self) -> None:
        self.client.clear()

    async def answer(self, _: object) -> dict[str, Any]:
        """Without a suspension."""
        self.calls += 1
        return item(1)

    async def suspend(self, _: object) -> dict[str, Any]:
        """After one turn of the loop, which is the least that asyncio has."""
        self.calls += 1
        await asyncio.sleep(0)
        return item(1)

    def options(self, key: Key, function: Callable[[Any], Any]) -> QueryOptions[Any, Any]:
        """Options whose data is stale at once.

        Args:
            key: The key.
            function: The query function.
        """
        return QueryOptions(query_key=key, query_fn=function, stale_time=0)

    def misses(self, gc_time: float) -> Case:
        """Fetches of keys that no fetch has seen, by query functions of their own.

        Args:
            gc_time: Seconds that an unused query lives.
        """
        keys: list[Key] = []

        def prepare() -> None:
            self.client.clear()
            self.client = new_client(gc_time)
            keys[:] = [typical_key(i) for i in range(MISSES)]

        async def run(_: int) -> None:
            fetch = self.client.fetch_query
            for i in range(MISSES):

                async def load(_: object, i: int = i) -> dict[str, Any]:
                    return item(i)

                await fetch(query_key=keys[i], query_fn=load)

        def prove() -> None:
            same(len(self.client.get_query_cache().get_all()), MISSES, "queries")
            same(self.client.get_query_data(typical_key(7)), item(7), "the data of one")

        return Case(run, prove, per=MISSES, times=1, prepare=prepare)

    def refetches(self, key: Key, function: Callable[[Any], Any]) -> Case:
        """One query over and over.

        Args:
            key: The key.
            function: The query function.
        """
        options = self.options(key, function)
        fetch = self.client.fetch_query

        async def prove() -> None:
            self.calls = 0
            same(await fetch(options), item(1), "the data")
            await fetch(options)
            same(self.calls, 2, "calls of the query function")

        return awaiting(fetch, options, prove)

    @row("fetch_miss/immediate_gc5min")
    def miss(self) -> Case:
        """New queries that would be collected."""
        return self.misses(FIVE_MINUTES)

    @row("fetch_miss/immediate_gcInf")
    def miss_for_ever(self) -> Case:
        """New queries that never would."""
        return self.misses(FOREVER)

    @row("fetch_stale/refetch_existing")
    def refetch(self) -> Case:
        """A function that never suspends."""
        return self.refetches(typical_key(), self.answer)

    @row("fetch_stale/one_suspend")
    def one_suspend(self) -> Case:
        """One that suspends once: on Node for a microtask, here for a turn of the loop, since that is the least."""
        return self.refetches(["suspending"], self.suspend)

    @row("fetch_stale/one_loop_turn")
    def one_turn(self) -> Case:
        """One that suspends for a turn of the loop, on Node too."""
        return self.refetches(["turning"], self.suspend)

    async def prove_one_call(self, callers: Callable[[], Any]) -> None:
        """All callers get the data of one call.

        Args:
            callers: Calls and waits.
        """
        self.calls = 0
        same(await callers(), [item(1)] * CALLERS, "what the callers got")
        same(self.calls, 1, "calls of the query function")

    @row("fetch_dedup/1000_callers_per_caller")
    def dedup(self) -> Case:
        """A task for each caller, as whoever gathers coroutines has them."""
        options, client = self.options(["gathered"], self.suspend), self.client

        async def callers() -> list[Any]:
            return await asyncio.gather(*[client.fetch_query(options) for _ in range(CALLERS)])

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await callers()

        return Case(run, lambda: self.prove_one_call(callers), per=CALLERS)

    @row("fetch_dedup/1000_futures_per_caller")
    def futures(self) -> Case:
        """What a call returns, awaited by one task after the other: nothing but the library."""
        options, client = self.options(["awaited"], self.suspend), self.client

        async def callers() -> list[Any]:
            return [await handle for handle in [client.fetch_query(options) for _ in range(CALLERS)]]

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await callers()

        return Case(run, lambda: self.prove_one_call(callers), per=CALLERS)


class UvloopFetches(Topic):
    """On the loop of uvloop instead of asyncio's own."""

    fresh = True
    is_ours_alone = True
    needs = "uvloop"

    @row("fetch_stale/one_suspend_on_uvloop")
    async def one_suspend(self) -> Case:
        """One that suspends once."""
        same(type(asyncio.get_running_loop()).__module__.partition(".")[0], "uvloop", "the package of the loop")
        return Fetches(1).one_suspend()
