"""Infinite queries through the client: once, ahead of time, or as they are in the cache."""

from __future__ import annotations

import pytest
from client_fixtures import until

from query import InfiniteData, MissingQueryFnError, OptionError, QueryOptions, skip_token

CALLS = ["infinite_query", "fetch_infinite_query"]
FIRST = InfiniteData(["page 0"], [0])
CACHED = InfiniteData(["cached"], [7])


@pytest.mark.parity("QC-queryClient-087", "QC-queryClient-089", "QC-queryClient-103")
@pytest.mark.parametrize("call", CALLS)
async def test_the_first_page_is_returned_and_cached(client, infinite, paging, key, call):
    """With what it was asked for with."""
    assert await getattr(client, call)(infinite(query_fn=paging())) == FIRST
    assert client.get_query_data(key) == FIRST


@pytest.mark.parity("QC-queryClient-099")
async def test_a_prefetch_caches_and_returns_nothing(client, infinite, paging, key):
    """Not even an error."""
    assert await client.prefetch_infinite_query(infinite(query_fn=paging())) is None
    assert client.get_query_data(key) == FIRST
    assert await client.prefetch_infinite_query(infinite(query_fn=paging({0: ValueError()}))) is None
    assert client.get_query_state(key).status == "error"


@pytest.mark.parity("QC-queryClient-100", "QC-queryClient-104")
@pytest.mark.parametrize("call", ["prefetch_infinite_query", "infinite_query"])
async def test_more_pages_are_fetched_one_after_the_other(client, infinite, paging, key, call):
    """As many as are asked for."""
    load = paging()
    await getattr(client, call)(infinite(query_fn=load, pages=3))
    assert client.get_query_data(key) == InfiniteData(["page 0", "page 1", "page 2"], [0, 1, 2])
    assert load.asked == [0, 1, 2]


@pytest.mark.parity("QC-queryClient-101", "QC-queryClient-105")
@pytest.mark.parametrize("call", ["prefetch_infinite_query", "infinite_query"])
async def test_the_end_of_the_list_ends_the_fetch(client, infinite, paging, key, call):
    """Without a call for a page that is not there."""
    load = paging()
    await getattr(client, call)(infinite(query_fn=load, pages=9, get_next_page_param=until(1)))
    assert client.get_query_data(key).page_params == load.asked == [0, 1]


@pytest.mark.parity("QC-queryClient-045")
async def test_ensuring_takes_what_is_cached(client, infinite, paging, key):
    """However old."""
    load = paging()
    client.set_query_data(key, CACHED, updated_at=0)
    assert await client.ensure_infinite_query_data(infinite(query_fn=load)) is client.get_query_data(key)
    assert load.asked == []


@pytest.mark.parity("QC-queryClient-046")
async def test_ensuring_fetches_what_is_not(client, infinite, paging):
    """A first page."""
    assert await client.ensure_infinite_query_data(infinite(query_fn=paging())) == FIRST


@pytest.mark.parity("QC-queryClient-047")
async def test_ensuring_may_refresh_in_the_background(client, infinite, paging, key, clock):
    """From the first page param that was stored, not from that of the options."""
    client.set_query_data(key, CACHED)
    got = await client.ensure_infinite_query_data(infinite(query_fn=paging()), revalidate_if_stale=True)
    assert got == CACHED
    await clock.settle()
    assert client.get_query_data(key) == InfiniteData(["page 7"], [7])


@pytest.mark.parity("QC-queryClient-048", "QC-queryClient-092", "QC-queryClient-096")
@pytest.mark.parametrize("skipped", [False, True])
async def test_static_pages_are_not_fetched_again(client, infinite, paging, key, skipped):
    """Not even after an invalidation, and not even without a function."""
    load = paging()
    client.set_query_data(key, CACHED)
    client.invalidate_queries(key)
    options = infinite(query_fn=skip_token if skipped else load, stale_time="static")
    assert await client.infinite_query(options) is client.get_query_data(key)
    assert load.asked == []


@pytest.mark.parity("QC-queryClient-049")
async def test_static_pages_that_are_missing_are_fetched(client, infinite, paging):
    """Once."""
    assert await client.infinite_query(infinite(query_fn=paging(), stale_time="static")) == FIRST


@pytest.mark.parity("QC-queryClient-090")
async def test_being_disabled_keeps_observers_from_fetching_and_not_a_caller(client, infinite, paging):
    """Who calls means it."""
    assert await client.infinite_query(infinite(query_fn=paging(), enabled=False)) == FIRST


@pytest.mark.parity("QC-queryClient-091", "QC-queryClient-097")
@pytest.mark.parametrize("enabled", [True, False])
async def test_select_is_given_all_pages(client, infinite, paging, key, enabled):
    """Of a stale query after the refetch; what it makes of them is not cached."""
    client.set_query_data(key, InfiniteData(["old"], [0]))
    options = infinite(query_fn=paging(), enabled=enabled, select=lambda data: data.pages[0].upper())
    assert await client.infinite_query(options) == "PAGE 0"
    assert client.get_query_data(key) == FIRST


@pytest.mark.parity("QC-queryClient-093", "QC-queryClient-094")
@pytest.mark.parametrize("select", [None, lambda data: pytest.fail("there is nothing to select from")])
async def test_without_function_and_pages_it_fails(client, infinite, select):
    """And nothing is selected."""
    with pytest.raises(MissingQueryFnError):
        await client.infinite_query(infinite(query_fn=skip_token, select=select))


@pytest.mark.parity("QC-queryClient-095")
async def test_a_stale_time_function_is_asked_with_the_query(client, infinite, paging, key):
    """And its answer decides."""
    client.set_query_data(key, InfiniteData(["old"], [0]))
    asked = []

    def stale_time(query):
        asked.append(query.query_key)
        return 0

    assert await client.infinite_query(infinite(query_fn=paging(), stale_time=stale_time)) == FIRST
    assert asked == [key]


async def test_all_pages_are_refetched_when_they_are_invalidated(client, infinite, paging, key):
    """The query knows by itself that it has pages."""
    load = paging()
    await client.infinite_query(infinite(query_fn=load, pages=2))
    client.get_query_cache().find(query_key=key).set_options(infinite(query_fn=load))
    load.contexts.clear()
    await client.invalidate_queries(key, refetch_type="all")
    assert load.asked == [0, 1]


@pytest.mark.parametrize("call", [*CALLS, "prefetch_infinite_query", "ensure_infinite_query_data"])
async def test_plain_options_are_refused(client, key, call):
    """They would fetch something, but no pages."""
    with pytest.raises(OptionError, match=rf"{call}\(\) was given QueryOptions; expected InfiniteQueryOptions"):
        getattr(client, call)(QueryOptions(query_key=key, query_fn=lambda context: 1))
    assert client.get_query_cache().get_all() == []
