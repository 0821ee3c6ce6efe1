"""One process that measures one peer and prints its figures as JSON: peers are not to disturb each other."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import warnings
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

from side.row import Case, same
from side.timing import measure

from .decorated import AsyncLru, Cachebox, Cachetools, Theine
from .http import HishelDict, HishelSqlite, Uncached
from .keyed import Aiocache, AiocacheStampede, Cashews, CashewsTags
from .ours import Ours, OursOverHttp, OursPrepared
from .peer import Peer, value
from .queries import Pystackquery

PEERS: tuple[type[Peer], ...] = (
    Ours,
    OursPrepared,
    Cachebox,
    Cachetools,
    AsyncLru,
    Theine,
    Aiocache,
    AiocacheStampede,
    Cashews,
    CashewsTags,
    Pystackquery,
    OursOverHttp,
    HishelDict,
    HishelSqlite,
    Uncached,
)
"""All peers, ours first."""

SIZES = (10_000, 100_000)
EXPIRING = 10_000


def hits(peer: Peer) -> Case:
    """One key over and over.

    Args:
        peer: Of whom.
    """

    async def run(times: int) -> None:
        for _ in repeat(None, times):
            await peer.hit()

    async def prove() -> None:
        await peer.reset()
        same(await peer.hit(), value("x"), "the data of a miss")
        same(await peer.hit(), value("x"), "the data of a hit")
        same(peer.calls, 1, "calls of the loader")

    return Case(run, prove)


def misses(peer: Peer, get: Callable[[object], Any]) -> Case:
    """Keys that were not asked for.

    Args:
        peer: Of whom.
        get: Asks.
    """
    count = peer.calls_a_sample

    async def run(_: int) -> None:
        for i in range(count):
            await get(i)

    async def prove() -> None:
        same(peer.calls, count, "calls of the loader")
        same(str((await get(1))["id"]), "1", "the data of one")

    return Case(run, prove, per=count, times=1, prepare=peer.reset)


def callers(peer: Peer) -> Case:
    """Many at once, for one key.

    Args:
        peer: Of whom.
    """
    count = peer.callers

    async def ask() -> list[Any]:
        return await asyncio.gather(*[peer.get_later(7) for _ in range(count)])

    async def run(_: int) -> None:
        await ask()

    async def prove() -> None:
        await peer.reset()
        answers = await ask()
        same([str(answer["id"]) for answer in answers], ["7"] * count, "what the callers got")

    return Case(run, prove, per=count, times=1, prepare=peer.reset, samples=5)


def removals(peer: Peer, size: int) -> Case:
    """Ten of many, by what their keys have in common.

    Args:
        peer: Of whom.
        size: Of how many.
    """
    rounds = 100 if isinstance(peer, Ours) else 3 if size >= SIZES[-1] else 10

    async def prepare() -> None:
        for group in range(rounds):
            await peer.fill_group(group)

    async def run(_: int) -> None:
        for group in range(rounds):
            await peer.remove_group(group)

    async def prove() -> None:
        same([await peer.held(0, i) for i in range(10)], [False] * 10, "whether removed ones are there")
        same([await peer.held(rounds, i) for i in range(10)], [True] * 10, "whether others are there")

    return Case(run, prove, per=rounds, times=1, prepare=prepare, samples=3)


def expiring(peer: Peer) -> Case:
    """Stored, and dropped when too old.

    Args:
        peer: Of whom.
    """

    async def run(_: int) -> None:
        await peer.expire(EXPIRING)

    return Case(run, lambda: None, per=EXPIRING, times=1, samples=3)


async def measure_peer(peer: Peer, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """The figures of a peer: nanoseconds by what was asked for, and how often its loader ran for many callers.

    Args:
        peer: Whom.
        sizes: Of how many entries ten are removed.
    """
    figures: dict[str, float] = {}

    async def note(what: str, case: Case) -> None:
        figures[what] = statistics.median(await measure(case))

    runs: int | None = None
    await peer.reset()
    if peer.has_hits:
        await note("hit", hits(peer))
    if peer.has_hits or not peer.can_remove:
        await note("miss", misses(peer, peer.get))
        await note("suspending miss", misses(peer, peer.get_later))
        dedup = callers(peer)
        await note("one of many callers", dedup)
        await peer.reset()
        await asyncio.gather(*[peer.get_later(7) for _ in range(peer.callers)])
        runs = peer.calls
    if peer.can_remove:
        for size in sizes:
            await peer.reset()
            await peer.fill(size // 10)
            await note(f"remove 10 of {size // 1000}k", removals(peer, size))
    await peer.reset()
    if peer.can_expire:
        await note("store and expire", expiring(peer))
    await peer.close()
    return {"figures": figures, "runs": runs, "callers": peer.callers}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one peer and print its figures.

    Args:
        arguments: The command line; that of the process by default.
    """
    parser = argparse.ArgumentParser(description="Measure one peer in this process.")
    parser.add_argument("--peer", required=True, choices=[peer.name for peer in PEERS])
    given = parser.parse_args(arguments)
    kind = next(peer for peer in PEERS if peer.name == given.peer)
    warnings.simplefilter("ignore")
    # what peers print belongs elsewhere
    with contextlib.redirect_stdout(sys.stderr):
        told = asyncio.run(measure_peer(kind()))
    json.dump(told, sys.stdout)
    sys.stdout.flush()
    # threads of a peer that nobody stopped
    os._exit(0)


if __name__ == "__main__":
    main()
