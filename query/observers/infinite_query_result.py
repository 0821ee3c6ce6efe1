"""What an observer of an infinite query publishes: the result of a query, and what can be fetched beyond its pages.

Source: types.ts, InfiniteQueryObserverBaseResult; infiniteQueryObserver.ts, createResult.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from ..base.types import FetchDirection, QueryStatus
from ..runtime.handle import Handle
from .query_result import (
    LoadingErrorResult,
    PendingResult,
    QueryResult,
    RefetchErrorResult,
    ShownT_co,
    SuccessResult,
)


class FetchPage(Protocol[ShownT_co]):
    """Fetches the next or the previous page; see ``InfiniteQueryObserver.fetch_next_page``."""

    def __call__(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True
    ) -> Handle[InfiniteQueryObserverResult[ShownT_co]]:
        """Fetch."""
        ...


class Paging:
    """What follows from the facts of an infinite query: fetching one page is no refetch, and its error none of one."""

    __slots__ = ()

    @property
    def is_fetching_next_page(self) -> bool:
        """The next page is being fetched."""
        return _is_fetching(self, "forward")

    @property
    def is_fetching_previous_page(self) -> bool:
        """The previous page is being fetched."""
        return _is_fetching(self, "backward")

    @property
    def is_fetch_next_page_error(self) -> bool:
        """The last fetch was one of the next page, and failed."""
        return _has_failed(self, "forward")

    @property
    def is_fetch_previous_page_error(self) -> bool:
        """The last fetch was one of the previous page, and failed."""
        return _has_failed(self, "backward")

    @property
    def is_refetching(self) -> bool:
        """All pages are being fetched again."""
        return _is_fetching(self, None)

    @property
    def is_refetch_error(self) -> bool:
        """Fetching all pages again failed, and older ones are there to show."""
        return _has_failed(self, None)


# Any: one of the classes below
def _is_fetching(result: Any, direction: FetchDirection | None) -> bool:
    is_meant = result.fetch_direction == direction and (direction is not None or not result.is_pending)
    return is_meant and bool(result.is_fetching)


def _has_failed(result: Any, direction: FetchDirection | None) -> bool:
    is_meant = result.fetch_direction == direction and (direction is not None or result.has_data)
    return is_meant and bool(result.is_error)


class InfinitePendingResult(Paging, PendingResult[ShownT_co], frozen=True, kw_only=True, eq=False):
    """There is no page yet, and no error.

    Attributes:
        has_next_page: There is a page after the last one.
        has_previous_page: There is a page before the first one.
        fetch_direction: Where the fetch goes that runs, or that failed last, if it is one of a single page.
        fetch_next_page: Fetch it; see ``InfiniteQueryObserver.fetch_next_page``.
        fetch_previous_page: Fetch it; see ``InfiniteQueryObserver.fetch_previous_page``.
    """

    has_next_page: bool
    has_previous_page: bool
    fetch_direction: FetchDirection | None
    fetch_next_page: FetchPage[ShownT_co]
    fetch_previous_page: FetchPage[ShownT_co]


class InfiniteSuccessResult(Paging, SuccessResult[ShownT_co], frozen=True, kw_only=True, eq=False):
    """There are pages. The attributes are those of ``SuccessResult`` and ``InfinitePendingResult``."""

    has_next_page: bool
    has_previous_page: bool
    fetch_direction: FetchDirection | None
    fetch_next_page: FetchPage[ShownT_co]
    fetch_previous_page: FetchPage[ShownT_co]


class InfiniteLoadingErrorResult(Paging, LoadingErrorResult[ShownT_co], frozen=True, kw_only=True, eq=False):
    """It failed without a page. The attributes are those of ``LoadingErrorResult`` and ``InfinitePendingResult``."""

    has_next_page: bool
    has_previous_page: bool
    fetch_direction: FetchDirection | None
    fetch_next_page: FetchPage[ShownT_co]
    fetch_previous_page: FetchPage[ShownT_co]


class InfiniteRefetchErrorResult(Paging, RefetchErrorResult[ShownT_co], frozen=True, kw_only=True, eq=False):
    """It failed, with pages to show. The attributes are as in ``RefetchErrorResult`` and ``InfinitePendingResult``."""

    has_next_page: bool
    has_previous_page: bool
    fetch_direction: FetchDirection | None
    fetch_next_page: FetchPage[ShownT_co]
    fetch_previous_page: FetchPage[ShownT_co]


InfiniteQueryObserverResult: TypeAlias = (
    InfinitePendingResult[ShownT_co]
    | InfiniteSuccessResult[ShownT_co]
    | InfiniteLoadingErrorResult[ShownT_co]
    | InfiniteRefetchErrorResult[ShownT_co]
)
"""What an observer of an infinite query publishes."""

INFINITE_RESULT_CLASSES: Final[Mapping[tuple[QueryStatus, bool], Callable[..., QueryResult[Any]]]] = {
    ("pending", False): InfinitePendingResult,
    ("pending", True): InfinitePendingResult,
    ("success", False): InfiniteSuccessResult,
    ("success", True): InfiniteSuccessResult,
    ("error", False): InfiniteLoadingErrorResult,
    ("error", True): InfiniteRefetchErrorResult,
}
"""The class of a result, by its status and whether it has data."""
