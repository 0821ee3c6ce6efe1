"""Page strategies: over fake servers in every manner, forward and back, and what they refuse."""

import asyncio
import pickle

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_server import ENDS_EMPTY, STRATEGIES, PageServer

from query import InfiniteData, InfiniteQueryObserver, OptionError
from query.api import ApiRequest, ApiResponse, PageError, ResponseHeaders, api_options, cursor_in_body, page_number
from query.api.pages import count_of, look_up, rows_of, with_query

FIRST = ApiRequest(url="/rows/", query={"sort": "name", "none": None})
PAGES = 50


def rows_in(page):
    """The rows of the JSON of a page in any manner."""
    while isinstance(page, dict):
        page = next(page[name] for name in ("rows", "items", "results", "data") if name in page)
    return page


@pytest.mark.parametrize("style", STRATEGIES)
async def test_fifty_pages_forward_and_back(mock_api_client, make_test_query_client, style):
    """With only three pages kept: each is asked for once on the way out, and once more on the way back."""
    server = PageServer(style, PAGES)

    def answer(request):
        json, headers = server.handle(str(request.url))
        return httpx.Response(200, json=json, headers=headers)

    mock_api_client.get("/rows/", answer)
    options = api_options.as_infinite(object)(
        "/rows/", query={"sort": "name"}, pages=server.strategy, max_pages=3, stale_time=0
    )
    observer = InfiniteQueryObserver(make_test_query_client(), options)
    unsubscribe = observer.subscribe(lambda result: None)
    result = await observer.wait_for(lambda result: result.is_success)
    count = 1
    while result.has_next_page:
        result = await result.fetch_next_page()
        count += 1
        assert len(result.data.pages) == min(count, 3)
    # where only emptiness tells the end, the empty page is one
    assert count == PAGES + (style in ENDS_EMPTY)
    shown = [server.rows(index) for index in range(count)]
    assert [rows_in(page) for page in result.data.pages] == shown[-3:]

    first = count - 3
    while result.has_previous_page:
        result = await result.fetch_previous_page()
        first -= 1
        assert [rows_in(page) for page in result.data.pages] == shown[first : first + 3]
    assert first == 0
    assert len(server.asked) == count + count - 3

    # all of them again, by what the new pages say
    result = await observer.refetch()
    assert [rows_in(page) for page in result.data.pages] == shown[:3]
    assert len(server.asked) == 2 * count
    unsubscribe()


class Walk:
    """What a client does with a strategy, without one."""

    def __init__(self, server, max_pages):
        self.server, self.max_pages = server, max_pages
        self.data = InfiniteData([], [])
        self.add(server.strategy.initial_page_param, at_start=False)

    def add(self, page_param, *, at_start):
        request = self.server.strategy.request(FIRST, page_param)
        # as it is after having been stored: JSON has no tuples, and what was pickled is not the same object
        page_param = pickle.loads(pickle.dumps(page_param))
        url = with_query(request, {})
        query = "&".join(
            f"{name}={value if isinstance(value, (str, int)) else value[0]}" for name, value in url.query.items()
        )
        json, headers = self.server.handle(f"https://api.test{url.url}?{query}")
        page = ApiResponse(json, ResponseHeaders(headers))
        self.data = self.data.with_page(page, page_param, at_start=at_start, max_pages=self.max_pages)

    def step(self, *, back):
        strategy, data = self.server.strategy, self.data
        edge = 0 if back else -1
        beyond = strategy.previous_page_param if back else strategy.next_page_param
        page_param = beyond(data.pages[edge], data.pages, data.page_params[edge], data.page_params)
        if page_param is not None:
            self.add(page_param, at_start=back)
        return page_param is not None


@settings(max_examples=60)
@given(
    st.sampled_from(list(STRATEGIES)),
    st.integers(1, PAGES),
    st.integers(0, 4),
    st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=6),
)
def test_any_way_through_the_pages_shows_what_is_there(style, pages, max_pages, ways):
    """Forward and back in any order: the pages that are kept are those around the present place, without gaps."""
    server = PageServer(style, pages)
    walk = Walk(server, max_pages)
    low, high = 0, 1
    last = pages + (style in ENDS_EMPTY)
    for back, steps in ways:
        for _ in range(steps):
            moved = walk.step(back=back)
            assert moved is (low > 0 if back else high < last)
            if not moved:
                break
            low, high = (low - 1, high) if back else (low, high + 1)
            if max_pages and high - low > max_pages:
                low, high = (low, high - 1) if back else (low + 1, high)
        assert [rows_in(page.json) for page in walk.data.pages] == [server.rows(index) for index in range(low, high)]


def page(json, **headers):
    return ApiResponse(json, ResponseHeaders(headers))


def neighbours(strategy, shown, page_param=None):
    return (
        strategy.previous_page_param(shown, [shown], page_param, [page_param]),
        strategy.next_page_param(shown, [shown], page_param, [page_param]),
    )


def test_the_query_of_the_url_counts_as_well():
    """Whether it stands in the URL or beside it; what is asked for with is replaced in both."""
    request = with_query(ApiRequest(url="/x/?a=1&a=2&page=1&b=", query={"page": 2, "c": None}), {"page": 3})
    assert (request.url, request.query) == ("/x/", {"a": ["1", "2"], "page": 3, "b": [""]})


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("a.b", 1),
        (("a", "b"), 1),
        ("rows.0", 7),
        (("rows", -1), 9),
        ("", {"a": {"b": 1}, "rows": [7, 9], "x.y": 2}),
        (("x.y",), 2),
        (lambda page: page.json["rows"][1], 9),
    ],
)
def test_places_in_an_answer(where, found):
    """By a path or by a function."""
    assert look_up(page({"a": {"b": 1}, "rows": [7, 9], "x.y": 2}), where) == found


@pytest.mark.parametrize("where", ["b", "a.b.c", "rows.5", "rows.x", ("rows", -5), "x.y"])
def test_nothing_at_a_place(where):
    """Is no error by itself: a last page may have no such member."""
    assert cursor_in_body(where).next_page_param(page({"a": {"b": None}, "rows": [7]}), [], None, []) is None


def test_rows_that_are_not_there_are_an_error():
    """A list that never ends, or ends too early, would be worse."""
    with pytest.raises(
        PageError, match=r"no list of rows as its JSON: there is \{'rows': .*The JSON has 'rows', 'n'\. Say"
    ):
        rows_of(page({"rows": [1], "n": 1}), "")
    with pytest.raises(PageError, match="no list of rows at 'row': there is nothing"):
        rows_of(page({"rows": [1]}), "row")
    with pytest.raises(PageError, match="where the function looks") as caught:
        rows_of(page([]), lambda page: "abc" * 50)
    assert caught.value.found == "abc" * 50


@pytest.mark.parametrize(("found", "count"), [(5, 5), ("5", 5), (0, 0), (None, None)])
def test_totals(found, count):
    """A number, or text of one; null is none."""
    assert count_of(page({"n": found}), "n") == count


@pytest.mark.parametrize("found", [True, -1, 1.5, "many", "٣", "9" * 30, []])
def test_a_total_that_is_no_number_is_an_error(found):
    """It cannot be told from a path that leads to the wrong place."""
    with pytest.raises(PageError, match="no number at 'n'"):
        page_number(total_pages="n").next_page_param(page({"n": found}), [], 1, [])


def test_a_missing_total_leaves_it_to_the_rows():
    """Some servers stop counting."""
    strategy = page_number(size=2, total_items="n", items="rows")
    assert neighbours(strategy, page({"n": None, "rows": [1]}), 3) == (2, 4)
    assert neighbours(strategy, page({"rows": []}), 3) == (2, None)
    assert neighbours(strategy, page({"n": 5, "rows": [1]}), 3) == (2, None)
    assert neighbours(strategy, page({"n": 0, "rows": []}), 1) == (None, None)


def test_an_error_of_a_page_is_shown(mock_api_client, make_test_query_client):
    """In the result, beside the page that came."""

    async def run():
        mock_api_client.get("/rows/", {"rows": [1]})
        options = api_options.as_infinite(dict)("/rows/", pages=page_number(), stale_time=0)
        observer = InfiniteQueryObserver(make_test_query_client(), options)
        return await observer.refetch()

    result = asyncio.run(run())
    assert isinstance(result.error, PageError)
    assert result.data.pages == [{"rows": [1]}]


@pytest.mark.parametrize("where", [5, None, b"a", ["a", 1.5], {"a"}])
@pytest.mark.parametrize("make", [cursor_in_body, lambda where: page_number(items=where)])
def test_a_place_that_is_none_is_refused(make, where):
    """Where it is written."""
    with pytest.raises(OptionError, match="is no place in an answer"):
        make(where)
