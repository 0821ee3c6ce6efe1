"""Fetches of which nobody is told, whose end is taken in in one step: they come to the same as those that are told."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import QueryClient, QueryOptions
from query.base.query_state import fields_of
from query.base.types import UNSET


class Incomparable:
    """Raises when it is compared."""

    def __eq__(self, other: object) -> bool:
        raise TypeError("incomparable")

    __hash__ = None  # type: ignore[assignment]


VALUES: list[Any] = [0, None, {"a": [1, 2]}, {"a": [1, 3]}, [{"id": 1}], [{"id": 1}, {"id": 2}], [Incomparable()]]

STEPS = st.one_of(
    # how many turns of the loop the function takes, what it comes to, and whether somebody waits
    st.tuples(st.just("fetch"), st.integers(0, 4), st.sampled_from([*VALUES, UNSET, KeyError("no")]), st.booleans()),
    st.tuples(st.just("write"), st.sampled_from(VALUES[:-1])),
    st.tuples(st.sampled_from(["invalidate", "cancel", "reset", "remove", "restore", "forsake", "pause"])),
)


class World:
    """A client, and what can be seen of one of its queries.

    Args:
        clock: That of both worlds.
        is_heard: Somebody listens to the cache, and minds nothing.
    """

    def __init__(self, clock: VirtualClock, *, is_heard: bool) -> None:
        self.client = QueryClient(clock=clock)
        self.cache = self.client.get_query_cache()
        self.query = self.cache.build(self.client, QueryOptions(query_key=["a"]))
        self.waiters: list[asyncio.Task[Any]] = []
        self.handles: list[Any] = []
        if is_heard:
            self.cache.subscribe(lambda event: None)
        assert self.cache.is_quiet is not is_heard

    async def wait(self, handle: Any) -> Any:
        return await handle

    def take(self, step: tuple[Any, ...]) -> None:
        """Do something.

        Args:
            step: One of ``STEPS``.
        """
        match step:
            case "fetch", turns, end, is_awaited:

                async def query_fn(_: object) -> Any:
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    if isinstance(end, Exception):
                        raise end
                    return end

                handle = self.query.fetch(QueryOptions(query_key=["a"], query_fn=query_fn, retry=False))
                self.handles.append(handle)
                if is_awaited:
                    self.waiters.append(asyncio.create_task(self.wait(handle)))
            case "write", value:
                self.query.set_data(value, manual=True)
            case ("invalidate",):
                self.client.invalidate_queries(refetch_type="none")
            case ("cancel",):
                self.query.cancel(revert=True)
            case ("reset",):
                self.query.reset()
            case ("remove",):
                self.cache.remove(self.query)
            case ("restore",):
                self.cache.add(self.query)
            case ("pause",):
                self.query.set_state(fetch_status="paused")
            case ("forsake",):
                self.query.forsake()

    def sight(self) -> dict[str, object]:
        """What can be seen."""
        return {
            **fields_of(self.query.state),
            "answer": self.query.answer() and self.query.answer().result(),
            "error": repr(self.query.state.error),
            "fetch_failure_reason": repr(self.query.state.fetch_failure_reason),
            "kept": self.cache.get_all() == [self.query],
            "fetching": self.client.is_fetching(),
            "paused": list(self.cache._live.paused),
            "leaks": self.client.leaks(),
            "run": self.query._run is None,
            "users": self.query._waiters,
            "outcomes": [handle.done() and repr(handle.exception()) for handle in self.handles],
            "older data kept": [handle.done() and handle._outcome.revert_state is not None for handle in self.handles],
            "told": [task.done() and repr(task.exception() or task.result()) for task in self.waiters],
        }


TURNS = st.tuples(st.lists(STEPS, max_size=3), st.sampled_from([0.0, 0.0, 0.0, 1.0, 299.0, 300.0]))
"""What is done before the loop has its turn, and how many seconds pass then."""


@settings(max_examples=300)
@example([([("fetch", 2, 0, False), ("pause",)], 0.0)])
@given(st.lists(TURNS, max_size=8))
async def test_they_come_to_the_same_as_those_that_are_told(turns: list[tuple[list[tuple[Any, ...]], float]]) -> None:
    """After each turn of the loop: in the state, for who waits, and in when they are collected."""
    clock = VirtualClock()
    quiet, heard = World(clock, is_heard=False), World(clock, is_heard=True)
    for steps, seconds in [*turns, *[((), 0.0)] * 6]:
        for world in (quiet, heard):
            for step in steps:
                world.take(step)
        await (clock.advance(seconds) if seconds else asyncio.sleep(0))
        assert quiet.sight() == heard.sight()
