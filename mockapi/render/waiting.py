"""``wait_for``: waiting until something holds, woken by what happens instead of asking again and again.

A condition is looked at after each commit of a screen, whenever nothing is left to run, and in real time now and then
as well, for what no screen shows. With virtual time the next timer fires instead of a wait, as Testing Library does it
with fake timers; the timeout is in virtual seconds then.
"""

# ruff: noqa: ASYNC109 - timeouts are by the clock of the loop, which may be a virtual one
from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar, overload

from query.base.types import MICROSECONDS, Duration

from ..clock.timeline import NEVER, in_microseconds
from ..clock.virtual_clock import VirtualClock
from .commits import commits_in, next_commit, screens_of, wake
from .errors import WaitTimeoutError
from .evidence import shown_logs, shown_screens

T = TypeVar("T")

TIMEOUT = 1.0
"""Seconds that a wait lasts unless it is told otherwise: Testing Library's."""
POLL = 0.05
"""Real seconds after which a condition is looked at although nothing was heard."""
MOST_TURNS = 500
"""Turns of the loop after which it counts as being at rest."""
_BLIND_TURNS = 20


@overload
async def wait_for(fn: Callable[[], Awaitable[T]], *, timeout: Duration = ...) -> T: ...
@overload
async def wait_for(fn: Callable[[], T], *, timeout: Duration = ...) -> T: ...
async def wait_for(fn: Callable[[], Any], *, timeout: Duration = TIMEOUT) -> Any:
    """Wait until a condition holds.

    Args:
        fn: The condition, a function or a coroutine function. It holds when it returns anything but False and raises
            neither an AssertionError nor a LookupError.
        timeout: Seconds, or a timedelta: virtual ones when the loop's time is virtual.

    Returns:
        What *fn* returned.

    Raises:
        WaitTimeoutError: It did not hold in time. The cause is the last error; the message shows the screens, the
            requests and the queries of the test.
        BaseException: What *fn* raised otherwise, or a component of a screen of this loop.
    """
    __tracebackhide__ = True
    patience = Patience(timeout)
    while True:
        patience.raise_errors()
        try:
            result = fn()
            if inspect.isawaitable(result):
                result = await result
        except (AssertionError, LookupError) as error:
            last: BaseException | None = error
        else:
            if result is not False:
                return result
            last = None
        if not await patience.next():
            raise patience.failure(fn, last) from last


class Patience:
    """Says when it is time to look at a condition again, until the time is over.

    Must be made inside the event loop.

    Args:
        timeout: Seconds, or a timedelta.
    """

    def __init__(self, timeout: Duration) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock: VirtualClock | None = getattr(self._loop, "_virtual_clock", None)
        self._timeout = in_microseconds(timeout)
        self._end = self._now + self._timeout
        self._seen = commits_in(self._loop)
        self._has_rested = False
        self._is_over = False

    @property
    def _now(self) -> int:
        return round(self._loop.time() * MICROSECONDS) if self._clock is None else self._clock.instant

    async def next(self) -> bool:
        """Return when it is time to look again; False if there is none left."""
        while not self._is_over:
            if await self._commit_before_rest():
                self._has_rested = False
                return True
            if not self._has_rested:
                self._has_rested = True
                return True
            self._is_over = not await (
                self._pass_real_time() if self._clock is None else self._pass_virtual_time(self._clock)
            )
            if self._is_over:
                # a last look
                return True
        return False

    def raise_errors(self) -> None:
        """Raise what a component of a screen of this loop raised, if no test has got it yet.

        Raises:
            BaseException: That.
        """
        for screen in screens_of(self._loop):
            screen.commits.raise_error()

    def failure(self, fn: Callable[[], object], last: BaseException | None) -> WaitTimeoutError:
        """The error for a condition that did not hold.

        Args:
            fn: The condition.
            last: What it raised at last; None if it returned False.
        """
        seconds = self._timeout / MICROSECONDS
        # the first line: what it says beside comes with its own traceback, the cause of this
        why = "it returned False" if last is None else ": ".join([type(last).__name__, *str(last).splitlines()[:1]])
        said = f"{_described(fn)} did not hold within {seconds:g} s. At last: {why}"
        return WaitTimeoutError(said, seconds, shown_screens(self._loop), shown_logs())

    async def _commit_before_rest(self) -> bool:
        """Let the loop run until a screen tells something, or nothing is left to run; whether one did."""
        with _turning(self._loop) as is_quiet:
            quiet = 0
            for turn in range(MOST_TURNS if is_quiet() is not None else _BLIND_TURNS):
                count = commits_in(self._loop)
                if count != self._seen:
                    self._seen = count
                    return True
                await asyncio.sleep(0)
                # twice in a row: what arrives from outside comes in between two turns
                quiet = quiet + 1 if is_quiet() else 0
                if quiet == 2:
                    if turn > 1:
                        # others had something to do, so there is something to look at
                        self._has_rested = False
                    break
        return False

    async def _pass_real_time(self) -> bool:
        """Wait for a commit, but not for long; False if no time is left."""
        left = (self._end - self._now) / MICROSECONDS
        if left <= 0:
            return False
        await next_commit(min(left, POLL))
        self._has_rested = False
        return True

    async def _pass_virtual_time(self, clock: VirtualClock) -> bool:
        """Let the next timer fire; False if none does in time."""
        if clock.is_advancing:
            # somebody else lets time pass: another wait, or the test
            await next_commit(max(0, self._end - self._now) / MICROSECONDS)
            self._has_rested = False
            return self._now < self._end
        if clock.busy_threads:
            # they are waited for in real time, and then there is something to look at
            with _turning(self._loop):
                await clock.settle()
            wake(self._loop)
            self._has_rested = False
            return True
        due = clock.next_instant
        if due is None or due > self._end:
            if self._end < NEVER:
                clock.move_to(self._end)
            return False
        clock.move_to(due)
        # timers of the loop are fired by the loop, on its next turn
        clock.fire_due()
        self._has_rested = False
        return True


def _described(fn: Callable[[], object]) -> str:
    function = inspect.unwrap(fn)
    code = getattr(function, "__code__", None)
    if code is None:
        return repr(fn)
    name = "the condition" if code.co_name == "<lambda>" else code.co_name
    return f"{name} at {code.co_filename}:{code.co_firstlineno}"


_turners: dict[asyncio.AbstractEventLoop, int] = {}


@contextlib.contextmanager
def _turning(loop: asyncio.AbstractEventLoop) -> Generator[Callable[[], bool | None]]:
    """Be known as one who only lets the loop turn, within the block. Gives whether all others who run do so, too.

    It is None for a loop that does not show what it has to run.
    """
    ready = getattr(loop, "_ready", None)
    _turners[loop] = _turners.get(loop, 0) + 1

    def is_quiet() -> bool | None:
        return None if ready is None else len(ready) < _turners[loop]

    try:
        yield is_quiet
    finally:
        _turners[loop] -= 1
        if not _turners[loop]:
            del _turners[loop]


async def settle_action(seen: int) -> None:
    """Return when the handler of an action has run up to its first wait, and what it changed is on the screen.

    Args:
        seen: What ``commits_in`` said before the action.
    """
    loop = asyncio.get_running_loop()
    with _turning(loop) as is_quiet:
        quiet = 0
        for turn in range(MOST_TURNS if is_quiet() is not None else _BLIND_TURNS):
            await asyncio.sleep(0)
            quiet = quiet + 1 if is_quiet() else 0
            # its task begins on the first turn, or on the second
            if turn >= 2 and (quiet >= 2 or commits_in(loop) != seen):
                return
