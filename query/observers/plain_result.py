"""The result of an observer that shows the data as it is: no ``select``, no placeholder, nothing for drawing.

Nearly all observers are such. Their results follow from the query's state and the options alone, so that no memory of
the former result is needed, and observers that look alike see the same.
Source: queryObserver.ts, createResult.
"""

from __future__ import annotations

from typing import Any

from ..base.options import AnyQueryOptions
from ..base.query_state import QueryState
from ..base.types import UNSET
from ..cache.query import Query
from .fetch_policy import is_enabled, is_stale
from .query_result import RESULT_CLASSES, SuccessResult
from .traits import SETTLED


# Any: the state says what the classes of results say in types
def settled_result(
    state: QueryState[Any],
    data_updates: int,
    error_updates: int,
    refetch: Any,
    enabled: bool = True,
    stale: bool | None = None,
) -> Any:
    """The result of a state. By default that of an observer that shows the same whenever it looks at the same state.

    Args:
        state: The state of the query.
        data_updates: How often data had come in when the observer came.
        error_updates: How often a fetch had failed then.
        refetch: The function that the result carries.
        enabled: Whether the observer fetches by itself.
        stale: Whether the data is stale to it; None if age makes it so to nobody.
    """
    data, status = state.data, state.status
    has_data = data is not UNSET
    if stale is None:
        stale = not has_data or state.is_invalidated
    # the class that there mostly is, without a look into a table: one is made at each change, once an observer
    kind: Any = SuccessResult if status == "success" else RESULT_CLASSES[status, has_data]
    return kind(
        state.fetch_status,
        data if has_data else None,
        has_data,
        state.data_updated_at,
        state.error,
        state.error_updated_at,
        state.fetch_failure_count,
        state.fetch_failure_reason,
        state.error_update_count,
        state.data_update_count + state.error_update_count > 0,
        state.data_update_count > data_updates or state.error_update_count > error_updates,
        False,
        stale,
        enabled,
        refetch,
    )


def plain_result(
    query: Query[Any], options: AnyQueryOptions, traits: int, data_updates: int, error_updates: int, refetch: Any
) -> Any:
    """The result of a query that is shown as it is.

    Args:
        query: What is looked at.
        options: With which options.
        traits: Those of the options; ``PLAIN`` is one of them.
        data_updates: How often data had come in when the observer came.
        error_updates: How often a fetch had failed then.
        refetch: The function that the result carries.
    """
    if traits & SETTLED == SETTLED:
        return settled_result(query.state, data_updates, error_updates, refetch)
    # first: a function that is asked may change the state
    enabled = is_enabled(query, options)
    stale = enabled and is_stale(query, options)
    return settled_result(query.state, data_updates, error_updates, refetch, enabled, stale)
