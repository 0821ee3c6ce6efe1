"""The guard of the other ways to the network."""

import asyncio
import http.client
import http.server
import socket
import sys
import threading
import types
import urllib.request

import anyio
import httpcore
import httpx
import httpx2
import pytest
import requests
from forgiving import forgiving

from mockapi import LeakError, MockApiClient, interception
from mockapi.interception import release
from mockapi.settings import catch_transports


@pytest.fixture
def mock():
    with forgiving(MockApiClient(block_network=True)) as client:
        yield client


@pytest.fixture
def server():
    """A server on this machine; its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"real")

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found.server_address[1]
        found.shutdown()
        thread.join()


def test_a_client_of_another_library_is_named(mock):
    """With the line that sent it, and how to let it through; it fails the test also if it is swallowed."""
    with pytest.raises(LeakError) as caught:
        requests.get("https://api.test/x/")
    lines = str(caught.value).splitlines()
    assert lines[0] == "requests (through urllib3) was about to reach api.test:443 over the network, past the mock"
    assert lines[1].startswith("  sent from  tests/mockapi/test_leaks.py:")
    assert 'mockapi_allow = api.test in the ini file, allow=["api.test"] for a test.' in lines[2]
    assert (caught.value.host, caught.value.port) == ("api.test", 443)
    assert mock.unmatched == [caught.value]


@pytest.mark.parametrize(
    ("send", "name"),
    [
        (lambda: urllib.request.urlopen("http://api.test/"), "urllib (through http)"),
        (lambda: http.client.HTTPConnection("api.test").request("GET", "/"), "http"),
        (lambda: httpcore.request("GET", "http://api.test/"), "httpcore"),
        (lambda: socket.create_connection(("203.0.113.1", 9)), "a socket"),
        (lambda: socket.socket().connect_ex(("203.0.113.1", 9)), "a socket"),
    ],
    ids=["urllib", "http", "httpcore", "socket", "connect_ex"],
)
def test_every_way_out_is_closed(mock, send, name):
    """By name and by address."""
    with pytest.raises(LeakError, match=f"^{name.replace('(', '[(]').replace(')', '[)]')}"):
        send()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async_clients_are_caught_too(mock, backend):
    """Where they look the name up."""

    async def main():
        async with httpcore.AsyncConnectionPool() as pool:
            await pool.request("GET", "http://api.test/")

    with pytest.raises((LeakError, ExceptionGroup)):
        anyio.run(main, backend=backend)
    assert [leak.host for leak in mock.unmatched] == ["api.test"]


async def test_the_streams_of_asyncio_are_caught(mock):
    """By address, too."""
    for host in ("api.test", "203.0.113.1"):
        with pytest.raises(LeakError, match=host):
            await asyncio.open_connection(host, 9)


def test_this_machine_is_no_network(mock, server):
    """A test's own server is reached, and sockets of the system."""
    assert requests.get(f"http://127.0.0.1:{server}/").text == "real"
    assert requests.get(f"http://localhost:{server}/").text == "real"
    one, other = socket.socketpair()
    one.close()
    other.close()


def test_allowed_hosts_are_let_through_by_name_and_by_their_addresses(server, monkeypatch):
    """The address to which an allowed name was resolved is allowed as well."""
    looked_up = []
    real = socket.getaddrinfo

    def fake(host, port, *args, **keywords):
        looked_up.append(host)
        return real("127.0.0.1" if host == "allowed.test" else host, port, *args, **keywords)

    release()
    monkeypatch.setattr(socket, "getaddrinfo", fake)
    with MockApiClient(block_network=True, allow=["allowed.test"]) as mock:
        assert requests.get(f"http://allowed.test:{server}/").text == "real"
        with mock.expect_unmatched():
            requests.get(f"http://other.test:{server}/")
    release()
    assert "allowed.test" in looked_up
    assert "other.test" not in looked_up


def test_what_the_mock_sends_for_real_gets_through(server, monkeypatch):
    """It chose to."""
    real = socket.getaddrinfo
    release()
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real("127.0.0.1", *rest, **more))
    with MockApiClient(block_network=True, unmatched="pass") as mock:
        assert httpx.get(f"http://real.test:{server}/").text == "real"
        with mock.expect_unmatched():
            requests.get(f"http://other.test:{server}/")
    release()


def test_the_network_is_open_again_afterwards():
    """Nothing is left of the guard."""
    before = socket.getaddrinfo, vars(socket.socket).get("connect"), asyncio.base_events.BaseEventLoop.getaddrinfo
    release()
    with MockApiClient(block_network=True):
        assert socket.getaddrinfo is not before[0]
    release()
    after = socket.getaddrinfo, vars(socket.socket).get("connect"), asyncio.base_events.BaseEventLoop.getaddrinfo
    assert after == before


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_transport_of_another_package_is_named_and_can_be_caught(library, monkeypatch):
    """By the line that the message shows."""

    class Theirs(library.BaseTransport):
        def handle_request(self, request):
            socket.create_connection((request.url.host, 80))

    Theirs.__module__, Theirs.__qualname__ = "their_package", "Theirs"
    module = types.ModuleType("their_package")
    module.Theirs = Theirs
    monkeypatch.setitem(sys.modules, "their_package", module)
    with forgiving(MockApiClient(block_network=True)) as mock:
        mock.get("/x/", "mocked")
        with library.Client(transport=Theirs()) as client:
            with pytest.raises(LeakError, match="mockapi_transports = their_package:Theirs"):
                client.get("https://api.test/x/")
        monkeypatch.setattr("mockapi.interception.extra_transports", {})
        catch_transports(["their_package:Theirs"])
    with MockApiClient(block_network=True) as mock, library.Client(transport=Theirs()) as client:
        mock.get("/x/", "mocked")
        assert client.get("https://api.test/x/").text == "mocked"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nowhere:Nothing", "cannot be loaded"),
        ("httpx:Nothing", "cannot be loaded"),
        ("httpx", "cannot be loaded"),
        ("socket:socket", "is no transport of httpx or httpx2"),
    ],
)
def test_a_transport_that_cannot_be_is_refused(name, text):
    """With what was expected."""
    with pytest.raises(pytest.UsageError, match=text):
        catch_transports([name])


def test_a_transport_is_known_by_its_class_and_not_by_the_name_of_its_module(monkeypatch):
    """Packages that offer httpx's classes as their own write their name on them."""
    monkeypatch.setattr(httpx.BaseTransport, "__module__", "somebody")
    monkeypatch.setattr("mockapi.interception.extra_transports", {})
    catch_transports(["httpx:HTTPTransport", "httpx2:AsyncHTTPTransport"])
    assert list(interception.extra_transports.values()) == [httpx, httpx2]
