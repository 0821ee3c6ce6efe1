"""Which URLs a mock answers: a path, a template, a whole URL, or a regular expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import EllipsisType
from typing import Any, TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import msgspec

from .requests import RequestView, path_key
from .text_matchers import QueryMatcher, match_exact_query

_PARAM = re.compile(r"\$(\w+)|\{(\w+)\}")
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ANY_SEGMENT = re.compile(".+", re.DOTALL)

Segment: TypeAlias = "str | re.Pattern[str] | EllipsisType"
"""One segment of a template: a text for itself, a pattern for one with parameters, ``...`` for all the rest."""


class UrlPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A URL as a mock is registered with it.

    Attributes:
        text: As it was written.
        origin: Scheme, host and port that are meant; None for any.
        path: The path, decoded as ``requests.path_key`` does it, or the template; None for a regular expression.
        segments: For a template, its path split at slashes.
        regex: For a regular expression, that: it must match the whole URL or the whole path.
        query: The query of the URL, which is then compared exactly.
    """

    text: str
    origin: str | None = None
    path: str | None = None
    segments: tuple[Segment, ...] | None = None
    regex: re.Pattern[str] | None = None
    query: QueryMatcher | None = None


def parse_url(url: str | re.Pattern[str], base_url: str | None = None) -> UrlPattern:
    """A URL as a mock is registered with it, taken apart.

    Args:
        url: A path ("/projects/", any host unless there is a *base_url*), a whole URL, either with parameters
            ("/projects/$slug/" or "/projects/{slug}/"), with ``*`` for any segment or ``**`` at its end for all the
            rest, or a regular expression for the whole URL or path.
        base_url: Where paths belong.

    Raises:
        TypeError: Neither a str nor a regular expression for str.
        ValueError: Neither a path nor a whole URL, or a template with one parameter twice, or with a ``*`` that means
            nothing there.
    """
    if isinstance(url, re.Pattern):
        if not isinstance(url.pattern, str):
            raise TypeError(f"url={url!r} is a regular expression for bytes; URLs are str: re.compile('...').")
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
    path = parts.path or "/"
    query = None
    if parts.query:
        wanted: dict[str, Any] = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            wanted.setdefault(name, []).append(value)
        query = match_exact_query({name: v[0] if len(v) == 1 else v for name, v in wanted.items()})
    segments = _segments(path) if _PARAM.search(path) or "*" in path else None
    return UrlPattern(text=url, origin=_origin(parts), path=path_key(path), segments=segments, query=query)


def path_fits(url: UrlPattern, view: RequestView) -> bool:
    """Whether a request is meant, going by its path, or by its whole URL for a regular expression.

    Args:
        url: A URL as a mock is registered with it.
        view: The request.
    """
    if url.regex is not None:
        return bool(url.regex.fullmatch(view.url) or url.regex.fullmatch(view.path))
    if url.segments is None:
        return url.path == view.path_key
    return segments_fit(url.segments, view.raw_path)


def segments_fit(segments: Sequence[Segment], raw_path: str) -> bool:
    """Whether a path is one of a template.

    Args:
        segments: The template.
        raw_path: The path, percent-encoded.
    """
    sent = [unquote(segment) for segment in raw_path.split("/")]
    if segments[-1] is ...:
        segments = segments[:-1]
        if len(sent) <= len(segments):
            return False
        sent = sent[: len(segments)]
    return len(sent) == len(segments) and all(
        segment == text if isinstance(segment, str) else segment is not ... and bool(segment.fullmatch(text))
        for segment, text in zip(segments, sent, strict=True)
    )


def _segments(path: str) -> tuple[Segment, ...]:
    found: list[Segment] = []
    names: set[str] = set()
    segments = path.split("/")
    for position, segment in enumerate(segments):
        if segment == "*":
            found.append(_ANY_SEGMENT)
            continue
        if segment == "**" and position == len(segments) - 1:
            found.append(...)
            continue
        if "*" in segment:
            raise ValueError(
                f"url={path!r}: a * stands for a whole segment, and ** at the end for all the rest, a trailing slash "
                f"too; got {segment!r}. Write $name for a part of a segment, %2A for the character itself."
            )
        if not _PARAM.search(segment):
            found.append(unquote(segment))
            continue
        pattern, end = "", 0
        for match in _PARAM.finditer(segment):
            name = match[1] or match[2]
            if not name.isidentifier() or name in names:
                what = "is there twice" if name in names else "is no name"
                raise ValueError(f"url={path!r}: the parameter {name!r} {what}; expected a name of its own for each.")
            names.add(name)
            pattern += re.escape(unquote(segment[end : match.start()])) + f"(?P<{name}>.+)"
            end = match.end()
        found.append(re.compile(pattern + re.escape(unquote(segment[end:])), re.DOTALL))
    return tuple(found)


def _origin(parts: SplitResult) -> str | None:
    """Scheme, host and port as httpx has them: in lower case, names in ASCII, without the port that goes by itself."""
    if not parts.scheme:
        return None
    host = (parts.hostname or "").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = "" if parts.port is None or parts.port == {"http": 80, "https": 443}.get(parts.scheme) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
