"""``assert_no_leaks``: what a client has running, and who still looks at it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from query import QueryClient
from query.runtime.subscribable import Subscribable

from .query_text import function_text, query_name


class ClientLeakError(AssertionError):
    """Something of a client is left.

    Attributes:
        left: What, in one line each.
    """

    def __init__(self, left: Sequence[str]) -> None:
        self.left: tuple[str, ...] = tuple(left)
        lines = "\n".join(f"  {line}" for line in self.left)
        super().__init__(
            f"the client still has {len(self.left)} thing(s) that were to be gone:\n{lines}\n"
            "Unsubscribe what subscribes, await or cancel what runs, and let the loop take a turn "
            "(await asyncio.sleep(0)) before you look."
        )

    def __reduce__(self) -> tuple[type[Any], tuple[Any, ...]]:
        return type(self), (self.left,)


def assert_no_leaks(client: QueryClient, *, empty: bool = False) -> None:
    """Fail if a client has tasks, timers, observers or listeners left.

    Data that waits to be collected is no leak, and neither is the timer that will do it, unless *empty* is given.

    Args:
        client: The client.
        empty: After ``client.clear()``: its caches must be empty, too, so that nothing at all is left.

    Raises:
        ClientLeakError: Something is left. It names each of them: fetches, retries and mutations under way; intervals;
            observers with their listeners; listeners of the two caches.
    """
    __tracebackhide__ = True
    left = list(_left(client, empty=empty))
    if left:
        raise ClientLeakError(left)


def _left(client: QueryClient, *, empty: bool) -> Iterator[str]:
    lines = client.leaks()
    # the client keeps its tasks in a set
    yield from sorted(line for line in lines if line.startswith("task: "))
    collecting = () if empty else frozenset(client.environment.collecting())
    yield from (line for line in lines if line.startswith("timer: ") and line not in collecting)
    queries, mutations = client.get_query_cache(), client.get_mutation_cache()
    for query in queries.get_all():
        for observer in query.observers:
            yield f"observer: {type(observer).__name__} of {query_name(query)}{_heard_by(observer)}"
    for mutation in mutations.get_all():
        for watching in mutation._observers:
            if watching.has_listeners():
                yield f"observer: {type(watching).__name__} of mutation {mutation.mutation_id}{_heard_by(watching)}"
    for name, cache in (("query", queries), ("mutation", mutations)):
        for listener in _listeners(cache):
            yield f"listener of the {name} cache: {function_text(listener)}"
    if empty:
        yield from (f"{query_name(query)}, in the cache" for query in queries.get_all())
        yield from (f"mutation {mutation.mutation_id}, in the cache" for mutation in mutations.get_all())


def _heard_by(observer: object) -> str:
    names = [function_text(listener) for listener in _listeners(observer)]
    return f", heard by {', '.join(names)}" if names else ""


def _listeners(source: object) -> Iterable[Any]:
    if not isinstance(source, Subscribable):
        return ()
    return [one.func if isinstance(one, functools.partial) else one for one in source._present()]
