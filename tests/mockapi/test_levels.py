"""Where requests are caught: at transports, or at clients before any transport."""

import httpx
import httpx2
import pytest

from mockapi import MockApiClient

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
