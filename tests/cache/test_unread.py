"""Queries that nobody has looked at are no objects yet: nobody can tell."""

from __future__ import annotations

import asyncio
import gc
import math
import weakref
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import DefaultOptions, Query, QueryClient, QueryKey, QueryObserver, QueryOptions, SystemClock, hydrate
from query import dehydrate as dehydrated
from query.cache import lagging_index
from query.cache.query_cache import QueryCache
from query.runtime.collector import AT_ONCE

KEYS: list[Any] = [["a"], ["a", 0], ["a", 1], ["b", {"p": 1, "q": 2}], ("b", (1,)), ["c", "\x7f\\"], QueryKey("d", 0)]
keys = st.sampled_from(KEYS)
STEPS = ["write", "write", "write", "write", "write as the other", "write old", "update", "read", "state", "watch"]
STEPS += [
    "leave",
    "find",
    "find all",
    "invalidate",
    "invalidate all",
    "remove",
    "remove exactly",
    "reset",
    "dehydrate",
    "dehydrate compact",
]
STEPS += ["hydrate", "hydrate compact", "wait", "wait long", "clear", "listen", "end listening", "note", "end noting"]
STEPS += ["fetch", "write for all", "other defaults", "other gc time", "focus"]
steps = st.lists(st.tuples(st.sampled_from(STEPS), keys), max_size=25)


def stored(compact: bool) -> Any:
    """What another client had: one that was marked, one that was written twice, and plain ones."""
    client = QueryClient(clock=VirtualClock())
    for number, key in enumerate([["a"], ["e", 0], ["e", 1], ["b", {"p": 1, "q": 2}], ["e", 2], ["e", 3], ["e", 4]]):
        client.set_query_data(key, f"stored {number}", updated_at=5.0 + number)
    client.set_query_data(["e", 1], "again", updated_at=7.0)
    client.invalidate_queries(["e", 2])
    return dehydrated(client, compact=compact)


class Story:
    """What happens to a cache of two clients.

    Args:
        looks: Whether each query is looked at as soon as it is there.
        gc_time: How long queries are kept.
    """

    def __init__(self, looks: bool, gc_time: float) -> None:
        self.looks = looks
        self.clock = VirtualClock()
        defaults = DefaultOptions(queries=QueryOptions(gc_time=gc_time))
        self.cache = QueryCache()
        self.client, self.other = [
            QueryClient(clock=self.clock, query_cache=self.cache, default_options=defaults) for _ in range(2)
        ]
        self.seen: list[object] = []
        self.unsubscribes: list[Any] = []
        self.listening: list[Any] = []
        self.noting: list[Any] = []

    def summary(self, query: Query[Any]) -> object:
        """All that can be seen of one."""
        state = query.state
        return (query.query_hash, query.query_key, repr(query.query_key), state.data, state.data_updated_at,
                state.data_update_count, state.is_invalidated, state.status, query.gc_time, query.awaits_collection,
                query.environment is self.client.environment, query.get_observers_count())  # fmt: skip

    async def step(self, number: int, what: str, key: Any) -> None:
        """Do something, and note what is to be seen of it."""
        client, see = self.client, self.seen.append
        plain = list(key.parts) if isinstance(key, QueryKey) else key
        match what:
            case "write" | "write as the other":
                (client if what == "write" else self.other).set_query_data(key, number)
            case "write old":
                client.set_query_data(key, [number], updated_at=1.0)
            case "update":
                client.set_query_data(key, lambda data: (number, data))
            case "write for all":
                see(client.set_queries_data(plain[:1], lambda data: [data]))
            case "read":
                see(client.get_query_data(key))
            case "state":
                see(repr(client.get_query_state(key)))
            case "watch":
                options = QueryOptions(query_key=key, enabled=False)
                self.unsubscribes.append(QueryObserver(client, options).subscribe(lambda _: None))
            case "leave":
                while self.unsubscribes:
                    self.unsubscribes.pop()()
            case "find":
                found = self.cache.find(plain)
                see(found and self.summary(found))
            case "find all":
                see([self.summary(query) for query in self.cache.find_all(plain[:1])])
            case "invalidate":
                client.invalidate_queries(plain[:1])
            case "invalidate all":
                client.invalidate_queries()
            case "remove":
                client.remove_queries(plain[:1])
            case "remove exactly":
                client.remove_queries(plain, exact=True)
            case "reset":
                client.reset_queries(plain)
            case "dehydrate" | "dehydrate compact":
                see(dehydrated(client, compact=what != "dehydrate"))
            case "hydrate" | "hydrate compact":
                hydrate(client, stored(what != "hydrate"))
            case "wait":
                await self.clock.advance(3)
            case "wait long":
                await self.clock.advance(11)
            case "clear":
                client.clear()
            case "listen":
                told = lambda event: see((event.type, event.query.query_hash, self.clock.time()))  # noqa: E731
                self.listening.append(self.cache.subscribe(told))
            case "end listening":
                while self.listening:
                    self.listening.pop()()
            case "note":
                self.noting.append(self.cache.note_for(lambda entry: see((repr(entry[1]), *entry[2:]))))
            case "end noting":
                while self.noting:
                    self.noting.pop()()
            case "fetch":

                async def load(_: object) -> int:
                    return number

                see(await client.fetch_query(query_key=key, query_fn=load, stale_time=2))
            case "other defaults":
                client.set_query_defaults(["a"], QueryOptions(retry=number))
            case "other gc time":
                client.set_default_options(DefaultOptions(queries=QueryOptions(gc_time=6)))
            case _:
                self.cache.on_focus()
        if self.looks:
            self.cache.get_all()
        see(repr(client))
        see([client.is_fetching(), len(self.cache.find_all(type="active"))])

    async def run(self, script: list[tuple[str, Any]]) -> list[object]:
        """All of it."""
        for number, (what, key) in enumerate(script):
            await self.step(number, what, key)
        self.seen.append([self.summary(query) for query in self.cache.get_all()])
        self.seen.append(self.client.environment.collecting())
        self.cache.subscribe(lambda event: self.seen.append((event.type, event.query.query_hash)))
        await self.clock.advance(1000)
        self.seen.append([self.summary(query) for query in self.cache.get_all()])
        for client in (self.client, self.other):
            await client.aclose()
        return self.seen


@settings(deadline=None, max_examples=150)
@given(steps, st.sampled_from([0, 10, math.inf]))
@example([("write", KEYS[0]), ("write", KEYS[1]), ("write", KEYS[2]), ("state", KEYS[2]), ("wait long", KEYS[0])], 10)
@example([("hydrate", KEYS[0]), ("state", ["e", 0]), ("listen", KEYS[0]), ("wait long", KEYS[0])], 10)
@example([("hydrate compact", KEYS[0]), ("find all", ["e"]), ("remove exactly", ["e", 3]), ("dehydrate", KEYS[0])], 10)
@example(
    [("write", KEYS[0]), ("write", KEYS[1]), ("invalidate all", KEYS[0]), ("write", KEYS[3]), ("wait", KEYS[0])], 10
)
@example([("hydrate", KEYS[0]), ("invalidate all", KEYS[0]), ("dehydrate", KEYS[0]), ("write", ["e", 0])], 10)
@example([("hydrate", KEYS[0]), ("invalidate all", KEYS[0]), ("dehydrate compact", KEYS[0])], 10)
@example([("write", KEYS[0]), ("write", KEYS[3]), ("write", KEYS[4]), ("write", KEYS[5]), ("write", KEYS[6])], math.inf)
def test_a_cache_is_the_same_whether_anybody_looks_or_not(script: list[tuple[str, Any]], gc_time: float) -> None:
    """Whatever happens, all that is seen and told, and in which order."""
    unread = asyncio.run(Story(False, gc_time).run(script))
    assert unread == asyncio.run(Story(True, gc_time).run(script))


def filled(count: int, **more: Any) -> QueryClient:
    """A client with so many queries that nobody has looked at."""
    client = QueryClient(**more)
    for number in range(count):
        client.set_query_data(["g", number // 10, number], {"id": number})
    return client


def looked_at(client: QueryClient) -> int:
    """How many queries are objects."""
    return sum(isinstance(found, Query) for found in client.get_query_cache()._queries.values())


def test_what_is_written_is_no_object_until_somebody_looks() -> None:
    """But the first of its kind; and one look makes one."""
    client = filled(100)
    assert looked_at(client) == 1
    assert client.get_query_data(["g", 5, 50]) == {"id": 50}
    assert looked_at(client) == 1
    state = client.get_query_state(["g", 5, 50])
    assert state
    assert state.data == {"id": 50}
    assert looked_at(client) == 2
    assert client.get_query_state(["g", 5, 50]) is state
    client.set_query_data(["g", 6, 60], {"id": 0})
    assert looked_at(client) == 3
    assert len(client.get_query_cache().get_all()) == looked_at(client) == 100


def test_all_are_invalidated_without_a_look() -> None:
    """And what is written afterwards is not."""
    client = filled(100)
    client.invalidate_queries()
    client.set_query_data(["g", 10, 100], {"id": 100})
    client.set_query_data(["g", 10, 101], {"id": 101})
    assert looked_at(client) == 1
    states = [query.state for query in client.get_query_cache().get_all()]
    assert [state.is_invalidated for state in states] == [True] * 100 + [False] * 2
    assert [state.data_update_count for state in states] == [1] * 102


def test_the_garbage_collector_looks_at_the_data_alone() -> None:
    """There is nothing for each, if the data is nothing either."""
    client = filled(10)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(1000):
        client.set_query_data(["h", number], {"id": number})
    gc.collect()
    assert len(gc.get_objects()) - before < 50


@pytest.mark.parametrize("how", ["remove", "clear", "wait"])
async def test_nothing_is_left_of_those_that_are_gone(clock: VirtualClock, how: str) -> None:
    """Neither their data nor their bed, though somebody looked at one."""

    class Data:
        pass

    client, datas = QueryClient(clock=clock), [Data() for _ in range(9)]
    for number, data in enumerate(datas):
        client.set_query_data([number], data)
    watched = [weakref.ref(data) for data in datas]
    del data, datas
    cache = client.get_query_cache()
    cache.find([3])
    beds = cache._unread._beds
    assert len(beds) == 1
    if how == "remove":
        client.remove_queries()
    elif how == "clear":
        client.clear()
    else:
        client.environment.bind()
        await clock.advance(301)
    gc.collect()
    assert [data() for data in watched] == [None] * 9
    assert beds == {}


async def test_they_are_collected_some_at_a_time_in_their_order(clock: VirtualClock) -> None:
    """So that the loop is not held up; and who listens is told of each."""
    client = QueryClient(clock=clock)
    client.environment.bind()
    cache, told = client.get_query_cache(), []
    for number in range(3 * AT_ONCE):
        client.set_query_data([number], number)
    assert looked_at(client) == 1
    await clock.advance(299)
    left = []
    asyncio.get_running_loop().call_soon(lambda: left.append(len(cache._queries)))
    cache.subscribe(lambda event: told.append(event.query.state.data))
    await clock.advance(2)
    assert told == [*range(3 * AT_ONCE)]
    assert (repr(client), client.environment.leaks()) == ("<QueryClient with 0 queries>", [])


async def test_by_the_clock_of_the_machine_those_of_a_second_share_a_bed() -> None:
    """And leave it when their time has come."""
    client = QueryClient(clock=SystemClock(), default_options=DefaultOptions(queries=QueryOptions(gc_time=0.001)))
    client.environment.bind()
    for number in range(20):
        client.set_query_data([number], number)
    assert looked_at(client) < 20
    while client.get_query_cache()._queries:
        await asyncio.sleep(0)
    assert client.get_query_cache()._unread._beds == {}
    await client.aclose()


async def test_a_listener_that_exits_does_not_keep_the_others(clock: VirtualClock) -> None:
    """They are collected all the same."""
    client = QueryClient(clock=clock)
    client.environment.bind()
    for number in range(5):
        client.set_query_data([number], number)
    cache = client.get_query_cache()

    def fail(event: Any) -> None:
        if event.query.state.data == 2:
            client.set_query_data(["new"], 1)
            raise AssertionError

    unsubscribe = cache.subscribe(fail)
    await clock.advance(301)
    unsubscribe()
    assert [query.query_hash for query in cache.get_all()] == ['["new"]']


def test_an_index_takes_them_in_little_by_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question makes queries of all."""
    monkeypatch.setattr(lagging_index, "SLICE", 20)
    client = filled(500)
    cache = client.get_query_cache()
    assert [query.state.data["id"] for query in cache.find_all(["g", 40])] == [*range(400, 410)]
    assert looked_at(client) == 11
    assert [query.state.data["id"] for query in cache.find_all(["g", 41])] == [*range(410, 420)]
    assert 20 < looked_at(client) < 50


async def test_another_loop_is_refused_before_anything_is_written(clock: VirtualClock) -> None:
    """A query that nothing collects would stay for good."""
    client = filled(3, clock=clock)
    client.environment.bind()
    client.set_query_data(["x"], 1)
    assert await asyncio.to_thread(_refused, client) == "LoopError"
    assert client.get_query_data(["y"]) is None


def _refused(client: QueryClient) -> str:
    async def main() -> str:
        try:
            client.set_query_data(["y"], 1)
        except Exception as error:
            return type(error).__name__
        return ""

    return asyncio.run(main())


async def load(_: object) -> str:
    """Never called while the data is fresh."""
    return "fetched"


OPTIONS = QueryOptions(query_key=["g", 0, 5], query_fn=load, stale_time=60)
LOOKS: dict[str, Any] = {
    "options": lambda client: client.query(OPTIONS),
    "options of a fetch": lambda client: client.fetch_query(OPTIONS),
    "fields": lambda client: client.query(query_key=["g", 0, 5], query_fn=load, stale_time=60),
    "fields of a fetch": lambda client: client.fetch_query(query_key=["g", 0, 5], query_fn=load, stale_time=60),
    "key object": lambda client: client.fetch_query(query_key=QueryKey("g", 0, 5), query_fn=load, stale_time=60),
    "ensure": lambda client: client.ensure_query_data(OPTIONS),
    "ensure by fields": lambda client: client.ensure_query_data(query_key=["g", 0, 5], query_fn=load),
}


@pytest.mark.parametrize("how", [*LOOKS])
async def test_who_asks_for_one_gets_its_data(how: str) -> None:
    """The first time, and once there is a query."""
    client = filled(9)
    assert [await LOOKS[how](client) for _ in range(3)] == [{"id": 5}] * 3
    assert looked_at(client) == 2
    assert await client.fetch_query(query_key=["g", 0, 6], query_fn=load) == "fetched"
    assert [client.get_query_data(["g", 0, number]) for number in (5, 6, 7)] == [{"id": 5}, "fetched", {"id": 7}]


async def test_who_watches_one_keeps_it(clock: VirtualClock) -> None:
    """And the others go."""
    client = filled(9, clock=clock)
    observer = QueryObserver(client, OPTIONS)
    assert observer.get_current_result().data == {"id": 5}
    leave = observer.subscribe(lambda _: None)
    await clock.advance(301)
    assert [query.query_hash for query in client.get_query_cache().get_all()] == ['["g",0,5]']
    leave()


async def test_a_closed_client_does_not_look_at_them() -> None:
    """Nor does a regained focus: nothing is fetched that nobody has looked at."""
    client = filled(9)
    client.get_query_cache().on_focus()
    client.get_query_cache().on_online()
    await client.aclose()
    assert client.discard() == []
    assert looked_at(client) == 1


async def test_a_bed_whose_last_query_is_watched_sets_no_timer(clock: VirtualClock) -> None:
    """There is nothing left in it."""
    client = QueryClient(clock=clock)
    client.environment.bind()
    for number in range(2):
        client.set_query_data([number], number)
    client.remove_queries([0])
    assert len(clock.pending_timers()) == 1
    leave = QueryObserver(client, QueryOptions(query_key=[1], enabled=False)).subscribe(lambda _: None)
    assert (clock.pending_timers(), client.get_query_cache()._unread._beds) == ([], {})
    leave()
