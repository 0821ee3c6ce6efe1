"""What declarations of mutations and of numbers show, each behind the calls of a ``Source``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from ...base.filters import MutationFilters, MutationsMeant, QueriesMeant, mutation_filters
from ...base.structural_sharing import replace_equal_deep
from ...base.types import UNSET, Unsubscribe
from ...cache.mutation import AnyMutation
from ...client.query_client import QueryClient
from ...observers.mutation_observer import MutationObserver
from ...observers.mutation_result import MutationObserverResult
from ..mutation_hook_result import UseMutationResult, forgetting, hook_result


class MutationSource:
    """The latest mutation of one kind.

    Args:
        client: The client.
        options: The options.
    """

    def __init__(self, client: QueryClient, options: Any) -> None:
        self._observer: MutationObserver[Any, Any, Any] = MutationObserver(client, options)
        self._mutate = forgetting(self._observer)
        self._result: MutationObserverResult[Any, Any, Any] | None = None
        self._shown: UseMutationResult[Any, Any, Any] | None = None

    def current(self) -> UseMutationResult[Any, Any, Any]:
        """The result."""
        result = self._observer.get_current_result()
        if result is not self._result or self._shown is None:
            self._result = result
            self._shown = hook_result(result, self._mutate)
        return self._shown

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow it."""
        return self._observer.subscribe(listener)

    def set_options(self, options: Any) -> None:
        """Mutate with other options."""
        self._observer.set_options(options)


class MutationStateSource:
    """Something of each mutation that is meant, in their order.

    Args:
        client: The client.
        filters: Which mutations are meant; None for all.
        select: What to show of each; None for its state.

    Source: react-query, useMutationState.ts.
    """

    def __init__(
        self, client: QueryClient, filters: MutationsMeant | None, select: Callable[[Any], Any] | None
    ) -> None:
        self._cache = client.get_mutation_cache()
        self._filters = _filters_of(filters)
        self._select = select
        self._seen: list[tuple[AnyMutation, Any]] = []
        self._shown: list[Any] = []

    def current(self) -> list[Any]:
        """The list: the same one for as long as the mutations and their states are the same."""
        meant = [(mutation, mutation.state) for mutation in self._cache.find_all(self._filters)]
        if not _same_pairs(meant, self._seen):
            self._seen = meant
            select = self._select
            shown = [state if select is None else select(mutation) for mutation, state in meant]
            self._shown = cast("list[Any]", replace_equal_deep(self._shown, shown))
        return self._shown

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the mutation cache."""
        return self._cache.subscribe(listener)

    def set_options(self, options: MutationsMeant | None) -> None:
        """Mean other mutations."""
        self._filters = _filters_of(options)


class FetchingSource:
    """How many of the queries that are meant fetch.

    Args:
        client: The client.
        filters: Which queries are meant; None for all.

    Source: react-query, useIsFetching.ts.
    """

    def __init__(self, client: QueryClient, filters: QueriesMeant | None) -> None:
        self._client = client
        self._filters = filters

    def current(self) -> int:
        """The number."""
        return self._client.is_fetching(self._filters)

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the query cache."""
        return self._client.get_query_cache().subscribe(listener)

    def set_options(self, options: QueriesMeant | None) -> None:
        """Mean other queries."""
        self._filters = options


class MutatingSource:
    """How many of the mutations that are meant are pending.

    Args:
        client: The client.
        filters: Which mutations are meant; None for all.

    Source: react-query, useMutationState.ts, useIsMutating.
    """

    def __init__(self, client: QueryClient, filters: MutationsMeant | None) -> None:
        self._client = client
        self._filters = filters

    def current(self) -> int:
        """The number."""
        return self._client.is_mutating(self._filters)

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Follow the mutation cache."""
        return self._client.get_mutation_cache().subscribe(listener)

    def set_options(self, options: MutationsMeant | None) -> None:
        """Mean other mutations."""
        self._filters = options


class PrefetchSource:
    """Nothing to show: fetches a query ahead of those below that will need it, if nothing is known of it.

    Args:
        client: The client.
        options: The options, with a key.

    Source: react-query, usePrefetchQuery.tsx.
    """

    def __init__(self, client: QueryClient, options: Any) -> None:
        self._client = client
        self.set_options(options)

    def current(self) -> None:
        """Nothing."""

    def subscribe(self, listener: Callable[..., object]) -> Unsubscribe:
        """Nothing is ever told."""
        return _nothing

    def set_options(self, options: Any) -> None:
        """Fetch another query, if nothing is known of it."""
        client = self._client
        if client.get_query_state(options.query_key) is UNSET:
            client.prefetch_query(options)


def _filters_of(meant: MutationsMeant | None) -> MutationFilters:
    return mutation_filters(meant, {})


def _same_pairs(one: list[tuple[AnyMutation, Any]], other: list[tuple[AnyMutation, Any]]) -> bool:
    return len(one) == len(other) and all(
        a is b and state is known for (a, state), (b, known) in zip(one, other, strict=True)
    )


def _nothing() -> None:
    pass
