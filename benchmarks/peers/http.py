"""Caches of HTTP responses, and none."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import httpx

from .peer import PATH, PER_PAGE, Peer, load, value


class Uncached(Peer):
    """httpx over its own MockTransport: what the others of this file are made of."""

    name = "httpx without a cache"
    package = "httpx"
    has_hits = False
    callers = 100
    calls_a_sample = 100
    leaves_out = "no cache: each call makes the request"

    def __init__(self) -> None:
        super().__init__()
        self.client = httpx.AsyncClient()

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The server.

        Args:
            request: What it is asked.
        """
        self.calls += 1
        headers = {"cache-control": "max-age=300"}
        return httpx.Response(200, json=value(request.url.params["cursor"]), headers=headers)

    async def transport(self) -> httpx.AsyncBaseTransport:
        """A new transport."""
        return httpx.MockTransport(self.answer)

    async def reset(self) -> None:
        await self.client.aclose()
        self.client = httpx.AsyncClient(transport=await self.transport(), base_url="http://test")
        self.calls = 0

    async def _get(self, cursor: object) -> Any:
        return (await self.client.get(PATH, params={"cursor": str(cursor), "per_page": PER_PAGE})).json()

    def get(self, cursor: object) -> Awaitable[Any]:
        return self._get(cursor)

    def get_later(self, cursor: object) -> Awaitable[Any]:
        return self._get(cursor)

    async def close(self) -> None:
        await self.client.aclose()


class HishelSqlite(Uncached):
    """hishel with its own storage, in memory."""

    name = "hishel, SQLite in memory"
    package = "hishel"
    has_hits = True
    leaves_out = "keeps what HTTP allows, for as long as the server says"

    async def storage(self) -> Any:
        """A new storage."""
        connection = await load("anysqlite").connect(":memory:")
        return load("hishel").AsyncSqliteStorage(connection=connection)

    async def transport(self) -> httpx.AsyncBaseTransport:
        made: httpx.AsyncBaseTransport = load("hishel.httpx").AsyncCacheTransport(
            httpx.MockTransport(self.answer), storage=await self.storage()
        )
        return made


class HishelDict(HishelSqlite):
    """hishel with the smallest storage that works: what it costs by itself."""

    name = "hishel, a dict"

    async def storage(self) -> Any:
        return _dict_storage()


def _dict_storage() -> Any:
    hishel = load("hishel")

    async def chunks(body: bytes) -> AsyncIterator[bytes]:
        yield body

    class DictStorage(hishel.AsyncBaseStorage):  # type: ignore[misc, name-defined]
        """Entries in a dict, with their bodies beside them."""

        def __init__(self) -> None:
            super().__init__()
            self.entries: dict[str, list[tuple[Any, bytes]]] = {}

        async def create_entry(self, request: Any, response: Any, key: str, **_: Any) -> Any:
            body = b"".join([chunk async for chunk in response.stream])
            known = {
                "id": uuid.uuid4(),
                "request": request,
                "response": dataclasses.replace(response, stream=chunks(body)),
                "cache_key": key,
                "key": key,
            }
            entry = hishel.Entry(*[known.get(field.name, 0) for field in dataclasses.fields(hishel.Entry)])
            self.entries.setdefault(key, []).append((entry, body))
            return entry

        async def get_entries(self, key: str) -> list[Any]:
            return [
                dataclasses.replace(entry, response=dataclasses.replace(entry.response, stream=chunks(body)))
                for entry, body in self.entries.get(key, ())
            ]

        async def update_entry(self, *_: Any, **__: Any) -> None:
            return None

        async def update_headers(self, *_: Any, **__: Any) -> None:
            return None

        async def remove_entry(self, *_: Any, **__: Any) -> None:
            return None

        async def close(self) -> None:
            return None

    return DictStorage()
