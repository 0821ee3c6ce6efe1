"""Watches several queries at once, for threads that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar, cast, overload

from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import UNSET, Duration, Unset
from ..cache.query import Query
from ..observers.observed_queries import CombinedT, ResultsT
from ..observers.queries_observer import QueriesObserver as AsyncQueriesObserver
from ..observers.query_result import QueryObserverResult
from .client_base import BlockingClientBase
from .observer_base import ObserverBase
from .result_stream import ResultStream

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
MadeT = TypeVar("MadeT")

# short, since the constructor spells them out for each number of queries
Q: TypeAlias = QueryOptions[Any, A]
R: TypeAlias = QueryObserverResult[A]


class QueriesObserver(ObserverBase[ResultsT], Generic[ResultsT, CombinedT]):
    """Looks at several queries at once, from threads: a list of options gives a list of results, a tuple a tuple.

    For example::

        observer = QueriesObserver(client, [project_options(1), project_options(2)])
        results = observer.wait_for(lambda results: all(result.is_success for result in results))

    With ``combine`` listeners are told only when the combined value is another; see ``query.QueriesObserver``.

    Args:
        client: A ``query.sync.QueryClient``, or ``client.threadsafe`` of an asyncio program.
        queries: The options of the queries, each with a key.
        combine: Makes one value of all results; called in the event loop, so it must not block.

    Raises:
        OptionError: Options have no key, or ``combine`` is no plain function of the results.
    """

    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A]], tuple[R[A]]],
        client: BlockingClientBase,
        queries: tuple[Q[A]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B]], tuple[R[A], R[B]]],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C]], tuple[R[A], R[B], R[C]]],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D]], tuple[R[A], R[B], R[C], R[D]]],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E]], tuple[R[A], R[B], R[C], R[D], R[E]]],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E], R[F]], tuple[R[A], R[B], R[C], R[D], R[E], R[F]]],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A]],
        combine: Callable[[tuple[R[A]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B]],
        combine: Callable[[tuple[R[A], R[B]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: Callable[[tuple[R[A], R[B], R[C]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E], R[F]], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E], R[F]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], ...], tuple[R[A], ...]],
        client: BlockingClientBase,
        queries: tuple[Q[A], ...],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[list[R[A]], list[R[A]]],
        client: BlockingClientBase,
        queries: list[Q[A]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], ...], MadeT],
        client: BlockingClientBase,
        queries: tuple[Q[A], ...],
        combine: Callable[[tuple[R[A], ...]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[list[R[A]], MadeT],
        client: BlockingClientBase,
        queries: list[Q[A]],
        combine: Callable[[list[R[A]]], MadeT],
    ) -> None: ...
    def __init__(self, client: BlockingClientBase, queries: Any, combine: Any = None) -> None:
        make = cast("Callable[..., AsyncQueriesObserver[ResultsT, CombinedT]]", AsyncQueriesObserver)
        observer = client._crossing.call(lambda: make(client.loop_client, queries, combine))
        super().__init__(client, observer)
        self._observer = observer

    def get_current_result(self) -> ResultsT:
        """The latest results, in the order of the queries. Without subscribers they stay as they were."""
        return self._show(self._crossing.call(self._observer.get_current_result))

    def get_combined_result(self) -> CombinedT:
        """What ``combine`` makes of the latest results; without ``combine``, the results.

        It is the same object for as long as nothing changed that ``combine`` shows.
        """
        results, combined = self._crossing.call(
            lambda: (self._observer.get_current_result(), self._observer.get_combined_result())
        )
        # without "combine" they are one object, made for the loop
        is_raw = cast("object", combined) is results
        return cast("CombinedT", self._show(results)) if is_raw else combined

    def get_queries(self) -> list[Query[Any]]:
        """The queries that are looked at, in order. They live in the event loop; see ``client.call``."""
        return self._crossing.call(self._observer.get_queries)

    @overload
    def set_queries(
        self: QueriesObserver[list[R[A]], CombinedT],
        queries: list[Q[A]],
        combine: Callable[[list[R[A]]], CombinedT] | Unset | None = ...,
    ) -> None: ...
    @overload
    def set_queries(
        self, queries: tuple[AnyQueryOptions, ...], combine: Callable[[ResultsT], CombinedT] | Unset | None = ...
    ) -> None: ...
    def set_queries(self, queries: Any, combine: Any = UNSET) -> None:
        """Look at other queries, or with other options.

        An observer stays with its query wherever in the list that is now. While subscribed, those that are new
        subscribe and may fetch, and those that are left over leave.

        Args:
            queries: The options of all queries anew, each with a key.
            combine: Another function to combine with; None for none. By default the present one stays.

        Raises:
            OptionError: Options have no key, or ``combine`` is no plain function of the results.
        """
        self._crossing.call(lambda: self._observer.set_queries(queries, combine))

    def destroy(self) -> None:
        """Drop all listeners and leave the queries. The observer may be subscribed to again."""

        def end() -> None:
            self._leave_all()
            self._observer.destroy()

        self._crossing.call(end)

    def results(self) -> ResultStream[ResultsT]:
        """The results as an iterator: the present ones, then the newest at each step, which blocks until there are any.

        It subscribes when the iteration begins, and leaves when it ends; see ``ResultStream``. With ``combine`` a step
        is a change of the combined value.
        """
        return ResultStream(self._client, self._observer.results(), self._show)

    def wait_for(self, predicate: Callable[[ResultsT], object], *, timeout: Duration | None = None) -> ResultsT:
        """The first results for which *predicate* holds, the present ones included.

        Every change is looked at, whatever listeners are told of. They are subscribed to while waiting, which may
        start fetches.

        Args:
            predicate: A function of the results; called in the event loop, so it must not block.
            timeout: Seconds or a timedelta by the client's clock; for good by default.

        Raises:
            ResultTimeoutError: There were none in time; it says what the last ones were.
            QueryCancelledError: The client was closed.
            OptionError: The predicate is a coroutine function, or the timeout is no duration.
        """
        return self._show(self._crossing.wait(lambda: self._observer.wait_for(predicate, timeout=timeout)))

    def _show(self, result: ResultsT) -> ResultsT:
        results = cast("tuple[QueryObserverResult[Any], ...] | list[QueryObserverResult[Any]]", result)
        return cast("ResultsT", type(results)(self._results.all(results)))

    def __repr__(self) -> str:
        return repr(self._observer)
