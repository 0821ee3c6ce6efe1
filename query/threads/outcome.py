"""What comes of one call, on its way from the loop to the thread that waits."""

from __future__ import annotations

import asyncio
import queue
from typing import Generic, TypeVar

T = TypeVar("T")


class Result(Generic[T]):
    """A call that has ended.

    Args:
        value: What it came to, or
        error: what it raised.
    """

    __slots__ = ("_error", "_value")

    def __init__(self, value: T | None, error: BaseException | None = None) -> None:
        self._value = value
        self._error = error

    def take(self) -> T:
        """The value, or the error raised. To be called once.

        Raises:
            BaseException: What the call raised.
        """
        error, self._error = self._error, None
        if error is None:
            return self._value  # type: ignore[return-value]
        try:
            raise error
        finally:
            # the traceback of the error holds this frame
            del error


class Outcome(Generic[T]):
    """Where the loop puts the news of one call: that it has begun and takes a while, and what came of it.

    Attributes:
        task: Waits for it in the loop, if it takes a while.
    """

    __slots__ = ("_is_settled", "_news", "task")

    def __init__(self) -> None:
        self._news: queue.SimpleQueue[Result[T] | None] = queue.SimpleQueue()
        self._is_settled = False
        self.task: asyncio.Task[None] | None = None

    def give(self, value: T) -> None:
        """The call came to a value.

        Args:
            value: The value.
        """
        self._settle(Result(value))

    def fail(self, error: BaseException) -> None:
        """The call failed.

        Args:
            error: What it raised.
        """
        self._settle(Result(None, error))

    def take_a_while(self, task: asyncio.Task[None]) -> None:
        """The call has begun, and a task waits for what comes of it.

        Args:
            task: The task.
        """
        if not self._is_settled:
            self.task = task
            self._news.put(None)

    def next(self, timeout: float) -> Result[T] | None:
        """The next piece of news: None says that the call has begun.

        Args:
            timeout: Seconds.

        Raises:
            queue.Empty: There was none in time.
        """
        return self._news.get(timeout=timeout)

    def _settle(self, result: Result[T]) -> None:
        self._is_settled = True
        self._news.put(result)
