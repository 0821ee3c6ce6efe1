"""Saves clients in a storage, as JSON by default.

Source: query-async-storage-persister, index.ts; query-persist-client-core, retryStrategies.ts. Differs: the time
between two saves is kept by whoever asks for them, by the clock of the client; a save that was given up raises.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeAlias, TypeVar, overload

from ..base.errors import SerializationError
from ..base.json_text import json_text, json_value
from ..base.option_checks import duration
from ..base.types import Duration
from ..runtime.waiting import settled
from .compact_state import compacted, expanded
from .dehydrated_state import DehydratedState
from .persisted_client import PersistedClient
from .storage import Storage

V = TypeVar("V")

PersistRetryer: TypeAlias = Callable[
    [PersistedClient, Exception, int], Awaitable[PersistedClient | None] | PersistedClient | None
]
"""Called with what could not be saved, why, and the number of failures so far. Returns less to save; None gives up."""


def remove_oldest_query(
    persisted_client: PersistedClient, error: Exception, error_count: int
) -> PersistedClient | None:
    """For ``retry=``: the same without the query whose data is oldest; None if there is none left. Mutations stay.

    Args:
        persisted_client: What could not be saved.
        error: Why; not looked at.
        error_count: The number of failures so far; not looked at.

    Source: retryStrategies.ts, removeOldestQuery.
    """
    saved = persisted_client["client_state"]
    state = expanded(saved)
    if not state["queries"]:
        return None
    oldest = min(state["queries"], key=lambda query: query["state"]["data_updated_at"])
    smaller: DehydratedState = {**state, "queries": [query for query in state["queries"] if query is not oldest]}
    return {**persisted_client, "client_state": smaller if state is saved else compacted(smaller)}


def client_to_json(persisted_client: PersistedClient) -> str:
    """What is saved of a client as JSON.

    Args:
        persisted_client: What to save.

    Raises:
        SerializationError: Something in it cannot be written as JSON; the message names the entry.
    """
    try:
        return json_text(persisted_client)
    except (TypeError, ValueError) as error:
        raise _error_of(persisted_client, error) from error


def _error_of(persisted_client: PersistedClient, error: Exception) -> SerializationError:
    state = expanded(persisted_client["client_state"])
    queries = ((f"query {query.get('query_hash', query['query_key'])}", query) for query in state["queries"])
    mutations = ((f"mutation {mutation.get('mutation_key', '')}".rstrip(), mutation) for mutation in state["mutations"])
    for entry, plain in (*queries, *mutations):
        try:
            json.dumps(plain)
        except (TypeError, ValueError) as found:
            return SerializationError(entry, str(found))
    return SerializationError("the client", str(error))


class StoragePersister(Generic[V]):
    """Saves a client under one name of a storage. Made by ``create_storage_persister``."""

    def __init__(
        self,
        storage: Storage[V] | None,
        *,
        key: str,
        throttle_time: Duration,
        serialize: Callable[[PersistedClient], Awaitable[V] | V],
        deserialize: Callable[[V], Awaitable[PersistedClient] | PersistedClient],
        retry: PersistRetryer | None,
    ) -> None:
        self.throttle_time: float = duration("throttle_time", throttle_time)
        self._storage = storage
        self._key = key
        self._serialize = serialize
        self._deserialize = deserialize
        self._retry = retry
        # a save that is slow must not overtake a later one
        self._lock = asyncio.Lock()

    async def persist_client(self, persisted_client: PersistedClient, /) -> None:
        """Save in place of what was saved before.

        Args:
            persisted_client: What to save.

        Raises:
            SerializationError: Something in it cannot be written as JSON.
            Exception: Whatever the storage raised last, when there is no retry strategy or it has given up.
        """
        if self._storage is None:
            return
        error_count = 0
        async with self._lock:
            while True:
                try:
                    await settled(self._storage.set_item(self._key, await settled(self._serialize(persisted_client))))
                    return
                except Exception as error:
                    error_count += 1
                    less = None
                    if self._retry is not None:
                        less = await settled(self._retry(persisted_client, error, error_count))
                    if less is None:
                        raise
                    persisted_client = less

    async def restore_client(self) -> PersistedClient | None:
        """What was saved last, None if nothing was.

        Raises:
            Exception: Whatever the storage or ``deserialize`` raises.
        """
        stored = None if self._storage is None else await settled(self._storage.get_item(self._key))
        # some storages say "nothing" with an empty text
        return await settled(self._deserialize(stored)) if stored else None

    async def remove_client(self) -> None:
        """Throw away what was saved.

        Raises:
            Exception: Whatever the storage raises.
        """
        if self._storage is not None:
            async with self._lock:
                await settled(self._storage.remove_item(self._key))

    def __repr__(self) -> str:
        return f"<StoragePersister of {self._key!r} in {self._storage!r}>"


@overload
def create_storage_persister(
    storage: Storage[str] | None,
    *,
    key: str = ...,
    throttle_time: Duration = ...,
    serialize: Callable[[PersistedClient], Awaitable[str] | str] = ...,
    deserialize: Callable[[str], Awaitable[PersistedClient] | PersistedClient] = ...,
    retry: PersistRetryer | None = ...,
) -> StoragePersister[str]: ...
@overload
def create_storage_persister(
    storage: Storage[V] | None,
    *,
    key: str = ...,
    throttle_time: Duration = ...,
    serialize: Callable[[PersistedClient], Awaitable[V] | V],
    deserialize: Callable[[V], Awaitable[PersistedClient] | PersistedClient],
    retry: PersistRetryer | None = ...,
) -> StoragePersister[V]: ...
def create_storage_persister(
    storage: Storage[Any] | None,
    *,
    key: str = "query_client",
    throttle_time: Duration = 1.0,
    serialize: Callable[[PersistedClient], Any] = client_to_json,
    deserialize: Callable[[Any], Any] = json_value,
    retry: PersistRetryer | None = None,
) -> StoragePersister[Any]:
    """A persister that saves a client in a storage.

    ::

        persister = create_storage_persister(FileStorage("~/.cache/my-program"))

    Args:
        storage: Where to; None saves nothing and finds nothing.
        key: The name in the storage.
        throttle_time: Seconds from one save to the next, at least.
        serialize: Makes what the storage keeps, by default JSON; plain or async.
        deserialize: Undoes that.
        retry: What to save instead when a save fails, such as ``remove_oldest_query``; by default nothing.

    Raises:
        OptionError: *throttle_time* is no duration.

    Source: query-async-storage-persister, createAsyncStoragePersister.
    """
    return StoragePersister(
        storage,
        key=key,
        throttle_time=throttle_time,
        serialize=serialize,
        deserialize=deserialize,
        retry=retry,
    )
