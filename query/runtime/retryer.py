"""Runs a function until it succeeds: with retries, pauses while there is no network, and can be cancelled.

Source: retryer.ts. Differs: the attempts run in one task of the client, which a cancel really stops; a pause that is
cancelled ends instead of being abandoned.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from ..base.errors import QueryCancelledError, QueryError
from ..base.options import RetryDelay, RetryPolicy
from ..base.types import NetworkMode, Unset, seconds
from ..base.values import given
from .eager import goes_on_by_itself, start_eagerly
from .environment import Environment
from .outcome import OutcomeBase, as_failure
from .waiting import can_be_awaited

T = TypeVar("T")


def default_retry_delay(failure_count: int, error: Exception) -> float:
    """Seconds before the next attempt: 1, 2, 4, ... up to 30.

    Args:
        failure_count: Failures so far, from 0.
        error: The last one's error; not looked at.
    """
    return float(min(2 ** min(failure_count, 5), 30))


class Retryer(OutcomeBase[T]):
    """One run of a function, from its first attempt to its end.

    A subclass says what an attempt is, and is told how the run goes: one object for each run, since every fetch makes
    one.

    Args:
        environment: The client's loop, clock and signals.
        loop: The running loop.

    Attributes:
        has_ended: The function came to an end, or the run was cancelled: nothing changes that any more.
        network_mode: What a missing network means.
    """

    if not TYPE_CHECKING:
        # as in every outcome
        __slots__ = ()

    # until they are set
    has_ended: bool = False
    network_mode: NetworkMode = "online"
    _task: asyncio.Task[None] | None = None
    _failure_count = 0
    _retry_cancelled = False
    _gate: asyncio.Future[None] | None = None
    # what it waits for when it is paused: a start, or going on
    _has_started = False
    _is_over = False

    def __init__(self, environment: Environment, loop: asyncio.AbstractEventLoop) -> None:
        # what an outcome does, too: every fetch comes by here
        self.loop = loop
        self._environment = environment

    # -- what a subclass says

    @property
    def name(self) -> str:
        """What runs, for messages."""
        raise NotImplementedError

    def attempt(self, number: int) -> Awaitable[T] | T:
        """Make an attempt.

        Args:
            number: How many were made before.
        """
        raise NotImplementedError

    def policies(self) -> tuple[RetryPolicy | Unset | None, RetryDelay | Unset | None]:
        """Whether to try again after a failure, and how long to wait before."""
        raise NotImplementedError

    def can_run(self) -> bool:
        """Whether it is this run's turn."""
        return True

    # -- what it is told

    def on_cancel(self, error: QueryCancelledError) -> None:
        """Told of a cancellation after the end is set and before the task is stopped.

        Args:
            error: What those who wait are told.
        """

    def on_fail(self, failure_count: int, error: Exception) -> None:
        """Told of each failure that is followed by another attempt.

        Args:
            failure_count: Failures so far.
            error: This one's.
        """

    def on_pause(self) -> None:
        """Told when the run waits for the network, or its turn."""

    def on_continue(self) -> None:
        """Told when it goes on."""

    def on_success(self, value: T) -> None:
        """Told what the function delivered; it is the outcome.

        Args:
            value: That.
        """
        self.set_result(value)

    def on_failure(self, error: BaseException, *, is_cancelled: bool) -> None:
        """Told what the function failed with for good, or how the run was cancelled; it is the outcome.

        Args:
            error: That. The state will tell; a run whose outcome nobody reads is no news.
            is_cancelled: It was cancelled, maybe by somebody else than its task.
        """
        self.set_exception(error, is_told=True)

    # -- running

    @property
    def status(self) -> Literal["pending", "resolved", "rejected"]:
        """Whether there is an outcome, and which."""
        if not self.is_done:
            return "pending"
        return "resolved" if self.exception() is None else "rejected"

    def can_start(self) -> bool:
        """Whether the network and the turn allow a first attempt now."""
        return self._environment.can_start(self.network_mode) and self.can_run()

    def can_continue(self) -> bool:
        """Whether focus, network and turn allow another attempt now."""
        return self._environment.can_continue(self.network_mode) and self.can_run()

    def start(self, *, may_start: bool = False) -> None:
        """Make the first attempt, or wait until it may be made. The function is called before this returns.

        Does nothing if the run was cancelled before.

        Args:
            may_start: Network and turn were found to allow it just now.
        """
        if self.has_ended:
            return
        self._has_started = may_start
        environment = self._environment
        # as ``Environment.begin`` does, without the calls: every fetch comes by here
        coroutine, loop, context = self._run(), self.loop, environment._context.copy()
        if sys.version_info >= (3, 12):
            # what start_eagerly is there
            task = asyncio.Task(coroutine, loop=loop, context=context, name=self.name, eager_start=True)
        else:
            task = start_eagerly(coroutine, loop=loop, context=context, name=self.name)
        if not self._is_over:
            self._task = task
            environment._tasks.add(task)
            self._stop_if_ended()
            if self._waiters is None and goes_on_by_itself(task):
                # so that the first who waits is not told a turn later than it ends
                self.is_near: bool = True
        elif not task.done():
            # before Python 3.12 none is done within its start, even if its work is
            environment._tasks.add(task)
            environment.end_with(task)

    def cancel(self, *, revert: bool = False, silent: bool = False, cause: BaseException | None = None) -> None:
        """End the run with a ``QueryCancelledError``. Does nothing once it has ended.

        Args:
            revert: The query is to go back to its state from before.
            silent: Nobody is meant to see it.
            cause: Why, if another exception led to it.
        """
        if not self.has_ended:
            self._cancel(revert=revert, silent=silent, cause=cause)

    def _cancel(self, *, revert: bool, silent: bool, cause: BaseException | None) -> None:
        error = QueryCancelledError(revert=revert, silent=silent)
        error.__cause__ = cause
        self.has_ended = True
        self.on_failure(error, is_cancelled=True)
        self.on_cancel(error)
        self._stop_if_ended()

    def cancel_retry(self) -> None:
        """Let the attempt under way be the last one."""
        self._retry_cancelled = True

    def continue_retry(self) -> None:
        """Allow further attempts again."""
        self._retry_cancelled = False

    def continue_(self) -> None:
        """Go on if the run is paused and may."""
        gate = self._gate
        if gate is not None and not gate.done() and self._may_resume():
            gate.set_result(None)

    def _may_resume(self) -> bool:
        return self.can_continue() if self._has_started else self.can_start()

    async def _run(self) -> None:
        try:
            if not self._has_started:
                if not self.can_start():
                    await self._pause()
                self._has_started = True
            while not self.has_ended:
                try:
                    value: Any = self.attempt(self._failure_count)
                    # most are coroutines, which is seen without a call
                    if value.__class__ is CoroutineType or can_be_awaited(value):
                        value = await value
                except Exception as error:  # noqa: BLE001 - any failure of the function is its outcome
                    await self._take_failure(error)
                else:
                    if not self.has_ended:
                        self.has_ended = True
                        self.on_success(value)
        except asyncio.CancelledError as stop:
            # ours: the outcome is there. The loop's, or the function's own: nobody asked for it, so undo the fetch
            task = asyncio.current_task()
            is_stopped = self.has_ended or (task is not None and task.cancelling())
            if not self.has_ended:
                self._cancel(revert=True, silent=False, cause=stop)
            if is_stopped:
                raise
        except BaseException as error:
            # what no program catches (a failed test, an exit) must reach the waiters, not hang them; unless this is
            # garbage of a loop that has ended, and nobody left to tell
            if not self.has_ended and not self.loop.is_closed():
                self._reject(error)
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
        finally:
            self._is_over = True
            if self._task is not None:
                self._environment._tasks.discard(self._task)

    async def _take_failure(self, error: Exception) -> None:
        if not self.has_ended and not await self._wait_to_retry(error):
            self._reject(error)

    async def _wait_to_retry(self, error: Exception) -> bool:
        """Whether another attempt follows; returns when it is time."""
        given_retry, given_delay = self.policies()
        wait = given(given_delay, cast("RetryDelay", default_retry_delay))
        delay = seconds(wait(self._failure_count, error) if callable(wait) else wait)
        retry = given(given_retry, cast("RetryPolicy", 0 if self._environment.is_server else 3))
        # True is no number of retries: it means for ever
        if callable(retry):
            wanted = bool(retry(self._failure_count, error))
        else:
            wanted = retry if isinstance(retry, bool) else self._failure_count < retry
            # Differs: upstream knows no error that stays one
            wanted = wanted and not (isinstance(error, QueryError) and not error.retryable)
        if self._retry_cancelled or not wanted:
            return False
        if self._is_starting():
            # still inside the call that starts the run: who makes it is to see it under way before it fails
            await asyncio.sleep(0)
        self._failure_count += 1
        self.on_fail(self._failure_count, error)
        if self.has_ended:
            return True
        await self._environment.sleep(delay)
        if not self.can_continue():
            await self._pause()
        return not self._retry_cancelled

    def _is_starting(self) -> bool:
        return self._task is None

    async def _pause(self) -> None:
        self._gate = self._environment.bind().create_future()
        self.on_pause()
        if self.has_ended:
            return
        try:
            await self._gate
        finally:
            self._gate = None
        self.on_continue()

    def _reject(self, error: BaseException) -> None:
        self.has_ended = True
        self.on_failure(as_failure(error, self.name), is_cancelled=False)

    def _stop_if_ended(self) -> None:
        task = self._task
        if self.has_ended and task is not None and not task.done() and task is not asyncio.current_task():
            task.cancel()
