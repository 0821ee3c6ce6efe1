"""Mocks whose URL is a regular expression, filed by the text with which all that it matches begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .requests import RequestView
from .responses import ResponseMock


class Regexes:
    """The mocks of one method whose URL is a regular expression."""

    __slots__ = ("_by_length",)

    def __init__(self) -> None:
        self._by_length: dict[int, dict[str, list[ResponseMock]]] = {}

    def add(self, mock: ResponseMock) -> None:
        """File a mock.

        Args:
            mock: The mock.
        """
        beginning = _beginning_of(mock)
        self._by_length.setdefault(len(beginning), {}).setdefault(beginning, []).append(mock)

    def remove(self, mock: ResponseMock) -> None:
        """Take a mock out. Does nothing if it is not in.

        Args:
            mock: The mock.
        """
        beginning = _beginning_of(mock)
        mocks = self._by_length.get(len(beginning), {}).get(beginning, [])
        if mock in mocks:
            mocks.remove(mock)

    def find(self, view: RequestView) -> Iterator[tuple[ResponseMock, dict[str, str]]]:
        """Those that match, in no order, with the values of their groups.

        Args:
            view: The request.
        """
        for length, by_text in self._by_length.items():
            # a set: what has no text to begin with would be found twice
            for beginning in {view.url[:length], view.path[:length]}:
                for mock in by_text.get(beginning, ()):
                    pattern = mock.url.regex
                    match = pattern and (pattern.fullmatch(view.url) or pattern.fullmatch(view.path))
                    if match:
                        yield mock, {k: v for k, v in match.groupdict().items() if v is not None}


def _beginning_of(mock: ResponseMock) -> str:
    return "" if mock.url.regex is None else literal_beginning(mock.url.regex)


def literal_beginning(pattern: re.Pattern[str]) -> str:
    """The text with which every string begins that the pattern matches, as far as it is plain to see.

    Args:
        pattern: A regular expression.
    """
    source = pattern.pattern
    if pattern.flags & (re.IGNORECASE | re.VERBOSE) or "|" in source:
        return ""
    found: list[str] = []
    at = 1 if source.startswith("^") else 0
    while at < len(source):
        letter = source[at]
        if letter in "*?{":
            # the last one need not be there
            return "".join(found[:-1])
        if letter == "\\" and not source[at + 1].isalnum():
            at += 1
            letter = source[at]
        elif letter in "\\.^$+[]()":
            break
        found.append(letter)
        at += 1
    return "".join(found)
