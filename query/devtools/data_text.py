"""Data as text that is safe to show: JSON, however large or strange, without what looks like a secret."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

import msgspec

from ..base.types import UNSET

MAX_VALUES: Final = 2_000
"""Values of one piece of data that are shown."""
MAX_DEPTH: Final = 12
MAX_STRING: Final = 2_000
MASK: Final = "***"

_SECRET: Final = re.compile(
    r"authorization|cookie|passw|secret|credential|signature|jwt|(api|private|access)[-_]?key"
    r"|(access|refresh|auth|bearer|csrf|id|session)[-_]?token|^token$|[a-z](?<!next)(?<!page)[-_]token$",
    re.IGNORECASE,
)
_TEXTS: Final = (date, datetime, time, timedelta, Decimal, UUID)


def data_text(value: object) -> str:
    """Data as indented JSON; what JSON does not know as its ``repr``.

    Args:
        value: Any data.
    """
    if value is UNSET:
        return "none"
    return json.dumps(_Reader(MAX_VALUES).read(value, 0), indent=2, ensure_ascii=False)


def short_text(value: object, length: int = 120) -> str:
    """The beginning of the same in one line.

    Args:
        value: Any data.
        length: Characters to show.
    """
    if value is UNSET:
        return "none"
    text = json.dumps(_Reader(length).read(value, 0), ensure_ascii=False)
    return text if len(text) <= length else f"{text[:length]}…"


def error_text(error: BaseException) -> str:
    """An error with its type, whatever its ``str`` does.

    Args:
        error: The error.
    """
    try:
        text = str(error)
    except Exception as broken:  # noqa: BLE001 - whatever it is, it must not end the page
        text = f"its str raises {type(broken).__name__}"
    return f"{type(error).__name__}: {_cut(text, MAX_STRING)}" if text else type(error).__name__


class _Reader:
    """Makes plain JSON of a value, of so many values in all.

    Args:
        budget: How many.
    """

    def __init__(self, budget: int) -> None:
        self._left = budget

    def read(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if isinstance(value, Enum):
            value = value.value
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, str):
            return _cut(value, MAX_STRING)
        if isinstance(value, _TEXTS):
            return str(value)
        if isinstance(value, (bytes, bytearray)):
            return f"<{len(value):,} bytes>"
        fields = _fields(value)
        if fields is not None:
            return self._mapping(fields, depth)
        if isinstance(value, (list, tuple, AbstractSet)):
            return self._sequence(value, depth)
        try:
            return _cut(repr(value), MAX_STRING)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the page
            return f"a {type(value).__name__}, whose repr raises {type(error).__name__}"

    def _mapping(self, fields: Mapping[Any, Any], depth: int) -> Any:
        if depth >= MAX_DEPTH:
            return f"{{… {len(fields):,} fields}}"
        found: dict[str, Any] = {}
        for name, value in fields.items():
            if self._left <= 0:
                found["…"] = f"{len(fields) - len(found):,} more"
                break
            text = name if isinstance(name, str) else short_text(name)
            found[_cut(text, MAX_STRING)] = MASK if _is_secret(text, value) else self.read(value, depth + 1)
        return found

    def _sequence(self, values: Any, depth: int) -> Any:
        if depth >= MAX_DEPTH:
            return f"[… {len(values):,} items]"
        found: list[Any] = []
        for value in values:
            if self._left <= 0:
                found.append(f"… {len(values) - len(found):,} more")
                break
            found.append(self.read(value, depth + 1))
        return found


# Any: what a user's data is made of
_MAPPING: Final[Any] = Mapping


def _fields(value: Any) -> Mapping[Any, Any] | None:
    if isinstance(value, _MAPPING):
        fields: Mapping[Any, Any] = value
        return fields
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name, None) for name in value.__struct_fields__}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    return None


def _is_secret(name: str, value: object) -> bool:
    return isinstance(value, (str, bytes, int)) and _SECRET.search(name) is not None


def _cut(text: str, length: int) -> str:
    # half a character, as JSON may hold one, cannot be sent
    text = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= length else f"{text[:length]}… ({len(text):,} characters)"
