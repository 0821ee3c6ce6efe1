"""Where requests are caught: at transports, or at clients before any transport."""

import httpcore
import httpcore2
import httpx
import httpx2
import pytest

from mockapi import MockApiClient
from mockapi.interception import release

URL = "https://api.test/x/"
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


@LIBRARIES
async def test_at_the_level_of_clients_own_transports_are_caught_too(library):
    """A MockTransport, and an app's."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"app"})

    with MockApiClient(level="client") as mock:
        mock.get("/x/", "mocked")
        with library.Client(transport=library.MockTransport(lambda request: library.Response(202))) as client:
            assert client.get(URL).text == "mocked"
            # the same client, made before and after
            assert client.get(URL).text == "mocked"
        async with library.AsyncClient(transport=library.ASGITransport(app=app)) as client:
            assert (await client.get(URL)).text == "mocked"
        assert library.get(URL).text == "mocked"
        assert len(mock.history) == 4


@LIBRARIES
async def test_what_is_passed_on_there_is_not_asked_for_again_below(library):
    """One record, and the client's own transport answers."""
    with MockApiClient(level="client", unmatched="pass") as mock:
        transport = library.MockTransport(lambda request: library.Response(202))
        with library.Client(transport=transport) as client:
            assert client.get(URL).status_code == 202
        async with library.AsyncClient(transport=transport) as client:
            assert (await client.get(URL)).status_code == 202
        with library.Client() as client, pytest.raises(library.ConnectError):
            client.get("http://127.0.0.1:1/")
        assert [call.outcome for call in mock.history] == ["passed"] * 3


@LIBRARIES
def test_at_the_level_of_transports_they_are_left_alone(library):
    """The default."""
    with MockApiClient() as mock:
        with library.Client(transport=library.MockTransport(lambda request: library.Response(202))) as client:
            assert client.get(URL).status_code == 202
        assert len(mock.history) == 0


CORES = pytest.mark.parametrize("core", [httpcore, httpcore2], ids=["httpcore", "httpcore2"])


@CORES
async def test_at_the_level_of_httpcore_its_own_pools_are_caught(core):
    """Sync and async, with bodies in pieces, and errors of its own; httpx is caught as ever."""
    with MockApiClient(level="httpcore") as mock:
        mock.post("/x/", {"n": 2}, status_code=201, headers={"x-y": "z"}, match=[mock.match_data({"n": 1})])
        mock.add_error("/down/", "connect")
        with core.ConnectionPool() as pool:
            response = pool.request("POST", URL, headers={"content-type": "application/json"}, content=b'{"n":1}')
            assert (response.status, response.content, dict(response.headers)[b"x-y"]) == (201, b'{"n":2}', b"z")
            with pytest.raises(core.ConnectError):
                pool.request("GET", "https://api.test/down/")
            with mock.expect_unmatched():
                pool.request("GET", "https://api.test/nothing/")
        async with core.AsyncConnectionPool() as pool:
            response = await pool.request("POST", URL, content=b'{"n":1}')
            assert response.content == b'{"n":2}'
            with pytest.raises(core.ConnectError):
                await pool.request("GET", "https://api.test/down/")
        assert httpx.post(URL, json={"n": 1}).json() == {"n": 2}
        assert [call.outcome for call in mock.history].count("answered") == 3


@CORES
async def test_what_is_passed_on_from_httpcore_keeps_its_body(core):
    """It was read for the mocks."""
    with MockApiClient(level="httpcore", unmatched="pass") as mock:
        with core.ConnectionPool() as pool, pytest.raises(core.ConnectError):
            pool.request("POST", "http://127.0.0.1:1/", content=iter([b"a", b"b"]))
        async with core.AsyncConnectionPool() as pool:
            with pytest.raises(core.ConnectError):
                await pool.request("POST", "http://127.0.0.1:1/", content=b"ab")
        with pytest.raises(httpx.ConnectError):
            httpx.post("http://127.0.0.1:1/", content=b"ab")
        assert [(call.outcome, call.content) for call in mock.history] == [("passed", b"ab")] * 3


def test_the_pools_are_their_own_again_afterwards():
    """And while no client asks for that level."""
    release()
    before = vars(httpcore.ConnectionPool)["handle_request"]
    with MockApiClient():
        assert vars(httpcore.ConnectionPool)["handle_request"] is before
    with MockApiClient(level="httpcore"):
        assert vars(httpcore.ConnectionPool)["handle_request"] is not before
    release()
    assert vars(httpcore.ConnectionPool)["handle_request"] is before


@LIBRARIES
def test_a_request_that_is_sent_again_is_asked_for_again(library):
    """As digest authentication does: the same request object comes twice."""
    with MockApiClient(unmatched="pass") as mock, library.Client() as client:
        request = client.build_request("GET", "http://127.0.0.1:1/")
        for _ in range(2):
            with pytest.raises(library.ConnectError):
                client.send(request)
        assert [call.outcome for call in mock.history] == ["passed", "passed"]
