"""What is wrong with a message: where in it, in what way, and which line of the description says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ..secrets import masked

MAX_SHOWN = 80
"""Characters of a value that are shown."""
MAX_FAULTS = 8
"""Faults that are shown."""


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong.

    Attributes:
        place: Where: "body /lines/0/quantity", "query limit".
        reason: What is wrong with it, with what was expected.
        where: What says so: file and JSON pointer.
    """

    place: str
    reason: str
    where: str


def shown(value: Any, name: str = "") -> str:
    """A value as messages show it: short, and without secrets.

    Args:
        value: The value.
        name: The name under which it stands.
    """
    text = repr(masked(value, name))
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}... ({len(text)} characters)"


def listed(names: Iterable[Any]) -> str:
    """Names in a row.

    Args:
        names: The names.
    """
    return ", ".join(str(name) for name in names) or "none"


def rows(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines of a message.

    Args:
        faults: The faults.
    """
    found = [f"  {fault.place}: {fault.reason}\n      says {fault.where}" for fault in faults[:MAX_FAULTS]]
    if len(faults) > MAX_FAULTS:
        found.append(f"  ... and {len(faults) - MAX_FAULTS} more")
    return found
