"""The hooks that write, and those that show what is being written.

Source: react-query, useMutation.ts, useMutationState.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from typing_extensions import TypeVar

from ..base.filters import MutationsMeant
from ..base.mutation_options import MutationOptions
from ..base.mutation_state import ContextT, MutationState, ResultT, VariablesT
from ..cache.mutation import Mutation
from ..face import QueryClient
from .cache_binding import CountBinding, MutationStateBinding
from .client_hooks import ClientHooks
from .mutation_binding import MutationBinding
from .mutation_hook_result import UseMutationResult

T = TypeVar("T")


class MutationHooks(ClientHooks):
    """The hooks about mutations."""

    def use_mutation(
        self, options: MutationOptions[VariablesT, ResultT, ContextT], client: QueryClient | None = None
    ) -> UseMutationResult[VariablesT, ResultT, ContextT]:
        """Write, and show how the latest write of this component is doing.

        ``result.mutate(variables)`` is for buttons: it returns nothing, and a failure is in the result only.
        ``await result.mutate_async(variables)`` returns the data, and raises what went wrong. Both take ``on_success``,
        ``on_error`` and ``on_settled``, which are called only for the latest write and while the component is there.

        Args:
            options: The options. They may be made anew at each render.
            client: The client; that of the nearest provider by default.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.

        Source: react-query, useMutation. Differs: no error boundaries, so ``throw_on_error`` decides nothing here.
        """
        found = self.use_query_client(client)
        binding = self._use_binding(MutationBinding[VariablesT, ResultT, ContextT])
        return binding.show(found, options)

    @overload
    def use_mutation_state(
        self, filters: MutationsMeant | None = None, select: None = None, client: QueryClient | None = None
    ) -> list[MutationState[Any, Any, Any]]: ...
    @overload
    def use_mutation_state(
        self,
        filters: MutationsMeant | None = None,
        *,
        select: Callable[[Mutation[Any, Any, Any]], T],
        client: QueryClient | None = None,
    ) -> list[T]: ...
    @overload
    def use_mutation_state(
        self,
        filters: MutationsMeant | None,
        select: Callable[[Mutation[Any, Any, Any]], T],
        client: QueryClient | None = None,
    ) -> list[T]: ...
    def use_mutation_state(
        self, filters: MutationsMeant | None = None, select: Any = None, client: QueryClient | None = None
    ) -> list[Any]:
        """What mutations of any component are doing, oldest first: for rows that are still being saved.

        Args:
            filters: Which mutations count; or a key, or options, whose key is meant as a beginning.
            select: Makes an item of a mutation; by default the state of it. Called again only for other mutations or
                states, and at each render.
            client: The client; that of the nearest provider by default.

        Returns:
            A list that keeps the equal parts of the one before.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.

        Source: react-query, useMutationState.
        """
        found = self.use_query_client(client)
        binding = self._use_binding(MutationStateBinding[Any])
        cache = found.get_mutation_cache()
        return binding.show(found, lambda: cache.find_all(filters), _state_of if select is None else select)

    def use_is_mutating(self, filters: MutationsMeant | None = None, client: QueryClient | None = None) -> int:
        """How many mutations are pending; paused ones are.

        Args:
            filters: Which mutations count; or a key, or options, whose key is meant as a beginning.
            client: The client; that of the nearest provider by default.

        Raises:
            MissingQueryClientError: There is no provider, and no client was given.

        Source: react-query, useIsMutating.
        """
        found = self.use_query_client(client)
        binding = self._use_binding(CountBinding)
        return binding.show(found, found.get_mutation_cache(), lambda: found.is_mutating(filters))


def _state_of(mutation: Mutation[Any, Any, Any]) -> MutationState[Any, Any, Any]:
    return mutation.state
