"""Mutations, one after the other."""

import asyncio
from typing import Any

from query import MutationObserver, MutationOptions

from ..row import Case, Topic, row, same
from ..samples import new_client


class Mutations(Topic):
    """A function that returns what it is given, without a suspension."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.called: list[str] = []

    def close(self) -> None:
        self.client.clear()

    async def function(self, value: Any, _: object) -> Any:
        """The mutation itself."""
        return value

    def running(self, observer: MutationObserver[Any, Any, Any]) -> Case:
        """Mutate, and drop what the cache keeps of it.

        Args:
            observer: Of what.
        """

        async def run(times: int) -> None:
            mutate = observer.mutate
            for i in range(times):
                await mutate(i)
            self.client.get_mutation_cache().clear()

        async def prove() -> None:
            same(await observer.mutate(7), 7, "what a mutation returned")
            result = observer.get_current_result()
            same((result.status, result.data), ("success", 7), "the result")

        return Case(run, prove)

    @row("mutate/observer_unsubscribed")
    def unsubscribed(self) -> Case:
        """Nobody listens, and nothing is called."""
        options = MutationOptions[Any, Any, Any](mutation_fn=self.function, gc_time=0)
        return self.running(MutationObserver(self.client, options))

    @row("mutate/observer_subscribed_callbacks")
    def subscribed(self) -> Case:
        """Somebody listens, and three callbacks are awaited."""
        seen: set[str] = set()

        async def on_mutate(*_: Any) -> int:
            seen.add("mutate")
            return 1

        async def on_success(*_: Any) -> None:
            seen.add("success")

        async def on_settled(*_: Any) -> None:
            seen.add("settled")

        options = MutationOptions[Any, Any, Any](
            mutation_fn=self.function, gc_time=0, on_mutate=on_mutate, on_success=on_success, on_settled=on_settled
        )
        observer = MutationObserver(self.client, options)
        told: set[str] = set()
        observer.subscribe(lambda result: told.add(result.status))
        case = self.running(observer)

        async def prove() -> None:
            seen.clear()
            told.clear()
            same(await observer.mutate(7), 7, "what a mutation returned")
            same(seen, {"mutate", "success", "settled"}, "callbacks")
            same(told, {"pending", "success"}, "what the listener was told")

        return case._replace(prove=prove)


class Scopes(Topic):
    """Mutations that wait for each other."""

    sizes = (1_000,)

    @row("mutate/scoped_queue_{n}")
    def queue(self) -> Case:
        """All of one scope, started at once, each by an observer of its own. The time is that of one."""
        client, order = new_client(), [0]

        async def function(value: int, _: object) -> int:
            await asyncio.sleep(0)
            order.append(value)
            return value

        options = MutationOptions[int, int, None](mutation_fn=function, scope="queue", gc_time=0)

        async def run(_: int) -> None:
            order.clear()
            await asyncio.gather(*[MutationObserver(client, options).mutate(i) for i in range(self.size)])
            client.get_mutation_cache().clear()

        return Case(run, lambda: same(order, list(range(self.size)), "the order"), per=self.size, times=1, samples=5)
