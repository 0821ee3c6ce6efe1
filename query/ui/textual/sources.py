"""What declarations of queries show: an observer behind the few calls that a declaration makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeAlias, cast

from typing_extensions import TypeVar

from ...base.options import AnyQueryOptions
from ...base.types import Unsubscribe
from ...base.values import given
from ...client.query_client import QueryClient
from ...observers.queries_observer import OptimisticResults, QueriesObserver
from ...observers.query_observer_base import QueryObserverBase
from ...observers.query_result import ResultT

Combine: TypeAlias = Callable[[Any], Any]
"""Makes one value of the results of several queries."""

ValueT_co = TypeVar("ValueT_co", covariant=True)


class Source(Protocol[ValueT_co]):
    """Something that is shown, and may change."""

    def current(self) -> ValueT_co:
        """What to show now: the same object for as long as nothing changes."""
        ...

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Call *listener*, with anything, at each change, inside of it."""
        ...

    def set_options(self, options: Any) -> None:
        """Show something else."""
        ...


class QuerySource(Generic[ResultT]):
    """One query. What is read of its results is noted, and changes of all else are not told.

    Args:
        observer: An observer of it.
    """

    def __init__(self, observer: QueryObserverBase[Any, Any, ResultT]) -> None:
        self._observer = observer
        self._result: ResultT | None = None
        self._shown: ResultT | None = None

    def current(self) -> ResultT:
        """The result, which notes what is read, unless the options have ``notify_on_change_props``."""
        observer = self._observer
        if not observer.has_listeners():
            # nobody tells it
            observer.update_result()
        result = observer.get_current_result()
        if result is not self._result or self._shown is None:
            self._result = result
            is_tracked = given(observer.options.notify_on_change_props, None) is None
            self._shown = observer.track_result(result) if is_tracked else result
        return self._shown

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the query, and fetch as the options say."""
        return self._observer.subscribe(listener)

    def set_options(self, options: AnyQueryOptions) -> None:
        """Look at the query of other options."""
        self._observer.set_options(options)
        if given(self._observer.options.notify_on_change_props, None) is not None:
            # what was noted so far does not count
            self._shown = None


class QueriesSource:
    """Several queries, combined or not. What is read of the results is noted, as of one.

    Args:
        client: The client.
        options: The options of all, as a list or tuple, and what makes one value of all results, or None.
    """

    def __init__(self, client: QueryClient, options: tuple[Any, Combine | None]) -> None:
        self._client = client
        self._queries, self._combine = options
        self._observer: QueriesObserver[Any, Any] = QueriesObserver(client, self._queries, self._combine)
        self._listener: Callable[..., object] | None = None
        self._results: object = None
        self._shown: object = None

    def current(self) -> Any:
        """The results, or what is made of them."""
        observer = self._observer
        if self._listener is None:
            # nobody tells it
            observer.set_queries(self._queries, self._combine)
        if self._combine is not None:
            return observer.get_combined_result()
        results: object = observer.get_current_result()
        if results is not self._results:
            self._results = results
            made: object = observer.get_optimistic_result(self._queries)
            self._shown = cast("OptimisticResults[Any, Any]", made).track()
        return self._shown

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the queries, and fetch as their options say."""
        self._listener = listener
        self._observer.subscribe(listener)

        def leave() -> None:
            self._listener = None
            self._observer.destroy()

        return leave

    def set_options(self, options: tuple[Any, Combine | None]) -> None:
        """Look at other queries, combined in another way."""
        former = self._observer
        is_tuple = isinstance(self._queries, tuple)
        self._queries, self._combine = options
        if isinstance(self._queries, tuple) is is_tuple:
            former.set_queries(self._queries, self._combine)
        else:
            # one of lists stays one of lists
            self._observer = QueriesObserver(self._client, self._queries, self._combine)
            if self._listener is not None:
                self._observer.subscribe(self._listener)
                former.destroy()
