"""What an observer of mutations publishes: one immutable result for each change, of a class that its status says.

    MutationResult                  what all have in common
    ├── IdleMutationResult          nothing was called, or it is forgotten
    ├── PendingMutationResult       under way, or waiting
    ├── SuccessMutationResult       data, and no error
    └── ErrorMutationResult         an error, and no data

So that ``isinstance``, ``match`` and ``result.status == "success"`` all tell a type checker what ``data``,
``error`` and ``variables`` are. Source: types.ts, MutationObserverBaseResult and what extends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, TypeAlias

import msgspec
from typing_extensions import TypeVar

from ..base.mutation_options import OnError, OnSettled, OnSuccess
from ..base.mutation_state import MutationState
from ..base.types import UNSET, MutationStatus
from ..runtime.handle import Handle

V = TypeVar("V", default=Any)
R_co = TypeVar("R_co", default=Any, covariant=True)
C_co = TypeVar("C_co", default=Any, covariant=True)


class Mutate(Protocol[V, R_co, C_co]):
    """Starts a mutation; see ``MutationObserver.mutate``."""

    def __call__(
        self,
        variables: V,
        *,
        on_success: OnSuccess[R_co, V, C_co] | None = None,
        on_error: OnError[V, C_co] | None = None,
        on_settled: OnSettled[R_co, V, C_co] | None = None,
    ) -> Handle[R_co]:
        """Start it."""
        ...


# not kw_only: one is made at each change, and names would cost as much as the object
class MutationResult(msgspec.Struct, Generic[V, R_co, C_co], frozen=True, eq=False):
    """The latest mutation as its observer shows it. Compared by identity.

    Attributes:
        status: "idle" before the first, "pending", "success" or "error".
        is_idle: None was started, or the latest was forgotten.
        is_pending: It is under way, or waits.
        is_success: It succeeded.
        is_error: It failed.
        data: What it delivered; None if it has not.
        has_data: Whether it has; None may be data too.
        error: Why it failed.
        variables: What it was called with; None before the first.
        context: What ``on_mutate`` returned, if anything.
        failure_count: Failed attempts so far.
        failure_reason: The error of the last of them.
        is_paused: It waits for the network, or for its turn in its scope.
        submitted_at: When it was called, in seconds since the epoch; 0.0 before the first.
        mutate: Start another; see ``MutationObserver.mutate``.
        reset: Forget the latest; see ``MutationObserver.reset``.
    """

    status: ClassVar[MutationStatus]
    is_idle: ClassVar[bool]
    is_pending: ClassVar[bool]
    is_success: ClassVar[bool]
    is_error: ClassVar[bool]
    data: R_co | None
    has_data: bool
    error: Exception | None
    variables: V | None
    context: C_co | None
    failure_count: int
    failure_reason: Exception | None
    is_paused: bool
    submitted_at: float
    mutate: Mutate[V, R_co, C_co]
    reset: Callable[[], None]


class IdleMutationResult(MutationResult[V, R_co, C_co], frozen=True, eq=False):
    """Nothing was called, or it is forgotten. The attributes are those of ``MutationResult``."""

    status: ClassVar[Literal["idle"]] = "idle"
    is_idle: ClassVar[Literal[True]] = True
    is_pending: ClassVar[Literal[False]] = False
    is_success: ClassVar[Literal[False]] = False
    is_error: ClassVar[Literal[False]] = False
    data: None
    has_data: Literal[False]
    error: None
    variables: None
    context: None
    failure_reason: None


class PendingMutationResult(MutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It is under way, or waits. The attributes are those of ``MutationResult``."""

    status: ClassVar[Literal["pending"]] = "pending"
    is_idle: ClassVar[Literal[False]] = False
    is_pending: ClassVar[Literal[True]] = True
    is_success: ClassVar[Literal[False]] = False
    is_error: ClassVar[Literal[False]] = False
    data: None
    has_data: Literal[False]
    error: None
    variables: V


class SuccessMutationResult(MutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It succeeded. The attributes are those of ``MutationResult``."""

    status: ClassVar[Literal["success"]] = "success"
    is_idle: ClassVar[Literal[False]] = False
    is_pending: ClassVar[Literal[False]] = False
    is_success: ClassVar[Literal[True]] = True
    is_error: ClassVar[Literal[False]] = False
    data: R_co
    has_data: Literal[True]
    error: None
    variables: V
    failure_reason: None


class ErrorMutationResult(MutationResult[V, R_co, C_co], frozen=True, eq=False):
    """It failed. The attributes are those of ``MutationResult``."""

    status: ClassVar[Literal["error"]] = "error"
    is_idle: ClassVar[Literal[False]] = False
    is_pending: ClassVar[Literal[False]] = False
    is_success: ClassVar[Literal[False]] = False
    is_error: ClassVar[Literal[True]] = True
    data: None
    has_data: Literal[False]
    error: Exception
    variables: V
    failure_reason: Exception


MutationObserverResult: TypeAlias = (
    IdleMutationResult[V, R_co, C_co]
    | PendingMutationResult[V, R_co, C_co]
    | SuccessMutationResult[V, R_co, C_co]
    | ErrorMutationResult[V, R_co, C_co]
)
"""What an observer of mutations publishes."""

MUTATION_RESULT_CLASSES: Final[Mapping[MutationStatus, type[MutationResult[Any, Any, Any]]]] = {
    "idle": IdleMutationResult,
    "pending": PendingMutationResult,
    "success": SuccessMutationResult,
    "error": ErrorMutationResult,
}
"""The class of a result, by its status."""


def result_of(
    state: MutationState[V, R_co, C_co], mutate: Mutate[V, R_co, C_co], reset: Callable[[], None]
) -> MutationObserverResult[V, R_co, C_co]:
    """What an observer publishes of a mutation's state.

    Args:
        state: The state.
        mutate: Starts another.
        reset: Forgets this one.
    """
    # Any: the state says what the classes of results say in types
    data: Any = state.data
    variables: Any = state.variables
    kept: Any = state.context
    kind: Any = MUTATION_RESULT_CLASSES[state.status]
    made: MutationObserverResult[V, R_co, C_co] = kind(
        None if data is UNSET else data,
        data is not UNSET,
        state.error,
        None if variables is UNSET else variables,
        None if kept is UNSET else kept,
        state.failure_count,
        state.failure_reason,
        state.is_paused,
        state.submitted_at,
        mutate,
        reset,
    )
    return made
