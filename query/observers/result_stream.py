"""Results as an async iterator. Not upstream: what ``async for`` has in place of a hook."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from ..base.types import UNSET, Unset, Unsubscribe
from ..runtime.environment import Environment

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _Slot(Generic[T]):
    """Room for one result, the newest that nobody took. Apart from its stream, so that a dropped stream can end."""

    def __init__(self) -> None:
        self.newest: T | Unset = UNSET
        self.is_closed = False
        self.waiter: asyncio.Future[None] | None = None

    def put(self, result: T) -> None:
        self.newest = result
        self._wake()

    def close(self) -> None:
        self.is_closed = True
        self._wake()

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


class ResultStream(AsyncIterator[T_co], Generic[T_co]):
    """The results of an observer, one after the other: the present one first, then the newest at each step.

    Who is slow misses those in between; nothing piles up. It subscribes at the first step, or at ``async with``, and
    leaves when it is closed: at the end of ``async with``, by ``aclose``, when the task that waits for a result is
    cancelled, soon after everybody dropped it, and when the client is closed, which ends the iteration. ::

        async with observer.results() as results:
            async for result in results:
                ...

    Not made by users.
    """

    def __init__(
        self,
        environment: Environment,
        subscribe: Callable[[Callable[[T_co], object]], Unsubscribe],
        current: Callable[[], T_co],
    ) -> None:
        self._environment = environment
        self._subscribe = subscribe
        self._current = current
        self._slot: _Slot[T_co] = _Slot()
        self._leave: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __anext__(self) -> T_co:
        self._open()
        slot = self._slot
        if slot.waiter is not None:
            raise RuntimeError(
                "another task already waits for the next result of this stream. Give each task a stream of its own."
            )
        while isinstance(slot.newest, Unset) and not slot.is_closed:
            slot.waiter = asyncio.get_running_loop().create_future()
            try:
                await slot.waiter
            except BaseException:
                self.close()
                raise
            finally:
                slot.waiter = None
        result, slot.newest = slot.newest, UNSET
        if isinstance(result, Unset):
            self.close()
            raise StopAsyncIteration
        return result

    async def aclose(self) -> None:
        """Leave the observer. What iterates has come to its end."""
        self.close()

    def close(self) -> None:
        """The same as ``aclose``, which has nothing to wait for."""
        self._slot.close()
        self._slot.newest = UNSET
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def _open(self) -> None:
        if self._leave is not None or self._slot.is_closed:
            return
        self._loop = self._environment.bind()
        slot = self._slot
        unsubscribe = self._subscribe(slot.put)

        def end() -> None:
            slot.close()
            unsubscribe()

        forget = self._environment.on_close(end)

        def leave() -> None:
            unsubscribe()
            forget()

        self._leave = leave
        slot.put(self._current())

    def __del__(self) -> None:
        # "break" in a loop over a stream that nobody holds ends here: at any time, and perhaps in another thread
        if self._leave is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._leave)
