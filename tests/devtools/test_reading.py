"""Queries and mutations as a viewer wants to see them."""

from __future__ import annotations

import asyncio
import contextlib

from client_fixtures import FakeObserver

from query import MutationObserver, MutationOptions
from query.devtools.reading import View, find_mutation, is_disabled, query_label, read_mutations, read_queries


async def never(context):
    await asyncio.get_running_loop().create_future()


def raising(*args):
    raise RuntimeError("broken")


def names(found):
    return [query.query_key[-1] for query, _ in found.rows]


async def fill(client, observe, key, clock, online, answering):
    """A query in each state, each from a second of its own."""
    for name, query_fn, options in (
        ("c fresh", answering(1), {"stale_time": 60}),
        ("a stale", answering(1), {}),
        ("b fetching", never, {}),
        ("d disabled", None, {"enabled": False}),
    ):
        await clock.advance(1)
        observe(query_key=(*key, name), query_fn=query_fn, **options)
    await clock.advance(1)
    client.set_query_data((*key, "e inactive"), 1)
    online.set_online(False)
    observe(query_key=(*key, "f paused"), query_fn=answering(1))


async def test_states_are_told_and_counted_in_upstreams_words_and_order(client, observe, key, clock, online, answering):
    """Fetching before inactive, before paused, before stale."""
    await fill(client, observe, key, clock, online, answering)
    found = read_queries(client)
    assert {query.query_key[-1].partition(" ")[2]: label for query, label in found.rows} == {
        "fresh": "fresh",
        "stale": "stale",
        "fetching": "fetching",
        "disabled": "fresh",
        "inactive": "inactive",
        "paused": "paused",
    }
    assert list(found.counts.items()) == [("fresh", 2), ("fetching", 1), ("paused", 1), ("stale", 1), ("inactive", 1)]
    assert found.found == 6


async def test_it_sorts_by_state_hash_and_age_both_ways(client, observe, key, clock, online, answering):
    """By state and then the newest first, as upstream."""
    await fill(client, observe, key, clock, online, answering)
    by_status = ["b fetching", "f paused", "c fresh", "d disabled", "a stale", "e inactive"]
    by_hash = ["a stale", "b fetching", "c fresh", "d disabled", "e inactive", "f paused"]
    by_age = ["e inactive", "a stale", "c fresh", "b fetching", "d disabled", "f paused"]
    for sort, order in (("status", by_status), ("hash", by_hash), ("updated", by_age)):
        assert names(read_queries(client, View(sort=sort))) == order
        assert names(read_queries(client, View(sort=sort, reverse=True))) == order[::-1]


async def test_it_filters_by_all_words_hides_disabled_and_is_bounded(client, observe, key, clock, online, answering):
    """The counts are those of all, whatever the filter says."""
    await fill(client, observe, key, clock, online, answering)
    found = read_queries(client, View(filter="FRESH c", sort="hash"))
    assert (names(found), found.counts["inactive"]) == (["c fresh"], 1)
    assert "d disabled" not in names(read_queries(client, View(hide_disabled=True)))
    found = read_queries(client, View(sort="hash"), limit=2)
    assert (names(found), found.found) == (["a stale", "b fetching"], 6)


async def test_option_functions_that_raise_do_not_end_the_page(client, observe, answering):
    """They are the program's; the page shows what it can."""
    calls = []

    def enabled(query):
        calls.append(query)
        if len(calls) > 20:
            raise RuntimeError
        return False

    query = observe(query_fn=answering(1), enabled=enabled)
    calls += [None] * 30
    assert query_label(query) in ("stale", "fresh")
    assert is_disabled(query) is False


def test_an_observer_that_cannot_say_whether_it_is_stale_counts_as_stale(client, build, key):
    """It is the program's, and the page shows what it can."""
    client.set_query_data(key, 1)
    observer = FakeObserver(client)
    observer.is_result_stale = raising
    query = build()
    query.add_observer(observer)
    assert query_label(query) == "stale"
    query.remove_observer(observer)


async def test_mutations_are_told_counted_sorted_and_found(client, clock, online):
    """By state, the order in which they came, or when they were submitted."""
    done = {"one": None, "two": ValueError("no")}

    def save(variables, context):
        if done[variables] is not None:
            raise done[variables]

    for name in done:
        await clock.advance(1)
        options = MutationOptions(mutation_key=("save", name), mutation_fn=save, gc_time=60)
        with contextlib.suppress(ValueError):
            await MutationObserver(client, options).mutate(name)
    online.set_online(False)
    await clock.advance(1)
    MutationObserver(client, MutationOptions(mutation_fn=save)).mutate("one")
    await clock.settle()
    found = read_mutations(client)
    assert [(mutation.mutation_id, label) for mutation, label in found.rows] == [
        (3, "paused"),
        (2, "error"),
        (1, "success"),
    ]
    assert found.counts == {"paused": 1, "pending": 0, "success": 1, "error": 1}

    def ids(**view):
        return [mutation.mutation_id for mutation, _ in read_mutations(client, View(**view)).rows]

    assert ids(sort="hash") == [1, 2, 3]
    assert ids(sort="updated") == [3, 2, 1]
    assert ids(sort="updated", reverse=True) == [1, 2, 3]
    assert ids(filter="save TWO") == [2]
    assert ids(filter="mutation 3") == [3]
    assert find_mutation(client, "2").state.variables == "two"
    assert find_mutation(client, "9") is None
    online.set_online(True)
    await clock.settle()
