"""Over HTTP: what the library adds to a request that httpx answers by itself, and what a hit saves."""

import statistics
from collections.abc import Awaitable, Callable
from itertools import repeat
from typing import Any

import httpx

from query import QueryOptions
from query.api import ApiClient, api_options, set_api_client

from ..row import Case, Figure, Topic, row, same
from ..samples import FIVE_MINUTES, item, new_client, typical_key
from ..timing import Stopwatch

Item = dict[str, Any]
CALLS = 60


class Http(Topic):
    """httpx over its own MockTransport."""

    is_ours_alone = True
    # how many pairs of samples a ratio is taken of
    sizes = (15,)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.requests = 0

        def answer(_: httpx.Request) -> httpx.Response:
            self.requests += 1
            return httpx.Response(200, json=item(1))

        self.http = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="https://api.test")
        self.client = new_client()
        set_api_client(ApiClient(http=self.http), query_client=self.client)

    def close(self) -> None:
        self.client.clear()

    async def get(self, page: int) -> Any:
        """One request, and its JSON.

        Args:
            page: Of which page.
        """
        return (await self.http.get("/projects/", params={"cursor": page, "per_page": 25})).json()

    def hits(self, options: Callable[[], QueryOptions[Any, Any]]) -> Case:
        """A query whose data is there and fresh.

        Args:
            options: Its options.
        """
        query = self.client.query

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await query(options())

        async def prove() -> None:
            self.client.clear()
            self.requests = 0
            same(await query(options()), item(1), "the data of a miss")
            same(await query(options()), item(1), "the data of a hit")
            same(self.requests, 1, "requests")

        return Case(run, prove)

    @row("http/hit_options_made_before")
    async def prepared(self) -> Case:
        """``client.query(options)``, and options of an endpoint that were made before."""
        options = api_options.as_(Item)("/projects/", query={"cursor": "x", "per_page": 25}, stale_time=FIVE_MINUTES)
        query = self.client.query

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await query(options)

        return self.hits(lambda: options)._replace(run=run)

    @row("http/hit_options_made_in_the_call")
    async def inline(self) -> Case:
        """``client.query(api_options.as_(Item)("/projects/", ...))``."""
        query = self.client.query

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await query(
                    api_options.as_(Item)("/projects/", query={"cursor": "x", "per_page": 25}, stale_time=FIVE_MINUTES)
                )

        options = api_options.as_(Item)("/projects/", query={"cursor": "x", "per_page": 25}, stale_time=FIVE_MINUTES)
        return self.hits(lambda: options)._replace(run=run)

    async def over_a_request(self, call: Callable[[int], Awaitable[Any]]) -> Figure:
        """How much longer a call takes than the request in it, pair by pair.

        Args:
            call: The call, given a page that no call had.
        """
        self.client.clear()
        self.requests = 0
        same(await call(-1), item(1), "the data")
        same(self.requests, 1, "requests")
        ratios: list[float] = []
        for pair in range(self.size):
            taken: dict[Callable[[int], Awaitable[Any]], float] = {}
            for each in (call, self.get) if pair % 2 else (self.get, call):
                watch = Stopwatch()
                for i in range(CALLS):
                    await each(pair * CALLS + i)
                taken[each] = watch.seconds()
            ratios.append(taken[call] / taken[self.get])
        same(self.requests, 1 + 2 * self.size * CALLS, "requests")
        return Figure([statistics.median(ratios)], "")

    @row("http/miss_in_requests")
    async def miss(self) -> Figure:
        """A query function that makes the request: a miss, in requests."""

        async def call(page: int) -> Any:
            return await self.client.fetch_query(
                query_key=typical_key(page), query_fn=lambda _: self.get(page), stale_time=FIVE_MINUTES
            )

        return await self.over_a_request(call)

    @row("http/request_and_immediate_miss_in_requests")
    async def beside(self) -> Figure:
        """A request, then a miss whose function answers at once: what a miss costs where other code ran before it."""

        async def load(_: object) -> Item:
            return item(1)

        async def call(page: int) -> Any:
            answer = await self.get(page)
            await self.client.fetch_query(
                QueryOptions(query_key=typical_key(page), query_fn=load, stale_time=FIVE_MINUTES)
            )
            return answer

        return await self.over_a_request(call)

    @row("http/api_miss_in_requests")
    async def api_miss(self) -> Figure:
        """Options of an endpoint: a miss, in requests. The answer's status, headers, links and JSON are kept."""

        async def call(page: int) -> Any:
            return await self.client.query(
                api_options.as_(Item)("/projects/", query={"cursor": page, "per_page": 25}, stale_time=FIVE_MINUTES)
            )

        return await self.over_a_request(call)
