"""The screen for tests without an event loop: the same names, without ``await``."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from query.base.types import Duration

from .elements import Element
from .queries import Queries, TextMatch
from .screen import Screen
from .waiting import TIMEOUT, Patience

T = TypeVar("T")


class Portal:
    """The event loop of a thread of its own, in which a screen lives that a test without a loop looks at."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._portal: BlockingPortal | None = None

    def call(self, fn: Callable[..., Awaitable[T]], *args: Any) -> T:
        """Call a coroutine function in its loop, and wait for what comes of it.

        Args:
            fn: The function.
            *args: Its arguments.
        """
        assert self._portal is not None
        return self._portal.call(fn, *args)

    def call_soon(self, fn: Callable[..., T], *args: Any) -> T:
        """Call a plain function in its loop, and wait for what it returns.

        Args:
            fn: The function.
            *args: Its arguments.
        """
        assert self._portal is not None
        return self._portal.call(fn, *args)

    def enter(self, manager: AbstractAsyncContextManager[T, None]) -> T:
        """Start the loop, and enter an async context manager in it.

        Args:
            manager: The context manager.
        """
        self._portal = self._stack.enter_context(start_blocking_portal("asyncio"))
        try:
            return self.call(manager.__aenter__)
        except BaseException:
            self._stack.close()
            raise

    def leave(
        self,
        manager: AbstractAsyncContextManager[Any, None],
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the context manager, and end the loop.

        Args:
            manager: The context manager.
            kind: The class of the error with which the block ended.
            error: That error.
            trace: Its traceback.
        """
        try:
            self.call(manager.__aexit__, kind, error, trace)
        finally:
            self._stack.close()


class BlockingScreen(Queries):
    """A ``Screen`` whose methods block instead of being awaited. It is in the loop of a thread of its own.

    Args:
        screen: The screen there.
        portal: The way there.
    """

    def __init__(self, screen: Screen, portal: Portal) -> None:
        super().__init__(lambda: screen.backend.root)
        self._screen = screen
        self._portal = portal

    @property
    def root(self) -> Element:
        """All that is on the screen now.

        Raises:
            BaseException: What a component raised, if no test has got it yet.
        """
        return self._screen.root

    # -- waiting

    def find_by_text(self, text: TextMatch, *, timeout: Duration = TIMEOUT) -> Element:
        """Wait for exactly one element with a text.

        Args:
            text: A ``str`` is all of its text, a pattern is found in it.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none, or there were several.
        """
        return self._portal.call(lambda: self._screen.find_by_text(text, timeout=timeout))

    def find_all_by_text(self, text: TextMatch, *, timeout: Duration = TIMEOUT) -> list[Element]:
        """Wait for at least one element with a text.

        Args:
            text: A ``str`` is all of their text, a pattern is found in it.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none.
        """
        return self._portal.call(lambda: self._screen.find_all_by_text(text, timeout=timeout))

    def find_by_role(self, role: str, *, name: TextMatch | None = None, timeout: Duration = TIMEOUT) -> Element:
        """Wait for exactly one element with a role.

        Args:
            role: The ARIA role, such as ``"button"``.
            name: Its accessible name; None for any.
            timeout: Seconds, or a timedelta.

        Raises:
            ElementNotFound: In time there was none, or there were several.
        """
        return self._portal.call(lambda: self._screen.find_by_role(role, name=name, timeout=timeout))

    def find_all_by_role(
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
        return self._portal.call(lambda: self._screen.find_all_by_role(role, name=name, timeout=timeout))

    def wait_for(self, fn: Callable[[], T], *, timeout: Duration = TIMEOUT) -> T:
        """Wait until a condition holds. It is called in the thread of the test.

        Args:
            fn: The condition. It holds when it returns anything but False and raises neither an AssertionError nor a
                LookupError.
            timeout: Seconds, or a timedelta.

        Returns:
            What *fn* returned.

        Raises:
            WaitTimeoutError: It did not hold in time.
        """
        __tracebackhide__ = True
        patience = self._portal.call_soon(Patience, timeout)
        while True:
            self._portal.call_soon(patience.raise_errors)
            last: BaseException | None = None
            try:
                result = fn()
            except (AssertionError, LookupError) as error:
                last = error
            else:
                if result is not False:
                    return result
            if not self._portal.call(patience.next):
                raise self._portal.call_soon(patience.failure, fn, last) from last

    # -- acting

    def click(self, element: Element) -> None:
        """Click on an element. What its handler changes at once is on the screen afterwards.

        Args:
            element: An element of this screen.

        Raises:
            StaleElementError: It is no longer there.
            BaseException: What the handler raised before its first wait.
        """
        self._portal.call(self._screen.click, element)

    def type(self, element: Element, text: str) -> None:
        """Type into a field, key by key, behind what is in it already.

        Args:
            element: A field of this screen.
            text: What to type.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        self._portal.call(self._screen.type, element, text)

    def clear(self, element: Element) -> None:
        """Empty a field.

        Args:
            element: A field of this screen.

        Raises:
            StaleElementError: It is no longer there.
            UnsupportedActionError: It is nothing to type into.
        """
        self._portal.call(self._screen.clear, element)

    def press(self, key: str, element: Element | None = None) -> None:
        """Press one key.

        Args:
            key: Its name in browsers, such as ``"Enter"`` or ``"a"``.
            element: Where; None for the element that has the focus.

        Raises:
            StaleElementError: The element is no longer there.
        """
        self._portal.call(self._screen.press, key, element)

    def rerender(self, ui: Any) -> None:
        """Render the same user interface anew, with other arguments. What stays in it keeps its state.

        Args:
            ui: The new root; the wrapper stays around it.

        Raises:
            UnsupportedActionError: The framework does not render anew.
        """
        self._portal.call(self._screen.rerender, ui)

    def debug(self, element: Element | None = None) -> str:
        """Print the screen, as failures show it.

        Args:
            element: Only this; None for all of it.

        Returns:
            What was printed.
        """
        return self._screen.debug(element)
