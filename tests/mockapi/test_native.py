"""Responses and errors are the caller's own, and behave like those off the network."""

import copy
import gzip
import pickle
import traceback

import httpcore
import httpx
import httpx2
import pytest

from mockapi import MockApiClient, UnmatchedRequestError

URL = "https://api.test/x"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
ERRORS = [
    *("TimeoutException", "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout"),
    *("NetworkError", "ConnectError", "ReadError", "WriteError", "CloseError"),
    *("ProtocolError", "LocalProtocolError", "RemoteProtocolError", "ProxyError", "UnsupportedProtocol"),
    *("DecodingError", "TooManyRedirects", "TransportError", "RequestError"),
    *("HTTPError", "InvalidURL", "CookieConflict", "StreamError"),
]


@pytest.fixture
def mock():
    with MockApiClient() as client:
        yield client


@LIBRARIES
@pytest.mark.parametrize("name", ERRORS)
def test_every_error_of_the_other_library_becomes_the_callers_own(mock, library, name):
    """Instance or class; with the request where the class has one."""
    other = httpx2 if library is httpx else httpx
    for kind in (getattr(library, name), getattr(other, name)):
        for body in (kind, kind("text")):
            mock.add_mock_response(URL, body=body)
            with pytest.raises(getattr(library, name)) as caught:
                library.get(URL)
            if isinstance(caught.value, library.RequestError):
                assert str(caught.value.request.url) == URL


@LIBRARIES
async def test_errors_that_a_body_function_raises_become_the_callers_own(mock, library):
    """The error that was raised is the cause."""

    def body(request):
        raise httpcore.ConnectError("refused")

    mock.add_mock_response(URL, body=body)
    with pytest.raises(library.ConnectError, match="refused") as caught:
        library.get(URL)
    assert isinstance(caught.value.__cause__, httpcore.ConnectError)
    assert mock.calls.last.error is caught.value
    async with library.AsyncClient() as client:
        with pytest.raises(library.ConnectError, match="refused"):
            await client.get(URL)


@LIBRARIES
def test_a_status_error_of_a_body_function_has_a_response_of_the_callers_library(mock, library):
    """As when a function asks another client for the answer."""

    def body(request):
        httpx.Response(503, text="down", request=httpx.Request("GET", URL)).raise_for_status()

    mock.add_mock_response(URL, body=body)
    with pytest.raises(library.HTTPStatusError, match="503") as caught:
        library.get(URL)
    assert isinstance(caught.value.response, library.Response)
    assert caught.value.response.read() == b"down"


def test_an_own_subclass_stays_itself_where_it_fits(mock):
    """httpx gets the very class, httpx2 the nearest that it has."""

    class Refused(httpx.ConnectError):
        pass

    mock.add_mock_response(URL, body=Refused("no"))
    with pytest.raises(Refused) as caught:
        httpx.get(URL)
    assert str(caught.value.request.url) == URL
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(URL)


def test_an_error_that_is_raised_again_has_no_longer_traceback(mock):
    """An instance answers many calls."""
    mock.add_mock_response(URL, body=ValueError("mine"))
    lengths = set()
    for _ in range(3):
        with pytest.raises(ValueError, match="mine") as caught:
            httpx.get(URL)
        lengths.add(len(traceback.extract_tb(caught.value.__traceback__)))
    assert len(lengths) == 1


@LIBRARIES
async def test_a_response_is_not_read_before_the_client_reads_it(mock, library):
    """So its raw bytes can be streamed, as off the network."""
    mock.add_mock_response(URL, body={"a": 1})
    with library.stream("GET", URL) as response:
        assert b"".join(response.iter_raw()) == b'{"a":1}'
    async with library.AsyncClient() as client, client.stream("GET", URL) as response:
        assert b"".join([part async for part in response.aiter_raw()]) == b'{"a":1}'


@LIBRARIES
def test_an_encoded_body_is_decoded_once(mock, library):
    """Given as bytes, and as a whole response."""
    packed = gzip.compress(b"hello")
    mock.add_mock_response(URL, body=packed, headers={"Content-Encoding": "gzip"})
    assert library.get(URL).text == "hello"
    mock.add_mock_response(URL, body=httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"}))
    assert library.get(URL).text == "hello"


@LIBRARIES
def test_a_head_request_gets_the_headers_alone(mock, library):
    """As from a server."""
    mock.add_mock_response(URL, method="HEAD", body={"a": 1})
    response = library.head(URL)
    assert (response.content, response.headers["content-length"]) == (b"", "7")


def test_an_error_of_the_mock_can_be_copied_and_pickled():
    """Reports of parallel runs do."""
    error = UnmatchedRequestError("text", httpx.Request("GET", URL))
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(twin), str(twin), twin.request.url) == (UnmatchedRequestError, "text", URL)
