"""``Screen``: what a test sees of a user interface, and does to it. Written once, over ``Backend``."""

# ruff: noqa: ASYNC109 - timeouts are by the clock of the loop, which may be a virtual one
from __future__ import annotations

import contextlib
import sys
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar, overload

from query.base.types import Duration

from .backends import Backend
from .commits import Commits
from .elements import Element
from .errors import ElementNotFound, WaitTimeoutError
from .printing import printed
from .queries import Queries, TextMatch
from .waiting import TIMEOUT, wait_for

T = TypeVar("T")
FoundT = TypeVar("FoundT")


class Screen(Queries):
    """A user interface that is on: look for elements, wait for them, click and type.

    ``get_by_*`` is exactly one element now, ``query_by_*`` is one or None, ``find_by_*`` waits for exactly one; the
    ``_all`` forms are lists. An error that a component, an effect or a handler of the program raised is raised at the
    next use of the screen, or when it closes.

    Args:
        backend: What shows it.
        commits: What the backend tells.
    """

    def __init__(self, backend: Backend, commits: Commits) -> None:
        super().__init__(lambda: backend.root)
        self.backend = backend
        self.commits = commits

    @property
    def root(self) -> Element:
        """All that is on the screen now.

        Raises:
            BaseException: What a component raised, if no test has got it yet.
        """
        self.commits.raise_error()
        return self._root()

    # -- waiting

    async def find_by_text(self, text: TextMatch, *, timeout: Duration = TIMEOUT) -> Element:
        """Wait for exactly one element with a text.

        Args:
            text: A ``str`` is all of its text, a pattern is found in it.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none, or there were several.
        """
        return await self._found(lambda: self.get_by_text(text), timeout)

    async def find_all_by_text(self, text: TextMatch, *, timeout: Duration = TIMEOUT) -> list[Element]:
        """Wait for at least one element with a text.

        Args:
            text: A ``str`` is all of their text, a pattern is found in it.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none.
        """
        return await self._found(lambda: self.get_all_by_text(text), timeout)

    async def find_by_role(self, role: str, *, name: TextMatch | None = None, timeout: Duration = TIMEOUT) -> Element:
        """Wait for exactly one element with a role.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Its accessible name; None for any.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none, or there were several.
        """
        return await self._found(lambda: self.get_by_role(role, name=name), timeout)

    async def find_all_by_role(
        self, role: str, *, name: TextMatch | None = None, timeout: Duration = TIMEOUT
    ) -> list[Element]:
        """Wait for at least one element with a role.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Their accessible name; None for any.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none.
        """
        return await self._found(lambda: self.get_all_by_role(role, name=name), timeout)

    @overload
    async def wait_for(self, fn: Callable[[], Awaitable[T]], *, timeout: Duration = ...) -> T: ...
    @overload
    async def wait_for(self, fn: Callable[[], T], *, timeout: Duration = ...) -> T: ...
    async def wait_for(self, fn: Callable[[], Any], *, timeout: Duration = TIMEOUT) -> Any:
        """Wait until a condition holds; the same as the function ``wait_for``.

        Args:
            fn: The condition, a function or a coroutine function.
            timeout: Seconds, or a timedelta.

        Raises:
            WaitTimeoutError: It did not hold in time.
        """
        __tracebackhide__ = True
        return await wait_for(fn, timeout=timeout)

    # -- acting

    async def click(self, element: Element) -> None:
        """Click on an element. What its handler changes at once is on the screen afterwards.

        Args:
            element: An element of this screen.

        Raises:
            StaleElementError: It is no longer there.
            BaseException: What the handler raised before its first wait.
        """
        with self._errors_raised():
            await self.backend.click(element)

    async def type(self, element: Element, text: str) -> None:
        """Type into a field, key by key, behind what is in it already.

        Args:
            element: A field of this screen.
            text: What to type.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        with self._errors_raised():
            await self.backend.type(element, text)

    async def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field of this screen.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        with self._errors_raised():
            await self.backend.clear(element)

    async def press(self, key: str, element: Element | None = None) -> None:
        """Press one key.

        Args:
            key: Its name in browsers, such as ``"Enter"`` or ``"a"``.
            element: Where; None for the element that has the focus.

        Raises:
            StaleElementError: The element is no longer there.
        """
        with self._errors_raised():
            await self.backend.press(element, key)

    async def rerender(self, ui: Any) -> None:
        """Render the same user interface anew, with other arguments. What stays in it keeps its state.

        Args:
            ui: The new root; the wrapper stays around it.

        Raises:
            UnsupportedActionError: The framework does not render anew.
        """
        with self._errors_raised():
            await self.backend.rerender(ui)

    def debug(self, element: Element | None = None) -> str:
        """Print the screen, as failures show it.

        Args:
            element: Only this; None for all of it.

        Returns:
            What was printed.
        """
        text = printed(self._root() if element is None else element)
        sys.stdout.write(f"{text}\n")
        return text

    @contextlib.contextmanager
    def _errors_raised(self) -> Generator[None]:
        """Raise what the program raised before an action, and what it raised by it."""
        self.commits.raise_error()
        yield
        self.commits.raise_error()

    async def _found(self, get: Callable[[], FoundT], timeout: Duration) -> FoundT:
        __tracebackhide__ = True
        try:
            return await wait_for(get, timeout=timeout)
        except WaitTimeoutError as error:
            missing = error.__cause__
            assert isinstance(missing, ElementNotFound)
            raise missing.after(error.timeout, error.logs) from None
