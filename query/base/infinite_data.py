"""What the cache holds for an infinite query: its pages, and what each was asked for with.

Source: types.ts, InfiniteData; utils.ts, addToEnd and addToStart.
"""

from __future__ import annotations

from typing import Any, Generic, TypeGuard, cast

import msgspec
from typing_extensions import TypeVar

from .lists import add_to_end, add_to_start
from .structural_sharing import register_shared_type, replace_equal_deep

PageT = TypeVar("PageT", default=Any)
"""One page, as the query function delivers it."""
PageParamT = TypeVar("PageParamT", default=Any)
"""What a page is asked for with: a number, an offset, a cursor."""
ShownPagesT = TypeVar("ShownPagesT", default=Any)
"""What an observer shows: the pages, or what ``select`` makes of them."""


class InfiniteData(msgspec.Struct, Generic[PageT, PageParamT], frozen=True):
    """The pages of an infinite query, in order. Its lists are not to be changed: write a new one.

    Attributes:
        pages: The pages.
        page_params: What each was asked for with, index by index.

    Raises:
        TypeError: One of the two is no list.
        ValueError: One is longer than the other.
    """

    pages: list[PageT]
    page_params: list[PageParamT]

    def __post_init__(self) -> None:
        for name in ("pages", "page_params"):
            value: object = getattr(self, name)
            if not isinstance(value, list):
                raise TypeError(f"InfiniteData.{name} is a {type(value).__name__}; expected a list.")
        if len(self.pages) != len(self.page_params):
            raise ValueError(
                f"InfiniteData has {len(self.pages)} pages, but {len(self.page_params)} page_params; expected one for "
                "each page. Change both lists together."
            )

    def with_page(
        self, page: PageT, page_param: PageParamT, *, at_start: bool, max_pages: int
    ) -> InfiniteData[PageT, PageParamT]:
        """A copy with one page more.

        Args:
            page: The page.
            page_param: What it was asked for with.
            at_start: Put it first; otherwise last.
            max_pages: How many to keep, dropping at the other end; 0 for all.
        """
        add = add_to_start if at_start else add_to_end
        return InfiniteData(add(self.pages, page, max_pages), add(self.page_params, page_param, max_pages))


def has_pages(data: object) -> TypeGuard[InfiniteData[Any, Any]]:
    """Whether *data* is that of an infinite query, with a page at least.

    Args:
        data: Anything; programs may write what they like under a key.
    """
    return isinstance(data, InfiniteData) and bool(cast("Any", data).pages)


def _share(previous: InfiniteData[Any, Any], next: InfiniteData[Any, Any]) -> InfiniteData[Any, Any]:
    pages = replace_equal_deep(previous.pages, next.pages)
    page_params = replace_equal_deep(previous.page_params, next.page_params)
    if pages is previous.pages and page_params is previous.page_params:
        return previous
    return InfiniteData(pages, page_params)


register_shared_type(InfiniteData, _share)
