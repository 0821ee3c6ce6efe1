"""The declaration of several queries at once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, overload

from typing_extensions import TypeVar, Unpack

from ...base.options import QueryOptions
from ...face import QueryClient
from ...observers.query_result import QueryObserverResult
from .declaration import Declaration, OrFunction, ReactiveFlags
from .sources import QueriesSource

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
MadeT = TypeVar("MadeT")

# short, since the overloads spell them out for each number of queries
Q: TypeAlias = QueryOptions[Any, A]
R: TypeAlias = QueryObserverResult[A]


@overload
def use_queries(
    queries: OrFunction[tuple[Q[A]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A]]]: ...
@overload
def use_queries(  # pyright: ignore[reportOverlappingOverload] - of two it takes a pair
    queries: OrFunction[tuple[Q[A], Q[B]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], R[B]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], R[B], R[C]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], R[B], R[C], R[D]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D], Q[E]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], R[B], R[C], R[D], R[E]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], R[B], R[C], R[D], R[E], R[F]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], ...]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[tuple[R[A], ...]]: ...
@overload
def use_queries(
    queries: OrFunction[list[Q[A]]],
    combine: None = ...,
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[list[R[A]]]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A]]],
    combine: Callable[[tuple[R[A]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B]]],
    combine: Callable[[tuple[R[A], R[B]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C]]],
    combine: Callable[[tuple[R[A], R[B], R[C]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D]]],
    combine: Callable[[tuple[R[A], R[B], R[C], R[D]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D], Q[E]]],
    combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]]],
    combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E], R[F]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[A], ...]],
    combine: Callable[[tuple[R[A], ...]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[list[Q[A]]],
    combine: Callable[[list[R[A]]], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
@overload
def use_queries(
    queries: OrFunction[tuple[Q[Any], ...] | list[Q[Any]]],
    combine: Callable[[Any, Any], MadeT],
    client: QueryClient | None = ...,
    *,
    subscribed: OrFunction[bool] = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[MadeT]: ...
def use_queries(
    queries: Any,
    combine: Callable[..., Any] | None = None,
    client: QueryClient | None = None,
    *,
    subscribed: OrFunction[bool] = True,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[Any]:
    """Declare an attribute that shows several queries at once.

    For example::

        class Overview(Static):
            slugs = reactive(())
            projects = use_queries(lambda self: [project_options(slug) for slug in self.slugs])

    Args:
        queries: The options of the queries, each with a key, as a list or tuple; or a function of the widget that
            returns them.
        combine: Makes one value of all results: a function of them, or of the widget and them, as a method is. The
            watchers are called only when that is another.
        client: The client; by default that of the nearest ancestor that has one.
        subscribed: Whether to follow the queries and to fetch; or a function of the widget that says so.
        **flags: Keywords of ``reactive``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.
        OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.

    Source: react-query, useQueries.ts.
    """
    takes_node = combine is not None and _takes_two(combine)

    def options_of(node: Any) -> tuple[Any, Any]:
        wanted = queries(node) if callable(queries) else queries
        return wanted, partial(combine, node) if combine is not None and takes_node else combine

    options = options_of if callable(queries) or takes_node else (queries, combine)
    return Declaration(
        QueriesSource,
        options,
        client=client,
        subscribed=subscribed,
        waits_for_restoring=True,
        functions=(queries, combine, subscribed),
        **flags,
    )


def _takes_two(function: Callable[..., Any]) -> bool:
    """Whether a function is to be called with the widget as well, as a method is.

    Args:
        function: The function.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        # of some builtins there is none
        return False
    return sum(p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters) == 2
