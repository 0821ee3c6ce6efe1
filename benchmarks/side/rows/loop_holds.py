"""How long one call keeps the event loop, with a great many queries."""

from collections.abc import Callable

from query import dehydrate, hydrate

from ..row import Case, Figure, Topic, row, same
from ..samples import how_many, invalid, item, new_client, unmark
from ..timing import Stopwatch

QUESTIONS = 50


class LoopHolds(Topic):
    """Calls that touch all queries at once, or prepare for all."""

    sizes = (100_000,)
    fresh = True

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()

    def close(self) -> None:
        self.client.clear()

    def fill(self) -> None:
        """A new client with all queries, of which no prefix was asked for."""
        self.client.clear()
        self.client = new_client()
        for i in range(self.size):
            self.client.set_query_data(["g", i // 10, i % 10], item(i))

    def holding(self, call: Callable[[], object], prove: Callable[[], object], prepare: Callable[[], object]) -> Case:
        """One call, up to where it gives the loop back.

        Args:
            call: The call.
            prove: Checks what it did.
            prepare: Called before it.
        """

        def run(_: int) -> None:
            call()

        return Case(run, prove, times=1, prepare=prepare, samples=1, is_long=True)

    def queries(self) -> int:
        """How many queries there are."""
        return how_many(self.client)

    @row("block/first_prefix_op_{size}")
    def first_prefix(self) -> Figure:
        """The longest of the first questions for a prefix, while an index may be made. Twice, to leave out noise."""
        runs: list[list[float]] = []
        for _ in range(2):
            self.fill()
            taken: list[float] = []
            for i in range(QUESTIONS):
                watch = Stopwatch()
                found = self.client.get_query_cache().find_all(["g", i])
                taken.append(watch.seconds())
                same(len(found), 10, "what the prefix found")
            runs.append(taken)
        return Figure([max(map(min, *runs)) * 1e9])

    @row("block/invalidate_all_{size}")
    def invalidate_all(self) -> Case:
        """Mark all."""
        self.fill()

        return self.holding(
            lambda: self.client.invalidate_queries(),
            lambda: same(len(invalid(self.client)), self.size, "queries that are marked"),
            lambda: unmark(self.client),
        )

    @row("block/hydrate_{size}")
    def hydrate(self) -> Case:
        """Take in all."""
        self.fill()
        state = dehydrate(self.client)

        def prepare() -> None:
            self.client.clear()
            self.client = new_client()

        return self.holding(
            lambda: hydrate(self.client, state), lambda: same(self.queries(), self.size, "queries"), prepare
        )

    @row("block/clear_{size}")
    def clear(self) -> Case:
        """Drop all."""
        return self.holding(
            lambda: self.client.clear(), lambda: same(self.queries(), 0, "queries that are left"), self.fill
        )
