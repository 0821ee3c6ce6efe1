"""A clock that moves only when a test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math

MICROSECONDS = 1_000_000
TURNS = 10_000


class VirtualTimer:
    """A timer of a ``VirtualClock``."""

    def __init__(self, deadline, callback, args):
        self.deadline = deadline
        self.callback = callback
        self.args = args
        self.cancelled = False

    def cancel(self):
        """Forget it. Harmless when it has fired."""
        self.cancelled = True


class VirtualClock:
    """A ``query.Clock`` for the timers of one loop. Time stands still except in ``advance``.

    Whole microseconds inside, so that "29.999 s and 0.001 s" is exactly 30 s. A timer without delay is due at once and
    fires on a turn of the loop, as asyncio's own do, without any ``advance``.
    """

    def __init__(self, start=1_700_000_000.0):
        self._now = 0
        self._wall = round(start * MICROSECONDS)
        self._timers = []
        self._number = itertools.count()

    def time(self):
        """Seconds since the epoch."""
        return (self._wall + self._now) / MICROSECONDS

    def monotonic(self):
        """Seconds since this clock was made."""
        return self._now / MICROSECONDS

    def set_time(self, seconds):
        """Set the wall clock, forward or back. Fires and delays no timer."""
        self._wall = round(seconds * MICROSECONDS) - self._now

    def call_later(self, delay, callback, *args):
        """Call *callback* after *delay* seconds; ``math.inf`` never comes."""
        loop = asyncio.get_running_loop()
        wait = max(0, round(delay * MICROSECONDS)) if delay < math.inf else math.inf
        timer = VirtualTimer(self._now + wait, callback, args)
        # the number keeps equal deadlines in the order in which they were set, which asyncio's own heap does not
        heapq.heappush(self._timers, (timer.deadline, next(self._number), timer))
        if not wait:
            loop.call_soon(self._fire_one, self._now)
        return timer

    async def sleep(self, delay):
        """Return after *delay* seconds."""
        woken = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay, lambda: None if woken.done() else woken.set_result(None))
        try:
            await woken
        finally:
            timer.cancel()

    def pending(self):
        """Seconds from now to each timer that is set, soonest first."""
        return [(deadline - self._now) / MICROSECONDS for deadline, _, t in sorted(self._timers) if not t.cancelled]

    async def advance(self, seconds=0.0):
        """Let *seconds* pass: fire what becomes due, one timer at a time, and let the loop settle after each.

        What a callback raises comes out here.
        """
        await self.settle()
        target = self._now + round(seconds * MICROSECONDS)
        for _ in range(TURNS):
            if not self._fire_one(target):
                self._now = target
                return
            await self.settle()
        raise AssertionError(f"more than {TURNS} timers fired in one advance: a timer sets itself again without delay")

    async def settle(self):
        """Let the loop run until nobody has anything left to do but wait. No time passes."""
        loop = asyncio.get_running_loop()
        quiet = 0
        for _ in range(TURNS):
            await asyncio.sleep(0)
            # twice, since what arrives from outside comes in between two turns
            quiet = 0 if loop._ready else quiet + 1
            if quiet == 2:
                return
        raise AssertionError(f"the loop did not settle in {TURNS} turns: something runs without ever waiting")

    def _fire_one(self, target):
        while self._timers and self._timers[0][0] <= target:
            deadline, _, timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                self._now = max(self._now, deadline)
                timer.cancelled = True
                timer.callback(*timer.args)
                return True
        return False
