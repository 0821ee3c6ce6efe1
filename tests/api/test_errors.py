"""RequestError: one line that says what was asked and what came back, and all facts as attributes."""

import copy
import pickle

import pytest

from query import MutationOptions, QueryOptions
from query.api import ApiRequest, RequestError
from query.api.errors import MAX_DETAIL, REQUEST_IDS
from query.base.errors import QueryError
from query.base.types import UNSET


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": 404}, "GET /x/ answered 404"),
        ({"status": 404, "reason": "Not Found"}, "GET /x/ answered 404 Not Found"),
        ({"status": 403, "detail": "no permission", "reason": "Forbidden"}, "GET /x/ answered 403: no permission"),
        ({"status": 400, "detail": {"name": ["required"]}}, "GET /x/ answered 400: {'name': ['required']}"),
        ({"status": 500, "detail": "x" * 500}, f"GET /x/ answered 500: {'x' * MAX_DETAIL}..."),
        ({"cause": TimeoutError()}, "GET /x/ got no answer: TimeoutError"),
        ({"cause": OSError("refused")}, "GET /x/ got no answer: OSError: refused"),
        ({}, "GET /x/ failed"),
        ({"url": "https://me:pw@api.test/?token=1", "status": 404}, "GET https://***@api.test/?token=*** answered 404"),
    ],
)
def test_the_text(fields, text):
    """Short enough to read, whatever the server sent, and without a password."""
    error = RequestError(method="GET", **{"url": "/x/", **fields})
    assert str(error) == text
    assert isinstance(error, QueryError)


def test_the_facts_are_attributes():
    """Nobody has to parse the text."""
    response = object()
    error = RequestError(
        method="PUT",
        url="/x/?token=1",
        status=409,
        reason="Conflict",
        detail={"a": 1},
        headers={"Retry-After": "1"},
        json={"detail": {"a": 1}},
        text="{}",
        response=response,
    )
    assert (error.method, error.url, error.status, error.reason) == ("PUT", "/x/?token=1", 409, "Conflict")
    assert (error.detail, error.json, error.text) == ({"a": 1}, {"detail": {"a": 1}}, "{}")
    assert error.headers == {"retry-after": "1"}
    assert error.headers["RETRY-AFTER"] == "1"
    assert error.retry_after == 1.0
    assert error.response is response
    bare = RequestError(method="GET", url="/")
    assert (bare.headers, bare.retry_after, bare.json, bare.request_id, bare.cause) == ({}, None, UNSET, None, None)


@pytest.mark.parametrize(
    ("status", "client", "server"),
    [(None, 0, 0), (200, 0, 0), (304, 0, 0), (400, 1, 0), (499, 1, 0), (500, 0, 1), (599, 0, 1)],
)
def test_whose_fault_it_is(status, client, server):
    """By the first figure of the status."""
    error = RequestError(method="GET", url="/", status=status)
    assert (error.is_client_error, error.is_server_error) == (client, server)
    assert not error.is_timeout
    assert not error.is_network


@pytest.mark.parametrize(
    ("kind", "timeout", "network"),
    [
        ("ConnectTimeout", 1, 0),
        ("ReadTimeout", 1, 0),
        ("PoolTimeout", 1, 0),
        ("ConnectError", 0, 1),
        ("ReadError", 0, 1),
        ("RemoteProtocolError", 0, 1),
        ("ProxyError", 0, 1),
        ("UnsupportedProtocol", 0, 0),
        ("TooManyRedirects", 0, 0),
        ("DecodingError", 0, 0),
    ],
)
def test_why_there_was_no_answer(library, kind, timeout, network):
    """Too late, no connection, or neither: another try would then end the same way."""
    error = RequestError(method="GET", url="/", cause=getattr(library, kind)("why"))
    assert (error.is_timeout, error.is_network) == (timeout, network)


def test_errors_of_python_are_known_as_well():
    """For a transport of one's own."""
    assert RequestError(method="GET", url="/", cause=TimeoutError()).is_timeout
    assert RequestError(method="GET", url="/", cause=ConnectionResetError()).is_network


@pytest.mark.parametrize("name", REQUEST_IDS)
def test_the_id_of_the_request_is_found(name):
    """Each of the names that servers use, in whatever case."""
    assert RequestError(method="GET", url="/", status=500, headers={name.title(): "r-1"}).request_id == "r-1"


def test_the_most_usual_id_is_taken():
    """Where there are two."""
    headers = {"cf-ray": "edge", "x-request-id": "own"}
    assert RequestError(method="GET", url="/", status=500, headers=headers).request_id == "own"


@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
async def test_an_error_can_be_pickled_and_copied(server, again):
    """With everything but the objects of the HTTP library: a worker process may send it home."""
    kind = "application/problem+json"
    server.answer = {
        "status_code": 429,
        "json": {"title": "Slow down", "quota": 5},
        "headers": {"content-type": kind, "Retry-After": "7", "X-Request-Id": "r-1"},
    }
    with pytest.raises(RequestError) as caught:
        await server.api_client(base_url="https://api.test").send(ApiRequest(url="/x/"))
    error, other = caught.value, again(caught.value)
    assert type(other) is RequestError
    assert str(other) == str(error) == "GET https://api.test/x/ answered 429: Slow down"
    names = ("method", "url", "status", "reason", "detail", "headers", "json", "text", "retry_after", "request_id")
    assert [getattr(other, name) for name in names] == [getattr(error, name) for name in names]
    assert (other.reason, other.retry_after, other.request_id) == ("Too Many Requests", 7.0, "r-1")
    assert other.problem == error.problem
    assert other.problem.extensions == {"quota": 5}
    assert other.response is None
    assert error.response is not None


def test_a_timeout_stays_one_when_it_is_pickled(library):
    """Though its cause is not."""
    error = pickle.loads(pickle.dumps(RequestError(method="GET", url="/", cause=library.ReadTimeout("late"))))
    assert error.is_timeout
    assert error.cause is None


@pytest.mark.parametrize(
    ("json", "detail"),
    [
        ({"title": "t", "detail": "d"}, "d"),
        ({"title": "t"}, "t"),
        ({"code": 5}, {"code": 5}),
    ],
)
async def test_the_detail_of_a_problem(server, json, detail):
    """What happened this time, else what kind of problem it is."""
    server.answer = {"status_code": 400, "json": json, "headers": {"content-type": "application/problem+json"}}
    with pytest.raises(RequestError) as caught:
        await server.api_client().send(ApiRequest(url="/x/"))
    assert caught.value.detail == detail
    assert caught.value.problem.title == json.get("title")


def test_functions_of_options_ask_it():
    """As ``throw_on_error`` and ``retry`` take them."""

    def is_ours(error, *_):
        return isinstance(error, RequestError) and error.is_server_error

    options = QueryOptions(throw_on_error=is_ours, retry=lambda count, error: is_ours(error))
    assert options.throw_on_error(RequestError(method="GET", url="/", status=502), None)
    assert not options.retry(0, RequestError(method="GET", url="/", status=404))
    assert MutationOptions(throw_on_error=lambda error: is_ours(error))
