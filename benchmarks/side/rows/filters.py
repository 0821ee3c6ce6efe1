"""Finding some queries among many: what must not grow with their number."""

from itertools import repeat
from typing import Any

from query import QueryOptions

from ..row import Case, Topic, row, same
from ..samples import Loader, invalid, item, new_client, unmark

GROUP = 10
CALLS = 50
"""How many calls a sample marks by. Node does fewer where each takes long. Here a few would mostly be the first after a
walk through all queries, which leaves nothing in the caches of the processor: to call a function that does nothing five
times takes as long then as to mark a group.
"""


class Filters(Topic):
    """Queries in groups of ten, told apart by the second part of their keys."""

    sizes = (1_000, 10_000, 100_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.groups = size // GROUP
        self.turn = 0
        self.rounds = 5 if size >= 100_000 else 20 if size >= 10_000 else 50
        for i in range(size):
            self.client.set_query_data(["g", i // GROUP, i % GROUP], item(i))
        # an index is made by the first questions, a part by each; what those take is a row of its own
        for i in range(size // 1000):
            self.client.get_query_cache().find_all(["g", i])

    def close(self) -> None:
        self.client.clear()

    def group(self, number: int) -> int:
        """Another group for each call of a sample, and for each sample.

        Args:
            number: Which call.
        """
        return (self.turn + number * 7) % self.groups

    def prepare(self) -> None:
        """Mark no query, and go on to other groups."""
        unmark(self.client)
        self.turn += 13

    def marking(self, keys_in_a_group: int, rounds: int, **filters: Any) -> Case:
        """Invalidate groups, or one query of each.

        Args:
            keys_in_a_group: How many queries are marked by one call.
            rounds: How many calls a sample.
            **filters: Beside the key.
        """
        invalidate = self.client.invalidate_queries
        last = [3] if filters.get("exact") else []

        async def run(_: int) -> None:
            for i in range(rounds):
                await invalidate(["g", self.group(i), *last], **filters)

        def prove() -> None:
            groups = {self.group(i) for i in range(rounds)}
            marked = invalid(self.client)
            same({query.query_key[1] for query in marked}, groups, "groups that are marked")
            same(len(marked), len(groups) * keys_in_a_group, "queries that are marked")

        return Case(run, prove, per=rounds, times=1, prepare=self.prepare)

    @row("invalidate_prefix/10_of_{size}")
    def invalidate(self) -> Case:
        """One group, and refetch what is looked at, which is nothing."""
        return self.marking(GROUP, CALLS)

    @row("invalidate_prefix_none/10_of_{size}")
    def mark(self) -> Case:
        """One group, and refetch nothing."""
        return self.marking(GROUP, CALLS, refetch_type="none")

    @row("invalidate_exact/1_of_{size}")
    def invalidate_one(self) -> Case:
        """One query by its whole key."""
        return self.marking(1, CALLS, exact=True)

    @row("invalidate_all/{size}", sizes=(1_000, 10_000))
    def invalidate_all(self) -> Case:
        """All queries."""

        async def run(_: int) -> None:
            await self.client.invalidate_queries()

        def prove() -> None:
            same(len(invalid(self.client)), self.size, "queries that are marked")

        return Case(run, prove, times=1, prepare=self.prepare)

    @row("find_all_prefix/10_of_{size}")
    def find_group(self) -> Case:
        """The queries of one group."""
        find_all, groups = self.client.get_query_cache().find_all, self.groups

        def run(times: int) -> None:
            for i in range(times):
                find_all(["g", i % groups])

        def prove() -> None:
            found = find_all(["g", 7])
            same(sorted(query.query_key[2] for query in found), list(range(GROUP)), "what was found")

        return Case(run, prove)

    @row("find_exact/1_of_{size}")
    def find_one(self) -> Case:
        """One query by its whole key."""
        find, groups = self.client.get_query_cache().find, self.groups

        def run(times: int) -> None:
            for i in range(times):
                find(["g", (i * 37) % groups, 5])

        def prove() -> None:
            found = find(["g", 7, 5])
            same(None if found is None else found.state.data, item(75), "the data of what was found")

        return Case(run, prove)

    @row("find_all_active/0_of_{size}")
    def find_active(self) -> Case:
        """Queries that are looked at, of which there are none."""
        find_all = self.client.get_query_cache().find_all

        def run(times: int) -> None:
            for _ in repeat(None, times):
                find_all(type="active")

        return Case(run, lambda: same(find_all(type="active"), [], "what was found"))

    @row("is_fetching/none_of_{size}")
    def fetching(self) -> Case:
        """How many queries are being fetched."""
        is_fetching = self.client.is_fetching

        def run(times: int) -> None:
            for _ in repeat(None, times):
                is_fetching()

        return Case(run, lambda: same(is_fetching(), 0, "what is fetching"))

    @row("is_fetching/prefix_of_{size}")
    def fetching_in_group(self) -> Case:
        """How many queries of a group are being fetched."""
        is_fetching, groups = self.client.is_fetching, self.groups

        def run(times: int) -> None:
            for i in range(times):
                is_fetching(["g", i % groups])

        return Case(run, lambda: same(is_fetching(["g", 7]), 0, "what is fetching"))

    @row("cache_event/refetch_with_is_fetching_indicator_{size}")
    def indicator(self) -> Case:
        """A refetch while something shows after each event of the cache how many queries are being fetched."""
        client, loader = self.client, Loader(11)
        options = QueryOptions[Any, Any](query_key=["g", 1, 1], query_fn=loader.load, stale_time=0)
        shown: list[int] = [0]

        def show(_: object) -> None:
            shown[0] = client.is_fetching()

        async def run(times: int) -> None:
            unsubscribe = client.get_query_cache().subscribe(show)
            for _ in repeat(None, times):
                await client.fetch_query(options)
            unsubscribe()

        async def prove() -> None:
            seen: list[int] = []
            unsubscribe = client.get_query_cache().subscribe(lambda _: seen.append(client.is_fetching()))
            loader.calls = 0
            same(await client.fetch_query(options), item(11), "the data")
            same(loader.calls, 1, "calls of the query function")
            same((max(seen), seen[-1]), (1, 0), "what was shown, most and last")
            unsubscribe()

        return Case(run, prove, samples=5)

    @row("remove_prefix/10_of_{size}")
    def remove(self) -> Case:
        """One group."""
        client = self.client

        def prepare() -> None:
            for group in range(self.rounds):
                for i in range(GROUP):
                    client.set_query_data(["g", group, i], item(i))

        def run(_: int) -> None:
            for group in range(self.rounds):
                client.remove_queries(["g", group])

        def prove() -> None:
            left = len(client.get_query_cache().get_all())
            same(left, self.size - self.rounds * GROUP, "queries that are left")
            same(client.get_query_cache().find_all(["g", 0]), [], "what is left of a removed group")
            prepare()

        return Case(run, prove, per=self.rounds, times=1, prepare=prepare)


class PartialObjects(Topic):
    """One endpoint with many pages: queries told apart by a part of an object in their keys."""

    sizes = (10_000,)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.turn = 0
        for i in range(size):
            self.client.set_query_data(["/projects/", {"query": {"cursor": i, "per_page": 25}}], item(i))
        for i in range(size // 1000):
            self.client.get_query_cache().find_all(["/projects/", {"query": {"cursor": i}}])

    def close(self) -> None:
        self.client.clear()

    @row("invalidate_partial_object/1_of_{size}")
    def invalidate(self) -> Case:
        """One page, by its cursor."""
        client, rounds = self.client, 20

        def pages() -> list[int]:
            return [(self.turn + i * 7) % self.size for i in range(rounds)]

        def prepare() -> None:
            unmark(client)
            self.turn += 13

        async def run(_: int) -> None:
            for page in pages():
                await client.invalidate_queries(["/projects/", {"query": {"cursor": page}}])

        def prove() -> None:
            data: list[Any] = [client.get_query_data(query.query_key) for query in invalid(client)]
            marked = {each["id"] for each in data}
            same(marked, set(pages()), "pages that are marked")

        return Case(run, prove, per=rounds, times=1, prepare=prepare)
