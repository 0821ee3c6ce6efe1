"""Dehydrated states of TanStack Query, the JavaScript library: read, and written.

There, names are in camel case, instants in milliseconds, and the scope of a mutation is an object.
Source: hydration.ts, DehydratedState.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, cast

import msgspec

from ..base.errors import QueryKeyError
from ..base.query_key import QueryKey, as_query_key
from ..base.types import UNSET, FetchDirection, FetchStatus, Meta, MutationStatus, QueryStatus, Unset
from .compact_state import expanded
from .dehydrated_state import (
    FORMAT_VERSION,
    Count,
    DehydratedMutation,
    DehydratedMutationState,
    DehydratedQuery,
    DehydratedQueryState,
    DehydratedState,
    Instant,
    checked,
)
from .plain_state import describe_error, key_of


class _FetchMore(msgspec.Struct):
    direction: FetchDirection


class _FetchMeta(msgspec.Struct, rename="camel"):
    fetch_more: _FetchMore | None = None


class _QueryState(msgspec.Struct, rename="camel", kw_only=True):
    data: Any = UNSET
    data_update_count: Count
    data_updated_at: Instant
    error: Any = None
    error_update_count: Count
    error_updated_at: Instant
    fetch_failure_count: Count
    fetch_failure_reason: Any = None
    fetch_meta: _FetchMeta | None = None
    is_invalidated: bool
    status: QueryStatus
    fetch_status: FetchStatus


class _Query(msgspec.Struct, rename="camel", kw_only=True):
    query_key: Any
    query_hash: str
    state: _QueryState
    dehydrated_at: Instant | None = None
    meta: Meta | None = None
    query_type: Literal["infinite"] | None = None
    # not a word of TanStack Query, which leaves it alone: what this package wrote comes back whole
    data_type: str | None = None


class _MutationState(msgspec.Struct, rename="camel", kw_only=True):
    context: Any = UNSET
    data: Any = UNSET
    error: Any = None
    failure_count: Count
    failure_reason: Any = None
    is_paused: bool
    status: MutationStatus
    variables: Any = UNSET
    submitted_at: Instant


class _Scope(msgspec.Struct):
    id: str


class _Mutation(msgspec.Struct, rename="camel", kw_only=True):
    state: _MutationState
    mutation_key: Any = None
    meta: Meta | None = None
    scope: _Scope | None = None


class _State(msgspec.Struct):
    queries: list[_Query] | None = None
    mutations: list[_Mutation] | None = None


def from_tanstack(payload: object) -> DehydratedState:
    """A state that TanStack Query dehydrated, for ``hydrate``.

    ::

        hydrate(client, from_tanstack(json.loads(text)))

    Args:
        payload: What its ``dehydrate`` returned, by way of JSON.

    Raises:
        HydrationError: It is none; the message names the place.
    """
    state = checked(payload, _State)
    return {
        "version": FORMAT_VERSION,
        "queries": [_query(query, f"queries[{index}].queryKey") for index, query in enumerate(state.queries or [])],
        "mutations": [_mutation(mutation) for mutation in state.mutations or []],
    }


def _query(query: _Query, place: str) -> DehydratedQuery:
    key = key_of(query.query_key, place)
    # pages that were written by hand, before anybody said how to fetch them, are pages too
    is_infinite = query.query_type is not None or _is_pages(query.state.data)
    plain: DehydratedQuery = {"query_key": query.query_key, "state": _query_state(query.state, is_infinite)}
    if not _is_text_of(query.query_hash, key):
        # made by a function of the program's own. The usual one is made anew: a number may be spelled otherwise here
        plain["query_hash"] = query.query_hash
    if query.dehydrated_at is not None:
        plain["dehydrated_at"] = query.dehydrated_at / 1000
    if query.meta is not None:
        plain["meta"] = query.meta
    if is_infinite:
        plain["query_type"] = "infinite"
    if query.data_type is not None:
        plain["data_type"] = query.data_type
    return plain


def _is_pages(data: object) -> bool:
    return isinstance(data, dict) and cast("dict[str, object]", data).keys() == {"pages", "pageParams"}


def _is_text_of(query_hash: str, key: QueryKey[Any]) -> bool:
    try:
        return as_query_key(json.loads(query_hash)) == key
    except (ValueError, QueryKeyError):
        return False


def _query_state(state: _QueryState, is_infinite: bool) -> DehydratedQueryState:
    more = None if state.fetch_meta is None else state.fetch_meta.fetch_more
    plain: DehydratedQueryState = {
        "data_update_count": state.data_update_count,
        "data_updated_at": state.data_updated_at / 1000,
        "error": _description(state.error),
        "error_update_count": state.error_update_count,
        "error_updated_at": state.error_updated_at / 1000,
        "fetch_failure_count": state.fetch_failure_count,
        "fetch_failure_reason": _description(state.fetch_failure_reason),
        "fetch_meta": None if more is None else {"direction": more.direction},
        "is_invalidated": state.is_invalidated,
        "status": state.status,
        "fetch_status": state.fetch_status,
    }
    if not isinstance(state.data, Unset):
        plain["data"] = _renamed(state.data, "pageParams", "page_params") if is_infinite else state.data
    return plain


def _mutation(mutation: _Mutation) -> DehydratedMutation:
    state = mutation.state
    plain_state: DehydratedMutationState = {
        "error": _description(state.error),
        "failure_count": state.failure_count,
        "failure_reason": _description(state.failure_reason),
        "is_paused": state.is_paused,
        "status": state.status,
        "submitted_at": state.submitted_at / 1000,
    }
    if not isinstance(state.context, Unset):
        plain_state["context"] = state.context
    if not isinstance(state.data, Unset):
        plain_state["data"] = state.data
    if not isinstance(state.variables, Unset):
        plain_state["variables"] = state.variables
    plain: DehydratedMutation = {"state": plain_state}
    if mutation.mutation_key is not None:
        plain["mutation_key"] = mutation.mutation_key
    if mutation.scope is not None:
        plain["scope"] = mutation.scope.id
    if mutation.meta is not None:
        plain["meta"] = mutation.meta
    return plain


def _description(error: object) -> dict[str, str] | None:
    """What is left of an error: JSON makes ``{}`` of one in JavaScript, if nobody sees to it."""
    if error is None:
        return None
    if isinstance(error, Mapping):
        members = cast("Mapping[str, object]", error)
        return {"type": str(members.get("name", "Error")), "message": str(members.get("message", ""))}
    return {"type": "Error", "message": str(error)}


def _renamed(data: object, name: str, new_name: str) -> Any:
    if not isinstance(data, dict):
        return data
    members = cast("dict[str, object]", data)
    return {new_name if member == name else member: value for member, value in members.items()}


def to_tanstack(state: DehydratedState) -> dict[str, Any]:
    """A state for TanStack Query's ``hydrate``, without fetches under way.

    ::

        text = json.dumps(to_tanstack(dehydrate(client)))

    Args:
        state: What ``dehydrate`` returned.

    Raises:
        HydrationError: It is compact, and its columns do not belong together.
    """
    state = expanded(state)
    return {
        "mutations": [_written_mutation(mutation) for mutation in state["mutations"]],
        "queries": [_written_query(query) for query in state["queries"]],
    }


def _written_query(query: DehydratedQuery) -> dict[str, Any]:
    state = query["state"]
    is_infinite = query.get("query_type") is not None
    meta = state["fetch_meta"]
    written: dict[str, Any] = {
        "dehydratedAt": _milliseconds(query.get("dehydrated_at", state["data_updated_at"])),
        "state": {
            "dataUpdateCount": state["data_update_count"],
            "dataUpdatedAt": _milliseconds(state["data_updated_at"]),
            "error": _written_error(state["error"]),
            "errorUpdateCount": state["error_update_count"],
            "errorUpdatedAt": _milliseconds(state["error_updated_at"]),
            "fetchFailureCount": state["fetch_failure_count"],
            "fetchFailureReason": _written_error(state["fetch_failure_reason"]),
            "fetchMeta": None if meta is None else {"fetchMore": {"direction": meta["direction"]}},
            "isInvalidated": state["is_invalidated"],
            "status": state["status"],
            "fetchStatus": state["fetch_status"],
        },
        "queryKey": query["query_key"],
        "queryHash": query.get("query_hash", as_query_key(query["query_key"]).text),
    }
    if "data" in state:
        data = state["data"]
        written["state"]["data"] = _renamed(data, "page_params", "pageParams") if is_infinite else data
    if "meta" in query:
        written["meta"] = query["meta"]
    if is_infinite:
        written["queryType"] = "infinite"
    if "data_type" in query:
        written["dataType"] = query["data_type"]
    return written


def _written_mutation(mutation: DehydratedMutation) -> dict[str, Any]:
    state = mutation["state"]
    written: dict[str, Any] = {
        "state": {
            **{name: part for name, part in state.items() if name in ("context", "data", "variables")},
            "error": _written_error(state["error"]),
            "failureCount": state["failure_count"],
            "failureReason": _written_error(state["failure_reason"]),
            "isPaused": state["is_paused"],
            "status": state["status"],
            "submittedAt": _milliseconds(state["submitted_at"]),
        }
    }
    if "mutation_key" in mutation:
        written["mutationKey"] = mutation["mutation_key"]
    if "scope" in mutation:
        written["scope"] = {"id": mutation["scope"]}
    if "meta" in mutation:
        written["meta"] = mutation["meta"]
    return written


def _written_error(error: Any) -> Any:
    plain = describe_error(error) if isinstance(error, Exception) else error
    return _renamed(plain, "type", "name")


def _milliseconds(instant: float) -> int:
    return round(instant * 1000)
