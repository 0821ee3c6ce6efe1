"""Calls from other threads into an event loop, and waiting there for what comes of them.

The one mechanism under ``client.threadsafe`` and ``query.sync``. Everything about a client happens in its loop: a
thread that wants something posts a function there, blocks, and takes the outcome. No lock is held meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import ClassVar, TypeVar

from ..base import option_checks as check
from ..base.errors import LoopError
from ..base.types import Duration
from ..runtime.eager import start_eagerly
from ..runtime.handle import Handle
from .listener_thread import ListenerThread
from .outcome import Outcome, Result

T = TypeVar("T")

GLANCE = 1.0
"""Seconds after which a thread that waits looks whether the loop is still there: a closed one forgets its calls."""


class Crossing(ABC):
    """The way from other threads into one event loop.

    Attributes:
        listeners: Where the listeners of other threads are called.
    """

    in_own_loop: ClassVar[str]
    """What is wrong with waiting in the loop itself, and what to do."""
    in_other_loop: ClassVar[str]
    """The same for a thread in which another loop runs."""

    def __init__(self) -> None:
        self.listeners: ListenerThread = ListenerThread()
        # asyncio holds tasks weakly
        self._following: set[asyncio.Task[None]] = set()

    @abstractmethod
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop.

        Raises:
            LoopError: There is none that would answer.
        """
        ...

    @abstractmethod
    def is_own(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether this is the loop.

        Args:
            loop: One that runs.
        """
        ...

    def post(self, function: Callable[[], object]) -> None:
        """Call *function* in the loop, some time soon. Allowed in every thread, since nobody waits.

        Args:
            function: Called without arguments; must not block.

        Raises:
            LoopError: There is no loop that would do it.
        """
        _post(self.loop(), function)

    def call(self, function: Callable[[], T]) -> T:
        """What *function* returns, for one that needs no running loop: it only reads or writes what is stored.

        Args:
            function: Called without arguments; must not block.

        Raises:
            LoopError: An event loop runs in this thread, or there is none that would answer.
        """
        return self.call_in_loop(function)

    def call_in_loop(self, function: Callable[[], T]) -> T:
        """What *function* returns, called in the loop.

        Args:
            function: Called without arguments; must not block.

        Raises:
            LoopError: An event loop runs in this thread, or there is none that would answer.
        """
        loop = self._loop_for_waiting()
        outcome: Outcome[T] = Outcome()

        def run() -> None:
            try:
                outcome.give(function())
            except BaseException as error:  # noqa: BLE001 - the caller is told; the loop is not to end for it
                outcome.fail(error)

        _post(loop, run)
        result = _next(loop, outcome, None)
        assert result is not None
        return result.take()

    def wait(self, start: Callable[[], Awaitable[T]], timeout: Duration | None = None) -> T:
        """What comes of that which *start* starts in the loop.

        Args:
            start: Called without arguments; must not block.
            timeout: How long to wait, from when it has started: what is there at once is returned in any case.

        Raises:
            TimeoutError: It took longer. What was started goes on; only this waiting has ended.
            OptionError: The timeout is no duration.
            LoopError: An event loop runs in this thread, or there is none that would answer.
        """
        limit = None if timeout is None else check.duration("timeout", timeout)
        loop = self._loop_for_waiting()
        outcome: Outcome[T] = Outcome()
        try:
            _post(loop, lambda: self._begin(loop, start, outcome))
            result = _next(loop, outcome, None) or _next(loop, outcome, limit)
        except BaseException as error:
            # too late or interrupted: a fetch counts its users, and this one has left
            with contextlib.suppress(LoopError):
                _post(loop, lambda: _stop_following(outcome))
            if isinstance(error, queue.Empty):
                raise TimeoutError(
                    f"there was no result within {limit} s. The call itself goes on: only this waiting has ended."
                ) from None
            raise
        assert result is not None
        return result.take()

    def refuse_loops(self) -> None:
        """Refuse to wait in a thread in which an event loop runs.

        Raises:
            LoopError: One does.
        """
        running = running_loop()
        if running is not None:
            raise LoopError(self.in_own_loop if self.is_own(running) else self.in_other_loop)

    def _loop_for_waiting(self) -> asyncio.AbstractEventLoop:
        self.refuse_loops()
        return self.loop()

    def _begin(self, loop: asyncio.AbstractEventLoop, start: Callable[[], Awaitable[T]], outcome: Outcome[T]) -> None:
        try:
            awaitable = start()
            if isinstance(awaitable, Handle) and awaitable.done():
                outcome.give(awaitable.result())
                return
        except BaseException as error:  # noqa: BLE001 - the caller is told; the loop is not to end for it
            outcome.fail(error)
            return
        task = start_eagerly(_follow(awaitable, outcome), loop=loop, context=copy_context(), name="a thread waits")
        self._following.add(task)
        task.add_done_callback(self._following.discard)
        outcome.take_a_while(task)


async def _follow(awaitable: Awaitable[T], outcome: Outcome[T]) -> None:
    try:
        value = await awaitable
    except asyncio.CancelledError:
        outcome.fail(LoopError("the event loop of this client ended while this thread waited."))
        raise
    except BaseException as error:  # noqa: BLE001 - the caller is told; the loop is not to end for it
        outcome.fail(error)
    else:
        outcome.give(value)


def _stop_following(outcome: Outcome[T]) -> None:
    if outcome.task is not None:
        outcome.task.cancel()


def _post(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(function)
    except RuntimeError as error:
        raise LoopError("the event loop of this client has ended, so nobody would answer.") from error


def _next(loop: asyncio.AbstractEventLoop, outcome: Outcome[T], limit: float | None) -> Result[T] | None:
    """The next piece of news, however long it takes; with a limit, ``queue.Empty`` if it takes longer."""
    end = None if limit is None else time.monotonic() + limit
    while True:
        left = GLANCE if end is None else end - time.monotonic()
        try:
            return outcome.next(max(0.0, min(left, GLANCE)))
        except queue.Empty:
            if end is not None and time.monotonic() >= end:
                raise
            if loop.is_closed():
                raise LoopError("the event loop of this client ended while this thread waited.") from None


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs in this thread."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
