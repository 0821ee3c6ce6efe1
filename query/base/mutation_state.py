"""The mutation state machine: a frozen state, six actions, one pure reducer.

Source: mutation.ts, ``#dispatch``.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, assert_never

import msgspec
from msgspec import structs
from typing_extensions import TypeVar

from .types import UNSET, MutationStatus, Unset

VariablesT = TypeVar("VariablesT", default=Any)
"""What a mutation is called with."""
ResultT = TypeVar("ResultT", default=Any)
"""What a mutation delivers."""
ContextT = TypeVar("ContextT", default=Any)
"""What ``on_mutate`` returns and the other callbacks receive as ``on_mutate_result``."""


# not kw_only: every write makes some, and names would cost as much as the object
class MutationState(msgspec.Struct, Generic[VariablesT, ResultT, ContextT], frozen=True, eq=False):
    """Everything the cache knows of one mutation. Replaced, never changed: compare with ``is``.

    Attributes:
        context: What ``on_mutate`` returned; ``UNSET`` before, or if it returned nothing.
        data: What the mutation delivered; ``UNSET`` until it succeeds.
        error: Why it failed.
        failure_count: Failed attempts so far.
        failure_reason: The error of the last of them.
        is_paused: It waits for the network, or for its turn in its scope.
        status: "idle", "pending", "success" or "error".
        variables: What it was called with; ``UNSET`` before.
        submitted_at: When it was, in seconds since the epoch; 0.0 before.
    """

    context: ContextT | Unset = UNSET
    data: ResultT | Unset = UNSET
    error: Exception | None = None
    failure_count: int = 0
    failure_reason: Exception | None = None
    is_paused: bool = False
    status: MutationStatus = "idle"
    variables: VariablesT | Unset = UNSET
    submitted_at: float = 0.0


IDLE: Final[MutationState[Any, Any, Any]] = MutationState()
"""What is known of a mutation that was not called: one object for all of them."""


class MutationPendingAction(msgspec.Struct, Generic[VariablesT, ContextT], frozen=True, eq=False):
    """The mutation was called, or its ``on_mutate`` returned something.

    Attributes:
        variables: What it was called with.
        is_paused: It may not run yet.
        at: When, in seconds since the epoch.
        context: What ``on_mutate`` returned.
    """

    type: ClassVar[Literal["pending"]] = "pending"
    variables: VariablesT | Unset
    is_paused: bool
    at: float
    context: ContextT | Unset = UNSET


class MutationFailedAction(msgspec.Struct, frozen=True, eq=False):
    """An attempt failed and another will follow.

    Attributes:
        failure_count: Failed attempts so far, this one included.
        error: What went wrong.
    """

    type: ClassVar[Literal["failed"]] = "failed"
    failure_count: int
    error: Exception


class MutationPauseAction(msgspec.Struct, frozen=True, eq=False):
    """The mutation waits for the network, or for its turn."""

    type: ClassVar[Literal["pause"]] = "pause"


class MutationContinueAction(msgspec.Struct, frozen=True, eq=False):
    """The mutation goes on after a pause."""

    type: ClassVar[Literal["continue"]] = "continue"


PAUSED: Final = MutationPauseAction()
"""The only one there need be."""
CONTINUED: Final = MutationContinueAction()
"""The same."""


class MutationSuccessAction(msgspec.Struct, Generic[ResultT], frozen=True, eq=False):
    """The mutation succeeded, and its success callbacks are done.

    Attributes:
        data: What it delivered.
    """

    type: ClassVar[Literal["success"]] = "success"
    data: ResultT


class MutationErrorAction(msgspec.Struct, frozen=True, eq=False):
    """The mutation failed for good, and its error callbacks are done.

    Attributes:
        error: What went wrong.
    """

    type: ClassVar[Literal["error"]] = "error"
    error: Exception


MutationAction: TypeAlias = (
    MutationPendingAction[VariablesT, ContextT]
    | MutationFailedAction
    | MutationPauseAction
    | MutationContinueAction
    | MutationSuccessAction[ResultT]
    | MutationErrorAction
)

AnyMutationAction: TypeAlias = (
    MutationPendingAction[Any, Any]
    | MutationFailedAction
    | MutationPauseAction
    | MutationContinueAction
    | MutationSuccessAction[Any]
    | MutationErrorAction
)


def reduce_mutation_state(
    state: MutationState[VariablesT, ResultT, ContextT], action: AnyMutationAction
) -> MutationState[VariablesT, ResultT, ContextT]:
    """The state after *action*.

    Args:
        state: The state before.
        action: What happened. It brings its own time along.

    Source: mutation.ts, #dispatch, reducer. Differs: pure.
    """
    # the frequent ones: a pattern takes nearly as long as the new state
    if isinstance(action, MutationPendingAction):
        return MutationState(
            action.context, UNSET, None, 0, None, action.is_paused, "pending", action.variables, action.at
        )
    if isinstance(action, MutationSuccessAction):
        return MutationState(
            state.context, action.data, None, 0, None, False, "success", state.variables, state.submitted_at
        )
    match action:
        case MutationFailedAction():
            return structs.replace(state, failure_count=action.failure_count, failure_reason=action.error)
        case MutationPauseAction():
            return structs.replace(state, is_paused=True)
        case MutationContinueAction():
            return structs.replace(state, is_paused=False)
        case MutationErrorAction():
            return structs.replace(
                state,
                data=UNSET,
                error=action.error,
                failure_count=state.failure_count + 1,
                failure_reason=action.error,
                is_paused=False,
                status="error",
            )
        case _:
            assert_never(action)
