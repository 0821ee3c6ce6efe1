"""The one object that users hold: reads, writes, fetches and marks queries, by key or by filters.

Source: queryClient.ts.
"""

from __future__ import annotations

import math
from typing import Any

from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions, require_infinite
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import UNSET, DataT, QueryDataT, Unset
from ..base.values import resolve_stale_time
from ..runtime.following import transformed
from ..runtime.handle import Handle
from ..runtime.waiting import without_result
from .client_data import ClientData
from .completed import Completed
from .first_fetch import first_fetch


class QueryClient(ClientData):
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
        select = options.select
        if select is UNSET and self._defaults.give_select:
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
        defaults = self._defaults
        try:
            remembered = options._remembered
        except AttributeError:
            # no options; completing them says so
            remembered = None
        # Any: checkers do not know what a class by identity rules out, and isinstance takes twice as long
        own: Any
        stale_time: float | str | None
        if type(remembered) is str and defaults.are_simple and type(own := options.stale_time) is float:
            query_hash, stale_time = remembered, own
        elif type(remembered) is Completed and remembered.state is defaults.state:
            query_hash, stale_time = remembered.query_hash, remembered.stale_time
        else:
            query_hash, stale_time = defaults.hash_and_stale_time(options)
        known = self._query_cache._queries.get(query_hash)
        if known is not None and stale_time is not None:
            answer = known._answer
            if (
                answer is not None
                and answer.state is known._state
                and answer.stale_time == stale_time
                and (answer.until == math.inf or self._environment.timeout_manager._clock.time() < answer.until)
            ):
                return answer
            answer = known.answer_if_fresh(stale_time)
            if answer is not None:
                return answer
        query: Any = known
        complete: AnyQueryOptions
        if query is None:
            first: Handle[QueryDataT] | None = first_fetch(
                options, self, defaults, self._query_cache, self._environment
            )
            if first is not None:
                return first
            complete = defaults.to_fetch(options)
            query = self._query_cache.build(self, complete)
        elif type(remembered) is Completed and remembered.state is defaults.state:
            complete = remembered._to_fetch or remembered.to_fetch()
        else:
            complete = defaults.to_fetch(options)
        if known is None or stale_time is None:
            # with a plain stale time, what is known was just found stale
            wanted = complete.stale_time
            state = query._state if query._written_at is None else query.state
            if wanted is UNSET or wanted == 0:
                # mostly; and then data is stale, unless it is from a time to come
                now = self._environment.timeout_manager._clock.time()
                is_stale = state.data is UNSET or state.data_updated_at <= now
            else:
                # what has no data is stale, but a function is asked
                is_stale = state.data is UNSET and not callable(wanted)
            if not is_stale and not query.is_stale_by_time(resolve_stale_time(complete.stale_time, query)):
                return Handle.of(query.state.data)
        # one under way is joined
        handle: Handle[QueryDataT] = (None if query._run is None else query.join()) or query.fetch(complete)
        return handle

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
        defaults = self._defaults
        remembered = getattr(options, "_remembered", None)
        if type(remembered) is str and defaults.are_simple:
            query_hash = remembered
        else:
            query_hash = defaults.completed(options).query_hash
        query = self._query_cache._queries.get(query_hash)
        if query is None:
            query = self._query_cache.build(self, defaults.of_query(options))
        answer = query._answer
        if answer is None or answer.state is not query._state:
            answer = query.answer()
        if answer is None:
            return self.fetch_query(options)
        if revalidate_if_stale:
            self.prefetch_query(options)  # which looks whether it is stale
        return answer

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
        return f"<QueryClient with {len(self._query_cache.get_all())} queries>"
