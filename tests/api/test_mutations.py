"""Mutation functions: variables become a call, the answer the result."""

import asyncio

import pytest

from query import MutationObserver, MutationOptions, OptionError
from query.api import (
    ApiRequest,
    MissingPathParamError,
    PathParamError,
    RequestError,
    UnknownPathParamError,
    fetch_mutation,
)


async def mutate(client, mutation_fn, variables=None):
    return await MutationObserver(client, MutationOptions(mutation_fn=mutation_fn)).mutate(variables)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_the_variables_are_the_body(server, client, method):
    """The short form: a method and a URL."""
    result = await mutate(client, fetch_mutation(method, "/projects/"), {"name": "Apollo"})
    assert result == {"ok": True}
    assert (server.last.method, str(server.last.url)) == (method, "https://api.test/projects/")
    assert server.json == {"name": "Apollo"}


async def test_no_variables_are_no_body(server, client):
    """As for most deletions; an empty answer is None."""
    server.answer = {"status_code": 204}
    assert await mutate(client, fetch_mutation("DELETE", "/projects/apollo/")) is None
    assert server.last.content == b""


async def test_a_function_builds_the_call(server, client):
    """The long form, where URL, query or headers depend on the variables."""
    rename = fetch_mutation.as_(dict)(
        lambda name: ApiRequest(
            method="PUT", url="/projects/apollo/", query={"notify": True}, data={"name": name}, headers={"X": "1"}
        )
    )
    assert await mutate(client, rename, "Apollo 11") == {"ok": True}
    assert str(server.last.url) == "https://api.test/projects/apollo/?notify=true"
    assert server.json == {"name": "Apollo 11"}
    assert server.last.headers["x"] == "1"


async def test_a_whole_url_goes_there(server, client):
    """As for queries."""
    await mutate(client, fetch_mutation("POST", "https://eu.test/x/"), [])
    assert str(server.last.url) == "https://eu.test/x/"


async def test_a_dollar_is_doubled(server, client):
    """A URL is a pattern here as everywhere."""
    await mutate(client, fetch_mutation("POST", "/x/$$reset"), None)
    assert server.last.url.path == "/x/$reset"


async def test_parameters_of_the_url_are_taken_from_the_variables(server, client):
    """By name; what is left is the body."""
    rename = fetch_mutation("PUT", "/projects/$org/$slug/")
    assert await mutate(client, rename, {"org": "nasa", "slug": "a b", "name": "Apollo 11"}) == {"ok": True}
    assert server.last.url.raw_path == b"/projects/nasa/a%20b/"
    assert server.json == {"name": "Apollo 11"}


async def test_variables_that_are_all_in_the_url_leave_no_body(server, client):
    """As for most deletions."""
    await mutate(client, fetch_mutation("DELETE", "/projects/$slug/"), {"slug": "apollo"})
    assert server.last.url.path == "/projects/apollo/"
    assert server.last.content == b""


async def test_a_given_path_leaves_the_variables_to_the_body(server, client):
    """A name in the body may be that of a parameter: this one moves a project."""
    move = fetch_mutation("PUT", "/projects/$slug/", path={"slug": "apollo"})
    await mutate(client, move, {"slug": "apollo-11"})
    assert server.last.url.path == "/projects/apollo/"
    assert server.json == {"slug": "apollo-11"}


async def test_a_given_path_may_be_a_part_of_it(server, client):
    """What is the same for all calls is given once; the rest comes from the variables."""
    rename = fetch_mutation("PUT", "/projects/$org/$slug/", path={"org": "nasa"})
    await mutate(client, rename, {"slug": "apollo", "name": "Apollo 11"})
    assert server.last.url.path == "/projects/nasa/apollo/"
    assert server.json == {"name": "Apollo 11"}


async def test_every_part_may_be_a_function_of_the_variables(server, client):
    """So that the variables may be anything."""
    mutation_fn = fetch_mutation(
        "POST",
        "/teams/$team/members/",
        path=lambda member: {"team": member[0]},
        query=lambda member: {"notify": member[1] == "ann", "role": None},
        data=lambda member: {"user": member[1]},
        headers=lambda member: {"X-Team": member[0]},
        host=lambda member: "https://eu.test",
    )
    await mutate(client, mutation_fn, ("red", "ann"))
    assert str(server.last.url) == "https://eu.test/teams/red/members/?notify=true"
    assert server.json == {"user": "ann"}
    assert server.last.headers["x-team"] == "red"


async def test_every_part_may_be_a_value(server, client):
    """The same at each call."""
    mutation_fn = fetch_mutation(
        "POST", "/x/", query={"notify": True}, data={"a": 1}, headers={"X-A": "1"}, host="https://eu.test"
    )
    await mutate(client, mutation_fn, "not sent")
    assert str(server.last.url) == "https://eu.test/x/?notify=true"
    assert server.json == {"a": 1}
    assert server.last.headers["x-a"] == "1"


@pytest.mark.parametrize("data", [None, lambda variables: None])
async def test_no_data_is_no_body(server, client, data):
    """None asks for an empty one; the variables are the body only where nothing is said."""
    await mutate(client, fetch_mutation("POST", "/x/", data=data), {"a": 1})
    assert server.last.content == b""


async def test_an_empty_dict_is_a_body(server, client):
    """It was not emptied by the URL, so it is what was asked for."""
    await mutate(client, fetch_mutation("POST", "/x/"), {})
    assert server.last.content == b"{}"


@pytest.mark.parametrize("variables", [{"name": "Apollo 11"}, "apollo", None])
async def test_variables_that_lack_a_parameter_fail_the_mutation(server, client, variables):
    """The pattern itself is never sent."""
    with pytest.raises(
        MissingPathParamError, match=r"no value for \$slug\. The variables are .*with 'slug' in it"
    ) as e:
        await mutate(client, fetch_mutation("PUT", "/projects/$slug/"), variables)
    assert e.value.names == ("slug",)
    assert e.value.pattern == "/projects/$slug/"
    assert server.requests == []


def test_a_wrong_path_is_refused_where_it_is_written():
    """Not at the first write."""
    with pytest.raises(UnknownPathParamError, match=r"it has no \$slgu"):
        fetch_mutation("PUT", "/projects/$slug/", path={"slgu": "apollo"})
    with pytest.raises(PathParamError, match="leads to another URL"):
        fetch_mutation("PUT", "/projects/$org/$slug/", path={"org": ".."})
    with pytest.raises(PathParamError, match="begins no parameter"):
        fetch_mutation("PUT", "/projects/$/")


async def test_a_wrong_value_in_the_variables_fails_the_mutation(server, client):
    """As wherever a URL is built."""
    with pytest.raises(PathParamError, match="leads to another URL"):
        await mutate(client, fetch_mutation("PUT", "/projects/$slug/"), {"slug": ".."})
    assert server.requests == []


async def test_the_variables_are_left_as_they_are(server, client):
    """They belong to the caller, and to what shows the mutation."""
    variables = {"slug": "apollo", "name": "Apollo 11"}
    await mutate(client, fetch_mutation("PUT", "/projects/$slug/"), variables)
    assert variables == {"slug": "apollo", "name": "Apollo 11"}


@pytest.mark.parametrize("part", [{"path": {}}, {"query": {}}, {"data": None}, {"headers": {}}, {"host": ""}])
def test_a_builder_takes_no_parts_beside_it(part):
    """It returns the whole call, so they would be lost."""
    with pytest.raises(OptionError, match="Put them into the ApiRequest"):
        fetch_mutation(lambda variables: ApiRequest(url="/x/"), **part)


async def test_a_failed_call_fails_the_mutation(server, client):
    """With the facts of the answer."""
    server.answer = {"status_code": 409, "json": {"detail": "taken"}}
    with pytest.raises(RequestError, match=r"^POST https://api\.test/x/ answered 409: taken$"):
        await mutate(client, fetch_mutation("POST", "/x/"), {})


async def test_an_answer_that_is_no_json_fails_the_mutation(server, client):
    """It names the method too."""
    server.answer = {"status_code": 200, "text": "ok"}
    with pytest.raises(RequestError, match=r"^POST .* answered 200: the body is no JSON \(text/plain"):
        await mutate(client, fetch_mutation("POST", "/x/"), {})


@pytest.mark.parametrize(
    "args", [("POST",), (), ("POST", 5), (5,), (lambda v: None, "/x/"), ("POST", None), (None, "/x/")]
)
def test_another_form_is_refused(args):
    """With the two that there are."""
    with pytest.raises(TypeError):
        fetch_mutation(*args)


def test_a_wrong_form_is_told_the_right_ones():
    """In the words of the code to write."""
    with pytest.raises(OptionError, match=r'takes a method and a URL, fetch_mutation\("POST", "/projects/"\), or'):
        fetch_mutation("POST")


def test_what_is_no_url_is_refused():
    """Where it is written."""
    with pytest.raises(OptionError, match="url='x/' is no URL of an API"):
        fetch_mutation("POST", "x/")


async def test_an_async_builder_is_refused():
    """Its call is needed at once."""

    async def build(variables):
        return ApiRequest(url="/x/")

    with pytest.raises(OptionError, match="coroutine function"):
        fetch_mutation(build)
    with pytest.raises(OptionError, match="coroutine function"):
        fetch_mutation("POST", "/x/", data=build)


async def test_a_builder_must_return_a_call(client):
    """A dict of the same shape is not taken for one."""
    with pytest.raises(OptionError, match=r"returned \{'url': '/x/'\}; expected an ApiRequest"):
        await mutate(client, fetch_mutation(lambda variables: {"url": "/x/"}))


async def test_what_a_builder_raises_fails_the_mutation(client):
    """It runs as a part of the mutation."""
    with pytest.raises(ZeroDivisionError):
        await mutate(client, fetch_mutation(lambda variables: 1 / 0))


async def test_one_mutation_function_serves_many_calls(server, client):
    """It holds nothing of a call."""
    create = fetch_mutation("POST", "/x/")
    await asyncio.gather(*(mutate(client, create, {"n": n}) for n in range(3)))
    assert sorted(request.content for request in server.requests) == [b'{"n":0}', b'{"n":1}', b'{"n":2}']
