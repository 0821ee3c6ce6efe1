"""Whether two values are the same data, for values of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


def is_same(a: Any, b: Any) -> bool:
    """Whether *a* and *b* are the same data; of kinds that know no equality, any two are.

    Args:
        a: A value.
        b: Another one.
    """
    if a is b:
        return True
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(is_same(value, b[name]) for name, value in a.items())
    if type(a) is not type(b):
        return bool(a == b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(is_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, msgspec.Struct):
        return all(is_same(getattr(a, name), getattr(b, name)) for name in a.__struct_fields__)
    # what is compared by identity says nothing
    equality: Any = type(a).__eq__
    return equality is object.__eq__ or bool(a == b)
