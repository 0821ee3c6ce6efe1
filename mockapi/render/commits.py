"""What a screen tells as it changes: its commits, and the errors of the program that it shows."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Protocol


class OpenScreen(Protocol):
    """A screen as those who wait see it."""

    @property
    def commits(self) -> Commits:
        """What it tells."""
        ...


class Commits:
    """Commits and errors of one screen. A backend calls ``commit`` and ``fail``; those who wait are woken.

    Must be made inside the event loop of the screen.

    Attributes:
        count: How many commits there were.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.count = 0
        self._errors: list[BaseException] = []
        self._seen: list[BaseException] = []

    def commit(self) -> None:
        """Tell that what is on the screen may have changed. Costs nearly nothing, so one too many does not matter.

        A backend lets the loop turn once after it (``await asyncio.sleep(0)``) before it changes the screen again, so
        that a test that waits sees this very state.
        """
        self.count += 1
        wake(self.loop)

    def fail(self, error: BaseException, where: str) -> None:
        """Tell of an error of the program: the test gets it at its next use of the screen, or at the end.

        Args:
            error: The error. The second time that it is told is ignored.
            where: What failed, such as ``"while ProjectList rendered"``.
        """
        if any(error is seen for seen in self._seen):
            return
        self._seen.append(error)
        error.add_note(f"raised {where}")
        self._errors.append(error)
        wake(self.loop)

    def raise_error(self) -> None:
        """Raise the oldest error that no test has got yet.

        Raises:
            BaseException: There is one: the very error of the program.
        """
        if self._errors:
            raise self._errors.pop(0)

    def untold(self) -> str:
        """All such errors with their tracebacks, as text; empty if there are none. They count as told."""
        errors, self._errors = self._errors, []
        return "\n".join("".join(traceback.format_exception(error)).rstrip() for error in errors)


open_screens: list[OpenScreen] = []
"""The screens of this process that are on, of all loops."""

_wakers: list[tuple[asyncio.AbstractEventLoop, Callable[[], None]]] = []


def screens_of(loop: asyncio.AbstractEventLoop) -> list[OpenScreen]:
    """The screens of one event loop.

    Args:
        loop: The loop.
    """
    return [screen for screen in open_screens if screen.commits.loop is loop]


def commits_in(loop: asyncio.AbstractEventLoop) -> int:
    """How many commits and errors the screens of a loop have told of.

    Args:
        loop: The loop.
    """
    return sum(screen.commits.count + len(screen.commits._seen) for screen in screens_of(loop))


async def next_commit(delay: float) -> None:
    """Return after the next commit of any screen of this loop, or after some time.

    Args:
        delay: Seconds after which to return at the latest.
    """
    loop = asyncio.get_running_loop()
    woken: asyncio.Future[None] = loop.create_future()

    def waker() -> None:
        if not woken.done():
            woken.set_result(None)

    entry = (loop, waker)
    timer = loop.call_later(delay, waker)
    _wakers.append(entry)
    try:
        await woken
    finally:
        timer.cancel()
        _wakers.remove(entry)


def wake(loop: asyncio.AbstractEventLoop) -> None:
    """Wake those who wait for a commit.

    Args:
        loop: In which loop.
    """
    for where, waker in [*_wakers]:
        if where is loop:
            waker()
