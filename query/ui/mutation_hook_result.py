"""What ``use_mutation`` returns: the result of an observer of mutations, with the two ways to start one apart.

Source: react-query, types.ts, UseMutationResult.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol, TypeAlias, overload

from msgspec import structs
from typing_extensions import TypeVar

from ..base.mutation_options import OnError, OnSettled, OnSuccess
from ..base.types import MutationStatus
from ..observers.mutation_observer import MutationObserver
from ..observers.mutation_result import (
    ErrorMutationResult,
    IdleMutationResult,
    Mutate,
    MutationObserverResult,
    MutationResult,
    PendingMutationResult,
    SuccessMutationResult,
)
from ..runtime.waiting import without_result

V = TypeVar("V", default=Any)
R_co = TypeVar("R_co", default=Any, covariant=True)
C_co = TypeVar("C_co", default=Any, covariant=True)


class StartMutation(Protocol[V, R_co, C_co]):
    """Starts a mutation, and tells of its end only by the result and the callbacks."""

    @overload
    def __call__(
        self: StartMutation[None, R_co, C_co],
        variables: None = ...,
        *,
        on_success: OnSuccess[R_co, None, C_co] | None = ...,
        on_error: OnError[None, C_co] | None = ...,
        on_settled: OnSettled[R_co, None, C_co] | None = ...,
    ) -> None: ...
    @overload
    def __call__(
        self,
        variables: V,
        *,
        on_success: OnSuccess[R_co, V, C_co] | None = ...,
        on_error: OnError[V, C_co] | None = ...,
        on_settled: OnSettled[R_co, V, C_co] | None = ...,
    ) -> None: ...
    def __call__(
        self,
        variables: Any = None,
        *,
        on_success: OnSuccess[R_co, Any, C_co] | None = None,
        on_error: OnError[Any, C_co] | None = None,
        on_settled: OnSettled[R_co, Any, C_co] | None = None,
    ) -> None:
        """Start it."""
        ...


class IdleMutation(IdleMutationResult[V, R_co, C_co], frozen=True, eq=False):
    """Nothing was called, or it is forgotten. The attributes are those of ``MutationResult``, but for these.

    Attributes:
        mutate: Start a mutation and forget it: a failure is in the result, and nowhere else.
        mutate_async: Start a mutation. What it returns may be awaited, and then raises what went wrong.
    """

    # not what the observer's result has there: what a button calls has nothing to wait for
    mutate: StartMutation[V, R_co, C_co]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    mutate_async: Mutate[V, R_co, C_co]


class PendingMutation(PendingMutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It is under way, or waits. The attributes are those of ``MutationResult`` and ``IdleMutation``."""

    mutate: StartMutation[V, R_co, C_co]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    mutate_async: Mutate[V, R_co, C_co]


class SuccessMutation(SuccessMutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It succeeded. The attributes are those of ``MutationResult`` and ``IdleMutation``."""

    mutate: StartMutation[V, R_co, C_co]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    mutate_async: Mutate[V, R_co, C_co]


class ErrorMutation(ErrorMutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It failed. The attributes are those of ``MutationResult`` and ``IdleMutation``."""

    mutate: StartMutation[V, R_co, C_co]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
    mutate_async: Mutate[V, R_co, C_co]


UseMutationResult: TypeAlias = (
    IdleMutation[V, R_co, C_co]
    | PendingMutation[V, R_co, C_co]
    | SuccessMutation[V, R_co, C_co]
    | ErrorMutation[V, R_co, C_co]
)
"""What ``use_mutation`` returns."""

_CLASSES: Final[Mapping[MutationStatus, type[MutationResult[Any, Any, Any]]]] = {
    "idle": IdleMutation,
    "pending": PendingMutation,
    "success": SuccessMutation,
    "error": ErrorMutation,
}


def hook_result(
    result: MutationObserverResult[V, R_co, C_co], mutate: StartMutation[V, R_co, C_co]
) -> UseMutationResult[V, R_co, C_co]:
    """The result of a hook.

    Args:
        result: What the observer shows.
        mutate: Starts a mutation and forgets it.
    """
    # mutate and reset come last
    *facts, _, reset = structs.astuple(result)
    # Any: the status says what the classes say in types
    kind: Any = _CLASSES[result.status]
    made: UseMutationResult[V, R_co, C_co] = kind(*facts, mutate, reset, result.mutate)
    return made


def forgetting(observer: MutationObserver[V, R_co, C_co]) -> StartMutation[V, R_co, C_co]:
    """A function that starts a mutation, which nobody waits for.

    Args:
        observer: Starts it.
    """

    def mutate(variables: Any = None, **callbacks: Any) -> None:
        # so that a failure is nobody's to hear of but through the result
        without_result(observer.mutate(variables, **callbacks))

    return mutate
