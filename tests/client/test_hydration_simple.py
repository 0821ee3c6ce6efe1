"""Most queries of a dehydrated state are written and read in a shorter way: it may only agree with the longer one."""

from __future__ import annotations

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
    QueryOptions,
    dehydrate,
    hydrate,
)
from query.base.query_key import as_query_key, key_read_once
from query.base.query_state import fields_of
from query.client.dehydrated_state import read_payload
from query.client.dehydration import _plain_query
from query.client.hydration_reader import HydrationReader
from query.client.plain_state import plain_key

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
DEFAULTS = st.sampled_from(
    [QueryOptions(), QueryOptions(gc_time=7), QueryOptions(query_key_hash_fn=lambda key: "h" + key.text)]
)


@given(st.lists(QUERIES, max_size=4), DEFAULTS, DEFAULTS)
def test_queries_are_read_as_if_each_were_looked_at_in_full(plain_queries, of_client, of_call):
    """Their keys, hashes, options, states and dates."""
    client = QueryClient(clock=VirtualClock(), default_options=DefaultOptions(queries=of_client))
    reader = HydrationReader(client, HydrateOptions(queries=of_call))
    plain, _ = read_payload({"version": 1, "queries": plain_queries, "mutations": []})
    for index, (short, long) in enumerate(zip(reader.queries(plain), map(reader.query, plain, "abcd"), strict=False)):
        for name in ("query_hash", "written_at", "was_pending", "dehydrated_at", "promise", "is_settled"):
            assert getattr(short, name) == getattr(long, name), (index, name)
        assert fields_of(short.state).keys() == fields_of(long.state).keys()
        assert [repr(value) for value in structs.astuple(short.state)] == [
            repr(value) for value in structs.astuple(long.state)
        ]
        assert (short.query_key.text, short.query_key.parts) == (long.query_key.text, long.query_key.parts)
        own = {"query_key", "query_hash"}
        shared, complete = [
            {name: value for name, value in restored.options.__dict__.items() if name not in own}
            for restored in (short, long)
        ]
        assert shared == complete


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


@given(KEYS)
def test_a_key_that_is_read_once_is_the_same_key(parts):
    """Unless it wants to be looked at in full."""
    made = as_query_key(parts)
    for text in (made.text, "another", None):
        key = key_read_once(parts, text)
        assert key is None or (key.text, key.parts) == (made.text, made.parts)


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
