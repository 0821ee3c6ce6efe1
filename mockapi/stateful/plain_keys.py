"""When two keys are equal, and how else one can be written: by other means than the cache's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain_key(part: Any) -> Any:
    """A value that is equal for equal keys: the order in dicts does not count, the type of a scalar does.

    Args:
        part: A key, or a part of one.
    """
    if isinstance(part, Mapping):
        return "dict", frozenset((name, plain_key(value)) for name, value in part.items())
    if isinstance(part, (list, tuple)) or type(part).__name__ == "QueryKey":
        return "list", tuple(plain_key(value) for value in part)
    if isinstance(part, float) and part.is_integer():
        # 1.0 is 1 in JSON
        part = int(part)
    return type(part).__name__, repr(part)


def respelled(part: Any) -> Any:
    """The same key written otherwise: the dicts in it begin with what they ended with.

    Args:
        part: A key, or a part of one.
    """
    if isinstance(part, Mapping):
        return {name: respelled(part[name]) for name in reversed(list(part))}
    if isinstance(part, tuple):
        return tuple(respelled(value) for value in part)
    if isinstance(part, list):
        return [respelled(value) for value in part]
    return part


def has_dict(part: Any) -> bool:
    """Whether a key can be written otherwise.

    Args:
        part: A key, or a part of one.
    """
    if isinstance(part, Mapping):
        return len(part) > 1 or any(has_dict(value) for value in part.values())
    return isinstance(part, (list, tuple)) and any(has_dict(value) for value in part)
