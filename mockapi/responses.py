"""One registered mock: what it answers, what arrived at it, and assertions about that."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, ItemsView, Mapping
from datetime import timedelta
from typing import Any, cast

import msgspec

from query.base.types import is_valid_timeout

from . import messages
from .bodies import Prepared
from .calls import Call, CallList
from .errors import MatcherError
from .matchers import ABSENT, Matcher, Mismatch, PartMatcher, QueryMatcher
from .requests import RequestView
from .urls import UrlPattern

_METHOD = re.compile(r"[A-Za-z]+")


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
        wanted_texts: Query parameters that a request must have, each with all its values; None if there are none. The
            registry files by them the many mocks that differ by their query alone.
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
        self.wanted_texts = self._texts()
        self._remove = remove
        self._used = 0
        self._lock = threading.Lock()

    # -- matching

    def answers(self, view: RequestView) -> bool:
        """Whether the request fits, and the mock is not used up; if so, one use is taken.

        Args:
            view: A request whose method and path fit.

        Raises:
            MatcherError: A matcher raised an error.
        """
        if self.times is not None and self._used >= self.times:
            return False
        if self.url.origin is not None and view.origin != self.url.origin:
            return False
        if self.url.query is not None and not self.url.query.check(view):
            return False
        for matcher in self.match:
            try:
                if not _ask(matcher, view):
                    return False
            except Exception as error:
                text = messages.failing_matcher(matcher, self, view, error)
                raise MatcherError(text, view.request) from error
        with self._lock:
            if self.times is not None and self._used >= self.times:
                return False
            self._used += 1
        return True

    def parts(self, view: RequestView) -> list[tuple[str, Mismatch | None]]:
        """What the mock looks at beside method and path, each with why it does not fit; None if it does.

        Args:
            view: A request.
        """
        found: list[tuple[str, Mismatch | None]] = []
        if self.url.origin is not None:
            fits = view.origin == self.url.origin
            found.append(("host", None if fits else Mismatch("host", f"wanted {self.url.origin}, got {view.origin}")))
        matchers: tuple[Matcher, ...] = self.match if self.url.query is None else (self.url.query, *self.match)
        for matcher in matchers:
            part = matcher.part if isinstance(matcher, PartMatcher) else "match"
            try:
                outcome = _ask(matcher, view)
            except Exception as error:  # noqa: BLE001 - it is put into words
                found.append((part, Mismatch(part, f"{messages.matcher_name(matcher)} raised {error!r}")))
                continue
            if not outcome and not isinstance(outcome, Mismatch):
                outcome = Mismatch(part, f"{messages.matcher_name(matcher)} said {outcome!r}")
            found.append((part, outcome if isinstance(outcome, Mismatch) else None))
        if self.is_used_up and all(mismatch is None for _, mismatch in found):
            found.append(("times", Mismatch("times", f"used up ({self._used} of {self.times})")))
        return found

    def mismatches(self, view: RequestView) -> list[Mismatch]:
        """Why the request does not fit, leaving method and path aside.

        Args:
            view: A request.
        """
        return [mismatch for _, mismatch in self.parts(view) if mismatch is not None]

    def _texts(self) -> ItemsView[str, list[str]] | None:
        texts: dict[str, list[str]] = {} if self.url.query is None else dict(self.url.query.texts)
        for matcher in self.match:
            if isinstance(matcher, QueryMatcher):
                # of two that ask for different values of a name, one is enough to say no
                texts = {**matcher.texts, **texts}
        return texts.items() if texts else None

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


# -- what a registration may say


def checked_methods(method: object) -> tuple[str, ...]:
    """Methods in capitals.

    Args:
        method: The method, or several.

    Raises:
        ValueError: No method of HTTP can look like that.
    """
    names = (method,) if isinstance(method, str) else tuple(method) if isinstance(method, Collection) else ()
    if not names or not all(isinstance(name, str) and _METHOD.fullmatch(name) for name in names):
        raise ValueError(f'method={method!r} is no HTTP method; expected one such as "POST", or a list of them.')
    return tuple(dict.fromkeys(str(name).upper() for name in names))


def checked_status(status_code: object) -> int:
    """A status.

    Args:
        status_code: The status; a member of ``http.HTTPStatus`` will do.

    Raises:
        ValueError: Not an int from 100 to 599.
    """
    if isinstance(status_code, bool) or not isinstance(status_code, int) or not 100 <= status_code <= 599:
        raise ValueError(f"status_code={status_code!r} is no HTTP status; expected an int from 100 to 599.")
    return int(status_code)


def checked_headers(headers: Any) -> tuple[tuple[str, str], ...]:
    """Headers as pairs.

    Args:
        headers: A mapping or pairs; None for none.

    Raises:
        TypeError: A name or value that is no str.
    """
    pairs = list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise TypeError(f"headers has {pair!r}; expected names and values that are both str.")
    return tuple(pairs)


def checked_delay(async_delay: object) -> float | None:
    """A delay in seconds.

    Args:
        async_delay: Seconds, a timedelta, or None for no delay.

    Raises:
        ValueError: Negative, endless, or no duration at all.
    """
    if async_delay is None:
        return None
    delay = async_delay.total_seconds() if isinstance(async_delay, timedelta) else async_delay
    if not is_valid_timeout(delay):
        raise ValueError(f"async_delay={async_delay!r} is no delay; expected seconds, or a timedelta, at least 0.")
    return float(cast("float", delay))


def checked_times(times: Any) -> int | None:
    """How often a mock answers.

    Args:
        times: A number, or None for always.

    Raises:
        ValueError: Not an int of at least 1.
    """
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise ValueError(f"times={times!r} is no number of answers; expected an int, at least 1.")
    return times
