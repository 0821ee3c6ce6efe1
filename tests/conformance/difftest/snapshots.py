"""Queries, mutations and results of ``query`` as the plain records that a trace shows; see oracle/snapshots.mjs."""

from __future__ import annotations

from typing import Any

from query import UNSET, Mutation, MutationObserverResult, Query, QueryKey, QueryObserverResult

Record = dict[str, Any]


def milliseconds(instant: float) -> int:
    """Seconds since the epoch as whole milliseconds."""
    return round(instant * 1000)


def plain_key(key: QueryKey[Any] | None) -> Any:
    """A key as JSON; ``UNSET`` if there is none."""
    return UNSET if key is None else _json(key.parts)


def _json(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _json(member) for name, member in part.items()}
    return [_json(x) for x in part] if isinstance(part, tuple) else part


def query_record(query: Query[Any]) -> Record:
    """A query with its state."""
    state = query.state
    return {
        "key": plain_key(query.query_key),
        "status": state.status,
        "fetch_status": state.fetch_status,
        "data": state.data,
        "data_updated_at": milliseconds(state.data_updated_at),
        "data_update_count": state.data_update_count,
        "error": state.error,
        "error_updated_at": milliseconds(state.error_updated_at),
        "error_update_count": state.error_update_count,
        "failure_count": state.fetch_failure_count,
        "failure_reason": state.fetch_failure_reason,
        "is_invalidated": state.is_invalidated,
        "is_stale": query.is_stale(),
        "is_active": query.is_active(),
        "is_disabled": query.is_disabled(),
        "observers": query.get_observers_count(),
        "fetch_direction": getattr(state.fetch_meta, "direction", None),
    }


def mutation_record(mutation: Mutation[Any, Any, Any]) -> Record:
    """A mutation with its state."""
    state = mutation.state
    return {
        "id": mutation.mutation_id,
        "key": plain_key(mutation.mutation_key),
        "scope": mutation.scope,
        "status": state.status,
        "is_paused": state.is_paused,
        "data": state.data,
        "error": state.error,
        "failure_count": state.failure_count,
        "failure_reason": state.failure_reason,
        "variables": state.variables,
        "context": state.context,
        "submitted_at": milliseconds(state.submitted_at),
    }


_SAME_NAME = (
    *("status", "fetch_status", "error", "error_update_count", "failure_count", "failure_reason"),
    *("is_enabled", "is_error", "is_fetched", "is_fetched_after_mount", "is_fetching", "is_loading"),
    *("is_loading_error", "is_paused", "is_pending", "is_placeholder_data", "is_refetch_error", "is_refetching"),
    *("is_stale", "is_success"),
)


def result_record(result: QueryObserverResult[Any]) -> Record:
    """What an observer shows of a query."""
    return {
        **{name: getattr(result, name) for name in _SAME_NAME},
        "data": result.data if result.has_data else UNSET,
        "data_updated_at": milliseconds(result.data_updated_at),
        "error_updated_at": milliseconds(result.error_updated_at),
    }


def read_field(result: QueryObserverResult[Any], name: str) -> Any:
    """One field of a result, as a trace shows it; nothing else of it is read, as has_data counts as data."""
    if name == "data" and not result.has_data:
        return UNSET
    value = getattr(result, name)
    return milliseconds(value) if name.endswith("_updated_at") else value


_INFINITE = (
    *("has_next_page", "has_previous_page", "is_fetching_next_page", "is_fetching_previous_page"),
    *("is_fetch_next_page_error", "is_fetch_previous_page_error"),
)


def infinite_result_record(result: Any) -> Record:
    """What an observer shows of an infinite query."""
    return {**result_record(result), **{name: getattr(result, name) for name in _INFINITE}}


_MUTATION = ("status", "error", "failure_count", "is_idle", "is_pending", "is_paused", "is_success", "is_error")


def mutation_result_record(result: MutationObserverResult[Any, Any, Any]) -> Record:
    """What an observer shows of its mutation. No scenario calls one with None, so None means none here."""
    return {
        **{name: getattr(result, name) for name in _MUTATION},
        "data": result.data if result.has_data else UNSET,
        "variables": UNSET if result.variables is None else result.variables,
    }
