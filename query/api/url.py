"""URLs of an API from their patterns: ``/projects/$slug/`` and a value for ``slug``.

The grammar is that of ``string.Template``: ``$name``, ``${name}`` where a letter follows, ``$$`` for a dollar.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import quote
from uuid import UUID

from ..base.errors import QueryError
from ..base.types import SkipToken

PathValue: TypeAlias = str | int | UUID
"""What may stand for a parameter; also a str or int Enum, which gives its value."""
PathParams: TypeAlias = Mapping[str, PathValue]

_PARAM = re.compile(r"\$(?:(?P<dollar>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\}|(?P<stray>))", re.ASCII)
# httpx collapses dots and a server may collapse slashes: such a value would reach another endpoint
_COLLAPSING = ("", ".", "..")


class PathParamError(QueryError, ValueError):
    """A value that cannot stand in a URL.

    Attributes:
        pattern: The URL's pattern.
        names: The parameters concerned.
    """

    def __init__(self, message: str, *, pattern: str, names: tuple[str, ...]) -> None:
        super().__init__(message)
        self.pattern = pattern
        self.names = names


class PathParamTypeError(PathParamError, TypeError):
    """A value of a type that has no one spelling in a URL: JavaScript writes ``true``, Python ``True``."""


class MissingPathParamError(PathParamError):
    """The pattern has a parameter without a value."""


class UnknownPathParamError(PathParamError):
    """A value is given for a parameter that the pattern does not have."""


def get_api_url(pattern: str, *, path: PathParams | SkipToken | None = None) -> str:
    """The URL of *pattern* with the values of *path* in it, percent-encoded.

    Args:
        pattern: A path or whole URL with parameters, such as ``"/projects/$slug/"``.
        path: Their values by name. ``skip_token`` leaves the pattern as it is.

    Raises:
        MissingPathParamError: A parameter has no value.
        UnknownPathParamError: A value has no parameter.
        PathParamError: A value that cannot stand in a URL: one that makes a whole segment "", "." or "..", or has a
            lone surrogate; or a pattern with a ``$`` that begins no parameter.
        PathParamTypeError: A value that is no str, int or UUID, such as a bool, None or a float.
        TypeError: *path* is no mapping.

    Encoding is that of JavaScript's ``encodeURIComponent``; a value that is encoded already is encoded again. A ``/``
    in a value is encoded too, but most servers decode it before they look for a route.
    """
    if isinstance(path, SkipToken):
        return pattern
    if path is not None and not isinstance(path, Mapping):
        raise TypeError(f'path={path!r} is no mapping; expected the values by name, such as {{"slug": "apollo"}}.')
    if not path and "$" not in pattern:
        return pattern
    values = dict(path or {})
    names = path_params(pattern)
    missing = tuple(name for name in names if name not in values)
    if missing:
        raise MissingPathParamError(
            f"cannot build a URL from {pattern!r}: no value for {_dollars(missing)}. "
            f"path= holds {', '.join(map(str, values)) or 'nothing'}; add the missing names to it, or write $$ for a "
            "dollar.",
            pattern=pattern,
            names=missing,
        )
    unknown = tuple(name for name in values if name not in names)
    if unknown:
        raise UnknownPathParamError(
            f"cannot build a URL from {pattern!r}: it has no {_dollars(unknown)}. "
            f"Its parameters: {_dollars(names) or 'none'}; leave the others out of path=.",
            pattern=pattern,
            names=unknown,
        )
    texts = {name: _text(pattern, name, value) for name, value in values.items()}

    def fill(match: re.Match[str]) -> str:
        name = match["plain"] or match["braced"]
        return quote(texts[name], safe="!*'()") if name else "$"

    # a query or fragment ends the last segment
    for segment in re.split("[/?#]", pattern):
        if _PARAM.search(segment) and _PARAM.sub(lambda m: _raw(m, texts), segment) in _COLLAPSING:
            used = path_params(segment)
            raise PathParamError(
                f"cannot build a URL from {pattern!r}: {_dollars(used)} would make the segment {segment!r} empty or "
                "dots, which leads to another URL. Give it another value.",
                pattern=pattern,
                names=used,
            )
    # one pass: a value that looks like a parameter stays data
    return _PARAM.sub(fill, pattern)


def path_params(pattern: str) -> tuple[str, ...]:
    """The names of the parameters of *pattern*, each once, in order.

    Args:
        pattern: A URL pattern.

    Raises:
        PathParamError: A ``$`` in it begins no parameter.
    """
    names: list[str] = []
    for match in _PARAM.finditer(pattern):
        if match["stray"] is not None:
            raise PathParamError(
                f"the $ at {match.start()} in {pattern!r} begins no parameter. "
                "Write $name or ${name} for a parameter, $$ for a dollar.",
                pattern=pattern,
                names=(),
            )
        name = match["plain"] or match["braced"]
        if name and name not in names:
            names.append(name)
    return tuple(names)


def _raw(match: re.Match[str], texts: Mapping[str, str]) -> str:
    name = match["plain"] or match["braced"]
    return texts[name] if name else "$"


def _text(pattern: str, name: str, value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, str):
        text = str.__str__(value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise PathParamError(
                f"cannot build a URL from {pattern!r}: ${name} is {value!r}, which has half of a character. "
                "Decode the text as UTF-8 where it comes from.",
                pattern=pattern,
                names=(name,),
            )
        return text
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, UUID):
        return str(value)
    raise PathParamTypeError(
        f"cannot build a URL from {pattern!r}: ${name} is {value!r}, a {type(value).__name__}; "
        "expected a str, an int or a UUID.",
        pattern=pattern,
        names=(name,),
    )


def _dollars(names: tuple[str, ...]) -> str:
    return ", ".join(f"${name}" for name in names)
