"""Infinite API options: whole answers in the cache, JSON on show, and a key of their own."""

from typing import Annotated, Any

import pytest

from query import (
    InfiniteData,
    InfiniteQueryObserver,
    InfiniteQueryOptions,
    OptionError,
    QueryFilters,
    QueryKeyError,
    QueryOptions,
)
from query.api import (
    ApiResponse,
    MissingPathParamError,
    ResponseHeaders,
    ResponseValidationError,
    api_fetch,
    api_fetch_infinite,
    api_options,
    link_pages,
    page_number,
    select_json_pages,
    select_json_with_headers,
    skip_token,
)

issues = api_options.as_infinite(list[int])


def pages_of(request):
    """Three pages by a Link header."""
    number = int(request.url.params.get("page", 1))
    link = f"<https://api.test/issues/?page={number + 1}>; rel=next" if number < 3 else ""
    return {"status_code": 200, "json": [number], "headers": {"Link": link, "X-Hits": "3"}}


def test_options_of_a_path():
    """The key is the URL with a mark, the function fetches a page, what is shown is JSON."""
    options = issues("/projects/$slug/issues/", path={"slug": "a"}, query={"sort": "new"}, max_pages=4, stale_time=30)
    assert isinstance(options, InfiniteQueryOptions)
    assert options.query_key == ("/projects/a/issues/", {"infinite": True, "query": {"sort": "new"}})
    assert options.query_fn.func is api_fetch_infinite
    assert options.select is select_json_pages
    assert (options.stale_time, options.max_pages, options.initial_page_param) == (30, 4, None)


async def test_pages_come_one_after_the_other(server, client):
    """The observer shows their JSON, the cache holds their headers too."""
    server.answer = pages_of
    options = issues("/issues/", stale_time=30)
    observer = InfiniteQueryObserver(client, options)
    unsubscribe = observer.subscribe(lambda result: None)
    result = await observer.wait_for(lambda result: result.is_success)
    while result.has_next_page:
        result = await result.fetch_next_page()
    assert result.data == InfiniteData([[1], [2], [3]], [None, "?page=2", "?page=3"])
    cached = client.get_query_data(options.query_key)
    assert [page.headers.hits for page in cached.pages] == [3, 3, 3]
    unsubscribe()


async def test_select_may_be_changed(server, client):
    """As with plain options."""
    server.answer = pages_of
    options = issues("/issues/", stale_time=30).with_(pages=3)
    assert (await client.infinite_query(options)).pages == [[1], [2], [3]]
    whole = await client.infinite_query(options.with_(select=select_json_with_headers))
    assert whole.pages[0].headers.hits == 3
    rows = options.with_(select=lambda data: [row for page in data.pages for row in page.json])
    assert await client.infinite_query(rows) == [1, 2, 3]
    assert len(server.requests) == 3


async def test_the_plain_query_of_the_url_is_another_entry(server, client):
    """Both may be in use; what names the URL means both, and each can be named alone."""
    server.answer = pages_of
    plain, infinite = api_options.as_(list[int])("/issues/", stale_time=30), issues("/issues/", stale_time=30)
    assert await client.query(plain) == [1]
    assert (await client.infinite_query(infinite)).pages == [[1]]
    assert isinstance(client.get_query_data(plain.query_key), ApiResponse)

    def invalidated():
        return [client.get_query_state(options.query_key).is_invalidated for options in (plain, infinite)]

    await client.invalidate_queries(infinite)
    assert invalidated() == [False, True]
    await client.invalidate_queries(("/issues/",))
    assert invalidated() == [True, True]


async def test_what_names_a_query_of_the_url_means_its_pages_too(server, client):
    """Filters match by what a key has at least."""
    server.answer = pages_of
    await client.infinite_query(issues("/issues/", query={"sort": "new"}, stale_time=30))
    state = client.get_query_cache().get_all()[0]
    for prefix in [("/issues/", {"query": {"sort": "new"}}), ("/issues/", {"infinite": True})]:
        assert client.get_query_cache().find_all(QueryFilters(query_key=prefix)) == [state]
    other = QueryFilters(query_key=("/issues/", {"query": {"sort": "old"}}))
    assert client.get_query_cache().find_all(other) == []


async def test_each_page_is_the_call_of_the_options(server, client):
    """Method, body and headers too, but for what tells the pages apart."""
    server.answer = {"status_code": 200, "json": [1]}
    options = issues(
        "/search/?x=1", method="POST", data={"q": "a"}, headers={"X": "1"}, query={"sort": "new"},
        pages=page_number(size=5), stale_time=0,
    )  # fmt: skip
    await client.infinite_query(options.with_(pages=2))
    assert [str(request.url) for request in server.requests] == [
        f"https://api.test/search/?x=1&sort=new&page={page}&per_page=5" for page in (1, 2)
    ]
    assert (server.last.method, server.json, server.last.headers["x"]) == ("POST", {"q": "a"}, "1")


async def test_equal_pages_keep_their_identity(server, client):
    """Rows that did not change are the rows they are, on every page."""
    server.answer = pages_of
    options = issues("/issues/", stale_time=0)
    await client.fetch_infinite_query(options.with_(pages=2))
    first = client.get_query_data(options.query_key)
    server.answer = lambda request: {**pages_of(request), "headers": {**pages_of(request)["headers"], "date": "now"}}
    await client.fetch_infinite_query(options)
    second = client.get_query_data(options.query_key)
    assert second is not first
    assert [page.json for page in second.pages] == [[1], [2]]
    assert all(new.json is old.json for new, old in zip(second.pages, first.pages, strict=True))


def test_skip_token_keeps_the_query_from_fetching():
    """The pattern itself names the entry meanwhile."""
    options = issues("/projects/$slug/issues/", path=skip_token, stale_time=0)
    assert options.query_key == ("/projects/$slug/issues/", {"infinite": True})
    assert options.query_fn is skip_token


def test_wrong_options_are_refused():
    """Where they are written."""
    with pytest.raises(TypeError, match="stale_time is missing"):
        issues("/issues/")
    with pytest.raises(MissingPathParamError):
        issues("/projects/$slug/", stale_time=0)
    with pytest.raises(OptionError, match="is no URL of an API"):
        issues("issues/", stale_time=0)
    with pytest.raises(OptionError, match="max_pages"):
        issues("/issues/", max_pages=-1, stale_time=0)


@pytest.mark.parametrize(
    ("pages", "hint"),
    [
        (link_pages, r"Call it: pages=link_pages\(\)\."),
        (2, r"is said by options\.with_\(pages=\.\.\.\)"),
        (None, r"expected link_pages\(\), page_number\(\)"),
        (type(link_pages()), "is no page strategy"),
    ],
)
def test_what_is_no_page_strategy_is_refused(pages, hint):
    """With what was meant, where that can be told."""
    with pytest.raises(OptionError, match=hint):
        issues("/issues/", pages=pages, stale_time=0)


async def test_a_strategy_of_ones_own(server, client):
    """Any object with the four members."""

    class Letters:
        initial_page_param = "a"

        def request(self, first, page_param):
            return type(first)(url=f"{first.url}{page_param}/")

        def next_page_param(self, page, pages, page_param, page_params):
            return chr(ord(page_param) + 1) if page_param < "c" else None

        def previous_page_param(self, page, pages, page_param, page_params):
            return None

    data = await client.infinite_query(issues("/issues/", pages=Letters(), stale_time=0).with_(pages=9))
    assert data.page_params == ["a", "b", "c"]
    assert [request.url.path for request in server.requests] == ["/issues/a/", "/issues/b/", "/issues/c/"]


async def test_the_two_kinds_of_keys_are_not_mixed_up(client):
    """Neither function fetches under a key of the other: the data would collide."""
    plain, infinite = ("/issues/",), ("/issues/", {"infinite": True})
    with pytest.raises(QueryKeyError, match="is the key of an infinite query, which api_fetch cannot fetch"):
        await client.query(QueryOptions(query_key=infinite, query_fn=api_fetch))
    with pytest.raises(QueryKeyError, match="is the key of a plain API call.*would collide"):
        await client.infinite_query(issues("/issues/", stale_time=0).with_(query_key=plain))
    with pytest.raises(OptionError, match="was fetched by plain options"):
        await client.query(QueryOptions(query_key=infinite, query_fn=api_fetch_infinite))


def test_pages_by_hand():
    """For data that is written into the cache."""
    data = InfiniteData([ApiResponse([1]), ApiResponse([2], ResponseHeaders({"x-hits": "2"}))], [None, "?page=2"])
    assert select_json_pages(data) == InfiniteData([[1], [2]], [None, "?page=2"])
    assert select_json_with_headers(data) is data


async def test_each_page_is_checked_if_it_is_asked_for(server, client):
    """By the type of one page; options that are made anew have the same function."""
    server.answer = pages_of
    wrong = api_options.as_infinite(list[str])("/issues/", validate="raise", stale_time=30)
    with pytest.raises(
        ResponseValidationError, match=r"the body does not fit list\[str\]: \[0\]: Input should be a valid"
    ):
        await client.infinite_query(wrong)
    right = api_options.as_infinite(list[int])("/issues/", validate="raise", stale_time=30)
    assert (await client.infinite_query(right)).pages == [[1]]
    again = api_options.as_infinite(list[int])("/issues/", validate="raise", stale_time=30)
    assert again.query_fn is right.query_fn
    assert api_options.as_infinite(Any)("/issues/", stale_time=30).query_fn is api_fetch_infinite
    unhashable = api_options.as_infinite(Annotated[list[int], []])("/issues/", validate="raise", stale_time=30)
    assert (await client.infinite_query(unhashable)).pages == [[1]]
