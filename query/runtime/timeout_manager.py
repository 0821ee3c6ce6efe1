"""All time comes from here: nothing else in the package reads a clock or sets a timer.

Source: timeoutManager.ts. Differs: the provider is a ``Clock``, which also tells the time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from .clock import Clock, SystemClock, TimerHandle
from .reporting import logger


class Interval:
    """A timer that fires again and again, each time measured from the last."""

    def __init__(self, clock: Clock, delay: float, callback: Callable[[], object]) -> None:
        self._clock = clock
        self._delay = delay
        self._callback = callback
        self._handle: TimerHandle | None = clock.call_later(delay, self._fire)

    def _fire(self) -> None:
        self._handle = self._clock.call_later(self._delay, self._fire)
        self._callback()

    def cancel(self) -> None:
        """Stop it."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class TimeoutManager:
    """Tells the time and sets timers, by a clock that can be replaced.

    Args:
        clock: Where time comes from; the machine's by default.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock: Clock = clock or SystemClock()
        self._used = False

    @property
    def clock(self) -> Clock:
        """The clock in use."""
        return self._clock

    def set_clock(self, clock: Clock) -> None:
        """Take time from another clock.

        Do it before the first timer is set: timers of the old clock stay there. A late change is logged.

        Args:
            clock: The new one.

        Source: timeoutManager.ts, setTimeoutProvider.
        """
        if clock is self._clock:
            return
        if self._used:
            logger.error("the clock was replaced after timers had been set; those stay with the old clock")
        self._clock = clock
        self._used = False

    @contextmanager
    def using(self, clock: Clock) -> Generator[None]:
        """Take time from another clock within the block, as a test does. Timers that were set before stay put.

        Args:
            clock: That clock.
        """
        before = self._clock, self._used
        self._clock, self._used = clock, False
        try:
            yield
        finally:
            self._clock, self._used = before

    def time(self) -> float:
        """Seconds since the epoch."""
        return self._clock.time()

    def set_timeout(self, callback: Callable[[], object], delay: float) -> TimerHandle:
        """Call *callback* once, on the running loop.

        Args:
            callback: A function without arguments.
            delay: Seconds.

        Returns:
            The timer, for ``clear_timeout``.
        """
        self._used = True
        return self._clock.call_later(delay, callback)

    def clear_timeout(self, timer: TimerHandle | None) -> None:
        """Forget a timer.

        Args:
            timer: What ``set_timeout`` returned; None does nothing.
        """
        if timer is not None:
            timer.cancel()

    def set_interval(self, callback: Callable[[], object], delay: float) -> Interval:
        """Call *callback* again and again, on the running loop.

        Args:
            callback: A function without arguments.
            delay: Seconds between two calls.

        Returns:
            The timer, for ``clear_interval``.
        """
        self._used = True
        return Interval(self._clock, delay, callback)

    def clear_interval(self, timer: Interval | None) -> None:
        """Stop an interval.

        Args:
            timer: What ``set_interval`` returned; None does nothing.
        """
        if timer is not None:
            timer.cancel()

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        self._used = True
        await self._clock.sleep(delay)


timeout_manager: TimeoutManager = TimeoutManager()
"""The process-wide one, used by clients that have no clock of their own."""
