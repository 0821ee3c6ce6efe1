"""An hour of coming and going, in virtual time: nothing is to be left of it."""

import asyncio
import gc
import os
import time
from pathlib import Path
from typing import Any

from mockapi.clock.virtual_clock import VirtualClock
from query import MutationObserver, MutationOptions, QueryClient, QueryObserver, QueryOptions

from ..row import Figure, Topic, WrongResultError, row, same
from ..samples import item

QUERIES_A_SECOND = 2
LIFE = 60.0
ROOM = 2**20
"""How much more memory the process may have at the end of the hour than after a third of it: arenas come and go."""


def resident() -> int:
    """Bytes that the process has in memory; 0 where the system does not tell."""
    gc.collect()
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


class Soak(Topic):
    """Seconds of virtual time, in each of which queries are made, watched, invalidated, refetched and collected."""

    sizes = (3_600,)
    fresh = True
    is_ours_alone = True

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.calls = 0

    async def load(self, _: object) -> dict[str, Any]:
        """After a virtual tenth of a second."""
        self.calls += 1
        await asyncio.sleep(0.1)
        return item(self.calls)

    async def second(self, client: QueryClient, clock: VirtualClock, number: int) -> None:
        """What happens in one second.

        Args:
            client: The client.
            clock: Its time.
            number: Which second.
        """
        keys = [["soak", number % 50, number * QUERIES_A_SECOND + i] for i in range(QUERIES_A_SECOND)]
        options = [
            QueryOptions[Any, Any](query_key=key, query_fn=self.load, stale_time=5, gc_time=LIFE) for key in keys
        ]
        unsubscribes = [QueryObserver(client, each).subscribe(lambda _: None) for each in options]
        mutation = MutationOptions[Any, Any, Any](mutation_fn=self.load_for, gc_time=LIFE)
        changed = MutationObserver(client, mutation).mutate(number)
        await clock.advance(0.5)
        invalidated = client.invalidate_queries(["soak", number % 50])
        await clock.advance(0.5)
        await invalidated
        await changed
        for unsubscribe in unsubscribes:
            unsubscribe()

    async def load_for(self, value: Any, _: object) -> Any:
        """A mutation.

        Args:
            value: What it is given.
        """
        await asyncio.sleep(0.1)
        return value

    @row("soak/1h_churn")
    async def hour(self) -> Figure:
        """CPU time of the hour. Memory does not grow, and no query, timer or task is left."""
        before = asyncio.all_tasks()
        begin = time.thread_time()
        early = 0
        async with VirtualClock() as clock, QueryClient(clock=clock) as client:
            for number in range(self.size):
                if number == self.size // 3:
                    early = resident()
                await self.second(client, clock, number)
            late = resident()
            await clock.advance(2 * LIFE)
            same(client.get_query_cache().get_all(), [], "queries that are left")
            same(client.get_mutation_cache().get_all(), [], "mutations that are left")
            same(clock.pending_timers(), [], "timers that are left")
            same(asyncio.all_tasks() - before, set(), "tasks that are left")
        same(self.calls, 2 * QUERIES_A_SECOND * self.size, "calls of the query function")
        if late - early > ROOM:
            raise WrongResultError(f"the process grew from {early:,} to {late:,} bytes")
        return Figure([(time.thread_time() - begin) * 1e9])
