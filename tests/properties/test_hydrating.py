"""Clients as plain data: what is written and read in one go is what is written and read member by member."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from query import QueryClient, QueryKey, QueryOptions, QueryState, dehydrate, dehydrate_query
from query.base.query_state import FetchMeta
from query.client.plain_state import plain_key

text = st.text(st.sampled_from("ab(){}é"), max_size=3)
leaves = st.none() | st.booleans() | st.integers() | text | st.sampled_from([0.5, 1.0, math.inf])
parts = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(text, inner, max_size=2)
        | st.frozensets(leaves, max_size=2)
    ),
    max_leaves=8,
)
keys = st.lists(parts, max_size=3) | st.lists(parts, max_size=3).map(tuple)

counts = st.integers(0, 3)
instants = st.sampled_from([0.0, 1.5, 1e9])
errors = st.none() | st.builds(OSError, st.just("boom"))
good = st.builds(
    QueryState,
    data=st.none() | st.integers() | st.lists(st.integers(), max_size=2) | st.builds(dict, id=st.integers()),
    data_update_count=counts,
    data_updated_at=instants,
    is_invalidated=st.booleans(),
    status=st.just("success"),
    fetch_status=st.sampled_from(["idle", "paused", "fetching"]),
)
any_with_data = st.builds(
    QueryState,
    data=st.integers(),
    data_update_count=counts,
    data_updated_at=instants,
    error=errors,
    error_update_count=counts,
    error_updated_at=instants,
    fetch_failure_count=counts,
    fetch_failure_reason=errors,
    fetch_meta=st.none() | st.builds(FetchMeta, st.sampled_from(["forward", "backward"])),
    is_invalidated=st.booleans(),
    status=st.sampled_from(["success", "error"]),
    fetch_status=st.sampled_from(["idle", "paused", "fetching"]),
)
states = good | any_with_data
metas = st.none() | st.just({"some": "meta"})
stories = st.lists(st.tuples(keys, states, metas), max_size=4)


def a_client(story):
    """A client with queries in these states."""
    client = QueryClient()
    for key, state, meta in story:
        client.get_query_cache().build(client, QueryOptions(query_key=key, meta=meta), state)
    return client


def as_lists(part):
    """The model of parts that are written: tuples become lists."""
    if type(part) in (list, tuple):
        return [as_lists(member) for member in part]
    if type(part) is dict:
        return {name: as_lists(member) for name, member in part.items()}
    return part


@given(keys)
def test_parts_are_copied_as_lists(key):
    """To the last one, with their exact types, and without a way back into the key."""
    made = QueryKey(*key)
    copied = plain_key(made)
    assert repr(copied) == repr([as_lists(part) for part in made.parts])
    copied.append("more")
    assert QueryKey(*key) == made == QueryKey(*as_lists(made.parts))
    assert repr(plain_key(made)) == repr(copied[:-1])


@given(stories)
def test_all_queries_are_written_as_each_is_by_itself(story):
    """Whatever their states: the dates of writing aside."""
    client = a_client(story)
    written = dehydrate(client, should_dehydrate_query=lambda _: True)["queries"]
    one_by_one = [dehydrate_query(query) for query in client.get_query_cache().get_all()]
    assert written == [
        {**plain, "dehydrated_at": one["dehydrated_at"]} for plain, one in zip(one_by_one, written, strict=True)
    ]
    assert [list(plain["state"]) for plain in written] == [list(plain["state"]) for plain in one_by_one]


@given(stories)
def test_by_default_the_successful_ones_go_along(story):
    """In the order of the cache."""
    client = a_client(story)
    wanted = [query.query_hash for query in client.get_query_cache().get_all() if query.state.status == "success"]
    assert [plain["query_hash"] for plain in dehydrate(client)["queries"]] == wanted
