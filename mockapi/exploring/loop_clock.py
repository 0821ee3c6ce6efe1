"""The time of a loop, for query clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..clock.virtual_clock import START
from .loop import DeterministicLoop


class LoopClock:
    """A clock that goes by a loop; ``timeout_manager.using(LoopClock(loop))`` lets clients go by it.

    Args:
        loop: The loop.
    """

    def __init__(self, loop: DeterministicLoop) -> None:
        self._loop = loop

    def time(self) -> float:
        """Seconds since the epoch; the same beginning for each loop."""
        return _BEGINNING + self._loop.time()

    def monotonic(self) -> float:
        """Seconds since the loop was made."""
        return self._loop.time()

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> asyncio.TimerHandle:
        """Call *callback* after *delay* seconds.

        Args:
            delay: Seconds.
            callback: Called with *args*.
            *args: Its arguments.
        """
        return self._loop.call_later(delay, callback, *args)

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        await asyncio.sleep(delay)


_BEGINNING = START.timestamp()
