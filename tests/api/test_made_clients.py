"""The HTTP clients that an API client makes: for which loop, and until when."""

import asyncio
import gc
import socket
import subprocess
import sys
import threading
from weakref import ref

from query.api import ApiClient, ApiRequest


def test_each_loop_has_its_own_http_client(library, mock_api_client):
    """One API client serves the loops of many tests."""
    mock_api_client.add_mock_response("/x/", body=1)
    api = ApiClient(library=library.__name__)

    async def call():
        client = await api._made.of_loop()
        assert client is await api._made.of_loop()
        await api.send(ApiRequest(url="/x/"))
        return client

    first, second = asyncio.run(call()), asyncio.run(call())
    assert first is not second
    assert first.is_closed
    assert second.is_closed


class KeepAlive(threading.Thread):
    """A real server that leaves its connection open, in a thread of its own, since it outlives the client."""

    def __enter__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.hung_up = threading.Event()
        self.start()
        return self

    def run(self):
        connection, _ = self.listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")
            if connection.recv(1) == b"":
                self.hung_up.set()

    def __exit__(self, *_):
        self.join(10)
        self.listening.close()


def test_connections_are_closed_with_their_loop(library):
    """Without a word from the user: the server is told, nothing is left open, and nothing warns."""
    # in a process of its own: under Python 3.11, measuring coverage breaks the connections of anyio
    program = (
        "import asyncio, gc\n"
        "from query.api import ApiClient, ApiRequest\n"
        "asyncio.run(ApiClient(base_url={url!r}, library={library!r}).send(ApiRequest(url='/')))\n"
        "gc.collect()\n"
        "print('done')"
    )
    with KeepAlive(daemon=True) as real:
        code = program.format(url=real.url, library=library.__name__)
        done = subprocess.run([sys.executable, "-X", "dev", "-c", code], capture_output=True, text=True, check=True)
        assert real.hung_up.wait(10)
    assert done.stdout == "done\n"
    assert "ResourceWarning" not in done.stderr


def test_a_loop_that_is_gone_is_forgotten(mock_api_client):
    """Also one that was closed without a farewell."""
    mock_api_client.add_mock_response("/x/", body=1)
    api = ApiClient()
    loops = []
    for _ in range(3):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(api.send(ApiRequest(url="/x/")))
        loop.close()
        loops.append(loop)
    assert set(api._made._clients) == {loops[-1]}


async def test_closing_closes_what_was_made(mock_api_client):
    """And a later call makes it anew; closing twice is nothing."""
    mock_api_client.add_mock_response("/x/", body=1)
    async with ApiClient() as api:
        await api.send(ApiRequest(url="/x/"))
        first = await api._made.of_loop()
    assert first.is_closed
    await api.aclose()
    await api.send(ApiRequest(url="/x/"))
    assert await api._made.of_loop() is not first
    await api.aclose()


def test_a_client_that_blocks_is_made_once_and_anew_after_it_was_closed(mock_api_client):
    """Also when many threads ask at the same moment."""
    mock_api_client.add_mock_response("/x/", body=1)
    api, found, together = ApiClient(), [], threading.Barrier(4)

    def ask():
        together.wait(20)
        found.append(api._made.blocking())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1
    api.close()
    api.close()
    assert found[0].is_closed
    assert api._made.blocking() is not found[0]
    api.close()


def test_a_forgotten_api_client_closes_what_it_made():
    """Nobody has to: its connections would else be open until the process ends."""
    api = ApiClient(headers={"X-All": "1"})
    http, gone = api._made.blocking(), ref(api)
    del api
    gc.collect()
    assert gone() is None
    assert http.is_closed
