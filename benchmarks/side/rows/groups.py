"""One observer of many queries, when one of them changes."""

from itertools import count
from typing import Any

from query import QueriesObserver, QueryOptions

from ..row import Case, Topic, row, same
from ..samples import FOREVER, Loader, new_client


class Groups(Topic):
    """Each write changes the next query of the group."""

    sizes = (10, 100, 1_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.versions = count(1)
        self.told = 0
        self.last: Any = None

    def fill(self) -> None:
        """A client with all queries, and no observers."""
        self.client.clear()
        self.client = new_client()
        for i in range(self.size):
            self.client.set_query_data(["q", i], {"id": i, "v": 0})

    def close(self) -> None:
        self.client.clear()

    def options(self) -> list[QueryOptions[Any, Any]]:
        """The options of all queries."""
        load = Loader().load
        return [QueryOptions(query_key=["q", i], query_fn=load, stale_time=FOREVER) for i in range(self.size)]

    def listen(self, value: Any) -> None:
        """Note what the listener is told.

        Args:
            value: The results, or what was made of them.
        """
        self.told += 1
        self.last = value

    def writing(self, prove_last: Any) -> Case:
        """Write one query after the other.

        Args:
            prove_last: Checks what the listener was told about the first query, given its version.
        """
        write, size = self.client.set_query_data, self.size

        def run(times: int) -> None:
            for i in range(times):
                write(["q", i % size], {"id": i % size, "v": next(self.versions)})

        def prove() -> None:
            self.told = 0
            version = next(self.versions)
            write(["q", 0], {"id": 0, "v": version})
            same(self.told, 1, "calls of the listener")
            same(len(self.last), size, "results")
            prove_last(version)

        return Case(run, prove)

    @row("queries_observer/one_update_of_{n}")
    def plain(self) -> Case:
        """A listener that gets all results."""
        self.fill()
        QueriesObserver(self.client, self.options()).subscribe(self.listen)
        return self.writing(lambda version: same(self.last[0].data["v"], version, "the data of the first"))

    @row("queries_observer/one_update_of_{n}_combine")
    def combined(self) -> Case:
        """A listener that gets the data of all results, put together by ``combine``."""
        self.fill()
        observer = QueriesObserver(self.client, self.options(), lambda results: [each.data for each in results])
        observer.subscribe(lambda _: self.listen(observer.get_combined_result()))
        return self.writing(lambda version: same(self.last[0]["v"], version, "the data of the first"))
