"""Counts follow queries in and out of the cache."""

from __future__ import annotations

import pytest
from client_fixtures import FakeObserver


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


def test_the_live_ones_are_found_oldest_first(build, client, cache):
    """By the age of the queries, not by when they began to be live."""
    first, second = build(), build(query_key=("other",))
    for query in (second, first):
        query.set_state(fetch_status="fetching")
        query.add_observer(FakeObserver(client))
    assert cache.find_all(fetch_status="fetching") == [first, second]
    assert cache.find_all(type="active") == [first, second]
