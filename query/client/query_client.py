"""The one object that users hold: reads, writes, fetches and marks queries, by key or by filters.

Source: queryClient.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast, overload

from msgspec import structs
from typing_extensions import Unpack

from ..base.errors import OptionError
from ..base.filters import (
    MutationFilterFields,
    MutationFilters,
    QueryFilterFields,
    QueryFilters,
    mutation_filters,
    query_filters,
)
from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import AnyQueryKey, QueryKey, as_query_key
from ..base.query_state import QueryState
from ..base.types import UNSET, DataT, KeyParts, QueryDataT, Unset
from ..base.values import functional_update, resolve_stale_time
from ..cache.query import Query
from ..runtime.handle import Handle, transformed
from ..runtime.waiting import all_done, without_result
from .client_base import ClientBase

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")

RefetchType = Literal["active", "inactive", "all", "none"]


class QueryClient(ClientBase):
    """Caches queries by key, runs one request for many callers, and keeps the data fresh.

    Methods that fetch are plain functions: the fetch has started when they return. What they return can be awaited, or
    not; cancelling a task that awaits it harms no one else. A client belongs to the event loop in which it first
    fetches. It is not thread-safe. ::

        async with QueryClient() as client:
            projects = await client.query(QueryOptions(query_key=("projects",), query_fn=load_projects))

    Args:
        query_cache: The queries; a cache of its own by default.
        mutation_cache: The mutations; a cache of its own by default.
        default_options: What queries and mutations inherit.
        clock: Where time comes from; the machine's clock by default.
        online_manager: Is there a network? The process-wide manager by default.
        focus_manager: Is anyone looking? The process-wide manager by default.
        notify_manager: Who delivers deferred notifications? The process-wide manager by default.
        is_server: A cache for one request: nothing is collected, retried or refreshed by time. By default the
            process-wide manager is asked, which says False.
    """

    # -- counting

    def is_fetching(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> int:
        """How many matching queries fetch right now; paused ones do not.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters. ``fetch_status`` is not looked at.
        """
        return len(self._query_cache.find_all(structs.replace(_as_filters(filters, fields), fetch_status="fetching")))

    def is_mutating(self, filters: MutationFilters | None = None, /, **fields: Unpack[MutationFilterFields]) -> int:
        """How many matching mutations are pending; paused ones are.

        Args:
            filters: The filters, or
            **fields: their fields. ``status`` is not looked at.
        """
        wanted = structs.replace(mutation_filters(filters, fields), status="pending")
        return len(self._mutation_cache.find_all(wanted))

    # -- reading

    @overload
    def get_query_data(self, query_key: QueryKey[T]) -> T | None: ...
    @overload
    def get_query_data(self, query_key: QueryKey[T], default: DefaultT) -> T | DefaultT: ...
    # Any: a key that carries no type says nothing of its data
    @overload
    def get_query_data(self, query_key: KeyParts, default: object = None) -> Any: ...
    def get_query_data(self, query_key: AnyQueryKey, default: object = None) -> Any:
        """The cached data of exactly this key.

        Args:
            query_key: The key; a ``QueryKey[T]``, such as ``options.query_key``, says what type comes back.
            default: What to return if there is no data. None may be data too: pass ``UNSET`` to tell them apart.

        Source: queryClient.ts, getQueryData.
        """
        state = self.get_query_state(query_key)
        return default if state is UNSET or state.data is UNSET else state.data

    def get_queries_data(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]:
        """The keys and data of all matching queries; ``UNSET`` where there is no data.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters.
        """
        return [(query.query_key, query.state.data) for query in self._find_all(filters, fields)]

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        options: AnyQueryOptions = self._of_key(query_key)
        query = self._query_cache.get(cast("str", options.query_hash))
        return UNSET if query is None else query.state

    # -- writing

    @overload
    def set_query_data(
        self, query_key: QueryKey[T], updater: Callable[[T | Unset], T | Unset], *, updated_at: float | None = None
    ) -> T | Unset: ...
    @overload
    def set_query_data(
        self, query_key: QueryKey[T], updater: T | Unset, *, updated_at: float | None = None
    ) -> T | Unset: ...
    @overload
    def set_query_data(self, query_key: KeyParts, updater: object, *, updated_at: float | None = None) -> Any: ...
    def set_query_data(self, query_key: Any, updater: Any, *, updated_at: float | None = None) -> Any:
        """Write data under this key. A fetch under way goes on and may overwrite it: cancel it first.

        Args:
            query_key: The key; a ``QueryKey[T]`` says what type the data must have.
            updater: The new data, or a function from the present data (``UNSET`` if there is none) to it. A function
                must return new data and leave the old as it is. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.

        Returns:
            What is stored now, ``UNSET`` if nothing was written.

        Source: queryClient.ts, setQueryData.
        """
        options = self._of_key(query_key)
        query = self._query_cache.get(cast("str", options.query_hash))
        data = functional_update(updater, UNSET if query is None else query.state.data)
        if data is UNSET:
            return UNSET
        return self._query_cache.build(self, options).set_data(data, updated_at=updated_at, manual=True)

    @overload
    def set_queries_data(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None,
        /,
        updater: Any,
        *,
        updated_at: float | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]: ...
    @overload
    def set_queries_data(
        self, /, *, updater: Any, updated_at: float | None = None, **fields: Unpack[QueryFilterFields]
    ) -> list[tuple[QueryKey[Any], Any]]: ...
    def set_queries_data(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        updater: Any = UNSET,
        *,
        updated_at: float | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]:
        """Write the data of all matching queries; none is created.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            updater: The new data, or a function from the present data to it. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.
            **fields: the fields of the filters.

        Returns:
            The keys with what is stored now, ``UNSET`` where nothing was written.

        Source: queryClient.ts, setQueriesData. Differs: a query that is filed under a hash of its own is written too,
            instead of a new one under the hash of its key.
        """

        def write(query: Query[Any]) -> Any:
            data = functional_update(updater, query.state.data)
            return UNSET if data is UNSET else query.set_data(data, updated_at=updated_at, manual=True)

        with self._environment.notify_manager.batch():
            return [(query.query_key, write(query)) for query in self._find_all(filters, fields)]

    # -- fetching

    def query(self, options: QueryOptions[QueryDataT, DataT]) -> Handle[DataT]:
        """The data of a query: from the cache while it is fresh, else fetched. ``select`` is applied.

        With the default ``stale_time`` of 0 it always fetches. A fetch under way is joined. ``enabled`` is not looked
        at. Nothing is retried unless the options or some default say so.

        Args:
            options: The options, with a key.

        Returns:
            The data. It fails with what the query function, or ``select``, raised.

        Raises:
            OptionError: The options have no key.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, query.
        """
        handle: Handle[Any] = self.fetch_query(options)
        select = self._defaults.of_query(options).select
        if isinstance(select, Unset) or select is None:
            return handle
        return transformed(handle, select)

    def fetch_query(self, options: QueryOptions[QueryDataT, Any]) -> Handle[QueryDataT]:
        """The same as ``query``, without ``select``.

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, fetchQuery.
        """
        complete = self._defaults.of_query(options)
        if complete.retry is UNSET:
            # the caller is there to be told
            complete = structs.replace(complete, retry=False)
        query = self._query_cache.build(self, complete)
        if query.is_stale_by_time(resolve_stale_time(complete.stale_time, query)):
            return query.fetch(complete)
        return Handle.of(cast("QueryDataT", query.state.data))

    def prefetch_query(self, options: AnyQueryOptions) -> Handle[None]:
        """Fetch so that the data is there later. Never fails: the state tells.

        Args:
            options: The options, with a key.

        Source: queryClient.ts, prefetchQuery.
        """
        return without_result(self.fetch_query(options))

    def ensure_query_data(
        self, options: QueryOptions[QueryDataT, Any], *, revalidate_if_stale: bool = False
    ) -> Handle[QueryDataT]:
        """The cached data, however old; fetched only if there is none.

        Args:
            options: The options, with a key.
            revalidate_if_stale: Also fetch in the background if the data is stale.

        Source: queryClient.ts, ensureQueryData.
        """
        complete = self._defaults.of_query(options)
        query = self._query_cache.build(self, complete)
        data = query.state.data
        if data is UNSET:
            return self.fetch_query(options)
        if revalidate_if_stale and query.is_stale_by_time(resolve_stale_time(complete.stale_time, query)):
            self.prefetch_query(complete)
        return Handle.of(cast("QueryDataT", data))

    # -- fetching infinite queries

    def infinite_query(self, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]) -> Handle[ShownPagesT]:
        """The pages of an infinite query: from the cache while they are fresh, else fetched. ``select`` is applied.

        It fetches as many pages as there are, at least one; ``pages=`` in the options asks for more.

        Args:
            options: The options, with a key.

        Returns:
            The pages. It fails with what a function of the options raised.

        Raises:
            OptionError: The options have no key.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, infiniteQuery.
        """
        return self.query(options)

    def fetch_infinite_query(
        self, options: InfiniteQueryOptions[PageT, PageParamT, Any]
    ) -> Handle[InfiniteData[PageT, PageParamT]]:
        """The same as ``infinite_query``, without ``select``.

        Args:
            options: The options, with a key.

        Source: queryClient.ts, fetchInfiniteQuery.
        """
        return self.fetch_query(options)

    def prefetch_infinite_query(self, options: InfiniteQueryOptions[Any, Any, Any]) -> Handle[None]:
        """Fetch so that the pages are there later. Never fails: the state tells.

        Args:
            options: The options, with a key.

        Source: queryClient.ts, prefetchInfiniteQuery.
        """
        return self.prefetch_query(options)

    def ensure_infinite_query_data(
        self, options: InfiniteQueryOptions[PageT, PageParamT, Any], *, revalidate_if_stale: bool = False
    ) -> Handle[InfiniteData[PageT, PageParamT]]:
        """The cached pages, however old; fetched only if there are none.

        Args:
            options: The options, with a key.
            revalidate_if_stale: Also fetch in the background if the pages are stale.

        Source: queryClient.ts, ensureInfiniteQueryData.
        """
        return self.ensure_query_data(options, revalidate_if_stale=revalidate_if_stale)

    # -- marking

    def invalidate_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        refetch_type: RefetchType | None = None,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Mark matching queries stale and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            refetch_type: Which of them to refetch: "active" (default), "inactive", "all" or "none".
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the refetches are.

        Source: queryClient.ts, invalidateQueries.
        """
        wanted = _as_filters(filters, fields)
        with self._environment.notify_manager.batch():
            for query in self._query_cache.find_all(wanted):
                query.invalidate()
            if refetch_type == "none":
                return Handle.of(None)
            kind = refetch_type or wanted.type or "active"
            return self.refetch_queries(
                structs.replace(wanted, type=kind), throw_on_error=throw_on_error, cancel_refetch=cancel_refetch
            )

    def refetch_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Fetch matching queries again, each with its own options; not those that are disabled or static.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error, while the others go on; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the fetches are; paused ones are not waited for.

        Source: queryClient.ts, refetchQueries.
        """
        wanted = _as_filters(filters, fields)
        handles: list[Handle[Any]] = []
        with self._environment.notify_manager.batch():
            matching = [q for q in self._query_cache.find_all(wanted) if not q.is_disabled() and not q.is_static()]
            for query in matching:
                handle = query.fetch(cancel_refetch=cancel_refetch)
                if query.state.fetch_status != "paused":
                    handles.append(handle)
        return all_done(handles, throw_on_error=throw_on_error)

    def reset_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Put matching queries back to their initial state and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            **fields: the fields of the filters.

        Returns:
            A handle that is done when the refetches are.

        Source: queryClient.ts, resetQueries.
        """
        with self._environment.notify_manager.batch():
            # determined once: a reset changes what filters see
            matching = self._find_all(filters, fields)
            chosen = {id(query) for query in matching}
            for query in matching:
                query.reset()
            return self.refetch_queries(
                QueryFilters(type="active", predicate=lambda query: id(query) in chosen),
                throw_on_error=throw_on_error,
                cancel_refetch=cancel_refetch,
            )

    def cancel_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        revert: bool = True,
        silent: bool = False,
        **fields: Unpack[QueryFilterFields],
    ) -> Handle[None]:
        """Cancel the fetches of matching queries: the first step of an optimistic update.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            revert: Put the queries back to their states from before, at once.
            silent: With ``revert=False``, leave the states alone.
            **fields: the fields of the filters.

        Returns:
            A handle that is done, without error, when the states are final.

        Source: queryClient.ts, cancelQueries.
        """
        with self._environment.notify_manager.batch():
            matching = self._find_all(filters, fields)
            return all_done([query.cancel(revert=revert, silent=silent) for query in matching])

    def remove_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Take matching queries out of the cache. Observers keep what they last showed.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters.
        """
        with self._environment.notify_manager.batch():
            for query in self._find_all(filters, fields):
                self._query_cache.remove(query)

    # -- helpers

    def _of_key(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        return self._defaults.of_query(QueryOptions(query_key=as_query_key(query_key)))

    def _find_all(
        self, filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None, fields: QueryFilterFields
    ) -> list[Query[Any]]:
        return self._query_cache.find_all(_as_filters(filters, fields))

    def __repr__(self) -> str:
        return f"<QueryClient with {len(self._query_cache.get_all())} queries>"


def _as_filters(
    filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None, fields: QueryFilterFields
) -> QueryFilters:
    if filters is None or isinstance(filters, QueryFilters):
        return query_filters(filters, fields)
    if isinstance(filters, QueryOptions):
        if isinstance(filters.query_key, Unset):
            raise OptionError("the options have no query_key, so they mean no query.", option="query_key")
        filters = filters.query_key
    named: QueryFilterFields = {"query_key": as_query_key(filters)}
    named.update(fields)
    return QueryFilters(**named)
