"""The stored queries of one persister: finding, reading and weeding them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, TypeAlias, cast

from typing_extensions import TypeVar

from ..base.errors import OptionError
from ..base.query_key import AnyQueryKey
from ..cache.query import Query
from ..runtime.reporting import logger
from ..runtime.waiting import settled
from .persisted_query import PersistedQuery, is_meant, is_outdated, plain_query, read_plain_query
from .storage import ListableStorage, Storage

ValueT = TypeVar("ValueT")

Serialize: TypeAlias = Callable[[PersistedQuery], Awaitable[ValueT] | ValueT]
Now: TypeAlias = Callable[[], float]
Deserialize: TypeAlias = Callable[[ValueT], Awaitable[object] | object]


class PersistedQueries(Generic[ValueT]):
    """Items of a storage that are queries: one each, named by a prefix and the hash of the query.

    Args:
        storage: Where they are.
        prefix: What their names begin with.
        buster: The mark of what the program understands.
        max_age: How old they may be, in seconds.
        serialize: Makes of a query what the storage keeps.
        deserialize: Undoes that.
    """

    def __init__(
        self,
        *,
        storage: Storage[ValueT],
        prefix: str,
        buster: str,
        max_age: float,
        serialize: Serialize[ValueT],
        deserialize: Deserialize[ValueT],
    ) -> None:
        self._storage = storage
        self._prefix = f"{prefix}-"
        self._buster = buster
        self._max_age = max_age
        self._serialize = serialize
        self._deserialize = deserialize

    async def put(self, query: Query[Any]) -> None:
        """Store a query as it is now.

        Args:
            query: The query.
        """
        value = await settled(self._serialize(plain_query(query, self._buster)))
        await settled(self._storage.set_item(self._prefix + query.query_hash, value))

    async def find(self, query_hash: str, now: Now) -> PersistedQuery | None:
        """A stored query; None if there is none that may still be used, which is removed.

        Args:
            query_hash: Its hash.
            now: Tells the time, in seconds since the epoch: a storage may take some.
        """
        name = self._prefix + query_hash
        value = await settled(self._storage.get_item(name))
        if value is None:
            return None
        record = await self._read(name, value)
        if record is None or self._is_outdated(record, now):
            await settled(self._storage.remove_item(name))
            return None
        return record

    async def usable(self, now: Now) -> list[PersistedQuery]:
        """The stored queries that may still be used; all others are removed.

        Args:
            now: Tells the time, in seconds since the epoch: a storage may take some.

        Raises:
            OptionError: The storage cannot list what is in it.
        """
        usable: list[PersistedQuery] = []
        for name, value in await self._items():
            record = await self._read(name, value)
            if record is None or self._is_outdated(record, now):
                await settled(self._storage.remove_item(name))
            else:
                usable.append(record)
        return usable

    async def remove(self, query_key: AnyQueryKey | None, *, exact: bool) -> None:
        """Remove stored queries. With a key, those that cannot be read go too.

        Args:
            query_key: The beginning of their keys; None for all of them.
            exact: Only the very key.

        Raises:
            OptionError: The storage cannot list what is in it.
        """
        for name, value in await self._items():
            record = None if query_key is None else await self._read(name, value)
            if record is None or is_meant(record, query_key, exact=exact):
                await settled(self._storage.remove_item(name))

    def _is_outdated(self, record: PersistedQuery, now: Now) -> bool:
        return is_outdated(record, buster=self._buster, max_age=self._max_age, now=now())

    async def _read(self, name: str, value: ValueT) -> PersistedQuery | None:
        try:
            return read_plain_query(await settled(self._deserialize(value)))
        except Exception as error:  # noqa: BLE001 - whatever it is: what cannot be read is of no use
            logger.warning("what is stored as %s cannot be read: %s", name, error)
            return None

    async def _items(self) -> list[tuple[str, ValueT]]:
        if not callable(getattr(self._storage, "entries", None)):
            raise OptionError(
                f"the storage {self._storage!r} has no method entries(), so nobody can tell what is in it. "
                "Give it one that returns all names and values, plain or async.",
                option="storage",
            )
        storage = cast("ListableStorage[ValueT]", self._storage)
        entries: Iterable[tuple[str, ValueT]] = await settled(storage.entries())
        # a copy: a storage in memory may hand out what is changed meanwhile
        return [(name, value) for name, value in entries if name.startswith(self._prefix)]

    def __repr__(self) -> str:
        return f"<PersistedQueries {self._prefix!r} in {self._storage!r}>"
