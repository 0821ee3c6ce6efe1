"""JSON as ``json`` writes and reads it, in a part of the time. Pure.

Long texts are written and read in C wherever that gives the very same text or value. Everything else is left to
``json``: whether it knows a word for it, or has an error to raise.
"""

from __future__ import annotations

import gc
import json
import re
from typing import Any, Final

import msgspec

from .long_lists import JSON_TYPES

_MOST: Final = 4_000_000
_DEEPEST: Final = 64
_ESCAPED: Final = re.compile("[^\x00-\x7e]+")
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode


def json_text(value: object) -> str:
    """The text that ``json.dumps`` writes with ``separators=(",", ":")``.

    Args:
        value: Any value.

    Raises:
        TypeError: JSON has no word for a part of it.
        ValueError: As ``json.dumps`` does: it contains itself, or an integer is too long to be written.
        RecursionError: It is too deep.
    """
    if _is_written_alike(value):
        try:
            text = _encode(value).decode()
        except (ValueError, TypeError):
            # lone surrogates; names that are no strings; what json refuses, too
            pass
        else:
            return text if text.isascii() and "\x7f" not in text else _ESCAPED.sub(_escape, text)
    return json.dumps(value, separators=(",", ":"))


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _is_written_alike(value: object) -> bool:
    """Whether a value is of exactly the types that both write, and no number in it needs an exponent."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        kinds = set(map(type, level))
        if not kinds <= JSON_TYPES or len(level) > _MOST:
            return False
        # nor one that is none, or has no end: those have a word in json alone
        if float in kinds and [
            part for part in level if type(part) is float and not (1e-4 <= abs(part) < 1e16 or part == 0)
        ]:
            return False
        if not kinds & _CONTAINERS:
            return True
        # the members of all of them at once, in C
        level = gc.get_referents(*level)
    return False


_CONTAINERS: Final[frozenset[type[Any]]] = frozenset({dict, list})


def json_value(text: Any) -> Any:
    """The value that ``json.loads`` reads.

    Args:
        text: A text or bytes.

    Raises:
        ValueError: It is no JSON.
        TypeError: It is no text.
        RecursionError: It is too deep.
    """
    if type(text) is str:
        try:
            return _decode(text)
        except ValueError:
            # no JSON; or NaN, a lone surrogate, a number that no float can hold
            pass
    return json.loads(text)
