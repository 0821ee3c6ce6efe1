"""The types of pages and page params flow from query_fn to the result. Type-checked, never run."""

from __future__ import annotations

from typing import assert_type

from query import (
    Handle,
    InfiniteData,
    InfiniteQueryFunctionContext,
    InfiniteQueryObserver,
    InfiniteQueryObserverResult,
    InfiniteQueryOptions,
    InfiniteSuccessResult,
    QueryClient,
    QueryKey,
    ResultStream,
    Unset,
    infinite_query_options,
    skip_token,
)


class Page:
    rows: list[str]
    next: str | None


async def load(context: InfiniteQueryFunctionContext[str | None]) -> Page:
    assert_type(context.page_param, str | None)
    return Page()


def load_plain(context: InfiniteQueryFunctionContext[int]) -> list[str]:
    return []


def after(page: Page, pages: list[Page], param: str | None, params: list[str | None]) -> str | None:
    return page.next


def rows_of(data: InfiniteData[Page, str | None]) -> list[str]:
    return [row for page in data.pages for row in page.rows]


Pages = InfiniteData[Page, str | None]

pages = infinite_query_options(
    query_key=("rows",), query_fn=load, initial_page_param=None, get_next_page_param=after, stale_time=30
)
assert_type(pages, InfiniteQueryOptions[Page, str | None, Pages])
assert_type(pages.query_key, QueryKey[Pages])
assert_type(pages.with_(max_pages=3), InfiniteQueryOptions[Page, str | None, Pages])

rows = infinite_query_options(pages, select=rows_of)
assert_type(rows, InfiniteQueryOptions[Page, str | None, list[str]])
assert_type(pages.with_(select=rows_of), InfiniteQueryOptions[Page, str | None, list[str]])

numbered = infinite_query_options(
    query_key=("numbered",),
    query_fn=load_plain,
    initial_page_param=1,
    get_next_page_param=lambda page, pages, param, params: param + 1 if page else None,
    get_previous_page_param=lambda page, pages, param, params: param - 1,
)
assert_type(numbered, InfiniteQueryOptions[list[str], int, InfiniteData[list[str], int]])


def maybe(wanted: bool) -> InfiniteQueryOptions[Page, str | None, Pages]:
    return pages if wanted else pages.with_(query_fn=skip_token)


async def fetching(client: QueryClient) -> None:
    assert_type(client.infinite_query(pages), Handle[Pages])
    assert_type(await client.infinite_query(rows), list[str])
    assert_type(await client.fetch_infinite_query(rows), Pages)
    assert_type(await client.ensure_infinite_query_data(rows), Pages)
    assert_type(await client.prefetch_infinite_query(rows), None)
    # options of an infinite query are options of a query
    assert_type(await client.query(rows), list[str])
    await client.invalidate_queries(pages)


def writing(client: QueryClient) -> None:
    assert_type(client.get_query_data(pages.query_key), Pages | None)

    def without_last(old: Pages | Unset) -> Pages | Unset:
        return old if isinstance(old, Unset) else InfiniteData(old.pages[:-1], old.page_params[:-1])

    assert_type(client.set_query_data(pages.query_key, without_last), Pages | Unset)


async def watching(client: QueryClient) -> None:
    observer = InfiniteQueryObserver(client, rows)
    assert_type(observer, InfiniteQueryObserver[Page, str | None, list[str]])
    result = observer.get_current_result()
    assert_type(result.data, list[str] | None)
    assert_type(result.has_next_page, bool)
    assert_type(result.is_fetching_next_page, bool)
    if result.status == "success":
        assert_type(result, InfiniteSuccessResult[list[str]])
        assert_type(result.data, list[str])
    assert_type((await observer.fetch_next_page()).data, list[str] | None)
    assert_type(client.watch(rows), ResultStream[InfiniteQueryObserverResult[list[str]]])
    async for shown in client.watch(rows):
        assert_type(shown.has_next_page, bool)
    assert_type((await result.fetch_previous_page()).data, list[str] | None)
