"""Queries that nobody has looked at are dehydrated as they are: what comes out is what it would be after a look."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import DefaultOptions, InfiniteData, QueryClient, QueryOptions, dehydrate, dehydrate_query, hydrate

KEYS = st.lists(
    st.integers(0, 3) | st.sampled_from(["a", '\n\u00e9"', 1.0, 0.5, None, {"b": 1}, {"c": 1, "b": 2}, (1,)]),
    max_size=2,
)
DATA = st.none() | st.integers() | st.sampled_from([{"a": 1}, [1], (1, 2), InfiniteData([1], [0]), "text", {1, 2}])
WRITES = st.lists(
    st.tuples(KEYS, DATA, st.sampled_from(["written", "written", "looked at", "invalidated"])), max_size=9
)
OPTIONS = st.sampled_from([QueryOptions(), QueryOptions(meta={"a": 1}), QueryOptions(gc_time=0)])


def filled(writes, options=None, copies=1):
    """A client with queries, of which some were looked at."""
    client = QueryClient(clock=VirtualClock(), default_options=DefaultOptions(queries=options or QueryOptions()))
    for number in range(copies):
        for key, data, happened in writes:
            client.set_query_data([number, *key], data, updated_at=5.0 + number)
            if happened == "looked at":
                client.get_query_cache().find([number, *key])
            elif happened == "invalidated":
                client.get_query_cache().find([number, *key]).invalidate()
    return client


def unread(client):
    """How many queries nobody has looked at."""
    return [type(entry) for entry in client.get_query_cache()._queries.values()].count(int)


@given(WRITES, OPTIONS, st.sampled_from([1, 90]), st.booleans())
def test_a_look_changes_nothing_of_what_comes_out(writes, options, copies, compact):
    """Whatever the keys, the data and what was looked at."""
    client, seen = filled(writes, options, copies), filled(writes, options, copies)
    queries = seen.get_query_cache().get_all()
    assert unread(seen) == 0
    state = dehydrate(client, compact=compact)
    assert repr(state) == repr(dehydrate(seen, compact=compact))
    if not compact:
        assert repr(state["queries"]) == repr([dehydrate_query(query) for query in queries])


@pytest.mark.parametrize("compact", [False, True])
def test_writing_queries_down_is_no_look_at_them(compact):
    """Which would make a great many objects, each time that a client is saved."""
    client = filled([(["a"], {"a": 1}, "written"), (["b"], None, "written")], copies=400)
    client.get_query_cache().find([200, "a"])
    before = unread(client)
    assert before > 700
    state = dehydrate(client, compact=compact)
    assert unread(client) == before
    there = QueryClient(clock=VirtualClock())
    hydrate(there, copy.deepcopy(state))
    assert len(there.get_query_cache().get_all()) == 800


def test_whoever_chooses_sees_queries():
    """A function of one's own is given each of them."""
    client = filled([(["a"], 1, "written"), (["b"], 2, "written")], copies=2)
    state = dehydrate(client, should_dehydrate_query=lambda query: query.state.data == 2)
    assert [query["query_key"] for query in state["queries"]] == [[0, "b"], [1, "b"]]


def test_what_leaves_meanwhile_is_not_written_down():
    """A function that describes an error may do anything; what it looks at is written down all the same."""
    client = filled([([], number, "written") for number in range(1)], copies=6)
    cache = client.get_query_cache()
    failed = cache.find([1])
    failed.set_state(error=ValueError("no"))

    def describe(error):
        client.remove_queries([3])
        assert cache.find([4]) is not None
        return str(error)

    state = dehydrate(client, serialize_error=describe)
    assert [query["query_key"] for query in state["queries"]] == [[0], [1], [2], [4], [5]]


def test_queries_of_other_clients_are_written_by_their_own_clocks():
    """Clients may share a cache; each says for its own queries when they were written down."""
    one = QueryClient(clock=VirtualClock(1_000))
    other = QueryClient(query_cache=one.get_query_cache(), clock=VirtualClock(2_000))
    for client, name in ((one, "a"), (other, "b"), (one, "c"), (other, "d")):
        for number in range(3):
            client.set_query_data([name, number], number)
    queries = dehydrate(one)["queries"]
    assert [query["query_key"][0] for query in queries] == [*"aaabbbcccddd"]
    assert [query.get("dehydrated_at") for query in queries] == [1_000.0] * 3 + [2_000.0] * 3 + [1_000.0] * 3 + [
        2_000.0
    ] * 3
