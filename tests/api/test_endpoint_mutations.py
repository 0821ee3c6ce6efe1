"""Writing methods of endpoints: their options make the call with the variables as its body."""

import pytest

from query import MutationObserver, MutationOptions, OptionError
from query.api import (
    ApiMutation,
    EndpointTable,
    FlatApiMutation,
    MissingPathParamError,
    UnknownPathParamError,
    skip_token,
)

api = EndpointTable(
    {
        "/projects/": {"GET": "object", "POST": "object"},
        "/projects/$slug/": {"DELETE": "object", "GET": "object", "PATCH": "object", "PUT": "object"},
    }
)
project = api["/projects/$slug/"]


async def mutate(client, options, variables=None):
    return await MutationObserver(client, options).mutate(variables)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_the_variables_are_the_body(server, client, method):
    """The path is given with the options, the body when it is written."""
    options = getattr(project, method.lower())(path={"slug": "a/b"})
    assert isinstance(options, MutationOptions)
    assert await mutate(client, options, {"name": "Apollo"}) == {"ok": True}
    assert (server.last.method, str(server.last.url)) == (method, "https://api.test/projects/a%2Fb/")
    assert server.json == {"name": "Apollo"}


async def test_query_headers_and_host_go_along(server, client):
    """All of a call but its body may be given with the options; what the document leaves out goes into extra_query."""
    options = api["/projects/"].post(
        query={"notify": True}, extra_query={"trace": 1}, headers={"X": "1"}, host="https://eu.test"
    )
    await mutate(client, options, {})
    assert str(server.last.url) == "https://eu.test/projects/?notify=true&trace=1"
    assert server.last.headers["x"] == "1"


async def test_no_variables_are_no_body(server, client):
    """As for most deletions."""
    server.answer = {"status_code": 204}
    assert await mutate(client, project.delete(path={"slug": "apollo"})) is None
    assert server.last.content == b""


async def test_variables_may_decide_about_the_whole_call(server, client):
    """A function builds it, with request() for what is known already."""
    options = project.put.from_variables(
        lambda given: project.put.request({"name": given["name"]}, path={"slug": given["slug"]})
    )
    await mutate(client, options, {"slug": "apollo", "name": "Apollo 11"})
    assert server.last.url.path == "/projects/apollo/"
    assert server.json == {"name": "Apollo 11"}


async def test_forms_files_and_raw_bodies_are_built_by_a_function(server, client):
    """Which gives them to request()."""
    put = project.put
    options = put.from_variables(lambda image: put.request(path={"slug": "a"}, content=image))
    await mutate(client, options, b"\x89PNG")
    assert server.last.content == b"\x89PNG"
    request = put.request(path={"slug": "a"}, form={"name": "x"}, files={"image": b"y"})
    assert (request.form, request.files, request.data) == ({"name": "x"}, {"image": b"y"}, None)


async def test_as_keeps_the_call(server, client):
    """Another type is another promise, not another call."""
    await mutate(client, api["/projects/"].post.as_(dict)(), {})
    assert (server.last.method, server.last.url.path) == ("POST", "/projects/")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, MissingPathParamError),
        ({"path": {"slug": "a", "id": 1}}, UnknownPathParamError),
        ({"path": skip_token}, OptionError),
        ({"path": {"slug": "a"}, "query": "page=1"}, OptionError),
        ({"path": {"slug": "a"}, "extra_query": [1]}, OptionError),
        ({"path": {"slug": "a"}, "qurey": {}}, TypeError),
    ],
)
def test_what_cannot_be_is_refused_before_the_first_write(given, error):
    """A mistake in the path or the query shows where the options are made."""
    with pytest.raises(error):
        project.put(**given)


def test_a_skipped_path_says_what_to_do():
    """A write waits for mutate() anyway."""
    with pytest.raises(OptionError, match=r"skip_token cannot be for PUT '/projects/\$slug/'.*from_variables") as info:
        project.put(path=skip_token)
    assert info.value.option == "path"


def test_a_method_shows_what_it_is():
    """In a debugger."""
    assert repr(project.put) == "ApiMutation('/projects/$slug/', 'PUT')"
    assert isinstance(project.put, ApiMutation)
    assert isinstance(api["/projects/"].post, FlatApiMutation)
