"""Dehydrated states with queries as columns: they say what the usual form says."""

from __future__ import annotations

import copy
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import (
    UNSET,
    DefaultOptions,
    DehydrateOptions,
    HydrationError,
    InfiniteData,
    MemoryStorage,
    QueryClient,
    QueryOptions,
    create_storage_persister,
    dehydrate,
    hydrate,
    persist_query_client_restore,
    persist_query_client_save,
    remove_oldest_query,
    to_tanstack,
)
from query.client.compact_state import compacted, expanded

KEYS = st.lists(
    st.integers(0, 2) | st.sampled_from(["a", '\n\u00e9"', 1.0, 0.5, None, True, {"b": 1}, {"c": 1, "b": 2}, (1,), {}]),
    max_size=2,
)
DATA = st.none() | st.integers() | st.sampled_from([{"a": 1}, [1], (1, 2), InfiniteData([1], [0]), "text", {1, 2}])
WRITES = st.lists(
    st.tuples(
        KEYS,
        DATA,
        st.sampled_from(
            [
                "written",
                "written",
                "written",
                "looked at",
                "key looked at",
                "twice",
                "invalidated",
                "fetching",
                "failed",
                "error",
                "with meta",
                "hashed",
            ]
        ),
    ),
    max_size=12,
)


def filled(writes):
    """A client with queries that have been through something."""
    client = QueryClient(clock=VirtualClock())
    cache = client.get_query_cache()
    for number, (key, data, happened) in enumerate(writes):
        if happened == "with meta":
            cache.build(client, QueryOptions(query_key=key, meta={"a": 1}))
        if happened == "hashed":
            cache.build(client, QueryOptions(query_key=key, query_hash=f"hash {number}")).set_data(data)
            continue
        client.set_query_data(key, data, updated_at=float(number))
        query = next(query for query in cache.get_all() if query.query_key == key)
        if happened == "looked at":
            assert query.state.data_update_count > 0
        elif happened == "key looked at":
            assert query.query_key.parts is not None
        elif happened == "twice":
            client.set_query_data(key, data, updated_at=float(number))
        elif happened == "invalidated":
            query.invalidate()
        elif happened == "fetching":
            query.set_state(fetch_status="fetching")
        elif happened == "failed":
            query.set_state(fetch_failure_count=1, fetch_failure_reason=ValueError("no"))
        elif happened == "error":
            query.set_state(status="error", error=ValueError("no"), error_update_count=1)
    return client


def content(client):
    """All that a client holds, and until when."""
    return [
        {
            "hash": query.query_hash,
            "key": (query.query_key.text, repr(query.query_key.parts)),
            "state": [repr(value) for value in structs.astuple(query.state)],
            "options": {name: repr(value) for name, value in query.options.__dict__.items()},
            "type": (query.query_type, query.meta, query.gc_time, query.awaits_collection),
        }
        for query in client.get_query_cache().get_all()
    ]


@given(WRITES)
def test_columns_say_what_a_dict_for_each_query_says(writes):
    """Both ways, and whoever makes them."""
    client = filled(writes)
    compact, full = dehydrate(client, compact=True), dehydrate(client)
    assert repr(expanded(compact)) == repr(full)
    assert not full["queries"] or compact == compacted(full)
    assert compact["version"] == 2
    assert len(compact["compact"]["texts"]) + len(compact["queries"]) == len(full["queries"])


@given(
    WRITES,
    WRITES,
    st.sampled_from(
        [QueryOptions(), QueryOptions(gc_time=7), QueryOptions(query_key_hash_fn=lambda key: "h" + key.text)]
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_a_client_is_filled_by_columns_as_by_a_dict_for_each(writes, present, of_call, of_keys, listens, reads):
    """Their keys, hashes, options, states and times, also where some are there, and where somebody listens."""
    there = filled(writes)
    compact, full = dehydrate(there, compact=True), dehydrate(there)
    told = []

    def a_client(state):
        client = filled(present)
        if of_keys:
            client.set_query_defaults([0], QueryOptions(retry=9))
        events = []
        told.append(events)
        if listens:
            client.get_query_cache().subscribe(lambda event: events.append((event.type, event.query.query_hash)))
        if reads:
            hydrate(client, state, queries=of_call, deserialize_data=lambda data: [data])
        else:
            hydrate(client, state, queries=of_call)
        return client

    assert content(a_client(compact)) == content(a_client(full))
    assert told[0] == told[1]


@given(st.lists(st.tuples(KEYS, st.integers() | st.just({"a": [None, True]}), st.just("written"))))
def test_columns_survive_json(writes):
    """As the usual form does."""
    client = filled(writes)
    short, long = QueryClient(clock=VirtualClock()), QueryClient(clock=VirtualClock())
    hydrate(short, json.loads(json.dumps(dehydrate(client, compact=True))))
    hydrate(long, json.loads(json.dumps(dehydrate(client))))
    assert content(short) == content(long)


def test_columns_without_news_are_left_out():
    """What most queries have in common is not written."""
    client = filled([([1], 1, "written"), ([2], 2, "looked at")])
    state = dehydrate(client, compact=True)
    assert state["queries"] == []
    assert state["compact"] == {
        "texts": ["[1]", "[2]"],
        "data": [1, 2],
        "data_updated_at": [0.0, 1.0],
        "dehydrated_at": client.environment.now(),
    }


def test_a_program_may_always_want_columns():
    """As a default of its client; a call can want the usual form all the same."""
    client = QueryClient(clock=VirtualClock(), default_options=DefaultOptions(dehydrate=DehydrateOptions(compact=True)))
    client.set_query_data(["a"], 1)
    assert dehydrate(client)["version"] == 2
    assert dehydrate(client, compact=False) == dehydrate(client, compact=None)
    assert dehydrate(client, compact=False)["version"] == 1


def test_chosen_queries_are_written_as_columns():
    """Those that are not chosen are not there."""
    client = filled([([1], 1, "written"), ([2], 2, "written"), ([3], 3, "error")])
    state = dehydrate(client, compact=True, should_dehydrate_query=lambda query: query.query_key[0] != 2)
    assert (state["compact"]["texts"], [query["query_hash"] for query in state["queries"]]) == (["[1]"], ["[3]"])


def test_serialised_data_is_written_as_a_dict_for_each():
    """What a function makes of data may be more than columns say."""
    client = filled([([1], 1, "written")])
    state = dehydrate(client, compact=True, serialize_data=lambda data: InfiniteData([data], [0]))
    assert (state["version"], "compact" in state) == (1, False)


def test_tanstack_query_is_given_a_dict_for_each():
    """It knows no columns."""
    client = filled([([1], 1, "written"), ([2], 2, "with meta"), ([3], 3, "written")])
    assert to_tanstack(dehydrate(client, compact=True)) == to_tanstack(dehydrate(client))


@pytest.fixture
def state():
    """A state with columns, and another query between them."""
    client = filled([([1], 1, "invalidated"), ([2], 2, "with meta"), ([3], 3, "twice")])
    return json.loads(json.dumps(dehydrate(client, compact=True)))


WRONG = [
    ("texts", ["[1]"], "compact.data"),
    ("texts", ["[1]", "[1.0]"], "compact.texts[1]"),
    ("texts", ["[1]", "[3"], "compact.texts[1]"),
    ("texts", ['{"a":1}', "[3]"], "compact.texts[0]"),
    ("texts", ["[ 1]", "[3]"], "compact.texts[0]"),
    ("texts", ['[{"b":1,"a":1}]', "[3]"], "compact.texts[0]"),
    ("texts", ["[1]\n[3]", ""], "compact.texts[0]"),
    ("texts", ["[1]", 3], "compact.texts[1]"),
    ("texts", ["[1]", "[" * 100_000], "compact.texts[1]"),
    ("texts", ["[1]", '["\ud800"]'], "compact.texts[1]"),
    ("texts", None, "compact.texts"),
    ("data", [1], "compact.data"),
    ("data", ..., "compact"),
    ("data_updated_at", [0.0], "compact.data_updated_at"),
    ("data_updated_at", [0.0, "today"], "compact.data_updated_at[1]"),
    ("data_updated_at", [0.0, math.nan], "compact.data_updated_at[1]"),
    ("data_update_count", [1], "compact.data_update_count"),
    ("data_update_count", [1, -1], "compact.data_update_count[1]"),
    ("is_invalidated", [2], "compact.is_invalidated"),
    ("is_invalidated", [1, 0], "compact.is_invalidated"),
    ("is_invalidated", [0, 0], "compact.is_invalidated"),
    ("places", [], "compact.places"),
    ("places", [3], "compact.places"),
    ("places", [0, 1], "compact.places"),
    ("dehydrated_at", ..., "compact"),
]


@pytest.mark.parametrize(("column", "value", "place"), WRONG, ids=[f"{c}={v!r:.40}" for c, v, _ in WRONG])
def test_a_wrong_column_is_named(state, column, value, place):
    """And nothing is taken in."""
    damaged = copy.deepcopy(state)
    if value is ...:
        del damaged["compact"][column]
    else:
        damaged["compact"][column] = value
    here = QueryClient()
    with pytest.raises(HydrationError) as caught:
        hydrate(here, damaged)
    assert caught.value.place == place
    assert place in str(caught.value)
    assert here.get_query_cache().get_all() == []


def test_a_wrong_query_beside_columns_is_named(state):
    """By its number among those that have a dict."""
    state["queries"][0]["state"]["status"] = "ready"
    here = QueryClient()
    with pytest.raises(HydrationError) as caught:
        hydrate(here, state)
    assert caught.value.place == "queries[0].state.status"
    assert here.get_query_cache().get_all() == []


def test_no_data_is_no_column(state):
    """A query without data is none of those."""
    state["compact"]["data"][1] = UNSET
    with pytest.raises(HydrationError, match=r"compact\.data\[1\]: there is no data"):
        hydrate(QueryClient(), state)


def test_columns_of_a_later_format_are_refused(state):
    """They may mean something else."""
    with pytest.raises(HydrationError, match="has format 3, but this version of the package reads up to 2. Update it"):
        hydrate(QueryClient(), {**state, "version": 3})


async def test_a_persister_saves_and_restores_columns():
    """When the options of the save say so."""
    there, here = filled([([1], 1, "written"), ([2], 2, "with meta")]), QueryClient(clock=VirtualClock())
    storage = MemoryStorage()
    persister = create_storage_persister(storage, throttle_time=0)
    await persist_query_client_save(there, persister, dehydrate_options=DehydrateOptions(compact=True))
    saved = await persister.restore_client()
    assert saved["client_state"]["compact"]["texts"] == ["[1]"]
    await persist_query_client_restore(here, persister)
    assert [query.state.data for query in here.get_query_cache().get_all()] == [1, 2]


def test_the_oldest_query_is_taken_out_of_columns():
    """What could not be saved becomes smaller, until nothing is left."""
    client = filled([([1], 1, "written"), ([2], 2, "with meta"), ([3], 3, "invalidated")])
    saved = {"timestamp": 0.0, "buster": "", "client_state": dehydrate(client, compact=True)}
    left = []
    while saved is not None:
        assert saved["client_state"]["version"] == 2
        left.append([query["query_hash"] for query in expanded(saved["client_state"])["queries"]])
        saved = remove_oldest_query(saved, OSError(), 1)
    assert left == [["[1]", "[2]", "[3]"], ["[2]", "[3]"], ["[3]"], []]
