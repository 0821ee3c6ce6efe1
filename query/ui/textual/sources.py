"""What declarations of queries show: an observer behind the few calls that a declaration makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol

from typing_extensions import TypeVar

from ...base.options import AnyQueryOptions
from ...base.types import Unsubscribe
from ...base.values import given
from ...observers.observed_queries import ObservedQueries
from ...observers.query_observer_base import QueryObserverBase
from ...observers.query_result import ResultT

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
    """Several queries, combined or not.

    Args:
        observer: An observer of them.
        combine: What makes one value of all results; None for a list of them.
    """

    def __init__(self, observer: ObservedQueries[Any, Any], combine: Callable[[Any], Any] | None) -> None:
        self._observer = observer
        self._combine = combine

    def current(self) -> Any:
        """The results, or what ``combine`` makes of them."""
        return self._observer.get_combined_result()

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the queries, and fetch as their options say."""
        return self._observer.subscribe(listener)

    def set_options(self, options: Any) -> None:
        """Look at other queries."""
        self._observer._set(options, self._combine)
