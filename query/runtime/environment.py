"""What one client runs in: its loop, its clock, its signals, its tasks and timers.

Injected, so that a test can give a client a virtual clock or take it offline without touching any other client. What
is not given is the process-wide manager. The loop and the timers are next door, in ``own_loop.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from typing import Any, Protocol, TypeVar

from ..base.errors import LoopError
from ..base.types import NetworkMode, Unsubscribe
from .clock import Clock
from .eager import start_eagerly
from .ends import Ends
from .environment_manager import environment_manager
from .focus_manager import FocusManager, focus_manager
from .next_turn import NextTurn
from .notify_manager import NotifyManager, notify_manager
from .online_manager import OnlineManager, online_manager
from .own_loop import OwnLoop
from .timeout_manager import TimeoutManager, timeout_manager

T = TypeVar("T")


class Environment(OwnLoop):
    """The loop, clock, signals, tasks and timers of one client.

    Args:
        clock: Where time comes from.
        online: Is there a network?
        focus: Is anyone looking?
        notify: Who delivers deferred notifications?
        is_server: A cache for one request: nothing is collected, retried or refreshed by time. Not given, the
            process-wide manager is asked whenever it matters.

    Attributes:
        adapt: Given each query_fn or mutation_fn before it is called; returns what to call in its place.
        next_turn: What is to begin when the call that made it is over.
        ends: What has ended, and is taken in when the loop has had its turn.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        online: OnlineManager | None = None,
        focus: FocusManager | None = None,
        notify: NotifyManager | None = None,
        is_server: bool | None = None,
    ) -> None:
        super().__init__(timeout_manager if clock is None else TimeoutManager(clock))
        self.online_manager: OnlineManager = online or online_manager
        self.focus_manager: FocusManager = focus or focus_manager
        self.notify_manager: NotifyManager = notify or notify_manager
        self._is_server = is_server
        # Any: functions of users, with whatever they take and return
        self.adapt: Callable[[Callable[..., Any]], Callable[..., Any]] = as_it_is
        self.next_turn: NextTurn = NextTurn()
        self.ends: Ends = Ends()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._to_finish: set[asyncio.Task[Any]] = set()
        self._on_close: dict[Callable[[], object], None] = {}
        # the first caller's request id or login must not leak into a fetch that others share
        self._context: Context = copy_context()

    @property
    def is_server(self) -> bool:
        """Whether this is a cache for one request."""
        if self._is_server is None:
            # each new query asks, and hardly any program gives a predicate
            return environment_manager.is_asked and environment_manager.is_server()
        return self._is_server

    # -- signals

    def can_start(self, network_mode: NetworkMode) -> bool:
        """Whether a fetch may start now.

        Args:
            network_mode: The fetch's mode.

        Source: retryer.ts, canFetch.
        """
        return network_mode != "online" or self.online_manager.is_online()

    def can_continue(self, network_mode: NetworkMode) -> bool:
        """Whether a fetch may be retried now: focus holds back retries, never a first attempt.

        Args:
            network_mode: The fetch's mode.

        Source: retryer.ts, canContinue.
        """
        return self.focus_manager.is_focused() and (network_mode == "always" or self.online_manager.is_online())

    # -- tasks

    def spawn(self, coroutine: Coroutine[Any, Any, T], name: str, *, must_finish: bool = False) -> asyncio.Task[T]:
        """Run *coroutine* as a task that this client owns. Its first step has run when this returns.

        Args:
            coroutine: What to run.
            name: What it is, for messages about leaks.
            must_finish: A client that closes waits for it, as for a write, instead of cancelling it.

        Raises:
            LoopError: No loop runs, or another one than the client's.
        """
        try:
            loop = self.bind()
        except LoopError:
            # nobody else will, and Python complains of coroutines that were never begun
            coroutine.close()
            raise
        task = self.begin(loop, coroutine, name)
        self.end_with(task)
        if must_finish and not task.done():
            self._to_finish.add(task)
            task.add_done_callback(self._to_finish.discard)
        return task

    def begin(self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run *coroutine* as ``spawn`` does, for who says by himself when it comes to its end: by ``end``.

        A callback of the task costs a turn of the loop, and every fetch has one.

        Args:
            loop: The client's loop, which runs.
            coroutine: What to run. If it ends within its first step, call ``end_with``.
            name: What it is, for messages about leaks.
        """
        task = start_eagerly(coroutine, loop=loop, context=self._context.copy(), name=name)
        if not task.done():
            # asyncio holds tasks weakly
            self._tasks.add(task)
        return task

    def end(self, task: asyncio.Task[Any]) -> None:
        """A task that was begun comes to its end: nothing of it is left to cancel.

        Args:
            task: What ``begin`` returned.
        """
        self._tasks.discard(task)

    def end_with(self, task: asyncio.Task[Any]) -> None:
        """Forget a task when it is done. Before Python 3.12 none is done within its start, even if its work is.

        Args:
            task: What ``begin`` returned.
        """
        if not task.done():
            task.add_done_callback(self._tasks.discard)

    def leaks(self) -> list[str]:
        """A line for each live task and timer."""
        tasks = self._task_lines()
        timers = [f"timer: {timer.what}, set for {timer.delay:g} s" for timer in (*self._timers, *self._waiting)]
        return [*tasks, *timers, *self.collecting()]

    def on_close(self, callback: Callable[[], object]) -> Unsubscribe:
        """Call *callback* when this client closes: for what waits, and would wait in vain from then on.

        Args:
            callback: A function without arguments; called in the loop that is let go.

        Returns:
            A function that forgets it.
        """
        self._on_close[callback] = None
        return lambda: self._on_close.pop(callback, None)

    async def aclose(self) -> None:
        """Cancel the timers and tasks that are left, wait for the tasks and for writes, and let go of the loop.

        Raises:
            LoopError: Tasks are left in another loop than the one that runs: they would be waited for in vain.
        """
        if (self._tasks or not self.next_turn.is_empty()) and self._loop is not asyncio.get_running_loop():
            raise LoopError(
                "this client still has tasks in another event loop than the one that runs now. Close it in its own "
                "loop, or call client.discard() if that loop has ended."
            )
        self._stop_timers()
        for callback in list(self._on_close):
            callback()
        self.next_turn.give_up()
        current = asyncio.current_task()
        while tasks := [task for task in self._tasks if task is not current]:
            for task in tasks:
                if task not in self._to_finish:
                    task.cancel()
            # not gather: cancelled itself, it would wait for a task that refuses to end
            await asyncio.wait(tasks)
            self._tasks.difference_update(tasks)
            self.next_turn.give_up()
        # what ended just now is still being taken in by its query, which then wants to be collected one day
        await asyncio.sleep(0)
        self._stop_timers()
        self._loop = self._ready_loop = None

    def discard(self) -> list[str]:
        """Let go of a loop that has ended: timers are forgotten, tasks that it left behind are named.

        Returns:
            A line for each task that was not done.
        """
        self._stop_timers()
        left = self._task_lines()
        self.next_turn.clear()
        self._tasks.clear()
        self._to_finish.clear()
        self._on_close.clear()
        self._loop = self._ready_loop = None
        return left

    def _task_lines(self) -> list[str]:
        tasks = [f"task: {task.get_name()}" for task in self._tasks if not task.done()]
        # each of them is to be one
        return [*tasks, *[f"task: {beginning.name}" for beginning in (*self.next_turn.waiting, *self.next_turn.paused)]]


class EnvironmentOwner(Protocol):
    """Whoever has an environment: the client, as the caches see it."""

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals, tasks and timers."""
        ...


def as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """What ``adapt`` does unless somebody says otherwise: nothing.

    Args:
        function: A query_fn or mutation_fn.
    """
    return function
