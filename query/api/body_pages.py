"""Pages that name their neighbours by cursors in the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from .fetch import ApiResponse
from .pages import PageError, PageParam, PageStrategy, Where, check_name, check_where, param_of, unless_held, with_query
from .request import ApiRequest


class CursorInBody(msgspec.Struct, frozen=True, kw_only=True):
    """See ``cursor_in_body``."""

    next: Where
    previous: Where | None = None
    param: str = "cursor"
    previous_param: str | None = None

    def __post_init__(self) -> None:
        check_where("next", self.next)
        check_name("param", self.param)
        if self.previous is not None:
            check_where("previous", self.previous)
        if self.previous_param is not None:
            check_name("previous_param", self.previous_param)

    @property
    def initial_page_param(self) -> PageParam:
        """None: the first page is the request as it is."""
        return None

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        """See ``PageStrategy``."""
        if page_param is None:
            return first
        if not isinstance(page_param, Mapping):
            raise PageError(
                f'{page_param!r} is no page param of pages with cursors; expected one such as {{"cursor": "abc"}}.',
                found=page_param,
            )
        return with_query(first, page_param)

    def next_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        cursor = param_of(page, self.next)
        return None if cursor is None else unless_held({self.param: cursor}, page_params)

    def previous_page_param(
        self, page: ApiResponse[Any], pages: list[ApiResponse[Any]], page_param: PageParam, page_params: list[PageParam]
    ) -> PageParam:
        """See ``PageStrategy``."""
        cursor = param_of(page, self.previous)
        return None if cursor is None else unless_held({self.previous_param or self.param: cursor}, page_params)


def cursor_in_body(
    next: Where, *, param: str = "cursor", previous: Where | None = None, previous_param: str | None = None
) -> PageStrategy:
    """Pages that name their neighbours by a cursor in their JSON: ``cursor_in_body("meta.next_cursor")``.

    Null, false, "" or nothing at the place means that there is no such page. Where that is said beside the cursor, or
    the cursor is made of the last row, a function tells::

        cursor_in_body(
            lambda page: page.json["data"][-1]["id"] if page.json["has_more"] else None, param="starting_after"
        )

    A page param is what the page adds to the query: ``{"cursor": "abc"}``. A page that names one that is there already,
    or itself, has no neighbour: a server that repeats itself ends the list.

    Args:
        next: Where the cursor of the next page is: a path into the JSON, "meta.next_cursor" or ("meta", "next_cursor"),
            or a function of the answer.
        param: The query parameter in which it is sent.
        previous: Where the cursor of the previous page is; without it there is no way back.
        previous_param: The query parameter in which that is sent; by default the same.

    Raises:
        OptionError: A place or a name that cannot be.
    """
    return CursorInBody(next=next, param=param, previous=previous, previous_param=previous_param)
