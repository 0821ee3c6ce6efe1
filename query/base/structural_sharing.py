"""Keeping what did not change: new data is rebuilt from the equal parts of the data before. Pure.

So that a listener that looks at a part of the data can tell by ``is`` whether it changed. Only the scalars named here
are ever compared with ``==``: rows of an ORM, arrays and data frames answer it slowly, with side effects, or not with
a bool. Those are kept if they are the same object, unless ``register_shared_type`` says how to look into them.

Source: query-core/src/utils.ts, replaceEqualDeep and replaceData. Differs: type-strict (1, 1.0 and True are different
data); tuples are rebuilt too; dates and other scalars that JavaScript lacks are compared.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping, Sized
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from .long_lists import MANY, is_json, share_rows, share_scalars
from .types import Unset

T = TypeVar("T")

MAX_DEPTH: Final = 500
"""Below this many levels new data is taken as it is."""

# exact types whose == is quick, pure and says that nobody could tell the two apart
_SCALARS: Final[frozenset[type[object]]] = frozenset({str, int, float, bool, type(None), bytes, date, timedelta, UUID})
# equal ones of these may still read differently: 12:00Z and 14:00+02:00, 1.0 and 1.00
_SPELLED: Final = frozenset({datetime, time, Decimal})


def replace_equal_deep(previous: Any, next: Any) -> Any:
    """*next*, with every part that equals its place in *previous* taken from there.

    Lists, tuples and dicts (no subclasses) are looked into. If everything is equal, *previous* itself comes back,
    otherwise a new container; neither argument is changed, and no container of *next* is handed on that stands
    where *previous* has one of the same kind.

    Args:
        previous: The data before.
        next: The new data.

    Returns:
        Data that equals *next*, type for type.

    Source: utils.ts, replaceEqualDeep.
    """
    after: object = next
    kind = type(after)
    if kind is not type(previous):
        return next
    share = _SHARE.get(kind)
    if share is None or previous is next:
        return _share(previous, next, 0)
    try:
        # as in _share, without the call
        return share(previous, next, 1)
    except RecursionError:
        return next


def replace_data(
    previous: Any, next: Any, structural_sharing: bool | Callable[[Any, Any], Any] | Unset | None = None
) -> Any:
    """The data to keep when *next* arrives.

    Args:
        previous: The data before; ``UNSET`` if there was none.
        next: The new data.
        structural_sharing: The option: True, None or ``UNSET`` share equal parts, False takes *next* as it is, a
            function (previous, next) decides. What it raises is the caller's to handle.

    Source: utils.ts, replaceData.
    """
    if structural_sharing is False:
        return next
    if callable(structural_sharing):
        return structural_sharing(previous, next)
    return replace_equal_deep(previous, next)


def share_known(previous: Any, next: Any, is_known: bool) -> tuple[Any, bool]:
    """``replace_equal_deep``, for whoever remembers which long lists are plain JSON: it takes a while to see.

    Args:
        previous: The data before.
        next: The new data.
        is_known: Whether *previous* was found to be plain JSON.

    Returns:
        The data to keep, and whether that is known to be plain JSON.
    """
    if type(previous) is type(next) is list and previous is not next:
        before: list[Any] = previous
        after: list[Any] = next
        # rows that are the same objects are quick without
        if _are_long(before, after) and not _are_mostly_same(before, after) and (is_known or is_json(before)):
            shared = share_rows(before, after, lambda old, new: _share(old, new, 0))
            if shared is not None:
                return shared, shared is before or all(map(is_json, _others(before, shared)))
    return replace_equal_deep(previous, next), False


def _are_long(previous: Sized, next: Sized) -> bool:
    return len(next) >= MANY and len(previous) >= MANY


def _are_mostly_same(previous: list[Any], next: list[Any]) -> bool:
    return 2 * sum(map(operator.is_, previous, next)) > len(next)


def _others(before: list[Any], after: list[Any]) -> list[Any]:
    differ = map(operator.is_not, before, after)
    return [*itertools.compress(after, differ), *after[len(before) :]]


def register_shared_type(type: type[T], share: Callable[[T, T], T]) -> None:
    """Look into the instances of *type* too, for a record that holds data.

    Args:
        type: The class itself; its subclasses are not meant.
        share: A function (previous, next): returns *previous* if nothing changed, otherwise a new instance of which
            equal parts are taken from there. It changes neither, and builds on ``replace_equal_deep``.
    """
    _SHARE[type] = lambda a, b, _: share(a, b)


def shallow_equal(a: Mapping[Any, Any], b: Mapping[Any, Any] | None) -> bool:
    """Whether two mappings have the same members: identical values, or equal scalars of one type.

    Args:
        a: A mapping.
        b: Another; None equals none.

    Source: utils.ts, shallowEqualObjects.
    """
    if b is None or len(a) != len(b):
        return False
    missing = object()
    return all(_same(value, b.get(name, missing)) for name, value in a.items())


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
    if _are_long(previous, next):
        shared = _share_many(previous, next, depth)
        if shared is not None:
            return shared
    unchanged = len(previous) == len(next)
    kept: list[tuple[int, object]] = []
    index = -1
    for old, new in zip(previous, next):  # noqa: B905 - naming strict=False costs half as much as a short loop
        index += 1
        if old is new:
            continue
        kind = type(new)
        if kind in _SCALARS:
            if unchanged and (kind is not type(old) or old != new):
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


def _share_many(previous: list[object], next: list[object], depth: int) -> list[object] | None:
    # rows that are the same objects, as in data made from the data before, cost nothing below
    if _are_mostly_same(previous, next):
        return None
    shared = share_scalars(previous, next, _SCALARS)
    if shared is None and depth < MAX_DEPTH and is_json(previous):
        shared = share_rows(previous, next, lambda old, new: _share(old, new, depth))
    return shared


def _share_tuple(previous: tuple[object, ...], next: tuple[object, ...], depth: int) -> tuple[object, ...]:
    before = list(previous)
    shared = _share_list(before, list(next), depth)
    return previous if shared is before else tuple(shared)


def _share_dict(previous: dict[object, object], next: dict[object, object], depth: int) -> dict[object, object]:
    unchanged = len(previous) == len(next)
    kept: dict[object, object] | None = None
    for name, new in next.items():
        old = previous.get(name, _MISSING)
        if old is new:
            continue
        kind = type(new)
        if kind in _SCALARS:
            if unchanged and (kind is not type(old) or old != new):
                unchanged = False
        else:
            part = _share(old, new, depth)
            if part is not new:
                if kept is None:
                    kept = {}
                kept[name] = part
            if part is not old:
                unchanged = False
    if unchanged:
        if len(next) <= _FEW:
            # quicker than a set
            for name in next:
                if type(name) is not str:
                    break
            else:
                return previous
        elif _NAMES.issuperset(map(type, next)):
            return previous
        if _same_names(previous, next):
            return previous
    return next.copy() if kept is None else {**next, **kept}


def _same_names(a: dict[object, object], b: dict[object, object]) -> bool:
    # 1, 1.0 and True are one member to a dict, but not to those who list its names
    own = {name: name for name in a}
    return all(type(own[name]) is type(name) for name in b)


_MISSING: Final = object()
_NAMES: Final = frozenset({str})
_FEW: Final = 10
_SHARE: Final[dict[type[object], Callable[[Any, Any, int], object]]] = {
    list: _share_list,
    dict: _share_dict,
    tuple: _share_tuple,
}
share_dict: Final[Callable[[Any, Any, int], Any]] = _share_dict
"""``replace_equal_deep`` of two dicts, for whoever sees that they are; given how many containers they are in, and one.

It raises ``RecursionError`` if they have too many within one another: the new data is to be kept then.
"""
