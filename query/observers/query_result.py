"""What an observer publishes: one immutable result for each change.

Source: types.ts, QueryObserverBaseResult; queryObserver.ts, createResult.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, Generic

import msgspec
from typing_extensions import TypeVar

from ..base.types import FetchStatus, QueryStatus

ShownT = TypeVar("ShownT", default=Any)
"""What an observer shows."""


class QueryObserverResult(msgspec.Struct, Generic[ShownT], frozen=True, kw_only=True, eq=False):
    """A query as one observer shows it. Compared with ``same_result``, or by identity.

    Attributes:
        status: "pending" without data, "error", or "success"; a placeholder counts as success.
        fetch_status: "fetching", "paused" or "idle".
        data: What to show: the data, or what ``select`` made of it, or a placeholder. None if there is none.
        has_data: Whether there is any; None may be data too.
        data_updated_at: When the data is from, in seconds since the epoch; 0.0 for never.
        error: The last error, or the one that ``select`` raised.
        error_updated_at: When it came, in seconds since the epoch; 0.0 for never.
        failure_count: Failed attempts of the current or last fetch.
        failure_reason: The error of the last of them.
        error_update_count: How often fetches of the query failed for good.
        is_fetched: Data or an error came in, ever.
        is_fetched_after_mount: One of them came in since this observer looks at this query.
        is_placeholder_data: The data is a placeholder.
        is_stale: The data is missing, invalidated, or older than ``stale_time``; False while disabled.
        is_enabled: The observer fetches by itself.
        refetch: Fetch now, whether enabled or not; see ``QueryObserver.refetch``.
    """

    status: QueryStatus
    fetch_status: FetchStatus
    data: ShownT | None
    has_data: bool
    data_updated_at: float
    error: Exception | None
    error_updated_at: float
    failure_count: int
    failure_reason: Exception | None
    error_update_count: int
    is_fetched: bool
    is_fetched_after_mount: bool
    is_placeholder_data: bool
    is_stale: bool
    is_enabled: bool
    # Any: the method of an observer that this floor's records do not know
    refetch: Callable[..., Any]

    @property
    def is_pending(self) -> bool:
        """There is no data yet."""
        return self.status == "pending"

    @property
    def is_success(self) -> bool:
        """There is data, and the last fetch did not fail."""
        return self.status == "success"

    @property
    def is_error(self) -> bool:
        """The last fetch, or ``select``, failed."""
        return self.status == "error"

    @property
    def is_fetching(self) -> bool:
        """A fetch is under way."""
        return self.fetch_status == "fetching"

    @property
    def is_paused(self) -> bool:
        """A fetch waits for the network."""
        return self.fetch_status == "paused"

    @property
    def is_loading(self) -> bool:
        """The first fetch is under way."""
        return self.status == "pending" and self.fetch_status == "fetching"

    @property
    def is_initial_loading(self) -> bool:
        """The older name of ``is_loading``."""
        return self.is_loading

    @property
    def is_refetching(self) -> bool:
        """A fetch that is not the first is under way."""
        return self.fetch_status == "fetching" and self.status != "pending"

    @property
    def is_loading_error(self) -> bool:
        """It failed, and there is nothing to show."""
        return self.status == "error" and not self.has_data

    @property
    def is_refetch_error(self) -> bool:
        """It failed, and older data is there to show."""
        return self.status == "error" and self.has_data


FACTS: Final[tuple[str, ...]] = QueryObserverResult.__struct_fields__
DERIVED: Final[tuple[str, ...]] = (
    "is_pending",
    "is_success",
    "is_error",
    "is_fetching",
    "is_paused",
    "is_loading",
    "is_initial_loading",
    "is_refetching",
    "is_loading_error",
    "is_refetch_error",
)
RESULT_FIELDS: Final[frozenset[str]] = frozenset(FACTS + DERIVED)
"""The names that ``notify_on_change_props`` may list."""


def same_result(a: QueryObserverResult[Any], b: QueryObserverResult[Any]) -> bool:
    """Whether two results show the same: data and errors by identity, never by their own ``==``; flags by value.

    Args:
        a: A result.
        b: A result.

    Source: utils.ts, shallowEqualObjects.
    """
    return all(_same(getattr(a, name), getattr(b, name)) for name in FACTS)


def changed_any(a: QueryObserverResult[Any], b: QueryObserverResult[Any], names: Collection[str]) -> bool:
    """Whether one of the named fields differs.

    Args:
        a: A result.
        b: A result.
        names: Names of fields; unknown ones never differ.
    """
    return any(not _same(getattr(a, name), getattr(b, name)) for name in names if name in RESULT_FIELDS)


def _same(a: object, b: object) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, (int, float, str)) and a == b)
