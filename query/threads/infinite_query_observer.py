"""Watches an infinite query, for threads that wait."""

from __future__ import annotations

from typing import Generic

from ..base.infinite_data import InfiniteData, PageParamT, PageT, ShownPagesT
from ..base.infinite_options import InfiniteQueryOptions
from ..base.types import Duration
from ..observers.infinite_query_observer import InfiniteQueryObserver as AsyncInfiniteQueryObserver
from ..observers.infinite_query_result import InfiniteQueryObserverResult
from .client_base import BlockingClientBase
from .query_observer import QueryObserverBase


class InfiniteQueryObserver(
    QueryObserverBase[InfiniteData[PageT, PageParamT], ShownPagesT, InfiniteQueryObserverResult[ShownPagesT]],
    Generic[PageT, PageParamT, ShownPagesT],
):
    """Looks at one infinite query through one set of options, and fetches its next and previous pages, from threads.

    For example::

        observer = InfiniteQueryObserver(client, issues_options)
        unsubscribe = observer.subscribe(lambda result: print(result.data, result.has_next_page))
        observer.fetch_next_page()

    Args:
        client: A ``query.sync.QueryClient``, or ``client.threadsafe`` of an asyncio program.
        options: The options, with a key.

    Raises:
        OptionError: The options have no key, or are not those of an infinite query.
    """

    def __init__(
        self, client: BlockingClientBase, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]
    ) -> None:
        observer = client._crossing.call(lambda: AsyncInfiniteQueryObserver(client.loop_client, options))
        super().__init__(client, observer)
        self._infinite = observer

    def fetch_next_page(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True, timeout: Duration | None = None
    ) -> InfiniteQueryObserverResult[ShownPagesT]:
        """Fetch the page after the last one and append it; without one, nothing is asked for.

        During the first load that is joined. During a refetch that is superseded, unless ``cancel_refetch=False``.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.
            timeout: How long to wait.

        Returns:
            The result after the fetch.

        Raises:
            TimeoutError: It took longer. The fetch goes on.
        """
        fetched = self._crossing.wait(
            lambda: self._infinite.fetch_next_page(throw_on_error=throw_on_error, cancel_refetch=cancel_refetch),
            timeout,
        )
        return self._show(fetched)

    def fetch_previous_page(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True, timeout: Duration | None = None
    ) -> InfiniteQueryObserverResult[ShownPagesT]:
        """Fetch the page before the first one and put it in front; without one, nothing is asked for.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.
            timeout: How long to wait.

        Returns:
            The result after the fetch.

        Raises:
            TimeoutError: It took longer. The fetch goes on.
        """
        fetched = self._crossing.wait(
            lambda: self._infinite.fetch_previous_page(throw_on_error=throw_on_error, cancel_refetch=cancel_refetch),
            timeout,
        )
        return self._show(fetched)
