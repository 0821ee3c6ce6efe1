"""How an infinite query fetches: one page in a direction, or all pages again from the first.

Source: infiniteQueryBehavior.ts. Differs: a run that was cancelled asks for no further page, signal read or not.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeAlias, cast

from ..base.errors import OptionError
from ..base.infinite_data import InfiniteData, PageParamT, PageT, has_pages
from ..base.infinite_options import AnyInfiniteQueryOptions, InfiniteQueryOptions, next_page_param, previous_page_param
from ..base.option_checks import missing
from ..base.options import AnyQueryOptions
from ..base.types import FetchDirection, Unset
from ..base.values import given
from ..base.views import AbortSignalView

FetchPage: TypeAlias = Callable[[Any, FetchDirection], Awaitable[Any] | Any]
"""Calls the query function for one page, with its param and the direction."""


class PagesRun(Generic[PageT, PageParamT]):
    """One fetch of an infinite query. What it has so far outlives a failed attempt: a retry goes on with that page.

    Args:
        options: The options of the query, taken once for the whole fetch.
        data: What the cache held when the fetch began.
        direction: Where to add a page; None fetches all again.
        signal: Fires when the fetch is cancelled.
        fetch_page: Calls the query function for one page.
    """

    def __init__(
        self,
        *,
        options: AnyQueryOptions,
        data: object,
        direction: FetchDirection | None,
        signal: AbortSignalView,
        fetch_page: FetchPage,
    ) -> None:
        self._options = options
        self._before: InfiniteData[PageT, PageParamT] = data if has_pages(data) else InfiniteData([], [])
        self._direction: FetchDirection | None = direction
        self._signal = signal
        self._fetch_page = fetch_page
        self._fetched: InfiniteData[PageT, PageParamT] = InfiniteData([], [])
        self._rounds = 0

    async def attempt(self) -> InfiniteData[PageT, PageParamT]:
        """Fetch what is missing.

        Raises:
            OptionError: The options are not those of an infinite query.
            Exception: Whatever the functions raise.
        """
        options = self._options
        if not isinstance(options, InfiniteQueryOptions):
            raise OptionError(
                f"{options.query_key!r} is an infinite query, but was asked to fetch with plain options. Fetch it with "
                "those that infinite_query_options() makes, and keep plain queries under other keys.",
                option="initial_page_param",
            )
        infinite = cast("InfiniteQueryOptions[PageT, PageParamT, Any]", options)
        if self._direction is not None and self._before.pages:
            return await self._add_page(infinite, self._direction)
        return await self._fetch_all(infinite)

    async def _add_page(
        self, options: AnyInfiniteQueryOptions, direction: FetchDirection
    ) -> InfiniteData[PageT, PageParamT]:
        beyond = previous_page_param if direction == "backward" else next_page_param
        page_param = beyond(options, self._before)
        if page_param is None:
            # the same pages in another object: who selects from them is to look again
            return InfiniteData(self._before.pages, self._before.page_params)
        return await self._with_page(options, self._before, page_param, direction)

    async def _fetch_all(self, options: AnyInfiniteQueryOptions) -> InfiniteData[PageT, PageParamT]:
        wanted = given(options.pages, len(self._before.pages))
        while self._rounds == 0 or self._rounds < wanted:
            if self._rounds:
                page_param = next_page_param(options, self._fetched)
                if page_param is None:
                    break
            else:
                page_param = self._first_page_param(options)
            self._fetched = await self._with_page(options, self._fetched, page_param, "forward")
            self._rounds += 1
        return self._fetched

    def _first_page_param(self, options: AnyInfiniteQueryOptions) -> PageParamT:
        # by the length: None is a legal first one
        if self._before.page_params:
            return self._before.page_params[0]
        page_param = options.initial_page_param
        if isinstance(page_param, Unset):
            raise missing(f"the infinite query {options.query_key!r}", "initial_page_param")
        return cast("PageParamT", page_param)

    async def _with_page(
        self,
        options: AnyInfiniteQueryOptions,
        data: InfiniteData[PageT, PageParamT],
        page_param: PageParamT,
        direction: FetchDirection,
    ) -> InfiniteData[PageT, PageParamT]:
        # a plain function lets the task be cancelled nowhere else
        self._signal.raise_if_aborted()
        page = self._fetch_page(page_param, direction)
        if inspect.isawaitable(page):
            page = await page
        return data.with_page(
            cast("PageT", page),
            page_param,
            at_start=direction == "backward",
            max_pages=given(options.max_pages, 0),
        )
