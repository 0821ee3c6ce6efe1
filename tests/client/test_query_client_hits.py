"""Answers from the cache: the same as a fetch would give, with what options and queries remember for them."""

from __future__ import annotations

import asyncio
import gc
import math
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import DefaultOptions, InfiniteQueryOptions, MutationOptions, OptionError, QueryClient, QueryOptions
from query.base.given_options import given_options, is_complete


class Data:
    """Something that can be watched going away."""


def never(context):
    raise AssertionError("fetched")


@pytest.fixture
def prepared(key):
    """Options made once, for data that stays fresh for a minute."""
    return QueryOptions(query_key=key, query_fn=never, stale_time=60.0)


# -- what a query remembers


async def test_everybody_is_answered_with_one_handle_until_the_state_changes(client, key, prepared):
    """Which any number of tasks can await at once."""
    client.set_query_data(key, "data")
    first = client.fetch_query(prepared)
    assert client.fetch_query(prepared) is first
    assert client.ensure_query_data(prepared) is first
    assert client.fetch_query(QueryOptions(query_key=key, stale_time=math.inf)) is first
    assert await asyncio.gather(first, first, asyncio.create_task(first)) == ["data"] * 3
    client.set_query_data(key, "other")
    assert await client.fetch_query(prepared) == "other"
    assert await first == "data"


async def test_an_answer_does_not_keep_old_data(client, key, prepared):
    """Once it is overwritten, nothing of the query holds it."""
    client.set_query_data(key, Data())
    old = weakref.ref(client.fetch_query(prepared).result())
    assert old() is not None
    client.set_query_data(key, Data())
    assert old() is None


async def test_data_that_was_found_fresh_grows_old(client, key, prepared, clock, answering):
    """At the very deadline of the stale time asked for, and of no other."""
    client.set_query_data(key, "data")
    short, fetch = prepared.with_(stale_time=5.0), answering("new")
    assert client.fetch_query(prepared) is client.fetch_query(short)
    await clock.advance(5)
    assert client.fetch_query(prepared).result() == "data"
    client.fetch_query(short.with_(query_fn=fetch))
    assert len(fetch.calls) == 1


@pytest.mark.parametrize("stale_time", [math.inf, "static", 60.0])
async def test_invalidated_data_is_not_fresh_any_more(client, key, clock, answering, stale_time):
    """Unless it is static."""
    fetch = answering("new")
    options = QueryOptions(query_key=key, query_fn=fetch, stale_time=stale_time)
    client.set_query_data(key, "data")
    assert client.fetch_query(options).result() == "data"
    await client.invalidate_queries(key)
    client.fetch_query(options)
    assert len(fetch.calls) == (0 if stale_time == "static" else 1)


async def test_what_never_grows_old_needs_no_clock(client, key, prepared):
    """Neither at the first look nor later."""
    client.set_query_data(key, "data")
    client.environment.timeout_manager.set_clock(None)
    for stale_time in (math.inf, "static"):
        options = prepared.with_(stale_time=stale_time)
        assert [client.fetch_query(options).result() for _ in range(3)] == ["data"] * 3


@given(
    updated_at=st.integers(0, 4_000_000_000_000_000),
    stale_time=st.integers(1, 100_000_000_000_000),
    looks=st.lists(st.integers(-30, 30) | st.integers(-100_000_000, 100_000_000), min_size=1, max_size=5),
)
def test_a_look_finds_fresh_what_is_not_stale(updated_at, stale_time, looks):
    """Near the deadline and far from it, whatever was found before."""
    clock = VirtualClock(0.0)
    client = QueryClient(clock=clock)
    client.set_query_data(["a"], "data", updated_at=updated_at / 1e6)
    query = client.get_query_cache().find(["a"])
    options = QueryOptions(query_key=["a"], stale_time=stale_time / 1e6)
    for look in looks:
        clock.set_time((updated_at + stale_time + look) / 1e6)
        stale = look >= 0
        assert query.is_stale_by_time(stale_time / 1e6) is stale
        assert (query.answer_if_fresh(stale_time / 1e6) is None) is stale
        if not stale:
            assert client.fetch_query(options).result() == "data"


# -- what options remember


def test_options_are_completed_once(client, prepared):
    """They cannot change, nor can what they inherit without being noticed."""
    complete = client.default_query_options(prepared)
    assert client.default_query_options(prepared) is complete
    assert is_complete(complete)
    assert client.default_query_options(complete) is complete
    assert not is_complete(prepared)
    assert set(given_options(prepared)) == {"query_key", "query_fn", "stale_time"}


@pytest.mark.parametrize("times", [1, 2, 3])
def test_new_defaults_are_inherited_at_once(client, key, times):
    """Also by options that were used before: those of all and those of a key."""
    options = QueryOptions(query_key=key, query_fn=never)
    client.set_query_data(key, "data")

    def inherited():
        return [client.default_query_options(options).stale_time for _ in range(times)][-1]

    client.set_default_options(DefaultOptions(queries=QueryOptions(stale_time=5)))
    assert [client.fetch_query(options).result() for _ in range(times)] == ["data"] * times
    assert inherited() == 5
    client.set_query_defaults(key[:1], QueryOptions(stale_time=7))
    assert inherited() == 7
    client.set_query_defaults(key, QueryOptions(stale_time=9))
    assert inherited() == 9
    client.set_default_options(DefaultOptions())
    assert inherited() == 9
    client.set_query_defaults(key, QueryOptions(stale_time=math.inf))
    assert [client.fetch_query(options).result() for _ in range(times)] == ["data"] * times


def test_options_serve_clients_with_other_defaults(prepared):
    """Each its own."""
    clients = [QueryClient(default_options=DefaultOptions(queries=QueryOptions(retry=n))) for n in range(3)]
    for _ in range(2):
        assert [client.default_query_options(prepared).retry for client in clients] == [0, 1, 2]


def test_options_do_not_keep_the_clients_that_used_them(key, prepared):
    """Nor their queries: options are made once, for the life of a program."""
    client = QueryClient()
    client.set_query_data(key, Data())
    for _ in range(3):
        client.fetch_query(prepared)
    left = [weakref.ref(client), weakref.ref(client.get_query_data(key))]
    client.clear()
    del client
    gc.collect()
    assert [ref() for ref in left] == [None, None]


def test_a_select_of_the_defaults_is_applied_to_an_answer(client, key, prepared):
    """Unless the options have one, or want none."""
    client.set_query_data(key, [1, 2])
    assert client.query(prepared).result() == [1, 2]
    client.set_query_defaults(key, QueryOptions(select=len))
    assert client.query(prepared).result() == 2
    assert client.query(prepared.with_(select=None)).result() == [1, 2]
    assert client.query(prepared.with_(select=sum)).result() == 3


def test_an_answer_is_looked_for_under_the_hash_of_the_options(client, key, prepared):
    """Their own text, or that of their own function, before what the key gives."""
    client.set_query_data(key, "by key")
    for more in ({"query_hash": "mine"}, {"query_key_hash_fn": lambda key: "mine"}):
        own = prepared.with_(**more, initial_data="mine")
        assert [client.fetch_query(own).result() for _ in range(3)] == ["mine"] * 3
    assert client.fetch_query(prepared).result() == "by key"


@pytest.mark.parametrize("wrong", [None, ["a"], MutationOptions(), InfiniteQueryOptions])
@pytest.mark.parametrize("call", ["query", "fetch_query", "ensure_query_data", "default_query_options"])
def test_what_are_no_options_is_refused(client, call, wrong):
    """Also after it was complete for something else."""
    client.default_mutation_options(MutationOptions())
    for given_one in (wrong, client.default_mutation_options(wrong) if isinstance(wrong, MutationOptions) else wrong):
        with pytest.raises(OptionError, match=r"^the options of a query are .*; expected QueryOptions\(\.\.\.\)"):
            getattr(client, call)(given_one)
