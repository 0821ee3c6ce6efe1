"""A page of a real browser on a screen: the same names over Playwright, so that one scenario runs in both.

The page tells what is on it after each change, as a tree. What is looked for is looked for there, by the same rules as
without a browser; clicks and keys are the browser's.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

from .commits import Commits, next_commit
from .elements import Element
from .errors import StaleElementError, UnsupportedActionError
from .fields import is_disabled, is_typed_into
from .html_elements import HtmlElement
from .rendering import Rendering
from .screen import Screen

ACTION_TIMEOUT = 5.0
"""Seconds for which Playwright waits until an element can be clicked."""

QUIET = 0.04
"""Seconds without a change after which a page counts as being at rest: where a server has a say in the fields of a
page, keys are lost that come before it has answered to those before."""
ECHO_TIMEOUT = 0.5
"""Seconds for which a page may take to react to a key before the next one comes."""

_FLAGS = frozenset(
    ("autofocus", "checked", "disabled", "hidden", "multiple", "open", "readonly", "required", "selected")
)
_SCRIPT = Path(__file__).with_name("page_watch.js")
_numbers = itertools.count(1)
_TO_THE_END = """(element) => {
  element.focus();
  try { element.setSelectionRange(element.value.length, element.value.length); } catch { /* numbers have none */ }
}"""


class PlaywrightBackend:
    """A page that is watched.

    Args:
        page: A page of ``playwright.async_api``.
        commits: To be told of commits and errors.
    """

    def __init__(self, page: Any, commits: Commits) -> None:
        self._page = page
        self._commits = commits
        self._root = HtmlElement("", {})
        self._is_over = False
        self._tell = f"__mockapi_tell_{next(_numbers)}"

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncGenerator[PlaywrightBackend]:
        """Watch the page, and those it goes to, until the end of the block."""
        page = self._page
        watch = f"({_SCRIPT.read_text(encoding='utf-8')})"
        await page.expose_binding(self._tell, self._told)
        await page.add_init_script(f"{watch}({self._tell!r})")
        await page.evaluate(watch, self._tell)
        page.on("pageerror", self._failed)
        await self._look()
        try:
            yield self
        finally:
            self._is_over = True
            page.remove_listener("pageerror", self._failed)

    @property
    def root(self) -> HtmlElement:
        """What the page showed when it last changed."""
        return self._root

    def _told(self, source: Mapping[str, Any], body: Any) -> None:
        if not self._is_over and source["frame"] == self._page.main_frame:
            self._put(body)

    def _put(self, body: Any) -> None:
        root = HtmlElement("", {})
        for child in () if body is None else body["children"]:
            root.append(child if isinstance(child, str) else _element(child))
        self._root = root
        self._commits.commit()

    def _failed(self, error: Exception) -> None:
        if not self._is_over:
            self._commits.fail(error, "in the page")

    async def _look(self) -> None:
        """Look at the page now, whether it told of a change or not."""
        self._put(await self._page.evaluate("(tell) => window.__mockapi_watches?.get(tell)?.all() ?? null", self._tell))

    async def _find(self, element: Element) -> Any:
        """The element in the browser."""
        if not isinstance(element, HtmlElement) or not isinstance(element.handle, int):
            raise UnsupportedActionError(f"{element!r} is no element of this page.")
        handle = await self._page.evaluate_handle(
            "([tell, number]) => window.__mockapi_watches?.get(tell)?.find(number) ?? null",
            [self._tell, element.handle],
        )
        found = handle.as_element()
        if found is None or not await found.evaluate("(element) => element.isConnected"):
            raise StaleElementError(f"{element!r} is no longer on the page. Get it again.")
        return found

    async def click(self, element: Element) -> None:
        """Click on an element, as soon as the browser says that it can be clicked.

        Args:
            element: The element.

        Raises:
            StaleElementError: It is no longer there.
        """
        found = await self._find(element)
        if isinstance(element, HtmlElement) and is_disabled(element) and not await found.is_enabled():
            return
        await found.click(timeout=ACTION_TIMEOUT * 1000)
        await self._look()

    async def type(self, element: Element, text: str) -> None:
        """Type a text, key by key.

        Args:
            element: A field.
            text: The text.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        field = await self._field(element)
        await field.evaluate(_TO_THE_END)
        await self._rest()
        limit = ECHO_TIMEOUT
        for key in text:
            count = self._commits.count
            await self._page.keyboard.type(key)
            if not await self._reaction(count, limit):
                # it has none, and will have none to the next key
                limit = QUIET
            await self._rest()
        await self._look()

    async def _reaction(self, count: int, limit: float) -> bool:
        """Wait until the page has changed after a key, other than by showing the key; whether it did in time."""
        loop = self._commits.loop
        end = loop.time() + limit
        while self._commits.count < count + 2:
            left = end - loop.time()
            if left <= 0:
                return False
            await next_commit(left)
        return True

    async def _rest(self) -> None:
        """Wait until nothing has changed for a while, but not for ever."""
        loop = self._commits.loop
        end = loop.time() + ECHO_TIMEOUT
        count = -1
        while self._commits.count != count and loop.time() < end:
            count = self._commits.count
            await next_commit(QUIET)

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        await (await self._field(element)).fill("", timeout=ACTION_TIMEOUT * 1000)
        await self._look()

    async def press(self, element: Element | None, key: str) -> None:
        """Press a key.

        Args:
            element: Where; None for the element that has the focus.
            key: Its name in browsers.

        Raises:
            StaleElementError: It is no longer there.
        """
        if element is None:
            await self._page.keyboard.press(key)
        else:
            await (await self._find(element)).press(key, timeout=ACTION_TIMEOUT * 1000)
        await self._look()

    async def rerender(self, ui: Any) -> None:
        """Refused: a page is what its server sends.

        Args:
            ui: Nothing that can be shown.

        Raises:
            UnsupportedActionError: Always.
        """
        raise UnsupportedActionError("a page of a browser is not rendered by the test; change what its server shows.")

    async def _field(self, element: Element) -> Any:
        found = await self._find(element)
        if isinstance(element, HtmlElement) and is_typed_into(element):
            return found
        raise UnsupportedActionError(f"{element!r} is nothing to type into; expected an input or a textarea.")


def _element(told: Mapping[str, Any]) -> HtmlElement:
    attributes = {name: True if name in _FLAGS else value for name, value in told["attributes"].items()}
    element = HtmlElement(told["tag"], attributes, told["number"], is_hidden=told["hidden"])
    for child in told["children"]:
        element.append(child if isinstance(child, str) else _element(child))
    return element


@contextlib.asynccontextmanager
async def render_page(page: Any) -> AsyncGenerator[Screen]:
    """Look at a page of a real browser as at any other screen, until the end of a block.

    ``async with render_page(page) as screen`` gives a ``Screen`` with the names of ``render``. The page may be open
    already, and may go elsewhere. Errors that nobody catches in the page are raised in the test.

    Args:
        page: A page of ``playwright.async_api``. It stays open.

    Raises:
        UnsupportedActionError: It is no such page.
    """
    kind = type(page)
    if not kind.__module__.startswith("playwright.async_api"):
        raise UnsupportedActionError(
            f"render_page() got a {kind.__module__}.{kind.__name__}; expected a page of playwright.async_api."
        )
    async with Rendering(functools.partial(_open, page)) as screen:
        yield screen


def _open(page: Any, commits: Commits) -> contextlib.AbstractAsyncContextManager[PlaywrightBackend]:
    return PlaywrightBackend(page, commits).watching()
