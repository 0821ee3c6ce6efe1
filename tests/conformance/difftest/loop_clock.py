"""The clock of a run: virtual time of the deterministic loop, dated as the scenario says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from .deterministic_loop import DeterministicLoop


class LoopClock:
    """A ``query`` clock that follows a deterministic loop.

    Args:
        loop: Moves time.
        start_ms: The date at which the loop was made, in milliseconds since the epoch.
    """

    def __init__(self, loop: DeterministicLoop, start_ms: int) -> None:
        self._loop, self._start_us = loop, start_ms * 1000

    def time(self) -> float:
        return (self._start_us + self._loop.now_us) / 1_000_000

    def monotonic(self) -> float:
        return self._loop.time()

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any) -> asyncio.TimerHandle:
        return self._loop.call_later(delay, callback, *args)

    async def sleep(self, delay: float) -> None:
        await self._loop.sleep(delay)

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return (self._start_us + self._loop.now_us + 500) // 1000
