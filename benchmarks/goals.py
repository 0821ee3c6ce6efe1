"""What the benchmarks share: a command line, figures with their goals, and a verdict that is computed from both."""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple


class Goal(NamedTuple):
    """A figure and what it may be at most.

    Attributes:
        what: Which figure.
        got: What was measured.
        limit: The most that it may be.
        unit: What both are in, with a space before it; empty for ratios.
        stretch: What it had better be; None if there is no such thing.
        required: Which of the two was promised.
    """

    what: str
    got: float
    limit: float
    unit: str = ""
    stretch: float | None = None
    required: Literal["must", "stretch"] = "must"

    @property
    def is_met(self) -> bool:
        """Whether the figure is within what was promised."""
        return self.got <= (self.limit if self.stretch is None or self.required == "must" else self.stretch)

    @property
    def verdict(self) -> str:
        """What is met, in words of the same length."""
        if self.stretch is None:
            return "met    " if self.is_met else "NOT MET"
        if self.got <= self.stretch:
            return "met stretch"
        if self.got > self.limit:
            return "NOT MET    "
        return "met must   " if self.is_met else "MUST ONLY  "


def judge(goals: Sequence[Goal]) -> bool:
    """Print each goal with its verdict.

    Args:
        goals: The goals.

    Returns:
        Whether all are met.
    """
    print()
    for goal in goals:
        better = "" if goal.stretch is None else f", better {goal.stretch:g}{goal.unit}"
        print(f"{goal.verdict}  {goal.what}: {shown(goal.got)}{goal.unit}, at most {goal.limit:g}{goal.unit}{better}")
    return all(goal.is_met for goal in goals)


def command_line(description: str, rounds: int, of_what: str) -> argparse.ArgumentParser:
    """A parser with ``--rounds`` and ``--check``.

    Args:
        description: What is measured.
        rounds: How many rounds without a word.
        of_what: What a round is, for the help.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=rounds, help=of_what)
    parser.add_argument("--check", action="store_true", help="fail if a goal is not met")
    return parser


def exit_code(goals: Sequence[Goal], given: argparse.Namespace) -> int:
    """Print each goal with its verdict.

    Args:
        goals: The goals.
        given: What ``command_line`` parsed.

    Returns:
        1 if a goal is not met and ``--check`` was given.
    """
    met = judge(goals)
    return 1 if given.check and not met else 0


def shown(value: float) -> str:
    """A figure with three or four digits.

    Args:
        value: The figure.
    """
    if 0 < value < 0.1:
        return f"{value:.2g}"
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 2 else 3}f}"


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Between what the middle half lies, and the median in between.

    Args:
        values: Any number of values, at least one.
    """
    if len(values) < 4:
        return min(values), statistics.median(values), max(values)
    low, middle, high = statistics.quantiles(values, n=4)
    return low, middle, high


def environ_of_child(directory: Path) -> dict[str, str]:
    """The environment of a pytest process: no settings of this one, no plugins but those named, byte code kept.

    Args:
        directory: Where the byte code goes.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPYCACHEPREFIX": str(directory / "byte-code")}


@contextmanager
def no_collection() -> Iterator[None]:
    """Time without the garbage collector, as timeit does: when it runs depends on what ran before."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
