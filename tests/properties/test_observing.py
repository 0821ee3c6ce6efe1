"""What observers show, and when they are told; the numbers are those of the list of invariants."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from stories import KEYS, Player, stories
from subjects import Failure, a_cache, few

from query import keep_previous_data

KEY = ("a",)


@few
@given(story=stories)
def test_53_a_disabled_observer_fetches_nothing_and_is_never_stale(story):
    """53. Whatever happens to its query, a disabled observer makes no attempt and never says stale."""
    with a_cache() as cache:
        observer = cache.observe("off", ("a", 1), False)
        player = Player(cache)
        for step in story:
            player.take(step)
            assert not observer.get_current_result().is_stale
        # what is removed is no longer looked at by anybody else
        cache.remove(("a", 1))
        calls = cache.calls(("a", 1))
        for signal in (cache.focus.set_focused, cache.online.set_online):
            cache.do(signal, False)
            cache.do(signal, True)
        assert cache.calls(("a", 1)) == calls


@few
@given(data=st.integers(), placeholder=st.integers())
def test_54_select_and_placeholders_stay_out_of_the_cache(data, placeholder):
    """54. What select makes, and what stands in, is never in the cache."""
    with a_cache() as cache:
        observer = cache.observe("x", KEY, select=lambda n: ["selected", n], placeholder_data=placeholder)
        assert observer.get_current_result().data == ["selected", placeholder]
        assert cache.client.get_query_data(KEY) is None
        cache.answer(0, data)
        assert observer.get_current_result().data == ["selected", data]
        assert cache.client.get_query_data(KEY) == data


@few
@given(story=stories, fails=st.booleans())
def test_55_select_runs_only_for_other_data(story, fails):
    """55. select runs once for each other data; its error shows in that observer alone."""
    calls = []

    def select(data):
        calls.append(data)
        if fails:
            raise Failure
        return data

    with a_cache() as cache:
        observer = cache.observe("selecting", KEY, True, math.inf, select=select)
        player = Player(cache)
        for step in story:
            before, count = observer.get_current_query().state.data, len(calls)
            player.take(step)
            after = observer.get_current_query().state.data
            if after is before or after == before:
                assert len(calls) == count, step
            if fails and calls and observer.get_current_query().state.status == "success":
                assert observer.get_current_result().is_error


@few
@given(data=st.integers(), factors=st.lists(st.integers(0, 5), min_size=1, max_size=5), fresh=st.lists(st.booleans()))
def test_55_another_select_is_applied_at_once(data, factors, fresh):
    """55. select runs anew when it is another function, whether or not the data changed."""
    with a_cache() as cache:
        observer = cache.observe("x", KEY, True, math.inf)
        cache.answer(0, data)
        for number, factor in enumerate(factors):
            if fresh[number : number + 1] == [True]:
                data += 1
                cache.write(KEY, data)
            options = cache.options(KEY, stale_time=math.inf, select=lambda n, factor=factor: (n, factor))
            cache.do(observer.set_options, options)
            assert observer.get_current_result().data == (data, factor)


@few
@given(count=st.integers(2, 5), leaving=st.integers(0, 4), told_by=st.integers(0, 4))
def test_52_who_leaves_is_told_no_more(count, leaving, told_by):
    """52. A listener that leaves is not told any more, not even of the change in which it left."""
    leaving, told_by = leaving % count, told_by % count
    with a_cache() as cache:
        observer = cache.observe("keeps", KEY, True, math.inf)
        left, late = [], []

        def listen(number):
            def listener(result):
                if number == leaving and left:
                    late.append(result)
                if number == told_by and not left:
                    left.append(result)
                    stops[leaving]()

            return listener

        stops = [observer.subscribe(listen(number)) for number in range(count)]
        cache.answer(0, 1)
        cache.write(KEY, 2)
        for stop in stops:
            cache.do(stop)
        assert left
        assert late == []


@few
@given(fails=st.booleans(), status=st.sampled_from(["answered", "failed", "waiting"]))
def test_56_a_placeholder_is_a_success_until_there_is_a_result(fails, status):
    """56. A placeholder is shown as a success with no date, and goes with the first real result."""
    with a_cache() as cache:
        observer = cache.observe("x", KEY, placeholder_data="stand-in")
        result = observer.get_current_result()
        assert (result.status, result.data, result.is_placeholder_data) == ("success", "stand-in", True)
        assert result.data_updated_at == 0
        if status == "answered":
            cache.answer(0, "data")
            assert (observer.get_current_result().data, observer.get_current_result().is_placeholder_data) == (
                "data",
                False,
            )
        elif status == "failed":
            cache.fail(0, Failure())
            assert (observer.get_current_result().status, observer.get_current_result().has_data) == ("error", False)


@few
@given(moves=st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), min_size=1, max_size=6))
def test_57_the_previous_data_is_kept_until_there_is_new(moves):
    """57. keep_previous_data shows the last data that there was until the new key has some."""
    with a_cache() as cache:
        observer = cache.observe("x", KEY, True, math.inf, placeholder_data=keep_previous_data)
        cache.answer(0, "first")
        shown = "first"
        for key, answers in moves:
            options = cache.options(key, stale_time=math.inf, placeholder_data=keep_previous_data)
            cache.do(observer.set_options, options)
            known = cache.view(key).data
            if cache.view(key).status == "success":
                shown = known
            elif answers:
                shown = f"data of {key}"
                cache.answer(max(n for n, (asked, _, _) in enumerate(cache.asked) if asked == key), shown)
            assert observer.get_current_result().data == shown


@few
@given(moves=st.lists(st.sampled_from(KEYS), min_size=1, max_size=6), others=st.integers(0, 2))
def test_58_another_key_moves_the_observer(moves, others):
    """58. With another key the old query loses, and the new one gains, exactly this observer."""
    with a_cache() as cache:
        for number in range(others):
            cache.observe(number, KEYS[number], False)
        observer = cache.observe("x", KEY)
        for key in moves:
            cache.do(observer.set_options, cache.options(key))
            assert [
                query.query_key for query in cache.client.get_query_cache().get_all() if observer in query.observers
            ] == [key]
            assert sum(map(cache.observers, KEYS)) == others + 1


FIELDS = ["data", "error", "fetch_status", "is_stale", "failure_count", "data_updated_at"]


@few
@given(story=stories, names=st.lists(st.sampled_from(FIELDS), max_size=3, unique=True))
def test_59_who_names_fields_is_told_of_those(story, names):
    """59. With notify_on_change_props an observer tells exactly when one of those changed."""
    with a_cache() as cache:
        observer = cache.observe("some", KEY, notify_on_change_props=names)
        # one that is told everything sees the same results
        cache.observe("all", KEY, notify_on_change_props="all")
        previous = observer.get_current_result()
        cache.seen["some"].clear()
        cache.seen["all"].clear()
        player = Player(cache)
        for step in story:
            player.take(step)
        expected = []
        for result in cache.seen["all"]:
            if any(getattr(result, name) != getattr(previous, name) for name in names):
                expected.append([getattr(result, name) for name in names])
            previous = result
        assert [[getattr(result, name) for name in names] for result in cache.seen["some"]] == expected
