"""What time it is, and waking up later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    """A timer that was set."""

    def cancel(self) -> None:
        """Forget it. Harmless when it has fired."""
        ...


class Clock(Protocol):
    """Where a client takes its time from. Give it another one to test hours in milliseconds."""

    def time(self) -> float:
        """Seconds since the epoch: what data is dated with."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back: what delays are measured with."""
        ...

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> TimerHandle:
        """Call *callback* after *delay* seconds, on the running loop.

        Args:
            delay: Seconds.
            callback: Called with *args*.
            *args: Its arguments.
        """
        ...

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        ...


class SystemClock:
    """The machine's clocks and the running loop's timers."""

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> TimerHandle:
        """Call *callback* after *delay* seconds, on the running loop.

        Args:
            delay: Seconds.
            callback: Called with *args*.
            *args: Its arguments.

        Raises:
            RuntimeError: No loop runs.
        """
        return asyncio.get_running_loop().call_later(delay, callback, *args)

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        await asyncio.sleep(delay)
