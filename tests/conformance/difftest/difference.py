"""What two traces can differ in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

MISSING = "<missing>"


@dataclass
class Difference:
    """The first place at which two traces differ.

    Attributes:
        step: The index of the op.
        op: The op.
        path: Where in the step, such as ``state.clients.main.queries[0].status``.
        expected: What query-core has there.
        actual: What Python has there.
    """

    step: int
    op: dict[str, Any]
    path: str
    expected: Any
    actual: Any

    @property
    def kind(self) -> tuple[str | None, str, str]:
        """What kind of difference it is: a shrinker must not slip from one kind to another."""
        return (self.op.get("op"), self.path.split("[")[0].split(".")[0], self.path.rsplit(".", 1)[-1])

    def __str__(self) -> str:
        return (
            f"step {self.step} {json.dumps(self.op)}\n  at {self.path}\n"
            f"  query-core: {json.dumps(self.expected, default=str)}\n"
            f"  python:     {json.dumps(self.actual, default=str)}"
        )


def first_difference(expected: Any, actual: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """The first place at which two JSON values differ, as (path, expected, actual). True is not 1."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in [*expected, *(key for key in actual if key not in expected)]:
            found = first_difference(expected.get(key, MISSING), actual.get(key, MISSING), f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(expected, list) and isinstance(actual, list):
        for i in range(max(len(expected), len(actual))):
            x = expected[i] if i < len(expected) else MISSING
            y = actual[i] if i < len(actual) else MISSING
            if found := first_difference(x, y, f"{path}[{i}]"):
                return found
        return None
    same = isinstance(expected, bool) == isinstance(actual, bool) and expected == actual
    return None if same else (path, expected, actual)
