"""What passes by is seen, and not changed."""

import asyncio

import httpx
import httpx2
import pytest
from shop_server import LINES, running_shop

from mockapi import MockApiClient, interception
from mockapi.recorder.session import Recorder
from mockapi.requests import RequestView

LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@pytest.fixture
def shop():
    with running_shop() as shop:
        yield shop


@pytest.fixture
def recorder(monkeypatch, tmp_path):
    recorder = Recorder(tmp_path)
    monkeypatch.setattr(interception, "recorder", recorder)
    with MockApiClient():
        yield recorder


@pytest.fixture
def source(recorder):
    """The body of the function that would be written now; None if there is nothing to write."""

    def source():
        written = recorder.take("test_it.py::test_it")
        return None if written is None else written.source.partition('"""\n')[2]

    return source


@LIBRARIES
def test_a_stream_is_read_piece_by_piece_by_the_program_alone(library, shop, source):
    """What it has read is what is recorded, and how far it came."""
    with library.Client() as client, client.stream("GET", f"{shop.url}/lines") as response:
        pieces = response.iter_raw()
        assert next(pieces) == LINES[0]
        pieces.close()
    assert "# the program read only the first 6 bytes of this body" in (said := source())
    assert 'body="first\\n"' in said


@LIBRARIES
async def test_an_async_stream_too(library, shop, source):
    """And whole, if it was read to its end."""
    async with library.AsyncClient() as client, client.stream("GET", f"{shop.url}/lines") as response:
        assert b"".join([piece async for piece in response.aiter_raw()]) == b"".join(LINES)
    assert "# the program" not in (said := source())
    assert "dritte mit ü" in said


@LIBRARIES
async def test_an_error_in_the_middle_of_a_body_is_what_is_recorded(library, shop, source):
    """A program that reads it whole gets nothing else either."""
    with pytest.raises(library.RemoteProtocolError):
        library.get(f"{shop.url}/broken")
    async with library.AsyncClient() as client:
        with pytest.raises(library.RemoteProtocolError):
            await client.get(f"{shop.url}/broken")
    assert source() == '    mock_api_client.add_error("/broken", "disconnect")\n'


def test_a_response_that_nobody_reads_has_what_there_is(shop, source):
    """Status and headers."""
    with httpx.Client() as client, client.stream("GET", f"{shop.url}/orders/?page=1"):
        pass
    assert 'headers={"link"' in (said := source())
    assert "body=" not in said


def test_a_response_that_is_read_already_has_its_body(recorder, source):
    """As a transport of the program's own makes it, where mocks are asked before any transport."""
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"by": "own"}))
    with MockApiClient(level="client"), httpx.Client(transport=transport) as client:
        assert client.get("https://api.test/x").json() == {"by": "own"}
    assert source() == '    mock_api_client.add_mock_response("/x", body={"by": "own"})\n'


def test_the_beginning_of_another_protocol_is_not_recorded(recorder, source):
    """A mock cannot go on with it."""
    view = RequestView(httpx.Request("GET", "https://api.test/socket"), "httpx")
    recorder.passing(view, None).on_response(httpx.Response(101, stream=httpx.ByteStream(b"")))
    assert source() is None


async def test_a_request_that_is_cancelled_is_not_recorded(shop, source, monkeypatch):
    """That is no answer of a service."""

    async def never(*args):
        raise asyncio.CancelledError

    async with httpx.AsyncClient() as client:
        monkeypatch.setattr(client._transport._pool, "handle_async_request", never)
        with pytest.raises(asyncio.CancelledError):
            await client.get(f"{shop.url}/text")
    assert source() is None


def test_a_request_that_is_under_way_is_not_recorded(recorder, shop, source):
    """Its answer is not known."""
    view = RequestView(httpx.Request("GET", f"{shop.url}/x"), "httpx")
    recorder.passing(view, None)
    assert source() is None


def test_an_error_that_httpx_does_not_have_is_recorded_as_the_nearest_it_has(recorder, source):
    """The caller gets its own library's class by the name that both have."""

    class OwnError(httpx2.ReadError):
        pass

    OwnError.__module__ = "httpx2._exceptions"
    view = RequestView(httpx2.Request("GET", "https://api.test/x"), "httpx2")
    recorder.passing(view, None).on_error(OwnError("no"))
    assert source() == '    mock_api_client.add_error("/x", "reset")\n'


def test_an_error_between_answers_is_part_of_their_sequence(recorder, source):
    """With the class, in the form that both libraries understand."""
    for outcome in (httpx.ConnectError("no"), httpx.Response(200, json=1), httpx.Response(503, json=None)):
        view = RequestView(httpx.Request("GET", "https://api.test/x"), "httpx")
        passed = recorder.passing(view, None)
        if isinstance(outcome, Exception):
            passed.on_error(outcome)
        else:
            passed.on_response(outcome)
    said = source()
    assert 'Answer(httpx.ConnectError("ConnectError of a recording"))' in said
    assert "Answer(status_code=503)" in said
