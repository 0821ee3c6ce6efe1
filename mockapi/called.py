"""Assertions about the calls that arrived, in the words of ``unittest.mock``; and waiting for them."""

from __future__ import annotations

import anyio
from typing_extensions import Unpack

from . import messages
from .calls import Call, CallList, Expected

WAIT = 1.0
"""Seconds that ``wait_called`` waits if not told otherwise."""


class Called:
    """What arrived at a mock.

    Attributes:
        calls: The calls that it answered, in order.
        source: Where it was registered, as "file:line".
    """

    calls: CallList
    source: str

    @property
    def name(self) -> str:
        """What to call it in messages."""
        raise NotImplementedError

    @property
    def called(self) -> bool:
        """Whether a call arrived."""
        return bool(self.calls)

    @property
    def call_count(self) -> int:
        """How many calls arrived."""
        return len(self.calls)

    @property
    def call_args(self) -> Call | None:
        """The latest call; None if there was none."""
        return self.calls[-1] if self.calls else None

    @property
    def call_args_list(self) -> list[Call]:
        """All calls, in order."""
        return list(self.calls)

    @property
    def last(self) -> Call:
        """The latest call.

        Raises:
            AssertionError: There was none.
        """
        return self.calls.last

    def assert_called(self) -> None:
        """At least one call arrived.

        Raises:
            AssertionError: None did.
        """
        __tracebackhide__ = True
        if not self.calls:
            raise AssertionError(messages.call_count(self, "at least 1 call"))

    def assert_called_once(self) -> None:
        """Exactly one call arrived.

        Raises:
            AssertionError: None did, or several.
        """
        __tracebackhide__ = True
        self.assert_called_times(1)

    def assert_not_called(self) -> None:
        """No call arrived.

        Raises:
            AssertionError: One did.
        """
        __tracebackhide__ = True
        self.assert_called_times(0)

    def assert_called_times(self, count: int) -> None:
        """Exactly *count* calls arrived.

        Args:
            count: How many are expected.

        Raises:
            AssertionError: More or fewer did.
        """
        __tracebackhide__ = True
        if len(self.calls) != count:
            raise AssertionError(messages.call_count(self, f"{count} call{'' if count == 1 else 's'}"))

    def assert_called_with(self, **expected: Unpack[Expected]) -> None:
        """The latest call was like this. What is not given does not count.

        Args:
            **expected: Parts of the request, each by the rules of its matcher: *query*, *data*, *headers*, *cookies*,
                *form*, *files*, *content*, *path*; and *deep*. See ``Call.differences``.

        Raises:
            AssertionError: There was no call, or the latest differs; the message shows how.
        """
        __tracebackhide__ = True
        if not self.calls:
            raise AssertionError(messages.call_count(self, "a call"))
        found = self.calls.last.differences(**expected)
        if found:
            raise AssertionError(messages.wrong_call(self, self.calls.last, found))

    def assert_any_call(self, **expected: Unpack[Expected]) -> None:
        """Some call was like this. What is not given does not count.

        Args:
            **expected: Parts of the request, each by the rules of its matcher: *query*, *data*, *headers*, *cookies*,
                *form*, *files*, *content*, *path*; and *deep*. See ``Call.differences``.

        Raises:
            AssertionError: None was; the message shows how the nearest differs.
        """
        __tracebackhide__ = True
        if not self.calls:
            raise AssertionError(messages.call_count(self, "a call"))
        differing = [(c, c.differences(**expected)) for c in self.calls]
        if all(found for _, found in differing):
            nearest, found = min(differing, key=lambda pair: len(pair[1]))
            raise AssertionError(messages.wrong_call(self, nearest, found, among=len(differing)))

    async def wait_called(self, n: int = 1, timeout: float = WAIT) -> None:  # noqa: ASYNC109 - a test reads it in one line
        """Wait until *n* calls have arrived, whether they are answered yet or not.

        Args:
            n: How many, counted from the first.
            timeout: Seconds of the running loop's clock.

        Raises:
            AssertionError: Fewer had arrived by then.
        """
        __tracebackhide__ = True
        with anyio.move_on_after(timeout):
            await self.calls.arrived(n).wait()
        self._check_arrived(n, timeout)

    def wait_called_sync(self, n: int = 1, timeout: float = WAIT) -> None:
        """The same for a test without an event loop, whose calls come from other threads.

        Args:
            n: How many, counted from the first.
            timeout: Seconds.

        Raises:
            AssertionError: Fewer had arrived by then.
        """
        __tracebackhide__ = True
        self.calls.arrived(n).wait_sync(timeout)
        self._check_arrived(n, timeout)

    def _check_arrived(self, n: int, timeout: float) -> None:
        __tracebackhide__ = True
        if len(self.calls) < n:
            expected = f"{n} call{'' if n == 1 else 's'} within {timeout:g} s"
            raise AssertionError(messages.call_count(self, expected))
