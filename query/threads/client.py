"""The methods of a client for threads that wait: each returns the data instead of a handle.

Types are written out, since a checker sees no others; ``tests/threads/test_client.py`` holds them to the client's own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar, overload

from typing_extensions import Unpack

from ..base.filters import MutationFilterFields, MutationFilters, QueryFilterFields, QueryFilters
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import AnyQueryKey, QueryKey
from ..base.query_state import QueryState
from ..base.types import UNSET, DataT, Duration, KeyParts, QueryDataT, Unset
from ..client.query_client import RefetchType
from ..observers.query_result import QueryObserverResult
from .client_base import BlockingClientBase
from .query_observer import QueryObserver
from .result_stream import ResultStream

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")


class BlockingClient(BlockingClientBase):
    """A client as other threads than that of its event loop use it: the same methods, which wait and return data.

    Every method that waits takes ``timeout=``: the call ends with a ``TimeoutError`` after so long, while the fetch or
    write goes on for everybody else. May be used from several threads at once.

    Not made by users: ``client.threadsafe`` is one, and so is a ``query.sync.QueryClient``.
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
        return self._crossing.call(lambda: self._client.is_fetching(filters, **fields))

    def is_mutating(self, filters: MutationFilters | None = None, /, **fields: Unpack[MutationFilterFields]) -> int:
        """How many matching mutations are pending; paused ones are.

        Args:
            filters: The filters, or
            **fields: their fields. ``status`` is not looked at.
        """
        return self._crossing.call(lambda: self._client.is_mutating(filters, **fields))

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
        """
        return self._crossing.call(lambda: self._client.get_query_data(query_key, default))

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
        return self._crossing.call(lambda: self._client.get_queries_data(filters, **fields))

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        return self._crossing.call(lambda: self._client.get_query_state(query_key))

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
                must return new data and leave the old as it is; nobody else writes meanwhile. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.

        Returns:
            What is stored now, ``UNSET`` if nothing was written.
        """
        return self._crossing.call(lambda: self._client.set_query_data(query_key, updater, updated_at=updated_at))

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
        """
        return self._crossing.call(
            lambda: self._client.set_queries_data(filters, updater, updated_at=updated_at, **fields)
        )

    # -- fetching

    def query(self, options: QueryOptions[QueryDataT, DataT], *, timeout: Duration | None = None) -> DataT:
        """The data of a query: from the cache while it is fresh, else fetched. ``select`` is applied.

        With the default ``stale_time`` of 0 it always fetches. A fetch under way is joined. ``enabled`` is not looked
        at. Nothing is retried unless the options or some default say so.

        Args:
            options: The options, with a key.
            timeout: How long to wait.

        Returns:
            The data.

        Raises:
            Exception: What the query function, or ``select``, raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: The options have no key.
        """
        return self._crossing.wait(lambda: self._client.query(options), timeout)

    def fetch_query(self, options: QueryOptions[QueryDataT, Any], *, timeout: Duration | None = None) -> QueryDataT:
        """The same as ``query``, without ``select``.

        Args:
            options: The options, with a key.
            timeout: How long to wait.

        Raises:
            Exception: What the query function raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: The options have no key.
        """
        return self._crossing.wait(lambda: self._client.fetch_query(options), timeout)

    def prefetch_query(self, options: AnyQueryOptions, *, timeout: Duration | None = None) -> None:
        """Fetch so that the data is there later. Never fails: the state tells.

        Args:
            options: The options, with a key.
            timeout: How long to wait for it; 0 starts the fetch and returns.
        """
        with contextlib.suppress(TimeoutError):
            self._crossing.wait(lambda: self._client.prefetch_query(options), timeout)

    def ensure_query_data(
        self,
        options: QueryOptions[QueryDataT, Any],
        *,
        revalidate_if_stale: bool = False,
        timeout: Duration | None = None,
    ) -> QueryDataT:
        """The cached data, however old; fetched only if there is none.

        Args:
            options: The options, with a key.
            revalidate_if_stale: Also fetch in the background if the data is stale.
            timeout: How long to wait.

        Raises:
            Exception: What the query function raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: The options have no key.
        """
        return self._crossing.wait(
            lambda: self._client.ensure_query_data(options, revalidate_if_stale=revalidate_if_stale), timeout
        )

    # -- marking

    def invalidate_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        refetch_type: RefetchType | None = None,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        timeout: Duration | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Mark matching queries stale, refetch those that are in use, and wait for these refetches.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            refetch_type: Which of them to refetch: "active" (default), "inactive", "all" or "none".
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            timeout: How long to wait.
            **fields: the fields of the filters.

        Raises:
            TimeoutError: It took longer. The refetches go on.
        """
        return self._crossing.wait(
            lambda: self._client.invalidate_queries(
                filters,
                refetch_type=refetch_type,
                throw_on_error=throw_on_error,
                cancel_refetch=cancel_refetch,
                **fields,
            ),
            timeout,
        )

    def refetch_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        timeout: Duration | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Fetch matching queries again, each with its own options, and wait for it; not the disabled or static ones.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error, while the others go on; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            timeout: How long to wait; paused fetches are not waited for at all.
            **fields: the fields of the filters.

        Raises:
            TimeoutError: It took longer. The fetches go on.
        """
        return self._crossing.wait(
            lambda: self._client.refetch_queries(
                filters, throw_on_error=throw_on_error, cancel_refetch=cancel_refetch, **fields
            ),
            timeout,
        )

    def reset_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        throw_on_error: bool = False,
        cancel_refetch: bool = True,
        timeout: Duration | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Put matching queries back to their initial state, refetch those that are in use, and wait for that.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            throw_on_error: Fail with the first error of a refetch; otherwise the states tell.
            cancel_refetch: Supersede fetches under way.
            timeout: How long to wait.
            **fields: the fields of the filters.

        Raises:
            TimeoutError: It took longer. The refetches go on.
        """
        return self._crossing.wait(
            lambda: self._client.reset_queries(
                filters, throw_on_error=throw_on_error, cancel_refetch=cancel_refetch, **fields
            ),
            timeout,
        )

    def cancel_queries(
        self,
        filters: QueryFilters | AnyQueryKey | AnyQueryOptions | None = None,
        /,
        *,
        revert: bool = True,
        silent: bool = False,
        timeout: Duration | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> None:
        """Cancel the fetches of matching queries: the first step of an optimistic update.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            revert: Put the queries back to their states from before, at once.
            silent: With ``revert=False``, leave the states alone.
            timeout: How long to wait until the states are final.
            **fields: the fields of the filters.
        """
        return self._crossing.wait(
            lambda: self._client.cancel_queries(filters, revert=revert, silent=silent, **fields), timeout
        )

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
        self._crossing.call(lambda: self._client.remove_queries(filters, **fields))

    # -- watching

    def watch(self, options: QueryOptions[QueryDataT, DataT]) -> ResultStream[QueryObserverResult[DataT]]:
        """The results of one query as an iterator: the present one, then the newest at each step, which blocks.

        What it watches with is its own: subscribed when the iteration begins, which fetches if the options say so, and
        gone when that ends; see ``ResultStream``. ::

            for result in client.watch(projects):
                print(result.status, result.data)

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key.
        """
        return QueryObserver(self, options).results()

    def __repr__(self) -> str:
        return repr(self._client)
