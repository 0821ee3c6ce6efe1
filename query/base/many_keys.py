"""Many keys at once, which are looked at in C: a call for each would cost more than all else. Pure."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Sequence
from typing import Any, Final, cast

import msgspec

from .key_text import encode_json_lines

_KEYS: Final[frozenset[object]] = frozenset({list, tuple})
_ATOMS: Final[frozenset[type[object]]] = frozenset({str, int, bool, type(None)})
_EXACTLY: Final[frozenset[type[object]]] = frozenset({list, tuple, dict, *_ATOMS})
_TEXT: Final[frozenset[object]] = frozenset({str})
_DEEPEST: Final = 8
_MOST_PARTS: Final = 1_000_000
_encode_lines: Final = msgspec.json.Encoder().encode_lines


def are_said_by_texts(keys: Sequence[object], texts: Sequence[object]) -> bool:
    """Whether each of many keys can be read from its text just as it was given, so that the text is its packed form.

    All at once, in C: no key is called for.

    Args:
        keys: What may be keys.
        texts: What their texts may be.

    Returns:
        False if one of them is perhaps no list of plain JSON, without floats, with that text.
    """
    if len(keys) != len(texts) or not _TEXT.issuperset(map(type, texts)) or not _KEYS.issuperset(map(type, keys)):
        return False
    level: Sequence[object] = keys
    most = 0
    for _ in range(_DEEPEST):
        kinds: set[type[object]] = set(map(type, level))
        # of these very types: what is written as JSON takes a set for a list, and a StrEnum for a text
        if not kinds <= _EXACTLY or len(level) > _MOST_PARTS:
            return False
        if kinds <= _ATOMS:
            break
        if dict in kinds:
            members: list[Any] = [part for part in level if type(part) is dict]
            if not _TEXT.issuperset(map(type, itertools.chain.from_iterable(members))):
                return False
            most = max(most, *map(len, members))
        # the parts of all of them, names of members too
        level = gc.get_referents(*level)
    else:
        return False
    try:
        wanted = ("\n".join(cast("Sequence[str]", texts)) + "\n").encode()
        # where a dict has its members in another order, the text does not say so
        return encode_json_lines(keys) == wanted and (most <= 1 or _encode_lines(keys) == wanted)
    except ValueError:
        # a lone surrogate, or a number too long to be written
        return False
