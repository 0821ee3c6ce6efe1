"""Queries that are removed by what their keys begin with: nobody can tell that they leave all at once."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import QueryClient, QueryKey, QueryObserver, QueryOptions
from query.base.keys import partial_match_key

parts = st.sampled_from(["a", "b", 0, 1, True, None, 1.5, {"p": 1}])
keys = st.lists(parts, max_size=3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), keys),
        st.tuples(st.just("write"), keys),
        st.tuples(st.just("find"), keys),
        st.tuples(st.just("remove"), keys),
        st.tuples(st.just("remove exactly"), keys),
        st.tuples(st.just("remove as tuple"), keys),
        st.tuples(st.just("watch"), keys),
    ),
    max_size=25,
)


def story(script: list[tuple[str, list[Any]]], is_told: bool) -> list[object]:
    """What is there after each step; with *is_told*, somebody listens, so that each leaves by itself."""
    clock = VirtualClock()
    client = QueryClient(clock=clock)
    cache = client.get_query_cache()
    if is_told:
        cache.subscribe(lambda event: None)
    seen: list[object] = []
    for number, (what, key) in enumerate(script):
        match what:
            case "write":
                client.set_query_data(key, number)
            case "find":
                seen.append([query.query_hash for query in cache.find_all(key)])
            case "watch":
                QueryObserver(client, QueryOptions(query_key=key, enabled=False)).subscribe(lambda result: None)
            case "remove exactly":
                client.remove_queries(key, exact=True)
            case _:
                client.remove_queries(tuple(key) if what == "remove as tuple" else key)
        there = cache.get_all()
        for wanted in (key, key[:1]):
            meant = QueryKey(*wanted).parts
            fitting = [query for query in there if partial_match_key(query.query_key.parts, meant)]
            assert cache.find_all(wanted) == fitting
        seen.append([query.query_hash for query in there])
        seen.append([query.query_hash for query in cache.find_all(type="inactive")])
        seen.append(len(client.environment.collecting()))
    return seen


@given(steps)
@example([("write", ["a", 0]), ("find", ["a", 0]), ("write", ["a", 0, 1]), ("remove exactly", ["a", 0])])
@example([("write", ["a", 0, 1]), ("find", ["a", 0]), ("write", ["a", 0]), ("remove exactly", ["a", 0])])
@example([("write", ["a", 0]), ("write", ["a", 1]), ("remove", ["a"]), ("write", ["a", 0]), ("find", ["a"])])
def test_they_leave_together_as_each_would(script: list[tuple[str, list[Any]]]) -> None:
    """What is found, what is active and what waits to be collected is the same."""
    assert story(script, is_told=False) == story(script, is_told=True)


def test_a_removed_query_waits_for_no_timer_and_stays_out(clock: VirtualClock) -> None:
    """Whoever holds one may still use it; it does not come back."""
    client = QueryClient(clock=clock)
    for number in range(12):
        client.set_query_data(["a", number], number)
    cache = client.get_query_cache()
    assert len(cache.find_all(["a"])) == 12
    held = cache.find_all(["a"])[3]
    client.remove_queries(["a"])
    assert (cache.get_all(), cache.find_all(["a"]), client.environment.collecting()) == ([], [], [])
    held.set_data(7, manual=True)
    assert (cache.get_all(), client.environment.collecting()) == ([], [])
