"""One registered mock: what it answers, what arrived at it, and assertions about that."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from . import messages
from .bodies import Prepared
from .calls import Call, CallList
from .matchers import ABSENT, Matcher, Mismatch, PartMatcher
from .requests import RequestView
from .urls import UrlPattern


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a mock answers with.

    Attributes:
        body: The body, checked.
        status_code: The status.
        headers: Names and values, a name may repeat.
        async_delay: Seconds before the answer; None for the client's own.
    """

    body: Prepared
    status_code: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    async_delay: float | None = None


class ResponseMock:
    """A mock and what arrived at it: what ``add_mock_response`` returns.

    Attributes:
        calls: The calls that it answered, in order.
        methods: The methods that it answers, in capitals.
        source: Where it was registered, as "file:line".
    """

    def __init__(
        self,
        *,
        number: int,
        url: UrlPattern,
        methods: Collection[str],
        answer: Answer,
        match: tuple[Matcher, ...],
        times: int | None,
        source: str,
        remove: Any,
    ) -> None:
        self.number = number
        self.url = url
        self.methods = tuple(methods)
        self.answer = answer
        self.match = match
        self.times = times
        self.source = source
        self.calls = CallList()
        self._remove = remove
        self._used = 0
        self._lock = threading.Lock()

    # -- matching

    def answers(self, view: RequestView) -> bool:
        """Whether the request fits, and the mock is not used up; if so, one use is taken.

        Args:
            view: A request whose method and path fit.
        """
        if self.times is not None and self._used >= self.times:
            return False
        if self.url.origin is not None and view.origin != self.url.origin:
            return False
        if self.url.query is not None and not self.url.query.check(view):
            return False
        for matcher in self.match:
            if not _ask(matcher, view):
                return False
        with self._lock:
            if self.times is not None and self._used >= self.times:
                return False
            self._used += 1
        return True

    def mismatches(self, view: RequestView) -> list[Mismatch]:
        """Why the request does not fit, leaving method and path aside.

        Args:
            view: A request.
        """
        found: list[Mismatch] = []
        if self.url.origin is not None and view.origin != self.url.origin:
            found.append(Mismatch("host", f"wanted {self.url.origin}, got {view.origin}"))
        matchers: tuple[Matcher, ...] = self.match if self.url.query is None else (self.url.query, *self.match)
        for matcher in matchers:
            outcome = _ask(matcher, view)
            if isinstance(outcome, Mismatch):
                found.append(outcome)
            elif not outcome:
                name = getattr(matcher, "__qualname__", repr(matcher))
                found.append(Mismatch("match", f"{name} said {outcome!r}"))
        if not found and self.is_used_up:
            found.append(Mismatch("times", f"used up ({self._used} of {self.times})"))
        return found

    @property
    def is_used_up(self) -> bool:
        """Whether it has answered as often as ``times`` allows."""
        return self.times is not None and self._used >= self.times

    def reset(self) -> None:
        """Forget its calls, and that it was used."""
        self.calls.clear()
        self._used = 0

    @property
    def name(self) -> str:
        """Method and URL, for messages."""
        return f"{'|'.join(self.methods)} {self.url.text}"

    def remove(self) -> None:
        """Take the mock out: an older one answers again. Its calls stay readable."""
        self._remove(self)

    # -- what arrived

    @property
    def called(self) -> bool:
        """Whether a call arrived."""
        return bool(self.calls)

    @property
    def call_count(self) -> int:
        """How many calls arrived."""
        return len(self.calls)

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

    def assert_called_with(
        self,
        *,
        query: Mapping[str, Any] | None = None,
        data: Any = ABSENT,
        headers: Mapping[str, Any] | None = None,
        path: Mapping[str, Any] | None = None,
    ) -> None:
        """The latest call was like this. What is not given does not count.

        Args:
            query: Query parameters, by the rules of ``match_query``.
            data: Keys of the body, by the rules of ``match_data``; anything but a dict is compared whole.
            headers: Headers by name, without regard to case.
            path: Parameters of the URL.

        Raises:
            AssertionError: There was no call, or the latest differs; the message shows how.
        """
        __tracebackhide__ = True
        if not self.calls:
            raise AssertionError(messages.call_count(self, "a call"))
        found = self.calls.last.differences(query=query, data=data, headers=headers, path=path)
        if found:
            raise AssertionError(messages.wrong_call(self, self.calls.last, found))

    def assert_any_call(
        self,
        *,
        query: Mapping[str, Any] | None = None,
        data: Any = ABSENT,
        headers: Mapping[str, Any] | None = None,
        path: Mapping[str, Any] | None = None,
    ) -> None:
        """Some call was like this. What is not given does not count.

        Args:
            query: Query parameters, by the rules of ``match_query``.
            data: Keys of the body, by the rules of ``match_data``; anything but a dict is compared whole.
            headers: Headers by name, without regard to case.
            path: Parameters of the URL.

        Raises:
            AssertionError: None was; the message shows how the nearest differs.
        """
        __tracebackhide__ = True
        if not self.calls:
            raise AssertionError(messages.call_count(self, "a call"))
        differing = [(c, c.differences(query=query, data=data, headers=headers, path=path)) for c in self.calls]
        if all(found for _, found in differing):
            nearest, found = min(differing, key=lambda pair: len(pair[1]))
            raise AssertionError(messages.wrong_call(self, nearest, found, among=len(differing)))

    def __repr__(self) -> str:
        return f"<ResponseMock {self.name}, {len(self.calls)} calls>"


def _ask(matcher: Matcher, view: RequestView) -> bool | Mismatch:
    """What a matcher says; ours look at the parts that are parsed already."""
    return matcher.check(view) if isinstance(matcher, PartMatcher) else matcher(view.request)
