"""The mocks of a client, found by method and URL at a cost that does not grow with their number.

Exact paths are filed in a dict, templates in a trie of segments, and under each by a text of the query; regular
expressions by the text that they begin with. Whatever the kind, the newest mock that matches wins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from .answers import ANY_METHOD, PreparedAnswer
from .regexes import Regexes
from .requests import RequestView
from .responses import ResponseMock

Fitting = tuple[ResponseMock, dict[str, str]]
"""A mock whose method and URL fit, and the values of the parameters in its URL."""

Found = tuple[ResponseMock, dict[str, str], PreparedAnswer]
"""A mock that answers, the values of the parameters in its URL, and the answer."""


class _Bucket:
    """The mocks of one method and path or template. Those that want texts in the query are filed by one of them."""

    __slots__ = ("by_text", "plain")

    def __init__(self) -> None:
        self.plain: list[ResponseMock] = []
        self.by_text: dict[tuple[str, tuple[str, ...]], list[ResponseMock]] = {}

    def add(self, mock: ResponseMock) -> None:
        if mock.wanted_texts is None:
            self.plain.append(mock)
            return
        # by the rarest: "limit" may be the same in all mocks while "cursor" tells them apart
        texts = [(name, tuple(values)) for name, values in mock.wanted_texts]
        rarest = min(texts, key=lambda text: len(self.by_text.get(text, ())))
        self.by_text.setdefault(rarest, []).append(mock)

    def remove(self, mock: ResponseMock) -> None:
        for mocks in (self.plain, *self.by_text.values()):
            if mock in mocks:
                mocks.remove(mock)

    def __bool__(self) -> bool:
        return bool(self.plain or self.by_text)

    def newest_first(self, view: RequestView) -> Iterable[ResponseMock]:
        """Those that a request may mean, going by its query."""
        if not self.by_text:
            return reversed(self.plain)
        found = [mocks for name, values in view.query.items() if (mocks := self.by_text.get((name, tuple(values))))]
        if self.plain:
            found.append(self.plain)
        if len(found) == 1:
            return reversed(found[0])
        return sorted((mock for mocks in found for mock in mocks), key=lambda mock: -mock.number)


class _Node:
    """One segment of a template, and what may follow it."""

    __slots__ = ("by_name", "by_pattern", "by_text", "forks", "mocks", "only", "rest")

    def __init__(self) -> None:
        self.by_text: dict[str, _Node] = {}
        # a parameter that is a whole segment, by its name, without any for a star: no expression need be asked
        self.by_name: dict[str, _Node] = {}
        self.by_pattern: dict[str, tuple[re.Pattern[str], _Node]] = {}
        self.forks = False
        # the way of by_name, if there is one alone and no pattern
        self.only: tuple[str, _Node] | None = None
        self.mocks = _Bucket()
        self.rest: _Bucket | None = None

    def after(self, segment: re.Pattern[str]) -> _Node:
        """The node behind a segment with parameters, made if need be.

        Args:
            segment: The segment.
        """
        self.forks = True
        name = "".join(segment.groupindex)
        if segment.pattern == (f"(?P<{name}>.+)" if name else ".+"):
            node = self.by_name.setdefault(name, _Node())
        else:
            node = self.by_pattern.setdefault(segment.pattern, (segment, _Node()))[1]
        is_alone = len(self.by_name) == 1 and not self.by_pattern
        self.only = next(iter(self.by_name.items())) if is_alone else None
        return node


class Registry:
    """Mocks by method and URL."""

    def __init__(self) -> None:
        self._exact: dict[tuple[str, str], _Bucket] = {}
        self._templates: dict[str, _Node] = {}
        self._regexes: dict[str, Regexes] = {}
        self._takes_any = False
        self.mocks: list[ResponseMock] = []

    def add(self, mock: ResponseMock) -> None:
        """File a mock; it is the newest now.

        Args:
            mock: The mock.
        """
        self.mocks.append(mock)
        self._takes_any = self._takes_any or ANY_METHOD in mock.methods
        for bucket in self._buckets(mock):
            bucket.add(mock)

    def remove(self, mock: ResponseMock) -> None:
        """Take a mock out. Does nothing if it is not in.

        Args:
            mock: The mock.
        """
        if mock in self.mocks:
            self.mocks.remove(mock)
            for bucket in self._buckets(mock):
                bucket.remove(mock)

    def clear(self) -> None:
        """Take all mocks out."""
        self.mocks.clear()
        self._exact.clear()
        self._templates.clear()
        self._regexes.clear()
        self._takes_any = False

    def find(self, view: RequestView, older_than: float = math.inf) -> Found | None:
        """The newest mock that answers this request; one use of it is taken.

        Args:
            view: The request.
            older_than: The number of a mock: only those registered before it are asked.

        Raises:
            MatcherError: A matcher raised an error.
        """
        for mock, params in self._newest_first(view):
            if mock.number < older_than:
                answer = mock.take(view)
                if answer is not None:
                    return mock, params, answer
        return None

    def would_find(self, view: RequestView) -> ResponseMock | None:
        """The newest mock that would answer a request; nothing is taken.

        Args:
            view: The request.

        Raises:
            MatcherError: A matcher raised an error.
        """
        return next((mock for mock, _ in self._newest_first(view) if mock.fits(view)), None)

    def _newest_first(self, view: RequestView) -> Iterable[Fitting]:
        bucket = self._exact.get((view.method, view.path_key))
        exact = () if bucket is None else bucket.newest_first(view)
        others = self._others(view, view.method) if self._templates or self._regexes else []
        if self._takes_any:
            others += self._others(view, ANY_METHOD)
            of_any = self._exact.get((ANY_METHOD, view.path_key))
            others += [] if of_any is None else [(mock, {}) for mock in of_any.newest_first(view)]
        if not others:
            return ((mock, {}) for mock in exact)
        if len(others) == 1 and bucket is None:
            return others
        others.extend((mock, {}) for mock in exact)
        others.sort(key=lambda found: -found[0].number)
        return others

    def _buckets(self, mock: ResponseMock) -> Iterator[_Bucket | Regexes]:
        url = mock.url
        for method in mock.methods:
            if url.regex is not None:
                yield self._regexes.setdefault(method, Regexes())
            elif url.segments is None:
                yield self._exact.setdefault((method, url.path or "/"), _Bucket())
            else:
                node = self._templates.setdefault(method, _Node())
                for segment in url.segments:
                    if isinstance(segment, str):
                        node = node.by_text.setdefault(segment, _Node())
                    elif segment is not ...:
                        node = node.after(segment)
                if url.segments[-1] is ... and node.rest is None:
                    node.rest = _Bucket()
                yield node.rest if url.segments[-1] is ... and node.rest is not None else node.mocks

    def _others(self, view: RequestView, method: str) -> list[Fitting]:
        """Mocks of templates and regular expressions whose method and path fit, in no order."""
        found: list[Fitting] = []
        root = self._templates.get(method)
        if root is not None:
            segments = view.raw_path.split("/")
            if "%" in view.raw_path:
                segments = [unquote(segment) for segment in segments]
            _walk(root, view, segments, 0, {}, found)
        regexes = self._regexes.get(method)
        if regexes is not None:
            found.extend(regexes.find(view))
        return found


def _walk(
    node: _Node, view: RequestView, segments: list[str], at: int, params: dict[str, str], found: list[Fitting]
) -> None:
    while at < len(segments):
        if node.rest is not None:
            found.extend((mock, params) for mock in node.rest.newest_first(view))
        segment = segments[at]
        at += 1
        following = node.by_text.get(segment)
        if following is None and node.only is not None:
            # most templates have no other way
            if not segment:
                return
            name, following = node.only
            if name:
                params = {**params, name: segment}
        elif node.forks:
            ways = [] if following is None else [(following, params)]
            for name, way in node.by_name.items() if segment else ():
                ways.append((way, {**params, name: segment} if name else params))
            for pattern, way in node.by_pattern.values():
                match = pattern.fullmatch(segment)
                if match:
                    ways.append((way, {**params, **match.groupdict()}))
            if not ways:
                return
            for way, its in ways[1:]:
                _walk(way, view, segments, at, its, found)
            following, params = ways[0]
        if following is None:
            return
        node = following
    found += [(mock, params) for mock in node.mocks.newest_first(view)]
