"""Flet components on a screen: a session whose messages go nowhere.

Flet has no public way to do this. What is used of its inside is what its own servers use: a session, a connection, and
the two calls by which a client tells of events.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flet
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from .backends import Wrapper
from .commits import Commits, commits_in
from .elements import Element, walk
from .errors import StaleElementError, UnsupportedActionError
from .flet_elements import FIELDS, TOGGLES, FletElement, FletRoot
from .waiting import settle_action

# its types have holes
_flet: Any = flet
_session: Any = Session
_component: Callable[[Callable[..., Any]], Callable[..., Any]] = flet.component


class _Nowhere(Connection):
    """A connection that sends nothing, and tells of each message."""

    def __init__(self, told: Callable[[Any], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        # threads are started when something is given to them
        self.executor = ThreadPoolExecutor(1)
        self.pubsubhub = PubSubHub(self.loop, self.executor)
        self._told = told

    def send_message(self, message: Any) -> None:
        """Tell of a message to the client."""
        self._told(message)

    def dispose(self) -> None:
        """End its threads."""
        self.executor.shutdown()


class _Shown:
    """What is shown now. Two are never equal, so showing one again renders again."""

    def __init__(self, ui: Callable[[], Any]) -> None:
        self.ui = ui


class FletBackend:
    """A page that is on.

    Args:
        ui: A component, or a function that calls components.
        wrapper: What to put around it.
        commits: To be told of commits and errors.
    """

    def __init__(self, ui: Callable[[], Any], wrapper: Wrapper | None, commits: Commits) -> None:
        self._ui = ui
        self._wrapper = wrapper
        self._commits = commits
        self._show: Callable[[_Shown], None]
        self._root: tuple[int, FletRoot] | None = None
        self._focus: Element | None = None
        self._events: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[FletBackend]:
        """Render it until the end of the block."""
        wrapper = self._wrapper

        @_component
        def Root() -> Any:  # noqa: N802 - a component
            shown, self._show = _flet.use_state(_Shown(self._ui))
            return shown.ui() if wrapper is None else wrapper(shown.ui)

        self._session = session = _session(_Nowhere(self._told))
        session.attach_connection(session.connection)
        try:
            session.page.render(Root)
            # what a client that connects is sent; only then is the page mounted
            session.get_page_patch()
            self._watch_updates()
            self._commits.commit()
            yield self
        finally:
            for task in [*self._events]:
                task.cancel()
            await asyncio.gather(*self._events, return_exceptions=True)
            session.close()
            session.connection.dispose()
            # it tells its page that it closes in a task of its own
            for _ in range(3):
                await asyncio.sleep(0)

    def _told(self, message: Any) -> None:
        if message.action == MessageAction.SESSION_CRASHED:
            # it is told where the error is caught
            error = sys.exc_info()[1] or RuntimeError(str(message.body.message))
            self._commits.fail(error, "in an effect or a handler of Flet")
        self._commits.commit()

    def _watch_updates(self) -> None:
        """Know when a component raises: Flet's own loop of updates ends with that, unheard."""
        updates: asyncio.Task[None] = self._session._Session__updates_task
        updates.add_done_callback(self._updates_ended)

    def _updates_ended(self, updates: asyncio.Task[None]) -> None:
        if not updates.cancelled() and (error := updates.exception()) is not None:
            self._commits.fail(error, "while a component rendered")
            self._session.start_updates_scheduler()
            self._watch_updates()

    # -- what is there

    @property
    def root(self) -> FletRoot:
        """What is on the page now."""
        if self._root is None or self._root[0] != self._commits.count:
            self._root = (self._commits.count, FletRoot(self._session.page.views[0].controls))
        return self._root[1]

    def _current(self, element: Element) -> FletElement:
        if not isinstance(element, FletElement):
            raise UnsupportedActionError(f"{element!r} is no element of a Flet screen.")
        for one in walk(self.root):
            # a control that is drawn again is another object with the same number
            if isinstance(one, FletElement) and one.control._i == element.control._i:
                return one
        raise StaleElementError(f"{element!r} is no longer on the screen. Get it again.")

    # -- what is done to it

    async def click(self, element: Element) -> None:
        """Click on a control, or on the nearest one around it that can be clicked.

        Args:
            element: The element.

        Raises:
            StaleElementError: It is no longer there.
        """
        target = self._current(element)
        if target.is_disabled:
            return
        self._focus = target
        around: FletElement | None = target
        while around is not None:
            if around.tag in TOGGLES:
                await self._change(around, not around.control.value)
                return
            if getattr(around.control, "on_click", None) is not None:
                await self._tell(around, "click", None)
                return
            around = around.parent

    async def type(self, element: Element, text: str) -> None:
        """Type a text, key by key; a line break is Enter.

        Args:
            element: A field.
            text: The text.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        self._field(element)
        for key in text:
            await self.press(element, "Enter" if key == "\n" else key)

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = self._field(element)
        self._focus = field
        await self._change(field, "")

    async def press(self, element: Element | None, key: str) -> None:
        """Press a key.

        Args:
            element: Where; None for what was clicked or typed into last.
            key: A character, ``"Backspace"`` or ``"Enter"``.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: Nothing has the focus.
        """
        where = element or self._focus
        if where is None:
            raise UnsupportedActionError(
                "nothing has the focus, so no key can be pressed; say where: press(key, element)."
            )
        target = self._current(where)
        if target.is_disabled:
            return
        self._focus = target
        if target.tag not in FIELDS:
            if key in ("Enter", " "):
                await self.click(target)
            return
        value = str(target.control.value or "")
        if key == "Enter" and not getattr(target.control, "multiline", False):
            await self._tell(target, "submit", value)
        elif len(key) == 1 or key == "Enter":
            await self._change(target, value + ("\n" if key == "Enter" else key))
        elif key == "Backspace" and value:
            await self._change(target, value[:-1])

    async def rerender(self, ui: Any) -> None:
        """Show another root.

        Args:
            ui: The component, or a function that calls components.
        """
        seen = commits_in(self._commits.loop)
        self._show(_Shown(ui))
        await settle_action(seen)

    def _field(self, element: Element) -> FletElement:
        field = self._current(element)
        if field.tag not in FIELDS:
            raise UnsupportedActionError(f"{field!r} is nothing to type into; expected a field for text.")
        return field

    async def _change(self, field: FletElement, value: Any) -> None:
        if not field.is_disabled and not getattr(field.control, "read_only", False):
            self._session.apply_patch(field.control._i, {"value": value})
            self._commits.commit()
            await self._tell(field, "change", value)

    async def _tell(self, element: FletElement, event: str, data: Any) -> None:
        seen = commits_in(self._commits.loop)
        task = asyncio.create_task(self._session.dispatch_event(element.control._i, event, data))
        self._events.add(task)
        task.add_done_callback(self._events.discard)
        await settle_action(seen)


def open_backend(
    ui: Callable[[], Any], wrapper: Wrapper | None, commits: Commits
) -> contextlib.AbstractAsyncContextManager[FletBackend]:
    """Show a component until the end of the block.

    Args:
        ui: A component, or a function that calls components.
        wrapper: What to put around it.
        commits: To be told of commits and errors.
    """
    return FletBackend(ui, wrapper, commits).running()


def make_probe(hook: Callable[..., Any], seen: Callable[[Any], None]) -> Callable[[dict[str, Any]], Any]:
    """A component that calls a hook and shows nothing.

    Args:
        hook: The hook.
        seen: Called with what the hook returns, at each render.
    """

    @_component
    def Probe(props: dict[str, Any]) -> Any:  # noqa: N802 - a component
        seen(hook(**props))
        return _flet.Container()

    return lambda props: lambda: Probe(dict(props))
