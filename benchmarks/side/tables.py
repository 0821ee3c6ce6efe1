"""Figures as text: on the screen, and in Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from goals import Goal, shown

from .rounds import Side, Sides
from .timing import ratios_of


def time_of(nanoseconds: float) -> str:
    """A time with three digits and its unit.

    Args:
        nanoseconds: The time.
    """
    for unit, size in (("ns", 1.0), ("us", 1e3), ("ms", 1e6)):
        if nanoseconds < size * 1e3:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds / 1e9:.3g} s"


def figure_of(side: Side, name: str) -> str:
    """The median of a row with its unit; a dash if the side has none.

    Args:
        side: Whose.
        name: Which row.
    """
    values = side.values.get(name)
    if not values:
        return "-"
    middle = statistics.median(values)
    unit = side.units[name]
    return time_of(middle) if unit == "ns" else f"{middle:,.0f} B" if unit == "bytes" else f"{middle:,.4g}"


class Line(tuple[str, str, str, str, str]):
    """A row of the table: name, Node's figure, ours, the ratio, and the ratios of the rounds."""

    __slots__ = ()


def lines_of(sides: Sides, names: Sequence[str]) -> Iterator[Line]:
    """The table of rows.

    Args:
        sides: Both sides.
        names: The rows.
    """
    for name in names:
        ours, theirs = sides.ours.values.get(name, []), sides.node.values.get(name, [])
        ratio, between = "", ""
        if ours and len(ours) == len(theirs):
            low, middle, high = ratios_of(ours, theirs)
            ratio, between = shown(middle), f"{shown(low)} .. {shown(high)}"
        yield Line((name, figure_of(sides.node, name), figure_of(sides.ours, name), ratio, between))


def print_lines(lines: Sequence[Line]) -> None:
    """Print the table.

    Args:
        lines: Its rows.
    """
    width = max((len(line[0]) for line in lines), default=0)
    print(f"{'':{width}} {'Node':>10} {'ours':>10} {'ratio':>8}   of the rounds")
    for name, node, ours, ratio, between in lines:
        print(f"{name:{width}} {node:>10} {ours:>10} {ratio:>8}   {between}")


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, whose first column is text and whose others are figures.

    Args:
        header: The titles.
        rows: The cells.
    """
    rule = ["---", *["---:" for _ in header[1:]]]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, rule, *rows)) + "\n"


def goal_cells(goal: Goal) -> list[str]:
    """A goal as cells: what, got, at most, better, verdict.

    Args:
        goal: The goal.
    """
    return [
        goal.what,
        f"{shown(goal.got)}{goal.unit}",
        f"{goal.limit:g}{goal.unit}",
        "" if goal.stretch is None else f"{goal.stretch:g}{goal.unit}",
        goal.verdict.strip(),
    ]
