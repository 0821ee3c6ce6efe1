"""The one object that users hold: reads, writes, fetches and marks queries, by key or by filters.

Source: queryClient.ts.
"""

from __future__ import annotations

from typing import Any

from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions, require_infinite
from ..runtime.handle import Handle
from .client_queries import ClientQueries


class QueryClient(ClientQueries):
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

    # -- fetching infinite queries

    def infinite_query(self, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]) -> Handle[ShownPagesT]:
        """The pages of an infinite query: from the cache while they are fresh, else fetched. ``select`` is applied.

        It fetches as many pages as there are, at least one; ``pages=`` in the options asks for more.

        Args:
            options: The options, with a key.

        Returns:
            The pages. It fails with what a function of the options raised.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, infiniteQuery.
        """
        require_infinite(options, "infinite_query()")
        return self.query(options)

    def fetch_infinite_query(
        self, options: InfiniteQueryOptions[PageT, PageParamT, Any]
    ) -> Handle[InfiniteData[PageT, PageParamT]]:
        """The same as ``infinite_query``, without ``select``.

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.

        Source: queryClient.ts, fetchInfiniteQuery.
        """
        require_infinite(options, "fetch_infinite_query()")
        return self.fetch_query(options)

    def prefetch_infinite_query(self, options: InfiniteQueryOptions[Any, Any, Any]) -> Handle[None]:
        """Fetch so that the pages are there later. Never fails: the state tells.

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.

        Source: queryClient.ts, prefetchInfiniteQuery.
        """
        require_infinite(options, "prefetch_infinite_query()")
        return self.prefetch_query(options)

    def ensure_infinite_query_data(
        self, options: InfiniteQueryOptions[PageT, PageParamT, Any], *, revalidate_if_stale: bool = False
    ) -> Handle[InfiniteData[PageT, PageParamT]]:
        """The cached pages, however old; fetched only if there are none.

        Args:
            options: The options, with a key.
            revalidate_if_stale: Also fetch in the background if the pages are stale.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.

        Source: queryClient.ts, ensureInfiniteQueryData.
        """
        require_infinite(options, "ensure_infinite_query_data()")
        return self.ensure_query_data(options, revalidate_if_stale=revalidate_if_stale)

    def __repr__(self) -> str:
        return f"<QueryClient with {len(self._query_cache._queries)} queries>"
