"""The first fetch of a query, which takes a shorter way than others: what comes of it is the same."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Callable
from enum import StrEnum
from types import FunctionType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import (
    DefaultOptions,
    InfiniteQueryOptions,
    OnlineManager,
    OptionError,
    QueryCache,
    QueryClient,
    QueryKey,
    QueryKeyError,
    QueryObserver,
    QueryOptions,
    skip_token,
)
from query.base.given_options import given_options, is_complete
from query.base.keys import hash_key, is_plain
from query.base.query_state import FIRST_FETCH, INITIAL_STATE, fields_of
from query.client import client_fetching
from query.client.first_fetch import first_fetch

Outcome = str | Exception

OWN: dict[str, list[Any]] = {
    "retry": [False, 1, None],
    "retry_delay": [2.0],
    "gc_time": [0, 7.0, math.inf, None],
    "stale_time": [5.0, "static", lambda query: 5.0],
    "meta": [{"a": 1}],
    "structural_sharing": [False],
    "enabled": [False],
    "select": [len],
    "cancel_when_unused": [True],
    "network_mode": ["always", "offline_first"],
    "initial_data": ["initial"],
}
SOME = st.lists(st.sampled_from(sorted(OWN)), unique=True, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: st.sampled_from(OWN[name]) for name in names})
)
STEPS = [
    "fetch again",
    "look",
    "wait",
    "wait long",
    "offline",
    "online",
    "cancel",
    "invalidate",
    "reset",
    "remove",
    "write",
    "observe",
    "leave",
    "refetch",
    "direct",
    "new defaults",
    "discard",
]


async def told(
    own: dict[str, Any],
    defaults: dict[str, Any],
    outcomes: list[Outcome],
    steps: list[str],
    is_offline: bool,
    by_name: bool = False,
) -> list[object]:
    """What can be seen of a query after each step."""
    clock, online = VirtualClock(), OnlineManager()
    online.set_online(not is_offline)
    client = QueryClient(
        clock=clock, online_manager=online, default_options=DefaultOptions(queries=QueryOptions(**defaults))
    )
    client.mount()
    client.environment.bind()
    seen: list[object] = []
    left = list(outcomes)

    async def load(context: Any) -> str:
        seen.append(("called", context.query_key, context.meta))
        await clock.sleep(3)
        outcome = left.pop(0) if left else "data"
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    options = QueryOptions(query_key=["a"], query_fn=load, **own)

    def fetch() -> Any:
        return client.fetch_query(query_key=["a"], query_fn=load, **own) if by_name else client.fetch_query(options)

    handles = [fetch()]
    leave: Callable[[], object] | None = None

    def look() -> None:
        # what is collected depends on no order
        seen.append(sorted(client.leaks()))
        seen.append((client.is_fetching(), client.is_fetching(["a"])))
        for query in client.get_query_cache().get_all():
            seen.append((fields_of(query.state), query.gc_time, query.awaits_collection, query.get_observers_count()))

    for step in steps:
        query = client.get_query_cache().find(query_key=["a"])
        match step:
            case "fetch again":
                handles.append(fetch())
            case "look" if query is not None:
                seen.append((given_options(query.options), is_complete(query.options), query.meta))
            case "wait":
                await clock.advance(2)
            case "wait long":
                await clock.advance(400)
            case "offline" | "online":
                online.set_online(step == "online")
            case "cancel":
                client.cancel_queries(["a"])
            case "invalidate":
                client.invalidate_queries(["a"])
            case "reset":
                client.reset_queries(["a"])
            case "remove":
                client.remove_queries(["a"])
            case "write":
                client.set_query_data(["a"], "written")
            case "observe" if leave is None:
                leave = QueryObserver(client, QueryOptions(query_key=["a"], enabled=False)).subscribe(lambda _: None)
            case "leave" if leave is not None:
                leave()
                leave = None
            case "refetch" if query is not None:
                handles.append(query.fetch())
            case "direct" if query is not None:
                # complete they are not, and so nothing is inherited
                handles.append(query.fetch(options))
            case "new defaults":
                client.set_default_options(DefaultOptions(queries=QueryOptions(retry=2, meta={"b": 2})))
            case "discard":
                client.discard()
        look()
    await clock.advance(60)
    look()
    for handle in handles:
        seen.append(repr(handle.exception() or handle.result()) if handle.done() else "pending")
    for query in client.get_query_cache().get_all():
        seen.append(given_options(query.options))
    client.discard()
    return [repr(each).replace(f"{load!r}", "load") for each in seen]


@given(
    SOME,
    SOME,
    st.lists(st.sampled_from(["data", "other", ValueError("failed")]), max_size=3),
    st.lists(st.sampled_from(STEPS), max_size=6),
    st.booleans(),
)
@example({"retry": 1}, {}, [ValueError("failed")], ["wait", "wait", "cancel"], False)
@example({"retry": 1}, {}, [ValueError("failed")], ["wait", "wait", "look", "wait"], False)
@example({}, {"retry": 1, "retry_delay": 2.0, "gc_time": 7.0}, [ValueError("failed")], ["wait"] * 5, False)
@example({"gc_time": None}, {"gc_time": 7.0}, ["data"], ["direct", "wait", "direct"], False)
@example({}, {}, [ValueError("failed")] * 2, ["wait", "wait", "direct", "wait", "wait", "look"], False)
@example({"stale_time": 5.0}, {}, ["data"], ["look", "wait", "fetch again", "remove", "wait", "look"], False)
def test_all_ways_are_the_same(
    own: dict[str, Any], defaults: dict[str, Any], outcomes: list[Outcome], steps: list[str], is_offline: bool
) -> None:
    """Whatever happens during the fetch and later."""
    short = asyncio.run(told(own, defaults, outcomes, steps, is_offline))
    assert short == asyncio.run(told(own, defaults, outcomes, steps, is_offline, by_name=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client_fetching, "first_fetch", lambda *_: None)
        patch.setattr(client_fetching, "first_fetch_by_name", lambda *_: None)
        assert short == asyncio.run(told(own, defaults, outcomes, steps, is_offline))


def taken(client: QueryClient, options: QueryOptions[Any, Any]) -> bool:
    """Whether the options take the short way."""
    cache = client.get_query_cache()
    before = cache.get_all()
    handle = first_fetch(options, client, client._defaults, cache, client.environment)
    assert (handle is None) == (cache.get_all() == before)
    client.clear()
    return handle is not None


async def load(context: object) -> str:
    """Never ends by itself."""
    await asyncio.Event().wait()
    return "data"


@pytest.mark.parametrize(
    "more",
    [
        {"network_mode": "always"},
        {"initial_data": 1},
        {"stale_time": lambda query: 5},
        {"persister": lambda query_fn, context, query: None},
        {"query_hash": "mine"},
        {"query_key_hash_fn": lambda key: "mine"},
        {"query_fn": skip_token},
        {"query_fn": None},
    ],
    ids=lambda more: next(iter(more)),
)
async def test_what_asks_for_more_takes_the_general_way(client: QueryClient, more: dict[str, Any]) -> None:
    """Given or inherited; and so do pages."""
    client.environment.bind()
    assert not taken(client, QueryOptions(**{"query_key": ["a"], "query_fn": load, **more}))
    client.set_default_options(DefaultOptions(queries=QueryOptions(**more)))
    assert not taken(client, QueryOptions(query_key=["a"], query_fn=load))
    client.set_default_options(DefaultOptions())
    assert not taken(client, InfiniteQueryOptions(query_key=["a"], query_fn=load))
    await asyncio.sleep(0)


async def test_what_most_people_write_takes_the_short_one(client: QueryClient) -> None:
    """Unless somebody is told of it, or something is inherited by the key."""
    assert not taken(client, QueryOptions(query_key=["a"], query_fn=load))
    client.environment.bind()
    client.set_default_options(DefaultOptions(queries=QueryOptions(stale_time=5, retry=1, gc_time=7)))
    options = QueryOptions(query_key=QueryKey("a"), query_fn=load, stale_time=60, meta={"a": 1})
    assert taken(client, options)
    unsubscribe = client.get_query_cache().subscribe(lambda event: None)
    assert not taken(client, options)
    unsubscribe()
    assert taken(client, options)
    client.set_query_defaults(["b"], QueryOptions(retry=7))
    assert not taken(client, options)
    await asyncio.sleep(0)


async def test_a_query_keeps_the_options_as_they_were_given_until_somebody_asks(client: QueryClient) -> None:
    """Then it has complete ones, as any."""

    async def answer(context: object) -> str:
        return "data"

    client.environment.bind()
    assert isinstance(answer, FunctionType)
    options = QueryOptions(query_key=["a"], query_fn=answer)
    await client.fetch_query(options)
    query = client.get_query_cache().get_all()[0]
    assert query._options is options
    complete = query.options
    assert query.options is complete is query._options
    assert (is_complete(complete), complete.retry, complete.query_hash) == (True, False, '["a"]')


class Word(StrEnum):
    """A part of a key that equals a plain one."""

    A = "a"


KEYS: list[Any] = [
    ["a"],
    [Word.A],
    ["a", {"b": 1, "z": 2}],
    ["a", {"z": Word.A, "b": 1}],
    ["a" * 600],
    [2**70],
    ("a", 1, True, None),
    ["a", {"z": [1, (2, 3)], "b": {"c": "d"}}],
    ["\u00e9\n", {}],
    [],
    QueryKey("a", {"b": 1}),
]


@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
async def test_what_is_given_by_name_needs_no_options(
    client: QueryClient, key: Any, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The query has the same as if there had been any, and so has its function."""
    seen: list[Any] = []

    async def answer(context: Any, bound: int = 1) -> str:
        seen.append(context.query_key)
        return "data"

    def refuse(*_: object) -> None:
        pytest.fail("options were made")

    client.environment.bind()
    if is_known:
        # by its text, whatever the types of its parts
        for _ in range(3):
            hash_key(key)
            hash_key(json.loads(hash_key(key)))
    options = QueryOptions(query_key=key, query_fn=answer, stale_time=7)
    await client.fetch_query(options)
    expected = client.get_query_cache().get_all()[0]
    client.clear()
    if is_plain(key) or type(key) is QueryKey:
        monkeypatch.setattr(client_fetching, "options_by_name", refuse)
    assert await client.fetch_query(query_key=key, query_fn=answer, stale_time=7) == "data"
    query = client.get_query_cache().get_all()[0]
    assert seen == [options.query_key] * 2
    assert [type(each) for each in seen] == [QueryKey] * 2
    assert (query.query_key, query.query_hash) == (expected.query_key, expected.query_hash)
    assert repr(query.query_key.parts) == repr(expected.query_key.parts)
    assert given_options(query.options) == given_options(expected.options)
    assert is_complete(query.options)


@pytest.mark.parametrize(
    "fields",
    [
        {"query_fn": lambda: None},
        {"query_fn": lambda context, more: None},
        {"query_fn": lambda context, *, more: None},
        {"query_fn": 1},
        {"query_fn": load, "stale_time": -1},
        {"query_fn": load, "stale_time": math.nan},
        {"query_fn": load, "stale_time": True},
        {"query_fn": load, "stale_time": "statc"},
        {"query_fn": load, "query_key": "a"},
        {"query_fn": load, "query_key": [object()]},
    ],
    ids=["none", "two", "by name", "no function", "negative", "nan", "bool", "word", "text", "object"],
)
async def test_what_cannot_be_right_is_refused_as_in_options(client: QueryClient, fields: dict[str, Any]) -> None:
    """By the same words."""
    client.environment.bind()
    fields = {"query_key": ["a"], **fields}
    with pytest.raises((OptionError, QueryKeyError)) as refused:
        QueryOptions(**fields)
    with pytest.raises(type(refused.value), match=f"^{re.escape(str(refused.value))}$"):
        client.fetch_query(**fields)
    assert client.get_query_cache().get_all() == []


async def test_by_the_clock_of_the_machine_no_timer_runs_during_the_fetch() -> None:
    """It would fire for nothing. It is told of all the same, and set at the end."""
    client, done = QueryClient(), asyncio.Event()

    async def wait(context: object) -> str:
        await done.wait()
        return "data"

    client.environment.bind()
    handle = client.fetch_query(QueryOptions(query_key=["a"], query_fn=wait, gc_time=7))
    query = client.get_query_cache().get_all()[0]
    collector = client.environment._collector
    line = 'timer: garbage collection of <Query ["a"] {}>, set for 7 s'
    assert client.leaks() == ['task: fetch of ["a"]', line.format("pending/fetching")]
    assert (query.awaits_collection, collector._buckets) == (True, {})
    done.set()
    await handle
    assert client.leaks() == [line.format("success/idle")]
    assert len(collector._buckets) == 1
    client.discard()


@pytest.mark.parametrize("data", ["data", None, [1], {"a": 1}, INITIAL_STATE, FIRST_FETCH], ids=repr)
async def test_the_state_of_first_data_is_made_when_somebody_looks(client: QueryClient, data: object) -> None:
    """It is one object from then on; a list is looked through for what it shares with the next one."""

    async def answer(context: object) -> object:
        return data

    client.environment.bind()
    for times in (1, 2):
        assert await client.fetch_query(QueryOptions(query_key=["a"], query_fn=answer)) is data
        query = client.get_query_cache().get_all()[0]
        assert (query._written_at is None) == (times == 2)
        assert client.get_query_data(["a"]) is data
        assert client.is_fetching() == 0
        state = query.state
        assert state is query.state
        assert (state.data, state.data_update_count, state.status, state.fetch_status) == (
            data,
            times,
            "success",
            "idle",
        )


async def test_callbacks_of_the_cache_are_told_of_first_data() -> None:
    """Each of them by itself is enough, and so are listeners."""
    told: list[object] = []

    async def answer(context: object) -> str:
        return "data"

    for cache in (
        QueryCache(on_success=lambda *said: told.append(said[0])),
        QueryCache(on_settled=lambda *said: told.append(said[0])),
    ):
        client = QueryClient(query_cache=cache)
        client.environment.bind()
        await client.fetch_query(QueryOptions(query_key=["a"], query_fn=answer))
    client = QueryClient()
    client.environment.bind()
    handle = client.fetch_query(QueryOptions(query_key=["a"], query_fn=answer))
    client.get_query_cache().subscribe(lambda event: told.append(event.type))
    await handle
    assert told == ["data", "data", "updated"]


@pytest.mark.parametrize("ends", ["remove", "discard", "close"])
async def test_a_fetch_that_does_not_end_leaves_no_timer_behind(ends: str) -> None:
    """What goes with its loop waits for the next."""
    client, done = QueryClient(), asyncio.Event()

    async def wait(context: object) -> str:
        await done.wait()
        return "data"

    client.environment.bind()
    client.fetch_query(QueryOptions(query_key=["a"], query_fn=wait, gc_time=7))
    query = client.get_query_cache().get_all()[0]
    if ends == "remove":
        client.get_query_cache().remove(query)
        assert not query.awaits_collection
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert client.leaks() == []
        return
    if ends == "discard":
        client.discard()
    else:
        await client.aclose()
    assert query.awaits_collection
    assert client.leaks() == []
    # the loop did not really end
    done.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    client.environment.bind()
    assert client.leaks() == ['timer: garbage collection of <Query ["a"] pending/idle>, set for 7 s']
    client.discard()
