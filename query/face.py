"""The client as users hold it: the client floor's, and what on it needs an observer or another thread."""

from __future__ import annotations

import asyncio
import functools
from typing import Any, overload

from .base.infinite_data import PageParamT, PageT, ShownPagesT
from .base.infinite_options import InfiniteQueryOptions
from .base.options import QueryOptions
from .base.types import DataT, QueryDataT
from .client.query_client import QueryClient as CoreClient
from .observers.infinite_query_observer import InfiniteQueryObserver
from .observers.infinite_query_result import InfiniteQueryObserverResult
from .observers.query_observer import QueryObserver
from .observers.query_result import QueryObserverResult
from .observers.result_stream import ResultStream
from .threads.thread_check import check_threads
from .threads.threadsafe import ThreadsafeClient


class QueryClient(CoreClient):  # noqa: D101 - the floor below has the text
    __doc__ = CoreClient.__doc__

    @overload
    def watch(
        self, options: InfiniteQueryOptions[PageT, PageParamT, ShownPagesT]
    ) -> ResultStream[InfiniteQueryObserverResult[ShownPagesT]]: ...
    @overload
    def watch(self, options: QueryOptions[QueryDataT, DataT]) -> ResultStream[QueryObserverResult[DataT]]: ...
    def watch(self, options: QueryOptions[Any, Any]) -> ResultStream[QueryObserverResult[Any]]:
        """The results of one query as an async iterator: the present one, then the newest at each step.

        What it watches with is its own: subscribed when the iteration begins, which fetches if the options say so, and
        gone when that ends; see ``ResultStream``. ::

            async for result in client.watch(projects):
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

    @property
    def threadsafe(self) -> ThreadsafeClient:
        """This client for other threads than that of its event loop: the same methods, which wait and return data."""
        # who asks in a loop, to hand it to a thread, means that loop
        self._environment.bind_if_first()
        return self._threadsafe

    @functools.cached_property
    def _threadsafe(self) -> ThreadsafeClient:
        return ThreadsafeClient(self)

    def _on_bind(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop.get_debug():
            check_threads(self)
