"""Structural sharing as it is defined: part by part, with a call for each. The quick one may only agree."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

MAX_DEPTH = 500

# exact types whose == says that nobody could tell the two apart, and those of which equal ones may read differently
SCALARS = {str, int, float, bool, type(None), bytes, date, timedelta, UUID}
SPELLED = {datetime, time, Decimal}


def naive_replace_equal_deep(previous, next):
    """The definition of ``replace_equal_deep``."""
    try:
        return share(previous, next, 0)
    except RecursionError:
        return next


def same(a, b):
    """Whether one is the other, or nobody could tell the two apart."""
    kind = type(a)
    if a is b or kind is not type(b):
        return a is b
    return (kind in SCALARS and a == b) or (kind in SPELLED and repr(a) == repr(b))


def share(previous, next, depth):
    """*previous* if it is the same as *next*; otherwise *next*, or a copy of it with parts of *previous*."""
    share_kind = SHARE.get(type(next))
    if share_kind is not None and previous is not next and type(previous) is type(next):
        return next if depth > MAX_DEPTH else share_kind(previous, next, depth + 1)
    return previous if same(previous, next) else next


def share_part(previous, next, depth):
    """The same within a container, where scalars are left as they came: -0.0 stays what it is."""
    return next if type(next) in SCALARS else share(previous, next, depth)


def share_items(previous, next, depth):
    """The same for lists and tuples."""
    shared = [share_part(old, new, depth) for old, new in zip(previous, next, strict=False)]
    if len(previous) == len(next) and all(map(same, previous, shared)):
        return previous
    return type(next)([*shared, *next[len(shared) :]])


def share_members(previous, next, depth):
    """The same for dicts. 1, 1.0 and True are one member to a dict, but not to those who list its names."""
    shared = {name: share_part(previous[name], new, depth) if name in previous else new for name, new in next.items()}
    own = {name: name for name in previous}
    is_same = len(own) == len(next) and all(name in own and same(previous[name], shared[name]) for name in next)
    return previous if is_same and all(type(name) is str or type(name) is type(own[name]) for name in next) else shared


SHARE = {list: share_items, tuple: share_items, dict: share_members}
