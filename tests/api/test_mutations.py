"""Mutation functions: variables become a call, the answer the result."""

import asyncio

import pytest

from query import MutationObserver, MutationOptions, OptionError
from query.api import ApiRequest, MissingPathParamError, RequestError, fetch_mutation


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


def test_a_url_with_parameters_needs_a_function():
    """Their values depend on the variables; the pattern itself is never sent."""
    with pytest.raises(MissingPathParamError, match=r"no value for \$slug"):
        fetch_mutation("PUT", "/projects/$slug/")


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
