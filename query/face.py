"""The client as users hold it: the client floor's, and what on it needs an observer or another thread."""

from __future__ import annotations

from .base.options import QueryOptions
from .base.types import DataT, QueryDataT
from .client.query_client import QueryClient as CoreClient
from .observers.query_observer import QueryObserver
from .observers.query_result import QueryObserverResult
from .observers.result_stream import ResultStream


class QueryClient(CoreClient):  # noqa: D101 - the floor below has the text
    __doc__ = CoreClient.__doc__

    def watch(self, options: QueryOptions[QueryDataT, DataT]) -> ResultStream[QueryObserverResult[DataT]]:
        """The results of one query as an async iterator: the present one, then the newest at each step.

        What it watches with is its own: subscribed when the iteration begins, which fetches if the options say so, and
        gone when that ends; see ``ResultStream``. ::

            async for result in client.watch(projects):
                print(result.status, result.data)

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key.
        """
        return QueryObserver(self, options).results()
