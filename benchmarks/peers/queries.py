"""Another port of TanStack Query to asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from .peer import FRESH, GROUP, MANY, PATH, PER_PAGE, Peer, load


class Pystackquery(Peer):
    """pystackquery."""

    name = "pystackquery"
    package = "pystackquery"
    leaves_out = "no structural sharing, no pages, no hydration of a client"
    can_remove = True

    def __init__(self) -> None:
        super().__init__()
        self.client: Any = None

    async def reset(self) -> None:
        package = load("pystackquery")
        self.client = package.QueryClient(package.QueryClientConfig(cache_max_size=MANY))
        self.calls = 0

    def options(self, key: tuple[Any, ...], function: Any) -> Any:
        """Options of a query.

        Args:
            key: The key.
            function: The query function.
        """
        return load("pystackquery").QueryOptions(query_key=key, query_fn=function, stale_time=FRESH)

    def get(self, cursor: object) -> Awaitable[Any]:
        fetched: Awaitable[Any] = self.client.fetch_query(
            self.options((PATH, cursor, PER_PAGE), lambda: self.load(PATH, cursor, PER_PAGE))
        )
        return fetched

    def get_later(self, cursor: object) -> Awaitable[Any]:
        fetched: Awaitable[Any] = self.client.fetch_query(
            self.options((PATH, cursor, PER_PAGE), lambda: self.load_later(PATH, cursor, PER_PAGE))
        )
        return fetched

    async def fill_group(self, group: int) -> None:
        async def item() -> dict[str, Any]:
            return {"id": 1}

        await asyncio.gather(
            *[self.client.fetch_query(self.options(("g", str(group), str(i)), item)) for i in range(GROUP)]
        )

    async def remove_group(self, group: int) -> None:
        self.client.remove_queries(("g", str(group)))

    async def held(self, group: int, number: int) -> bool:
        return self.client.get_query_data(("g", str(group), str(number))) is not None
