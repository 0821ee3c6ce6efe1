"""Caches that wrap a coroutine function: a hit is a call of the wrapped function."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from .peer import FRESH, GROUP, MANY, PATH, PER_PAGE, SOON, Peer, load

FIRST_CALLER = "runs the loader in the first caller's task: cancelling him loses the fetch of all"
NO_STATE = "no state, observers, retries or refetching"


def plain(function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A loader as a function: a bound method is none to some libraries, and others look at its parameters.

    Args:
        function: The loader.
    """

    async def loader(p: str, cursor: object, per_page: int) -> Any:
        return await function(p, cursor, per_page)

    return loader


class Decorated(Peer):
    """What these have in common: two wrapped loaders."""

    def __init__(self) -> None:
        super().__init__()
        self.wrapped: Callable[..., Awaitable[Any]] = self.load
        self.wrapped_later: Callable[..., Awaitable[Any]] = self.load_later

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Put a new cache before a loader.

        Args:
            function: The loader.
        """
        raise NotImplementedError

    async def reset(self) -> None:
        self.wrapped, self.wrapped_later = self.wrap(self.load), self.wrap(self.load_later)
        self.calls = 0

    def get(self, cursor: object) -> Awaitable[Any]:
        return self.wrapped(PATH, cursor=cursor, per_page=PER_PAGE)

    def get_later(self, cursor: object) -> Awaitable[Any]:
        return self.wrapped_later(PATH, cursor=cursor, per_page=PER_PAGE)


class AsyncLru(Decorated):
    """async-lru."""

    name = "async-lru"
    package = "async_lru"
    leaves_out = f"{NO_STATE}; removes by the whole arguments alone"
    can_expire = True

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        wrapped: Callable[..., Awaitable[Any]] = load("async_lru").alru_cache(maxsize=None, ttl=FRESH)(plain(function))
        return wrapped

    async def expire(self, count: int) -> None:
        cached = load("async_lru").alru_cache(maxsize=None, ttl=SOON)(self.load)
        for i in range(count):
            await cached(PATH, cursor=i, per_page=PER_PAGE)
        while cached.cache_info().currsize:
            await asyncio.sleep(SOON)


class _Mapped(Decorated):
    """Those whose cache is a mapping that can also be used by itself."""

    can_remove = True
    can_expire = True
    leaves_out = f"{NO_STATE}; {FIRST_CALLER}; goes through all keys to remove some"

    def __init__(self) -> None:
        super().__init__()
        self.mapping: Any = {}

    def new_mapping(self, seconds: float) -> Any:
        """An empty cache.

        Args:
            seconds: How long entries live.
        """
        raise NotImplementedError

    async def reset(self) -> None:
        await super().reset()
        self.mapping = self.new_mapping(FRESH)

    async def fill_group(self, group: int) -> None:
        for i in range(GROUP):
            self.mapping["g", group, i] = {"id": i}

    async def remove_group(self, group: int) -> None:
        mapping = self.mapping
        for key in [key for key in mapping.keys() if key[1] == group]:  # noqa: SIM118 - not all of these iterate
            del mapping[key]

    async def held(self, group: int, number: int) -> bool:
        return ("g", group, number) in self.mapping

    async def expire(self, count: int) -> None:
        mapping = self.new_mapping(SOON)
        for i in range(count):
            mapping["t", i] = {"id": i}
        while len(mapping):
            mapping.expire()
            await asyncio.sleep(SOON)


class Cachetools(_Mapped):
    """cachetools with a lock for each key: the recipe that is written by hand."""

    name = "cachetools and a lock"
    package = "cachetools"

    def new_mapping(self, seconds: float) -> Any:
        return load("cachetools").TTLCache(MANY, seconds)

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        key_of = load("cachetools.keys").hashkey
        mapping = self.new_mapping(FRESH)
        locks: dict[Any, asyncio.Lock] = {}

        async def cached(*given: Any, **named: Any) -> Any:
            key = key_of(*given, **named)
            try:
                return mapping[key]
            except KeyError:
                pass
            async with locks.setdefault(key, asyncio.Lock()):
                try:
                    return mapping[key]
                except KeyError:
                    pass
                found = mapping[key] = await function(*given, **named)
            locks.pop(key, None)
            return found

        return cached


class Cachebox(_Mapped):
    """cachebox, which is written in Rust."""

    name = "cachebox"
    package = "cachebox"

    def new_mapping(self, seconds: float) -> Any:
        return load("cachebox").TTLCache(0, seconds)

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        wrapped: Callable[..., Awaitable[Any]] = load("cachebox").cached(self.new_mapping(FRESH))(function)
        return wrapped


class Theine(Decorated):
    """theine, whose core is written in Rust."""

    name = "theine"
    package = "theine"
    leaves_out = f"{NO_STATE}; hands all callers one awaitable, which gather folds into one task"

    def wrap(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        wrapped: Callable[..., Awaitable[Any]] = load("theine").Memoize(100_000, timedelta(seconds=FRESH))(
            plain(function)
        )
        return wrapped
