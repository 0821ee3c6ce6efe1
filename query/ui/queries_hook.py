"""The hook that shows several queries at once. Nearly all of it is types: one for each number of queries.

Source: react-query, useQueries.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, overload

from typing_extensions import TypeVar

from ..base.options import QueryOptions
from ..face import QueryClient
from ..observers.query_result import QueryObserverResult
from .client_hooks import ClientHooks
from .queries_binding import QueriesBinding

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
MadeT = TypeVar("MadeT")

# short, since the hook spells them out for each number of queries
Q: TypeAlias = QueryOptions[Any, A]
R: TypeAlias = QueryObserverResult[A]


class QueriesHook(ClientHooks):
    """The hook about queries, several at a time."""

    @overload
    def use_queries(
        self, queries: tuple[Q[A]], combine: None = ..., client: QueryClient | None = ..., *, subscribed: bool = ...
    ) -> tuple[R[A]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B]],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], R[B]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], R[B], R[C]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], R[B], R[C], R[D]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], R[B], R[C], R[D], R[E]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], R[B], R[C], R[D], R[E], R[F]]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A]],
        combine: Callable[[tuple[R[A]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B]],
        combine: Callable[[tuple[R[A], R[B]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C]],
        combine: Callable[[tuple[R[A], R[B], R[C]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], Q[B], Q[C], Q[D], Q[E], Q[F]],
        combine: Callable[[tuple[R[A], R[B], R[C], R[D], R[E], R[F]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], ...],
        combine: None = ...,
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> tuple[R[A], ...]: ...
    @overload
    def use_queries(
        self,
        queries: tuple[Q[A], ...],
        combine: Callable[[tuple[R[A], ...]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    @overload
    def use_queries(
        self, queries: list[Q[A]], combine: None = ..., client: QueryClient | None = ..., *, subscribed: bool = ...
    ) -> list[R[A]]: ...
    @overload
    def use_queries(
        self,
        queries: list[Q[A]],
        combine: Callable[[list[R[A]]], MadeT],
        client: QueryClient | None = ...,
        *,
        subscribed: bool = ...,
    ) -> MadeT: ...
    def use_queries(
        self, queries: Any, combine: Any = None, client: QueryClient | None = None, *, subscribed: bool = True
    ) -> Any:
        """Show several queries at once: their results in order, or what *combine* makes of them.

        There may be more or fewer of them at each render. With *combine* the component is rendered again only when that
        makes something else; it is given results that note what it reads.

        Args:
            queries: The options of all queries, each with a key: a list, or a tuple, whose types are known one by one.
            combine: Makes one value of all results, which keeps the equal parts of the former one.
            client: The client; that of the nearest provider by default.
            subscribed: False shows what is there, without following or fetching.

        Returns:
            Results as those of ``use_query``, in a list or tuple like *queries*; or what *combine* returned.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.
            OptionError: The queries are no list or tuple of options with keys, or ``combine`` is no plain function.

        Source: react-query, useQueries. Differs: no suspense, no error boundaries.
        """
        found, is_restoring = self.use_query_client(client), self.use_is_restoring()
        binding = self._use_binding(QueriesBinding)
        return binding.show(found, queries, combine, is_subscribed=subscribed, is_restoring=is_restoring)
