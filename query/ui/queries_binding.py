"""Binds a component to several queries at once, and to what it makes of their results.

Source: react-query, useQueries.ts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from ..base.options import AnyQueryOptions
from ..client.query_client import QueryClient
from ..observers.queries_observer import OptimisticResults, QueriesObserver
from ..observers.query_result import QueryObserverResult, QueryResult, changed_any
from .binding import Binding
from .query_binding import options_to_draw

Results = Sequence[QueryObserverResult[Any]]
Combine = Callable[[Any], Any]

# the function is an observer's own, and one that was made only to be drawn does as well
_SHOWN: Final = tuple(name for name in QueryResult.__struct_fields__ if name != "refetch")


class QueriesBinding(Binding):
    """Binds a component to a group of queries.

    Args:
        redraw: Renders the component again.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        super().__init__(redraw)
        self._client: QueryClient | None = None
        self._observer: QueriesObserver[Any, Any] | None = None
        self._queries: Any = None
        self._combine: Combine | None = None
        self._is_subscribed = True
        self._drawn_results: Results = ()
        # what the observer shows of it: the results, or what combine makes of them
        self._shown: Any = None

    # Any: the types are those of QueriesObserver, spelled out for each number of queries by the hook
    def show(
        self,
        client: QueryClient,
        queries: Any,
        combine: Combine | None = None,
        *,
        is_subscribed: bool = True,
        is_restoring: bool = False,
    ) -> Any:
        """What to draw: results that note what is read of them, or what *combine* makes of those.

        Args:
            client: The client; with another one than before, all begins anew.
            queries: A list or tuple of options, each with a key.
            combine: Makes one value of all results.
            is_subscribed: Whether to follow the queries, and to fetch.
            is_restoring: A stored cache is being restored: show what is there, and wait.

        Raises:
            OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.
        """
        if isinstance(queries, (list, tuple)):
            to_draw = [
                options_to_draw(client, options, is_subscribed=is_subscribed, is_restoring=is_restoring)
                for options in cast("Sequence[AnyQueryOptions]", queries)
            ]
            queries = tuple(to_draw) if isinstance(queries, tuple) else to_draw
        observer = self._observer
        if observer is None or client is not self._client or type(queries) is not type(self._queries):
            # it refuses what is neither list nor tuple
            observer = self._observer = QueriesObserver(client, queries, combine)
            self._client = client
        self._queries, self._combine = queries, combine
        self._is_subscribed = is_subscribed and not is_restoring
        made: object = observer.get_optimistic_result(queries, combine)
        optimistic = cast("OptimisticResults[Any, Any]", made)
        self._drawn_results = optimistic.results
        drawn = optimistic.get_combined(optimistic.track())
        self._shown = drawn if combine is not None else observer.get_current_result()
        self._drawn(client)
        return drawn

    def get_observer(self) -> QueriesObserver[Any, Any]:
        """The observer, once something was drawn."""
        assert self._observer is not None, "show() comes first"
        return self._observer

    def _settle(self) -> None:
        observer = self.get_observer()
        observer.set_queries(self._queries, self._combine)
        self._listen_to(observer if self._is_subscribed else None)
        if self._combine is None:
            # other queries are other results to the observer, also if they are those that were drawn
            results: Results = observer.get_current_result()
            drawn = self._drawn_results
            if len(results) == len(drawn) and all(map(_show_the_same, results, drawn)):
                self._shown = results
        self._look()

    def _differs(self) -> bool:
        observer = self.get_observer()
        shown = observer.get_current_result() if self._combine is None else observer.get_combined_result()
        return shown is not self._shown


def _show_the_same(a: QueryObserverResult[Any], b: QueryObserverResult[Any]) -> bool:
    return a is b or (a.status == b.status and not changed_any(a, b, _SHOWN))
