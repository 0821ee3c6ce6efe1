"""The clock that the fixture ``mock_clock`` hands out: one object for the session, new for each test and example."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Generator
from typing import Any

import pytest

from query.runtime.timeout_manager import timeout_manager

from ..errors import MarkerError
from ..settings import merged_marker
from .virtual_clock import VirtualClock

OPTIONS = ("start", "autojump", "real_timeout", "max_timers")
"""The options of the marker ``mock_clock``."""


class MockClock(VirtualClock):
    """Virtual time for a test: a ``VirtualClock`` that is attached while the test's own coroutine runs.

    All query clients of the test that have no clock of their own go by it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._item: pytest.Item | None = None
        self._options: dict[str, Any] = {}
        self._until_end = contextlib.ExitStack()

    def begin(self, item: pytest.Item) -> None:
        """Begin anew for a test. Does nothing if it did.

        Args:
            item: The test.

        Raises:
            MarkerError: Its marker has an option that it does not know, or a value that cannot be.
        """
        __tracebackhide__ = True
        if self._item is item:
            return
        self.end()
        options = merged_marker(item, "mock_clock", OPTIONS)
        try:
            self.reset(**options)
        except (TypeError, ValueError, AttributeError) as error:
            raise MarkerError(f"@pytest.mark.mock_clock on {item.name}: {error}") from None
        self._item, self._options = item, options
        self._until_end.enter_context(timeout_manager.using(self))

    def end(self) -> None:
        """Let go of the test: its loop, and the time of query clients."""
        self.detach()
        self._item = None
        self._until_end.close()

    @contextlib.contextmanager
    def around(self, item: pytest.Item) -> Generator[None]:
        """Wrap the test's function, so that the clock is attached in the loop in which it runs.

        Args:
            item: The test.
        """
        function = getattr(item, "obj", None)
        handle = getattr(function, "hypothesis", None)
        owner, name = (item, "obj") if handle is None else (handle, "inner_test")
        inner: Any = getattr(owner, name, None)
        if self._item is not item or (handle is None and not inspect.iscoroutinefunction(inner)):
            yield
            return
        setattr(owner, name, self._wrapped(inner, renew=handle is not None))
        try:
            yield
        finally:
            setattr(owner, name, inner)

    def _wrapped(self, inner: Callable[..., Any], *, renew: bool) -> Callable[..., Any]:
        def begin() -> None:
            if renew:
                self.reset(**self._options)

        if inspect.iscoroutinefunction(inner):

            @functools.wraps(inner)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                __tracebackhide__ = True
                begin()
                with self.attached():
                    return await inner(*args, **kwargs)

            return wrapped_async

        @functools.wraps(inner)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            begin()
            return inner(*args, **kwargs)

        return wrapped
