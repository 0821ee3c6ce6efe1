"""ReactPy components on a screen: the layout that browsers are sent, without a browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from reactpy import component, use_state

from .backends import Wrapper
from .commits import Commits, commits_in
from .elements import Element
from .errors import StaleElementError, UnsupportedActionError
from .fields import FieldStates, is_disabled, is_typed_into, submit_button_of
from .html_elements import HtmlElement
from .reactpy_errors import ErrorWatch
from .reactpy_events import event_data
from .reactpy_layout import OrderedLayout
from .reactpy_tree import VdomHandle, document, patched
from .waiting import settle_action


class _Shown:
    """What is shown now. Two are never equal, so showing one again renders again."""

    def __init__(self, ui: Any) -> None:
        self.ui = ui


class ReactPyBackend:
    """A layout that is on.

    Args:
        ui: The root component, or an element.
        wrapper: What to put around it.
        commits: To be told of commits and errors.
    """

    def __init__(self, ui: Any, wrapper: Wrapper | None, commits: Commits) -> None:
        self._commits = commits
        self._tree: dict[str, Any] = {"tagName": ""}
        self._document: tuple[object, HtmlElement] | None = None
        self._fields = FieldStates()
        self._focus: HtmlElement | None = None
        self._show: Callable[[_Shown], None]

        @component
        def Root() -> Any:  # noqa: N802 - a component
            shown, self._show = use_state(_Shown(ui))
            return shown.ui if wrapper is None else wrapper(shown.ui)

        self._layout = OrderedLayout(Root())
        self._errors = ErrorWatch(self._layout, commits)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[ReactPyBackend]:
        """Render it, and follow its updates, until the end of the block."""
        with self._errors:
            async with self._layout:
                self._apply(await self._layout.render())
                pump = asyncio.create_task(self._follow())
                try:
                    yield self
                finally:
                    pump.cancel()
                    await asyncio.gather(pump, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            try:
                update = await self._layout.render()
            except Exception as error:  # noqa: BLE001 - whatever it is, the test must get it
                self._commits.fail(error, "in ReactPy's layout")
                continue
            self._apply(update)
            # those who wait for this state see it before the next
            await asyncio.sleep(0)

    def _apply(self, update: Mapping[str, Any]) -> None:
        self._tree = patched(self._tree, update["path"], update["model"])
        self._errors.watch_effects()
        if self._fields.version:
            # what the program sets now wins over what was typed
            given = {one.handle.place: one.handle.attributes for one in self.root.walk()}
            self._fields.keep_up(given.get)
        self._commits.commit()

    # -- what is there

    @property
    def root(self) -> HtmlElement:
        """The document now, made anew after each commit."""
        state = (self._tree, self._fields.version)
        if self._document is None or self._document[0] != state:
            self._document = (state, document(self._tree, self._shown))
        return self._document[1]

    def _shown(self, handle: VdomHandle, tag: str) -> Mapping[str, Any]:
        return self._fields.shown(handle.place, tag, handle.attributes)

    def _current(self, element: Element) -> HtmlElement:
        """The element as it is now."""
        if not isinstance(element, HtmlElement) or not isinstance(element.handle, VdomHandle):
            raise UnsupportedActionError(f"{element!r} is no element of a ReactPy screen.")
        for one in self.root.walk():
            if one.handle.place == element.handle.place:
                return one
        raise StaleElementError(f"{element!r} is no longer on the screen. Get it again; this is there now:\n\n{self}")

    def __str__(self) -> str:
        from .printing import printed

        return printed(self.root)

    # -- what is done to it

    async def click(self, element: Element) -> None:
        """Click on an element: its handler and those around it are told, and a form or a checkbox does its part.

        Args:
            element: The element.

        Raises:
            StaleElementError: It is no longer there.
        """
        target = self._current(element)
        if is_disabled(target):
            return
        self._focus = target
        toggled = self._fields.toggled(target.handle.place, target)
        if toggled is not None:
            self._fields.set(target.handle.place, "checked", toggled, target.handle.attributes)
            target = self._current(target)
        if await self._dispatch("onClick", target):
            return
        if toggled is not None:
            await self._dispatch("onInput", target)
            await self._dispatch("onChange", target)
        label = next((one for one in (target, *target.ancestors) if one.tag == "label"), None)
        field = None if label is None else _field_of(label)
        if field is not None and field is not target and target not in field.walk():
            await self.click(field)
        button = next((one for one in (target, *target.ancestors) if one.tag in ("button", "input")), None)
        if button is not None and _kind(button) in ("submit", "image"):
            await self._submit(button)

    async def type(self, element: Element, text: str) -> None:
        """Type a text, key by key.

        Args:
            element: A field.
            text: The text.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = self._typed_into(element)
        if is_disabled(field):
            return
        self._focus = field
        for character in text:
            await self.press(field, "Enter" if character == "\n" else character)

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = self._typed_into(element)
        if not is_disabled(field):
            self._focus = field
            await self._put(field, "")

    async def press(self, element: Element | None, key: str) -> None:
        """Press a key.

        Args:
            element: Where; None for what was clicked or typed into last.
            key: Its name in browsers.

        Raises:
            StaleElementError: It is no longer there.
        """
        target = self._current(element or self._focus or self.root)
        if is_disabled(target):
            return
        self._focus = target
        prevented = await self._dispatch("onKeyDown", target, key=key)
        target = self._current(target)
        if not prevented:
            await self._key(target, key)
        if any("onKeyUp" in one.handle.handlers for one in (target, *target.ancestors)):
            await self._dispatch("onKeyUp", target, key=key)

    async def rerender(self, ui: Any) -> None:
        """Show another root.

        Args:
            ui: The component.
        """
        seen = commits_in(self._commits.loop)
        self._show(_Shown(ui))
        await settle_action(seen)

    async def _key(self, target: HtmlElement, key: str) -> None:
        """What a browser makes of a key."""
        value = str(target.given.get("value", ""))
        if is_typed_into(target):
            if key == "Enter" and target.tag == "input":
                await self._submit(target)
            elif len(key) == 1 or (key == "Enter" and target.tag == "textarea"):
                await self._put(target, value + ("\n" if key == "Enter" else key))
            elif key == "Backspace" and value:
                await self._put(target, value[:-1])
        elif (key == "Enter" and target.role in ("button", "link")) or (
            key == " " and target.role in ("button", "checkbox", "radio")
        ):
            await self.click(target)

    async def _put(self, field: HtmlElement, value: str) -> None:
        if "readonly" in field.given:
            return
        self._fields.set(field.handle.place, "value", value, field.handle.attributes)
        field = self._current(field)
        await self._dispatch("onInput", field)
        await self._dispatch("onChange", field)

    async def _submit(self, field: HtmlElement) -> None:
        form = next((one for one in field.ancestors if one.tag == "form"), None)
        if form is None:
            return
        button = submit_button_of(form)
        if button is not None and button is not field and field.tag == "input" and _kind(field) != "submit":
            # Enter in a field is a click on the button of its form
            await self.click(button)
            return
        await self._dispatch("onSubmit", form)

    async def _dispatch(self, event: str, target: HtmlElement, **details: Any) -> bool:
        """Tell the handlers of an element, and of those around it; whether one prevents the default."""
        seen = commits_in(self._commits.loop)
        prevented = told = False
        for current in (target, *target.ancestors):
            handler = current.handle.handlers.get(event)
            if handler is None:
                continue
            data = event_data(event, target, current, dict(details))
            await self._layout.deliver({"type": "layout-event", "target": handler["target"], "data": [data]})
            told = True
            prevented = prevented or bool(handler.get("preventDefault"))
            if handler.get("stopPropagation"):
                break
        if told:
            await settle_action(seen)
        return prevented

    def _typed_into(self, element: Element) -> HtmlElement:
        field = self._current(element)
        if not is_typed_into(field):
            raise UnsupportedActionError(f"{field!r} is nothing to type into; expected an input or a textarea.")
        return field


def _kind(button: HtmlElement) -> str:
    return str(button.given.get("type", "submit" if button.tag == "button" else "text")).lower()


def _field_of(label: HtmlElement) -> HtmlElement | None:
    target = label.given.get("for")
    for one in (label if target is None else label.document).walk():
        if one.tag in ("input", "textarea", "select", "button") and (
            target is None or str(one.given.get("id")) == str(target)
        ):
            return one
    return None


def open_backend(
    ui: Any, wrapper: Wrapper | None, commits: Commits
) -> contextlib.AbstractAsyncContextManager[ReactPyBackend]:
    """Show a component until the end of the block.

    Args:
        ui: The component.
        wrapper: What to put around it.
        commits: To be told of commits and errors.
    """
    return ReactPyBackend(ui, wrapper, commits).running()


def make_probe(hook: Callable[..., Any], seen: Callable[[Any], None]) -> Callable[[dict[str, Any]], Any]:
    """A component that calls a hook and shows nothing.

    Args:
        hook: The hook.
        seen: Called with what the hook returns, at each render.
    """

    @component
    def Probe(props: dict[str, Any]) -> None:  # noqa: N802 - a component
        seen(hook(**props))

    return Probe
