"""Pages that are counted: by number, or by how many rows come before them."""

from __future__ import annotations

from typing import Any

import msgspec

from ..base.errors import OptionError
from .fetch import ApiResponse
from .pages import (
    PageError,
    PageParam,
    PageStrategy,
    Where,
    check_name,
    check_number,
    check_where,
    count_of,
    rows_of,
    with_query,
)
from .request import ApiRequest


class PageNumber(msgspec.Struct, frozen=True, kw_only=True):
    """See ``page_number``."""

    param: str = "page"
    start: int = 1
    size: int | None = None
    size_param: str = "per_page"
    items: Where = ""
    total_pages: Where | None = None
    total_items: Where | None = None

    def __post_init__(self) -> None:
        check_number("start", self.start, least=0)
        if self.size is not None:
            check_number("size", self.size, least=1)
        _check_counted(self.param, self.size_param, self.items, self.total_items)
        if self.total_pages is not None:
            check_where("total_pages", self.total_pages)
        if self.total_items is not None and self.size is None:
            raise OptionError("total_items= needs size=: pages cannot be counted without it.", option="total_items")

    @property
    def initial_page_param(self) -> PageParam:
        """The number of the first page."""
        return self.start

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """See ``PageStrategy``."""
        return _request(self, first, page_param)

    def next_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        number = _number(page_param)
        last = count_of(page, self.total_pages)
        if last is None:
            total = count_of(page, self.total_items)
            if total is not None and self.size is not None:
                last = -(-total // self.size)
        # without a total, a page without rows is behind the last one
        is_last = number - self.start + 1 >= last if last is not None else not rows_of(page, self.items)
        return None if is_last else number + 1

    def previous_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        number = _number(page_param)
        return number - 1 if number > self.start else None


class OffsetPages(msgspec.Struct, frozen=True, kw_only=True):
    """See ``offset_pages``."""

    size: int
    param: str = "offset"
    size_param: str = "limit"
    items: Where = ""
    total_items: Where | None = None

    def __post_init__(self) -> None:
        check_number("size", self.size, least=1)
        _check_counted(self.param, self.size_param, self.items, self.total_items)

    @property
    def initial_page_param(self) -> PageParam:
        """0: no row comes before the first page."""
        return 0

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """See ``PageStrategy``."""
        return _request(self, first, page_param)

    def next_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        # by what came, not by what was asked for: a server may give less
        came = len(rows_of(page, self.items))
        behind = _number(page_param) + came
        total = count_of(page, self.total_items)
        return behind if came and (total is None or behind < total) else None

    def previous_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        before = _number(page_param)
        return max(0, before - self.size) if before else None


def page_number(
    *,
    param: str = "page",
    start: int = 1,
    size: int | None = None,
    size_param: str = "per_page",
    items: Where = "",
    total_pages: Where | None = None,
    total_items: Where | None = None,
) -> PageStrategy:
    """Pages with numbers: ``?page=3``, ``?page=3&per_page=50``.

    The end is where the total says; without one, at the first page without rows, which is kept as a page. A total that
    is missing or null in a page counts as none. A page before the first one is found by counting down to *start*.

    Args:
        param: The query parameter of the number.
        start: The number of the first page.
        size: How many rows a page is to have, sent as *size_param*; by default nothing is sent and the server decides.
        size_param: The query parameter of the size.
        items: Where the rows are, needed without a total: a path into the JSON, "results" or ("data", "rows"), or a
            function of the answer; by default the JSON is the list.
        total_pages: Where the number of pages is.
        total_items: Where the number of all rows is, such as ``lambda page: page.headers.hits``. Needs *size*, and a
            server that gives so many: if it gives less than was asked for, the last pages are not reached.

    Raises:
        OptionError: A number, name or place that cannot be, or *total_items* without *size*.
    """
    return PageNumber(
        param=param,
        start=start,
        size=size,
        size_param=size_param,
        items=items,
        total_pages=total_pages,
        total_items=total_items,
    )


def offset_pages(
    *,
    size: int,
    param: str = "offset",
    size_param: str = "limit",
    items: Where = "",
    total_items: Where | None = None,
) -> PageStrategy:
    """Pages by how many rows come before them: ``?offset=100&limit=50``.

    The next page begins behind the rows that came, also where the server gives fewer than were asked for. The end is
    where the total says; without one, at the first page without rows, which is kept as a page.

    The previous page begins *size* rows before. A server that gives fewer than *size* leaves a gap there: ask for no
    more than it gives.

    Args:
        size: How many rows a page is to have.
        param: The query parameter of the offset.
        size_param: The query parameter of the size.
        items: Where the rows are: a path into the JSON, "results" or ("data", "rows"), or a function of the answer; by
            default the JSON is the list.
        total_items: Where the number of all rows is.

    Raises:
        OptionError: A number, name or place that cannot be.
    """
    return OffsetPages(size=size, param=param, size_param=size_param, items=items, total_items=total_items)


def _check_counted(param: str, size_param: str, items: Where, total_items: Where | None) -> None:
    check_name("param", param)
    check_name("size_param", size_param)
    if param == size_param:
        raise OptionError(f"size_param={size_param!r} is the name of the page already.", option="size_param")
    check_where("items", items)
    if total_items is not None:
        check_where("total_items", total_items)


def _request(pages: PageNumber | OffsetPages, first: ApiRequest, page_param: PageParam) -> ApiRequest:
    added = {pages.param: _number(page_param)}
    if pages.size is not None:
        added[pages.size_param] = pages.size
    return with_query(first, added)


def _number(page_param: PageParam) -> int:
    if isinstance(page_param, int):
        return page_param
    raise PageError(f"{page_param!r} is no page param of pages that are counted; expected an int.", found=page_param)
