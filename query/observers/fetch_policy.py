"""When an observer fetches by itself. Pure questions about a query and the observer's options.

Source: queryObserver.ts, the functions below the class.
"""

from __future__ import annotations

from typing import Any, Literal

from ..base.options import AnyQueryOptions, RefetchOn
from ..base.types import UNSET, Unset
from ..base.values import resolve_query_value, resolve_stale_time
from ..cache.query import Query


def is_enabled(query: Query[Any], options: AnyQueryOptions) -> bool:
    """Whether the observer may fetch by itself; only a plain False says no.

    Args:
        query: The observed query.
        options: The observer's options.
    """
    enabled = options.enabled
    if enabled is UNSET or enabled is True:
        return True
    return resolve_query_value(enabled, query, True) is not False


def is_stale(query: Query[Any], options: AnyQueryOptions) -> bool:
    """Whether the data is stale for this observer; never while it is disabled.

    Args:
        query: The observed query.
        options: The observer's options.
    """
    return is_enabled(query, options) and query.is_stale_by_time(resolve_stale_time(options.stale_time, query))


def should_fetch_on_mount(query: Query[Any], options: AnyQueryOptions) -> bool:
    """Whether the first subscription is a reason to fetch.

    Args:
        query: The observed query.
        options: The observer's options.
    """
    if isinstance(query.state.data, Unset):
        failed_for_good = query.state.status == "error" and (
            resolve_query_value(options.retry_on_mount, query, True) is False
        )
        return is_enabled(query, options) and not failed_for_good
    return should_fetch_on(query, options, options.refetch_on_mount)


def should_fetch_on(query: Query[Any], options: AnyQueryOptions, policy: RefetchOn | Unset | None) -> bool:
    """Whether an event is a reason to fetch, by the option that is about it.

    Args:
        query: The observed query.
        options: The observer's options.
        policy: ``refetch_on_mount``, ``refetch_on_window_focus`` or ``refetch_on_reconnect``.
    """
    if not is_enabled(query, options) or resolve_stale_time(options.stale_time, query) == "static":
        return False
    wanted: bool | Literal["always"] = resolve_query_value(policy, query, True)
    return wanted == "always" or (wanted is not False and is_stale(query, options))


def should_fetch_optionally(
    query: Query[Any],
    previous_query: Query[Any],
    options: AnyQueryOptions,
    previous_options: AnyQueryOptions,
) -> bool:
    """Whether new options are a reason to fetch: another query, or no longer disabled.

    Args:
        query: The observed query.
        previous_query: The one before.
        options: The observer's options.
        previous_options: The ones before. A function in them answers *now*: if both ask the same variable, its
            change goes unseen.
    """
    moved = query is not previous_query or not is_enabled(query, previous_options)
    return moved and is_stale(query, options)
