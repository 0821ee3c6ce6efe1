"""A client of its own for each test, and the page of it without a server."""

import asyncio

import httpx
import pytest
from client_fixtures import answering, build, client, focus, mutation_of, online

from query import QueryObserver, QueryOptions
from query.devtools import devtools

__all__ = ["answering", "build", "client", "focus", "mutation_of", "observe", "online", "page", "visit"]


@pytest.fixture
async def observe(client, key):
    """Watches a query until the test is over."""
    stops = []

    def observe(**options):
        observer = QueryObserver(client, QueryOptions(**{"query_key": key, "retry": False, **options}))
        stops.append(observer.subscribe(lambda result: None))
        return client.get_query_cache().find(options.get("query_key", key))

    yield observe
    for stop in stops:
        stop()
    client.clear()
    for _ in range(5):
        # what was cancelled may still be unwinding
        await asyncio.sleep(0)


@pytest.fixture
def page(client):
    """The app, with the token "secret"."""
    page = devtools(client, token="secret", error_types={"Not found": lambda query: LookupError("404")})
    yield page
    page.close()


@pytest.fixture
async def visit(page):
    """An HTTP client that asks the app as a browser on this machine would."""
    transport = httpx.ASGITransport(page)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as visit:
        yield visit
