"""``render_hook``: a hook by itself, in a component that shows nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Generic, TypeVar

from .backends import Wrapper, room_of
from .blocking import BlockingScreen, Portal
from .rendering import Rendering
from .screen import Screen

ResultT = TypeVar("ResultT")


class RenderedHook(Generic[ResultT]):
    """A hook that is rendered.

    Attributes:
        all: What it returned at each render, the first one first.
        screen: The screen of its component, which shows what the wrapper shows.
    """

    def __init__(self, rendering: HookRendering[ResultT], screen: Screen) -> None:
        self._rendering = rendering
        self.all: list[ResultT] = rendering.results
        self.screen = screen

    @property
    def current(self) -> ResultT:
        """What it returned at the last render.

        Raises:
            BaseException: What the hook raised, if no test has got it yet.
        """
        self.screen.commits.raise_error()
        return self.all[-1]

    async def rerender(self, **props: Any) -> None:
        """Render again.

        Args:
            **props: The properties to call the hook with, instead of those before; without any, those before.

        Raises:
            BaseException: What the hook raised.
        """
        if props:
            self._rendering.props = dict(props)
        await self.screen.rerender(self._rendering.ui())

    async def unmount(self) -> None:
        """Take the component off the screen. ``current`` and ``all`` stay as they are."""
        await self._rendering.aclose()


class BlockingHook(Generic[ResultT]):
    """A ``RenderedHook`` whose methods block instead of being awaited. It is in the loop of a thread of its own.

    Attributes:
        all: What it returned at each render, the first one first.
        screen: The screen of its component; ``screen.wait_for`` waits.
    """

    def __init__(self, hook: RenderedHook[ResultT], portal: Portal) -> None:
        self._hook = hook
        self._portal = portal
        self.all = hook.all
        self.screen = BlockingScreen(hook.screen, portal)

    @property
    def current(self) -> ResultT:
        """What it returned at the last render.

        Raises:
            BaseException: What the hook raised, if no test has got it yet.
        """
        return self._hook.current

    def rerender(self, **props: Any) -> None:
        """Render again.

        Args:
            **props: The properties to call the hook with, instead of those before; without any, those before.

        Raises:
            BaseException: What the hook raised.
        """
        self._portal.call(lambda: self._hook.rerender(**props))

    def unmount(self) -> None:
        """Take the component off the screen. ``current`` and ``all`` stay as they are."""
        self._portal.call(self._hook.unmount)


class HookRendering(Generic[ResultT]):
    """What ``render_hook`` gives: ``async with`` it for a ``RenderedHook``, or ``with`` it for a ``BlockingHook``."""

    def __init__(
        self,
        hook: Callable[..., ResultT],
        wrapper: Wrapper | None,
        initial_props: Mapping[str, Any] | None,
        framework: str,
    ) -> None:
        self.results: list[ResultT] = []
        self.props = dict(initial_props or {})
        room = room_of(framework)
        self._probe = room.make_probe(hook, self.results.append)
        self._rendering = Rendering(functools.partial(room.open_backend, self.ui(), wrapper))
        self._portal = Portal()

    def ui(self) -> Any:
        """The component that calls the hook with the properties as they are now."""
        return self._probe(self.props)

    async def __aenter__(self) -> RenderedHook[ResultT]:
        return RenderedHook(self, await self._rendering.__aenter__())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._rendering.__aexit__(kind, error, trace)

    def __enter__(self) -> BlockingHook[ResultT]:
        return BlockingHook(self._portal.enter(self), self._portal)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._portal.leave(self, kind, error, trace)

    async def aclose(self) -> None:
        """Take it off the screen. Does nothing the second time."""
        await self._rendering.aclose()


def render_hook(
    hook: Callable[..., ResultT],
    *,
    wrapper: Wrapper | None = None,
    initial_props: Mapping[str, Any] | None = None,
    framework: str = "reactpy",
) -> HookRendering[ResultT]:
    """Call a hook in a component that shows nothing, until the end of a block.

    ``async with render_hook(...) as hook`` gives a ``RenderedHook``; in a test without an event loop,
    ``with render_hook(...) as hook`` gives a ``BlockingHook``.

    Args:
        hook: A function that calls hooks, such as ``lambda slug: use_query(project_options(slug))``.
        wrapper: What to put around the component, such as ``lambda child: QueryClientProvider(child, client=client)``.
        initial_props: The properties to call it with, as keyword arguments.
        framework: Whose hook it is.

    Raises:
        UnsupportedActionError: That framework has no hooks that can be rendered.
        ImportError: It is not installed.
    """
    return HookRendering(hook, wrapper, initial_props, framework)
