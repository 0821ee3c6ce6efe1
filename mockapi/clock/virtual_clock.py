"""A clock that moves only when a test says so."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from query.base.types import MICROSECONDS, Duration, Unsubscribe

from .errors import EndlessTimersError, RealTimeError, UnsupportedLoopError
from .standstill import described
from .takeover import Takeover
from .timeline import NEVER, Timeline, VirtualTimer, in_microseconds

START = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
"""When a clock begins unless it is told otherwise: 1,700,000,000 seconds after the epoch."""
DAY = 86_400.0
_MOST_TURNS = 10_000


class VirtualClock:
    """Virtual time: it stands still except in ``advance`` and its kin, or jumps from timer to timer.

    It moves like this::

        async with VirtualClock() as clock:
            task = asyncio.create_task(asyncio.sleep(30))
            await clock.advance(29.999)
            assert not task.done()
            await clock.advance(0.001)
            assert task.done()

    By itself it is a ``query.Clock``, for ``QueryClient(clock=clock)``. *Attached* to a running asyncio loop, as above,
    it tells that loop's time, too: ``asyncio.sleep``, ``asyncio.timeout``, anyio's, the timeouts of an HTTP client and
    the delays of mocks. Worker threads and real sockets are waited for in real time. ``time.time()`` and the clocks of
    other libraries stay as they are: see ``on_move``.

    Whole microseconds inside: ten times 0.1 s is 1 s.

    Args:
        start: What the wall clock shows at first: seconds since the epoch, or a datetime.
        autojump: Let time jump to the next timer whenever nothing is left to do.
        real_timeout: Real seconds for which a socket or a worker thread is waited for.
        max_timers: How many timers may fire in one call before they count as endless.

    Raises:
        ValueError: A number that cannot be.
    """

    def __init__(
        self,
        start: float | datetime = START,
        *,
        autojump: bool = False,
        real_timeout: Duration = 5.0,
        max_timers: int = 10_000,
    ) -> None:
        self._takeover: Takeover | None = None
        self.reset(start, autojump=autojump, real_timeout=real_timeout, max_timers=max_timers)

    def reset(
        self,
        start: float | datetime = START,
        *,
        autojump: bool = False,
        real_timeout: Duration = 5.0,
        max_timers: int = 10_000,
    ) -> None:
        """Begin anew, as if just made: no timers, no time passed, attached to nothing.

        Args:
            start: As for a new one.
            autojump: As for a new one.
            real_timeout: As for a new one.
            max_timers: As for a new one.

        Raises:
            ValueError: A number that cannot be.
        """
        wait = in_microseconds(real_timeout)
        if wait <= 0:
            raise ValueError(f"real_timeout={real_timeout!r} is no time to wait; expected seconds above 0.")
        if max_timers < 1:
            raise ValueError(f"max_timers={max_timers!r} lets no timer fire; expected at least 1.")
        self.detach()
        self.autojump = autojump
        self.real_timeout = wait / MICROSECONDS
        self.max_timers = max_timers
        self._instant = 0
        self._wall = _epoch(start)
        self._timeline = Timeline()
        self._on_move: dict[object, Callable[[float], object]] = {}
        self._is_advancing = False

    # -- telling time

    def time(self) -> float:
        """Seconds since the epoch."""
        return (self._wall + self._instant) / MICROSECONDS

    def monotonic(self) -> float:
        """Seconds that passed since the clock began."""
        return self._instant / MICROSECONDS

    @property
    def now(self) -> datetime:
        """What the wall clock shows, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    def set_time(self, time: float | datetime) -> None:
        """Set the wall clock, forward or back, as a correction by the network does. No timer fires or is delayed.

        Args:
            time: Seconds since the epoch, or a datetime.
        """
        self._wall = _epoch(time) - self._instant

    def on_move(self, callback: Callable[[float], object]) -> Unsubscribe:
        """Drag another library's clock along: ``clock.on_move(traveller.shift)`` with time-machine.

        Args:
            callback: Called with the seconds that pass, each time that some do.

        Returns:
            Ends it.
        """
        token = object()
        self._on_move[token] = callback

        def stop() -> None:
            self._on_move.pop(token, None)

        return stop

    # -- timers

    def call_later(self, delay: float, callback: Callable[..., object], *args: object) -> VirtualTimer:
        """Call *callback* after *delay* seconds. Without delay it is called on a turn of the loop, as asyncio does.

        Args:
            delay: Seconds; ``math.inf`` never comes.
            callback: Called with *args*.
            *args: Its arguments.

        Raises:
            RuntimeError: No loop runs.
        """
        loop = asyncio.get_running_loop()
        wait = max(0, in_microseconds(delay))
        timer = VirtualTimer(self._instant + wait, callback, args)
        self._timeline.add(timer)
        if not wait:
            loop.call_soon(self.fire_due)
        return timer

    async def sleep(self, delay: float) -> None:
        """Return after *delay* seconds.

        Args:
            delay: Seconds.
        """
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay, lambda: None if woken.done() else woken.set_result(None))
        try:
            await woken
        finally:
            timer.cancel()

    def pending_timers(self) -> list[tuple[float, str]]:
        """The timers that are set, soonest first: in how many seconds, and what for."""
        never = NEVER - self._instant
        return [
            (math.inf if due >= never else due / MICROSECONDS, described(callback)) for due, callback in self.timers()
        ]

    # -- letting time pass

    async def advance(self, duration: Duration = 0.0) -> None:
        """Let time pass.

        Each timer on the way fires at its own instant, and all that it sets going runs until it waits, before the next
        one fires: a chain of retries or an interval plays out as it would in real time. On return exactly *duration*
        has passed, and nobody has anything left to do but wait.

        Args:
            duration: Seconds, or a timedelta.

        Raises:
            ValueError: It is below 0: see ``set_time``.
            EndlessTimersError: More than ``max_timers`` timers fired, or something runs without ever waiting.
            RealTimeError: A worker thread took longer than ``real_timeout``.
            RuntimeError: Another task is advancing this clock.
        """
        step = in_microseconds(duration)
        if step < 0:
            raise ValueError(f"time does not go back by {duration!r}; set_time() sets the wall clock back.")
        if self._is_advancing:
            raise RuntimeError("another task is advancing this clock; await one call at a time.")
        self._is_advancing = True
        try:
            await self._advance_to(self._instant + step)
        finally:
            self._is_advancing = False

    async def advance_to_next(self) -> float:
        """Let time pass until the next timer fires.

        Returns:
            The seconds that passed; 0.0 if there is no timer.

        Raises:
            EndlessTimersError: As ``advance``.
        """
        await self.settle()
        due = self.next_instant
        wait = 0 if due is None else due - self._instant
        await self.advance(wait / MICROSECONDS)
        return wait / MICROSECONDS

    async def settle(self) -> None:
        """Run all that can run now, what is due now included, and let no time pass.

        Raises:
            EndlessTimersError: As ``advance``.
            RealTimeError: As ``advance``.
        """
        await self.advance()

    async def run_until_idle(self, limit: Duration = DAY) -> float:
        """Let time pass from timer to timer until none is left.

        Args:
            limit: Seconds, or a timedelta, that may pass.

        Returns:
            The seconds that passed.

        Raises:
            EndlessTimersError: Timers are left after *limit*, as with a ``refetch_interval``; or as ``advance``.
        """
        begin, end = self._instant, self._instant + in_microseconds(limit)
        await self.settle()
        while (due := self.next_instant) is not None:
            if due > end:
                raise EndlessTimersError(
                    f"timers are left after {(end - begin) / MICROSECONDS:g} s: {self._next_timers()}. Stop what sets "
                    "them, or let a certain time pass with advance()."
                )
            await self.advance((due - self._instant) / MICROSECONDS)
        return (self._instant - begin) / MICROSECONDS

    @contextlib.contextmanager
    def jumping(self) -> Generator[Self]:
        """Within the block, time jumps to the next timer whenever nothing is left to do."""
        before, self.autojump = self.autojump, True
        try:
            yield self
        finally:
            self.autojump = before

    # -- attaching

    @property
    def is_attached(self) -> bool:
        """Whether it tells a loop's time."""
        return self._takeover is not None

    @property
    def is_advancing(self) -> bool:
        """Whether a task lets time pass right now."""
        return self._is_advancing

    @property
    def busy_threads(self) -> int:
        """How many worker threads of its loop have work, for which ``settle`` waits in real time."""
        return 0 if self._takeover is None else self._takeover.busy_threads

    def attach(self) -> None:
        """Tell the time of the running loop from now on. Timers that it has keep what they still have to wait.

        Raises:
            UnsupportedLoopError: The loop's time cannot be taken over, or none of asyncio's runs.
            RuntimeError: This clock tells another loop's time, or another clock this one's.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise UnsupportedLoopError(
                "no asyncio loop runs here, so there is no time to take over. Attach inside the coroutine: "
                "`async with clock:`. Under trio, use trio.testing.MockClock."
            ) from None
        if self._takeover is not None:
            if self._takeover.loop is loop:
                return
            raise RuntimeError("this clock tells another loop's time; detach() it there, or make one for each loop.")
        self._takeover = Takeover(loop, self)

    def detach(self) -> None:
        """Give the loop its own time back. Timers that are still set keep what they have to wait."""
        if self._takeover is not None:
            self._takeover.release()
            self._takeover = None

    @contextlib.contextmanager
    def attached(self) -> Generator[Self]:
        """Tell the time of the running loop within the block.

        Raises:
            UnsupportedLoopError: As ``attach``.
            RuntimeError: As ``attach``.
        """
        was_attached = self.is_attached
        self.attach()
        try:
            yield self
        finally:
            if not was_attached:
                self.detach()

    async def __aenter__(self) -> Self:
        self.attach()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.detach()

    # -- what a loop sees of it

    @property
    def instant(self) -> int:
        """Microseconds since the clock began."""
        return self._instant

    @property
    def next_instant(self) -> int | None:
        """The instant of the next timer, its own or the loop's; None if there is none."""
        dues = [self._timeline.due, None if self._takeover is None else self._takeover.due]
        return min((due for due in dues if due is not None), default=None)

    def move_to(self, instant: int) -> None:
        """Let time pass without firing anything.

        Args:
            instant: Until when, in microseconds.
        """
        passed = instant - self._instant
        if passed > 0:
            self._instant = instant
            for callback in [*self._on_move.values()]:
                callback(passed / MICROSECONDS)

    def fire_due(self) -> bool:
        """Fire the next of its own timers that is due; whether there was one."""
        timer = self._timeline.pop(self._instant)
        if timer is not None:
            timer.fire()
        return timer is not None

    def timers(self) -> list[tuple[int, Callable[..., object]]]:
        """All timers, soonest first: in how many microseconds, and what they call."""
        found: list[tuple[int, Callable[..., Any]]] = [(timer.due, timer.callback) for timer in self._timeline.pending]
        if self._takeover is not None:
            found += self._takeover.timers()
        return sorted(((due - self._instant, callback) for due, callback in found), key=lambda entry: entry[0])

    # -- inside

    async def _advance_to(self, target: int) -> None:
        await self._settle()
        fired = 0
        while (due := self.next_instant) is not None and due <= target:
            self.move_to(due)
            # timers of the loop are fired by the loop, on its next turn
            self.fire_due()
            fired += 1
            if fired > self.max_timers:
                raise EndlessTimersError(
                    f"more than {self.max_timers} timers fired in one go, and there is no end: {self._next_timers()}. "
                    "Something sets itself anew each time; let less time pass at once, or allow more with max_timers=."
                )
            await self._settle()
        self.move_to(target)
        await self._settle()

    async def _settle(self) -> None:
        """Return when nobody else has anything left to do but wait.

        When this task goes on and the loop has nothing else to run, all others wait. Twice in a row, since what arrives
        from outside comes in between two turns.
        """
        loop: Any = asyncio.get_running_loop()
        ready = getattr(loop, "_ready", None)
        turns, quiet, waited = 0, 0, 0.0
        while turns < _MOST_TURNS:
            turns += 1
            await asyncio.sleep(0)
            # a loop that shows nothing of what it has to run gets a fixed number of turns
            quiet = 0 if ready else quiet + 1
            if quiet < (2 if ready is not None else 50):
                continue
            takeover = self._takeover
            busy = 0 if takeover is None or takeover.loop is not loop else takeover.busy_threads
            if takeover is None or not busy:
                return
            turns = quiet = 0
            if waited > self.real_timeout:
                raise RealTimeError(f"{busy} worker thread(s) still run after {self.real_timeout:g} real seconds.")
            begin = perf_counter()
            takeover.let_threads_work()
            waited += perf_counter() - begin
        raise EndlessTimersError(
            f"the loop did not come to rest in {_MOST_TURNS:,} turns: some task or callback runs without ever waiting."
        )

    def _next_timers(self) -> str:
        return ", ".join(f"{what} in {wait:g} s" for wait, what in self.pending_timers()[:3]) or "none is set now"


def _epoch(time: float | datetime) -> int:
    instant = time.timestamp() if isinstance(time, datetime) else time
    exact = instant * MICROSECONDS
    # a duration is rounded up, so that nothing is early; a float as large as an instant has dust, and means the nearest
    return round(exact) if math.isfinite(exact) else in_microseconds(instant)
