"""Something that happens once, and that threads and tasks of any event loop can wait for."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel


class Signal:
    """Set once, from any thread; waited for by threads and by tasks of asyncio and trio."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._event = threading.Event()
        self._wakers: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._event.is_set()

    def set(self) -> None:
        """It has happened: let everyone go on. Does nothing the second time."""
        with self._lock:
            wakers, self._wakers = self._wakers, []
            self._event.set()
        for wake in wakers:
            wake()

    def wait_sync(self, timeout: float | None = None) -> bool:
        """Wait in this thread.

        Args:
            timeout: Seconds; None for as long as it takes.

        Returns:
            Whether it has happened.
        """
        return self._event.wait(timeout)

    async def wait(self) -> None:
        """Wait in this task."""
        event = anyio.Event()
        wake = _waker(event)
        with self._lock:
            if self._event.is_set():
                return
            self._wakers.append(wake)
        try:
            await event.wait()
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._wakers.remove(wake)


def _waker(event: anyio.Event) -> Callable[[], None]:
    """Sets *event* from any thread, in the loop that runs now."""
    token: Any = anyio.lowlevel.current_token()
    # the loop of asyncio, or trio's token
    native = getattr(token, "native_token", token)
    soon = getattr(native, "call_soon_threadsafe", None) or native.run_sync_soon

    def wake() -> None:
        # a loop that is closed has nobody left who waits
        with contextlib.suppress(RuntimeError):
            soon(event.set)

    return wake
