"""Instants in whole microseconds, and timers in the order in which they fire."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable

from query.base.types import MICROSECONDS, Duration, seconds

NEVER = 1 << 62
"""The instant of a timer at infinity, as ``anyio.sleep_forever`` sets one."""
_ROUNDING = 0.01


def in_microseconds(duration: Duration) -> int:
    """A duration as a whole number of microseconds, never shorter than it was.

    Ten times 0.1 s is 1 s here, and 29.999 s before 30 s is before it: with floats neither is sure.

    Args:
        duration: Seconds or a timedelta; ``math.inf`` is ``NEVER``.

    Raises:
        ValueError: It is not a number.
    """
    exact = seconds(duration) * MICROSECONDS
    if math.isnan(exact):
        raise ValueError("a duration is nan; expected seconds such as 30 or 0.5, or a timedelta.")
    if exact >= NEVER:
        return NEVER
    nearest = round(exact)
    return nearest if abs(exact - nearest) < _ROUNDING else math.ceil(exact)


class VirtualTimer:
    """A timer on a timeline.

    Args:
        due: The instant, in microseconds.
        callback: Called then, with *args*.
        args: Its arguments.
    """

    __slots__ = ("args", "callback", "due", "is_cancelled")

    def __init__(self, due: int, callback: Callable[..., object], args: tuple[object, ...]) -> None:
        self.due = due
        self.callback = callback
        self.args = args
        self.is_cancelled = False

    def cancel(self) -> None:
        """Forget it. Harmless when it has fired."""
        self.is_cancelled = True

    def fire(self) -> None:
        """Call what it was set for."""
        self.is_cancelled = True
        self.callback(*self.args)


class Timeline:
    """Timers, soonest first; those of one instant in the order in which they were set."""

    def __init__(self) -> None:
        self._timers: list[tuple[int, int, VirtualTimer]] = []
        self._number = itertools.count()

    def add(self, timer: VirtualTimer) -> None:
        """Set a timer.

        Args:
            timer: The timer.
        """
        heapq.heappush(self._timers, (timer.due, next(self._number), timer))

    @property
    def due(self) -> int | None:
        """The instant of the next timer; None if there is none, or none that ever comes."""
        while self._timers and self._timers[0][2].is_cancelled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers and self._timers[0][0] < NEVER else None

    def pop(self, until: int) -> VirtualTimer | None:
        """Take the next timer, if it is due.

        Args:
            until: The instant, in microseconds.
        """
        due = self.due
        return heapq.heappop(self._timers)[2] if due is not None and due <= until else None

    @property
    def pending(self) -> list[VirtualTimer]:
        """All that are set, soonest first."""
        return [timer for _, _, timer in sorted(self._timers, key=lambda entry: entry[:2]) if not timer.is_cancelled]
