"""What one client runs in: its loop, its clock, its signals, its tasks and timers.

Injected, so that a test can give a client a virtual clock or take it offline without touching any other client. What
is not given is the process-wide manager.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Sequence
from contextvars import Context, copy_context
from typing import Any, Final, Protocol, TypeVar

from ..base.errors import LoopError
from ..base.types import NetworkMode, Unsubscribe
from .clock import Clock, TimerHandle
from .collector import Collectable, Collector
from .eager import eager_task, start_eagerly
from .environment_manager import environment_manager
from .focus_manager import FocusManager, focus_manager
from .notify_manager import NotifyManager, notify_manager
from .online_manager import OnlineManager, online_manager
from .timeout_manager import TimeoutManager, timeout_manager

T = TypeVar("T")

OTHER_THREAD: Final = (
    "this client was used from another thread than that of its event loop, which would corrupt it. Use "
    "client.threadsafe there: the same methods, which wait and return the data."
)


class Timer:
    """A timer of one client: counted while it runs, and set late if there is no loop yet."""

    __slots__ = ("_environment", "_handle", "callback", "delay", "what")

    def __init__(self, environment: Environment, callback: Callable[[], object], delay: float, what: str) -> None:
        self._environment = environment
        self._handle: TimerHandle | None = None
        self.callback: Callable[[], object] = callback
        self.delay: float = delay
        self.what: str = what

    def arm(self) -> None:
        """Set it on the running loop."""
        self._handle = self._environment.timeout_manager.set_timeout(self._fire, self.delay)

    def cancel(self) -> None:
        """Forget it."""
        self._environment.forget(self)
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._environment.forget(self)
        self._handle = None
        self.callback()


class Environment:
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
        on_bind: Told of the loop when the client comes to belong to one.
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
        self.timeout_manager: TimeoutManager = timeout_manager if clock is None else TimeoutManager(clock)
        self.online_manager: OnlineManager = online or online_manager
        self.focus_manager: FocusManager = focus or focus_manager
        self.notify_manager: NotifyManager = notify or notify_manager
        self._is_server = is_server
        # Any: functions of users, with whatever they take and return
        self.adapt: Callable[[Callable[..., Any]], Callable[..., Any]] = as_it_is
        self.on_bind: Callable[[asyncio.AbstractEventLoop], object] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._to_finish: set[asyncio.Task[Any]] = set()
        self._timers: dict[Timer, None] = {}
        self._waiting: dict[Timer, None] = {}
        self._collector = Collector(self.timeout_manager)
        self._on_close: dict[Callable[[], object], None] = {}
        # the first caller's request id or login must not leak into a fetch that others share
        self._context: Context = copy_context()

    @property
    def is_server(self) -> bool:
        """Whether this is a cache for one request."""
        return environment_manager.is_server() if self._is_server is None else self._is_server

    # -- time

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.timeout_manager._clock.time()

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        await self.timeout_manager.sleep(delay)

    def set_timeout(self, callback: Callable[[], object], delay: float, what: str) -> Timer:
        """Call *callback* once after *delay* seconds.

        Without a running loop the timer is set as soon as the client is used within one.

        Args:
            callback: A function without arguments.
            delay: Seconds, finite.
            what: What for, for messages about leaks.

        Raises:
            LoopError: Another loop runs than the client's own.
        """
        timer = Timer(self, callback, delay, what)
        if _running_loop() is None:
            self._waiting[timer] = None
        else:
            self.bind()
            self._timers[timer] = None
            timer.arm()
        return timer

    def forget(self, timer: Timer) -> None:
        """No longer count a timer.

        Args:
            timer: One that fired or was cancelled.
        """
        self._timers.pop(timer, None)
        self._waiting.pop(timer, None)

    def collect_later(self, entry: Collectable, delay: float) -> None:
        """Ask *entry* to leave its cache after *delay* seconds, in place of what was asked for before.

        Without a running loop the time begins as soon as the client is used within one; and anew if the client leaves
        its loop before, and comes to another one.

        Args:
            entry: The entry.
            delay: Seconds, finite.

        Raises:
            LoopError: Another loop runs than the client's own.
        """
        loop = asyncio._get_running_loop()
        if loop is None:
            self._collector.keep_waiting(entry, delay)
            return
        if loop is not self._loop or self._waiting or self._collector.waiting:
            self.bind()
        self._collector.schedule(entry, delay)

    def collect_all_later(self, entries: Sequence[Collectable], delay: float) -> None:
        """The same for entries of which nothing was asked before.

        Args:
            entries: At least one.
            delay: Seconds, finite.

        Raises:
            LoopError: Another loop runs than the client's own.
        """
        self.collect_later(entries[0], delay)
        self._collector.keep_together(entries, delay)

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

    # -- the loop and its tasks

    def bind(self) -> asyncio.AbstractEventLoop:
        """The running loop, which is the client's own from its first use on.

        Raises:
            LoopError: No loop runs, or another one than the client's.
        """
        # None without a loop: asyncio's own, which asks no more of a program than ``get_running_loop`` does
        loop = asyncio._get_running_loop()
        if loop is None:
            if self.is_running_elsewhere():
                raise LoopError(OTHER_THREAD)
            raise LoopError(
                "a fetch or mutation was started while no event loop runs. Start it from a coroutine, "
                "for example inside asyncio.run(main()); or use query.sync.QueryClient."
            )
        if loop is not self._loop:
            if self._loop is not None:
                raise LoopError(
                    "this client belongs to another event loop than the one that runs now. Make one client for each "
                    "loop, or leave the first loop with 'async with client:' or 'await client.aclose()'."
                )
            self._loop, self._process = loop, os.getpid()
            if self.on_bind is not None:
                self.on_bind(loop)
            self._collector.wake()
        if self._collector.waiting:
            self._collector.resume()
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            for timer in waiting:
                self._timers[timer] = None
                timer.arm()
        return loop

    def bind_if_first(self) -> None:
        """Belong to the running loop from now on, if there is one and the client belongs to none."""
        if self._loop is None and _running_loop() is not None:
            self.bind()

    def loop_elsewhere(self) -> asyncio.AbstractEventLoop:
        """The client's loop, for a call from another thread.

        Raises:
            LoopError: It has none, or one that does not run: nobody would answer.
        """
        loop = self._loop
        if loop is None:
            raise LoopError(
                "this client has no event loop yet, so other threads cannot reach it. Use it in its loop first, "
                "for example by 'async with client:'; a program without a loop uses query.sync.QueryClient."
            )
        # a copy of a loop that runs in the parent of this process says that it runs
        if self._process != os.getpid():
            raise LoopError(
                "this client's event loop runs in the process from which this one was forked. Make a client after "
                "the fork."
            )
        if not loop.is_running():
            raise LoopError(
                "this client's event loop does not run now, so nobody would answer. Call while it runs, or close the "
                "client before its loop ends."
            )
        return loop

    def is_running_elsewhere(self) -> bool:
        """Whether the client's loop runs, but not here: this is another thread than its own."""
        loop = self._loop
        return loop is not None and loop.is_running() and loop is not _running_loop()

    def has_loop(self) -> bool:
        """Whether a loop runs that is, or becomes, this client's own."""
        loop = _running_loop()
        return loop is not None and self._loop in (None, loop)

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
        task = start_eagerly(loop, coroutine, context=self._context.copy(), name=name)
        if not task.done():  # pragma: no branch - before Python 3.12 no task is done within its start
            # asyncio holds tasks weakly
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            if must_finish:
                self._to_finish.add(task)
                task.add_done_callback(self._to_finish.discard)
        return task

    def begin(self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run *coroutine* as ``spawn`` does, for who says by himself when it comes to its end.

        A callback of the task costs a turn of the loop, and every fetch has one.

        Args:
            loop: The client's loop, which runs.
            coroutine: What to run. It calls ``end`` last, unless it ends within its first step.
            name: What it is, for messages about leaks.
        """
        task = eager_task(coroutine, loop=loop, context=self._context.copy(), name=name)
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
        """Forget a task when it is done.

        Args:
            task: What ``begin`` returned.
        """
        task.add_done_callback(self._tasks.discard)

    def leaks(self) -> list[str]:
        """A line for each live task and timer."""
        tasks = [f"task: {task.get_name()}" for task in self._tasks if not task.done()]
        timers = [f"timer: {timer.what}, set for {timer.delay:g} s" for timer in (*self._timers, *self._waiting)]
        return [*tasks, *timers, *self.collecting()]

    def collecting(self) -> list[str]:
        """A line for each entry that waits to be collected."""
        return list(self._collector.lines())

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
        if self._tasks and self._loop is not asyncio.get_running_loop():
            raise LoopError(
                "this client still has tasks in another event loop than the one that runs now. Close it in its own "
                "loop, or call client.discard() if that loop has ended."
            )
        self._stop_timers()
        for callback in list(self._on_close):
            callback()
        current = asyncio.current_task()
        while tasks := [task for task in self._tasks if task is not current]:
            for task in tasks:
                if task not in self._to_finish:
                    task.cancel()
            # not gather: cancelled itself, it would wait for a task that refuses to end
            await asyncio.wait(tasks)
            self._tasks.difference_update(tasks)
        # what ended just now is still being taken in by its query, which then wants to be collected one day
        await asyncio.sleep(0)
        self._stop_timers()
        self._loop = None

    def discard(self) -> list[str]:
        """Let go of a loop that has ended: timers are forgotten, tasks that it left behind are named.

        Returns:
            A line for each task that was not done.
        """
        self._stop_timers()
        left = [f"task: {task.get_name()}" for task in self._tasks if not task.done()]
        self._tasks.clear()
        self._to_finish.clear()
        self._on_close.clear()
        self._loop = None
        return left

    def _stop_timers(self) -> None:
        for timer in (*self._timers, *self._waiting):
            timer.cancel()
        self._collector.rest()


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


def _running_loop() -> asyncio.AbstractEventLoop | None:
    return asyncio._get_running_loop()
