"""What an observer publishes: one immutable result for each change, of a class that its status says.

    QueryResult                what all have in common
    ├── PendingResult          no data yet
    ├── SuccessResult          data, and no error
    └── ErrorResult            an error
        ├── LoadingErrorResult     and nothing to show
        └── RefetchErrorResult     and older data to show

So that ``isinstance``, ``match`` and ``result.status == "success"`` all tell a type checker what ``data`` and ``error``
are. Source: types.ts, QueryObserverBaseResult and what extends it; queryObserver.ts, createResult.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, TypeAlias

import msgspec
from msgspec import structs
from typing_extensions import TypeVar

from ..base.types import FetchStatus, QueryStatus
from ..runtime.handle import Handle

ShownT_co = TypeVar("ShownT_co", default=Any, covariant=True)
"""What an observer shows."""


class Refetch(Protocol[ShownT_co]):
    """Fetches now, whether enabled or not; see ``QueryObserver.refetch``."""

    def __call__(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True
    ) -> Handle[QueryObserverResult[ShownT_co]]:
        """Fetch."""
        ...


# not kw_only: one is made at each change, once an observer, and names would cost as much as the object
class QueryResult(msgspec.Struct, Generic[ShownT_co], frozen=True, eq=False):
    """A query as one observer shows it. Compared with ``same_result``, or by identity.

    Attributes:
        status: "pending" without data, "error", or "success"; a placeholder counts as success.
        is_pending: There is no data yet.
        is_success: There is data, and the last fetch did not fail.
        is_error: The last fetch, or ``select``, failed.
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

    status: ClassVar[QueryStatus]
    is_pending: ClassVar[bool]
    is_success: ClassVar[bool]
    is_error: ClassVar[bool]
    fetch_status: FetchStatus
    data: ShownT_co | None
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
    refetch: Refetch[ShownT_co]

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
        return self.is_pending and self.is_fetching

    @property
    def is_initial_loading(self) -> bool:
        """The older name of ``is_loading``."""
        return self.is_loading

    @property
    def is_refetching(self) -> bool:
        """A fetch that is not the first is under way."""
        return self.is_fetching and not self.is_pending

    @property
    def is_loading_error(self) -> bool:
        """It failed, and there is nothing to show."""
        return self.is_error and not self.has_data

    @property
    def is_refetch_error(self) -> bool:
        """It failed, and older data is there to show."""
        return self.is_error and self.has_data


class PendingResult(QueryResult[ShownT_co], frozen=True, eq=False):
    """There is no data yet, and no error. The attributes are those of ``QueryResult``."""

    status: ClassVar[Literal["pending"]] = "pending"
    is_pending: ClassVar[Literal[True]] = True
    is_success: ClassVar[Literal[False]] = False
    is_error: ClassVar[Literal[False]] = False
    data: None
    has_data: Literal[False]
    error: None


class SuccessResult(QueryResult[ShownT_co], frozen=True, eq=False):
    """There is data, perhaps a placeholder. The attributes are those of ``QueryResult``."""

    status: ClassVar[Literal["success"]] = "success"
    is_pending: ClassVar[Literal[False]] = False
    is_success: ClassVar[Literal[True]] = True
    is_error: ClassVar[Literal[False]] = False
    data: ShownT_co
    has_data: Literal[True]
    error: None


class ErrorResult(QueryResult[ShownT_co], frozen=True, eq=False):
    """The last fetch, or ``select``, failed. The attributes are those of ``QueryResult``."""

    status: ClassVar[Literal["error"]] = "error"
    is_pending: ClassVar[Literal[False]] = False
    is_success: ClassVar[Literal[False]] = False
    is_error: ClassVar[Literal[True]] = True
    error: Exception


class LoadingErrorResult(ErrorResult[ShownT_co], frozen=True, eq=False):
    """It failed, and there is nothing to show. The attributes are those of ``QueryResult``."""

    data: None
    has_data: Literal[False]


class RefetchErrorResult(ErrorResult[ShownT_co], frozen=True, eq=False):
    """It failed, and older data is there to show. The attributes are those of ``QueryResult``."""

    data: ShownT_co
    has_data: Literal[True]


QueryObserverResult: TypeAlias = (
    PendingResult[ShownT_co] | SuccessResult[ShownT_co] | LoadingErrorResult[ShownT_co] | RefetchErrorResult[ShownT_co]
)
"""What an observer of a query publishes."""

# success without data: a select that returned UNSET; pending with data: a state that was written by hand
RESULT_CLASSES: Final[Mapping[tuple[QueryStatus, bool], type[QueryResult[Any]]]] = {
    ("pending", False): PendingResult,
    ("pending", True): PendingResult,
    ("success", False): SuccessResult,
    ("success", True): SuccessResult,
    ("error", False): LoadingErrorResult,
    ("error", True): RefetchErrorResult,
}
"""The class of a result, by its status and whether it has data."""

ResultT = TypeVar("ResultT", bound=QueryResult[Any], default=QueryResult[Any])
"""The results of one kind of observer."""


def same_result(a: QueryResult[Any], b: QueryResult[Any]) -> bool:
    """Whether two results show the same: data and errors by identity, never by their own ``==``; flags by value.

    Args:
        a: A result.
        b: A result.

    Source: utils.ts, shallowEqualObjects.
    """
    if type(a) is not type(b):
        return False
    # what nearly always differs when anything does
    x, y = a.data_updated_at, b.data_updated_at
    if x is not y and x != y:
        return False
    # no loop over names, and no call for what is identical: this runs at each change of a query, once an observer
    for one, other in zip(structs.astuple(a), structs.astuple(b), strict=True):
        if one is not other and not _same(one, other):
            return False
    return True


def changed_any(a: QueryResult[Any], b: QueryResult[Any], names: Collection[str]) -> bool:
    """Whether one of the named fields differs.

    Args:
        a: A result.
        b: A result of the same kind of observer.
        names: Names of fields; unknown ones never differ. None that becomes data changes ``data``, too.
    """
    if "data" in names and a.has_data is not b.has_data:
        return True
    return any(not _same(getattr(a, name, None), getattr(b, name, None)) for name in names)


def _same(a: object, b: object) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, _SCALARS) and a == b)


_SCALARS: Final = (int, float, str)
