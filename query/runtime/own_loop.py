"""The event loop that a client belongs to, and the client's timers, which wait until there is one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Final

from ..base.errors import LoopError
from .clock import TimerHandle
from .collector import Collectable, Collector
from .timeout_manager import TimeoutManager

OTHER_THREAD: Final = (
    "this client was used from another thread than that of its event loop, which would corrupt it. Use "
    "client.threadsafe there: the same methods, which wait and return the data."
)


class Timer:
    """A timer of one client: counted while it runs, and set late if there is no loop yet."""

    __slots__ = ("_handle", "_loop", "callback", "delay", "what")

    def __init__(self, loop: OwnLoop, callback: Callable[[], object], delay: float, what: str) -> None:
        self._loop = loop
        self._handle: TimerHandle | None = None
        self.callback: Callable[[], object] = callback
        self.delay: float = delay
        self.what: str = what

    def arm(self) -> None:
        """Set it on the running loop."""
        self._handle = self._loop.timeout_manager.set_timeout(self._fire, self.delay)

    def cancel(self) -> None:
        """Forget it."""
        self._loop.forget(self)
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _fire(self) -> None:
        self._loop.forget(self)
        self._handle = None
        self.callback()


class OwnLoop:
    """The part of ``Environment`` that has to do with the loop and with time.

    Args:
        timeout_manager: Who tells the time and sets timers.

    Attributes:
        timeout_manager: The same.
        on_bind: Told of the loop when the client comes to belong to one.
    """

    def __init__(self, timeout_manager: TimeoutManager) -> None:
        self.timeout_manager: TimeoutManager = timeout_manager
        self.on_bind: Callable[[asyncio.AbstractEventLoop], object] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        # the same while nothing waits for it, so that each fetch sees with one look that there is nothing to do
        self._ready_loop: asyncio.AbstractEventLoop | None = None
        self._process = 0
        self._timers: dict[Timer, None] = {}
        self._waiting: dict[Timer, None] = {}
        self._collector = Collector(timeout_manager)

    # -- the loop

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
        self._ready_loop = loop
        return loop

    def bind_if_first(self) -> None:
        """Belong to the running loop from now on, if there is one and the client belongs to none."""
        if self._loop is None and asyncio._get_running_loop() is not None:
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
        return loop is not None and loop.is_running() and loop is not asyncio._get_running_loop()

    def has_loop(self) -> bool:
        """Whether a loop runs that is, or becomes, this client's own."""
        loop = asyncio._get_running_loop()
        return loop is not None and self._loop in (None, loop)

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
        if asyncio._get_running_loop() is None:
            self._waiting[timer] = self._ready_loop = None
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
            self._ready_loop = None
            self._collector.keep_waiting(entry, delay)
            return
        if loop is not self._ready_loop:
            self.bind()
        self._collector.schedule(entry, delay)

    def collecting(self) -> list[str]:
        """A line for each entry that waits to be collected."""
        return list(self._collector.lines())

    def _stop_timers(self) -> None:
        for timer in (*self._timers, *self._waiting):
            timer.cancel()
        self._collector.rest()
