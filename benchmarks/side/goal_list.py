"""The goals of ``goals.toml``, and whether figures meet them."""

from __future__ import annotations

import statistics
import tomllib
from pathlib import Path
from typing import Any, Literal, NamedTuple

from goals import Goal

from .rounds import Sides
from .timing import ratios_of

FILE = Path(__file__).parent.parent / "goals.toml"


class GoalLine(NamedTuple):
    """One goal as it is written down.

    Attributes:
        row: Which figure of ours; for peers, what they all do.
        tier: "A" for what needs no Node, "B" for what is held beside Node, "C" for peers.
        against: By what the figure is divided: "node", "node:ROW", "ours:ROW", "peer:NAME", or "nothing".
        must: The most that the quotient may be.
        stretch: What it had better be.
        required: Which of the two was promised.
    """

    row: str
    tier: Literal["A", "B", "C"]
    against: str
    must: float
    stretch: float
    required: Literal["must", "stretch"]


def read_goals(path: Path = FILE) -> list[GoalLine]:
    """All goals.

    Args:
        path: Where they are written.
    """
    document: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text())
    return [GoalLine(**{"against": "node", "required": "must", **goal}) for goal in document["goal"]]


def goal_of(line: GoalLine, sides: Sides) -> Goal | None:
    """A goal with what was measured; None if that was not.

    Args:
        line: The goal.
        sides: The figures of both sides.
    """
    mine = sides.ours.values.get(line.row)
    if mine is None:
        return None
    side, _, other = line.against.partition(":")
    if side == "nothing":
        unit, size = sides.ours.units[line.row], 1.0
        if unit == "ns" and line.must >= 1e6:
            unit, size = "ms", 1e6
        got = statistics.median(mine) / size
        return Goal(line.row, got, line.must / size, f" {unit}".rstrip(), line.stretch / size, line.required)
    theirs = (sides.node if side == "node" else sides.ours).values.get(other or line.row)
    if theirs is None or len(theirs) != len(mine):
        return None
    what = f"{line.row}, over {'Node' if side == 'node' else 'our'}{f' {other}' if other else ''}"
    return Goal(what, ratios_of(mine, theirs)[1], line.must, "", line.stretch, line.required)
