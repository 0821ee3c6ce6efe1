"""Many keys at once, which are looked at in C: a call for each would cost more than all else. Pure."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Sequence
from typing import Any, Final, TypeAlias, cast

import msgspec

from .errors import QueryKeyError
from .key_text import encode_json_lines
from .keys import hash_key

_KEYS: Final[frozenset[object]] = frozenset({list, tuple})
_ATOMS: Final[frozenset[type[object]]] = frozenset({str, int, bool, type(None)})
_EXACTLY: Final[frozenset[type[object]]] = frozenset({list, tuple, dict, *_ATOMS})
_TEXT: Final[frozenset[object]] = frozenset({str})
_DEEPEST: Final = 8
_MOST_PARTS: Final = 1_000_000
_ENCODER: Final = msgspec.json.Encoder()
_encode, _encode_lines = _ENCODER.encode, _ENCODER.encode_lines

_Scalar: TypeAlias = str | int | bool | None
_Part: TypeAlias = _Scalar | list[_Scalar] | dict[str, _Scalar]
_OuterPart: TypeAlias = _Scalar | list[_Part] | dict[str, _Part]
_read_lines: Final = msgspec.json.Decoder(list[_Scalar | list[_OuterPart] | dict[str, _OuterPart]]).decode_lines
_read: Final = msgspec.json.Decoder(list[Any]).decode


def are_said_by_texts(keys: Sequence[object], texts: Sequence[object]) -> bool:
    """Whether each of many keys can be read from its text just as it was given, so that the text is its packed form.

    All at once, in C: no key is called for.

    Args:
        keys: What may be keys.
        texts: What their texts may be.

    Returns:
        False if one of them is perhaps no list of plain JSON, without floats, with that text.
    """
    count = len(keys)
    if list(map(type, texts)) != [str] * count or not _KEYS.issuperset(map(type, keys)):
        return False
    most = most_of_one_form(keys)
    if most is None:
        most = most_of_any_form(keys)
        if most is None:
            return False
    try:
        wanted = ("\n".join(cast("Sequence[str]", texts)) + "\n").encode()
        # where a dict has its members in another order, the text does not say so
        return _encode_lines(keys) == wanted and (most <= 1 or encode_json_lines(keys) == wanted)
    except ValueError:
        # a lone surrogate, or a number too long to be written
        return False


def most_of_any_form(keys: Sequence[object]) -> int | None:
    """The members of the largest dict in many keys; None if one of them is perhaps no plain JSON without floats.

    Args:
        keys: Lists or tuples.
    """
    level: Sequence[object] = keys
    most = 0
    for _ in range(_DEEPEST):
        kinds: set[type[object]] = set(map(type, level))
        # of these very types: what is written as JSON takes a set for a list, and a StrEnum for a text
        if not kinds <= _EXACTLY or len(level) > _MOST_PARTS:
            return None
        if kinds <= _ATOMS:
            return most
        if dict in kinds:
            members: list[Any] = [part for part in level if type(part) is dict]
            if not _TEXT.issuperset(map(type, itertools.chain.from_iterable(members))):
                return None
            most = max(most, *map(len, members))
        # the parts of all of them, names of members too
        level = gc.get_referents(*level)
    return None


def most_of_one_form(keys: Sequence[Any]) -> int | None:
    """The same in half the time of keys that differ in their values alone, as those of one endpoint; None of others.

    Args:
        keys: Lists or tuples.
    """
    parts = gc.get_referents(*keys)
    form = _form_of(parts, len(keys))
    if form is None:
        return None
    most = 0
    for place, kind in enumerate(form):
        if kind is dict:
            dicts = parts[place :: len(form)]
            size = len(dicts[0])
            members = gc.get_referents(*dicts)
            # a dict shows the collector its names, too, unless all of them are strings, in which there is no garbage
            if list(map(len, dicts)) != [size] * len(dicts) or len(members) != size * len(dicts):
                return None
            form_of_members = _form_of(members, len(dicts))
            if form_of_members is None or not _ATOMS.issuperset(form_of_members):
                return None
            most = max(most, size)
        elif kind not in _ATOMS:
            return None
    return most


def _form_of(parts: list[Any], count: int) -> list[type[object]] | None:
    """The types of the parts of one thing, if those of *count* things are the same; otherwise None."""
    kinds: list[type[object]] = list(map(type, parts))
    form = kinds[: len(kinds) // count] if count else []
    # two lists are compared in a fifth of the time in which a set is made of one
    return form if kinds == form * count else None


def is_said_by_text(parts: list[Any], text: str) -> bool:
    """The same of one key that is known to have this text, and no floats.

    Args:
        parts: The key, as ``json_parts`` gives it.
        text: Its text.
    """
    try:
        return _encode(parts).decode() == text
    except ValueError:
        return False


def not_a_text(texts: Sequence[str]) -> int | None:
    """Which of these is the first that is not the text of a key of JSON, by its number; None if all are.

    Args:
        texts: What may be texts of keys.
    """
    try:
        lines = ("\n".join(texts) + "\n").encode()
        # none has a line of its own in it, or there would be more lines than texts
        if texts and encode_json_lines(_read_lines(lines)) == lines and lines.count(b"\n") == len(texts):
            return None
    except ValueError:
        pass
    return next((number for number, text in enumerate(texts) if not _is_text(text)), None)


def _is_text(text: str) -> bool:
    try:
        return hash_key(_read(text)) == text
    except (ValueError, RecursionError, QueryKeyError):
        return False
