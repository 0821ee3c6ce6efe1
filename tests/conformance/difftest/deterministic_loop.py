"""An asyncio event loop in which only the caller moves time, and nothing outside the process can interfere.

A run is a function of its inputs, so a scenario replays and shrinks. Making such a loop costs a tenth of a selector
loop (no socket pair, no epoll), and every scenario gets a new one. Time is kept in whole microseconds; timers of one
deadline fire in the order they were made, as in JavaScript (asyncio's heap promises no order).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

_US = 1_000_000


class LivelockError(RuntimeError):
    """The loop does not come to rest: something re-schedules itself for ever."""


class DeterministicLoop(asyncio.BaseEventLoop):
    """A loop that runs only inside ``call``, ``run_until_idle`` and ``advance``.

    Args:
        max_steps: How many callbacks one of those calls may run before it counts as a livelock.
        max_timers: How many of them may be timers.

    Attributes:
        unhandled: What the loop's exception handler was told.
    """

    # what BaseEventLoop keeps, named for the type checker
    _ready: Any
    _thread_id: int | None

    def __init__(self, *, max_steps: int = 100_000, max_timers: int = 100_000) -> None:
        super().__init__()
        self._now_us = 0
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._order = itertools.count()
        self._max_steps, self._max_timers = max_steps, max_timers
        self._steps = self._fired = 0
        self.unhandled: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.unhandled.append(context))

    # time

    def time(self) -> float:
        return self._now_us / _US

    @property
    def now_us(self) -> int:
        """Whole microseconds since the loop was made."""
        return self._now_us

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        return self._add_timer(self._now_us + max(0, round(delay * _US)), callback, args, context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        return self._add_timer(round(when * _US), callback, args, context)

    def _add_timer(self, when_us: int, callback: Any, args: Any, context: Any) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when_us / _US, callback, args, self, context)
        handle._scheduled = True  # type: ignore[attr-defined]
        heapq.heappush(self._timers, (when_us, next(self._order), handle))
        return handle

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds; unlike asyncio's, a delay of 0 waits for its turn among the timers too."""
        over: asyncio.Future[None] = self.create_future()

        def wake() -> None:
            if not over.done():
                over.set_result(None)

        timer = self.call_later(delay, wake)
        try:
            await over
        finally:
            timer.cancel()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to count: a cancelled timer is dropped when it reaches the top of the heap."""

    def _next_due(self) -> int | None:
        timers = self._timers
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        return timers[0][0] if timers else None

    # running

    def _running(self, body: Callable[[], T]) -> T:
        """Run *body* with this loop installed as the running loop."""
        self._steps = self._fired = 0
        previous = asyncio._get_running_loop()
        self._thread_id = threading.get_ident()
        asyncio._set_running_loop(self)
        try:
            return body()
        finally:
            self._thread_id = None
            asyncio._set_running_loop(previous)

    def _drain(self) -> None:
        """Run until nothing is runnable at the current instant; timers one by one, each to quiescence."""
        while True:
            while self._ready:
                handle = self._ready.popleft()
                if not handle._cancelled:
                    handle._run()
                self._steps += 1
                if self._steps > self._max_steps:
                    raise LivelockError(self._describe())
            due = self._next_due()
            if due is None or due > self._now_us:
                return
            timer = heapq.heappop(self._timers)[2]
            timer._scheduled = False  # type: ignore[attr-defined]
            self._fired += 1
            if self._fired > self._max_timers:
                raise LivelockError(self._describe())
            self._ready.append(timer)

    def call(self, function: Callable[[], T]) -> T:
        """Call a plain function as loop code, then run until idle.

        Returns:
            What the function returned.
        """

        def body() -> T:
            result = function()
            self._drain()
            return result

        return self._running(body)

    def look(self, function: Callable[[], T]) -> T:
        """Call a plain function as loop code and run nothing else."""
        return self._running(function)

    def run_until_idle(self) -> None:
        """Run everything that can run at this instant."""
        self._running(self._drain)

    def advance(self, seconds: float) -> None:
        """Let *seconds* pass: every timer due on the way fires, in order, each run to quiescence."""

        def body() -> None:
            target = self._now_us + round(seconds * _US)
            self._drain()
            while (due := self._next_due()) is not None and due <= target:
                self._now_us = max(self._now_us, due)
                self._drain()
            self._now_us = target

        self._running(body)

    # the outside world

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector that would have to be woken."""

    def _process_events(self, event_list: Any) -> None:
        """No I/O, no events."""

    # the end

    def pending_tasks(self) -> set[asyncio.Task[Any]]:
        """The tasks that are not done."""
        return {task for task in asyncio.all_tasks(self) if not task.done()}

    def pending_timers(self) -> list[asyncio.TimerHandle]:
        """The timers that would still fire, in order."""
        return [handle for _, _, handle in sorted(self._timers, key=lambda t: t[:2]) if not handle.cancelled()]

    def leaks(self) -> list[str]:
        """What a closed client must not leave behind, as readable lines."""
        tasks = [f"task {task.get_coro()!r}" for task in self.pending_tasks()]
        return tasks + [f"timer in {t.when() - self.time():g} s: {t._callback!r}" for t in self.pending_timers()]  # type: ignore[attr-defined]

    def _describe(self) -> str:
        return "\n  ".join([f"no end after {self._steps} callbacks at t={self.time():g} s", *self.leaks()])

    def shutdown(self) -> None:
        """Cancel what is left and close, without raising."""
        for _ in range(10):  # cleaning up may start tasks of its own
            tasks = self.pending_tasks()
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            try:
                self.run_until_idle()
            except LivelockError:
                break
        self.close()
