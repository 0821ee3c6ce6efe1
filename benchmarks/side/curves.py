"""Which rows make which curve."""

from __future__ import annotations

import statistics
from typing import NamedTuple

from .rounds import Side
from .row import short


class Curve(NamedTuple):
    """A row at several sizes.

    Attributes:
        title: What is done.
        row: The row's name, with ``{size}`` or ``{n}`` for the size.
        is_of_each: Whether the row's time is that of one thing: the curve shows that of all.
    """

    title: str
    row: str
    is_of_each: bool = False


QUERIES = (1_000, 10_000, 100_000)
OBSERVERS = (1, 100, 10_000)
OF_QUERIES: tuple[Curve, ...] = (
    Curve("invalidate 10 by a prefix", "invalidate_prefix/10_of_{size}"),
    Curve("invalidate 1 by its key", "invalidate_exact/1_of_{size}"),
    Curve("count what is fetching", "is_fetching/none_of_{size}"),
    Curve("remove 10 by a prefix", "remove_prefix/10_of_{size}"),
    Curve("create all", "create/{size}_per_query", True),
    Curve("hydrate all", "hydrate/{size}_per_query", True),
)
OF_OBSERVERS: tuple[Curve, ...] = (
    Curve("tell all of a write, at once", "notify_sync/{n}_observers"),
    Curve("tell all of a write, in the next turn", "notify_batched/{n}_observers"),
)


def points_of(side: Side, curve: Curve, sizes: tuple[int, ...]) -> dict[int, float]:
    """Nanoseconds by size, as far as they were measured.

    Args:
        side: Whose.
        curve: Which.
        sizes: Of how many things.
    """
    found: dict[int, float] = {}
    for size in sizes:
        values = side.values.get(curve.row.format(size=short(size), n=size))
        if values:
            found[size] = statistics.median(values) * (size if curve.is_of_each else 1)
    return found
