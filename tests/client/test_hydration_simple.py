"""Most queries of a dehydrated state are written and read in a shorter way: it may only agree with the longer one."""

from __future__ import annotations

import enum
import math
from collections import OrderedDict
from typing import NamedTuple
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import (
    DefaultOptions,
    DehydrateOptions,
    HydrateOptions,
    InfiniteData,
    QueryClient,
    QueryKey,
    QueryObserver,
    QueryOptions,
    dehydrate,
    hydrate,
)
from query.base.keys import hash_key
from query.base.many_keys import are_said_by_texts
from query.base.options import NO_OPTIONS
from query.base.query_key import as_query_key, key_of_packed, packed_once
from query.cache.query import Query
from query.cache.query_entry import Terms
from query.client.dehydrated_state import DehydratedQuery, checked, read_payload
from query.client.dehydration import _plain_query
from query.client.hydration_reader import HydrationReader
from query.client.plain_state import plain_key
from query.client.query_intake import take_in_full

ATOMS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False)
PARTS = st.recursive(
    ATOMS,
    lambda part: (
        st.lists(part, max_size=3) | st.tuples(part, part) | st.dictionaries(st.text(max_size=3), part, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.lists(PARTS, max_size=4) | st.lists(PARTS, max_size=3).map(tuple)
ERRORS = st.none() | st.just({"type": "ValueError", "message": "no"})
COUNTS = st.integers(0, 9)
TIMES = st.floats(0, 1e12)
STATES = st.fixed_dictionaries(
    {
        "data_update_count": COUNTS,
        "data_updated_at": TIMES,
        "error": ERRORS,
        "error_update_count": COUNTS,
        "error_updated_at": TIMES,
        "fetch_failure_count": COUNTS,
        "fetch_failure_reason": ERRORS,
        "fetch_meta": st.none() | st.just({"direction": "forward"}),
        "is_invalidated": st.booleans(),
        "status": st.sampled_from(["pending", "success", "error"]),
        "fetch_status": st.sampled_from(["idle", "fetching", "paused"]),
        "data": st.none() | st.integers() | st.just({"a": [1]}),
    }
) | st.fixed_dictionaries(
    {
        "data_update_count": COUNTS,
        "data_updated_at": TIMES,
        "error": st.none(),
        "error_update_count": COUNTS,
        "error_updated_at": TIMES,
        "fetch_failure_count": COUNTS,
        "fetch_failure_reason": st.none(),
        "fetch_meta": st.none(),
        "is_invalidated": st.booleans(),
        "status": st.sampled_from(["pending", "error"]),
        "fetch_status": st.sampled_from(["idle", "fetching", "paused"]),
    }
)
QUERIES = st.fixed_dictionaries(
    {"query_key": KEYS, "state": STATES},
    optional={
        "query_hash": st.text(max_size=3),
        "dehydrated_at": TIMES,
        "meta": st.just({"a": 1}),
        "query_type": st.just("infinite"),
        "data_type": st.none(),
        "promise": st.none(),
    },
)
GOOD_STATES = st.fixed_dictionaries(
    {
        "data_update_count": COUNTS,
        "data_updated_at": TIMES | st.integers(0, 20),
        "error": st.none(),
        "error_update_count": COUNTS,
        "error_updated_at": TIMES,
        "fetch_failure_count": COUNTS,
        "fetch_failure_reason": st.none(),
        "fetch_meta": st.none(),
        "is_invalidated": st.booleans(),
        "status": st.just("success"),
        "fetch_status": st.sampled_from(["idle", "fetching", "paused"]),
        "data": st.none() | st.integers() | st.just({"a": [1]}),
    }
)
WRITTEN_STATES = GOOD_STATES.map(
    lambda state: {
        **state,
        "data_update_count": 1,
        "error_update_count": 0,
        "error_updated_at": 0,
        "fetch_failure_count": 0,
        "is_invalidated": False,
    }
)
GOOD_QUERIES = st.fixed_dictionaries(
    {
        "query_key": st.lists(st.integers(0, 2) | st.sampled_from(["a", 1.0, {"b": 1}]), max_size=2),
        "query_hash": st.text(max_size=3),
        "state": GOOD_STATES | WRITTEN_STATES,
        "dehydrated_at": TIMES,
    },
    optional={"meta": st.just({"a": 1})},
)
# as they are written, under the text of the key
GOOD_QUERIES |= GOOD_QUERIES.map(lambda query: {**query, "query_hash": hash_key(query["query_key"])})
GOOD = {
    "state": {
        "data_update_count": 1,
        "data_updated_at": 5.0,
        "error": None,
        "error_update_count": 0,
        "error_updated_at": 0.0,
        "fetch_failure_count": 0,
        "fetch_failure_reason": None,
        "fetch_meta": None,
        "is_invalidated": False,
        "status": "success",
        "fetch_status": "idle",
        "data": 1,
    },
    "dehydrated_at": 6.0,
}
DEFAULTS = st.sampled_from(
    [QueryOptions(), QueryOptions(gc_time=7), QueryOptions(query_key_hash_fn=lambda key: "h" + key.text)]
)


def content(client):
    """All that a client holds, and until when."""
    cache = client.get_query_cache()
    return [
        {
            "hash": query.query_hash,
            "key": (query.query_key.text, query.query_key.parts),
            "state": [repr(value) for value in structs.astuple(query.state)],
            "reset to": structs.astuple(query.reset_state),
            "options": query.options.__dict__,
            "type": (query.query_type, type(query.options), query.meta),
            "gc": (query.gc_time, query.awaits_collection),
            "found": [found.query_hash for found in cache.find_all(query.query_key, exact=True)],
        }
        for query in cache.get_all()
    ]


@given(
    st.lists(GOOD_QUERIES | QUERIES, max_size=5) | st.lists(GOOD_QUERIES),
    DEFAULTS,
    DEFAULTS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_a_client_is_filled_as_if_each_query_were_looked_at_in_full(
    plain_queries, of_client, of_call, of_keys, is_there, listens
):
    """Their keys, hashes, options, states and times, also where some are there, and where somebody listens."""
    told = []

    def a_client():
        client = QueryClient(clock=VirtualClock(), default_options=DefaultOptions(queries=of_client))
        if of_keys:
            client.set_query_defaults([0], QueryOptions(retry=9))
        if is_there and plain_queries:
            client.set_query_data(plain_queries[-1]["query_key"], "ours", updated_at=10.0)
        if listens:
            events = []
            told.append(events)
            client.get_query_cache().subscribe(lambda event: events.append((event.type, event.query.query_hash)))
        return client

    short, long = a_client(), a_client()
    state = {"version": 1, "queries": plain_queries, "mutations": []}
    hydrate(short, state, queries=of_call)
    reader = HydrationReader(long, HydrateOptions(queries=of_call))
    plain = [checked(plain, DehydratedQuery) for plain in read_payload(state).queries]
    for restored in [reader.query(query, f"queries[{index}]") for index, query in enumerate(plain)]:
        take_in_full(long, restored)
    assert content(short) == content(long)
    assert not listens or told[0] == told[1]


@given(st.lists(st.integers(0, 9), max_size=9), st.sampled_from([0, 7, math.inf]))
def test_siblings_are_queries_like_any(numbers, gc_time):
    """In each of their places, and in when they are collected."""
    clock = VirtualClock()
    client = QueryClient(clock=clock, default_options=DefaultOptions(queries=QueryOptions(gc_time=gc_time)))
    there = QueryClient(clock=clock)
    for number in numbers:
        there.set_query_data([number], number)
    hydrate(client, dehydrate(there))
    terms = Terms(client, client.get_query_cache(), client.environment)
    for query in client.get_query_cache().get_all():
        made = Query(terms, query.query_key, query.query_hash, query._options, NO_OPTIONS)
        assert query.state.data in numbers
        names = [name for kind in type(query).__mro__ for name in getattr(kind, "__slots__", ()) if name[:2] != "__"]
        assert len(names) > 14
        for name in names:
            if name not in ("_state", "_bucket", "_terms"):
                assert getattr(query, name) == getattr(made, name), name
        assert structs.astuple(query._terms) == structs.astuple(terms)
        assert (query._bucket is None) == (made._bucket is None) == (gc_time == math.inf)


@pytest.mark.parametrize("gc_time", [0.5, 30, 300])
async def test_siblings_are_collected_together_and_not_early(clock, gc_time):
    """Those that somebody took meanwhile are not."""
    there, here = QueryClient(clock=clock), QueryClient(clock=clock)
    for name in "abcd":
        there.set_query_data([name], name)
    hydrate(here, dehydrate(there), queries=QueryOptions(gc_time=gc_time))
    unsubscribe = QueryObserver(here, QueryOptions(query_key=["c"], enabled=False)).subscribe(lambda _: None)
    cache = here.get_query_cache()
    cache.remove(cache.find(["b"]))
    await clock.advance(gc_time - 0.1)
    assert len(cache.get_all()) == 3
    await clock.advance(0.2)
    assert [query.query_hash for query in cache.get_all()] == ['["c"]']
    unsubscribe()


async def test_what_a_watcher_does_while_a_client_is_filled_counts(clock):
    """Those that it removes stay removed, those that it watches stay, and none is collected at another time."""
    there, here = QueryClient(clock=clock), QueryClient(clock=clock)
    for name in "abcdef":
        there.set_query_data([name], name, updated_at=clock.time() + 1)
    here.set_query_data(["e"], "ours")
    cache, observers = here.get_query_cache(), []

    def on_change(result):
        if result.data == "e" and not observers:
            cache.remove(cache.find(["b"]))
            observers.append(QueryObserver(here, QueryOptions(query_key=["c"], enabled=False)))
            observers[0].subscribe(lambda _: None)
            here.get_query_cache().build(here, QueryOptions(query_key=["d"])).set_options(
                here.default_query_options(QueryOptions(query_key=["d"], gc_time=900))
            )

    QueryObserver(here, QueryOptions(query_key=["e"], enabled=False)).subscribe(on_change)
    hydrate(here, dehydrate(there))
    assert [query.query_hash[2] for query in cache.get_all()] == [*"eacdf"]
    await clock.advance(301)
    assert [query.query_hash[2] for query in cache.get_all()] == ["e", "c", "d"]
    await clock.advance(600)
    assert [query.query_hash[2] for query in cache.get_all()] == ["e", "c"]


@given(KEYS)
def test_keys_are_written_as_if_each_part_were_looked_at(parts):
    """As lists and dicts, in the order given; the key stays as it is."""

    def naive(part):
        if isinstance(part, (list, tuple)):
            return [naive(member) for member in part]
        return {name: naive(member) for name, member in part.items()} if isinstance(part, dict) else part

    key = as_query_key(parts)
    written = plain_key(key)
    assert repr(written) == repr(naive(key.parts)) == repr(plain_key(key))


class Colour(enum.StrEnum):
    """A text that is more than that."""

    RED = "red"


class Page(NamedTuple):
    """A tuple that is more than that."""

    number: int


def packed(parts, text):
    """A key as a good query brings it; None if it is to be looked at in full."""
    [good] = read_payload({"queries": [{**GOOD, "query_key": parts, "query_hash": text}]}).good
    return None if good is None else packed_once(good.query_key, text)


@given(KEYS)
def test_a_key_that_is_read_once_is_the_same_key(parts):
    """Unless it wants to be looked at in full."""
    made = as_query_key(parts)
    assert packed(parts, "another") is None
    source = packed(parts, made.text)
    assert source is None or repr(key_of_packed(source, made.text).parts) == repr(made.parts)


@pytest.mark.parametrize("parts", [["a", 1, None, True], [{"b": 1, "a": {"c": [1, 2**70]}}], []])
def test_a_key_of_plain_json_need_not_be_looked_at_in_full(parts):
    """Most keys are so."""
    assert packed(parts, hash_key(parts)) is not None


@pytest.mark.parametrize(
    "parts",
    [
        [1.0],
        [0.5],
        [math.nan],
        [b"a"],
        [{1}],
        [Colour.RED],
        [Page(1)],
        [UUID(int=1)],
        [OrderedDict(a=1)],
        [[[[[[1]]]]]],
    ],
    ids=repr,
)
def test_a_key_of_anything_else_is_looked_at_in_full(parts):
    """And comes back as what it was."""
    text = hash_key(parts)
    assert packed(parts, text) is None
    client = QueryClient()
    hydrate(client, {"version": 1, "queries": [{**GOOD, "query_key": parts, "query_hash": text}], "mutations": []})
    [query] = client.get_query_cache().get_all()
    assert (query.query_hash, repr(query.query_key)) == (text, repr(as_query_key(parts)))


@pytest.mark.parametrize("parts", [[1.0], [math.nan], [b"a"], [{1}], [frozenset({1})]], ids=repr)
def test_a_hash_that_only_looks_like_the_text_of_a_key_is_no_such_text(parts):
    """It is kept as a hash of its own."""
    claimed = msgspec.json.encode(parts).decode()
    assert packed(parts, claimed) is None


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ({"a": 1}, QueryOptions()),
        (None, QueryOptions()),
        ("text", QueryOptions(meta={"a": 1})),
        (InfiniteData([1], [0]), QueryOptions()),
        ((1, 2), QueryOptions(meta=None)),
    ],
    ids=repr,
)
@pytest.mark.parametrize("happened", ["nothing", "invalidated", "fetching", "failing", "failed"])
def test_a_query_is_written_as_if_it_were_looked_at_in_full(clock, data, options, happened):
    """Whatever it has been through."""
    client = QueryClient(clock=clock)
    query = client.get_query_cache().build(client, options.with_(query_key=("a", {"b": (1, 2)})))
    query.set_data(data, updated_at=5, manual=True)
    error = ValueError("no")
    query.set_state(
        **{
            "nothing": {},
            "invalidated": {"is_invalidated": True},
            "fetching": {"fetch_status": "fetching"},
            "failing": {"fetch_status": "paused", "fetch_failure_count": 2, "fetch_failure_reason": error},
            "failed": {"status": "error", "error": error, "error_update_count": 1, "error_updated_at": 7.0},
        }[happened]
    )
    [short] = dehydrate(client, should_dehydrate_query=lambda _: True)["queries"]
    long = _plain_query(query, DehydrateOptions())
    assert repr(short) == repr(long)


WRITES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 2) | st.sampled_from(["a", 1.0, {"b": 1}, {"c": 1, "b": 2}, (1,)]), max_size=2),
        st.none() | st.integers() | st.sampled_from([{"a": 1}, [1], (1, 2), InfiniteData([1], [0]), math.nan]),
        st.sampled_from(["written", "written", "looked at", "invalidated", "fetching", "failed", "with meta"]),
    )
)


@given(WRITES)
def test_a_client_is_written_as_if_each_query_were_looked_at_in_full(writes):
    """Those that nobody has looked at since they were written, and others among them."""
    client = QueryClient(clock=VirtualClock())
    cache = client.get_query_cache()
    for key, data, happened in writes:
        if happened == "with meta":
            cache.build(client, QueryOptions(query_key=key, meta={"a": 1}))
        client.set_query_data(key, data)
        query = cache.find(key)
        if happened == "looked at":
            assert query.state.status == "success"
        elif happened == "invalidated":
            query.invalidate()
        elif happened == "fetching":
            query.set_state(fetch_status="fetching")
        elif happened == "failed":
            query.set_state(fetch_failure_count=1, fetch_failure_reason=ValueError("no"))
    short = dehydrate(client)["queries"]
    assert repr(short) == repr([_plain_query(query, DehydrateOptions()) for query in cache.get_all()])
    before = repr(short)
    for plain in short:
        # what was written is nobody else's
        plain["state"]["fetch_status"] = "paused"
        plain["query_key"].append("more")
    assert repr(dehydrate(client)["queries"]) == before


@given(st.lists(KEYS, max_size=4))
def test_keys_that_their_texts_say_are_the_same_keys(keys):
    """All of them, with their members in the order given; or they want to be looked at one by one."""
    texts = [as_query_key(parts).text for parts in keys]
    if are_said_by_texts(keys, texts):
        for parts, text in zip(keys, texts, strict=True):
            assert repr(key_of_packed(text, text).parts) == repr(as_query_key(parts).parts)
    assert not keys or not are_said_by_texts(keys, [*texts[:-1], "another"])


CYCLE: list[object] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("keys", "texts"),
    [
        ([[1.0]], ["[1.0]"]),
        ([[{1}]], ["[[1]]"]),
        ([[Colour.RED]], ['["red"]']),
        ([[Page(1)]], ["[[1]]"]),
        ([[{1: 2}]], ['[{"1":2}]']),
        ([[OrderedDict(a=1)]], ['[{"a":1}]']),
        ([[{"b": 1, "a": 2}]], ['[{"b":1,"a":2}]']),
        ([[{"b": 1, "a": 2}]], ['[{"a":2,"b":1}]']),
        ([["\ud800"]], ['["\\ud800"]']),
        ([["a"], ["b"]], ['["a"]\n["b"]']),
        ([["a"]], [Colour("red")]),
        (["a"], ['"a"']),
        ([{"a": 1}], ['{"a":1}']),
        ([[[[[[[[[[1]]]]]]]]]], ["[[[[[[[[[1]]]]]]]]]"]),
        ([CYCLE], ["[]"]),
    ],
    ids=repr,
)
def test_keys_that_their_texts_may_not_say_are_looked_at_one_by_one(keys, texts):
    """What JSON has no word for, and what only passes for something else when it is written."""
    assert not are_said_by_texts(keys, texts)


def test_keys_of_plain_json_are_said_by_their_texts():
    """Most keys are so."""
    keys = [["a", 1, None, True], [{"b": [1, {"c": "\n"}]}, 2**70], [], [{"a": 1, "b": 2}]]
    assert are_said_by_texts(keys, [hash_key(key) for key in keys])


def test_restored_queries_share_what_they_inherit(clock):
    """Until somebody looks; a query that is there takes in what is newer."""
    there, here = QueryClient(clock=clock), QueryClient(clock=clock)
    for name in "ab":
        there.set_query_data((name,), name, updated_at=clock.time() + 1)
    here.set_query_data(("a",), "old")
    hydrate(here, dehydrate(there), queries=QueryOptions(gc_time=900))
    old, new = here.get_query_cache().get_all()
    assert (old.state.data, old.gc_time) == ("a", 300)
    assert (new.state.data, new.gc_time, new.options.query_key) == ("b", 900, QueryKey("b"))
