"""Endpoints: what api["/projects/$slug/"] gives makes options, URLs and writes."""

from typing import Any

import pytest

from query import OptionError
from query.api import (
    Endpoint,
    EndpointTable,
    FlatEndpoint,
    MissingPathParamError,
    UndocumentedMethodError,
    UnknownPathParamError,
    api_options,
    skip_token,
)

api = EndpointTable({"/projects/": "GET POST", "/projects/$slug/": "DELETE GET", "/restart/": "POST", "/any/": ""})
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
