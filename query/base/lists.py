"""Lists that grow by one and keep at most so many items. Pure; the pages of infinite queries are such lists.

Source: utils.ts, addToEnd and addToStart.
"""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import TypeVar

T = TypeVar("T")


def add_to_end(items: Sequence[T], item: T, max: int | None = None) -> list[T]:
    """A new list with *item* at the end; what is too much goes from the start.

    Args:
        items: The items before.
        item: The new one.
        max: How many to keep; None and 0 keep all.
    """
    added = [*items, item]
    return added[-max:] if max else added


def add_to_start(items: Sequence[T], item: T, max: int | None = None) -> list[T]:
    """A new list with *item* at the start; what is too much goes from the end.

    Args:
        items: The items before.
        item: The new one.
        max: How many to keep; None and 0 keep all.
    """
    added = [item, *items]
    return added[:max] if max else added
