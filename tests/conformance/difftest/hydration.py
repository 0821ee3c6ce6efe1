"""Dehydrated states of ``query`` in the words of the scenarios."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from query import (
    UNSET,
    DehydratedMutation,
    DehydratedQuery,
    DehydratedState,
    QueryClient,
    dehydrate,
    is_cancelled_error,
)

from .driver_protocol import Record
from .snapshots import milliseconds

_PREDICATES: dict[Any, Callable[[Any], bool]] = {"all": lambda _: True, "none": lambda _: False}


def dehydrated(client: QueryClient, wanted: Record) -> DehydratedState:
    """The state of a client with its fetches under way and its errors as they are, until somebody writes it."""
    predicates = {name: _PREDICATES.get(value, value) for name, value in wanted.items()}
    return dehydrate(
        client,
        should_dehydrate_query=predicates.get("queries"),
        should_dehydrate_mutation=predicates.get("mutations"),
        serialize_data=wanted.get("serialize"),
        serialize_error=lambda error: error,
        should_redact_errors=None if wanted.get("redact", True) else is_cancelled_error,
        promises=True,
    )


def written(state: DehydratedState, error_name: Callable[[BaseException], str | None]) -> Any:
    """The state as a store or the wire gives it back: without fetches, errors by their name."""

    def describe(error: Exception) -> Record:
        return {"type": type(error).__name__, "message": error_name(error)}

    queries = [{name: part for name, part in query.items() if name != "promise"} for query in state["queries"]]
    return json.loads(json.dumps(as_json({**state, "queries": queries}), default=describe))


def as_json(part: Any) -> Any:
    """What JSON would keep: a member without value is none, and null in a list."""
    if isinstance(part, dict):
        return {name: as_json(member) for name, member in part.items() if member is not UNSET}
    if isinstance(part, list):
        return [None if member is UNSET else as_json(member) for member in part]
    return part


def dehydrated_record(state: DehydratedState) -> Record:
    """What a trace shows of a state."""
    return {
        "queries": [_query(query) for query in state["queries"]],
        "mutations": [_mutation(mutation) for mutation in state["mutations"]],
    }


def _query(query: DehydratedQuery) -> Record:
    state = query["state"]
    return {
        "key": query["query_key"],
        "status": state["status"],
        "data": state.get("data", UNSET),
        "data_updated_at": milliseconds(state["data_updated_at"]),
        "dehydrated_at": milliseconds(query.get("dehydrated_at", 0)),
        "has_promise": "promise" in query,
        "infinite": query.get("query_type") == "infinite",
    }


def _mutation(mutation: DehydratedMutation) -> Record:
    state = mutation["state"]
    return {
        "key": mutation.get("mutation_key", UNSET),
        "status": state["status"],
        "is_paused": state["is_paused"],
        "variables": state.get("variables", UNSET),
        "scope": mutation.get("scope", UNSET),
    }
