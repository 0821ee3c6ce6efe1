"""Runs a function until it succeeds: with retries, pauses while there is no network, and can be cancelled.

Source: retryer.ts. Differs: the attempts run in one task of the client, which a cancel really stops; a pause that is
cancelled ends instead of being abandoned.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Literal, TypeVar, cast

import msgspec

from ..base.errors import QueryCancelledError, QueryError
from ..base.options import RetryDelay, RetryPolicy
from ..base.types import NetworkMode, Unset, seconds
from ..base.values import given
from .environment import Environment

T = TypeVar("T")


def default_retry_delay(failure_count: int, error: Exception) -> float:
    """Seconds before the next attempt: 1, 2, 4, ... up to 30.

    Args:
        failure_count: Failures so far, from 0.
        error: The last one's error; not looked at.
    """
    return float(min(2 ** min(failure_count, 5), 30))


class RetryerConfig(msgspec.Struct, Generic[T], kw_only=True):
    """What to run, how, and whom to tell.

    Attributes:
        environment: The client's loop, clock and signals.
        name: What runs, for messages.
        function: The attempt; plain or async.
        first: An awaitable to use for the first attempt instead.
        retry: Whether to try again.
        retry_delay: How long to wait before.
        network_mode: What a missing network means.
        can_run: Whether it is this run's turn.
        on_cancel: Told of a cancellation after the outcome is set and before the task is stopped.
        on_fail: Told of each failure that is followed by another attempt.
        on_pause: Told when the run waits for the network.
        on_continue: Told when it goes on.
    """

    environment: Environment
    name: str
    function: Callable[[], Awaitable[T] | T]
    retry: RetryPolicy | Unset | None
    retry_delay: RetryDelay | Unset | None
    network_mode: NetworkMode
    on_fail: Callable[[int, Exception], None]
    on_pause: Callable[[], None]
    on_continue: Callable[[], None]
    first: Awaitable[T] | None = None
    can_run: Callable[[], bool] | None = None
    on_cancel: Callable[[QueryCancelledError], None] | None = None


class Retryer(Generic[T]):
    """One run of a function, from its first attempt to its outcome.

    Args:
        config: What to run.

    Attributes:
        promise: The outcome.

    Raises:
        LoopError: No loop runs, or another one than the client's.
    """

    def __init__(self, config: RetryerConfig[T]) -> None:
        self._config = config
        self._environment = config.environment
        self.promise: asyncio.Future[T] = self._environment.bind().create_future()
        self._task: asyncio.Task[None] | None = None
        self._failure_count = 0
        self._retry_cancelled = False
        self._gate: asyncio.Future[None] | None = None
        self._may_resume: Callable[[], bool] = self.can_start

    @property
    def status(self) -> Literal["pending", "resolved", "rejected"]:
        """Whether there is an outcome, and which."""
        if not self.promise.done():
            return "pending"
        return "resolved" if self.promise.exception() is None else "rejected"

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        config = self._config
        return self._environment.can_start(config.network_mode) and (config.can_run is None or config.can_run())

    def can_continue(self) -> bool:
        """Whether focus, network and turn allow another attempt now."""
        config = self._config
        return self._environment.can_continue(config.network_mode) and (config.can_run is None or config.can_run())

    def start(self) -> asyncio.Future[T]:
        """Make the first attempt, or wait until it may be made. The function is called before this returns.

        Does nothing if the run was cancelled before.
        """
        if self.promise.done():
            return self.promise
        self._task = self._environment.spawn(self._run(), self._config.name)
        if self.promise.done():
            self._stop()
        return self.promise

    def cancel(self, *, revert: bool = False, silent: bool = False, cause: BaseException | None = None) -> None:
        """End the run with a ``QueryCancelledError``. Does nothing once there is an outcome.

        Args:
            revert: The query is to go back to its state from before.
            silent: Nobody is meant to see it.
            cause: Why, if another exception led to it.
        """
        if self.promise.done():
            return
        error = QueryCancelledError(revert=revert, silent=silent)
        error.__cause__ = cause
        self._reject(error)
        if self._config.on_cancel is not None:
            self._config.on_cancel(error)
        self._stop()

    def cancel_retry(self) -> None:
        """Let the attempt under way be the last one."""
        self._retry_cancelled = True

    def continue_retry(self) -> None:
        """Allow further attempts again."""
        self._retry_cancelled = False

    def continue_(self) -> asyncio.Future[T]:
        """Go on if the run is paused and may; the outcome."""
        gate = self._gate
        if gate is not None and not gate.done() and self._may_resume():
            gate.set_result(None)
        return self.promise

    async def _run(self) -> None:
        try:
            await self._attempts()
        except asyncio.CancelledError as stop:
            # ours: the outcome is there. The loop's, or the function's own: nobody asked for it, so undo the fetch
            task = asyncio.current_task()
            if self.promise.done() or (task is not None and task.cancelling()):
                self.cancel(revert=True, cause=stop)
                raise
            self.cancel(revert=True, cause=stop)
        except BaseException as error:
            # what no program catches (a failed test, an exit) must reach the waiters, not hang them; unless this is
            # garbage of a loop that has ended, and nobody left to tell
            if not self.promise.done() and not self.promise.get_loop().is_closed():
                self._reject(error)
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise

    async def _attempts(self) -> None:
        if not self.can_start():
            await self._pause(self.can_start)
        config = self._config
        while not self.promise.done():
            try:
                attempt: Any = config.function() if config.first is None or self._failure_count else config.first
                result: T = await attempt if inspect.isawaitable(attempt) else attempt
            except Exception as error:  # noqa: BLE001 - any failure of the function is its outcome
                if self.promise.done():
                    return
                if not await self._wait_to_retry(error):
                    self._reject(error)
            else:
                if not self.promise.done():
                    self.promise.set_result(result)

    async def _wait_to_retry(self, error: Exception) -> bool:
        """Whether another attempt follows; returns when it is time."""
        config = self._config
        wait = given(config.retry_delay, cast("RetryDelay", default_retry_delay))
        delay = seconds(wait(self._failure_count, error) if callable(wait) else wait)
        retry = given(config.retry, cast("RetryPolicy", 0 if self._environment.is_server else 3))
        # True is no number of retries: it means for ever
        if callable(retry):
            wanted = bool(retry(self._failure_count, error))
        else:
            wanted = retry if isinstance(retry, bool) else self._failure_count < retry
            # Differs: upstream knows no error that stays one
            wanted = wanted and not (isinstance(error, QueryError) and not error.retryable)
        if self._retry_cancelled or not wanted:
            return False
        if self._task is None:
            # still inside the call that starts the run: who makes it is to see it under way before it fails
            await asyncio.sleep(0)
        self._failure_count += 1
        config.on_fail(self._failure_count, error)
        if self.promise.done():
            return True
        await self._environment.sleep(delay)
        if not self.can_continue():
            await self._pause(self.can_continue)
        return not self._retry_cancelled

    async def _pause(self, may_resume: Callable[[], bool]) -> None:
        self._may_resume = may_resume
        self._gate = self._environment.bind().create_future()
        self._config.on_pause()
        if self.promise.done():
            return
        try:
            await self._gate
        finally:
            self._gate = None
        self._config.on_continue()

    def _reject(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            # a future cannot hold one: it would end the generator that waits for it
            wrapped = RuntimeError(f"{self._config.name} raised StopIteration")
            wrapped.__cause__ = error
            error = wrapped
        self.promise.set_exception(error)
        # the state will tell; a driver whose outcome nobody reads is no news
        self.promise.exception()

    def _stop(self) -> None:
        task = self._task
        if task is not None and not task.done() and task is not asyncio.current_task():
            task.cancel()
