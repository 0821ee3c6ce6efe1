"""Data that is there and fresh."""

from itertools import repeat
from typing import Any

from query import DefaultOptions, QueryClient, QueryOptions

from ..row import Case, Topic, awaiting, calling, row, same
from ..samples import FIVE_MINUTES, Loader, item, new_client, typical_key


def reading(client: QueryClient) -> Case:
    """Read what the cache has.

    Args:
        client: Whose.
    """
    get, key = client.get_query_data, typical_key()
    return calling(get, key, lambda: same(get(key), item(1), "the data"))


class Hits(Topic):
    """Of a client without defaults: the best that Node does."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.client.set_query_data(typical_key(), item(1))
        self.loader = Loader()
        self.options: QueryOptions[Any, Any] = QueryOptions(
            query_key=typical_key(), query_fn=self.loader.load, stale_time=FIVE_MINUTES
        )

    async def prove(self) -> None:
        """A fetch gives the data without a call."""
        same(await self.client.fetch_query(self.options), item(1), "the data of a hit")
        same(self.loader.calls, 0, "calls of the query function")

    def close(self) -> None:
        self.client.clear()

    @row("fetch_hit/inline_options")
    def inline(self) -> Case:
        """Key and options written in the call, as its fields."""
        fetch, load = self.client.fetch_query, self.loader.load

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await fetch(
                    query_key=["/projects/", {"query": {"cursor": "x", "per_page": 25}}],
                    query_fn=load,
                    stale_time=FIVE_MINUTES,
                )

        async def prove() -> None:
            data = await fetch(query_key=typical_key(), query_fn=load, stale_time=FIVE_MINUTES)
            same(data, item(1), "the data of a hit by fields")
            await self.prove()

        return Case(run, prove)

    @row("fetch_hit/prepared_options")
    def prepared(self) -> Case:
        """Options made before."""
        return awaiting(self.client.fetch_query, self.options, self.prove)

    @row("ensure_query_data/hit")
    def ensure(self) -> Case:
        """Any data will do."""
        ensure, options = self.client.ensure_query_data, self.options

        async def prove() -> None:
            same(await ensure(options), item(1), "the data")
            await self.prove()

        return awaiting(ensure, options, prove)

    @row("get_query_data")
    def data(self) -> Case:
        """Read what the cache has."""
        return reading(self.client)

    @row("get_query_state")
    def state(self) -> Case:
        """Read the state of a query."""
        get, key = self.client.get_query_state, typical_key()

        def prove() -> None:
            state: Any = get(key)
            same(state.data, item(1), "the data of the state")

        return calling(get, key, prove)


class HitsByObjects(Topic):
    """With an object of options that is made in the call: on Node a literal is one."""

    is_ours_alone = True

    @row("fetch_hit/inline_options_object")
    def inline(self) -> Case:
        """Key and options made in the call."""
        client, loader = new_client(), Loader()
        client.set_query_data(typical_key(), item(1))
        fetch, load = client.fetch_query, loader.load

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await fetch(
                    QueryOptions(
                        query_key=["/projects/", {"query": {"cursor": "x", "per_page": 25}}],
                        query_fn=load,
                        stale_time=FIVE_MINUTES,
                    )
                )

        async def prove() -> None:
            options = QueryOptions[Any, Any](query_key=typical_key(), query_fn=load, stale_time=FIVE_MINUTES)
            same(await fetch(options), item(1), "the data of a hit")
            same(loader.calls, 0, "calls of the query function")

        return Case(run, prove)


class HitsWithDefaults(Topic):
    """Of a client with default options, which Node is slow with: by themselves, for it gets slower for good."""

    fresh = True

    def __init__(self, size: int) -> None:
        super().__init__(size)
        defaults = QueryOptions[Any, Any](stale_time=FIVE_MINUTES, gc_time=FIVE_MINUTES)
        self.client = QueryClient(default_options=DefaultOptions(queries=defaults))
        self.client.set_query_data(typical_key(), item(1))
        self.loader = Loader()

    def close(self) -> None:
        self.client.clear()

    @row("fetch_hit/inline_options_with_client_defaults")
    def inline(self) -> Case:
        """Key and function written in the call, the stale time by default."""
        fetch, load = self.client.fetch_query, self.loader.load

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await fetch(query_key=["/projects/", {"query": {"cursor": "x", "per_page": 25}}], query_fn=load)

        async def prove() -> None:
            same(await fetch(query_key=typical_key(), query_fn=load), item(1), "the data of a hit")
            same(self.loader.calls, 0, "calls of the query function")

        return Case(run, prove)

    @row("get_query_data/with_client_defaults")
    def data(self) -> Case:
        """Read what the cache has."""
        return reading(self.client)
