"""`query` itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import httpx

from query import DefaultOptions, QueryClient, QueryOptions

from .peer import FRESH, GROUP, PATH, PER_PAGE, SOON, Peer, value


class Ours(Peer):
    """Options written in each call."""

    name = "query"
    package = "query"
    can_remove = True
    can_expire = True

    def __init__(self) -> None:
        super().__init__()
        self.client = QueryClient()

    async def reset(self) -> None:
        self.client.clear()
        self.client = QueryClient()
        self.calls = 0

    def get(self, cursor: object) -> Awaitable[Any]:
        return self.client.fetch_query(
            query_key=[PATH, {"query": {"cursor": cursor, "per_page": PER_PAGE}}],
            query_fn=lambda _: self.load(PATH, cursor, PER_PAGE),
            stale_time=FRESH,
        )

    def get_later(self, cursor: object) -> Awaitable[Any]:
        return self.client.fetch_query(
            query_key=[PATH, {"query": {"cursor": cursor, "per_page": PER_PAGE}}],
            query_fn=lambda _: self.load_later(PATH, cursor, PER_PAGE),
            stale_time=FRESH,
        )

    async def fill_group(self, group: int) -> None:
        for i in range(GROUP):
            self.client.set_query_data(["g", group, i], {"id": i})

    async def remove_group(self, group: int) -> None:
        self.client.remove_queries(["g", group])

    async def held(self, group: int, number: int) -> bool:
        return self.client.get_query_data(["g", group, number]) is not None

    async def expire(self, count: int) -> None:
        client = QueryClient(default_options=DefaultOptions(queries=QueryOptions(gc_time=SOON)))
        for i in range(count):
            client.set_query_data(["t", i], {"id": i})
        # not get_all(): a look at them would be no part of this
        while client.get_query_cache()._queries:
            await asyncio.sleep(SOON)

    async def close(self) -> None:
        self.client.clear()


class OursPrepared(Ours):
    """Options made before."""

    name = "query, options made before"
    can_remove = False
    can_expire = False

    def __init__(self) -> None:
        super().__init__()
        self.options = QueryOptions[Any, Any](
            query_key=[PATH, {"query": {"cursor": "x", "per_page": PER_PAGE}}],
            query_fn=lambda _: self.load(PATH, "x", PER_PAGE),
            stale_time=FRESH,
        )

    def hit(self) -> Awaitable[Any]:
        return self.client.fetch_query(self.options)


class OursOverHttp(Ours):
    """A query function that makes a request."""

    name = "query over httpx"
    can_remove = False
    can_expire = False
    callers = 100
    calls_a_sample = 100

    def __init__(self) -> None:
        super().__init__()
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer), base_url="http://test")

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The server.

        Args:
            request: What it is asked.
        """
        self.calls += 1
        return httpx.Response(200, json=value(request.url.params["cursor"]))

    async def load(self, p: str, cursor: object, per_page: int) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.http.get(p, params={"cursor": str(cursor), "per_page": per_page})).json()
        return answer

    load_later = load

    async def close(self) -> None:
        await super().close()
        await self.http.aclose()
