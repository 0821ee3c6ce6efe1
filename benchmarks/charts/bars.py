"""One bar a row: how long ours takes, in times of Node."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from .svg import Drawing

NAMES = 360
WIDTH = 430
FIGURES = 130
ROW = 20
TOP = 66
BAR = 13


class Bar(NamedTuple):
    """A row of the chart.

    Attributes:
        name: Which row.
        ratio: Ours, in times of Node.
        is_memory: Whether it is of bytes.
    """

    name: str
    ratio: float
    is_memory: bool = False


def told(bar: Bar) -> str:
    """A ratio in words: how many times as fast or as slow, or as little or as much.

    Args:
        bar: The row.
    """
    times = 1 / bar.ratio if bar.ratio < 1 else bar.ratio
    better, worse = ("less", "more") if bar.is_memory else ("faster", "slower")
    return f"{times:,.{0 if times >= 10 else 1}f}x {better if bar.ratio < 1 else worse}"


def draw(bars: Sequence[Bar]) -> str:
    """The chart.

    Args:
        bars: Its rows.
    """
    least = min(-1, math.floor(min(math.log10(bar.ratio) for bar in bars)))
    most = max(1, math.ceil(max(math.log10(bar.ratio) for bar in bars)))
    height = TOP + ROW * len(bars) + 30
    drawing = Drawing(NAMES + WIDTH + FIGURES, height, "Time or memory of query, in times of TanStack Query on Node")

    def at(exponent: float) -> float:
        return NAMES + WIDTH * (exponent - least) / (most - least)

    drawing.text(16, 24, "query beside TanStack Query on Node", "title")
    means = "Time or memory in times of Node, each decade as wide as the other; left of 1 is less."
    drawing.text(16, 42, means, "small faint")
    bottom = TOP + ROW * len(bars)
    for exponent in range(least, most + 1):
        drawing.line(at(exponent), TOP - 6, at(exponent), bottom, "one" if exponent == 0 else "grid")
        words = f"{10**exponent:g}" if exponent >= -3 else f"1/{10**-exponent:,}"
        drawing.text(at(exponent), bottom + 16, words, "small faint", "middle")
    for number, bar in enumerate(bars):
        y = TOP + ROW * number
        left, right = sorted((at(0), at(math.log10(bar.ratio))))
        kind = "ours" if bar.ratio < 1 else "slower"
        drawing.text(NAMES - 10, y + BAR - 1, bar.name, "small", "end")
        drawing.box(left, y + 1, max(right - left, 1), BAR, kind, f"{bar.name}: {bar.ratio:.3g}")
        drawing.text(NAMES + WIDTH + 10, y + BAR - 1, told(bar), "small")
    return str(drawing)
