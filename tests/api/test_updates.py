"""Changing cached JSON: around it stays what the cache holds of an answer."""

import pytest

from query import UNSET, InfiniteData, OptionError, QueryClient, infinite_query_options
from query.api import ApiResponse, ResponseHeaders, api_options, update_json, update_pages

projects = api_options.as_(list[str])("/projects/", stale_time=30)
pages = infinite_query_options(
    query_key=("pages",), query_fn=lambda context: None, initial_page_param=0, get_next_page_param=lambda *_: None
)


def test_the_json_changes_and_the_headers_stay():
    """One line writes, one takes back."""
    client = QueryClient()
    before = ApiResponse(["Apollo"], ResponseHeaders({"X-Hits": "1"}))
    client.set_query_data(projects.query_key, before)
    undo = update_json(client, projects, lambda rows: [*rows, "Gemini"])
    cached = client.get_query_data(projects.query_key)
    assert (cached.json, dict(cached.headers)) == (["Apollo", "Gemini"], {"x-hits": "1"})
    assert undo.before is before
    undo()
    assert client.get_query_data(projects.query_key).json == ["Apollo"]


def test_a_key_will_do():
    """It says what is cached, as the options do."""
    client = QueryClient()
    client.set_query_data(projects.query_key, ApiResponse(["Apollo"]))
    update_json(client, projects.query_key, lambda rows: [])
    assert client.get_query_data(projects.query_key).json == []


def test_where_nothing_is_cached_nothing_is_done():
    """No answer is made up."""
    client = QueryClient()
    assert update_json(client, projects, lambda rows: [*rows, "Gemini"]).before is UNSET
    assert update_pages(client, pages, lambda rows: [*rows, "Gemini"]).before is UNSET
    assert client.get_query_cache().get_all() == []


def test_every_page_changes():
    """Each keeps its headers and what it was asked for with."""
    client = QueryClient()
    before = InfiniteData([ApiResponse([n], ResponseHeaders({"n": str(n)})) for n in (1, 2)], ["", "x"])
    client.set_query_data(pages.query_key, before)
    undo = update_pages(client, pages, lambda rows: [-row for row in rows])
    data = client.get_query_data(pages.query_key)
    assert [page.json for page in data.pages] == [[-1], [-2]]
    assert [page.headers["N"] for page in data.pages] == ["1", "2"]
    assert data.page_params == ["", "x"]
    undo()
    assert [page.json for page in client.get_query_data(pages.query_key).pages] == [[1], [2]]


@pytest.mark.parametrize(
    ("update", "data", "text"),
    [
        (
            update_json,
            InfiniteData([], []),
            "update_json was to change a cached InfiniteData; expected the ApiResponse",
        ),
        (update_pages, ApiResponse([]), "update_pages was to change a cached ApiResponse; expected the InfiniteData"),
        (update_json, ["plain"], "update_json was to change a cached list;.* and update_data for other data"),
    ],
)
def test_the_other_kind_of_data_is_refused(update, data, text):
    """With the function that changes it; the data stays."""
    client = QueryClient()
    client.set_query_data(("a",), data)
    with pytest.raises(OptionError, match=text):
        update(client, projects.with_(query_key=("a",)), lambda json: json)
    assert client.get_query_data(("a",)) is data


@pytest.mark.parametrize("update", [update_json, update_pages])
def test_what_cannot_change_json_is_refused(update):
    """In the name of what was called."""
    with pytest.raises(OptionError, match=rf"{update.__name__} was given \[\]"):
        update(QueryClient(), projects, [])


def test_an_answer_with_other_json():
    """For updaters that are written by hand."""
    response = ApiResponse([1], ResponseHeaders({"X-Hits": "1"}))
    other = response.with_json("text")
    assert (other.json, other.headers) == ("text", response.headers)
    assert response.json == [1]
