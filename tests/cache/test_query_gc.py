"""How long a query is kept that nobody uses."""

from __future__ import annotations

import math

import pytest
from client_fixtures import FakeObserver

from query import QueryClient, QueryObserver, QueryOptions


@pytest.fixture
def is_kept(client):
    """Whether the cache still has a query."""
    return lambda query: query in client.get_query_cache().get_all()


async def test_an_unused_query_is_kept_for_five_minutes(build, clock, is_kept):
    """Unless somebody says otherwise."""
    query = build()
    await clock.advance(299.999)
    assert is_kept(query)
    await clock.advance(0.001)
    assert not is_kept(query)


@pytest.mark.parity("QC-query-039")
async def test_written_data_is_collected_too(build, clock, events):
    """Being removed is the last that is told of it."""
    build().set_data("data", manual=True)
    await clock.advance(300)
    assert events == ["added", "updated:success", "removed"]


@pytest.mark.parity("QC-query-001")
async def test_the_longest_time_that_anyone_asked_for_counts(build, key, clock, is_kept):
    """A later, shorter one does not shorten it."""
    query = build(gc_time=100)
    assert query.gc_time == 100
    for wanted, counts in [(200, 200), (50, 200), (0, 200)]:
        query.set_options(QueryOptions(query_key=key, gc_time=wanted))
        assert query.gc_time == counts


@pytest.mark.parity("QX-004")
def test_the_default_takes_part_in_the_maximum(build, key):
    """An entry that a write made cannot get below the default any more."""
    query = build()
    query.set_options(QueryOptions(query_key=key, gc_time=5))
    assert query.gc_time == 300


async def test_an_endless_time_keeps_a_query_for_good(client, build, clock, is_kept):
    """No timer is set at all."""
    query = build(gc_time=math.inf)
    assert client.leaks() == []
    await clock.advance(1e6)
    assert is_kept(query)


async def test_server_mode_keeps_everything(clock, key):
    """A cache for one request ends with it."""
    async with QueryClient(clock=clock, is_server=True) as client:
        query = client.get_query_cache().build(client, QueryOptions(query_key=key))
        assert (query.gc_time, client.leaks()) == (math.inf, [])


@pytest.mark.parity("QC-query-022")
async def test_an_observer_keeps_its_query(client, build, clock, is_kept):
    """However short the time; it begins when the last observer leaves."""
    query, first, second = build(gc_time=10), FakeObserver(client), FakeObserver(client)
    query.add_observer(first)
    query.add_observer(second)
    await clock.advance(1000)
    query.remove_observer(first)
    await clock.advance(1000)
    query.remove_observer(second)
    await clock.advance(9.999)
    assert is_kept(query)
    await clock.advance(0.001)
    assert not is_kept(query)


@pytest.mark.parity("QC-query-020")
async def test_an_observer_makes_its_query_and_leaves_it_to_be_collected(client, key, clock):
    """Pending from its construction on; without a time to be kept it goes a turn after the observer."""
    cache = client.get_query_cache()
    observer = QueryObserver(client, QueryOptions(query_key=key, gc_time=0, enabled=False))
    query = cache.find(query_key=key)
    assert (query.state.status, query.state.fetch_status) == ("pending", "idle")
    unsubscribe = observer.subscribe(lambda result: None)
    await clock.settle()
    assert cache.find(query_key=key) is query
    unsubscribe()
    assert cache.find(query_key=key) is query
    await clock.settle()
    assert cache.find(query_key=key) is None


@pytest.mark.parity("QC-query-019")
async def test_a_time_of_zero_removes_a_turn_after_the_last_observer_left(client, build, clock, is_kept, key):
    """Not in the same step, and every time anew."""
    for _ in range(2):
        query, observer = build(gc_time=0), FakeObserver(client)
        query.add_observer(observer)
        await clock.settle()
        query.remove_observer(observer)
        assert is_kept(query)
        await clock.settle()
        assert not is_kept(query)


@pytest.mark.parity("QC-query-021")
async def test_a_fetch_keeps_its_query_until_a_whole_time_after_its_end(build, answering, clock, is_kept):
    """The timer that fires meanwhile does nothing."""
    query = build(gc_time=10, query_fn=answering("data", after=20))
    query.fetch()
    await clock.advance(20)
    assert query.state.data == "data"
    await clock.advance(9.999)
    assert is_kept(query)
    await clock.advance(0.001)
    assert not is_kept(query)


@pytest.mark.parity("QC-queryClient-057")
async def test_a_time_of_zero_does_not_take_the_data_from_who_fetches(build, answering, clock, is_kept):
    """The data is delivered; the entry is gone a turn later."""
    query = build(gc_time=0, query_fn=answering("data", after=1))
    handle = query.fetch()
    await clock.advance(1)
    assert await handle == "data"
    await clock.settle()
    assert not is_kept(query)


@pytest.mark.parity("QX-032")
async def test_a_reset_query_is_collected_as_well(build, clock, is_kept):
    """A reset stops the timer, and sets it anew where nobody watches."""
    query = build()
    await clock.advance(200)
    query.reset()
    await clock.advance(299.999)
    assert is_kept(query)
    await clock.advance(0.001)
    assert not is_kept(query)


async def test_a_reset_of_a_watched_query_sets_no_timer(client, build):
    """Its observer keeps it."""
    query, observer = build(), FakeObserver(client)
    query.add_observer(observer)
    query.reset()
    assert client.leaks() == []


async def test_a_query_that_is_watched_or_removed_has_no_timer(client, build):
    """It need not be collected."""
    query, observer = build(), FakeObserver(client)
    assert len(client.leaks()) == 1
    query.add_observer(observer)
    assert client.leaks() == []
    query.remove_observer(observer)
    assert len(client.leaks()) == 1
    client.remove_queries()
    assert client.leaks() == []


async def test_a_removed_query_sets_no_timer_any_more(client, build, answering, clock):
    """Neither when its cancelled fetch ends nor when its observer leaves."""
    query, observer = build(query_fn=answering("data", after=1)), FakeObserver(client)
    query.add_observer(observer)
    query.fetch()
    client.get_query_cache().remove(query)
    await clock.settle()
    assert client.leaks() == []
    query.remove_observer(observer)
    query.reset()
    assert client.leaks() == []


@pytest.mark.parity("QC-query-022")
async def test_a_collected_key_starts_afresh(client, build, key, clock):
    """What is written then is a new entry, with the default time again."""
    query = build(gc_time=1000)
    await clock.advance(1000)
    client.set_query_data(key, "written")
    again = client.get_query_cache().find(query_key=key)
    assert again is not query
    assert again.gc_time == 300
