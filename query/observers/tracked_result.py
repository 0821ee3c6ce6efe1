"""A result that notes which of its fields are read.

Source: queryObserver.ts, trackResult. Differs: a result's class tells its status, so to ask for it is to read that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .query_result import QueryResult


class TrackedResult:
    """Looks like the result that it wraps, in ``match`` and ``isinstance`` as well.

    Args:
        result: The result.
        on_read: Called with the name of each field that is read.
    """

    __slots__ = ("_on_read", "_result")

    def __init__(self, result: QueryResult[Any], on_read: Callable[[str], object]) -> None:
        self._result = result
        self._on_read = on_read

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:  # pyright: ignore[reportIncompatibleMethodOverride] - object has a setter
        self._on_read("status")
        self._on_read("has_data")
        return type(self._result)

    # Any: whatever the field holds
    def __getattr__(self, name: str) -> Any:
        value = getattr(self._result, name)
        if not name.startswith("__"):
            self._on_read("data" if name == "has_data" else name)
        return value

    def __repr__(self) -> str:
        return repr(self._result)
