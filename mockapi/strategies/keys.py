"""Query keys, equal ones that are written differently, and different ones that look alike. See docs/keys.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from hypothesis import strategies as st

from query.base.keys import hash_key
from query.base.query_key import QueryKey
from query.base.types import UNSET

from .values import finite_floats, texts

Key: TypeAlias = tuple[Any, ...] | list[Any] | QueryKey[Any]
Way: TypeAlias = Callable[[Any], Any]

NAMES: Final = ("projects", "issues", "a", "page", "sort")


def query_keys(max_depth: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """Query keys: a name, and then text, numbers, dates, UUIDs, and lists, dicts and sets of them.

    They shrink to ``("projects",)``.

    Args:
        max_depth: How deep lists and dicts may stand in one another; 0 for a key without any.

    Raises:
        ValueError: It is below 0.
    """
    if max_depth < 0:
        raise ValueError(f"max_depth={max_depth} is no depth; expected 0 or more.")
    part = _leaves()
    for _ in range(max_depth):
        part = _leaves() | _containers(part)
    return st.builds(lambda name, rest: (name, *rest), st.sampled_from(NAMES), st.lists(part, max_size=3))


def equal_keys(max_depth: int = 2) -> st.SearchStrategy[tuple[Key, Key]]:
    """Two keys that name the same entry and are written differently, wherever the first can be.

    Dicts in another order or with ``UNSET`` members, lists for tuples, ``1.0`` for ``1``, a moment in another zone,
    ``Decimal("1.0")`` for ``Decimal("1")``, a ``QueryKey`` for the whole.

    Args:
        max_depth: As for ``query_keys``.
    """
    return _equal(query_keys(max_depth))


@st.composite
def _equal(draw: st.DrawFn, keys: st.SearchStrategy[tuple[Any, ...]]) -> tuple[Key, Key]:
    key = draw(keys)
    written = [_written(draw, part) for part in key]
    ways: list[Way] = [list[Any], tuple[Any, ...], _query_key]
    return key, draw(st.sampled_from(ways))(written)


def different_keys(max_depth: int = 2) -> st.SearchStrategy[tuple[Key, Key]]:
    """Two keys that look alike and name two entries: ``1`` and ``"1"``, one part more, another order of a list.

    Args:
        max_depth: As for ``query_keys``.
    """
    return _different(query_keys(max_depth))


@st.composite
def _different(draw: st.DrawFn, keys: st.SearchStrategy[tuple[Any, ...]]) -> tuple[Key, Key]:
    key = draw(keys)
    place = draw(st.integers(0, len(key) - 1))
    part = key[place]
    near: list[tuple[Any, ...]] = [(*key, None), key[:-1], (*key[:place], *_nearby(part), *key[place + 1 :])]
    near += [(*key[:place], other, *key[place + 1 :]) for other in _alike(part)] + [key[::-1], (key,)]
    text = hash_key(key)
    return key, draw(st.sampled_from([other for other in near if hash_key(other) != text]))


# -- parts


def _leaves() -> st.SearchStrategy[Any]:
    # a day away from the ends of time, where another zone has no such moment
    moments = st.dates(date(2, 1, 1), date(9998, 1, 1)).map(
        lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
    )
    return st.one_of(
        texts(most=8),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.booleans(),
        st.none(),
        finite_floats(),
        moments,
        st.dates(),
        st.uuids(),
        st.decimals(allow_nan=False, allow_infinity=False, places=2),
        st.frozensets(st.integers(0, 9), max_size=3),
    )


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    members = st.dictionaries(st.sampled_from(NAMES) | texts(most=4), inner, max_size=3)
    return members | st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple)


# -- the same, written differently


def _query_key(parts: list[Any]) -> QueryKey[Any]:
    return QueryKey(*parts)


def _written(draw: st.DrawFn, part: Any) -> Any:
    if isinstance(part, Mapping):
        members = cast("Mapping[str, Any]", part)
        made = {name: _written(draw, members[name]) for name in draw(st.permutations(list(members)))}
        if draw(st.booleans()):
            made.setdefault("left_out", UNSET)
        forms: list[Way] = [dict[str, Any], MappingProxyType]
        return draw(st.sampled_from(forms))(made)
    if isinstance(part, (list, tuple)):
        items = [_written(draw, item) for item in cast("list[Any]", part)]
        lists: list[Way] = [list[Any], tuple[Any, ...]]
        return draw(st.sampled_from(lists))(items)
    ways: list[Any] = [part]
    if isinstance(part, bool) or part is None:
        return part
    if isinstance(part, int):
        ways.append(float(part))
    elif isinstance(part, float) and part.is_integer() and abs(part) < 2**53:
        ways.append(int(part))
    elif isinstance(part, datetime):
        ways.append(part.astimezone(timezone(timedelta(hours=2))))
    elif isinstance(part, Decimal):
        ways.append(part.quantize(Decimal("0.0001")) if abs(part) < 10**20 else part)
    elif isinstance(part, frozenset):
        ways.append({*part})
    # the other way first: a pair that is written alike says less
    return draw(st.sampled_from(ways[::-1]))


# -- others that look alike


def _alike(part: Any) -> list[Any]:
    """Parts that a careless comparison takes for *part*."""
    found: list[Any] = [[part], str(part), None]
    if isinstance(part, bool):
        found.append(int(part))
    elif isinstance(part, (int, float)):
        found += [bool(part), part + 1]
    elif isinstance(part, (list, tuple)):
        found += [part[::-1], [*part, None]]
    elif isinstance(part, Mapping):
        members = cast("Mapping[str, Any]", part)
        found += [{**members, "page": None}, dict(list(members.items())[1:]), list(members.items())]
    elif isinstance(part, str):
        found += [part + "/", part.upper()]
    return found


def _nearby(part: Any) -> list[Any]:
    """*part* without its brackets, if it has any."""
    return list(cast("list[Any]", part)) if isinstance(part, (list, tuple)) else [part, part]
