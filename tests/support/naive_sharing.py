"""Structural sharing as it is defined: part by part. The quick one may only agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

MAX_DEPTH: Final = 500
"""Below this many levels new data is taken as it is."""

# exact types whose == is quick, pure and says that nobody could tell the two apart
_SCALARS: Final = frozenset({str, int, float, bool, type(None), bytes, date, timedelta, UUID})
# equal ones of these may still read differently: 12:00Z and 14:00+02:00, 1.0 and 1.00
_SPELLED: Final = frozenset({datetime, time, Decimal})


def naive_replace_equal_deep(previous, next):
    """The definition of ``replace_equal_deep``."""
    try:
        return _share(previous, next, 0)
    except RecursionError:
        return next


def _same(a: object, b: object) -> bool:
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if kind in _SCALARS:
        return a == b
    return kind in _SPELLED and repr(a) == repr(b)


def _share(previous: object, next: object, depth: int) -> object:
    if previous is next:
        return previous
    kind = type(next)
    if kind is type(previous):
        share = _SHARE.get(kind)
        if share is not None:
            return next if depth > MAX_DEPTH else share(previous, next, depth + 1)
        if _same(previous, next):
            return previous
    return next


# The loops settle the frequent kinds themselves, since a call for every leaf would double the time, and copy only what
# changed. Equal scalars are left as they came: nobody tells them apart by identity.


def _share_list(previous: list[object], next: list[object], depth: int) -> list[object]:
    unchanged = len(previous) == len(next)
    kept: list[tuple[int, object]] = []
    index = -1
    for old, new in zip(previous, next):  # noqa: B905 - naming strict=False costs half as much as a short loop
        index += 1
        if old is new:
            continue
        kind = type(new)
        if kind in _SCALARS:
            if kind is not type(old) or old != new:
                unchanged = False
        else:
            part = _share(old, new, depth)
            if part is not new:
                kept.append((index, part))
            if part is not old:
                unchanged = False
    if unchanged:
        return previous
    shared = next.copy()
    for index, part in kept:
        shared[index] = part
    return shared


def _share_tuple(previous: tuple[object, ...], next: tuple[object, ...], depth: int) -> tuple[object, ...]:
    before = list(previous)
    shared = _share_list(before, list(next), depth)
    return previous if shared is before else tuple(shared)


def _share_dict(previous: dict[object, object], next: dict[object, object], depth: int) -> dict[object, object]:
    unchanged = len(previous) == len(next)
    plain_names = True
    kept: dict[object, object] = {}
    for name, new in next.items():
        if type(name) is not str:
            plain_names = False
        old = previous.get(name, _MISSING)
        if old is new:
            continue
        kind = type(new)
        if kind in _SCALARS:
            if kind is not type(old) or old != new:
                unchanged = False
        else:
            part = _share(old, new, depth)
            if part is not new:
                kept[name] = part
            if part is not old:
                unchanged = False
    if unchanged and (plain_names or _same_names(previous, next)):
        return previous
    return {**next, **kept}


def _same_names(a: dict[object, object], b: dict[object, object]) -> bool:
    # 1, 1.0 and True are one member to a dict, but not to those who list its names
    own = {name: name for name in a}
    return all(type(own[name]) is type(name) for name in b)


_MISSING: Final = object()
_SHARE: Final[dict[type[object], Callable[[Any, Any, int], object]]] = {
    list: _share_list,
    dict: _share_dict,
    tuple: _share_tuple,
}
