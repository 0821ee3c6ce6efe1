"""Watches several queries at once, and combines their results into one value.

Source: queriesObserver.ts. How it works is next door, in ``observed_queries.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, overload

from typing_extensions import TypeVar

from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import UNSET, Duration, Unset
from ..client.query_client import QueryClient
from .observed_queries import CombinedT, ObservedQueries, ResultsT, check_combine, hash_of
from .query_result import QueryObserverResult
from .result_stream import ResultStream
from .result_wait import first_result
from .tracked_group import TrackedGroup

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
MadeT = TypeVar("MadeT")
ResultsT_contra = TypeVar("ResultsT_contra", contravariant=True)
MadeT_co = TypeVar("MadeT_co", covariant=True)

# short, since the constructor spells them out for each number of queries
Q: TypeAlias = QueryOptions[Any, A]
R: TypeAlias = QueryObserverResult[A]


class GetCombined(Protocol[ResultsT_contra, MadeT_co]):
    """The combined value of optimistic results; see ``QueriesObserver.get_optimistic_result``."""

    def __call__(self, results: ResultsT_contra | None = None, /) -> MadeT_co:
        """Combine *results*, by default the raw ones."""
        ...


class OptimisticResults(NamedTuple, Generic[ResultsT, CombinedT]):
    """What a group would show; see ``QueriesObserver.get_optimistic_result``.

    Attributes:
        results: The raw results.
        get_combined: Combines them, or what is given to it, once for the same results.
        track: Returns results that note which of their fields are read.
    """

    results: ResultsT
    get_combined: GetCombined[ResultsT, CombinedT]
    track: Callable[[], ResultsT]


class QueriesObserver(ObservedQueries[ResultsT, CombinedT], Generic[ResultsT, CombinedT]):
    """Looks at several queries at once: one observer for each place of a list, and a list of results for each change.

    Of a list of options the results are a list, of a tuple a tuple, whose types are known one by one. ::

        observer = QueriesObserver(client, [project_options(1), project_options(2)])
        unsubscribe = observer.subscribe(lambda results: print([result.data for result in results]))

    With ``combine`` listeners are told only when the combined value is another. It is computed once for the same
    results, and is given results that note what it reads: changes of other fields do not matter. What it makes keeps
    the equal parts of the former value.

    Args:
        client: The client.
        queries: The options of the queries, each with a key.
        combine: Makes one value of all results; see ``get_combined_result``.

    Raises:
        OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.

    Source: queriesObserver.ts. Differs: upstream drops a ``combine`` that its constructor is given.
    """

    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A]], tuple[R[A]]], client: QueryClient, queries: tuple[Q[A]], combine: None = ...
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B]], tuple[R[A], R[B]]],
        client: QueryClient,
        queries: tuple[Q[A], Q[B]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C]], tuple[R[A], R[B], R[C]]],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D]], tuple[R[A], R[B], R[C], R[D]]],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E]], tuple[R[A], R[B], R[C], R[D], R[E]]],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E], R[F]], tuple[R[A], R[B], R[C], R[D], R[E], R[F]]],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A]],
        combine: Callable[[tuple[R[A]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], Q[B]],
        combine: Callable[[tuple[R[A], R[B]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: Callable[[tuple[R[A], R[B], R[C]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], R[B], R[C], R[D], R[E], R[F]], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E], R[F]]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], ...], tuple[R[A], ...]],
        client: QueryClient,
        queries: tuple[Q[A], ...],
        combine: None = ...,
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[list[R[A]], list[R[A]]], client: QueryClient, queries: list[Q[A]], combine: None = ...
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[tuple[R[A], ...], MadeT],
        client: QueryClient,
        queries: tuple[Q[A], ...],
        combine: Callable[[tuple[R[A], ...]], MadeT],
    ) -> None: ...
    @overload
    def __init__(
        self: QueriesObserver[list[R[A]], MadeT],
        client: QueryClient,
        queries: list[Q[A]],
        combine: Callable[[list[R[A]]], MadeT],
    ) -> None: ...
    def __init__(self, client: QueryClient, queries: Any, combine: Any = None) -> None:
        given: object = queries
        super().__init__(client, tuple if isinstance(given, tuple) else list)
        self._set(queries, combine)

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
            OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.

        Source: queriesObserver.ts, setQueries. Differs: upstream drops ``combine`` if it is not given again.
        """
        self._set(queries, self._combine if combine is UNSET else combine)

    def results(self) -> ResultStream[ResultsT]:
        """The results as an async iterator: the present ones, then the newest at each step.

        It subscribes when the iteration begins, and leaves when it ends; see ``ResultStream``. With ``combine`` a step
        is a change of the combined value.
        """
        return ResultStream(self._environment, self.subscribe, self.get_current_result)

    async def wait_for(
        self,
        predicate: Callable[[ResultsT], object],
        *,
        timeout: Duration | None = None,  # noqa: ASYNC109 - by the client's clock, which may be a virtual one
    ) -> ResultsT:
        """The first results for which *predicate* holds, the present ones included.

        Every change is looked at, whatever listeners are told of. They are subscribed to while waiting, which may
        start fetches. ::

            results = await observer.wait_for(lambda results: all(result.is_success for result in results))

        Args:
            predicate: A function of the results.
            timeout: Seconds or a timedelta by the client's clock; for good by default.

        Raises:
            ResultTimeoutError: There were none in time; it says what the last ones were.
            QueryCancelledError: The client was closed.
            OptionError: The predicate is a coroutine function, or the timeout is no duration.
        """
        return await first_result(self, self._environment, predicate, timeout)

    @overload
    def get_optimistic_result(
        self: QueriesObserver[list[R[A]], CombinedT], queries: list[Q[A]], combine: None = ...
    ) -> OptimisticResults[list[R[A]], list[R[A]]]: ...
    @overload
    def get_optimistic_result(
        self: QueriesObserver[list[R[A]], CombinedT], queries: list[Q[A]], combine: Callable[[list[R[A]]], MadeT]
    ) -> OptimisticResults[list[R[A]], MadeT]: ...
    @overload
    def get_optimistic_result(
        self, queries: tuple[AnyQueryOptions, ...], combine: None = ...
    ) -> OptimisticResults[ResultsT, ResultsT]: ...
    @overload
    def get_optimistic_result(
        self, queries: tuple[AnyQueryOptions, ...], combine: Callable[[ResultsT], MadeT]
    ) -> OptimisticResults[ResultsT, MadeT]: ...
    def get_optimistic_result(self, queries: Any, combine: Any = None) -> OptimisticResults[Any, Any]:
        """What would be shown of other queries, which need not be set yet. For what draws results.

        Args:
            queries: The options of all queries anew, each with a key.
            combine: Makes one value of all results.

        Returns:
            The raw results; a function for the combined value, which is computed once for the same results; and a
            function for results that note what is read: from then on changes of other fields are not told.

        Raises:
            OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.

        Source: queriesObserver.ts, getOptimisticResult.
        """
        if combine is not None:
            check_combine("combine", combine)
        members = self._find(queries)
        results = self._container(member.observer.get_optimistic_result(member.options) for member in members)
        hashes = [hash_of(member.options) for member in members]
        tracked = TrackedGroup(members)

        def get_combined(given: Any = None, /) -> Any:
            shown = results if given is None else given
            return shown if combine is None else self._combined.of(combine, hashes, results, shown)

        return OptimisticResults(results, get_combined, lambda: self._container(tracked.wrap(results)))

    def __repr__(self) -> str:
        return f"<QueriesObserver of {len(self._members)} queries>"
