"""Watches an infinite query: a query whose data is a list of pages that grows at both ends.

Source: infiniteQueryObserver.ts.
"""

from __future__ import annotations

from typing import Any, Final, Generic, cast

from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import AnyInfiniteQueryOptions, InfiniteQueryOptions, require_infinite
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_state import FetchMeta
from ..base.types import UNSET
from ..cache.query import Query
from ..client.query_client import QueryClient
from ..runtime.handle import Handle
from .infinite_query_result import INFINITE_RESULT_CLASSES, InfiniteQueryObserverResult
from .pages_beyond import PagesBeyond
from .query_observer_base import QueryObserverBase
from .query_result import QueryResult
from .shown_data import Shown

_ERROR: Final = QueryResult.__struct_fields__.index("error")
"""The place of the error among the facts; the time when it came is next to it."""


class InfiniteQueryObserver(
    QueryObserverBase[InfiniteData[PageT, PageParamT], ShownPagesT, InfiniteQueryObserverResult[ShownPagesT]],
    Generic[PageT, PageParamT, ShownPagesT],
):
    """Looks at one infinite query through one set of options, and fetches its next and previous pages.

    For example::

        observer = InfiniteQueryObserver(client, issues_options)
        unsubscribe = observer.subscribe(lambda result: print(result.data, result.has_next_page))
        await observer.fetch_next_page()

    Args:
        client: The client.
        options: The options, with a key.

    Attributes:
        options: The options in force, defaults filled in.

    Raises:
        OptionError: The options have no key, or are not those of an infinite query.
    """

    def __init__(self, client: QueryClient, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]) -> None:
        self._beyond = PagesBeyond()
        # bound for good, as refetch is
        self._fetch_next_page = self.fetch_next_page
        self._fetch_previous_page = self.fetch_previous_page
        super().__init__(client, _checked(options))

    def set_options(self, options: QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT]) -> None:
        """Look with other options, at another query if the key differs; see ``QueryObserver.set_options``.

        Args:
            options: All options anew, with a key: those of an infinite query.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.
        """
        super().set_options(_checked(options))

    def get_optimistic_result(
        self, options: QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT]
    ) -> InfiniteQueryObserverResult[ShownPagesT]:
        """What would be shown with other options; see ``QueryObserver.get_optimistic_result``.

        Args:
            options: The options, with a key: those of an infinite query.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.
        """
        return super().get_optimistic_result(_checked(options))

    def fetch_optimistic(
        self, options: QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT]
    ) -> Handle[InfiniteQueryObserverResult[ShownPagesT]]:
        """Fetch with other options; see ``QueryObserver.fetch_optimistic``.

        Args:
            options: The options, with a key: those of an infinite query.

        Raises:
            OptionError: The options have no key, or are not those of an infinite query.
        """
        return super().fetch_optimistic(_checked(options))

    def fetch_next_page(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True
    ) -> Handle[InfiniteQueryObserverResult[ShownPagesT]]:
        """Fetch the page after the last one and append it; without one, nothing is asked for.

        During the first load that is joined. During a refetch that is superseded, unless ``cancel_refetch=False``.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.

        Returns:
            The result after the fetch.

        Source: infiniteQueryObserver.ts, fetchNextPage.
        """
        return self._fetch_and_show(
            throw_on_error=throw_on_error, cancel_refetch=cancel_refetch, meta=FetchMeta("forward")
        )

    def fetch_previous_page(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True
    ) -> Handle[InfiniteQueryObserverResult[ShownPagesT]]:
        """Fetch the page before the first one and put it in front; without one, nothing is asked for.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.

        Returns:
            The result after the fetch.

        Source: infiniteQueryObserver.ts, fetchPreviousPage.
        """
        return self._fetch_and_show(
            throw_on_error=throw_on_error, cancel_refetch=cancel_refetch, meta=FetchMeta("backward")
        )

    def _make_result(
        self,
        shown: Shown,
        facts: list[Any],
        query: Query[InfiniteData[PageT, PageParamT]],
        options: AnyQueryOptions,
    ) -> InfiniteQueryObserverResult[ShownPagesT]:
        # of the data that is cached, whatever select makes of it
        beyond = self._beyond.of(
            cast("AnyInfiniteQueryOptions", options), query.state.data, self._client._environment.now()
        )
        status = shown.status
        if beyond.error is not None and status != "error":
            status = "error"
            facts[_ERROR : _ERROR + 2] = beyond.error, beyond.failed_at
        meta = query.state.fetch_meta
        # of a fetch that is over it would only make results differ
        is_told = facts[0] == "fetching" or status == "error"
        made = INFINITE_RESULT_CLASSES[status, shown.data is not UNSET](
            *facts,
            has_next_page=beyond.has_next,
            has_previous_page=beyond.has_previous,
            fetch_direction=meta.direction if is_told and meta is not None else None,
            fetch_next_page=self._fetch_next_page,
            fetch_previous_page=self._fetch_previous_page,
        )
        return cast("InfiniteQueryObserverResult[ShownPagesT]", made)


def _checked(
    options: QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT],
) -> QueryOptions[InfiniteData[PageT, PageParamT], ShownPagesT]:
    require_infinite(options, "an InfiniteQueryObserver")
    return options
