"""When a query is fetched, and what becomes of the answer; the numbers are those of the list of invariants."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model import GC_TIME, RETRY_DELAY
from stories import KEYS
from subjects import Failure, a_cache, few, on_both

from query import UNSET, QueryCancelledError

KEY = ("a",)
seconds = st.integers(1, GC_TIME - 1)
counts = st.integers(1, 12)


def with_data(it, data=0):
    """Let the key have data that was fetched now."""
    it.fetch(KEY)
    it.answer(len(it.attempts) - 1, data)


# -- dedup and freshness


@few
@given(n=counts, succeeds=st.booleans())
def test_13_many_fetches_in_one_turn_are_one(n, succeeds):
    """13. Of n fetches of one key in one turn there is one attempt, and all get the same object, or the same error."""
    with a_cache() as cache:
        tasks = [cache.loop.call(lambda: cache.loop.create_task(wait(cache))) for _ in range(n)]
        cache.loop.run_until_idle()
        assert cache.calls(KEY) == 1
        outcome = {"data": []} if succeeds else Failure()
        cache.answer(0, outcome) if succeeds else cache.fail(0, outcome)
        assert all(task.result() is outcome for task in tasks)


async def wait(cache, **options):
    """What a fetch gives who waits for it."""
    try:
        return await cache.client.fetch_query(cache.options(KEY, **options))
    except Exception as error:  # noqa: BLE001 - it is looked at
        return error


@on_both
@few
@given(ways=st.lists(st.sampled_from(["fetch", "observe", "invalidate"]), min_size=1, max_size=5))
def test_14_a_fetch_under_way_is_joined(subject, ways):
    """14. While a first fetch is under way, fetching, observing and invalidating make no further attempt."""
    with subject() as it:
        it.fetch(KEY)
        for number, way in enumerate(ways):
            if way == "observe":
                it.observe(f"x{number}", KEY)
            else:
                getattr(it, way)(KEY)
        assert it.calls(KEY) == 1


@few
@given(way=st.sampled_from(["fetch_query", "prefetch_query", "ensure_query_data", "query"]))
def test_14_each_method_of_the_client_joins(way):
    """14. While a fetch is under way, fetch, prefetch, ensure and query of its key make no further attempt."""
    with a_cache() as cache:
        cache.fetch(KEY)
        cache.do(lambda: getattr(cache.client, way)(cache.options(KEY)))
        assert cache.calls(KEY) == 1


@on_both
@few
@given(stale_time=seconds, part=st.floats(0, 0.99))
def test_16_fresh_data_is_not_fetched(subject, stale_time, part):
    """16. Of fresh data a fetch makes no attempt."""
    with subject() as it:
        with_data(it)
        it.advance(int(stale_time * part))
        it.fetch(KEY, stale_time)
        assert it.calls(KEY) == 1


@few
@given(stale_time=seconds)
def test_16_fresh_data_is_returned_as_it_is(stale_time):
    """16. Of fresh data a fetch returns the cached object."""
    with a_cache() as cache:
        data = {"rows": [1]}
        with_data(cache, data)
        cache.advance(stale_time - 1)
        task = cache.do(lambda: cache.loop.create_task(wait(cache, stale_time=stale_time)))
        assert task.result() is data


@on_both
@few
@given(stale_time=st.integers(0, GC_TIME - 1))
def test_17_data_of_exactly_that_age_is_stale(subject, stale_time):
    """17. If now is exactly the date of the data and the stale time, the data is stale: a fetch makes an attempt."""
    with subject() as it:
        with_data(it)
        it.advance(stale_time)
        it.fetch(KEY, stale_time)
        assert it.calls(KEY) == 2


@few
@given(age=st.integers(0, 10_000), invalidated=st.booleans())
def test_18_static_data_is_never_fetched(age, invalidated):
    """18. "static" data is not fetched by a fetch, a mount, focus, a regained network, or an invalidation."""
    with a_cache(gc_time=math.inf, stale_time="static") as cache:
        with_data(cache)
        cache.advance(age)
        cache.observe("x", KEY, stale_time="static", refetch_on_mount="always", refetch_on_window_focus="always")
        if invalidated:
            cache.invalidate(KEY)
        cache.fetch(KEY, "static")
        for signal in (cache.focus.set_focused, cache.online.set_online):
            cache.do(signal, False)
            cache.do(signal, True)
        assert cache.calls(KEY) == 1


@few
@given(age=seconds, revalidate=st.booleans())
def test_19_ensure_returns_what_is_cached(age, revalidate):
    """19. ensure returns cached data without an attempt; with revalidate_if_stale, stale data with one behind it."""
    with a_cache() as cache:
        with_data(cache, "old")
        cache.advance(age)
        options = cache.options(KEY, stale_time=10)
        task = cache.run(cache.do(lambda: cache.client.ensure_query_data(options, revalidate_if_stale=revalidate)))
        assert task.result() == ("old", None)
        assert cache.calls(KEY) == 1 + (revalidate and age >= 10)


@on_both
@few
@given(ending=st.sampled_from(["cancel", "remove", "reset", "supersede"]), succeeds=st.booleans(), data=st.booleans())
def test_20_a_late_answer_changes_nothing(subject, ending, succeeds, data):
    """20. If a fetch was superseded, cancelled, reset or removed, its answer changes nothing when it comes."""
    with subject() as it:
        if data or ending == "supersede":
            with_data(it)
        it.fetch(KEY)
        late = len(it.attempts) - 1
        if ending == "supersede":
            it.observe("x", KEY, stale_time=math.inf)
            it.invalidate(KEY)
            assert it.calls(KEY) == late + 2
        else:
            getattr(it, ending)(KEY)
        before = it.view(KEY)
        it.answer(late, "late") if succeeds else it.fail(late, Failure())
        assert it.view(KEY) == before


@few
@given(n=counts, leaving=st.integers(0, 11), by_timeout=st.booleans())
def test_21_who_stops_waiting_takes_nothing_from_the_others(n, leaving, by_timeout):
    """21. If one who waits is cancelled or times out, the fetch and the others go on."""
    with a_cache() as cache:

        async def one(number):
            if number == leaving and by_timeout:
                async with asyncio.timeout(1):
                    return await wait(cache)
            return await wait(cache)

        tasks = [cache.loop.call(lambda n=number: cache.loop.create_task(one(n))) for number in range(n)]
        cache.loop.run_until_idle()
        if leaving < n and not by_timeout:
            cache.do(tasks[leaving].cancel)
        cache.advance(2)
        cache.answer(0, "data")
        assert cache.calls(KEY) == 1
        for number, task in enumerate(tasks):
            if number != leaving:
                assert task.result() == "data"
            elif by_timeout:
                assert isinstance(task.exception(), TimeoutError)
            else:
                assert task.cancelled()


@few
@given(revert=st.booleans(), turns=st.integers(0, 3))
def test_22_a_fetch_after_a_cancel_never_gets_its_error(revert, turns):
    """22. A fetch that began after a cancel gets its own outcome, however close the two are."""
    with a_cache() as cache:

        async def play():
            first = asyncio.ensure_future(wait(cache))
            await asyncio.sleep(0)
            cache.client.cancel_queries(KEY, revert=revert)
            for _ in range(turns):
                await asyncio.sleep(0)
            return await first, await wait(cache)

        task = cache.do(lambda: cache.loop.create_task(play()))
        cache.answer(len(cache.asked) - 1, "data")
        first, second = task.result()
        assert isinstance(first, QueryCancelledError)
        assert second == "data"


# -- retries


@on_both
@few
@given(retries=st.integers(0, 4))
def test_31_a_fetch_makes_one_attempt_more_than_retries(subject, retries):
    """31. If all attempts of a fetch fail, there are exactly as many as retries, and one."""
    with subject(retries=retries) as it:
        it.observe("x", KEY)
        for number in range(retries + 1):
            it.fail(number, Failure())
            it.advance(RETRY_DELAY)
        assert it.calls(KEY) == retries + 1
        assert (it.view(KEY).status, it.view(KEY).fetch_status) == ("error", "idle")


@few
@given(retries=st.integers(1, 8))
def test_32_retries_back_off(retries):
    """32. The k-th retry begins exactly min(2 ** k, 30) seconds after the failure, by default."""
    with a_cache(retries=retries, retry_delay=UNSET) as cache:
        cache.observe("x", KEY)
        for number in range(retries):
            failed_at = cache.now
            cache.fail(number, Failure())
            wait_for = min(2**number, 30)
            cache.advance(wait_for - 0.001)
            assert cache.calls(KEY) == number + 1
            cache.advance(0.001)
            assert cache.calls(KEY) == number + 2
            assert cache.asked[-1][2] == pytest.approx(failed_at + wait_for)


@on_both
@few
@given(failing=st.integers(0, 3), write=st.booleans())
def test_33_failures_are_those_of_the_current_fetch(subject, failing, write):
    """33. The count of failures is 0 at the start of a fetch and after its success; a write does not touch it."""
    with subject(retries=3) as it:
        it.observe("x", KEY)
        for number in range(failing):
            it.fail(number, Failure())
            it.advance(RETRY_DELAY)
        if write:
            it.write(KEY, "written")
        assert it.view(KEY).failures == failing
        it.answer(failing, "data")
        assert it.view(KEY).failures == 0


@on_both
@few
@given(failing=st.integers(1, 3), data=st.booleans())
def test_34_an_error_shows_only_after_the_last_attempt(subject, failing, data):
    """34. During retries status, data and error stay what they were; the error comes with the last failure."""
    with subject(retries=3) as it:
        if data:
            with_data(it)
        it.observe("x", KEY)
        first = len(it.attempts) - 1
        before = it.view(KEY)
        for number in range(failing):
            it.fail(first + number, Failure())
            view = it.view(KEY)
            assert (view.status, view.data, view.error) == (before.status, before.data, before.error)
            it.advance(RETRY_DELAY)


@few
@given(limit=st.integers(0, 4))
def test_35_the_retry_predicate_is_asked_once_a_failure(limit):
    """35. A retry predicate is called once for each failure, with the failures so far and the error."""
    asked = []
    with a_cache(retries=lambda count, error: asked.append((count, error)) or count < limit) as cache:
        cache.observe("x", KEY)
        errors = [Failure(number) for number in range(limit + 1)]
        for number, error in enumerate(errors):
            cache.fail(number, error)
            cache.advance(RETRY_DELAY)
        assert asked == list(enumerate(errors))


@few
@given(waited=st.integers(0, RETRY_DELAY - 1))
def test_36_nobody_is_retried_for_who_has_left(waited):
    """36. If the last observer leaves while a retry is waited for, there is no further attempt, and the fetch fails."""
    with a_cache(retries=3) as cache:
        cache.observe("x", KEY)
        error = Failure()
        cache.fail(0, error)
        cache.advance(waited)
        cache.unobserve("x")
        cache.advance(RETRY_DELAY)
        assert cache.calls(KEY) == 1
        assert (cache.view(KEY).fetch_status, cache.view(KEY).error) == ("idle", error)


# -- the network and focus


@on_both
@few
@given(ways=st.lists(st.sampled_from(["fetch", "observe", "invalidate"]), min_size=1, max_size=5), data=st.booleans())
def test_60_offline_nothing_starts(subject, ways, data):
    """60. Without a network no attempt starts: the fetch is paused, which is no failure."""
    with subject() as it:
        if data:
            with_data(it)
        it.set_online(False)
        before = len(it.attempts)
        for number, way in enumerate(ways):
            it.observe(f"x{number}", KEY) if way == "observe" else getattr(it, way)(KEY)
        assert len(it.attempts) == before
        view = it.view(KEY)
        if view is not None:
            assert view.errors == view.failures == 0
            assert view.fetch_status in ("paused", "idle")


@on_both
@few
@given(n=st.integers(1, 3), observed=st.booleans())
def test_61_back_online_each_paused_fetch_goes_on_once(subject, n, observed):
    """61. With the network back every paused fetch goes on exactly once; stale observed queries fetch once a query."""
    with subject() as it:
        for key in KEYS[:n]:
            if observed:
                it.observe(str(key), key)
                it.observe(f"{key} again", key)
                it.answer(len(it.attempts) - 1, 0)
        before = len(it.attempts)
        it.set_online(False)
        for key in KEYS[:n] if not observed else []:
            it.fetch(key)
        it.set_online(True)
        assert len(it.attempts) == before + n
        it.set_online(True)
        assert len(it.attempts) == before + n


@few
@given(mode=st.sampled_from(["online", "always", "offline_first"]))
def test_62_network_modes(mode):
    """62. "always" ignores a missing network; "offline_first" makes the first attempt and pauses retries."""
    with a_cache(retries=1, network_mode=mode) as cache:
        cache.set_online(False)
        cache.observe("x", KEY)
        assert cache.calls(KEY) == (0 if mode == "online" else 1)
        if mode != "online":
            cache.fail(0, Failure())
            cache.advance(RETRY_DELAY)
            assert cache.calls(KEY) == (2 if mode == "always" else 1)
            assert cache.view(KEY).fetch_status == ("fetching" if mode == "always" else "paused")


@few
@given(lost_after=st.integers(0, RETRY_DELAY - 1), away=st.integers(0, 100))
def test_60_a_retry_needs_the_network_when_its_time_comes(lost_after, away):
    """60. If the network goes while a retry is waited for, there is no attempt until it is back."""
    with a_cache(retries=1) as cache:
        cache.observe("x", KEY)
        cache.fail(0, Failure())
        cache.advance(lost_after)
        cache.set_online(False)
        cache.advance(RETRY_DELAY + away)
        assert cache.calls(KEY) == 1
        assert cache.view(KEY).fetch_status == "paused"
        cache.set_online(True)
        assert cache.calls(KEY) == 2


@few
@given(age=st.integers(0, 20), policy=st.sampled_from([True, False, "always"]), observers=st.integers(1, 3))
def test_63_focus_fetches_what_is_stale_once(age, policy, observers):
    """63. A regained focus fetches stale observed queries, fresh ones only if "always", each at most once."""
    with a_cache() as cache:
        with_data(cache)
        for number in range(observers):
            cache.observe(f"x{number}", KEY, stale_time=10, refetch_on_window_focus=policy, refetch_on_mount=False)
        cache.advance(age)
        cache.do(cache.focus.set_focused, False)
        cache.do(cache.focus.set_focused, True)
        wanted = policy == "always" or (policy is True and age >= 10)
        assert cache.calls(KEY) == 1 + wanted
