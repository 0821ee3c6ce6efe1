"""Watching a query: telling its observers, and making, moving and dropping them."""

import asyncio
from collections.abc import Callable
from itertools import count, repeat
from typing import Any

from query import QueryObserver, QueryOptions, notify_manager

from ..row import Case, Topic, row, same
from ..samples import FOREVER, Loader, item, new_client, typical_key


def _ignore(_: object) -> None:
    pass


class FanOut(Topic):
    """One query with many observers, each with a listener of its own."""

    sizes = (1, 100, 10_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.key = ["watched"]
        self.told = 0
        self.last: object = None
        self.unsubscribes: list[Callable[[], None]] = []
        self.numbers = count(1)
        self.client.set_query_data(self.key, item(0))

    def close(self) -> None:
        for unsubscribe in self.unsubscribes:
            unsubscribe()
        self.unsubscribes = []
        self.client.clear()

    def watch(self, wrap: Callable[[Callable[[Any], None]], Callable[[Any], None]]) -> None:
        """Replace all observers.

        Args:
            wrap: Makes the listener of what it is to do.
        """
        for unsubscribe in self.unsubscribes:
            unsubscribe()
        options = QueryOptions[Any, Any](query_key=self.key, query_fn=Loader().load, stale_time=FOREVER)

        def new_listener() -> Callable[[Any], None]:
            def listener(result: Any) -> None:
                self.told += 1
                self.last = result.data

            return listener

        self.unsubscribes = [
            QueryObserver(self.client, options).subscribe(wrap(new_listener())) for _ in range(self.size)
        ]

    def write(self) -> dict[str, Any]:
        """Give the query other data, and return it."""
        data = {"id": next(self.numbers), "name": "item", "done": False}
        self.client.set_query_data(self.key, data)
        return data

    async def prove(self) -> None:
        """One write tells each listener once."""
        await asyncio.sleep(0)
        self.told = 0
        data = self.write()
        await asyncio.sleep(0)
        same(self.told, self.size, "listeners that were told")
        same(self.last, data, "what they were told")

    @row("notify_sync/{n}_observers")
    def at_once(self) -> Case:
        """Listeners that are told within the write."""
        self.watch(lambda listener: listener)

        def run(times: int) -> None:
            for _ in repeat(None, times):
                self.write()

        return Case(run, self.prove)

    @row("notify_batched/{n}_observers")
    def later(self) -> Case:
        """Listeners that are told together, in the next turn of the loop."""
        self.watch(notify_manager.batch_calls)

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                self.write()
                await asyncio.sleep(0)

        return Case(run, self.prove)


class Observers(Topic):
    """The life of one observer."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.client.set_query_data(typical_key(), item(0))
        self.loader = Loader()
        self.options = self.new_options()

    def new_options(self) -> QueryOptions[Any, Any]:
        """Options of data that is fresh for ever."""
        return QueryOptions(query_key=typical_key(), query_fn=self.loader.load, stale_time=FOREVER)

    def close(self) -> None:
        self.client.clear()

    def watched(self) -> int:
        """How many observers the query has."""
        query = self.client.get_query_cache().find(typical_key())
        return -1 if query is None else query.get_observers_count()

    def prove(self) -> None:
        """An observer shows the data, and nothing is left of it."""
        observer = QueryObserver(self.client, self.options)
        same(observer.get_current_result().data, item(0), "the data of a result")
        unsubscribe = observer.subscribe(_ignore)
        same(self.watched(), 1, "observers")
        unsubscribe()
        same(self.watched(), 0, "observers that are left")
        same(self.loader.calls, 0, "calls of the query function")

    @row("observer/construct")
    def construct(self) -> Case:
        """Make one that nobody listens to."""
        client, options = self.client, self.options

        def run(times: int) -> None:
            for _ in repeat(None, times):
                QueryObserver(client, options)

        return Case(run, self.prove)

    @row("observer/mount_unmount")
    def mount(self) -> Case:
        """Make one, listen, and stop."""
        client, options = self.client, self.options

        def run(times: int) -> None:
            for _ in repeat(None, times):
                QueryObserver(client, options).subscribe(_ignore)()

        return Case(run, self.prove)

    @row("observer/resubscribe")
    def resubscribe(self) -> Case:
        """Listen and stop, with an observer that is kept."""
        subscribe = QueryObserver(self.client, self.options).subscribe

        def run(times: int) -> None:
            for _ in repeat(None, times):
                subscribe(_ignore)()

        return Case(run, self.prove)

    @row("observer/set_options_same")
    def set_options(self) -> Case:
        """The same options anew, as each rendering of a component gives them."""
        observer, load = QueryObserver(self.client, self.options), self.loader.load
        key = typical_key()

        def run(times: int) -> None:
            for _ in repeat(None, times):
                observer.set_options(QueryOptions(query_key=key, query_fn=load, stale_time=FOREVER))

        def prove() -> None:
            same(observer.get_current_result().data, item(0), "the data of the result")
            self.prove()

        return Case(run, prove)

    @row("observer/select_unchanged_set_data")
    def select(self) -> Case:
        """A write that changes nothing of what the observer selects."""
        client, key, numbers = self.client, ["selected"], count(1)
        client.set_query_data(key, {"id": 5, "name": "n", "done": False})

        def chosen(data: Any) -> Any:
            return data["id"]

        options = QueryOptions[Any, Any](query_key=key, query_fn=self.loader.load, stale_time=FOREVER, select=chosen)
        observer = QueryObserver(client, options)
        observer.subscribe(_ignore)

        def run(times: int) -> None:
            for _ in repeat(None, times):
                client.set_query_data(key, {"id": 5, "name": f"n{next(numbers)}", "done": False})

        def prove() -> None:
            before = observer.get_current_result()
            run(1)
            same(before.data, 5, "what was selected before")
            same(observer.get_current_result().data, 5, "what was selected")

        return Case(run, prove)


class Mounting(Topic):
    """Many observers of one query."""

    sizes = (1_000, 10_000)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.client.set_query_data(["mounted"], item(0))

    def close(self) -> None:
        self.client.clear()

    @row("observer/mount_unmount_{size}_on_one_query_per_observer")
    def mount(self) -> Case:
        """Mount all, then unmount all."""
        client = self.client
        options = QueryOptions[Any, Any](query_key=["mounted"], query_fn=Loader().load, stale_time=FOREVER)
        query = client.get_query_cache().find(["mounted"])
        most = [0]

        def run(_: int) -> None:
            unsubscribes = [QueryObserver(client, options).subscribe(_ignore) for _ in range(self.size)]
            most[0] = 0 if query is None else query.get_observers_count()
            for unsubscribe in unsubscribes:
                unsubscribe()

        def prove() -> None:
            same(most[0], self.size, "observers that were mounted")
            same(0 if query is None else query.get_observers_count(), 0, "observers that are left")

        return Case(run, prove, per=self.size, times=1, samples=5)
