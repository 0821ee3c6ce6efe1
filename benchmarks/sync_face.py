"""What it costs to read the cache through the face without an event loop.

Each call crosses into the loop's thread and back, so the figure is that of two thread switches and the work between.
For comparison, the same calls of the asyncio client. Run::

    python benchmarks/sync_face.py [--calls 20000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

from query import QueryClient, query_options
from query.sync import QueryClient as SyncQueryClient


def load_projects(_: object) -> list[str]:
    """The data."""
    return ["Apollo"]


OPTIONS = query_options(query_key=("projects",), query_fn=load_projects, stale_time=3600)


def measure_sync(call: Callable[[], object], calls: int) -> float:
    """Seconds a call.

    Args:
        call: What to call.
        calls: How often.
    """
    begin = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - begin) / calls


async def measure_async(call: Callable[[], Awaitable[object]], calls: int) -> float:
    """Seconds a call, awaited.

    Args:
        call: What to call.
        calls: How often.
    """
    begin = time.perf_counter()
    for _ in range(calls):
        await call()
    return (time.perf_counter() - begin) / calls


def sync_round(calls: int) -> dict[str, float]:
    """One round of the sync client, by what was called.

    Args:
        calls: How often.
    """
    with SyncQueryClient() as client:
        client.query(OPTIONS)
        return {
            "query, a hit": measure_sync(lambda: client.query(OPTIONS), calls),
            "get_query_data": measure_sync(lambda: client.get_query_data(OPTIONS.query_key), calls),
            "crossing alone": measure_sync(lambda: client._crossing.call_in_loop(int), calls),
        }


async def async_round(calls: int) -> dict[str, float]:
    """One round of the asyncio client, by what was called.

    Args:
        calls: How often.
    """

    async def read() -> object:
        return client.get_query_data(OPTIONS.query_key)

    async with QueryClient() as client:
        await client.query(OPTIONS)
        return {
            "query, a hit": await measure_async(lambda: client.query(OPTIONS), calls),
            "get_query_data": await measure_async(read, calls),
        }


def report(title: str, rounds: Sequence[dict[str, float]]) -> None:
    """Print the medians.

    Args:
        title: What was measured.
        rounds: The rounds.
    """
    print(title)
    for what in rounds[0]:
        print(f"  {what:16} {statistics.median(taken[what] for taken in rounds) * 1e6:8.1f} us")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print.

    Args:
        arguments: The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(description="What a cache hit costs through the face without an event loop.")
    parser.add_argument("--calls", type=int, default=20000, help="calls a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median is shown")
    given = parser.parse_args(arguments)
    report("query.sync.QueryClient", [sync_round(given.calls) for _ in range(given.rounds)])
    report("query.QueryClient", [asyncio.run(async_round(given.calls)) for _ in range(given.rounds)])


if __name__ == "__main__":
    main()
