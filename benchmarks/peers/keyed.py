"""Caches with texts as keys, in memory here and on servers elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from .decorated import FIRST_CALLER, NO_STATE, Decorated, plain
from .peer import FRESH, GROUP, MANY, SOON, load


def key_of(function: object, p: str, cursor: object, per_page: int) -> str:
    """The key of a call.

    Args:
        function: The loader.
        p: The path.
        cursor: The page.
        per_page: How long it is.
    """
    return f"{p}:{cursor}:{per_page}"


class Keyed(Decorated):
    """What these have in common: a cache that can also be used by itself."""

    can_remove = True
    can_expire = True

    def __init__(self) -> None:
        super().__init__()
        self.cache: Any = None

    async def held(self, group: int, number: int) -> bool:
        found: bool = await self.cache.exists(f"g:{group}:{number}")
        return found


class Aiocache(Keyed):
    """aiocache's plain decorator."""

    name = "aiocache"
    package = "aiocache"
    leaves_out = f"{NO_STATE}; each caller runs the loader"

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        wrapped: Callable[..., Awaitable[Any]] = load("aiocache").cached(ttl=FRESH, key_builder=key_of)(function)
        return wrapped

    async def reset(self) -> None:
        await super().reset()
        self.cache = load("aiocache").SimpleMemoryCache()

    async def fill_group(self, group: int) -> None:
        for i in range(GROUP):
            await self.cache.set(f"g:{group}:{i}", {"id": i})

    async def remove_group(self, group: int) -> None:
        await self.cache.clear(namespace=f"g:{group}:")

    async def expire(self, count: int) -> None:
        cache = load("aiocache").SimpleMemoryCache()
        for i in range(count):
            await cache.set(f"t:{i}", {"id": i}, ttl=SOON)
        while cache._cache:
            await asyncio.sleep(SOON)


class AiocacheStampede(Aiocache):
    """aiocache's decorator against stampedes."""

    name = "aiocache, cached_stampede"
    leaves_out = f"{NO_STATE}; {FIRST_CALLER}"
    can_remove = False
    can_expire = False

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        decorate = load("aiocache").cached_stampede(ttl=FRESH, key_builder=key_of, lease=2)
        wrapped: Callable[..., Awaitable[Any]] = decorate(function)
        return wrapped


class Cashews(Keyed):
    """cashews, with a pattern to remove by."""

    name = "cashews"
    package = "cashews"
    leaves_out = f"{NO_STATE}; {FIRST_CALLER}"

    def new_cache(self, interval: float) -> Any:
        """A cache in memory.

        Args:
            interval: Seconds from one look for old entries to the next; 0 for none.
        """
        cache = load("cashews").Cache()
        cache.setup("mem://", size=MANY, check_interval=interval)
        return cache

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        wrapped: Callable[..., Awaitable[Any]] = self.cache(ttl=FRESH, key="{p}:{cursor}:{per_page}")(plain(function))
        return wrapped

    async def reset(self) -> None:
        if self.cache is not None:
            await self.cache.close()
        self.cache = self.new_cache(0)
        self.cache.register_tag("tag:{g}", "g:{g}:{i}")
        await super().reset()

    async def fill_group(self, group: int) -> None:
        for i in range(GROUP):
            await self.cache.set(f"g:{group}:{i}", {"id": i}, tags=[f"tag:{group}"])

    async def remove_group(self, group: int) -> None:
        await self.cache.delete_match(f"g:{group}:*")

    async def expire(self, count: int) -> None:
        cache = self.new_cache(SOON)
        for i in range(count):
            await cache.set(f"t:{i}", {"id": i}, expire=SOON)
        backend = cache._get_backend("t:0")
        while backend.store:
            await asyncio.sleep(SOON)
        await cache.close()

    async def close(self) -> None:
        await self.cache.close()


class CashewsTags(Cashews):
    """cashews, with a tag to remove by."""

    name = "cashews, by tags"
    has_hits = False
    can_expire = False
    leaves_out = f"{NO_STATE}; each entry must be given its tags"

    async def remove_group(self, group: int) -> None:
        await self.cache.delete_tags(f"tag:{group}")
