"""Matchers of the headers, and of the cookies in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .matchers import ABSENT, checked_names
from .requests import RequestView
from .text_matchers import TextMatcher


class HeaderMatcher(TextMatcher):
    """Compares headers.

    Args:
        wanted: Names in lower case, and values.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        super().__init__("headers", wanted)

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        """The headers of a request.

        Args:
            view: The request with its parts.
        """
        return view.headers

    def together(self, values: list[str]) -> str:
        """The values of a header that is sent several times, as HTTP reads them: one text with commas.

        Args:
            values: The values.
        """
        return values[0] if len(values) == 1 else ", ".join(values)


class CookieMatcher(TextMatcher):
    """Compares cookies.

    Args:
        wanted: Names and values.
    """

    def __init__(self, wanted: Mapping[str, Any]) -> None:
        super().__init__("cookies", wanted)

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        """The cookies of a request.

        Args:
            view: The request with its parts.
        """
        return view.cookies


def match_headers(wanted: Mapping[str, Any]) -> HeaderMatcher:
    """A matcher of headers: those given are compared, others may be there.

    Args:
        wanted: Names, in any case, and values. A value is text, and a number is its text; a list is a header that is
            sent several times, in order; ``ABSENT`` must not be sent; a value with its own ``==``, such as
            ``unittest.mock.ANY``, is asked. A regular expression must match the whole text.

    Raises:
        TypeError: Not a mapping, or a value that can never be sent.
        ValueError: One header twice, in different cases.
    """
    found: dict[str, Any] = {}
    for name, value in _checked("match_headers", wanted, "header").items():
        if name.lower() in found:
            raise ValueError(
                f"match_headers has {name!r} twice: case does not matter. Give all its values as a list, in order."
            )
        found[name.lower()] = value.decode("latin-1") if isinstance(value, bytes) else value
    return HeaderMatcher(found)


def match_cookies(wanted: Mapping[str, Any]) -> CookieMatcher:
    """A matcher of cookies: all that are given must be sent like that, others may be there.

    Args:
        wanted: Names and values, as the header ``Cookie`` has them. ``ABSENT`` must not be sent; a value with its own
            ``==``, such as ``unittest.mock.ANY``, is asked. A regular expression must match the whole text.

    Raises:
        TypeError: Not a mapping, or a value that can never be sent.
    """
    return CookieMatcher(_checked("match_cookies", wanted, "cookie"))


def _checked(name: str, wanted: object, what: str) -> dict[str, Any]:
    found = checked_names(name, wanted)
    for key, value in found.items():
        if value is None:
            raise TypeError(f"{name} has None for {key!r}; write ABSENT for a {what} that must not be sent.")
        if isinstance(value, Mapping):
            raise TypeError(f"{name} has the dict {value!r} for {key!r}; a {what} is text.")
        if isinstance(value, (list, tuple)) and any(item is ABSENT for item in value):
            raise TypeError(f"{name} has ABSENT in the list for {key!r}; write it instead of the list.")
    return found
