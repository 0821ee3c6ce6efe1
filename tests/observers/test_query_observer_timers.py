"""What happens to an observer by the passing of time: data becomes stale, and is fetched again at intervals."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from query import QueryClient, QueryObserver, QueryOptions


@pytest.fixture
def timers(client):
    """The timers of the client, but for those that collect."""
    return lambda: [line for line in client.leaks() if "garbage" not in line]


# -- staleness


@pytest.mark.parity("QC-queryObserver-052")
@pytest.mark.parametrize(
    "stale_time", [10, timedelta(seconds=10), lambda query: 10], ids=["s", "timedelta", "function"]
)
async def test_listeners_are_told_when_data_becomes_stale(client, key, observe, watch, clock, stale_time):
    """A millisecond after the deadline, so that it is stale by any clock's reading."""
    client.set_query_data(key, "data")
    told = watch(observe(stale_time=stale_time))
    await clock.advance(10)
    assert told == []
    await clock.advance(0.001)
    assert [result.is_stale for result in told] == [True]


async def test_a_write_puts_the_deadline_off(client, key, observe, watch, clock):
    """It counts from the latest data."""
    client.set_query_data(key, "old")
    told = watch(observe(stale_time=10))
    await clock.advance(6)
    client.set_query_data(key, "new")
    await clock.advance(6)
    assert not told[-1].is_stale
    await clock.advance(4.001)
    assert told[-1].is_stale


@pytest.mark.parametrize(
    "options",
    [
        {"stale_time": 0},
        {"stale_time": math.inf},
        {"stale_time": "static"},
        {"stale_time": 10, "enabled": False},
        {"stale_time": lambda query: -1.0},
    ],
    ids=["always stale", "never stale", "static", "disabled", "no time at all"],
)
async def test_no_timer_is_set_for_what_will_not_become_stale(client, key, observe, watch, timers, options):
    """Nor for what is stale already, or is not looked at."""
    client.set_query_data(key, "data")
    watch(observe(query_fn=lambda context: "data", refetch_on_mount=False, **options))
    assert timers() == []


async def test_no_timer_is_set_while_there_is_no_data(observe, watch, answering, timers, clock):
    """It counts from the data."""
    watch(observe(query_fn=answering("data", after=1), stale_time=10))
    assert [line for line in timers() if line.startswith("timer")] == []
    await clock.advance(1)
    (line,) = timers()
    assert line.startswith("timer: staleness of")


async def test_leaving_takes_the_timer_along(client, key, observe, timers):
    """And nobody is told any more."""
    client.set_query_data(key, "data")
    observe(stale_time=10).subscribe(lambda result: None)()
    assert timers() == []


async def test_a_wall_clock_that_was_put_back_makes_the_timer_wait_for_the_rest(client, key, observe, watch, clock):
    """The loop's clock says it is time, the wall clock says it is not."""
    client.set_query_data(key, "data")
    told = watch(observe(stale_time=10))
    clock.set_time(clock.time() - 5)
    await clock.advance(10.001)
    assert told == []
    await clock.advance(5)
    assert [result.is_stale for result in told] == [True]


async def test_data_that_others_made_stale_is_told_once(client, key, observe, watch, clock):
    """The timer finds nothing left to tell."""
    client.set_query_data(key, "data")
    told = watch(observe(stale_time=10))
    client.invalidate_queries(key, refetch_type="none")
    assert [result.is_stale for result in told] == [True]
    await clock.advance(20)
    assert len(told) == 1


async def test_a_stale_time_function_that_changed_its_mind_ends_the_waiting(client, key, observe, watch, clock, timers):
    """It is asked again when the timer fires."""
    client.set_query_data(key, "data")
    times = [10.0]
    told = watch(observe(stale_time=lambda query: times[0]))
    times[0] = math.inf
    await clock.advance(20)
    assert (told, timers()) == ([], [])


async def test_what_was_found_stale_before_its_time_is_told_once(client, key, observe, watch, clock):
    """Somebody looked, and the function had shortened the time; the timer finds nothing left to tell."""
    client.set_query_data(key, "data")
    times = [10.0]
    observer = observe(stale_time=lambda query: times[0])
    told = watch(observer)
    await clock.advance(5)
    times[0] = 1.0
    observer.update_result()
    await clock.advance(20)
    assert [result.is_stale for result in told] == [True]


async def test_an_observer_of_a_removed_query_still_says_when_its_data_is_stale(
    client, key, observe, watch, clock, timers
):
    """It keeps what it shows."""
    client.set_query_data(key, "data")
    told = watch(observe(stale_time=10))
    client.remove_queries(key)
    await clock.advance(10.001)
    assert [result.is_stale for result in told] == [True]
    assert timers() == []


async def test_server_mode_sets_no_timers(clock, key):
    """A cache for one request has no time for it."""
    async with QueryClient(clock=clock, is_server=True) as client:
        client.set_query_data(key, "data")
        observer = QueryObserver(client, QueryOptions(query_key=key, stale_time=10, refetch_interval=5))
        observer.subscribe(lambda result: None)
        assert client.leaks() == []


# -- intervals


@pytest.mark.parity("QX-010")
async def test_data_is_fetched_again_at_the_interval(observe, watch, answering, clock):
    """It counts from the end of each fetch, so that fetches never overlap."""
    fetch = answering("data", after=2)
    starts = []
    watch(observe(query_fn=lambda context: starts.append(clock.monotonic()) or fetch(context), refetch_interval=3))
    await clock.advance(17)
    assert starts == [0, 5, 10, 15]


@pytest.mark.parity("QC-queryObserver-035")
@pytest.mark.parametrize(
    "interval",
    [5, timedelta(seconds=5), lambda query: 5, lambda query: timedelta(seconds=5)],
    ids=["seconds", "timedelta", "function", "function of timedelta"],
)
async def test_an_interval_may_be_written_in_several_ways(observe, watch, answering, clock, interval):
    """Seconds, a timedelta, or a function of the query."""
    fetch = answering("data")
    watch(observe(query_fn=fetch, refetch_interval=interval))
    await clock.advance(11)
    assert len(fetch.calls) == 3


@pytest.mark.parity("QC-queryObserver-036", "QX-011")
async def test_an_interval_function_gets_the_query(observe, watch, answering, clock):
    """And decides anew after each change; False stops it until the next one."""
    fetch, asked = answering("data"), []

    def interval(query):
        asked.append(query)
        return 5 if query.state.data_update_count < 2 else False

    observer = observe(query_fn=fetch, refetch_interval=interval)
    watch(observer)
    await clock.advance(60)
    assert len(fetch.calls) == 2
    assert set(asked) == {observer.get_current_query()}
    observer.get_current_query().reset()
    await clock.advance(5)
    assert len(fetch.calls) == 3


@pytest.mark.parametrize("off", [False, None, 0, math.inf, lambda query: None, lambda query: False, lambda query: -1])
async def test_no_interval_is_set_when_it_is_off(observe, watch, answering, clock, timers, off):
    """Zero is off too: it would never end."""
    watch(observe(query_fn=answering("data"), refetch_interval=off))
    await clock.settle()
    assert timers() == []


async def test_a_disabled_observer_has_no_interval(observe, watch, timers):
    """It does not fetch by itself."""
    watch(observe(query_fn=lambda context: pytest.fail("fetched"), refetch_interval=5, enabled=False))
    assert timers() == []


@pytest.mark.parity("QC-queryObserver-044")
async def test_an_interval_rests_while_nobody_looks(observe, watch, answering, clock, focus):
    """Ticks that were left out are not made up for; background refetching goes on."""
    fetch, background = answering("data"), answering("data")
    watch(observe(query_fn=fetch, refetch_interval=5, refetch_on_window_focus=False))
    watch(
        observe(query_key=["background"], query_fn=background, refetch_interval=5, refetch_interval_in_background=True)
    )
    await clock.settle()
    focus.set_focused(False)
    await clock.advance(12)
    assert (len(fetch.calls), len(background.calls)) == (1, 3)
    focus.set_focused(True)
    await clock.advance(3)
    assert len(fetch.calls) == 2


@pytest.mark.parity("QC-queryObserver-034")
async def test_leaving_ends_the_interval(observe, answering, clock, client, key):
    """And the query can be collected."""
    fetch = answering("data")
    unsubscribe = observe(query_fn=fetch, refetch_interval=5, gc_time=0).subscribe(lambda result: None)
    await clock.advance(5)
    unsubscribe()
    await clock.advance(60)
    assert len(fetch.calls) == 2
    assert client.get_query_cache().get_all() == []


async def test_who_leaves_when_told_leaves_no_interval_behind(client, observe, answering, clock):
    """Neither by the fetch of the subscription nor by that of other options."""
    fetch = answering("data")
    observer = observe(query_fn=fetch, refetch_interval=5)
    observer.subscribe(lambda result: observer.destroy())
    await clock.advance(60)
    other = observe(query_fn=fetch, enabled=False)
    other.subscribe(lambda result: other.destroy())
    other.set_options(other.options.with_(enabled=True, refetch_interval=5))
    await clock.advance(60)
    assert len(fetch.calls) == 2


async def test_every_write_begins_the_interval_anew(client, key, observe, watch, answering, clock):
    """Who writes more often than that is never interrupted by a refetch."""
    fetch = answering("data")
    watch(observe(query_fn=fetch, refetch_interval=5))
    for number in range(10):
        await clock.advance(4)
        client.set_query_data(key, number)
    assert len(fetch.calls) == 1
    await clock.advance(5)
    assert len(fetch.calls) == 2


async def test_an_interval_joins_what_is_under_way(client, key, observe, watch, answering, clock):
    """Without a second call."""
    fetch = answering("data", after=8)
    watch(observe(query_fn=fetch, refetch_interval=5))
    await clock.advance(7)
    assert len(fetch.calls) == 1
    await clock.advance(1)


async def test_another_interval_takes_effect_at_once(observe, watch, answering, clock):
    """The same one goes on as it was."""
    fetch = answering("data")
    observer = observe(query_fn=fetch, refetch_interval=100, stale_time=1000)
    watch(observer)
    await clock.advance(4)
    observer.set_options(observer.options.with_(refetch_interval=5))
    await clock.advance(3)
    observer.set_options(observer.options.with_(refetch_interval=5, meta={"a": 1}))
    await clock.advance(2)
    assert len(fetch.calls) == 2
    observer.set_options(observer.options.with_(refetch_interval=False))
    await clock.advance(60)
    assert len(fetch.calls) == 2


async def test_writing_the_default_out_begins_the_interval_anew(observe, watch, answering, clock):
    """As in query-core, which tells enabled=True from nothing."""
    fetch = answering("data")
    observer = observe(query_fn=fetch, refetch_interval=5)
    watch(observer)
    await clock.advance(4)
    observer.set_options(observer.options.with_(enabled=True))
    await clock.advance(4)
    assert len(fetch.calls) == 1
    await clock.advance(1)
    assert len(fetch.calls) == 2


async def test_disabling_ends_the_interval_and_enabling_begins_it(observe, watch, answering, clock):
    """Fresh data is not fetched for being enabled."""
    fetch = answering("data")
    observer = observe(query_fn=fetch, refetch_interval=5, stale_time=1000)
    watch(observer)
    await clock.settle()
    observer.set_options(observer.options.with_(enabled=False))
    await clock.advance(60)
    assert len(fetch.calls) == 1
    observer.set_options(observer.options.with_(enabled=True))
    await clock.advance(5)
    assert len(fetch.calls) == 2


async def test_an_interval_goes_on_after_a_failure(observe, watch, answering, clock):
    """The next fetch may work."""
    fetch = answering(ValueError(), "data")
    told = watch(observe(query_fn=fetch, refetch_interval=5, retry=False))
    await clock.advance(5)
    assert told[-1].data == "data"
