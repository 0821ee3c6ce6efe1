"""Every call that takes filters takes options in their place, of all kinds, in all clients."""

from __future__ import annotations

import math

import pytest

from query import InfiniteData, MutationObserver, QueryClient, infinite_query_options, mutation_options, query_options
from query.api import api_options
from query.sync import QueryClient as SyncQueryClient

plain = query_options(query_key=("a",), query_fn=lambda context: "new", stale_time=math.inf)
infinite = infinite_query_options(
    query_key=("a",), query_fn=lambda context: "new", initial_page_param=0, get_next_page_param=lambda *_: None
)
api = api_options.as_(str)("/a/", stale_time=math.inf)


@pytest.fixture(params=["loop", "sync"])
def client(request):
    """Each kind of client with data under two keys, the second of which begins with the first."""
    if request.param == "sync":
        with SyncQueryClient() as client:
            yield client
    else:
        made = QueryClient()
        yield made
        made.clear()


def entry(client, options, *more):
    key = (*options.query_key, *more)
    client.set_query_data(key, InfiniteData(["old"], [0]) if options is infinite else "old")
    return key


def invalidated(client, key):
    return client.get_query_state(key).is_invalidated


@pytest.fixture(params=[plain, infinite, api], ids=["plain", "infinite", "api"])
def options(request):
    return request.param


@pytest.fixture(autouse=True)
def entries(client, options):
    """The key of the options, one that begins with it, and another."""
    yield entry(client, options), entry(client, options, 1), entry(client, query_options(query_key=("b",)))


def test_to_invalidate(client, options, entries):
    client.invalidate_queries(options, refetch_type="none")
    assert [invalidated(client, key) for key in entries] == [True, True, False]


def test_to_invalidate_one(client, options, entries):
    """Fields narrow it."""
    client.invalidate_queries(options, exact=True, refetch_type="none")
    assert [invalidated(client, key) for key in entries] == [True, False, False]


def test_to_remove(client, options, entries):
    client.remove_queries(options)
    assert [client.get_query_data(key) is None for key in entries] == [True, True, False]


def test_to_reset(client, options, entries):
    client.reset_queries(options)
    assert [client.get_query_data(key) is None for key in entries] == [True, True, False]


def test_to_count(client, options):
    assert client.is_fetching(options) == 0


def test_to_cancel_and_refetch(client, options):
    """What nobody has a function for is left alone."""
    client.cancel_queries(options)
    client.refetch_queries(options, type="active")


def test_to_read_and_write_many(client, options, entries):
    assert [key for key, _ in client.get_queries_data(options)] == [*entries[:2]]
    client.set_queries_data(options, "new")
    assert [client.get_query_data(key) for key in entries] == ["new", "new", "old"]


def test_to_read_and_write_one(client, options):
    """By the key in them, which is typed."""
    client.set_query_data(options.query_key, "new")
    assert client.get_query_data(options.query_key) == "new"


async def test_to_find_in_the_caches_and_to_count_mutations():
    """Where the key is meant exactly, options say it exactly."""
    async with QueryClient() as client:
        entry(client, plain), entry(client, plain, 1)
        cache = client.get_query_cache()
        assert cache.find(plain).query_key == ("a",)
        assert len(cache.find_all(plain)) == 2

        counts = []
        counting = mutation_options(
            mutation_key=("add",), mutation_fn=lambda v, context: counts.append(context.client.is_mutating(counting))
        )
        await MutationObserver(client, counting).mutate()
        assert counts == [1]
        assert client.is_mutating(counting) == 0
        assert client.get_mutation_cache().find(counting).state.status == "success"
        assert len(client.get_mutation_cache().find_all(counting)) == 1
