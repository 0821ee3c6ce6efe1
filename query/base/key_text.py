"""The canonical text of what stands in a key, and the refusal of what has none. Pure.

The text is JSON with sorted members where JSON has a word for it, ``["projects",{"page":1}]``, and a tag where it has
none, ``["projects",uuid("...")]``. No tag can be mistaken for JSON, so different values never share a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring
from typing import Any, Final

import msgspec

from .errors import QueryKeyError
from .key_types import KeyType, class_name, kind_of
from .types import UNSET, Unset

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
encode_json: Final = _ENCODER.encode
"""Sorts members by code point, as ``text_of`` does."""
encode_json_lines: Final = _ENCODER.encode_lines
"""The same of many values, each on a line."""

_LISTS: Final[Any] = (list, tuple)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class UnfitError(Exception):
    """A part of a key cannot be one.

    Attributes:
        path: Where it was: every container around it adds its place, the innermost first.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.path: list[str] = []

    def refusal(self) -> QueryKeyError:
        """The error for the user, naming the place: ``query_key[1]["filter"] is ...``."""
        return QueryKeyError(f"query_key{''.join(reversed(self.path))} is {self.what}. {self.todo}")


def text_of(value: object) -> str:
    """The canonical text of one value.

    Args:
        value: What may stand in a key.

    Raises:
        UnfitError: It has no stable text.
        RecursionError: It contains itself.
    """
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    part: Any = value
    kind = kind_of(value)
    if kind is str:
        return string_text(str.__str__(part))
    if kind is int:
        return _int_text(part)
    if kind is float:
        return _float_text(part)
    if kind is tuple:
        return items_text(key_items(part))
    if kind is dict:
        return _members_text(part)
    if kind is frozenset:
        return f"set[{','.join(sorted({text_of(item) for item in part}))}]"
    if not isinstance(kind, KeyType) or isinstance(value, Unset):
        raise unfit(value)
    payload = kind.encode(value)
    text = _members_text(payload, named=True) if kind.named else text_of(payload)
    return f"{kind.tag or class_name(type(value))}({text})"


def items_text(items: Iterable[Any]) -> str:
    """The canonical text of a list.

    Args:
        items: Its items.

    Raises:
        UnfitError: An item has no stable text.
    """
    texts: list[str] = []
    for index, item in enumerate(items):
        try:
            texts.append(text_of(item))
        except UnfitError as error:
            error.path.append(f"[{index}]")
            raise
    return f"[{','.join(texts)}]"


def string_text(value: str) -> str:
    """The canonical text of a string: as JSON, non-ASCII characters as they are.

    Args:
        value: Any string, lone surrogates included.
    """
    try:
        return encode_json(value).decode()
    except UnicodeEncodeError:
        # lone surrogates cannot be stored as UTF-8; JSON has an escape for them
        return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", encode_basestring(value))


def key_items(value: Any) -> list[Any] | tuple[Any, ...]:
    """The items of what counts as a list in a key.

    Args:
        value: A list, a tuple or a ``QueryKey``.
    """
    # by class, not by the attribute: a named tuple may have a field of that name
    items: list[Any] | tuple[Any, ...] = value if isinstance(value, _LISTS) else value.parts
    return items


def member_name(name: Any) -> str:
    """The name of a dict's member, as a plain str.

    Args:
        name: A key of the dict.

    Raises:
        UnfitError: It is no str: 1 and "1" would be one name in JSON, and two here.
    """
    if isinstance(name, str):
        return str.__str__(name)
    raise UnfitError(
        f"a dict with the member name {name!r}, {a_kind(name)}",
        f"Member names are str, as in JSON: write {str(name)!r}, or a list of pairs.",
    )


def unfit(value: Any) -> UnfitError:
    """The error that says why *value* has no stable text, and what to use instead.

    Args:
        value: What arrived. Its ``repr`` is never asked for: it may be long, or hold secrets.
    """
    if isinstance(value, Unset):
        return UnfitError(
            "UNSET, which leaves out a member of a dict, but a place in a list cannot be left out",
            "Use None, or leave the part away.",
        )
    if isinstance(value, Mapping):
        return UnfitError(f"{a_kind(value)}, which has no stable text", "Use a plain dict: dict(...).")
    if isinstance(value, (bytearray, memoryview)):
        return UnfitError(f"{a_kind(value)}, which can be changed", "Use bytes(...).")
    if isinstance(value, (range, Iterator)):
        return UnfitError(f"{a_kind(value)}, which has no stable text", "Use list(...).")
    if callable(value):
        name = getattr(value, "__qualname__", type(value).__qualname__)
        return UnfitError(
            f"{name}, which can be called and has no stable text", "Use a name or number that says which one it is."
        )
    return UnfitError(
        f"{a_kind(value)}, which has no stable text",
        "Use str, int, float, bool, None, or dicts, lists and tuples of them, Enum, UUID, a date, Decimal, bytes, "
        f"Path, set or a dataclass; or call register_key_type({type(value).__qualname__}, ...).",
    )


def a_kind(value: Any) -> str:
    """The class of *value* with its article, such as ``an Order``.

    Args:
        value: Anything.
    """
    name = type(value).__qualname__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _int_text(value: int) -> str:
    try:
        return int.__repr__(value)
    except ValueError:
        # Python refuses to write thousands of digits in decimal, since it takes too long
        return hex(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer():
        return int.__repr__(int(value))
    return encode_json(float(value)).decode()


def _members_text(members: Mapping[Any, Any], *, named: bool = False) -> str:
    texts: list[tuple[str, str]] = []
    for key, value in members.items():
        name = member_name(key)
        if value is not UNSET:
            try:
                texts.append((name, text_of(value)))
            except UnfitError as error:
                error.path.append(f".{name}" if named else f"[{string_text(name)}]")
                raise
    return f"{{{','.join([f'{string_text(name)}:{text}' for name, text in sorted(texts)])}}}"
