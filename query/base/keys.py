"""Keys: their frozen form, their canonical text, and what it is for one to begin another. Pure.

Two keys are equal if and only if their texts are; nothing else compares keys.

* ``1`` and ``1.0`` are equal, ``True`` and ``1`` are not; ``-0.0`` is ``0``; NaN equals NaN.
* A list equals a tuple; a dict member that is ``UNSET`` is as good as left out; the order of members is nothing.
* Nothing gets a text from ``repr`` or ``id``: what has no stable text is refused, never mixed up with something else.

Source: query-core/src/utils.ts, hashKey and partialMatchKey. Differs: upstream writes NaN and functions as null and
Maps as ``{}``, so that different keys share an entry; here each has a text of its own or is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeAlias, cast

from .errors import QueryKeyError
from .key_text import (
    UnfitError,
    a_kind,
    encode_json,
    items_text,
    key_items,
    member_name,
    string_text,
    text_of,
    unfit,
)
from .key_types import KeyType, kind_of
from .known_texts import known_text, note_text, pack
from .types import UNSET, KeyParts, Unset

# msgspec writes these as the canonical text does, and they cannot be changed
_PLAIN: Final = frozenset({str, int, bool, type(None)})
_NAMES: Final = frozenset({str})


class QueryKeyLike(Protocol):
    """A ``QueryKey`` as this file sees it."""

    @property
    def parts(self) -> tuple[object, ...]:
        """The frozen parts."""
        ...

    @property
    def text(self) -> str:
        """The canonical text."""
        ...


AnyKey: TypeAlias = KeyParts | QueryKeyLike


def hash_key(key: AnyKey) -> str:
    """The canonical text of a key: the same for equal keys, and different for others.

    Args:
        key: A list, a tuple or a ``QueryKey``.

    Raises:
        QueryKeyError: It is none of them, or a part of it has no stable text; the message names the place.
    """
    kind = type(key)
    packed: bytes | None = None
    if kind is list or kind is tuple:
        try:
            packed = pack(key)
            known = known_text(packed)
            if known is not None and (known[0] == key or known[1] == key):
                return known[2]
        except Exception:  # noqa: BLE001 - what cannot be packed, or compares as no key may, takes the slow way
            packed = None
    parts = cast("KeyParts", key) if kind is list or kind is tuple else _parts(key)
    text = plain_text(parts)
    if text is None:
        return canonical_text(parts)
    if packed is not None:
        note_text(packed, parts, text)
    return text


def know_text(key: KeyParts) -> None:
    """Have the text of a key at a glance that was found in the cache another way, if it is plain and comes again.

    Args:
        key: A key.
    """
    if is_plain(key):
        hash_key(key)


def plain_text(parts: KeyParts) -> str | None:
    """The text of a key of plain JSON, None for any other: the fast half of ``hash_key``.

    Args:
        parts: A list or tuple.
    """
    try:
        if is_plain(parts):
            return encode_json(parts).decode()
    except (ValueError, RecursionError):
        # a lone surrogate, or an int too long for decimal text: the definition has a text for both, and names a cycle
        pass
    return None


def is_plain(container: object) -> bool:
    """Whether msgspec alone writes the canonical text: exact JSON types, without floats.

    Args:
        container: A key, or a part of one.

    Raises:
        RecursionError: It contains itself.
    """
    kind = type(container)
    parts: Any = container
    if kind is dict:
        for name, part in parts.items():
            if type(name) is not str or (type(part) not in _PLAIN and not is_plain(part)):
                return False
        return True
    if kind is tuple or kind is list:
        # all() of a generator would take twice as long
        for part in parts:  # noqa: SIM110
            if type(part) not in _PLAIN and not is_plain(part):
                return False
        return True
    return False


def canonical_text(key: AnyKey) -> str:
    """The text of ``hash_key``, made part by part: the definition, with which the fast way may only agree.

    Args:
        key: A list, a tuple or a ``QueryKey``.

    Raises:
        QueryKeyError: As ``hash_key``.
    """
    parts = _parts(key)
    try:
        return items_text(parts)
    except UnfitError as error:
        raise error.refusal() from None
    except RecursionError:
        raise _too_deep() from None


def normalize_key(key: AnyKey) -> tuple[object, ...]:
    """A private, frozen copy of a key: no later change of the caller's objects can reach it.

    Lists become tuples, at every depth. Dicts become new plain dicts without their ``UNSET`` members, sets become
    frozensets, and records that can be changed (dataclasses, structs, models) are copied.

    Args:
        key: A list, a tuple or a ``QueryKey``. The empty key is a key.

    Raises:
        QueryKeyError: It is none of them, or a part of it has no stable text; the message names the place.
    """
    parts = _parts(key)
    try:
        return tuple(_freeze_items(parts))
    except UnfitError as error:
        raise error.refusal() from None
    except RecursionError:
        raise _too_deep() from None


def partial_match_key(a: object, b: object) -> bool:
    """Whether *a* begins with *b*: the question of a filter.

    Lists match if *b* is no longer than *a* and matches part by part; dicts if every member of *b* matches one of *a*;
    anything else if it is equal. Lists and dicts match so at every depth: ``[["a"]]`` begins ``[["a", "b"], 1]``.
    Two keys that match each other both ways are equal.

    Args:
        a: A key, or a part of one.
        b: The key of the filter, or a part of it.

    Raises:
        QueryKeyError: Parts that must be compared have no stable text.

    Source: utils.ts, partialMatchKey. Differs: a list never matches a dict, a date only an equal date.
    """
    try:
        return _matches(a, b)
    except UnfitError as error:
        raise error.refusal() from None
    except RecursionError:
        raise _too_deep() from None


def _matches(a: object, b: object) -> bool:
    if a is b:
        return True
    a_type, b_type = type(a), type(b)
    if a_type is b_type:
        if a_type in _PLAIN:
            return bool(a == b)
        if a_type is tuple:
            # the form of normalised keys
            return _begins(key_items(a), key_items(b))
    elif a_type in _PLAIN and b_type in _PLAIN:
        return False
    a_kind, b_kind = kind_of(a), kind_of(b)
    if a_kind is tuple or b_kind is tuple:
        return a_kind is b_kind and _begins(key_items(a), key_items(b))
    if a_kind is dict or b_kind is dict:
        return a_kind is b_kind and _contains(_members(a), _members(b))
    return text_of(a) == text_of(b)


def _begins(a: KeyParts, b: KeyParts) -> bool:
    return len(b) <= len(a) and all(map(_matches, a, b))


def _contains(a: Mapping[str, object], b: Mapping[str, object]) -> bool:
    for name, wanted in b.items():
        if wanted is not UNSET:
            value = a.get(name, UNSET)
            if value is UNSET or not _matches(value, wanted):
                return False
    return True


def _members(value: Any) -> Mapping[str, Any]:
    members = cast("Mapping[Any, Any]", value)
    if _NAMES.issuperset(map(type, members)):
        return members
    return {member_name(name): part for name, part in members.items()}


def _freeze(value: Any) -> object:
    kind = kind_of(value)
    if kind is tuple:
        items = _freeze_items(key_items(value))
        # a named tuple keeps its names for those who read the key
        make: Callable[[list[object]], tuple[object, ...]] = getattr(value, "_make", tuple)
        return make(items)
    if kind is dict:
        return _freeze_members(value)
    if kind is None or isinstance(value, Unset):
        raise unfit(value)
    text_of(value)  # refuses what the hash would refuse, here where the caller still is
    if kind is frozenset:
        return frozenset(value)
    return kind.copy(value) if isinstance(kind, KeyType) and kind.copy is not None else value


def _freeze_items(items: Iterable[Any]) -> list[object]:
    frozen: list[object] = []
    for index, item in enumerate(items):
        try:
            frozen.append(item if type(item) in _PLAIN else _freeze(item))
        except UnfitError as error:
            error.path.append(f"[{index}]")
            raise
    return frozen


def _freeze_members(members: Mapping[Any, Any]) -> dict[str, object]:
    frozen: dict[str, object] = {}
    for key, value in members.items():
        name = key if type(key) is str else member_name(key)
        if type(value) in _PLAIN:
            frozen[name] = value
        elif value is not UNSET:
            try:
                frozen[name] = _freeze(value)
            except UnfitError as error:
                error.path.append(f"[{string_text(name)}]")
                raise
    return frozen


def _parts(key: Any) -> KeyParts:
    if kind_of(key) is tuple:
        return key_items(key)
    expected = "A query key is a list or tuple"
    if key is None:
        raise QueryKeyError(f"query_key is None. {expected}: write [] for the empty key, the beginning of all keys.")
    if isinstance(key, (str, bytes, int, float, dict)):
        raise QueryKeyError(f"query_key is {key!r}, {a_kind(key)}. {expected}: write [{key!r}].")
    if isinstance(key, (set, frozenset)):
        raise QueryKeyError(f"query_key is {a_kind(key)}, which has no order. {expected}: write the parts in order.")
    raise QueryKeyError(f"query_key is {a_kind(key)}. {expected}: write its parts between brackets.")


def _too_deep() -> QueryKeyError:
    return QueryKeyError(
        "query_key contains itself, or nests too deeply to be written down. "
        "Keep only what distinguishes the entry, such as ids and filters."
    )
