"""Bytes a query, by tracemalloc, and what a collection of garbage takes among many queries."""

import gc
import time
import tracemalloc
from collections.abc import Callable
from itertools import repeat

from query import QueryClient, QueryObserver, QueryOptions, hash_key

from ..row import Figure, Topic, row, same
from ..samples import FOREVER, filled, item, numbered_key


def bytes_each(size: int, make: Callable[[range], object]) -> float:
    """Bytes that are held for each of many.

    Args:
        size: How many.
        make: Makes those of some numbers, and returns what holds them.
    """
    # what is made once; of other numbers, so that what remembers keys has not seen those below
    make(range(size, 2 * size))
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        held = make(range(size))
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        del held
    finally:
        tracemalloc.stop()
    return (after - before) / size


class Memory(Topic):
    """Small data under keys of three parts."""

    sizes = (10_000,)
    fresh = True

    def figure(self, make: Callable[[range], object]) -> Figure:
        """Bytes a query.

        Args:
            make: Makes the queries.
        """
        return Figure([bytes_each(self.size, make)], "bytes")

    @row("memory/bytes_per_query_gc5min")
    def query(self) -> Figure:
        """With a time to be collected at."""
        return self.figure(filled)

    @row("memory/bytes_per_query_gcInf")
    def lasting(self) -> Figure:
        """Never to be collected."""
        return self.figure(lambda numbers: filled(numbers, FOREVER))

    @row("memory/bytes_per_query_indexed")
    def indexed(self) -> Figure:
        """After the first use of a prefix."""

        def make(numbers: range) -> QueryClient:
            client = filled(numbers)
            same(len(client.get_query_cache().find_all(["todos", numbers[1]])), 1, "what a prefix found")
            return client

        return self.figure(make)

    @row("memory/bytes_per_observed_query")
    def observed(self) -> Figure:
        """With one observer each."""

        def make(numbers: range) -> object:
            client = filled(numbers)
            options = (QueryOptions(query_key=numbered_key(i), stale_time=FOREVER) for i in numbers)
            return client, [QueryObserver(client, each).subscribe(lambda _: None) for each in options]

        return self.figure(make)

    @row("memory/bytes_raw_key_and_data")
    def raw(self) -> Figure:
        """Key and data in a list, without a query."""
        return self.figure(lambda numbers: [(numbered_key(i), item(i)) for i in numbers])


class HashMemory(Topic):
    """What hashes of keys hold; JavaScript counts its strings otherwise."""

    sizes = (10_000,)
    fresh = True
    is_ours_alone = True

    @row("memory/bytes_per_retained_hash")
    def text(self) -> Figure:
        """A hash beyond the characters of its text, and what remembers it."""
        keys = [numbered_key(i) for i in range(2 * self.size)]
        list_slot = bytes_each(self.size, lambda numbers: list(repeat(None, len(numbers))))
        hashes = bytes_each(self.size, lambda numbers: [hash_key(keys[i]) for i in numbers])
        characters = sum(len(hash_key(keys[i])) for i in range(self.size)) / self.size
        return Figure([hashes - characters - list_slot], "bytes")


def pauses(held: object) -> list[float]:
    """Nanoseconds that full collections take.

    Args:
        held: What is alive meanwhile.
    """
    gc.collect()
    taken: list[float] = []
    for _ in repeat(None, 5):
        begin = time.thread_time()
        gc.collect()
        taken.append((time.thread_time() - begin) * 1e9)
    return taken


class Pause(Topic):
    """A full collection while many queries live."""

    sizes = (100_000,)
    fresh = True

    @row("gc_pause/full_collect_{size}_queries")
    def queries(self) -> Figure:
        """With queries."""
        return Figure(pauses(filled(range(self.size))))


class LookedAtPause(Topic):
    """The same after somebody has looked at each of them, so that all are objects."""

    sizes = (100_000,)
    fresh = True
    is_ours_alone = True

    @row("gc_pause/full_collect_{size}_looked_at")
    def queries(self) -> Figure:
        """With queries in use."""
        client = filled(range(self.size))
        same(len(client.get_query_cache().get_all()), self.size, "queries")
        return Figure(pauses(client))


class RawPause(Topic):
    """A full collection while as many keys and data live, without queries."""

    sizes = (100_000,)
    fresh = True

    @row("gc_pause/full_collect_{size}_raw_keys_and_data")
    def raw(self) -> Figure:
        """With keys and data in a list."""
        return Figure(pauses([(numbered_key(i), item(i)) for i in range(self.size)]))
