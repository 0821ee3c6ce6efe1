"""Endpoints: what api["/projects/$slug/"] gives makes options, URLs and writes."""

from typing import Any

import pytest
from typing_extensions import TypedDict

from query import InfiniteQueryOptions, MutationObserver, OptionError
from query.api import (
    Endpoint,
    EndpointTable,
    FlatEndpoint,
    MissingPathParamError,
    ResponseValidationError,
    UndocumentedMethodError,
    UnknownPathParamError,
    api_options,
    page_number,
    skip_token,
)


class Named(TypedDict):
    """A type of an answer."""

    name: str


api = EndpointTable(
    {
        "/projects/": {"GET": "object", "POST": "object"},
        "/projects/$slug/": {"DELETE": "object", "GET": "object"},
        "/restart/": {"POST": "object"},
        "/any/": None,
    }
)
project = api["/projects/$slug/"]


def test_the_options_are_those_of_api_options():
    """The table adds types, not a second way of fetching."""
    options = project(path={"slug": "a b"}, query={"page": 2}, headers={"X": "1"}, host="https://eu.test", stale_time=3)
    expected = api_options.as_(Any)(
        "/projects/$slug/",
        path={"slug": "a b"},
        query={"page": 2},
        headers={"X": "1"},
        host="https://eu.test",
        stale_time=3,
    )
    assert options.query_key == expected.query_key
    assert (options.query_fn, options.select, options.stale_time) == (expected.query_fn, expected.select, 3)


def test_a_parameter_that_the_document_leaves_out_is_given_beside():
    """Both are one query; the extra one wins."""
    options = api["/projects/"](query={"page": 1, "q": "a"}, extra_query={"page": 2}, stale_time=0)
    assert options.query_key == ("/projects/", {"query": {"page": 2, "q": "a"}})


def test_skip_token_waits_for_the_path():
    """The pattern stands for the URL until then."""
    options = project(path=skip_token, stale_time=0)
    assert options.query_key == ("/projects/$slug/",)
    assert options.query_fn is skip_token


async def test_as_names_another_type(server, client):
    """It fetches the same."""
    assert await client.query(project.as_(dict)(path={"slug": "a"}, stale_time=0)) == {"ok": True}
    assert server.last.url.path == "/projects/a/"


def test_the_options_of_pages_are_those_of_api_options():
    """With the pages' own key, and by whatever strategy."""
    options = project.infinite(path={"slug": "a"}, query={"q": "x"}, pages=page_number(), max_pages=3, stale_time=0)
    expected = api_options.as_infinite(dict)(
        "/projects/$slug/", path={"slug": "a"}, query={"q": "x"}, pages=page_number(), max_pages=3, stale_time=0
    )
    assert isinstance(options, InfiniteQueryOptions)
    assert options.query_key == expected.query_key
    assert options.max_pages == 3
    assert options.initial_page_param == 1


async def test_what_is_no_json_is_read_as_the_document_says(server, client):
    """Unless the call says otherwise."""
    table = EndpointTable({"/report/": {"GET:bytes": "bytes", "POST:text": "str"}})
    server.answer = {"status_code": 200, "content": b"7"}
    report = table["/report/"]
    assert report.methods == {"GET", "POST"}
    assert await client.query(report(stale_time=0)) == b"7"
    assert await client.query(report(parse="json", stale_time=0)) == 7
    assert await client.query(report.as_(bytes)(stale_time=0)) == b"7"
    assert await MutationObserver(client, report.post()).mutate() == "7"


async def test_answers_are_checked_by_the_types_of_the_document(server, client):
    """By name: their module is loaded for that, and only then."""
    table = EndpointTable({"/names/": {"GET": "list[Named]", "POST": "Named"}}, types=__name__)
    names = table["/names/"]
    server.answer = {"status_code": 200, "json": [{"name": "a"}]}
    assert await client.query(names(validate="raise", stale_time=0)) == [{"name": "a"}]
    server.answer = {"status_code": 200, "json": [{"name": 1}]}
    with pytest.raises(ResponseValidationError, match=r"\[0\]\.name"):
        await client.query(
            names(
                query={"page": 2},
                validate="raise",
                stale_time=0,
            ).with_(retry=False)
        )
    assert await client.query(names(query={"page": 2}, stale_time=0)) == [{"name": 1}]
    assert await client.query(names.as_(list[dict[str, int]])(query={"page": 3}, validate="raise", stale_time=0)) == [
        {"name": 1}
    ]


def test_url_is_for_calls_built_by_hand():
    """Encoded, also for a URL that is only written."""
    assert project.url(path={"slug": "a/b"}) == "/projects/a%2Fb/"
    assert api["/restart/"].url() == "/restart/"


@pytest.mark.parametrize("stale_time", [{}, {"stale_time": None}])
def test_a_stale_time_is_needed(stale_time):
    """Here as in api_options."""
    with pytest.raises(OptionError, match="Only the caller can know it"):
        project(path={"slug": "a"}, **stale_time)


def test_the_path_must_fit_the_pattern():
    """Missing, absent, surplus, or for a URL without parameters."""
    for path in ({"path": {}}, {}):
        with pytest.raises(MissingPathParamError):
            project(**path, stale_time=0)
    with pytest.raises(UnknownPathParamError):
        project(path={"slug": "a", "id": 1}, stale_time=0)
    with pytest.raises(UnknownPathParamError):
        api["/projects/"](path={"slug": "a"}, stale_time=0)


def test_a_method_that_the_document_lacks_is_refused():
    """With those that it has; as an attribute that is not there."""
    with pytest.raises(UndocumentedMethodError, match=r"'/projects/' has no PUT; the document has GET, POST") as info:
        _ = api["/projects/"].put
    assert (info.value.pattern, info.value.method, info.value.methods) == ("/projects/", "PUT", ("GET", "POST"))
    assert not hasattr(project, "post")
    assert hasattr(project, "delete")


def test_a_url_that_is_not_read_makes_no_query():
    """Neither plain nor typed by hand."""
    with pytest.raises(UndocumentedMethodError, match="'/restart/' has no GET"):
        api["/restart/"](stale_time=0)
    with pytest.raises(UndocumentedMethodError):
        api["/restart/"].as_(dict)


def test_nothing_is_refused_where_the_methods_are_not_known():
    """As in companion tables."""
    assert api["/any/"](stale_time=0).query_key == ("/any/",)
    assert api["/any/"].patch.method == "PATCH"


def test_an_endpoint_shows_what_it_is():
    """In a debugger, and to isinstance."""
    assert repr(project) == "Endpoint('/projects/$slug/', ['DELETE', 'GET'])"
    assert repr(api["/any/"]) == "FlatEndpoint('/any/')"
    assert isinstance(project, Endpoint)
    assert isinstance(api["/projects/"], FlatEndpoint)
