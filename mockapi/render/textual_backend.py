"""Textual's apps, screens and widgets on a screen: as in a terminal, without one.

What Textual's own ``Pilot`` does, but without its waiting until the processor is idle: that takes real time, and never
ends where time is virtual.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import unicodedata
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, Final

from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.screen import Screen as TextualScreen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from .backends import Wrapper
from .commits import Commits
from .elements import Element
from .errors import StaleElementError, UnsupportedActionError
from .textual_elements import TextualElement, TextualRoot
from .waiting import _turning

MOST_TURNS: Final = 500
"""Turns of the loop after which an action counts as done, though something still runs."""

KEYS: Final = {
    "ArrowDown": "down",
    "ArrowLeft": "left",
    "ArrowRight": "right",
    "ArrowUp": "up",
    "Esc": "escape",
    " ": "space",
    "\n": "enter",
}
"""Keys whose name in browsers is not, but for its case, the one of Textual."""


class TextualBackend:
    """An app that is on.

    Args:
        app: The app.
        commits: To be told of commits and errors.
    """

    def __init__(self, app: App[Any], commits: Commits) -> None:
        self._app = app
        self._commits = commits
        self._is_committing = False
        self._context: contextvars.Context | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[TextualBackend]:
        """Run it until the end of the block."""
        # Any: errors go to the test, which Textual has no other way to say
        app: Any = self._app
        app._handle_exception = self._fail
        begun, over = asyncio.Event(), asyncio.Event()
        # in a task of its own: what Textual keeps in context variables is taken back where it was set
        task = asyncio.create_task(self._run(begun, over))
        begun_or_failed = asyncio.create_task(begun.wait())
        await asyncio.wait({task, begun_or_failed}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if task.done():
                # it never came on, and says why
                await task
            await self._settle()
            yield self
        finally:
            begun_or_failed.cancel()
            over.set()
            await asyncio.wait({task})
        await task

    async def _run(self, begun: asyncio.Event, over: asyncio.Event) -> None:
        async with self._app.run_test(notifications=True, message_hook=self._on_message) as pilot:
            self._context = contextvars.copy_context()
            self._pilot = pilot
            begun.set()
            await over.wait()

    def _fail(self, error: Exception) -> None:
        self._commits.fail(error, "in the app")
        # who waits for all widgets must not wait for this one
        self._app._exception_event.set()

    def _on_message(self, _: object) -> None:
        # it is about to be handled; a widget that changes sends itself another
        if not self._is_committing:
            self._is_committing = True
            self._commits.loop.call_soon(self._commit)

    def _commit(self) -> None:
        self._is_committing = False
        self._commits.commit()

    # -- what is there

    @property
    def root(self) -> TextualRoot:
        """What is on the screen that is in front, and the notifications."""
        if not self._app._screen_stack:
            return TextualRoot(())
        screen = self._app.screen
        shown = [widget for widget in screen.children if "-textual-system" not in widget.classes]
        return TextualRoot([*shown, *screen.query("Toast").results(Widget)])

    def _widget(self, element: Element) -> Widget:
        if not isinstance(element, TextualElement):
            raise UnsupportedActionError(f"{element!r} is no element of a Textual screen.")
        widget = element.handle
        if not widget.is_attached or widget.screen is not self._app.screen:
            from .printing import printed

            raise StaleElementError(
                f"{element!r} is no longer on the screen. Get it again; this is there now:\n\n{printed(self.root)}"
            )
        return widget

    # -- what is done to it

    async def click(self, element: Element) -> None:
        """Click on the middle of a widget, with the mouse. It is scrolled to if need be.

        Args:
            element: The element.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: No part of it is on the screen.
        """
        widget = self._widget(element)
        await self._act(lambda: widget.scroll_visible(animate=False, immediate=True))
        await self._act(lambda: self._press_mouse(widget, element))

    async def type(self, element: Element, text: str) -> None:
        """Type a text, key by key, at the end of what is in a field.

        Args:
            element: A field.
            text: The text.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = self._field(element)
        if field.disabled:
            return
        await self._focus(field)
        if isinstance(field, Input):
            field.cursor_position = len(field.value)
        else:
            field.move_cursor(field.document.end)
        for character in text:
            await self._key(character)

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = self._field(element)
        if not field.disabled:
            await self._focus(field)
            await self._act(field.clear)

    async def press(self, element: Element | None, key: str) -> None:
        """Press a key.

        Args:
            element: Where; None for the widget that has the focus.
            key: Its name in browsers, or in Textual.

        Raises:
            StaleElementError: It is no longer there.
        """
        if element is not None:
            await self._focus(self._widget(element))
        await self._key(key)

    async def rerender(self, ui: Any) -> None:
        """Refused: a widget is not rendered anew with other arguments.

        Args:
            ui: Whatever.

        Raises:
            UnsupportedActionError: Always.
        """
        raise UnsupportedActionError(
            "Textual does not render a user interface anew. Set the reactive attributes of the widget instead."
        )

    def _field(self, element: Element) -> Input | TextArea:
        widget = self._widget(element)
        if not isinstance(widget, (Input, TextArea)):
            raise UnsupportedActionError(f"{element!r} is nothing to type into; expected an Input or a TextArea.")
        return widget

    async def _focus(self, widget: Widget) -> None:
        await self._act(lambda: self._app.screen.set_focus(widget))

    async def _key(self, key: str) -> None:
        name = KEYS.get(key, key if len(key) == 1 else key.lower())
        if len(name) == 1 and not name.isalnum():
            name = _character_to_key(name)
        try:
            character: str | None = unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
        except KeyError:
            character = name if len(name) == 1 else None
        await self._act(lambda: self._app.post_message(events.Key(name, character)))

    def _press_mouse(self, widget: Widget, element: Element) -> None:
        screen = self._app.screen
        # between two clicks of a person time goes by, until which a button does not react to the next
        widget.remove_class("-active")
        visible = Region(0, 0, *screen.size).intersection(widget.region)
        if not visible:
            raise UnsupportedActionError(f"{element!r} takes no room on the screen, so it cannot be clicked.")
        x, y = visible.x + (visible.width - 1) // 2, visible.y + (visible.height - 1) // 2
        self._app.mouse_position = visible.offset
        for kind in (events.MouseDown, events.MouseUp, events.Click):
            screen._forward_event(
                kind(
                    widget=widget,
                    x=x,
                    y=y,
                    delta_x=0,
                    delta_y=0,
                    button=1,
                    shift=False,
                    meta=False,
                    ctrl=False,
                    screen_x=x,
                    screen_y=y,
                )
            )

    async def _act(self, act: Callable[[], object]) -> None:
        """Do something as the app itself would, and return when its handlers have run up to their first wait."""

        async def do() -> None:
            act()
            await self._settle()

        await self._in_app(do())

    async def _settle(self) -> None:
        with _turning(self._commits.loop) as is_quiet:
            # twice: what was handled may want to be laid out, which brings more to be handled
            for _ in range(2):
                quiet = 0
                for _ in range(MOST_TURNS):
                    await asyncio.sleep(0)
                    quiet = quiet + 1 if is_quiet() is not False else 0
                    if quiet > 3:
                        break
                if self._app._screen_stack:
                    # what a timer does at the next frame
                    self._app.screen._on_timer_update()
        self._commits.commit()

    async def _in_app(self, what: Coroutine[Any, Any, None]) -> None:
        context = self._context
        assert context is not None, "the app runs"
        await asyncio.create_task(what, context=context.copy())


class _Stage(App[Any]):
    """An app for one widget or screen.

    Args:
        ui: The widget or screen.
    """

    def __init__(self, ui: Widget) -> None:
        super().__init__()
        self._ui = ui

    def compose(self) -> ComposeResult:
        """The widget."""
        if not isinstance(self._ui, TextualScreen):
            yield self._ui

    async def on_mount(self) -> None:
        """The screen."""
        if isinstance(self._ui, TextualScreen):
            await self.push_screen(self._ui)


def open_backend(
    ui: Any, wrapper: Wrapper | None, commits: Commits
) -> contextlib.AbstractAsyncContextManager[TextualBackend]:
    """Show an app, screen or widget until the end of the block.

    Args:
        ui: An app, or its class; or a screen or widget, which gets an app of its own.
        wrapper: What to put around it.
        commits: To be told of commits and errors.
    """
    made = ui() if isinstance(ui, type) else ui
    if wrapper is not None:
        made = wrapper(made)
    return TextualBackend(made if isinstance(made, App) else _Stage(made), commits).running()


def make_probe(hook: Callable[..., Any], seen: Callable[[Any], None]) -> Callable[[dict[str, Any]], Any]:
    """Refused: Textual has declarations in place of hooks.

    Args:
        hook: The hook.
        seen: Called with what it returns.

    Raises:
        UnsupportedActionError: Always.
    """
    raise UnsupportedActionError(
        "Textual has no hooks to render. Declare the attribute in a widget, and render() that widget."
    )
