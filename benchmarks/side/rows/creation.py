"""Queries by the ten thousand: made, collected, dropped."""

import asyncio
from itertools import repeat

from ..row import Case, Topic, row, same
from ..samples import FIVE_MINUTES, Key, how_many, new_client, numbered_key

SHORT = 0.001


class Creation(Topic):
    """New queries with small data."""

    sizes = (1_000, 10_000, 100_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.keys: list[Key] = []

    def close(self) -> None:
        self.client.clear()

    def start(self, gc_time: float) -> None:
        """An empty client, and keys that no client has seen.

        Args:
            gc_time: Seconds that an unused query lives.
        """
        self.client.clear()
        self.client = new_client(gc_time)
        self.keys = [numbered_key(i) for i in range(self.size)]

    def fill(self) -> None:
        """Make all queries."""
        write = self.client.set_query_data
        for i, key in enumerate(self.keys):
            write(key, {"id": i})

    def queries(self) -> int:
        """How many queries there are."""
        return how_many(self.client)

    def prove(self) -> None:
        """All are there, each with its own data."""
        same(self.queries(), self.size, "queries")
        same(self.client.get_query_data(numbered_key(7)), {"id": 7}, "the data of one")

    @row("create/{size}_per_query")
    def create(self) -> Case:
        """Write data for new keys."""
        return Case(
            lambda _: self.fill(),
            self.prove,
            per=self.size,
            times=1,
            prepare=lambda: self.start(FIVE_MINUTES),
            samples=2 if self.size > 10_000 else 0,
            is_long=self.size > 10_000,
        )

    @row("create/{size}_and_gc_per_query", sizes=(10_000,))
    def collect(self) -> Case:
        """Write data for new keys, and wait until all are collected."""

        async def run(_: int) -> None:
            self.fill()
            while self.queries():
                await asyncio.sleep(SHORT)

        def prove() -> None:
            same(self.queries(), 0, "queries that are left")
            self.fill()
            self.prove()

        return Case(run, prove, per=self.size, times=1, prepare=lambda: self.start(SHORT))

    @row("clear/{size}_per_query", sizes=(10_000,))
    def clear(self) -> Case:
        """Drop all at once."""

        def prepare() -> None:
            self.start(FIVE_MINUTES)
            self.fill()

        def run(times: int) -> None:
            for _ in repeat(None, times):
                self.client.clear()

        return Case(run, lambda: same(self.queries(), 0, "queries that are left"), self.size, 1, prepare)
