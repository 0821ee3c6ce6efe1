"""Gates: answers that wait until a test lets them go, so that what happens meanwhile can be looked at."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from .signals import Signal


class Gate:
    """Holds back the answers of a mock until it is released; no clock is involved.

    ::

        gate = mock.pause()
        task = asyncio.create_task(program())
        await mock.wait_called()
        assert program_is_loading()
        gate.release()

    As a context manager it is released at the end of the block.
    """

    def __init__(self) -> None:
        self._opened = Signal()
        self._thread = threading.get_ident()
        self._count = 0
        self._lock = threading.Lock()

    @property
    def is_released(self) -> bool:
        """Whether answers go through."""
        return self._opened.is_set

    @property
    def waiting(self) -> int:
        """How many answers it holds back now."""
        return self._count

    def release(self) -> None:
        """Let all answers go, those that wait and those to come. Does nothing the second time."""
        self._opened.set()

    def would_hang(self) -> bool:
        """Whether a sync caller that waits here would wait for itself: in the thread that has to release the gate."""
        return not self.is_released and threading.get_ident() == self._thread

    async def pass_through(self) -> None:
        """Wait for the release, as an async caller."""
        self._add(1)
        try:
            await self._opened.wait()
        finally:
            self._add(-1)

    def pass_through_sync(self) -> None:
        """Wait for the release, as a sync caller in a thread of its own."""
        self._add(1)
        try:
            self._opened.wait_sync()
        finally:
            self._add(-1)

    def _add(self, number: int) -> None:
        with self._lock:
            self._count += number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<Gate {'released' if self.is_released else 'closed'}, {self._count} waiting>"
