"""Collection, staleness and intervals, to the second; the numbers are those of the list of invariants."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from model import GC_TIME
from stories import Player, stories
from subjects import Failure, a_cache, few, on_both

KEY = ("a",)
seconds = st.integers(1, GC_TIME - 1)


@on_both
@few
@given(story=stories, age=st.integers(0, 500))
def test_23_what_is_observed_is_not_collected(subject, story, age):
    """23. However much time passes, an observed query stays."""
    with subject() as it:
        player = Player(it)
        for step in story:
            player.take(step)
        observed = [key for key in it.keys() if it.observers(key)]
        it.advance(age)
        assert [key for key in it.keys() if it.observers(key)] == observed


@on_both
@few
@given(story=stories, age=st.integers(0, 500))
def test_24_what_fetches_is_not_collected(subject, story, age):
    """24. However much time passes, a query that fetches or is paused stays."""
    with subject() as it:
        player = Player(it)
        for step in story:
            player.take(step)
        busy = [key for key in it.keys() if it.view(key).fetch_status != "idle"]
        it.advance(age)
        assert [key for key in it.keys() if it.view(key).fetch_status != "idle"] == busy


@on_both
@few
@given(observed_for=st.integers(0, 200), fetched_for=st.integers(0, 200), fails=st.booleans())
def test_25_what_is_unused_goes_at_its_time(subject, observed_for, fetched_for, fails):
    """25. A query stays for its gc_time after an observation or fetch has ended, and goes at that very instant."""
    with subject() as it:
        it.observe("x", KEY)
        it.advance(observed_for)
        it.unobserve("x")
        it.advance(fetched_for)
        it.fail(0, Failure()) if fails else it.answer(0, 1)
        it.advance(GC_TIME - 1)
        assert it.keys() == [KEY]
        it.advance(1)
        assert it.keys() == []


@few
@given(times=st.lists(st.integers(1, 500), min_size=1, max_size=5))
def test_25_the_longest_gc_time_counts(times):
    """25. Of all gc_times that a query was ever given the longest counts."""
    with a_cache(gc_time=1) as cache:
        for number, gc_time in enumerate(times):
            cache.observe(number, KEY, gc_time=gc_time, stale_time=math.inf)
        cache.answer(0, 1)
        for number in range(len(times)):
            cache.unobserve(number)
        cache.advance(max(times) - 1)
        assert cache.keys() == [KEY]
        cache.advance(1)
        assert cache.keys() == []


@on_both
@few
@given(away=st.integers(0, 2 * GC_TIME))
def test_26_who_comes_back_in_time_finds_the_data(subject, away):
    """26. Observed again before it is collected, a query has kept its data; after, it begins as pending."""
    with subject() as it:
        it.observe("x", KEY, True, math.inf)
        it.answer(0, "data")
        it.unobserve("x")
        it.advance(away)
        it.observe("x", KEY, True, math.inf)
        kept = away < GC_TIME
        assert it.view(KEY).status == ("success" if kept else "pending")
        assert it.calls(KEY) == (1 if kept else 2)


@few
@given(stale_time=st.integers(1, 1000))
def test_27_an_observer_is_told_of_staleness(stale_time):
    """27. Within a millisecond of the stale time an observer says stale, told once, without any fetch."""
    with a_cache() as cache:
        observer = cache.observe("x", KEY, stale_time=stale_time)
        cache.answer(0, 1)
        told = len(cache.seen["x"])
        cache.advance(stale_time - 0.001)
        assert not observer.get_current_result().is_stale
        assert len(cache.seen["x"]) == told
        cache.advance(0.002)
        assert observer.get_current_result().is_stale
        cache.advance(1000)
        assert [result.is_stale for result in cache.seen["x"][told:]] == [True]
        assert cache.calls(KEY) == 1


@few
@given(interval=st.integers(1, 40), takes=st.integers(0, 60), times=st.integers(1, 4))
def test_28_an_interval_counts_from_the_last_result(interval, takes, times):
    """28. With an interval of n seconds attempts begin n, 2n, ... after the last result, and none after leaving."""
    with a_cache() as cache:
        cache.observe("x", KEY, refetch_interval=interval)
        for number in range(times):
            cache.advance(takes)
            assert cache.calls(KEY) == number + 1
            cache.answer(number, number)
            cache.advance(interval - 1)
            assert cache.calls(KEY) == number + 1
            cache.advance(1)
            assert cache.calls(KEY) == number + 2
        cache.answer(times, times)
        cache.unobserve("x")
        cache.advance(3 * interval)
        assert cache.calls(KEY) == times + 1


@few
@given(interval=st.integers(1, 40), enabled=st.booleans(), focused=st.booleans(), background=st.booleans())
def test_28_an_interval_rests(interval, enabled, focused, background):
    """28. While it is disabled, or nobody looks and it is not for the background, an interval makes no attempt."""
    with a_cache() as cache:
        cache.write(KEY, 0)
        cache.observe(
            "x",
            KEY,
            enabled,
            math.inf,
            refetch_interval=interval,
            refetch_interval_in_background=background,
            refetch_on_window_focus=False,
        )
        cache.do(cache.focus.set_focused, focused)
        cache.advance(interval)
        assert cache.calls(KEY) == (1 if enabled and (focused or background) else 0)


@few
@given(fails=st.booleans())
def test_29_gc_time_0_and_inf(fails):
    """29. With gc_time 0 a query goes in the very instant in which nobody uses it any more; with inf it never does."""
    for gc_time in (0, math.inf):
        with a_cache(gc_time=gc_time) as cache:
            cache.fetch(KEY)
            cache.fail(0, Failure()) if fails else cache.answer(0, 1)
            assert cache.keys() == ([] if gc_time == 0 else [KEY])
            cache.advance(10_000_000)
            assert cache.keys() == ([] if gc_time == 0 else [KEY])


@few
@given(shift=st.integers(-10_000, 10_000), stale_time=seconds)
def test_30_the_wall_clock_fires_no_timer(shift, stale_time):
    """30. A wall clock that is set forward or back fires no timer, and delays none."""
    with a_cache() as cache:
        cache.observe("x", KEY, refetch_interval=20, stale_time=stale_time)
        cache.answer(0, 1)
        told = len(cache.seen["x"])
        cache.clock.shift = shift
        cache.loop.run_until_idle()
        assert (cache.calls(KEY), len(cache.seen["x"])) == (1, told)
        cache.advance(19)
        assert cache.calls(KEY) == 1
        cache.advance(1)
        assert cache.calls(KEY) == 2
