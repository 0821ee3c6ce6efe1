"""The type of a page reaches the observer and the cache of an infinite API query. Type-checked, never run."""

from __future__ import annotations

from typing import TypedDict, assert_type

from query import (
    Handle,
    InfiniteData,
    InfiniteQueryObserver,
    InfiniteQueryObserverResult,
    QueryClient,
    QueryKey,
    Unset,
    infinite_query_options,
)
from query.api import (
    ApiInfiniteOptions,
    ApiRequest,
    ApiResponse,
    Link,
    PageParam,
    PageStrategy,
    api_options,
    cursor_in_body,
    link_pages,
    next_url_in_body,
    offset_pages,
    page_number,
    page_param,
    select_json_pages,
    select_json_with_headers,
    skip_token,
)


class Issue(TypedDict):
    id: int


class Rows(TypedDict):
    rows: list[Issue]


Cached = InfiniteData[ApiResponse[list[Issue]], PageParam]
Shown = InfiniteData[list[Issue], PageParam]

issues = api_options.as_infinite(list[Issue])("/issues/", query={"sort": "new"}, max_pages=3, stale_time=30)
assert_type(issues, ApiInfiniteOptions[list[Issue]])
assert_type(issues.query_key, QueryKey[Cached])
assert_type(issues.with_(pages=2), ApiInfiniteOptions[list[Issue]])
assert_type(issues.with_(select=select_json_pages), ApiInfiniteOptions[list[Issue]])


def of(slug: str | None) -> ApiInfiniteOptions[Rows]:
    path = {"slug": slug} if slug else skip_token
    return api_options.as_infinite(Rows)("/projects/$slug/", path=path, pages=cursor_in_body("next"), stale_time=0)


def ids_of(data: Cached) -> list[int]:
    return [issue["id"] for page in data.pages for issue in page.json]


strategies: list[PageStrategy] = [
    link_pages(hosts=["https://api.test"]),
    page_number(size=50, total_items=lambda page: page.headers.hits),
    offset_pages(size=50, items=("data", "rows", 0)),
    next_url_in_body(next="links.next"),
    cursor_in_body(lambda page: page.json["id"], previous="previous"),
]


class Letters:
    """A strategy of one's own needs no base class."""

    initial_page_param: PageParam = "a"

    def request(self, first: ApiRequest, page_param: PageParam) -> ApiRequest:
        return ApiRequest(url=f"{first.url}{page_param}/")

    def next_page_param(
        self, page: ApiResponse[object], pages: list[ApiResponse[object]], page_param: PageParam, page_params: object
    ) -> PageParam:
        return None

    previous_page_param = next_page_param


own = api_options.as_infinite(Rows)("/letters/", pages=Letters(), stale_time=0)


async def using(client: QueryClient) -> None:
    assert_type(client.infinite_query(issues), Handle[Shown])
    assert_type(await client.fetch_infinite_query(issues), Cached)
    assert_type(await client.ensure_infinite_query_data(issues), Cached)
    assert_type(await client.prefetch_infinite_query(issues), None)
    assert_type(await client.infinite_query(issues.with_(select=ids_of)), list[int])
    assert_type(await client.infinite_query(infinite_query_options(issues, select=ids_of)), list[int])
    assert_type(await client.infinite_query(issues.with_(select=select_json_with_headers)), Cached)
    observer = InfiniteQueryObserver(client, issues)
    assert_type(observer.get_current_result(), InfiniteQueryObserverResult[Shown])
    await client.invalidate_queries(issues)


def writing(client: QueryClient) -> None:
    cached = client.get_query_data(issues.query_key)
    assert_type(cached, Cached | None)
    by_hand: Cached = InfiniteData([ApiResponse([Issue(id=1)])], [None])
    client.set_query_data(issues.query_key, by_hand)

    def without_last(old: Cached | Unset) -> Cached | Unset:
        return old if isinstance(old, Unset) else InfiniteData(old.pages[:-1], old.page_params[:-1])

    client.set_query_data(issues.query_key, without_last)
    if cached is not None:
        headers = cached.pages[0].headers
        assert_type(headers["X-Hits"], str)
        assert_type(headers.hits, int | None)
        assert_type(headers.link, tuple[Link, ...])
        assert_type(page_param(headers.link, "next"), str | None)
        assert_type(page_param(headers.get("Link"), "previous"), str | None)
