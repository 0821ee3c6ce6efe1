"""The query state machine: a frozen state, eight actions, one pure reducer.

Two axes: ``status`` says whether there is data, ``fetch_status`` whether a fetch is under way. All nine pairs occur.
Source: query.ts, ``#dispatch``.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, assert_never

import msgspec
from msgspec import structs

from .types import UNSET, FetchDirection, FetchStatus, QueryDataT, QueryStatus, Unset


class FetchMeta(msgspec.Struct, frozen=True, eq=False):
    """What a fetch is for. A fresh object for each fetch: two are never equal.

    Attributes:
        direction: Where an infinite query pages to.
    """

    direction: FetchDirection


class QueryState(msgspec.Struct, Generic[QueryDataT], frozen=True, kw_only=True, eq=False):
    """Everything the cache knows of one query. Replaced, never changed: compare with ``is``.

    Attributes:
        data: The last good data: fetched, written or initial. ``UNSET`` before there is any.
        data_update_count: How often data came in, writes included, late initial data not.
        data_updated_at: When the data is from, in seconds since the epoch; 0.0 for never.
        error: The last error. Cleared by a success, or by a new fetch while there is no data.
        error_update_count: How often a fetch failed for good.
        error_updated_at: When one last did, in seconds since the epoch; 0.0 for never.
        fetch_failure_count: Failed attempts of the current or last fetch.
        fetch_failure_reason: The error of the last of them.
        fetch_meta: What the current or last fetch was for.
        is_invalidated: Marked stale by hand, or by a failed fetch.
        status: "pending" without data, "error" after a failed fetch, else "success".
        fetch_status: "fetching", "paused" (waits for the network), or "idle".
    """

    data: QueryDataT | Unset = UNSET
    data_update_count: int = 0
    data_updated_at: float = 0.0
    error: Exception | None = None
    error_update_count: int = 0
    error_updated_at: float = 0.0
    fetch_failure_count: int = 0
    fetch_failure_reason: Exception | None = None
    fetch_meta: FetchMeta | None = None
    is_invalidated: bool = False
    status: QueryStatus = "pending"
    fetch_status: FetchStatus = "idle"


INITIAL_STATE: Final[QueryState[Any]] = QueryState()
"""What is known of a query that was just made without data: one object for all of them."""

FIRST_FETCH: Final[QueryState[Any]] = QueryState(fetch_status="fetching")
"""The same when its first fetch has started."""


class FetchAction(msgspec.Struct, frozen=True, eq=False):
    """A fetch starts, or would if there were a network.

    Attributes:
        can_start: Whether the network mode lets it run now; otherwise it is paused.
        meta: What it is for.
    """

    type: ClassVar[Literal["fetch"]] = "fetch"
    can_start: bool
    meta: FetchMeta | None = None


class FailedAction(msgspec.Struct, frozen=True, eq=False):
    """An attempt failed and another will follow.

    Attributes:
        failure_count: Failed attempts of this fetch so far, this one included.
        error: What went wrong.
    """

    type: ClassVar[Literal["failed"]] = "failed"
    failure_count: int
    error: Exception


class PauseAction(msgspec.Struct, frozen=True, eq=False):
    """The fetch waits for the network, or for focus."""

    type: ClassVar[Literal["pause"]] = "pause"


class ContinueAction(msgspec.Struct, frozen=True, eq=False):
    """The fetch goes on after a pause."""

    type: ClassVar[Literal["continue"]] = "continue"


class SuccessAction(msgspec.Struct, Generic[QueryDataT], frozen=True, eq=False):
    """Data came in.

    Attributes:
        data: The data, shared with the former where it is equal.
        updated_at: When it is from, in seconds since the epoch.
        manual: Written by hand: a fetch under way goes on.
    """

    type: ClassVar[Literal["success"]] = "success"
    data: QueryDataT
    updated_at: float
    manual: bool = False


class ErrorAction(msgspec.Struct, frozen=True, eq=False):
    """The fetch failed for good.

    Attributes:
        error: What went wrong.
        at: When, in seconds since the epoch.
    """

    type: ClassVar[Literal["error"]] = "error"
    error: Exception
    at: float


class InvalidateAction(msgspec.Struct, frozen=True, eq=False):
    """The data is marked stale."""

    type: ClassVar[Literal["invalidate"]] = "invalidate"


class SetStateAction(msgspec.Struct, frozen=True, eq=False):
    """Fields are overwritten: by a revert, a reset, hydration, or late initial data.

    Attributes:
        changes: The new values by the names of the fields of ``QueryState``.
    """

    type: ClassVar[Literal["set_state"]] = "set_state"
    changes: dict[str, Any]


Action: TypeAlias = (
    FetchAction
    | FailedAction
    | PauseAction
    | ContinueAction
    | SuccessAction[QueryDataT]
    | ErrorAction
    | InvalidateAction
    | SetStateAction
)


def state_with_data(data: QueryDataT, updated_at: float) -> QueryState[QueryDataT]:
    """The state of a query that is born with data.

    Args:
        data: The initial data; not ``UNSET``.
        updated_at: When it is from, in seconds since the epoch.
    """
    return QueryState(data=data, data_updated_at=updated_at, status="success")


def written(data: QueryDataT, updated_at: float) -> QueryState[QueryDataT]:
    """The state of a query that a write made: that of ``INITIAL_STATE`` after a success.

    Args:
        data: The data; not ``UNSET``.
        updated_at: When it is from, in seconds since the epoch.
    """
    return QueryState(data=data, data_update_count=1, data_updated_at=updated_at, status="success")


def fields_of(state: QueryState[Any]) -> dict[str, Any]:
    """All fields of *state*, as a ``SetStateAction`` takes them.

    Args:
        state: Any state.
    """
    return structs.asdict(state)


def started(state: QueryState[QueryDataT], can_start: bool, meta: FetchMeta | None = None) -> QueryState[QueryDataT]:
    """The state with a fetch started: also what an optimistic result shows before it really does.

    A query without data goes back to pending, one with data keeps status and error while it refetches.

    Args:
        state: The state before.
        can_start: Whether the network mode lets the fetch run now.
        meta: What the fetch is for.

    Source: query.ts, fetchState.
    """
    if state is INITIAL_STATE and can_start and meta is None:
        return FIRST_FETCH
    status: FetchStatus = "fetching" if can_start else "paused"
    if state.data is UNSET:
        return structs.replace(
            state,
            fetch_failure_count=0,
            fetch_failure_reason=None,
            fetch_meta=meta,
            fetch_status=status,
            status="pending",
            error=None,
        )
    return structs.replace(
        state, fetch_failure_count=0, fetch_failure_reason=None, fetch_meta=meta, fetch_status=status
    )


def succeeded(
    state: QueryState[QueryDataT], data: QueryDataT, updated_at: float, manual: bool
) -> QueryState[QueryDataT]:
    """The state after a ``SuccessAction``, for writes of which nobody needs to be told.

    Args:
        state: The state before.
        data: The data, shared with the former where it is equal.
        updated_at: When it is from, in seconds since the epoch.
        manual: Written by hand: a fetch under way goes on.
    """
    if manual:
        return structs.replace(
            state,
            data=data,
            data_update_count=state.data_update_count + 1,
            data_updated_at=updated_at,
            error=None,
            is_invalidated=False,
            status="success",
        )
    # in one step: every fetch comes by here
    return QueryState(
        data=data,
        data_update_count=state.data_update_count + 1,
        data_updated_at=updated_at,
        error_update_count=state.error_update_count,
        error_updated_at=state.error_updated_at,
        fetch_meta=state.fetch_meta,
        status="success",
    )


def reduce_query_state(state: QueryState[QueryDataT], action: Action[QueryDataT]) -> QueryState[QueryDataT]:
    """The state after *action*.

    Args:
        state: The state before.
        action: What happened. It brings its own time along.

    Source: query.ts, #dispatch, reducer. Differs: pure; the clock and the network are read by whoever dispatches.
    """
    match action:
        # the frequent ones first: each class that does not match costs a look
        case SuccessAction():
            return succeeded(state, action.data, action.updated_at, action.manual)
        case FetchAction():
            return started(state, action.can_start, action.meta)
        case FailedAction():
            return structs.replace(state, fetch_failure_count=action.failure_count, fetch_failure_reason=action.error)
        case PauseAction():
            return structs.replace(state, fetch_status="paused")
        case ContinueAction():
            return structs.replace(state, fetch_status="fetching")
        case ErrorAction():
            return structs.replace(
                state,
                error=action.error,
                error_update_count=state.error_update_count + 1,
                error_updated_at=action.at,
                fetch_failure_count=state.fetch_failure_count + 1,
                fetch_failure_reason=action.error,
                fetch_status="idle",
                status="error",
                # a background error leaves stale data behind: the next mount shall try again
                is_invalidated=True,
            )
        case InvalidateAction():
            return structs.replace(state, is_invalidated=True)
        case SetStateAction():
            return structs.replace(state, **action.changes)
        case _:
            assert_never(action)
