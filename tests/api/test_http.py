"""The API client: what it sends, what it fails with, and whose HTTP client it uses when."""

import asyncio
import gc
import subprocess
import sys
import threading
from datetime import timedelta
from weakref import ref

import pytest

from query.api import ApiClient, ApiRequest, RequestError, get_api_client, set_api_client
from query.api.origins import DEFAULT_BASE_URL
from query.base.errors import OptionError


def test_nothing_is_loaded_before_a_call():
    """Importing, configuring and describing calls costs no HTTP library."""
    code = (
        "import sys, query.api as api\n"
        "api.set_api_client(api.ApiClient(base_url='https://api.test', headers={'A': 'b'}))\n"
        "api.api_options.as_(int)('/x/', stale_time=0); api.fetch_mutation('POST', '/x/')\n"
        "print(sorted({'httpx', 'httpx2', 'httpcore', 'respx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


async def test_a_call_is_sent_as_it_is_described(server):
    """Method, URL, query, JSON and headers; what is None is not sent."""
    api = server.api_client(base_url="https://api.test/v1", headers={"X-All": "1"})
    request = ApiRequest(
        url="/x/", method="post", query={"a": [1, None], "b": None, "c": True}, data={"n": 1}, headers={"X-One": "2"}
    )
    response = await api.send(request)
    assert response.json() == {"ok": True}
    assert server.last.method == "POST"
    assert str(server.last.url) == "https://api.test/v1/x/?a=1&c=true"
    assert server.json == {"n": 1}
    assert (server.last.headers["x-all"], server.last.headers["x-one"]) == ("1", "2")


async def test_a_call_without_data_has_no_body(server):
    """Nor the header of one."""
    await server.api_client().send(ApiRequest(url="/x/", method="DELETE"))
    assert server.last.content == b""
    assert "content-type" not in server.last.headers


@pytest.mark.parametrize(
    ("base_url", "request_", "url"),
    [
        ("", ApiRequest(url="/x/"), f"{DEFAULT_BASE_URL}/x/"),
        ("https://api.test", ApiRequest(url="/x/"), "https://api.test/x/"),
        ("https://api.test/api/0/", ApiRequest(url="/x/"), "https://api.test/api/0/x/"),
        ("https://api.test", ApiRequest(url="/x/", host="https://eu.api.test/"), "https://eu.api.test/x/"),
        ("https://api.test", ApiRequest(url="https://other.test/x/"), "https://other.test/x/"),
        ("https://api.test", ApiRequest(url="/go?to=https://b.test"), "https://api.test/go?to=https://b.test"),
    ],
)
async def test_where_a_call_leads(server, base_url, request_, url):
    """To its own host, else to the client's base URL, else to localhost."""
    await server.api_client(base_url=base_url).send(request_)
    assert str(server.last.url) == url


async def test_a_url_arrives_as_it_was_built(server):
    """What get_api_url encoded is not encoded again, nor decoded."""
    await server.api_client().send(ApiRequest(url="/x/a%2Fb%20c!*'()%252F/"))
    assert server.last.url.raw_path == b"/x/a%2Fb%20c!*'()%252F/"


@pytest.mark.parametrize("options", [{}, {"base_url": "https://api.test/"}])
async def test_a_client_needs_no_set_up_in_tests(library, mock_api_client, options):
    """It makes its HTTP client itself, and a mock answers paths on whatever host they lead to."""
    mock_api_client.add_mock_response("/x/", body=[1])
    async with ApiClient(library=library.__name__, headers={"X-All": "1"}, **options) as api:
        assert (await api.send(ApiRequest(url="/x/"))).json() == [1]
    (call,) = mock_api_client.mocks[0].calls
    assert str(call.request.url) == f"{options.get('base_url', DEFAULT_BASE_URL + '/')}x/"
    assert call.request.headers["x-all"] == "1"


async def test_login_and_timeout_reach_the_http_client(library, mock_api_client):
    """As the library takes them; a timeout may be a timedelta."""
    mock = mock_api_client.add_mock_response("/x/", body=[])
    async with ApiClient(library=library.__name__, auth=("user", "word"), timeout=timedelta(minutes=2)) as api:
        await api.send(ApiRequest(url="/x/"))
    request = mock.calls[0].request
    assert request.headers["authorization"].startswith("Basic ")
    assert request.extensions["timeout"]["read"] == 120.0


@pytest.mark.parametrize("status", [301, 304, 400, 404, 500])
async def test_every_answer_but_success_is_an_error(server, status):
    """With its facts; redirects are errors where they are not followed."""
    server.answer = {"status_code": status, "json": {"detail": "why", "more": 1}, "headers": {"Retry-After": "5"}}
    with pytest.raises(RequestError, match=rf"^GET https://api\.test/x/\?a=1 answered {status}: why$") as caught:
        await server.api_client(base_url="https://api.test").send(ApiRequest(url="/x/", query={"a": 1}))
    error = caught.value
    assert (error.method, error.status, error.headers["retry-after"]) == ("GET", status, "5")
    assert error.response.json()["more"] == 1


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_every_success_is_one(server, status):
    """Not 200 alone."""
    server.answer = {"status_code": status}
    assert (await server.api_client().send(ApiRequest(url="/x/"))).status_code == status


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ({"json": {"detail": {"code": 5}}}, {"code": 5}),
        ({"json": {"name": ["required"]}}, {"name": ["required"]}),
        ({"json": ["a"]}, ["a"]),
        ({"text": "<html>"}, "<html>"),
        ({}, None),
        ({"json": None}, None),
    ],
)
async def test_the_detail_of_an_error(server, answer, detail):
    """What the server says: its detail, its JSON, or its text."""
    server.answer = {"status_code": 400, **answer}
    with pytest.raises(RequestError) as caught:
        await server.api_client().send(ApiRequest(url="/x/"))
    assert caught.value.detail == detail


async def test_no_answer_is_an_error_that_names_the_request(server):
    """Its cause is what the library raised; there is no status."""

    def fail(request):
        raise server.library.ConnectTimeout("too late")

    server.answer = fail
    named = r"^GET http://localhost/x/\?a=1 got no answer: ConnectTimeout: too late$"
    with pytest.raises(RequestError, match=named) as caught:
        await server.api_client().send(ApiRequest(url="/x/", query={"a": 1}))
    assert isinstance(caught.value.__cause__, server.library.ConnectTimeout)
    assert (caught.value.status, caught.value.response, caught.value.detail) == (None, None, None)


async def test_an_error_without_its_request_is_named_as_well_as_can_be(library):
    """A client of your own may raise before it has made the request."""

    class Guarded(library.AsyncClient):
        async def request(self, method, url, **options):
            raise library.ConnectError("not allowed")

    with pytest.raises(RequestError, match=r"^GET http://localhost/x/ got no answer: ConnectError: not allowed$"):
        await ApiClient(http=Guarded()).send(ApiRequest(url="/x/", query={"a": 1}))


@pytest.mark.parametrize("error", [AssertionError("no mock answers"), ZeroDivisionError(), asyncio.CancelledError()])
async def test_what_is_no_failure_of_the_network_passes(server, error):
    """A failed test, a bug or a cancellation is not dressed up as a failed request."""

    def fail(request):
        raise error

    server.answer = fail
    with pytest.raises(type(error)) as caught:
        await server.api_client().send(ApiRequest(url="/x/"))
    assert caught.value is error


async def test_a_call_to_no_url_is_refused(server):
    """Before anything is sent."""
    with pytest.raises(OptionError, match="url='x/' is no URL"):
        await server.api_client().send(ApiRequest(url="x/"))
    assert server.requests == []


async def test_an_http_client_of_your_own_stays_yours(server):
    """It is not closed with the API client."""
    http = server.http()
    async with ApiClient(http=http) as api:
        await api.send(ApiRequest(url="/x/"))
    assert not http.is_closed


async def test_an_http_client_may_be_extended(server):
    """Clients with a login of their own are; the errors of their library are known all the same."""

    class OAuthClient(server.library.AsyncClient):
        pass

    def fail(request):
        raise server.library.ReadError("gone")

    server.answer = fail
    http = OAuthClient(transport=server.library.MockTransport(server.handle))
    with pytest.raises(RequestError, match="got no answer: ReadError: gone"):
        await ApiClient(http=http).send(ApiRequest(url="/x/"))


@pytest.mark.parametrize("blocks", [False, True])
async def test_a_client_that_blocks_serves_a_loop_as_well(server, blocks):
    """One client for both ways of calling: in a loop, its calls are made in a thread."""
    api = ApiClient(http=server.blocking_http(base_url="https://api.test", headers={"X-All": "1"}))
    response = api.send_sync(ApiRequest(url="/x/")) if blocks else await api.send(ApiRequest(url="/x/"))
    assert response.json() == {"ok": True}
    assert (str(server.last.url), server.last.headers["x-all"]) == ("https://api.test/x/", "1")
    assert (server.threads == {threading.main_thread()}) is blocks


async def test_the_loop_goes_on_during_a_call_that_blocks(server):
    """It is what answers the call here."""
    arrived, may_go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def answer(request):
        loop.call_soon_threadsafe(arrived.set)
        assert may_go.wait(20)
        return {"status_code": 200, "json": [1]}

    server.answer = answer
    call = asyncio.ensure_future(ApiClient(http=server.blocking_http()).send(ApiRequest(url="/x/")))
    await arrived.wait()
    may_go.set()
    assert (await call).json() == [1]


async def test_a_call_that_blocks_cannot_be_stopped(server):
    """Its caller is let go at once; the call goes on in its thread, and what it brings is dropped."""
    arrived, may_go, gone = asyncio.Event(), threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def answer(request):
        loop.call_soon_threadsafe(arrived.set)
        assert may_go.wait(20)
        loop.call_soon_threadsafe(gone.set)
        return {"status_code": 200}

    server.answer = answer
    call = asyncio.ensure_future(ApiClient(http=server.blocking_http()).send(ApiRequest(url="/x/")))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert not gone.is_set()
    may_go.set()
    await gone.wait()


async def test_no_iterator_is_ended_by_a_call_that_blocks(server):
    """A StopIteration that comes out of a thread would never reach the one who waits for it."""

    def answer(request):
        raise StopIteration

    server.answer = answer
    with pytest.raises(RuntimeError, match="raised StopIteration"):
        await ApiClient(http=server.blocking_http()).send(ApiRequest(url="/x/"))


def test_an_async_client_cannot_be_called_without_a_loop(server):
    """It says what to pass instead."""
    with pytest.raises(OptionError, match=r"http= is an AsyncClient\. Pass a Client of httpx"):
        server.api_client().send_sync(ApiRequest(url="/x/"))


def test_calls_without_a_loop_need_no_set_up(library, mock_api_client):
    """The client makes an HTTP client that blocks, shares it among threads, and closes it at the end of ``with``."""
    mock_api_client.add_mock_response("https://api.test/v1/x/", body=[1])
    mock_api_client.add_mock_response("https://api.test/v1/y/", status_code=404, body={"detail": "gone"})
    with ApiClient(library=library.__name__, base_url="https://api.test/v1", auth=("user", "word")) as api:
        assert api.send_sync(ApiRequest(url="/x/")).json() == [1]
        with pytest.raises(RequestError, match="answered 404: gone"):
            api.send_sync(ApiRequest(url="/y/"))
        http = api._made.blocking()
        assert http is api._made.blocking()
    assert http.is_closed
    assert mock_api_client.mocks[0].calls[0].request.headers["authorization"].startswith("Basic ")


def test_no_answer_without_a_loop_is_the_same_error(server):
    """With the same facts."""

    def fail(request):
        raise server.library.ConnectError("refused")

    server.answer = fail
    with pytest.raises(RequestError, match=r"^GET http://localhost/x/ got no answer: ConnectError: refused$"):
        ApiClient(http=server.blocking_http()).send_sync(ApiRequest(url="/x/"))


@pytest.mark.parametrize("other", [object(), 5, "httpx"])
def test_another_http_client_is_refused(other):
    """Only the two libraries' clients are known."""
    with pytest.raises(OptionError, match=r"http= is a builtins\.\w+; expected an AsyncClient or a Client of httpx"):
        ApiClient(http=other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"library": "aiohttp"}, "library='aiohttp' is not known"),
        ({"base_url": "api.test"}, "base_url='api.test' has no scheme; expected a whole URL"),
        ({"base_url": "/api"}, "has no scheme"),
    ],
)
def test_options_that_cannot_be_right_are_refused(options, message):
    """Where they are written, not at the first call."""
    with pytest.raises(OptionError, match=message):
        ApiClient(**options)


@pytest.mark.parametrize("option", [{"base_url": "https://a.test"}, {"headers": {}}, {"auth": ("a", "b")}])
def test_an_http_client_of_your_own_brings_its_options(server, option):
    """Two sources for one thing would leave it open which is used."""
    with pytest.raises(OptionError, match="http= brings its own"):
        ApiClient(http=server.http(), **option)


class Client:
    """Stands for a query client: it is only compared by identity."""


def test_one_query_client_may_have_its_own_api_client():
    """Others use the default."""
    ours, other, default, own = Client(), Client(), ApiClient(), ApiClient()
    set_api_client(default)
    set_api_client(own, query_client=ours)
    assert get_api_client(ours) is own
    assert get_api_client(other) is default
    assert get_api_client() is default


def test_a_query_client_is_not_kept_alive():
    """Its API client goes with it."""
    client, own = Client(), ApiClient()
    set_api_client(own, query_client=client)
    gone = ref(own)
    del client, own
    gc.collect()
    assert gone() is None


def test_what_is_no_api_client_is_refused(server):
    """An HTTP client is wrapped first."""
    with pytest.raises(OptionError, match=r"is no ApiClient\. Wrap .*ApiClient\(http=\.\.\.\)"):
        set_api_client(server.http())
