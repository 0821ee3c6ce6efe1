"""The query function of API options: what it sends for a key, and what the cache holds then."""

import asyncio

import msgspec
import pytest

from query import QueryCancelledError, QueryKeyError, QueryObserver, QueryOptions
from query.api import ApiResponse, RequestError, ResponseHeaders, api_fetch, api_options
from query.base.structural_sharing import replace_equal_deep


def options_of(*query_key, **options):
    return QueryOptions(query_key=query_key, query_fn=api_fetch, **options)


async def test_the_key_is_the_call(server, client):
    """URL and options are read from the key, as they are after the key was frozen."""
    response = await client.query(
        options_of("/x/", {"method": "POST", "query": {"a": [1, 2]}, "data": {"b": [1]}, "headers": {"X": "1"}})
    )
    assert response.json == {"ok": True}
    assert (server.last.method, str(server.last.url)) == ("POST", "https://api.test/x/?a=1&a=2")
    assert server.json == {"b": [1]}
    assert server.last.headers["x"] == "1"


async def test_a_key_that_is_no_call_fails_the_query(client):
    """api_fetch was given to a query of another kind."""
    with pytest.raises(QueryKeyError, match="is no key of an API call"):
        await client.query(options_of("todos", 5))


@pytest.mark.parametrize("answer", [{"status_code": 204}, {"status_code": 200, "content": b""}])
async def test_an_empty_answer_is_none(server, client, answer):
    """None is data: the query succeeds."""
    server.answer = answer
    assert (await client.query(options_of("/x/"))).json is None
    assert client.get_query_state(("/x/",)).status == "success"


async def test_null_is_none(server, client):
    """JSON's null is data like any other."""
    server.answer = {"status_code": 200, "json": None}
    assert (await client.query(options_of("/x/"))).json is None


async def test_the_headers_come_along(server, client):
    """In any case, and those of paging read."""
    server.answer = {"status_code": 200, "json": [], "headers": {"Link": "</x/?page=2>; rel=next", "x-HITS": "5"}}
    headers = (await client.query(options_of("/x/"))).headers
    assert headers["X-Hits"] == "5"
    assert headers.hits == 5
    assert [link.target for link in headers.link] == ["/x/?page=2"]


async def test_a_header_of_several_lines_is_one(server, client):
    """But for cookies, which are not of the cache."""
    lines = [("Link", "</a>; rel=next"), ("Link", "</b>; rel=prev"), ("Set-Cookie", "sid=1")]
    server.answer = {"status_code": 200, "json": [], "headers": lines}
    headers = (await client.query(options_of("/x/"))).headers
    assert [link.target for link in headers.link] == ["/a", "/b"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("content", [b"<html>", b"\xff\xfe\xfa", b"{"])
async def test_an_answer_that_is_no_json_is_an_error(server, client, content):
    """A login page, say; the error names the request and the type that came."""
    server.answer = {"status_code": 200, "content": content, "headers": {"content-type": "text/html"}}
    with pytest.raises(RequestError, match=r"GET https://api\.test/x/ answered 200: the body is no JSON \(text/html\)"):
        await client.query(options_of("/x/"))
    error = client.get_query_state(("/x/",)).error
    assert (error.status, error.response.content) == (200, content)
    assert isinstance(error.__cause__, ValueError)


async def test_a_failed_call_fails_the_query(server, client):
    """Its error is in the state, with its facts."""
    server.answer = {"status_code": 404, "json": {"detail": "gone"}}
    with pytest.raises(RequestError, match="answered 404: gone"):
        await client.query(options_of("/x/"))
    assert client.get_query_state(("/x/",)).error.status == 404


async def test_a_call_is_retried_as_the_options_say(server, client):
    """A failure is an error like any other to the query."""
    answers = iter([{"status_code": 500}, {"status_code": 200, "json": 1}])
    server.answer = lambda request: next(answers)
    assert (await client.query(options_of("/x/", retry=1, retry_delay=0))).json == 1
    assert len(server.requests) == 2


async def test_the_same_answer_again_is_the_same_data(server, client):
    """Nobody is told of a change that was none."""
    server.answer = {"status_code": 200, "json": [{"id": 1}], "headers": {"date": "today"}}
    await client.fetch_query(options_of("/x/"))
    first = client.get_query_data(("/x/",))
    await client.fetch_query(options_of("/x/"))
    assert len(server.requests) == 2
    assert client.get_query_data(("/x/",)) is first


async def test_new_headers_come_with_the_same_json(server, client):
    """What is rendered from the JSON need not be rendered anew because the clock went on."""
    server.answer = {"status_code": 200, "json": [{"id": 1}], "headers": {"date": "today"}}
    await client.fetch_query(options_of("/x/"))
    first = client.get_query_data(("/x/",))
    server.answer = {"status_code": 200, "json": [{"id": 1}], "headers": {"date": "tomorrow"}}
    await client.fetch_query(options_of("/x/"))
    second = client.get_query_data(("/x/",))
    assert second is not first
    assert second.json is first.json
    assert second.headers["date"] == "tomorrow"


def test_new_json_keeps_its_equal_parts():
    """Rows that did not change stay the rows they are, and the headers too."""
    previous = ApiResponse([{"id": 1}, {"id": 2}], ResponseHeaders({"a": "b"}))
    result = replace_equal_deep(previous, ApiResponse([{"id": 1}, {"id": 3}], ResponseHeaders({"A": "b"})))
    assert result.json == [{"id": 1}, {"id": 3}]
    assert result.json[0] is previous.json[0]
    assert result.headers is previous.headers


def test_a_response_by_hand_has_no_headers():
    """For data that is written into the cache."""
    response = ApiResponse([1])
    assert (response.json, dict(response.headers)) == ([1], {})
    with pytest.raises(AttributeError):
        response.json = 2
    assert msgspec.structs.asdict(response).keys() == {"json", "headers"}


@pytest.mark.parametrize("stop", ["cancel", "remove"])
async def test_a_cancelled_query_gives_its_request_up(server, client, stop):
    """The request itself is cancelled, which closes its connection: nobody waits for an answer that nobody wants."""
    arrived, given_up = asyncio.Event(), asyncio.Event()

    async def never(request):
        arrived.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    server.answer = never
    handle = client.query(api_options.as_(int)("/slow/", stale_time=0))
    await arrived.wait()
    if stop == "cancel":
        await client.cancel_queries(("/slow/",))
        assert client.get_query_state(("/slow/",)).fetch_status == "idle"
    else:
        client.remove_queries(("/slow/",))
    with pytest.raises(QueryCancelledError):
        await handle
    await asyncio.wait_for(given_up.wait(), 10)


async def test_observers_see_the_json(server, client):
    """By way of the default select of API options."""
    observer = QueryObserver(client, api_options.as_(dict)("/x/", stale_time=0))
    seen = asyncio.get_running_loop().create_future()
    unsubscribe = observer.subscribe(lambda result: result.has_data and not seen.done() and seen.set_result(result))
    assert (await seen).data == {"ok": True}
    unsubscribe()
