"""Failures that are retried, and callers that lose interest."""

import asyncio
from itertools import repeat
from typing import Any

from query import QueryOptions

from ..row import Case, Topic, awaiting, row, same
from ..samples import item, new_client

FAILURES = 3
CALLERS = 1000


class Retries(Topic):
    """A query function that fails before it succeeds, retried without a delay."""

    @row("retry/3_failures")
    def three(self) -> Case:
        """Three failures, then data."""
        client, calls = new_client(), [0]

        async def load(_: object) -> dict[str, Any]:
            calls[0] += 1
            if calls[0] % (FAILURES + 1):
                raise OSError("for now")
            return item(1)

        options = QueryOptions[Any, Any](
            query_key=["failing"], query_fn=load, stale_time=0, retry=FAILURES, retry_delay=0
        )

        async def prove() -> None:
            calls[0] = 0
            same(await client.fetch_query(options), item(1), "the data")
            same(calls[0], FAILURES + 1, "calls of the query function")

        return awaiting(client.fetch_query, options, prove)


class Cancelling(Topic):
    """Callers in tasks of their own, which JavaScript does not have."""

    is_ours_alone = True

    @row("cancel/1_of_1000_callers")
    def one(self) -> Case:
        """One of the callers is cancelled; the others get the data of the one call. The time is that of one caller."""
        client, calls = new_client(), [0]

        async def load(_: object) -> dict[str, Any]:
            calls[0] += 1
            for _ in repeat(None, 3):
                await asyncio.sleep(0)
            return item(1)

        options = QueryOptions[Any, Any](query_key=["shared"], query_fn=load, stale_time=0)

        async def callers() -> list[Any]:
            tasks = [asyncio.create_task(client.fetch_query(options)) for _ in range(CALLERS)]
            await asyncio.sleep(0)
            tasks[CALLERS // 2].cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await callers()

        async def prove() -> None:
            calls[0] = 0
            outcomes = await callers()
            cancelled = [i for i, each in enumerate(outcomes) if isinstance(each, asyncio.CancelledError)]
            same(cancelled, [CALLERS // 2], "callers that were cancelled")
            same(outcomes.count(item(1)), CALLERS - 1, "callers that got the data")
            same(calls[0], 1, "calls of the query function")

        return Case(run, prove, per=CALLERS)
