"""What an observer makes of the data of its query: the placeholder, ``select``, and sharing with what it showed before.

Source: queryObserver.ts, createResult, the part about data.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from ..base.options import AnyQueryOptions
from ..base.query_state import QueryState
from ..base.structural_sharing import replace_data
from ..base.types import UNSET, QueryDataT, QueryStatus
from ..base.values import is_function, keep_previous_data
from ..cache.query import Query
from .query_result import QueryResult

T = TypeVar("T")


class Shown(msgspec.Struct, frozen=True, eq=False):
    """Data, status and error, as they are shown.

    Attributes:
        status: With a placeholder "success", after a failed ``select`` "error".
        data: What to show; ``UNSET`` if there is nothing.
        error: The query's, or that of ``select``.
        error_updated_at: When that came.
        is_placeholder_data: The data is a placeholder.
    """

    status: QueryStatus
    data: Any
    error: Exception | None
    error_updated_at: float
    is_placeholder_data: bool


class ShownData(Generic[QueryDataT]):
    """Remembers, from one result of an observer to the next, what need not be computed again.

    Args:
        previous: The latest result so far; None if there is none.
    """

    __slots__ = (
        "_previous",
        "_previous_data",
        "_previous_placeholder",
        "_select_error",
        "_select_fn",
        "_select_result",
    )

    def __init__(self, previous: QueryResult[Any] | None = None) -> None:
        self._previous = previous
        self._previous_data: object = UNSET
        self._previous_placeholder: object = UNSET
        self._select_fn: object = None
        self._select_result: Any = UNSET
        self._select_error: Exception | None = None

    def keep(self, result: QueryResult[Any], data: object, options: AnyQueryOptions) -> None:
        """Remember the result that is shown now.

        Args:
            result: The result.
            data: The data of the query that it was made of.
            options: With which options.
        """
        self._previous = result
        self._previous_data = data
        self._previous_placeholder = options.placeholder_data

    def of(
        self, state: QueryState[QueryDataT], options: AnyQueryOptions, now: float, last: Query[QueryDataT] | None
    ) -> Shown:
        """What to show.

        Args:
            state: The state of the query, or what it is about to be.
            options: The observer's options.
            now: Seconds since the epoch.
            last: The last query whose data was shown: it may stand in for that of the next one.
        """
        data: Any = state.data
        status = state.status
        is_placeholder_data = is_selected = False
        if options.placeholder_data is not UNSET and data is UNSET and status == "pending":
            placeholder, is_selected = self._placeholder(options, last)
            if placeholder is not UNSET:
                status, is_placeholder_data = "success", True
                data = self._share(placeholder, options)
        select: Any = options.select
        if select is not UNSET and select is not None and data is not UNSET and not is_selected:
            data = self._select(select, data, options)
            if is_placeholder_data and data is UNSET:
                # Differs: upstream calls this a success, until it computes the result once more
                status, is_placeholder_data = state.status, False
        elif data is UNSET:
            # it was about data that is gone
            self._select_error = None
        error = self._select_error
        if error is None:
            return Shown(status, data, state.error, state.error_updated_at, is_placeholder_data)
        previous = self._previous
        came = previous.error_updated_at if previous is not None and previous.error is error else now
        return Shown("error", self._select_result, error, came, False)

    def _placeholder(self, options: AnyQueryOptions, last: Query[QueryDataT] | None) -> tuple[Any, bool]:
        """The placeholder to show, and whether ``select`` has been applied to it already."""
        previous = self._previous
        value: Any = options.placeholder_data
        if previous is not None and previous.is_placeholder_data and value is self._previous_placeholder:
            return (previous.data if previous.has_data else UNSET), True
        if not is_function(value):
            return value, False
        known = UNSET if last is None else last.state.data
        if value is keep_previous_data:
            return known, False
        made = value(None if known is UNSET else known, last)
        # a function that has nothing to show returns None, as it does by forgetting to return
        return (UNSET if made is None else made), False

    def _select(self, select: Any, data: Any, options: AnyQueryOptions) -> Any:
        if self._previous is not None and data is self._previous_data and select is self._select_fn:
            return self._select_result
        try:
            self._select_fn = select
            selected = self._share(select(data), options)
        except Exception as error:  # noqa: BLE001 - the user's function; its error is this observer's result
            self._select_error = error
            return data
        self._select_result = selected
        self._select_error = None
        return selected

    def _share(self, data: T, options: AnyQueryOptions) -> T:
        previous = self._previous
        shown = previous.data if previous is not None and previous.has_data else UNSET
        sharing = options.structural_sharing
        if sharing is UNSET and shown is data:
            # mostly what was selected before
            return data
        made: T = replace_data(shown, data, sharing)
        return made
