"""API options: one line says what is fetched, how it is typed and how long it is fresh."""

import inspect
import math
from datetime import timedelta

import pytest

from query import OptionError, QueryObserver, QueryOptions
from query.api import (
    ApiResponse,
    MissingPathParamError,
    UnknownPathParamError,
    api_fetch_as,
    api_options,
    select_json,
    select_json_with_headers,
    skip_token,
)

projects = api_options.as_(list[dict])


def test_options_of_a_path():
    """The key is the URL, the function the call, what is shown the JSON."""
    options = projects("/projects/", stale_time=30)
    assert isinstance(options, QueryOptions)
    assert options.query_key == ("/projects/",)
    assert options.query_fn is api_fetch_as(list[dict])
    assert options.select is select_json
    assert options.stale_time == 30


def test_parameters_are_filled_into_the_key():
    """So that one pattern names many entries."""
    options = projects("/projects/$slug/keys/", path={"slug": "a b"}, query={"page": 2, "sort": None}, stale_time=0)
    assert options.query_key == ("/projects/a%20b/keys/", {"query": {"page": 2}})


def test_all_of_a_call_is_in_the_key():
    """Two calls that differ in anything are two entries."""
    options = projects("/x/", method="POST", data={"a": 1}, headers={"X": "1"}, host="https://eu.test", stale_time=0)
    assert options.query_key == (
        "/x/",
        {"method": "POST", "data": {"a": 1}, "headers": {"X": "1"}, "host": "https://eu.test"},
    )


@pytest.mark.parametrize(
    ("stale_time", "kept"),
    [(0, 0), (1.5, 1.5), (timedelta(minutes=1), 60.0), (math.inf, math.inf), ("static", "static")],
)
def test_a_stale_time(stale_time, kept):
    """In all its forms."""
    assert projects("/x/", stale_time=stale_time).stale_time == kept


@pytest.mark.parametrize(("given", "was"), [({}, "missing"), ({"stale_time": None}, "None")])
def test_a_stale_time_is_needed(given, was):
    """No default is right for all endpoints, so leaving it out is refused, with what to write."""
    with pytest.raises(TypeError, match=rf'stale_time is {was}; expected the seconds .*"static"\. Only the caller'):
        projects("/x/", **given)


@pytest.mark.parametrize("stale_time", ["statik", -1, True, math.nan, [1]])
def test_a_wrong_stale_time_is_refused(stale_time):
    """As in all query options."""
    with pytest.raises(OptionError, match="stale_time=.*expected seconds"):
        projects("/x/", stale_time=stale_time)


def test_the_signature_is_there_for_editors():
    """The check around it does not hide it."""
    parameters = inspect.signature(projects).parameters
    assert parameters["stale_time"].default is inspect.Parameter.empty
    assert "path" in parameters


def test_skip_token_keeps_the_query_from_fetching():
    """The pattern itself names the entry meanwhile."""
    options = projects("/projects/$slug/", path=skip_token, query={"page": 1}, stale_time=0)
    assert options.query_key == ("/projects/$slug/", {"query": {"page": 1}})
    assert options.query_fn is skip_token


async def test_a_skipped_query_sends_nothing(server, client):
    """Until its parameters are known."""
    observer = QueryObserver(client, projects("/projects/$slug/", path=skip_token, stale_time=0))
    unsubscribe = observer.subscribe(lambda result: None)
    assert observer.get_current_result().fetch_status == "idle"
    assert server.requests == []
    unsubscribe()


@pytest.mark.parametrize("url", ["projects/", "", None, "api.test/x"])
def test_what_is_no_url_is_refused(url):
    """Where it is written."""
    with pytest.raises(OptionError, match="is no URL of an API"):
        projects(url, stale_time=0)


def test_wrong_parameters_are_refused():
    """Where they are written, not when the query fetches."""
    with pytest.raises(MissingPathParamError):
        projects("/projects/$slug/", stale_time=0)
    with pytest.raises(UnknownPathParamError):
        projects("/projects/", path={"slug": "a"}, stale_time=0)


async def test_select_may_be_changed(server, client):
    """The cache holds the whole answer, whatever is shown of it."""
    server.answer = {"status_code": 200, "json": [{"id": 1}], "headers": {"x-hits": "7"}}
    options = projects("/x/", stale_time=math.inf)
    assert await client.query(options) == [{"id": 1}]
    whole = await client.query(options.with_(select=select_json_with_headers))
    assert isinstance(whole, ApiResponse)
    assert whole.headers["X-Hits"] == "7"
    assert await client.query(options.with_(select=lambda response: len(response.json))) == 1
    assert await client.query(options.with_(select=None)) is whole
    assert client.get_query_data(options.query_key) is whole
    assert len(server.requests) == 1
