"""What holds of an observer that is subscribed to a query."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from query import Query, QueryResult
from query.base.types import UNSET
from query.observers.query_observer_base import QueryObserverBase

from ..differences import shown
from .table import Fault, Invariants


class Observed(NamedTuple):
    """An observer, as its query has it.

    Attributes:
        query: The query.
        observer: The observer.
        result: What it shows.
    """

    query: Query[Any]
    observer: QueryObserverBase[Any, Any, Any]
    result: QueryResult[Any]


of_observer: Final[Invariants[Observed]] = Invariants()
"""Of each of them."""


@of_observer
def observer_looks_at_its_query(seen: Observed) -> Fault | None:
    """An observer is subscribed to one query only, the one that it looks at."""
    at = seen.observer.get_current_query()
    if at is seen.query:
        return None
    return Fault(f"it looks at {at!r}", "the query that it is subscribed to")


@of_observer
def observer_has_listeners(seen: Observed) -> Fault | None:
    """An observer that keeps a query alive has listeners itself."""
    if seen.observer.has_listeners():
        return None
    return Fault("it is subscribed to the query, and nobody listens to it", "a listener, or no subscription")


@of_observer
def result_shows_the_state(seen: Observed) -> Fault | None:
    """What a subscribed observer shows of fetches and failures is what its query says now."""
    state, result = seen.query.state, seen.result
    # results for drawing show what is about to be
    if seen.observer.options._optimistic_results is not None:
        return None
    shows = (result.fetch_status, result.failure_count, result.error_update_count, result.data_updated_at)
    is_so = (state.fetch_status, state.fetch_failure_count, state.error_update_count, state.data_updated_at)
    if shows == is_so:
        return None
    names = ("fetch_status", "failure_count", "error_update_count", "data_updated_at")
    return Fault(
        ", ".join(f"{name} {a!r}" for name, a, b in zip(names, shows, is_so, strict=True) if a != b),
        ", ".join(f"{name} {b!r}" for name, a, b in zip(names, shows, is_so, strict=True) if a != b),
    )


@of_observer
def result_error_agrees_with_status(seen: Observed) -> Fault | None:
    """A result has an error if, and only if, its status is "error"."""
    result = seen.result
    if (result.status == "error") is (result.error is not None):
        return None
    return Fault(f"status {result.status} with error {shown(result.error)}", "an error with status error, else None")


@of_observer
def pending_shows_nothing(seen: Observed) -> Fault | None:
    """A pending result shows no data."""
    if seen.result.status != "pending" or not seen.result.has_data:
        return None
    return Fault("pending, and shows data", "has_data False")


@of_observer
def disabled_is_never_stale(seen: Observed) -> Fault | None:
    """A disabled observer never says that its data is stale."""
    if seen.result.is_enabled or not seen.result.is_stale:
        return None
    return Fault("is_enabled False with is_stale True", "is_stale False")


@of_observer
def placeholder_stands_in_for_no_data(seen: Observed) -> Fault | None:
    """A placeholder is shown as a success of a query that has no data, with no time of an update."""
    result = seen.result
    if not result.is_placeholder_data:
        return None
    if result.status == "success" and result.data_updated_at == 0 and seen.query.state.data is UNSET:
        return None
    has = "no data" if seen.query.state.data is UNSET else "data"
    return Fault(
        f"a placeholder with status {result.status} and data_updated_at {result.data_updated_at:g}, over a query "
        f"with {has}",
        "status success and data_updated_at 0, over a query with no data",
    )
