"""How long an operation takes on a machine that others use too.

A sample is the lesser of wall time and CPU time of the thread: the CPU time does not count what other processes took,
the wall time does not count the coarse steps of the other clock. Garbage is collected as always, on both sides.
"""

from __future__ import annotations

import inspect
import statistics
import time
from collections.abc import Awaitable, Sequence

from .row import Case

SECONDS_A_SAMPLE = 0.008
SAMPLES = 7
WARM_UPS = 2
MOST = 20_000_000


class Stopwatch:
    """Started when made."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.thread_time()

    def seconds(self) -> float:
        """What passed since: the lesser of wall time and CPU time of this thread."""
        cpu = time.thread_time() - self._cpu
        return min(time.perf_counter() - self._wall, cpu)


async def finish(outcome: Awaitable[object] | object) -> None:
    """Await what can be awaited.

    Args:
        outcome: What a call returned.
    """
    if inspect.isawaitable(outcome):
        await outcome


async def prove(case: Case) -> None:
    """Run once and check what that did.

    Args:
        case: The row.

    Raises:
        WrongResultError: It was not right.
    """
    if case.prepare is not None:
        await finish(case.prepare())
    await finish(case.run(case.times or 1))
    await finish(case.prove())


async def sample(case: Case, times: int) -> float:
    """Seconds for that many times.

    Args:
        case: The row.
        times: How many.
    """
    if case.prepare is not None:
        await finish(case.prepare())
    watch = Stopwatch()
    outcome = case.run(times)
    if outcome is not None:
        await outcome
    return watch.seconds()


async def times_for_a_sample(case: Case) -> int:
    """How often to run a row in one sample, so that the clocks are fine enough.

    Args:
        case: The row.
    """
    times = 1
    while (taken := await sample(case, times)) < SECONDS_A_SAMPLE and times < MOST:
        growth = 8 if taken < SECONDS_A_SAMPLE / 16 else min(8, 1.2 * SECONDS_A_SAMPLE / taken)
        times = int(times * growth) + 1
    return times


async def measure(case: Case) -> list[float]:
    """Nanoseconds an operation, one value a sample.

    Args:
        case: The row.

    Raises:
        WrongResultError: What it did was not right.
    """
    await prove(case)
    times = case.times or await times_for_a_sample(case)
    for _ in range(0 if case.is_long else WARM_UPS):
        await sample(case, times)
    return [await sample(case, times) * 1e9 / (times * case.per) for _ in range(case.samples or SAMPLES)]


def ratios_of(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """The ratio of each round: least, median, most.

    Args:
        ours: One value a round.
        theirs: Another one a round.
    """
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return min(ratios), statistics.median(ratios), max(ratios)
