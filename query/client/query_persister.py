"""Stores single queries: each is restored when it is first fetched, and stored when it has been fetched.

Source: query-persist-client-core, createPersister.ts. Differs: a fetch that was cancelled stores nothing; writes of one
query never overtake each other, and a client that closes waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, Generic, Literal, TypeAlias, cast, overload

from typing_extensions import TypeVar

from ..base import option_checks as check
from ..base.contexts import QueryFunctionContext
from ..base.filters import QueryFilters, match_query
from ..base.json_text import json_text, json_value
from ..base.options import QueryFunction
from ..base.query_key import AnyQueryKey, as_query_key
from ..base.types import UNSET, Duration
from ..base.views import QueryView
from ..cache.query import Query
from ..runtime.clock import Clock
from ..runtime.notify_manager import notify_manager
from ..runtime.reporting import logger, report
from ..runtime.timeout_manager import timeout_manager
from ..runtime.waiting import settled
from .persisted_queries import Deserialize, Now, PersistedQueries, Serialize
from .persisted_query import PersistedQuery, data_of, is_meant
from .query_client import QueryClient
from .storage import Storage

T = TypeVar("T")
ValueT = TypeVar("ValueT")

RefetchOnRestore: TypeAlias = bool | Literal["always"]

DEFAULT_PREFIX: Final = "query"
DEFAULT_MAX_AGE: Final = timedelta(days=1)


class QueryPersister(Generic[ValueT]):
    """Keeps queries in a storage, each by itself. Made by ``create_query_persister``.

    ``persister_fn`` is what queries are given; the other methods are for programs that store, restore, remove or tidy
    up by hand. They raise what the storage raises; what goes wrong around a fetch is reported instead. Without a
    storage nothing is stored or restored.
    """

    def __init__(
        self,
        stored: PersistedQueries[ValueT] | None,
        *,
        refetch_on_restore: RefetchOnRestore,
        filters: QueryFilters | None,
        clock: Clock | None,
    ) -> None:
        self._stored = stored
        self._refetch_on_restore: RefetchOnRestore = refetch_on_restore
        self._filters = filters
        self._clock = clock
        # the hashes of queries that are being written, with the query to write there next
        self._writing: dict[str, Query[Any] | None] = {}

    # -- around a fetch

    async def persister_fn(self, query_fn: QueryFunction[T], context: QueryFunctionContext[T], query: QueryView) -> T:
        """Restore the query if it has no data, else fetch it, and store what was fetched: the option ``persister``.

        Args:
            query_fn: Fetches.
            context: What it is called with.
            query: The query.

        Raises:
            Exception: What *query_fn* raises.

        Source: createPersister.ts, persisterFn.
        """
        stored = self._stored
        if stored is None or not (self._filters is None or match_query(self._filters, query)):
            return await settled(query_fn(context))
        # the cache made it; its view only hides how much more it is
        own = cast("Query[T]", query)
        fetch = own.promise
        if query.state.data is UNSET:
            record = await self._find_or_report(stored, own)
            if record is not None and data_of(record) is not UNSET:
                _once_taken_in(own, fetch, lambda: self._after_restoring(own, record))
                return cast("T", data_of(record))
        data: T = await settled(query_fn(context))
        _once_taken_in(own, fetch, lambda: self._store(stored, own))
        return data

    async def _find_or_report(self, stored: PersistedQueries[ValueT], query: Query[Any]) -> PersistedQuery | None:
        try:
            return await stored.find(query.query_hash, self._now(query.environment.now))
        except Exception as error:  # noqa: BLE001 - the storage's; there is a function to fetch with
            report(f"query {query.query_hash} could not be restored", error)
            return None

    def _after_restoring(self, query: Query[Any], record: PersistedQuery) -> None:
        state = record["state"]
        # the data came in as if it were of this moment
        query.set_state(data_updated_at=state["data_updated_at"], error_updated_at=state["error_updated_at"])
        wanted = self._refetch_on_restore
        if wanted == "always" or (wanted and query.is_stale()):
            query.fetch()

    def _store(self, stored: PersistedQueries[ValueT], query: Query[Any]) -> None:
        if query.query_hash in self._writing:
            self._writing[query.query_hash] = query
        elif query.state.data is not UNSET:
            self._writing[query.query_hash] = None
            name = f"storing {query.query_hash}"
            query.environment.spawn(self._keep_storing(stored, query), name, must_finish=True)

    async def _keep_storing(self, stored: PersistedQueries[ValueT], query: Query[Any]) -> None:
        try:
            newest: Query[Any] | None = query
            while newest is not None:
                self._writing[query.query_hash] = None
                try:
                    await stored.put(newest)
                except Exception as error:  # noqa: BLE001 - the storage's; the fetch is a good one all the same
                    report(f"query {query.query_hash} could not be stored", error)
                newest = self._writing[query.query_hash]
        finally:
            del self._writing[query.query_hash]

    # -- by hand

    async def persist_query(self, query: QueryView) -> None:
        """Store a query as it is now.

        Args:
            query: The query.

        Raises:
            Exception: What ``serialize`` or the storage raises.
        """
        if self._stored is not None:
            await self._stored.put(cast("Query[Any]", query))

    async def persist_query_by_key(self, query_key: AnyQueryKey, client: QueryClient) -> None:
        """Store the query of exactly this key as it is now. If there is none, that is logged.

        Args:
            query_key: The key.
            client: Whose query.

        Raises:
            Exception: What ``serialize`` or the storage raises.
        """
        if self._stored is None:
            return
        query = client.get_query_cache().find(query_key=query_key)
        if query is None:
            logger.warning("query %s was to be stored, but the client has none", as_query_key(query_key).text)
        else:
            await self._stored.put(query)

    async def retrieve_query(
        self, query_hash: str, after_restore: Callable[[PersistedQuery], object] | None = None
    ) -> Any:
        """The stored data of a query, ``UNSET`` if there is none that may still be used.

        Args:
            query_hash: The hash of the query, such as ``hash_key(query_key)``.
            after_restore: Called on the next turn with all that was stored, if data is returned.

        Raises:
            Exception: What the storage raises.
        """
        record = None if self._stored is None else await self._stored.find(query_hash, self._now())
        if record is None:
            return UNSET
        if after_restore is not None and data_of(record) is not UNSET:
            notify_manager.schedule(lambda: after_restore(record))
        return data_of(record)

    async def persister_gc(self) -> None:
        """Remove what is too old, of another buster, or unreadable.

        Raises:
            OptionError: The storage cannot list what is in it.
            Exception: What the storage raises.
        """
        if self._stored is not None:
            await self._stored.usable(self._now())

    async def restore_queries(
        self, client: QueryClient, query_key: AnyQueryKey | None = None, *, exact: bool = False
    ) -> None:
        """Write what is stored into the cache, without fetching. Data that the client has and that is newer stays.

        Args:
            client: The client.
            query_key: Only what has a key that begins with this one; all by default.
            exact: Only what has this very key.

        Raises:
            OptionError: The storage cannot list what is in it.
            Exception: What the storage raises.

        Source: createPersister.ts, restoreQueries. Differs: newer data is not overwritten.
        """
        if self._stored is not None:
            for record in await self._stored.usable(self._now(client.environment.now)):
                if is_meant(record, query_key, exact=exact):
                    _write(client, record)

    async def remove_queries(self, query_key: AnyQueryKey | None = None, *, exact: bool = False) -> None:
        """Remove what is stored. The caches of clients stay as they are.

        Args:
            query_key: Only what has a key that begins with this one, and what cannot be read; all by default.
            exact: Only what has this very key, and what cannot be read.

        Raises:
            OptionError: The storage cannot list what is in it.
            Exception: What the storage raises.
        """
        if self._stored is not None:
            await self._stored.remove(query_key, exact=exact)

    def _now(self, of_client: Now = timeout_manager.time) -> Now:
        return of_client if self._clock is None else self._clock.time

    def __repr__(self) -> str:
        return f"<QueryPersister of {self._stored!r}>"


def _once_taken_in(query: Query[Any], fetch: asyncio.Future[Any] | None, callback: Callable[[], object]) -> None:
    """Call *callback* on the turn after *fetch* was taken in, if it succeeded; on the next turn without a fetch."""

    def put_off() -> None:
        query.environment.notify_manager.schedule(callback)

    if fetch is None:
        put_off()
        return

    def look(done: asyncio.Future[Any]) -> None:
        if done.exception() is None:
            put_off()

    # the query's own callback came first, and takes the outcome in
    fetch.add_done_callback(look)


def _write(client: QueryClient, record: PersistedQuery) -> None:
    key, data, updated_at = as_query_key(record["query_key"]), data_of(record), record["state"]["data_updated_at"]
    state = client.get_query_state(key)
    if data is not UNSET and (state is UNSET or state.data is UNSET or state.data_updated_at < updated_at):
        client.set_query_data(key, lambda _: data, updated_at=updated_at)


@overload
def create_query_persister(
    *,
    storage: Storage[str] | None,
    buster: str = ...,
    max_age: Duration = ...,
    serialize: Serialize[str] = ...,
    deserialize: Deserialize[str] = ...,
    prefix: str = ...,
    refetch_on_restore: RefetchOnRestore = ...,
    filters: QueryFilters | None = ...,
    clock: Clock | None = ...,
) -> QueryPersister[str]: ...
@overload
def create_query_persister(
    *,
    storage: Storage[ValueT] | None,
    buster: str = ...,
    max_age: Duration = ...,
    serialize: Serialize[ValueT],
    deserialize: Deserialize[ValueT],
    prefix: str = ...,
    refetch_on_restore: RefetchOnRestore = ...,
    filters: QueryFilters | None = ...,
    clock: Clock | None = ...,
) -> QueryPersister[ValueT]: ...
def create_query_persister(
    *,
    storage: Storage[Any] | None,
    buster: str = "",
    max_age: Duration = DEFAULT_MAX_AGE,
    serialize: Serialize[Any] = json_text,
    deserialize: Deserialize[Any] = json_value,
    prefix: str = DEFAULT_PREFIX,
    refetch_on_restore: RefetchOnRestore = True,
    filters: QueryFilters | None = None,
    clock: Clock | None = None,
) -> QueryPersister[Any]:
    """Make a persister of single queries: give its ``persister_fn`` to those that are to outlive the program.

    For example::

        persister = create_query_persister(storage=FileStorage("~/.cache/my-program"))
        projects = QueryOptions(query_key=("projects",), query_fn=load_projects, persister=persister.persister_fn)

    Args:
        storage: Where to keep them; None stores and restores nothing.
        buster: A mark of what the program understands: what was stored with another one is not used.
        max_age: Seconds, or a timedelta, after which what was stored is not used; a day by default.
        serialize: Makes of a ``PersistedQuery`` what the storage keeps, plain or async; JSON text by default.
        deserialize: Undoes that.
        prefix: What the names of the items begin with, before a "-" and the hash of the query.
        refetch_on_restore: Fetch what was restored anew: True (default) if an observer calls it stale, False never,
            "always" in any case.
        filters: Leave other queries than these alone.
        clock: Where the time comes from; by default each client's own.

    Raises:
        OptionError: A value that cannot be right.

    Source: createPersister.ts, experimental_createQueryPersister.
    """
    methods = ("get_item", "set_item", "remove_item")
    if storage is not None and not all(callable(getattr(storage, name, None)) for name in methods):
        raise check.refuse("storage", storage, "an object with get_item, set_item and remove_item, or None.")
    if not isinstance(refetch_on_restore, bool) and refetch_on_restore != "always":
        raise check.refuse("refetch_on_restore", refetch_on_restore, 'True, False or "always".')
    if filters is not None and not isinstance(filters, QueryFilters):
        raise check.refuse("filters", filters, "QueryFilters(...), or None for all queries.")
    longest: float = check.duration("max_age", max_age)
    serialize = check.function_of(1, "serialize(query)")("serialize", serialize)
    deserialize = check.function_of(1, "deserialize(value)")("deserialize", deserialize)
    buster, prefix = check.text("buster", buster), check.text("prefix", prefix)
    stored: PersistedQueries[Any] | None = None
    if storage is not None:
        stored = PersistedQueries(
            storage=storage,
            prefix=prefix,
            buster=buster,
            max_age=longest,
            serialize=serialize,
            deserialize=deserialize,
        )
    return QueryPersister(stored, refetch_on_restore=refetch_on_restore, filters=filters, clock=clock)
