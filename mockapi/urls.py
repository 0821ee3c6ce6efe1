"""Which URLs a mock answers: a path, a template, a whole URL, or a regular expression."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from .matchers import PartMatcher, match_exact_query

_PARAM = re.compile(r"\$(\w+)|\{(\w+)\}")
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class UrlPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A URL as a mock is registered with it.

    Attributes:
        text: As it was written.
        origin: Scheme, host and port that are meant; None for any.
        path: The decoded path, or the template; None for a regular expression.
        segments: For a template, its path split at slashes: a str for itself, a pattern for one with parameters.
        regex: For a regular expression, that: it must match the whole URL or the whole path.
        query: The query of the URL, which is then compared exactly.
    """

    text: str
    origin: str | None = None
    path: str | None = None
    segments: tuple[Any, ...] | None = None
    regex: re.Pattern[str] | None = None
    query: PartMatcher | None = None


def parse_url(url: str | re.Pattern[str], base_url: str | None = None) -> UrlPattern:
    """A URL as a mock is registered with it, taken apart.

    Args:
        url: A path ("/projects/", any host unless there is a *base_url*), a whole URL, either with parameters
            ("/projects/$slug/" or "/projects/{slug}/"), or a regular expression for the whole URL or path.
        base_url: Where paths belong.

    Raises:
        TypeError: Neither a str nor a regular expression.
        ValueError: Neither a path nor a whole URL.
    """
    if isinstance(url, re.Pattern):
        return UrlPattern(text=f"re:{url.pattern}", regex=url)
    if not isinstance(url, str):
        raise TypeError(f"url={url!r} is no URL; expected a str such as '/projects/', or a re.Pattern.")
    whole = url
    if not _WHOLE.match(url):
        if not url.startswith("/"):
            raise ValueError(
                f"url={url!r} is neither a path nor a whole URL. Write '/{url}' for that path on any host, "
                f"or 'https://host/{url}'."
            )
        whole = f"{(base_url or '').rstrip('/')}{url}"
    parts = urlsplit(whole)
    origin = f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme else None
    path = parts.path or "/"
    query = None
    if parts.query:
        wanted: dict[str, Any] = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            wanted.setdefault(name, []).append(value)
        query = match_exact_query({name: v[0] if len(v) == 1 else v for name, v in wanted.items()})
    segments = _segments(path) if _PARAM.search(path) else None
    return UrlPattern(text=url, origin=_normal_origin(origin), path=unquote(path), segments=segments, query=query)


def _segments(path: str) -> tuple[Any, ...]:
    found: list[Any] = []
    for segment in path.split("/"):
        if not _PARAM.search(segment):
            found.append(unquote(segment))
            continue
        pattern, end = "", 0
        for match in _PARAM.finditer(segment):
            pattern += re.escape(unquote(segment[end : match.start()])) + f"(?P<{match[1] or match[2]}>.+)"
            end = match.end()
        found.append(re.compile(pattern + re.escape(unquote(segment[end:])), re.DOTALL))
    return tuple(found)


def _normal_origin(origin: str | None) -> str | None:
    if origin is None:
        return None
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if origin.startswith(f"{scheme}://") and origin.endswith(port):
            return origin[: -len(port)]
    return origin
