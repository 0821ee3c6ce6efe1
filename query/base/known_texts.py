"""Plain keys that were asked for twice, with their texts: a glance instead of a look at each part. Pure.

Packed, which takes C a tenth of the time that making the text takes Python. Packing writes 1 and 1.0 and True apart,
but a date as a string, so that the key itself is compared, too. With marshal, as QueryKey has it, there would be
nothing to compare; but packing and comparing together are quicker. They take a member of a ``StrEnum`` for its value,
and so does a text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import msgspec

from .types import KeyParts

KNOWN_TEXTS: Final[dict[bytes, tuple[list[Any], tuple[Any, ...], str]]] = {}
"""By the packed key: the key as a list and as a tuple, one of which a key must equal, and its text."""

LIST: Final[Any] = list
TUPLE: Final[Any] = tuple
"""The types that most keys have. Any: a checker would take a key for one of something unknown."""

_SEEN: Final[set[bytes]] = set()
_MOST: Final = 4096
_LONGEST: Final = 512

# bound here: Python 3.12 makes a bound method at each call of one of an imported object
known_text: Final = KNOWN_TEXTS.get
"""What ``KNOWN_TEXTS`` has of a packed key, or None."""

pack: Final = msgspec.msgpack.Encoder().encode
"""A key as ``KNOWN_TEXTS`` has it. Raises whatever it likes if it is none."""


# Any: whatever people write
def text_at_a_glance(key: Any) -> str:
    """The text of a key that was asked for twice, without a look at its parts; "" if it takes one.

    Args:
        key: What should be a key.
    """
    if isinstance(key, (list, tuple)):
        try:
            known = known_text(pack(key))
            if known is not None and (known[0] == key or known[1] == key):
                return known[2]
        except Exception:  # noqa: BLE001 - what cannot be packed, or compares as no key may, takes the slow way
            pass
    return ""


def note_text(packed: bytes, parts: KeyParts, text: str) -> None:
    """Keep the text of a key, from the second time on: of the many that are asked for once, none is worth a copy.

    Args:
        packed: The key, packed.
        parts: The same, plain JSON.
        text: Its text.
    """
    if len(packed) > _LONGEST:
        return
    if packed not in _SEEN:
        if len(_SEEN) >= _MOST:
            _SEEN.clear()
        _SEEN.add(packed)
    elif _trusts_equality[0]:
        if len(KNOWN_TEXTS) >= _MOST:
            KNOWN_TEXTS.clear()
        copied = [_copied(part) for part in parts]
        KNOWN_TEXTS[packed] = (copied, tuple(copied), text)


def keep_no_texts() -> None:
    """Never keep a text again: there are parts of keys, from now on, that equal plain ones and have another text."""
    _trusts_equality[0] = False
    KNOWN_TEXTS.clear()


# a list, since it is changed
_trusts_equality: Final = [True]


def _copied(part: Any) -> Any:
    kind = cast("Callable[[object], Any]", type(part))
    if kind is dict:
        return {name: _copied(member) for name, member in part.items()}
    return kind(map(_copied, part)) if kind is list or kind is tuple else part
