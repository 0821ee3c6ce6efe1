"""Structural sharing of long lists, where a call for each row would take several times as long as JavaScript takes.

Rows that are equal are found by ``==`` in C. That is only right for plain JSON, whose parts say nothing surprising when
they are compared, and only to the letter if the outcome, written as JSON, is what the new list is: so 1, 1.0 and True
stay apart. Whatever is not sure is left to the definition, in ``structural_sharing.py``.

One thing passes for the same that the definition tells apart: a member of an ``IntEnum`` or ``StrEnum`` that comes in
place of the very number or text that it stands for, in a list that was plain JSON before. And new rows of such a
list are asked by ``==`` when they are records that can be written as JSON, such as dataclasses.
"""

from __future__ import annotations

import gc
import operator
from collections.abc import Callable
from typing import Any, Final

import msgspec

MANY: Final = 32
"""Members from which a list is a long one."""

JSON_TYPES: Final[frozenset[type[Any]]] = frozenset({dict, list, str, int, float, bool, type(None)})
"""What plain JSON is made of: exactly these, which are no record of anybody's."""
_MOST: Final = 4_000_000
_DEEPEST: Final = 64
_AT_ONCE: Final = 64
_encode: Final = msgspec.json.Encoder().encode

Share = Callable[[Any, Any], Any]


def is_json(tree: object) -> bool:
    """Whether data is plain JSON at every depth: exactly these types, no subclasses.

    Args:
        tree: Any data. None of it is called or compared.
    """
    level: list[Any] = [tree]
    for _ in range(_DEEPEST):
        if not level:
            return True
        if len(level) > _MOST or not JSON_TYPES.issuperset(map(type, level)):
            return False
        # the members of all of them at once, in C
        level = gc.get_referents(*level)
    return False


def share_scalars(previous: list[Any], next: list[Any], scalars: frozenset[type[object]]) -> list[Any] | None:
    """*next* with the list before in its place if it is equal; None if there is more in it than scalars.

    Args:
        previous: The list before.
        next: The new list.
        scalars: Types whose ``==`` says all, between two of one type.
    """
    kinds = list(map(type, next))
    if not scalars.issuperset(kinds):
        return None
    same = len(previous) == len(next) and kinds == list(map(type, previous)) and previous == next
    return previous if same else next.copy()


def share_rows(previous: list[Any], next: list[Any], share: Share) -> list[Any] | None:
    """*next* with the rows that did not change taken from *previous*; None if it is not sure which those are.

    Args:
        previous: The list before: plain JSON.
        next: The new list.
        share: The definition, for rows that differ.
    """
    count = min(len(previous), len(next))
    unchanged = len(previous) == len(next)
    shared: list[Any] = []
    try:
        # a few at a time, which stay in the cache of the processor from the first look to the last
        for start in range(0, count, _AT_ONCE):
            before, after = previous[start : start + _AT_ONCE], next[start : start + _AT_ONCE]
            text = _encode(after)
            equal = list(map(operator.eq, before, after))
            rows = before
            if not all(equal):
                rows = [old if same else share(old, new) for old, new, same in zip(before, after, equal, strict=False)]
                # the same NaN does not equal itself, and is no change
                unchanged = unchanged and all(map(operator.is_, rows, before))
                rows += after[len(rows) :]
            if _encode(rows) != text:
                return None
            shared += rows
    except Exception:  # noqa: BLE001 - data of some other kind, which may do anything
        return None
    return previous if unchanged else shared + next[len(shared) :]
