"""The methods of a client for threads that wait: each returns the data instead of a handle.

Types are written out, since a checker sees no others; ``tests/threads/test_client.py`` holds them to the client's own.
"""

from __future__ import annotations

import contextlib
from typing import Any, overload

from typing_extensions import Unpack

from ..base.filters import QueriesMeant, QueryFilterFields
from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions
from ..base.options import QueryOptions
from ..base.types import DataT, Duration, QueryDataT
from ..client.client_marks import RefetchType
from ..observers.infinite_query_result import InfiniteQueryObserverResult
from ..observers.query_result import QueryObserverResult
from .client_queries import BlockingClientQueries
from .infinite_query_observer import InfiniteQueryObserver
from .query_observer import QueryObserver
from .result_stream import ResultStream


class BlockingClient(BlockingClientQueries):
    """A client as other threads than that of its event loop use it: the same methods, which wait and return data.

    Every method that waits takes ``timeout=``: the call ends with a ``TimeoutError`` after so long, while the fetch or
    write goes on for everybody else. May be used from several threads at once.

    Not made by users: ``client.threadsafe`` is one, and so is a ``query.sync.QueryClient``.
    """

    # -- fetching infinite queries

    def infinite_query(
        self, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT], *, timeout: Duration | None = None
    ) -> ShownPagesT:
        """The pages of an infinite query: from the cache while they are fresh, else fetched. ``select`` is applied.

        It fetches as many pages as there are, at least one; ``pages=`` in the options asks for more.

        Args:
            options: The options, with a key.
            timeout: How long to wait.

        Returns:
            The pages.

        Raises:
            Exception: What a function of the options raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: The options have no key.
        """
        return self._crossing.wait(lambda: self._client.infinite_query(options), timeout)

    def fetch_infinite_query(
        self, options: InfiniteQueryOptions[PageT, PageParamT, Any], *, timeout: Duration | None = None
    ) -> InfiniteData[PageT, PageParamT]:
        """The same as ``infinite_query``, without ``select``.

        Args:
            options: The options, with a key.
            timeout: How long to wait.

        Raises:
            Exception: What a function of the options raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
        """
        return self._crossing.wait(lambda: self._client.fetch_infinite_query(options), timeout)

    def prefetch_infinite_query(
        self, options: InfiniteQueryOptions[Any, Any, Any], *, timeout: Duration | None = None
    ) -> None:
        """Fetch so that the pages are there later. Never fails: the state tells.

        Args:
            options: The options, with a key.
            timeout: How long to wait for it; 0 starts the fetch and returns.
        """
        with contextlib.suppress(TimeoutError):
            self._crossing.wait(lambda: self._client.prefetch_infinite_query(options), timeout)

    def ensure_infinite_query_data(
        self,
        options: InfiniteQueryOptions[PageT, PageParamT, Any],
        *,
        revalidate_if_stale: bool = False,
        timeout: Duration | None = None,
    ) -> InfiniteData[PageT, PageParamT]:
        """The cached pages, however old; fetched only if there are none.

        Args:
            options: The options, with a key.
            revalidate_if_stale: Also fetch in the background if the pages are stale.
            timeout: How long to wait.

        Raises:
            Exception: What a function of the options raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
        """
        return self._crossing.wait(
            lambda: self._client.ensure_infinite_query_data(options, revalidate_if_stale=revalidate_if_stale), timeout
        )

    # -- marking

    def invalidate_queries(
        self,
        filters: QueriesMeant | None = None,
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
        filters: QueriesMeant | None = None,
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
        filters: QueriesMeant | None = None,
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
        filters: QueriesMeant | None = None,
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
        filters: QueriesMeant | None = None,
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

    @overload
    def watch(
        self, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]
    ) -> ResultStream[InfiniteQueryObserverResult[ShownPagesT]]: ...
    @overload
    def watch(self, options: QueryOptions[QueryDataT, DataT]) -> ResultStream[QueryObserverResult[DataT]]: ...
    def watch(self, options: QueryOptions[Any, Any]) -> ResultStream[QueryObserverResult[Any]]:
        """The results of one query as an iterator: the present one, then the newest at each step, which blocks.

        What it watches with is its own: subscribed when the iteration begins, which fetches if the options say so, and
        gone when that ends; see ``ResultStream``. ::

            for result in client.watch(projects):
                print(result.status, result.data)

        Args:
            options: The options, with a key; those of an infinite query give results with pages.

        Raises:
            OptionError: The options have no key.
        """
        if isinstance(options, InfiniteQueryOptions):
            # isinstance leaves the type arguments open
            return InfiniteQueryObserver(self, options).results()  # pyright: ignore[reportUnknownArgumentType]
        return QueryObserver(self, options).results()

    def __repr__(self) -> str:
        return repr(self._client)
