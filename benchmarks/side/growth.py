"""How a row grows with the number of things: its time with many, in times with few, both in one process."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .catalog import ROWS
from .row import Case, Row
from .timing import measure
from .worker import outcome_of


class Growth(NamedTuple):
    """Two sizes of the same row.

    Attributes:
        name: What is compared.
        few: The row with few things.
        many: The row with many.
    """

    name: str
    few: str
    many: str


GROWTHS: tuple[Growth, ...] = (
    Growth("growth/invalidate_prefix_100k_over_1k", "invalidate_prefix/10_of_1k", "invalidate_prefix/10_of_100k"),
    Growth("growth/invalidate_exact_100k_over_1k", "invalidate_exact/1_of_1k", "invalidate_exact/1_of_100k"),
    Growth("growth/remove_prefix_100k_over_1k", "remove_prefix/10_of_1k", "remove_prefix/10_of_100k"),
    Growth("growth/is_fetching_100k_over_1k", "is_fetching/none_of_1k", "is_fetching/none_of_100k"),
    Growth("growth/is_fetching_prefix_100k_over_1k", "is_fetching/prefix_of_1k", "is_fetching/prefix_of_100k"),
    Growth(
        "growth/mount_10k_over_1k",
        "observer/mount_unmount_1k_on_one_query_per_observer",
        "observer/mount_unmount_10k_on_one_query_per_observer",
    ),
)
"""What is compared."""


TURNS = 3
"""How often each row is measured: sizes take turns, so that a time in which the machine is slow is that of all."""


async def least(rows: Sequence[Row]) -> dict[str, float]:
    """The shortest sample of each row: what a ratio within one process is taken of.

    Args:
        rows: Rows of several topics and sizes.
    """
    found: dict[str, float] = {}
    for topic in dict.fromkeys(row.topic for row in rows):
        own = [row for row in rows if row.topic is topic]
        shared = {size: topic(size) for size in dict.fromkeys(row.size for row in own)}
        # what the last ones leave is not what the first ones found
        for method in dict.fromkeys(row.method for row in own):
            alike = [row for row in own if row.method is method]
            for row in alike * TURNS:
                case = await outcome_of(row, shared[row.size])
                assert isinstance(case, Case), row.name
                found[row.name] = min(found.get(row.name, math.inf), *await measure(case))
        for each in shared.values():
            each.close()
    return found


def ratios_of(found: Mapping[str, float]) -> dict[str, float]:
    """The growths, by name.

    Args:
        found: What ``least`` returns.
    """
    return {growth.name: found[growth.many] / found[growth.few] for growth in GROWTHS}


def measure_growth() -> dict[str, float]:
    """The growths, by name."""
    names = {name for growth in GROWTHS for name in (growth.few, growth.many)}
    return ratios_of(asyncio.run(least([row for row in ROWS if row.name in names])))
