"""An event loop whose time a virtual clock tells.

Four attributes of the loop *instance* are replaced: ``time``, ``call_at``, ``run_in_executor`` and its selector's
``select``. No loop class, policy or factory is involved, so it does not matter who made the loop: a pytest plugin,
``asyncio.run``, or the test itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable
from contextvars import Context
from typing import Any, Protocol

from query.base.types import MICROSECONDS

from . import standstill
from .errors import RealTimeError, TimeStandsStillError, UnsupportedLoopError
from .timeline import in_microseconds

GRACE = 0.2
"""Real seconds for which a foreign thread may be about to wake the loop, before a test counts as stuck."""
_POLL = 0.05
_MOST_STUCK = 10


class MovingClock(Protocol):
    """The clock that tells the time, as the loop sees it."""

    autojump: bool
    real_timeout: float

    @property
    def instant(self) -> int:
        """Microseconds since the clock was made."""
        ...

    @property
    def next_instant(self) -> int | None:
        """The instant of the next timer of any kind; None if there is none."""
        ...

    def move_to(self, instant: int) -> None:
        """Let time pass until an instant."""
        ...

    def fire_due(self) -> bool:
        """Fire the next of the clock's own timers that is due; whether there was one."""
        ...

    def timers(self) -> list[tuple[int, Callable[..., object]]]:
        """All timers, soonest first: in how many microseconds, and what they call."""
        ...


class _Timer(asyncio.TimerHandle):
    """A timer of the loop. Those of one instant fire in the order in which they were set: asyncio's own may not."""

    __slots__ = ("_number",)
    _numbers = itertools.count()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._number = next(self._numbers)

    def __lt__(self, other: Any) -> bool:
        return (self.when(), self._number) < (other.when(), getattr(other, "_number", -1))


class Takeover:
    """The time of a loop, taken over.

    Args:
        loop: The loop.
        clock: Who tells its time from now on.

    Raises:
        UnsupportedLoopError: The loop's time cannot be replaced.
        RuntimeError: Another clock tells its time already.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: MovingClock) -> None:
        own: Any = loop
        if not all(hasattr(own, name) for name in ("_selector", "_scheduled", "_ready", "_internal_fds")):
            raise UnsupportedLoopError(
                f"the time of a {type(loop).__module__}.{type(loop).__name__} cannot be taken over; it needs asyncio's "
                "selector loop. Without that, a clock moves what it was given to alone: QueryClient(clock=clock)."
            )
        if "_virtual_clock" in vars(own):
            raise RuntimeError("another virtual clock tells this loop's time already; one is enough: share it.")
        self.loop = loop
        self._own = own
        self._clock = clock
        # who is told if nothing can go on
        self._owner = asyncio.current_task(loop) if loop.is_running() else None
        self._jobs = 0
        self._stuck = 0
        # whole microseconds, so that a deadline survives its way through a float
        self._base = math.ceil(loop.time() * MICROSECONDS) - clock.instant
        self._real_select: Callable[[float | None], list[Any]] = own._selector.select
        self._real_executor: Callable[..., asyncio.Future[Any]] = loop.run_in_executor
        own.time = self._time
        own.call_at = self._call_at
        own.run_in_executor = self._run_in_executor
        own._virtual_clock = clock
        own._selector.select = self._select

    def release(self) -> None:
        """Give the loop its own time back. What its timers still had to wait for remains."""
        ahead = self._own.time()
        for name in ("time", "call_at", "run_in_executor", "_virtual_clock"):
            delattr(self._own, name)
        with contextlib.suppress(AttributeError):
            # a loop that was closed has no selector any more
            self._own._selector.select = self._real_select
        shift = self._own.time() - ahead
        for timer in self._own._scheduled:
            timer._when += shift
        heapq.heapify(self._own._scheduled)

    @property
    def due(self) -> int | None:
        """The instant of the loop's next timer; None if there is none, or none that ever comes."""
        scheduled = self._own._scheduled
        while scheduled and scheduled[0]._cancelled:
            self._own._timer_cancelled_count -= 1
            heapq.heappop(scheduled)._scheduled = False
        if not scheduled or scheduled[0]._when == math.inf:
            return None
        return self._instant(scheduled[0]._when)

    def timers(self) -> list[tuple[int, Callable[..., object]]]:
        """The loop's timers: their instants, and what they call."""
        return [
            (self._instant(timer._when), timer._callback)
            for timer in self._own._scheduled
            if not timer._cancelled and timer._when != math.inf
        ]

    @property
    def busy_threads(self) -> int:
        """How many worker threads the loop waits for: of its executors, and of anyio's pool."""
        busy = self._jobs
        for thread in threading.enumerate() if threading.active_count() > 1 else ():
            if type(thread).__name__ == "WorkerThread" and type(thread).__module__.startswith("anyio."):
                busy += int(getattr(thread, "queue").unfinished_tasks)  # noqa: B009 - a class of anyio's inside
        return busy

    def let_threads_work(self) -> None:
        """Give threads a moment of real time."""
        self._real_select(0.001)

    # -- what stands in the place of the loop's own

    def _time(self) -> float:
        return (self._base + self._clock.instant) / MICROSECONDS

    def _instant(self, when: float) -> int:
        return in_microseconds(when) - self._base

    def _call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        self._own._check_closed()
        rounded = when if when == math.inf else in_microseconds(when) / MICROSECONDS
        timer = _Timer(rounded, callback, args, self.loop, context)
        heapq.heappush(self._own._scheduled, timer)
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def _run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        future = self._real_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _: object) -> None:
        self._jobs -= 1

    def _select(self, timeout: float | None = None) -> list[Any]:
        """What the loop calls once a turn: it never sleeps for the sake of a timer."""
        events = self._real_select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        # nothing is left to run: all wait for a timer, a socket or a thread
        if self._waits_outside:
            events = self._wait_really()
            if events or self._has_work:
                return events
        due = self._clock.next_instant
        if due is not None and (self._clock.autojump or due <= self._clock.instant):
            self._clock.move_to(due)
            self.loop.call_soon(self._clock.fire_due)
            return []
        if threading.active_count() > 1:
            events = self._real_select(min(self._clock.real_timeout, GRACE))
            if events or self._has_work:
                return events
        self._stand_still()
        return []

    @property
    def _has_work(self) -> bool:
        return bool(self._own._ready) or bool(self._own._stopping)

    @property
    def _waits_outside(self) -> bool:
        return self.busy_threads > 0 or len(self._own._selector.get_map()) > self._own._internal_fds

    def _wait_really(self) -> list[Any]:
        end = time.perf_counter() + self._clock.real_timeout
        while (left := end - time.perf_counter()) > 0:
            events = self._real_select(min(left, _POLL))
            if events or self._has_work:
                return events
            if not self._waits_outside:
                return []
        if self._clock.autojump and self._clock.next_instant is not None:
            # a connection that is only kept alive, or a server that never answers: the program's timeout may pass
            return []
        self._fail(
            RealTimeError(
                f"nothing came from outside within {self._clock.real_timeout:g} real seconds, while "
                f"{self.busy_threads} worker thread(s) run and "
                f"{len(self._own._selector.get_map()) - self._own._internal_fds} socket(s) are open. Answer requests "
                "by a mock, or allow more: mock_clock(real_timeout=30)."
            )
        )
        return []

    def _stand_still(self) -> None:
        tasks = [task for task in asyncio.all_tasks(self.loop) if not task.done()]
        self._fail(TimeStandsStillError(standstill.message(self._clock.timers(), tasks, self._owner)))

    def _fail(self, error: BaseException) -> None:
        """Raise an error at the very line at which the test waits."""
        blocked = standstill.blocked_future(self._owner)
        self._stuck += 1
        if blocked is None or self._stuck > _MOST_STUCK:
            raise error
        blocked.set_exception(error)
