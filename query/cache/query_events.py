"""What the query cache tells its listeners."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from ..base.contracts import QueryObserverLike
from ..base.query_state import Action
from .query import Query

QueryEventType: TypeAlias = Literal[
    "added",
    "removed",
    "updated",
    "observer_added",
    "observer_removed",
    "observer_results_updated",
    "observer_options_updated",
]


class QueryCacheEvent(msgspec.Struct, frozen=True, eq=False):
    """Something happened to a query.

    Attributes:
        type: "added" or "removed" (the query is in or out by now), "updated" (its state changed by *action*, and its
            observers know), "observer_added", "observer_removed", "observer_results_updated" (some observer's result
            changed in any field), "observer_options_updated".
        query: The query.
        action: What changed its state; only with "updated".
        observer: The observer; only with "observer_added", "observer_removed" and "observer_options_updated".
    """

    type: QueryEventType
    query: Query[Any]
    action: Action[Any] | None = None
    observer: QueryObserverLike | None = None
