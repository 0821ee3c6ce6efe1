"""Rounds of both sides: the whole of one, then the whole of the other, and in the next round the other way about.

A machine that others use is not equally fast all the time. So what counts is the ratio within one round, and of all
rounds its median; times are shown to say how much is at stake.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .catalog import ROWS
from .row import Row

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
REFERENCE = ROOT / "tests" / "conformance" / "node_modules" / "@tanstack" / "query-core" / "package.json"
TIMEOUT = 600


class Side:
    """One side's figures, a value a round for each row.

    Attributes:
        runtime: What ran.
        values: By row.
        units: By row: "ns", "bytes" or "".
        wrong: By row: why its figures mean nothing.
    """

    def __init__(self) -> None:
        self.runtime = ""
        self.values: dict[str, list[float]] = {}
        self.units: dict[str, str] = {}
        self.wrong: dict[str, str] = {}

    def add(self, told: dict[str, Any]) -> None:
        """Take in what a process printed.

        Args:
            told: Its JSON.
        """
        self.runtime = told["runtime"]
        for name, figure in told["figures"].items():
            if "wrong" in figure:
                self.wrong[name] = figure["wrong"]
            else:
                self.values.setdefault(name, []).append(figure["median"])
                self.units[name] = figure["unit"]


class Sides(NamedTuple):
    """Both sides.

    Attributes:
        ours: `query`.
        node: TanStack Query; without values where there is no Node.
    """

    ours: Side
    node: Side


def why_no_node() -> str | None:
    """Why TanStack Query cannot be run here; None if it can."""
    if shutil.which("node") is None:
        return "there is no node on the PATH"
    if not REFERENCE.exists():
        return "query-core is not installed; make reference does it"
    return None


def processes_of(rows: Sequence[Row]) -> list[list[str]]:
    """The names of rows that share a process, process by process.

    Args:
        rows: Which.
    """
    shared = [row.name for row in rows if not row.topic.fresh]
    alone: dict[type, list[str]] = {}
    for row in rows:
        if row.topic.fresh:
            alone.setdefault(row.topic, []).append(row.name)
    return [names for names in (shared, *alone.values()) if names]


def _told_by(command: Sequence[str]) -> dict[str, Any]:
    environ = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{HERE.parent}", "NODE_ENV": "production"}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)[:200]} ended with {ended.returncode}:\n{ended.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def ours(names: Collection[str], python: str = sys.executable) -> dict[str, Any]:
    """Run rows of ours in a process.

    Args:
        names: Which.
        python: With which interpreter.
    """
    return _told_by([python, "-m", "side.worker", "--rows", ",".join(names)])


def node(names: Collection[str]) -> dict[str, Any]:
    """Run rows of TanStack Query in a process.

    Args:
        names: Which.
    """
    return _told_by(["node", "--expose-gc", str(HERE / "node" / "main.mjs"), "--rows", ",".join(names)])


def chosen(only: str) -> list[Row]:
    """The rows whose name has one of some parts in it.

    Args:
        only: The parts, with commas between; empty for all rows.

    Raises:
        ArgumentTypeError: There is no such row.
    """
    parts = [part for part in only.split(",") if part]
    rows = [row for row in ROWS if not parts or any(part in row.name for part in parts)]
    if not rows:
        raise argparse.ArgumentTypeError(f"no row has {only!r} in its name; benchmarks/results.md has all names")
    return rows


def troubles_of(sides: Sides, rows: Sequence[Row]) -> list[str]:
    """Lines about rows whose figures mean nothing, or that Node does not have though it should.

    Args:
        sides: What was measured.
        rows: Which rows were.
    """
    lines = [f"{name} of {side.runtime}: {why}" for side in sides for name, why in side.wrong.items()]
    if sides.node.runtime:
        known = sides.node.values.keys() | sides.node.wrong.keys()
        wanted = [row.name for row in rows if not row.topic.is_ours_alone]
        lines += [f"{name} has no row in node/" for name in wanted if name not in known]
    return lines


def missing_packages(rows: Sequence[Row]) -> list[str]:
    """Packages that rows need and that are not installed.

    Args:
        rows: Which.
    """
    needed = sorted({row.topic.needs for row in rows if row.topic.needs is not None})
    return [name for name in needed if importlib.util.find_spec(name) is None]


def run_rounds(rows: Sequence[Row], rounds: int, told: Callable[[str], None]) -> Sides:
    """Run rows on both sides, in turn.

    Args:
        rows: Which.
        rounds: How many rounds.
        told: Called with a line after each.
    """
    sides = Sides(Side(), Side())
    missing = missing_packages(rows)
    rows = [row for row in rows if row.topic.needs not in missing]
    with_node = why_no_node() is None
    alone = {row.name for row in rows if row.topic.is_ours_alone}

    def run_ours() -> None:
        for names in processes_of(rows):
            sides.ours.add(ours(names))

    def run_node() -> None:
        for names in processes_of([row for row in rows if row.name not in alone]):
            sides.node.add(node(names))

    for number in range(rounds):
        order = [run_ours, run_node] if with_node else [run_ours]
        for run in order if number % 2 else reversed(order):
            run()
        told(f"round {number + 1} of {rounds} is done")
    return sides
