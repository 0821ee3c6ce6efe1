"""What holds of a query at any time, whatever was done to it."""

from __future__ import annotations

from typing import Any, Final

from query import InfiniteData, Query
from query.base.keys import hash_key
from query.base.types import UNSET, is_valid_timeout

from ..differences import shown
from .table import Fault, Invariants

of_state: Final[Invariants[Query[Any]]] = Invariants()
"""Those of its state alone."""
of_query: Final[Invariants[Query[Any]]] = Invariants()
"""Those of the query as a whole: its fetch, its key, its timer."""


@of_state
def success_has_data(query: Query[Any]) -> Fault | None:
    """A query whose status is "success" has data, and no error."""
    state = query.state
    if state.status != "success" or (state.data is not UNSET and state.error is None):
        return None
    return Fault(f"success with {_data(query)} and error {shown(state.error)}", "data, and error None")


@of_state
def pending_has_nothing(query: Query[Any]) -> Fault | None:
    """A query whose status is "pending" has neither data nor an error."""
    state = query.state
    if state.status != "pending" or (state.data is UNSET and state.error is None):
        return None
    return Fault(f"pending with {_data(query)} and error {shown(state.error)}", "no data, and error None")


@of_state
def error_has_error(query: Query[Any]) -> Fault | None:
    """A query whose status is "error" has an error."""
    if query.state.status != "error" or query.state.error is not None:
        return None
    return Fault("status error with error None", "an exception")


@of_state
def idle_error_is_invalidated(query: Query[Any]) -> Fault | None:
    """A query that failed and does not fetch is invalidated, so that the next one to look at it tries again."""
    state = query.state
    if state.status != "error" or state.fetch_status != "idle" or state.is_invalidated:
        return None
    return Fault("an idle error with is_invalidated False", "is_invalidated True")


@of_state
def failure_count_and_reason_agree(query: Query[Any]) -> Fault | None:
    """The failure count of a fetch is above 0 if, and only if, there is the error of the last failed attempt."""
    state = query.state
    if state.fetch_failure_count >= 0 and (state.fetch_failure_count > 0) is (state.fetch_failure_reason is not None):
        return None
    return Fault(
        f"fetch_failure_count {state.fetch_failure_count} with the reason {shown(state.fetch_failure_reason)}",
        "a count above 0 with an error, or 0 with None",
    )


@of_state
def no_data_was_never_updated(query: Query[Any]) -> Fault | None:
    """A query without data has counted no update of its data, and has no time of one."""
    state = query.state
    if state.data is not UNSET or (state.data_update_count == 0 and state.data_updated_at == 0):
        return None
    return Fault(
        f"no data, but data_update_count {state.data_update_count} and data_updated_at {state.data_updated_at:g}",
        "0 and 0, for data does not vanish",
    )


@of_state
def time_of_an_error_needs_one(query: Query[Any]) -> Fault | None:
    """A query that has counted no failed fetch has no time of one."""
    state = query.state
    if state.error_update_count > 0 or state.error_updated_at == 0:
        return None
    return Fault(
        f"error_update_count {state.error_update_count} with error_updated_at {state.error_updated_at:g}",
        "0 while none is counted",
    )


@of_state
def pages_and_params_go_together(query: Query[Any]) -> Fault | None:
    """Infinite data has as many page params as pages."""
    data = query.state.data
    if not isinstance(data, InfiniteData) or len(data.pages) == len(data.page_params):
        return None
    return Fault(f"{len(data.pages)} pages with {len(data.page_params)} page_params", "one for each page")


@of_query
def fetching_has_a_fetch(query: Query[Any]) -> Fault | None:
    """A query that says "fetching" or "paused" has a fetch under way, unless that was cancelled silently."""
    if query.state.fetch_status == "idle" or query.promise is not None:
        return None
    return Fault(
        f"fetch_status {query.state.fetch_status} although nothing runs, which would not end",
        'a fetch under way, or "idle"; query.cancel(silent=True) and client.cancel_queries(revert=False, silent=True) '
        "leave this behind",
    )


@of_query
def key_is_unchanged(query: Query[Any]) -> Fault | None:
    """The key of a query still has the text that it had when the query was made."""
    text = hash_key(query.query_key.parts)
    if text == query.query_key.text:
        return None
    return Fault(f"the key's text was {query.query_key.text} and now is {text}", "the same for good")


@of_query
def unused_is_to_be_collected(query: Query[Any]) -> Fault | None:
    """A query that nobody observes and that does not fetch has a timer that collects it, unless it is kept for good."""
    if query.get_observers_count() or query.state.fetch_status != "idle" or query.promise is not None:
        return None
    if query.awaits_collection or not is_valid_timeout(query.gc_time):
        return None
    return Fault(
        f"nobody observes it, it is idle, and no timer runs although gc_time is {query.gc_time:g} s",
        "a timer that runs",
    )


def _data(query: Query[Any]) -> str:
    return "no data" if query.state.data is UNSET else "data"
