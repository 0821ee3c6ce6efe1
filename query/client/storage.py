"""Where saved things are kept: the protocol, and a storage in memory.

Source: query-persist-client-core, createPersister.ts, AsyncStorage; and query-async-storage-persister, types.ts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Any, Generic, Protocol

from typing_extensions import TypeVar

ValueT = TypeVar("ValueT", default=str)
"""What a storage keeps: text in files and databases, anything in memory."""


class Storage(Protocol[ValueT]):
    """Keeps values under names. Every method may be plain or async, whichever suits the place.

    A wrapper of three lines makes one of Redis, a table of a database, or the preferences of a platform.
    """

    def get_item(self, key: str, /) -> Awaitable[ValueT | None] | ValueT | None:
        """The value, None if there is none.

        Args:
            key: The name it was stored under.
        """
        ...

    def set_item(self, key: str, value: ValueT, /) -> Awaitable[Any] | Any:
        """Store a value in place of the one before. A storage that is full raises.

        Args:
            key: The name.
            value: What to keep.
        """
        ...

    def remove_item(self, key: str, /) -> Awaitable[Any] | Any:
        """Forget a value. Nothing happens if there is none.

        Args:
            key: The name it was stored under.
        """
        ...


class ListableStorage(Storage[ValueT], Protocol[ValueT]):
    """A storage that can also tell what is in it."""

    def entries(self) -> Awaitable[Iterable[tuple[str, ValueT]]] | Iterable[tuple[str, ValueT]]:
        """All names and values."""
        ...


class MemoryStorage(Generic[ValueT]):
    """A storage that lasts as long as the process: for tests, and for handing data from one client to another.

    Args:
        items: What to begin with.

    Values are kept as they are, not copied.
    """

    def __init__(self, items: Iterable[tuple[str, ValueT]] = ()) -> None:
        self._items: dict[str, ValueT] = dict(items)

    def get_item(self, key: str, /) -> ValueT | None:
        """The value, None if there is none.

        Args:
            key: The name it was stored under.
        """
        return self._items.get(key)

    def set_item(self, key: str, value: ValueT, /) -> None:
        """Store a value in place of the one before.

        Args:
            key: The name.
            value: What to keep.
        """
        self._items[key] = value

    def remove_item(self, key: str, /) -> None:
        """Forget a value. Nothing happens if there is none.

        Args:
            key: The name it was stored under.
        """
        self._items.pop(key, None)

    def entries(self) -> list[tuple[str, ValueT]]:
        """All names and values, in the order in which the names came."""
        return list(self._items.items())

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<MemoryStorage with {len(self._items)} items>"
