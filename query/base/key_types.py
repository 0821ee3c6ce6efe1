"""What may stand in a key beside JSON, and the stable text each such type gets.

Every type here has a tag, so that two types never share a text by accident: ``UUID("12...")`` and the string
``"12..."`` name different entries. Subclasses of str, int, float, dict, list and tuple are what they extend: a member
of a ``StrEnum`` and its value name the same entry, as they are equal in Python.
"""

from __future__ import annotations

import copy
import dataclasses
import enum
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from .known_texts import keep_no_texts
from .types import UNSET

T = TypeVar("T")


class KeyType(msgspec.Struct, frozen=True):
    """How the values of one type stand in a key.

    Attributes:
        tag: What their text begins with; None for the full name of the value's own class.
        encode: Makes of a value what distinguishes it: something that may stand in a key itself.
        copy: Makes a private copy of a value that could be changed later; None if none ever can.
        named: *encode* gives the fields of a record by name.
    """

    tag: str | None
    encode: Callable[[Any], Any]
    copy: Callable[[Any], Any] | None = None
    named: bool = False


Kind: TypeAlias = type[object] | KeyType
"""What a class counts as in a key: str, int, float, dict, tuple (lists too), frozenset (sets too), or a KeyType."""

_Class: Final = type  # register_key_type has a parameter of that name
_TAG: Final = re.compile(r"[A-Za-z_][\w.:-]*")
_PLAIN: Final = (str, int, list, tuple, dict)
_registered: dict[type[object], KeyType] = {}
_kinds: dict[type[object], Kind | None] = {}


def register_key_type(
    type: type[T], encode: Callable[[T], object], tag: str, *, copy: Callable[[T], T] | None = None
) -> None:
    """Let the values of *type* and of its subclasses stand in keys.

    Register at import, before the first key is made: a type that is registered later changes no key made before. ::

        register_key_type(Money, lambda money: (money.currency, money.amount), "money")

    Args:
        type: The class.
        encode: Makes of a value what distinguishes it from others: a str, number, list, dict, ... that may stand
            in a key itself. Equal results mean equal keys.
        tag: A word that no other type has. It begins the text of the values, which may be stored on a disk:
            keep it when the class moves.
        copy: Makes a private copy of a value. Needed if values can be changed after they were put into a key.

    Raises:
        TypeError: *type* is no class, or *encode* or *copy* cannot be called.
        ValueError: *tag* is not a word of letters, digits and ``_ . : -``, or another type has it.
    """
    if not isinstance(type, _Class):
        raise TypeError(f"register_key_type() takes a class first, but got {type!r}. Pass the class of the values.")
    for name, function in (("encode", encode), ("copy", copy)):
        if not callable(function) and not (name == "copy" and function is None):
            raise TypeError(f"{name}={function!r} cannot be called. Pass a function that takes one {type.__name__}.")
    if not _TAG.fullmatch(tag):
        raise ValueError(f"tag={tag!r} is no tag. Use a word of letters, digits and _ . : - such as {type.__name__!r}.")
    for other, key_type in _registered.items():
        # a module that is loaded again brings the same class anew
        if key_type.tag == tag and class_name(other) != class_name(type):
            raise ValueError(
                f"the tag {tag!r} belongs to {class_name(other)} already, and two types of one tag would share "
                f"cache entries. Choose another for {class_name(type)}."
            )
    _registered[type] = KeyType(tag, encode, copy)
    _kinds.clear()
    if issubclass(type, _PLAIN):
        keep_no_texts()


def kind_of(value: object) -> Kind | None:
    """What *value* counts as in a key by its class; None if it cannot stand in one.

    Args:
        value: Anything. The nearest of its base classes that is known decides.
    """
    cls = type(value)
    try:
        return _kinds[cls]
    except KeyError:
        kind = _kinds[cls] = _find_kind(cls)
        return kind


def class_name(cls: type[object]) -> str:
    """The full name of *cls*, such as ``shop.models.Order``.

    Args:
        cls: A class.
    """
    return f"{cls.__module__}.{cls.__qualname__}"


def _find_kind(cls: type[object]) -> Kind | None:
    for base in cls.__mro__:
        if base in _registered:
            return _registered[base]
        if base is list or base is tuple:
            return tuple
        if base is str or base is int or base is float or base is dict:
            return base
        if base is MappingProxyType:
            return dict
        if base is set or base is frozenset:
            return frozenset
    if isinstance(getattr(cls, "parts", None), property) and hasattr(cls, "text"):
        # QueryKey, which lives above this file
        return tuple
    if issubclass(cls, msgspec.Struct):
        return KeyType(None, _struct_fields, copy.deepcopy, named=True)
    if dataclasses.is_dataclass(cls):
        return KeyType(None, _dataclass_fields, copy.deepcopy, named=True)
    if hasattr(cls, "model_dump") and hasattr(cls, "model_fields"):  # a pydantic model, without importing pydantic
        return KeyType(None, _model_fields, copy.deepcopy, named=True)
    return None


def _struct_fields(value: msgspec.Struct) -> dict[str, object]:
    return {name: _given(getattr(value, name)) for name in value.__struct_fields__}


def _dataclass_fields(value: Any) -> dict[str, object]:
    return {field.name: _given(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _model_fields(value: Any) -> dict[str, object]:
    fields: dict[str, object] = value.model_dump()
    return fields


def _given(value: object) -> object:
    return UNSET if value is msgspec.UNSET else value


def _enum(value: enum.Enum) -> object:
    # combined flags may have no name; the value of any other member may be an object without a text
    return value.value if isinstance(value, enum.Flag) else value.name


def _datetime(value: datetime) -> str:
    if value.tzinfo is not None:
        try:
            value = value.astimezone(UTC)
        except OverflowError:
            # within a day of year 1 or 9999 there is no such time in UTC
            return value.isoformat()
    return value.isoformat()


def _decimal(value: Decimal) -> str:
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return str(value)
    text = "".join(map(str, digits)).lstrip("0")
    short = text.rstrip("0")
    return f"{'-' if sign else ''}{short}e{exponent + len(text) - len(short)}" if short else "0"


def _timedelta(value: timedelta) -> int:
    return value // timedelta(microseconds=1)


_registered.update(
    {
        enum.Enum: KeyType(None, _enum),
        uuid.UUID: KeyType("uuid", str),
        datetime: KeyType("datetime", _datetime),
        date: KeyType("date", date.isoformat),
        time: KeyType("time", time.isoformat),
        timedelta: KeyType("timedelta", _timedelta),
        Decimal: KeyType("decimal", _decimal),
        bytes: KeyType("bytes", bytes.hex),
        PurePath: KeyType("path", str),
    }
)
