"""Taking a client's queries out, and in again."""

from typing import Any, ClassVar

import msgspec

from query import dehydrate, hydrate

from ..row import Case, Topic, row, same
from ..samples import filled, item, new_client, prove_filled


class Hydration(Topic):
    """Queries with small data."""

    sizes: ClassVar[tuple[int, ...]] = (1_000, 10_000, 100_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = filled(range(size))
        self.target = new_client()

    def close(self) -> None:
        self.client.clear()
        self.target.clear()

    def empty(self) -> None:
        """A new client to hydrate."""
        self.target.clear()
        self.target = new_client()

    def prove(self) -> None:
        """All queries arrived."""
        prove_filled(self.target, self.size)

    @row("dehydrate/{size}_per_query", sizes=(10_000,))
    def out(self) -> Case:
        """Take out all."""

        def run(_: int) -> None:
            dehydrate(self.client)

        def prove() -> None:
            queries: Any = dehydrate(self.client)["queries"]
            same(len(queries), self.size, "queries")
            same(queries[7]["state"]["data"], item(7), "the data of one")

        return Case(run, prove, per=self.size, times=1)

    @row("hydrate/{size}_per_query")
    def into(self) -> Case:
        """Take in all."""
        state = dehydrate(self.client)
        is_long = self.size > 10_000
        samples = 2 if is_long else 0
        return Case(lambda _: hydrate(self.target, state), self.prove, self.size, 1, self.empty, samples, is_long)

    @row("hydrate/{size}_json_roundtrip_per_query", sizes=(10_000,))
    def roundtrip(self) -> Case:
        """Take out all, write JSON, read it, take in all."""

        def run(_: int) -> None:
            text = msgspec.json.encode(dehydrate(self.client))
            hydrate(self.target, msgspec.json.decode(text))

        return Case(run, self.prove, self.size, 1, self.empty)


class CompactHydration(Hydration):
    """The same with queries as columns, which Node does not have: its usual form is what this is held against."""

    sizes = (10_000,)
    is_ours_alone = True

    @row("dehydrate/{size}_compact_per_query")
    def columns(self) -> Case:
        """Take out all."""

        def run(_: int) -> None:
            dehydrate(self.client, compact=True)

        def prove() -> None:
            compact: Any = dehydrate(self.client, compact=True)["compact"]
            same(len(compact["texts"]), self.size, "queries")
            same(compact["data"][7], item(7), "the data of one")

        return Case(run, prove, per=self.size, times=1)

    @row("hydrate/{size}_compact_per_query")
    def of_columns(self) -> Case:
        """Take in all."""
        state = dehydrate(self.client, compact=True)
        return Case(lambda _: hydrate(self.target, state), self.prove, self.size, 1, self.empty)

    @row("hydrate/{size}_compact_json_roundtrip_per_query")
    def columns_roundtrip(self) -> Case:
        """Take out all, write JSON, read it, take in all."""

        def run(_: int) -> None:
            text = msgspec.json.encode(dehydrate(self.client, compact=True))
            hydrate(self.target, msgspec.json.decode(text))

        return Case(run, self.prove, self.size, 1, self.empty)
