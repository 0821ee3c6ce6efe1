"""Declarations of mutations, as they stand in the bodies of widgets, screens and apps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from typing_extensions import Unpack

from ...base.filters import MutationsMeant
from ...base.mutation_options import MutationOptions
from ...base.mutation_state import ContextT, MutationState, ResultT, VariablesT
from ...cache.mutation import AnyMutation
from ...client.query_client import QueryClient as CoreClient
from ...face import QueryClient
from ..mutation_hook_result import UseMutationResult
from .declaration import Declaration, OrFunction, ReactiveFlags
from .mutation_sources import MutatingSource, MutationSource, MutationStateSource

SelectedT = TypeVar("SelectedT")


def use_mutation(
    options: OrFunction[MutationOptions[VariablesT, ResultT, ContextT]],
    client: QueryClient | None = None,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[UseMutationResult[VariablesT, ResultT, ContextT]]:
    """Declare an attribute that starts mutations and shows how the latest is doing.

    For example::

        class NewProject(Vertical):
            create = use_mutation(create_project_options)

            def on_button_pressed(self):
                self.create.mutate({"name": self.query_one(Input).value})

            def watch_create(self, create):
                self.query_one(Button).disabled = create.is_pending

    ``mutate(variables)`` is for handlers: it returns nothing, and a failure is in the result only.
    ``await mutate_async(variables)`` returns the data, and raises what went wrong. A mutation that is under way when
    the widget goes is brought to its end.

    Args:
        options: The options; or a function of the widget that returns them.
        client: The client; by default that of the nearest ancestor that has one.
        **flags: Keywords of ``reactive``; see ``use_query``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.

    Source: react-query, useMutation.ts.
    """
    return Declaration(MutationSource, options, client=client, **flags)


@overload
def use_mutation_state(
    filters: OrFunction[MutationsMeant | None] = ...,
    select: None = ...,
    client: QueryClient | None = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[list[MutationState[Any, Any, Any]]]: ...
@overload
def use_mutation_state(
    filters: OrFunction[MutationsMeant | None] = ...,
    *,
    select: Callable[[AnyMutation], SelectedT],
    client: QueryClient | None = ...,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[list[SelectedT]]: ...
def use_mutation_state(
    filters: OrFunction[MutationsMeant | None] = None,
    select: Callable[[AnyMutation], Any] | None = None,
    client: QueryClient | None = None,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[Any]:
    """Declare an attribute that is a list of something of all mutations that are meant, whoever started them.

    For example::

        class Saving(Static):
            names = use_mutation_state(
                MutationFilters(status="pending"), select=lambda mutation: mutation.state.variables
            )

    Args:
        filters: Which mutations are meant: filters; or a key, or options, whose key is meant as a beginning; or a
            function of the widget that returns them. By default all.
        select: What to show of each; by default its state.
        client: The client; by default that of the nearest ancestor that has one.
        **flags: Keywords of ``reactive``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.

    Source: react-query, useMutationState.ts.
    """

    def make_source(client: CoreClient, filters: Any) -> MutationStateSource:
        return MutationStateSource(client, filters, select)

    return Declaration(make_source, filters, client=client, **flags)


def use_is_mutating(
    filters: OrFunction[MutationsMeant | None] = None,
    client: QueryClient | None = None,
    **flags: Unpack[ReactiveFlags],
) -> Declaration[int]:
    """Declare an attribute that is the number of mutations that are pending right now.

    Args:
        filters: Which mutations are meant: filters; or a key, or options, whose key is meant as a beginning; or a
            function of the widget that returns them. By default all.
        client: The client; by default that of the nearest ancestor that has one.
        **flags: Keywords of ``reactive``.

    Raises:
        MissingQueryClientError: When the widget is mounted and no ancestor has a client.
        NotMountedError: The attribute was read before that.

    Source: react-query, useMutationState.ts, useIsMutating.
    """
    return Declaration(MutatingSource, filters, client=client, **flags)
