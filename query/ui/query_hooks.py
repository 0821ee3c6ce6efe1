"""The hooks that show one query, and those that fetch ahead or count.

Source: react-query, useQuery.ts, useInfiniteQuery.ts, usePrefetchQuery.tsx, useIsFetching.ts.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import TypeVar

from ..base.filters import QueriesMeant
from ..base.infinite_data import PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions
from ..base.options import AnyQueryOptions, QueryOptions
from ..face import QueryClient
from ..observers.infinite_query_observer import InfiniteQueryObserver
from ..observers.infinite_query_result import InfiniteQueryObserverResult
from ..observers.query_observer import QueryObserver
from ..observers.query_result import QueryObserverResult
from .cache_binding import CountBinding
from .client_hooks import ClientHooks
from .query_binding import QueryBinding

ShownT = TypeVar("ShownT")


class QueryHooks(ClientHooks):
    """The hooks about queries, one at a time."""

    def use_query(
        self, options: QueryOptions[Any, ShownT], client: QueryClient | None = None, *, subscribed: bool = True
    ) -> QueryObserverResult[ShownT]:
        """Show a query: fetch it if it is stale, and render again when what was read of the result changes.

        The first render has the result already, with the fetch that is about to start. Nothing is thrown: errors are
        in the result, and a component that has no data yet says so itself (``throw_on_error`` decides nothing here,
        and there is no suspense).

        Args:
            options: The options, with a key. They may be made anew at each render.
            client: The client; that of the nearest provider by default.
            subscribed: False shows what is there, without following or fetching: for what is out of sight.

        Returns:
            The result. It notes which of its fields are read, and only changes of those render the component again,
            unless the options have ``notify_on_change_props``.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.
            OptionError: The options have no key.

        Source: react-query, useQuery. Differs: no suspense, no error boundaries.
        """
        found, is_restoring = self.use_query_client(client), self.use_is_restoring()
        binding: QueryBinding[QueryObserverResult[ShownT]] = self._use_binding(
            lambda redraw: QueryBinding(redraw, QueryObserver)
        )
        return binding.show(found, options, is_subscribed=subscribed, is_restoring=is_restoring)

    def use_infinite_query(
        self,
        options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT],
        client: QueryClient | None = None,
        *,
        subscribed: bool = True,
    ) -> InfiniteQueryObserverResult[ShownPagesT]:
        """Show an infinite query: as ``use_query``, with ``fetch_next_page`` and what else its results have.

        Args:
            options: The options, with a key.
            client: The client; that of the nearest provider by default.
            subscribed: False shows what is there, without following or fetching.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.
            OptionError: The options have no key, or are not those of an infinite query.

        Source: react-query, useInfiniteQuery. Differs: no suspense, no error boundaries.
        """
        found, is_restoring = self.use_query_client(client), self.use_is_restoring()
        binding: QueryBinding[InfiniteQueryObserverResult[ShownPagesT]] = self._use_binding(
            lambda redraw: QueryBinding(redraw, InfiniteQueryObserver)
        )
        return binding.show(found, options, is_subscribed=subscribed, is_restoring=is_restoring)

    def use_prefetch_query(self, options: AnyQueryOptions, client: QueryClient | None = None) -> None:
        """Fetch, while this component renders, what one below will show; errors are for that one to see.

        Only what the cache has never heard of: a query that is there is left alone, however old or failed.

        Args:
            options: The options of a query, or of an infinite one, with a key.
            client: The client; that of the nearest provider by default.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.
            OptionError: The options have no key.

        Source: react-query, usePrefetchQuery and usePrefetchInfiniteQuery.
        """
        found = self.use_query_client(client)
        complete = found.default_query_options(options)
        query_hash: Any = complete.query_hash
        if found.get_query_cache().get(query_hash) is None:
            found.prefetch_query(complete)

    def use_is_fetching(self, filters: QueriesMeant | None = None, client: QueryClient | None = None) -> int:
        """How many queries fetch right now: for one indicator of the whole page.

        Args:
            filters: Which queries count; or a key, or options, whose key is meant as a beginning.
            client: The client; that of the nearest provider by default.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.

        Source: react-query, useIsFetching.
        """
        found = self.use_query_client(client)
        binding = self._use_binding(CountBinding)
        return binding.show(found, found.get_query_cache(), lambda: found.is_fetching(filters))
