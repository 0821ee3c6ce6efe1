"""Counts follow queries in and out of the cache."""

from __future__ import annotations

import pytest
from client_fixtures import FakeObserver

from query import MutationOptions
from query.base.mutation_state import MutationState


@pytest.fixture
def cache(client):
    """The client's query cache."""
    return client.get_query_cache()


@pytest.mark.parametrize("status", ["fetching", "paused"])
def test_a_query_is_counted_while_it_is_in_the_cache(build, client, cache, status):
    """Not when it is out, whatever happens to it there; and again when somebody puts it back."""
    query = build()
    query.set_state(fetch_status=status)
    assert cache.find_all(fetch_status=status) == [query]
    assert client.is_fetching() == (status == "fetching")
    cache.remove(query)
    query.set_state(fetch_status="idle")
    query.set_state(fetch_status=status)
    assert cache.find_all(fetch_status=status) == []
    assert client.is_fetching() == 0
    cache.add(query)
    assert cache.find_all(fetch_status=status) == [query]
    assert client.is_fetching() == (status == "fetching")


def test_an_observed_query_is_active_while_it_is_in_the_cache(build, client, cache):
    """Observers that come or leave while it is out do not bring it in."""
    query, first, second = build(), FakeObserver(client), FakeObserver(client)
    query.add_observer(first)
    cache.remove(query)
    query.remove_observer(first)
    query.add_observer(second)
    assert cache.find_all(type="active") == []
    cache.add(query)
    assert cache.find_all(type="active") == [query]
    query.remove_observer(second)
    assert cache.find_all(type="active") == []


def test_a_query_that_has_left_says_nothing_of_its_successor(build, client, cache):
    """Which is filed under the same hash."""
    old, watcher = build(), FakeObserver(client)
    old.set_state(fetch_status="fetching")
    old.add_observer(watcher)
    cache.remove(old)
    new = build()
    new.set_state(fetch_status="fetching")
    new.add_observer(FakeObserver(client))
    old.remove_observer(watcher)
    old.set_state(fetch_status="idle")
    assert cache.find_all(type="active") == cache.find_all(fetch_status="fetching") == [new]


def test_the_live_ones_are_found_oldest_first(build, client, cache):
    """By the age of the queries, not by when they began to be live."""
    first, second = build(), build(query_key=("other",))
    for query in (second, first):
        query.set_state(fetch_status="fetching")
        query.add_observer(FakeObserver(client))
    assert cache.find_all(fetch_status="fetching") == [first, second]
    assert cache.find_all(type="active") == [first, second]


def test_a_pending_mutation_is_counted_while_it_is_in_the_cache(client):
    """Also one that is restored; not one that is out, whatever becomes of it."""
    cache = client.get_mutation_cache()
    pending = MutationState(status="pending", is_paused=True)
    first, second = (cache.build(client, MutationOptions(mutation_key=[name]), pending) for name in "ab")
    idle = cache.build(client, MutationOptions())
    assert client.is_mutating() == 2
    assert client.is_mutating(["a"]) == 1
    for mutation in (first, second):
        cache.remove(mutation)
    assert client.is_mutating() == 0
    for mutation in (second, first):
        cache.add(mutation)
    assert cache.find_all(status="pending") == [second, first]
    assert cache.find_all(status="idle") == [idle]
    cache.clear()
    assert client.is_mutating() == 0


async def test_a_mutation_that_runs_outside_the_cache_is_not_counted(client):
    """It goes on after it was removed."""
    counts = []

    def write(variables, context):
        counts.append(client.is_mutating())
        client.get_mutation_cache().clear()
        counts.append(client.is_mutating())

    options = MutationOptions(mutation_fn=write)
    await client.get_mutation_cache().build(client, options).execute(None)
    late = client.get_mutation_cache().build(client, options)
    client.get_mutation_cache().remove(late)
    await late.execute(None)
    assert counts == [1, 0, 0, 0]
    assert client.is_mutating() == 0
