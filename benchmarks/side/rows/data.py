"""Writing data, and sharing the parts of it that are equal."""

from collections.abc import Sequence
from itertools import cycle, repeat
from typing import Any

from query import replace_equal_deep

from ..row import Case, Topic, row, same
from ..samples import item, items, new_client, typical_key


def _sharing(before: Any, after: Any, shared: Sequence[int]) -> Case:
    def run(times: int) -> None:
        for _ in repeat(None, times):
            replace_equal_deep(before, after)

    def prove() -> None:
        made = replace_equal_deep(before, after)
        same(made, after, "the value")
        for i in shared:
            same(made[i] is before[i], True, f"whether the equal part {i} is the former one")

    return Case(run, prove)


class Data(Topic):
    """``set_query_data`` and ``replace_equal_deep``."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()

    def close(self) -> None:
        self.client.clear()

    @row("set_query_data/small")
    def small(self) -> Case:
        """A small object that is another one each time."""
        write, key = self.client.set_query_data, typical_key()
        write(key, item(0))

        def run(times: int) -> None:
            for i in range(times):
                write(key, {"id": i, "name": "item", "done": False})

        def prove() -> None:
            write(key, item(7))
            same(self.client.get_query_data(key), item(7), "the data")

        return Case(run, prove)

    @row("set_query_data/list1000_one_changed")
    def one_changed(self) -> Case:
        """1,000 nested objects of which one is another."""
        client, key = self.client, ["one changed"]
        # a third object: had the cache taken one of the two below as it is, half of the work would be done by identity
        client.set_query_data(key, items(1))
        turns = cycle((items(2), items(1)))

        def run(times: int) -> None:
            for _ in repeat(None, times):
                client.set_query_data(key, next(turns))

        def prove() -> None:
            before: Any = client.get_query_data(key)
            wanted = next(turns)
            client.set_query_data(key, wanted)
            after: Any = client.get_query_data(key)
            same(after, wanted, "the data")
            same([i for i in range(1000) if after[i] is not before[i]], [500], "what is not shared")

        return Case(run, prove)

    @row("set_query_data/list1000_equal_copy")
    def equal(self) -> Case:
        """1,000 nested objects that are equal to those before."""
        client, key, copy = self.client, ["equal"], items(1)
        client.set_query_data(key, items(1))

        def run(times: int) -> None:
            for _ in repeat(None, times):
                client.set_query_data(key, copy)

        def prove() -> None:
            before = client.get_query_data(key)
            client.set_query_data(key, copy)
            same(client.get_query_data(key) is before, True, "whether the data is the former")

        return Case(run, prove)

    @row("replace_equal_deep/list1000_one_changed")
    def share_list(self) -> Case:
        """As above, by itself."""
        return _sharing(items(1), items(2), [0, 499, 501, 999])

    @row("replace_equal_deep/list1000_equal")
    def share_equal_list(self) -> Case:
        """As above, by itself."""
        return _sharing(items(1), items(1), [0, 500, 999])

    @row("replace_equal_deep/small")
    def share_small(self) -> Case:
        """Two small objects that differ."""
        return _sharing(item(1), item(2), [])

    @row("replace_equal_deep/ints1000_one_changed")
    def share_numbers(self) -> Case:
        """1,000 numbers of which one is another."""
        return _sharing(list(range(1000)), [-1 if i == 500 else i for i in range(1000)], [])
