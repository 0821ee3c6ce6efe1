"""Every shape of client, in both libraries, for every kind of caller, plain and streamed: each is caught.

144 cells. In each the caller gets the body in its own library's types, the request is on record, and nothing goes to
the network, which an audit hook of the interpreter sees to.
"""

import asyncio
import ssl
import sys

import httpx
import httpx2
import pytest
import trio

from mockapi import MockApiClient

URL = "https://api.test/x"
TEXT = "grün, and more"
PIECES = ["grün, ".encode(), b"and more"]
# an own one for each client would take longer than all the rest
CONTEXT = ssl.create_default_context()

RUNNERS = {"sync": None, "asyncio": asyncio.run, "trio": lambda main: trio.run(lambda: main)}
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
EVERY_RUNNER = pytest.mark.parametrize("runner", list(RUNNERS))


# -- no network: an audit hook cannot be taken away, so there is one, and it watches on demand

_watching = []


def _audit(event, args):
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        _watching[-1].append((event, args))
        raise OSError(f"the network was used: {event} {args}")


sys.addaudithook(_audit)


@pytest.fixture(autouse=True)
def network():
    """What went to the network during the test: nothing."""
    used = []
    _watching.append(used)
    yield used
    _watching.pop()
    assert used == []


def test_the_watch_on_the_network_sees_what_goes_there(network):
    """Else the other tests would prove nothing."""
    for library in (httpx, httpx2):
        with pytest.raises(library.ConnectError, match="the network was used"):
            library.get("http://127.0.0.1:9/", trust_env=False)

        async def main(library=library):
            async with library.AsyncClient(verify=CONTEXT, trust_env=False) as client:
                with pytest.raises(library.ConnectError):
                    await client.get("http://127.0.0.1:9/")

        asyncio.run(main())
        trio.run(main)
    assert len(network) >= 6
    network.clear()


# -- clients of each shape


class Kit:
    """The classes of one library for one kind of caller, and what the shape's own parts saw."""

    def __init__(self, library, runner):
        self.library = library
        self.is_async = runner != "sync"
        self.seen = []
        self.url = URL
        kind = "Async" if self.is_async else ""
        self._client = getattr(library, f"{kind}Client")
        self._transport = getattr(library, f"{kind}HTTPTransport")

    def client(self, **options):
        return self._client(verify=CONTEXT, **options)

    def transport(self, **options):
        return self._transport(verify=CONTEXT, **options)

    def hook(self, name):
        """An event hook that notes *name*."""

        def hook(message):
            self.seen.append(name)

        async def async_hook(message):
            self.seen.append(name)

        return async_hook if self.is_async else hook


def base_url(kit):
    kit.url = "x"
    return kit.client(base_url="https://api.test/")


def subclass(kit):
    """A transport of the user's own that does something and calls the library's."""

    class Sync(kit.library.HTTPTransport):
        def handle_request(self, request):
            kit.seen.append("transport")
            return super().handle_request(request)

    class Async(kit.library.AsyncHTTPTransport):
        async def handle_async_request(self, request):
            kit.seen.append("transport")
            return await super().handle_async_request(request)

    return kit.client(transport=(Async if kit.is_async else Sync)(verify=CONTEXT))


def wrapper(kit):
    """A transport of the user's own that hands everything to one of the library's."""
    inner = kit.transport()

    class Sync(kit.library.BaseTransport):
        def handle_request(self, request):
            kit.seen.append("transport")
            return inner.handle_request(request)

    class Async(kit.library.AsyncBaseTransport):
        async def handle_async_request(self, request):
            kit.seen.append("transport")
            return await inner.handle_async_request(request)

    return kit.client(transport=(Async if kit.is_async else Sync)())


def follow_redirects(kit):
    kit.url = "https://old.test/from"
    return kit.client(follow_redirects=True)


def own_settings(kit):
    library = kit.library
    return kit.client(
        timeout=library.Timeout(2.5, pool=None),
        limits=library.Limits(max_connections=1, max_keepalive_connections=0),
        http1=True,
        http2=False,
        cookies={"session": "7"},
        headers={"X-Own": "yes"},
        params={"page": "2"},
        trust_env=False,
    )


SHAPES = {
    "module_function": None,
    "kept": lambda kit: kit.client(),
    "made_before": lambda kit: kit.client(),
    "base_url": base_url,
    "auth": lambda kit: kit.client(auth=("user", "pass")),
    "event_hooks": lambda kit: kit.client(
        event_hooks={"request": [kit.hook("request")], "response": [kit.hook("response")]}
    ),
    "mounts": lambda kit: kit.client(mounts={"all://api.test": kit.transport(retries=1)}),
    "proxy": lambda kit: kit.client(proxy="http://proxy.test:3128"),
    "transport_subclass": subclass,
    "transport_wrapper": wrapper,
    "follow_redirects": follow_redirects,
    "own_settings": own_settings,
}
# what a shape's own parts must have seen of each request
SEEN = {
    "event_hooks": ["request", "response"],
    "transport_subclass": ["transport"],
    "transport_wrapper": ["transport"],
}
# and what its requests must carry
SENT = {
    "auth": {"authorization": "Basic dXNlcjpwYXNz"},
    "own_settings": {"cookie": "session=7", "x-own": "yes"},
}


def exchange(kit, client, mode):
    """Ask once, as a sync caller: the response, and the text that it brought."""
    asker = client if client is not None else kit.library
    if mode == "plain":
        response = asker.get(kit.url)
        return response, response.text
    with asker.stream("GET", kit.url) as response:
        return response, b"".join(response.iter_bytes()).decode()


async def aexchange(kit, client, mode):
    """The same as an async caller."""
    if client is None:
        async with kit._client() as fresh:
            return await aexchange(kit, fresh, mode)
    if mode == "plain":
        response = await client.get(kit.url)
        return response, response.text
    async with client.stream("GET", kit.url) as response:
        return response, b"".join([piece async for piece in response.aiter_bytes()]).decode()


def both(kit, runner, client, mode):
    """Two exchanges by one client, which is closed then."""

    async def amain():
        answers = [await aexchange(kit, client, mode) for _ in range(2)]
        if client is not None:
            await client.aclose()
        return answers

    if kit.is_async:
        return RUNNERS[runner](amain())
    answers = [exchange(kit, client, mode) for _ in range(2)]
    if client is not None:
        client.close()
    return answers


def check_cell(library, runner, shape, mode, **options):
    kit = Kit(library, runner)
    make = SHAPES[shape]
    client = make(kit) if shape == "made_before" else None
    with MockApiClient(**options) as mock:
        found = mock.add_mock_response("/x", body=TEXT if mode == "plain" else iter(PIECES))
        moved = mock.add_mock_response("/from", status_code=307, headers={"Location": URL})
        if client is None and make is not None:
            client = make(kit)
        answers = both(kit, runner, client, mode)
        for response, text in answers:
            assert text == TEXT
            assert type(response) is library.Response
            assert type(response.request) is library.Request
            assert type(response.headers) is library.Headers
            assert response.is_closed
        path = ["/from", "/x"] if shape == "follow_redirects" else ["/x"]
        assert [call.request.url.path for call in mock.history] == path * 2
        for call in found.calls:
            assert (call.method, call.library, call.outcome) == ("GET", library.__name__, "answered")
            assert call.headers.items() >= SENT.get(shape, {}).items()
        assert (found.call_count, moved.call_count) == (2, 2 * (len(path) - 1))
    return kit


@pytest.mark.parametrize("mode", ["plain", "stream"])
@pytest.mark.parametrize("shape", list(SHAPES))
@EVERY_RUNNER
@LIBRARIES
def test_cell(library, runner, shape, mode):
    """The right body in the caller's own types, the request on record, nothing on the network."""
    kit = check_cell(library, runner, shape, mode)
    assert kit.seen == SEEN.get(shape, []) * 2


@pytest.mark.parametrize("shape", list(SHAPES))
@EVERY_RUNNER
@LIBRARIES
def test_cell_at_the_level_of_clients(library, runner, shape):
    """The same where a mock client asks for that; then transports of the user's own are not asked."""
    kit = check_cell(library, runner, shape, "plain", level="client")
    assert kit.seen == ([] if shape.startswith("transport_") else SEEN.get(shape, []) * 2)


# -- what is no network is none of ours


async def asgi_app(scope, receive, send):
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b"app"})


def wsgi_app(environ, start_response):
    start_response("201 Created", [])
    return [b"app"]


OWN_TRANSPORTS = {
    "MockTransport": lambda library: library.MockTransport(lambda request: library.Response(201, text="app")),
    "ASGITransport": lambda library: library.ASGITransport(app=asgi_app),
    "WSGITransport": lambda library: library.WSGITransport(app=wsgi_app),
}


@pytest.mark.parametrize("mounted", [False, True], ids=["transport", "mounts"])
@pytest.mark.parametrize(
    ("name", "runner"),
    [
        ("MockTransport", "sync"),
        ("MockTransport", "asyncio"),
        ("MockTransport", "trio"),
        ("WSGITransport", "sync"),
        ("ASGITransport", "asyncio"),
        ("ASGITransport", "trio"),
    ],
)
@LIBRARIES
def test_own_transports_are_left_alone(library, name, runner, mounted):
    """A MockTransport or an app answers itself, as a mounted one beside real transports does, though a mock fits."""
    kit = Kit(library, runner)
    transport = OWN_TRANSPORTS[name](library)
    with MockApiClient() as mock:
        mock.add_mock_response("/x", body="ours")
        client = kit.client(**({"mounts": {"all://api.test": transport}} if mounted else {"transport": transport}))
        assert [(response.status_code, text) for response, text in both(kit, runner, client, "plain")] == [
            (201, "app")
        ] * 2
        assert (len(mock.calls), mock.unmatched) == (0, [])
