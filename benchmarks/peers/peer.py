"""What each peer is asked to do: the same loader, the same keys, and nothing that it cannot."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable
from typing import Any, ClassVar

PATH = "/projects/"
PER_PAGE = 25
FRESH = 300
GROUP = 10
MANY = 10**7
SOON = 0.001


def load(name: str) -> Any:
    """A package that need not be installed, which a type checker therefore does not know.

    Args:
        name: Its module.
    """
    return importlib.import_module(name)


def value(cursor: object) -> dict[str, Any]:
    """What a loader answers.

    Args:
        cursor: For which page.
    """
    return {"id": cursor, "name": "item", "done": False}


class Peer:
    """A cache with a loader.

    Attributes:
        name: What it is called in tables.
        package: The module without which it cannot be run.
        leaves_out: What it does not do that `query` does, for rows that it wins.
        has_hits: Whether it keeps what was loaded.
        can_remove: Whether it removes entries by a part of their keys.
        can_expire: Whether it drops entries by itself that are too old.
        callers: How many callers at once it is asked by.
        calls_a_sample: How many misses a sample has.
        calls: How often the loader ran.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    leaves_out: ClassVar[str] = ""
    has_hits: ClassVar[bool] = True
    can_remove: ClassVar[bool] = False
    can_expire: ClassVar[bool] = False
    callers: ClassVar[int] = 1000
    calls_a_sample: ClassVar[int] = 1000

    def __init__(self) -> None:
        self.calls = 0

    async def load(self, p: str, cursor: object, per_page: int) -> dict[str, Any]:
        """The loader, which answers at once.

        Args:
            p: The path.
            cursor: The page.
            per_page: How long it is.
        """
        self.calls += 1
        return value(cursor)

    async def load_later(self, p: str, cursor: object, per_page: int) -> dict[str, Any]:
        """The loader, which suspends once.

        Args:
            p: The path.
            cursor: The page.
            per_page: How long it is.
        """
        self.calls += 1
        await asyncio.sleep(0)
        return value(cursor)

    async def reset(self) -> None:
        """Start with an empty cache."""

    def get(self, cursor: object) -> Awaitable[Any]:
        """What the cache has, or the loader gives at once.

        Args:
            cursor: For which page.
        """
        raise NotImplementedError

    def get_later(self, cursor: object) -> Awaitable[Any]:
        """What the cache has, or the loader gives after a suspension.

        Args:
            cursor: For which page.
        """
        raise NotImplementedError

    def hit(self) -> Awaitable[Any]:
        """What the cache has, by a key that is made in the call."""
        return self.get("x")

    async def fill(self, groups: int) -> None:
        """Store groups of ten.

        Args:
            groups: How many.
        """
        for group in range(groups):
            await self.fill_group(group)

    async def fill_group(self, group: int) -> None:
        """Store one group.

        Args:
            group: Which.
        """

    async def remove_group(self, group: int) -> None:
        """Remove the ten of a group by what their keys have in common.

        Args:
            group: Which.
        """

    async def held(self, group: int, number: int) -> bool:
        """Whether an entry is there.

        Args:
            group: Of which group.
            number: Which of the ten.
        """
        raise NotImplementedError

    async def expire(self, count: int) -> None:
        """Store entries that are too old soon, and wait until none is left.

        Args:
            count: How many.
        """

    async def close(self) -> None:
        """Give back what is held."""
