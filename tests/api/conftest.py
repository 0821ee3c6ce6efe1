"""An HTTP library under an API client, without a network: each test hears what is sent."""

import importlib
import inspect
import json
import threading

import pytest

from query import QueryClient
from query.api import ApiClient, get_api_client, set_api_client


@pytest.fixture(params=["httpx", "httpx2"])
def library(request):
    """Both HTTP libraries, one after the other."""
    return importlib.import_module(request.param)


@pytest.fixture(autouse=True)
def default_api_client():
    """What a test sets as the default is forgotten after it."""
    before = get_api_client()
    yield before
    set_api_client(before)


class Server:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, library):
        self.library = library
        self.requests = []
        self.threads = set()
        self.answer = {"status_code": 200, "json": {"ok": True}}

    @property
    def last(self):
        return self.requests[-1]

    async def handle(self, request):
        await request.aread()
        self.requests.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        if inspect.isawaitable(answer):
            answer = await answer
        return self.library.Response(**answer)

    def http(self, **options):
        """An HTTP client of the library that talks to this server."""
        return self.library.AsyncClient(transport=self.library.MockTransport(self.handle), **options)

    def handle_blocking(self, request):
        request.read()
        self.requests.append(request)
        self.threads.add(threading.current_thread())
        answer = self.answer(request) if callable(self.answer) else self.answer
        return self.library.Response(**answer)

    def blocking_http(self, **options):
        """The same without a loop."""
        return self.library.Client(transport=self.library.MockTransport(self.handle_blocking), **options)

    def api_client(self, **options):
        """An API client over such an HTTP client."""
        return ApiClient(http=self.http(**options))

    @property
    def json(self):
        return json.loads(self.last.content)


@pytest.fixture
def server(library):
    """A server in the place of the network."""
    return Server(library)


@pytest.fixture
async def client(server):
    """A query client whose calls go to the server."""
    async with QueryClient() as client:
        set_api_client(server.api_client(base_url="https://api.test"), query_client=client)
        yield client
        client.clear()
