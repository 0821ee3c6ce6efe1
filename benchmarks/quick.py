"""Figures that do not depend on what else the machine does, without Node: instructions, bytes, and how things grow.

    python benchmarks/quick.py [--record]

Instructions an operation are counted by cachegrind, bytes by tracemalloc; both are compared with those in
``baseline.json``, and three percent more are a failure. How a row grows with the number of queries or observers is a
ratio of two times in one process, and is held against ``goals.toml``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

from goals import Goal, judge
from side import baseline
from side.baseline import Change, changes_of
from side.catalog import ROWS
from side.goal_list import read_goals
from side.growth import measure_growth
from side.instructions import count_all, why_not_counted
from side.rounds import ours
from side.rows.memory import HashMemory, Memory

WEIGHED = tuple(row for row in ROWS if row.topic in (Memory, HashMemory))
"""Rows whose bytes are counted."""


class Quick(NamedTuple):
    """What was found.

    Attributes:
        instructions: By row; empty where nothing can be counted.
        sizes: Bytes, by row.
        growth: Ratios, by name.
    """

    instructions: dict[str, float]
    sizes: dict[str, float]
    growth: dict[str, float]


def measure() -> Quick:
    """Count, weigh and compare sizes."""
    # in one process, as the baseline was: what was remembered before decides when a table of hashes grows
    sizes = {row: figure["median"] for row, figure in ours([row.name for row in WEIGHED])["figures"].items()}
    instructions = {} if why_not_counted() else count_all()
    return Quick(instructions, sizes, measure_growth())


def print_changes(title: str, changes: Sequence[Change]) -> None:
    """Print a table.

    Args:
        title: What its figures are.
        changes: Its rows.
    """
    print(f"\n{title:56} {'baseline':>12} {'now':>12} {'change':>8}")
    for change in changes:
        before = "-" if change.before is None else f"{change.before:,.0f}"
        print(f"{change.row:56} {before:>12} {change.now:12,.0f} {change.share:+8.1%}  {change.verdict}".rstrip())


def goals_of(growth: dict[str, float]) -> list[Goal]:
    """The goals for how things grow.

    Args:
        growth: Ratios, by name.
    """
    lines = [line for line in read_goals() if line.tier == "A"]
    return [
        Goal(line.row, growth[line.row], line.must, "", line.stretch, line.required)
        for line in lines
        if line.row in growth
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, and record if that was asked for.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if something is worse than its baseline, or grows faster than it may.
    """
    parser = argparse.ArgumentParser(description="Instructions, bytes and growth, beside a baseline.")
    parser.add_argument("--record", action="store_true", help="make these figures the baseline of this Python")
    given = parser.parse_args(arguments)
    kept = baseline.read()
    missing = why_not_counted()
    if missing is not None:
        print(f"without instructions: {missing}")
    found = measure()
    before = {} if kept is None else kept.figures
    counted, weighed = changes_of(before, found.instructions), changes_of(before, found.sizes)
    print_changes("instructions an operation", counted)
    print_changes("bytes", weighed)
    met = judge(goals_of(found.growth))
    if given.record:
        baseline.write(before | found.instructions | found.sizes)
        print(f"\nrecorded as the baseline of Python {baseline.VERSION}")
        return 0
    judged = list(weighed)
    if kept is None:
        print(f"\nno baseline for Python {baseline.VERSION}: make bench-baseline records one")
    elif kept.interpreter != sys.version:
        print(f"\ninstructions are not judged: the baseline is of {kept.interpreter}, this is {sys.version}")
    else:
        judged += counted
    worse = [change for change in judged if change.verdict == "WORSE"]
    if worse:
        print(f"\n{len(worse)} figures are more than {baseline.ALLOWED:.0%} above their baseline:")
        for change in worse:
            print(f"  {change.row} {change.share:+.1%}")
    elif any(change.verdict == "better" for change in judged):
        print("\nsome figures are better than their baseline: make bench-baseline keeps them so")
    return 1 if worse or not met else 0


if __name__ == "__main__":
    sys.exit(main())
