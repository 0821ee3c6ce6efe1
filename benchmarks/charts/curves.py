"""How long something takes, by the number of things: a plot a row, with both sides, each decade as wide as the other.

The slope is what counts: 0 for what does not mind the number, 1 for what takes ten times as long with ten times as
many.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from side.tables import time_of

from .svg import Drawing

PLOT = 250
HIGH = 170
LEFT = 62
GAP = 74
TOP = 70
ABOVE = 26
BELOW = 62
COLUMNS = 3
LEAST = 760

Points = Mapping[int, float]
"""Nanoseconds, by the number of things."""


class Plot(NamedTuple):
    """One plot.

    Attributes:
        title: What is done.
        ours: Our times.
        theirs: Those of Node; empty where there is none.
    """

    title: str
    ours: Points
    theirs: Points


def slope(points: Points) -> float:
    """How much steeper than flat: the exponent of growth, by least squares.

    Args:
        points: At least two.
    """
    xs = [math.log10(number) for number in points]
    ys = [math.log10(taken) for taken in points.values()]
    return statistics.linear_regression(xs, ys).slope


def _named(number: int) -> str:
    return f"{number // 1000}k" if number >= 1000 else str(number)


def _draw_plot(drawing: Drawing, plot: Plot, x: float, y: float) -> None:
    sides = [(points, kind) for points, kind in ((plot.theirs, "theirs"), (plot.ours, "ours")) if points]
    numbers = sorted(plot.ours)
    taken = [figure for points, _ in sides for figure in points.values()]
    least = math.floor(math.log10(min(taken)))
    # a curve that is flat is to look so
    most = max(math.ceil(math.log10(max(taken))), least + 3)

    def at(number: int, figure: float) -> tuple[float, float]:
        share = (math.log10(number) - math.log10(numbers[0])) / (math.log10(numbers[-1]) - math.log10(numbers[0]))
        return x + PLOT * share, y + HIGH * (1 - (math.log10(figure) - least) / (most - least))

    drawing.text(x, y - 10, plot.title, "")
    for exponent in range(least, most + 1):
        height = at(numbers[0], 10.0**exponent)[1]
        drawing.line(x, height, x + PLOT, height, "grid")
        drawing.text(x - 6, height + 4, time_of(10.0**exponent), "small faint", "end")
    for number in numbers:
        across = at(number, 10.0**least)[0]
        drawing.line(across, y, across, y + HIGH, "grid")
        drawing.text(across, y + HIGH + 16, _named(number), "small faint", "middle")
    for points, kind in sides:
        drawing.curve([at(number, figure) for number, figure in sorted(points.items())], kind)
    words = [("ours", f"ours: slope {slope(plot.ours):.2f}")]
    if plot.theirs:
        words.append(("theirs", f"Node: slope {slope(plot.theirs):.2f}"))
    for number, (kind, label) in enumerate(words):
        drawing.text(x + number * (PLOT / 2), y + HIGH + 34, label, f"small {kind}")


def draw(title: str, things: str, plots: Sequence[Plot]) -> str:
    """The chart: plots side by side, three in a row of them.

    Args:
        title: What all of them show.
        things: What there are more and more of.
        plots: The plots.
    """
    columns = min(COLUMNS, len(plots))
    lines = math.ceil(len(plots) / columns)
    width = max(LEFT + columns * PLOT + (columns - 1) * GAP + 30, LEAST)
    each = ABOVE + HIGH + BELOW
    drawing = Drawing(width, TOP + lines * each, title)
    drawing.text(16, 26, title, "title")
    means = "Slope 0: their number does not matter; 1: ten times as many take ten times as long."
    drawing.text(16, 44, f"By the number of {things}. {means}", "small faint")
    for number, plot in enumerate(plots):
        line, column = divmod(number, columns)
        _draw_plot(drawing, plot, LEFT + column * (PLOT + GAP), TOP + ABOVE + line * each)
    return str(drawing)
