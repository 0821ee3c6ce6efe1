"""The result of an observer that shows the data as it is: no ``select``, no placeholder, nothing for drawing.

Nearly all observers are such. Their results follow from the query's state and the options alone, so that no memory of
the former result is needed, and observers that look alike see the same.
Source: queryObserver.ts, createResult.
"""

from __future__ import annotations

import math
from typing import Any

from ..base.options import AnyQueryOptions
from ..base.types import UNSET
from ..cache.query import Query
from .fetch_policy import is_enabled, is_stale
from .query_result import LoadingErrorResult, PendingResult, QueryResult, RefetchErrorResult, SuccessResult


def shows_plainly(options: AnyQueryOptions) -> bool:
    """Whether the data is shown as it is.

    Args:
        options: The observer's options.
    """
    return (
        (options.select is UNSET or options.select is None)
        and options.placeholder_data is UNSET
        and options._optimistic_results is None
    )


def is_timeless(options: AnyQueryOptions) -> bool:
    """Whether results follow from the state alone: no function is asked, and data does not become stale by age.

    Args:
        options: The observer's options.
    """
    return options.stale_time in (math.inf, "static") and not callable(options.enabled)


def plain_result(
    query: Query[Any], options: AnyQueryOptions, data_updates: int, error_updates: int, refetch: Any
) -> QueryResult[Any]:
    """The result of a query that is shown as it is.

    Args:
        query: What is looked at.
        options: With which options; ``shows_plainly`` holds of them.
        data_updates: How often data had come in when the observer came.
        error_updates: How often a fetch had failed then.
        refetch: The function that the result carries.
    """
    state = query.state
    data, status = state.data, state.status
    has_data = data is not UNSET
    if status == "success":
        # Any: the state says what the classes say in types
        kind: Any = SuccessResult
    elif status == "pending":
        kind = PendingResult
    else:
        kind = RefetchErrorResult if has_data else LoadingErrorResult
    enabled = options.enabled
    enabled = enabled is True or enabled is UNSET or is_enabled(query, options)
    if enabled and options.stale_time == math.inf:
        stale = not has_data or state.is_invalidated
    else:
        stale = enabled and is_stale(query, options)
    made: QueryResult[Any] = kind(
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
    return made
