"""``render``: a user interface on a screen for as long as a block of a test lasts."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any

from .backends import Backend, Wrapper, framework_of, room_of
from .blocking import BlockingScreen, Portal
from .commits import Commits, open_screens
from .screen import Screen


class Rendering:
    """What ``render`` gives: ``async with`` it for a ``Screen``; outside of a loop ``with`` it, for one that blocks.

    Args:
        open_backend: Begins to show it.
    """

    def __init__(self, open_backend: Callable[[Commits], AbstractAsyncContextManager[Backend]]) -> None:
        self._open_backend = open_backend
        self._stack = contextlib.AsyncExitStack()
        self._portal = Portal()
        self._screen: Screen | None = None

    async def __aenter__(self) -> Screen:
        commits = Commits()
        backend = await self._stack.enter_async_context(self._open_backend(commits))
        screen = self._screen = Screen(backend, commits)
        open_screens.append(screen)
        try:
            # its effects begin
            await asyncio.sleep(0)
            commits.raise_error()
        except BaseException:
            await self.aclose()
            raise
        return screen

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        screen = self._screen
        assert screen is not None
        await self.aclose()
        if error is None:
            screen.commits.raise_error()
        elif untold := screen.commits.untold():
            error.add_note(f"The program failed, too:\n{untold}")

    async def aclose(self) -> None:
        """Take it off the screen. Does nothing the second time."""
        if self._screen in open_screens:
            open_screens.remove(self._screen)
        await self._stack.aclose()

    def __enter__(self) -> BlockingScreen:
        return BlockingScreen(self._portal.enter(self), self._portal)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._portal.leave(self, kind, error, trace)


def render(ui: Any, *, wrapper: Wrapper | None = None, framework: str | None = None) -> Rendering:
    """Show a user interface, without a browser or a terminal, until the end of a block.

    ``async with render(ProjectList(), wrapper=provider) as screen`` gives a ``Screen``. In a test without an event
    loop, ``with render(...) as screen`` gives a ``BlockingScreen``, whose methods wait where those are awaited: the
    user interface then runs in the loop of a thread of its own.

    Args:
        ui: A ReactPy component, such as ``ProjectList()``; or an app of Textual or its class, a screen, or a widget. Of
            Flet the function itself, ``ProjectList``, or one that calls components with ``framework="flet"``:
            ``lambda: ProjectList(slug="apollo")``.
        wrapper: What to put around it: called with *ui*, returns what to show.
        framework: Whose it is, where *ui* does not tell.

    Raises:
        UnsupportedActionError: It is nothing that can be rendered.
        ImportError: A framework is missing.
        BaseException: What a component raised as it rendered first.
    """
    return Rendering(functools.partial(room_of(framework or framework_of(ui)).open_backend, ui, wrapper))
