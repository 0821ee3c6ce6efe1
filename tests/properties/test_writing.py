"""Filters, invalidation, writes, cancelling and resetting; the numbers are those of the list of invariants."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from model import NOTHING, View
from stories import KEYS, Player, prefixes, stories
from subjects import Failure, a_cache, few, on_both

from query import UNSET, QueryFilters, replace_equal_deep

KEY = ("a",)


def after(it, story):
    """The subject after a story."""
    player = Player(it)
    for step in story:
        player.take(step)
    return it


def views(it):
    """All that can be seen."""
    return {key: it.view(key) for key in it.keys()}


def matches(key, prefix):
    """The model of a filter by key."""
    return key[: len(prefix)] == prefix


# -- filters and invalidation

leaves = st.sampled_from([0, 1, "1", True, None])
parts = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


def begins(key, prefix):
    """The model of prefixes: lists by their beginning, dicts by a part, anything else by type and value."""
    if isinstance(key, (list, tuple)) and isinstance(prefix, (list, tuple)):
        return len(prefix) <= len(key) and all(map(begins, key, prefix))
    if isinstance(key, dict) and isinstance(prefix, dict):
        return all(name in key and begins(key[name], value) for name, value in prefix.items())
    return type(key) is type(prefix) and key == prefix


def plain(key):
    """A key as lists and dicts."""
    return [plain_part(part) for part in key]


def plain_part(part):
    if hasattr(part, "items"):
        return {name: plain_part(value) for name, value in part.items()}
    return [plain_part(one) for one in part] if isinstance(part, (list, tuple)) else part


@few
@given(
    keys=st.lists(st.lists(parts, min_size=1, max_size=3), min_size=1, max_size=6),
    prefix=st.lists(parts, max_size=2),
    pick=st.none() | st.integers(0, 5),
)
def test_38_filters_by_key_are_those_of_the_model(keys, prefix, pick):
    """38. Filters find, in the order of the cache, what the model of prefixes says."""
    with a_cache() as cache:
        for key in keys:
            cache.do(lambda key=key: cache.client.set_query_data(key, 1))
        if pick is not None:
            prefix = keys[pick % len(keys)][: 1 + pick % 2]
        cached = [plain(query.query_key) for query in cache.client.get_query_cache().get_all()]
        found = [plain(query.query_key) for query in cache.client.get_query_cache().find_all(prefix)]
        assert found == [key for key in cached if begins(key, prefix)]


@few
@given(
    story=stories,
    kind=st.sampled_from([None, "all", "active", "inactive"]),
    stale=st.sampled_from([None, True, False]),
    fetch_status=st.sampled_from([None, "idle", "fetching", "paused"]),
)
def test_38_filters_are_the_conjunction_of_their_fields(story, kind, stale, fetch_status):
    """38. Type, staleness, fetch status and predicate all have to hold."""
    with a_cache() as cache:
        after(cache, story)
        queries = cache.client.get_query_cache()
        found = queries.find_all(
            QueryFilters(type=kind, stale=stale, fetch_status=fetch_status, predicate=lambda q: q.query_key != ("b",))
        )
        assert found == [
            query
            for query in queries.get_all()
            if query.query_key != ("b",)
            and (kind in (None, "all") or query.is_active() is (kind == "active"))
            and (stale is None or query.is_stale() is stale)
            and (fetch_status is None or query.state.fetch_status == fetch_status)
        ]


@on_both
@few
@given(story=stories, prefix=prefixes)
def test_39_invalidating_marks_what_matches_and_changes_nothing_else(subject, story, prefix):
    """39. Without a refetch, invalidation marks exactly what matches, and does nothing else."""
    with subject() as it:
        before = views(after(it, story))
        it.invalidate(prefix, False)
        assert views(it) == {
            key: replace(view, invalidated=view.invalidated or matches(key, prefix)) for key, view in before.items()
        }


@on_both
@few
@given(story=stories, prefix=prefixes)
def test_40_invalidating_fetches_what_matches_and_is_active(subject, story, prefix):
    """40. By default it fetches, besides, exactly what matches and has an enabled observer."""
    with subject() as it:
        after(it, [("set_online", True), *(step for step in story if step[0] not in ("set_online", "observe"))])
        it.observe("on", ("a", 1), True, math.inf)
        it.observe("off", ("b",), False)
        calls = {key: it.calls(key) for key in KEYS}
        busy = it.view(("a", 1)).fetch_status != "idle" and it.view(("a", 1)).data == NOTHING
        it.invalidate(prefix)
        for key in KEYS:
            wanted = key == ("a", 1) and matches(key, prefix) and not busy
            assert it.calls(key) == calls[key] + wanted


@on_both
@few
@given(story=stories, prefix=prefixes)
def test_41_removing_takes_out_what_matches(subject, story, prefix):
    """41. Removing takes out exactly what matches, and leaves the others as they are."""
    with subject() as it:
        before = views(after(it, story))
        it.remove(prefix)
        assert views(it) == {key: view for key, view in before.items() if not matches(key, prefix)}


@on_both
@few
@given(story=stories, key=st.sampled_from(KEYS))
def test_42_a_write_touches_one_query(subject, story, key):
    """42. A write changes one query: its data, date and count; it is a success, not invalidated; fetches go on."""
    with subject() as it:
        before = views(after(it, story))
        it.write(key, "written")
        was = before.get(key, View())
        assert views(it) == before | {
            key: replace(
                was,
                data="written",
                updates=was.updates + 1,
                updated_at=it.now,
                status="success",
                error=None,
                invalidated=False,
            )
        }


@few
@given(story=stories, key=st.sampled_from(KEYS))
def test_43_an_updater_that_returns_nothing_does_nothing(story, key):
    """43. An updater that returns UNSET creates no entry, changes nothing and tells nobody."""
    with a_cache() as cache:
        before = views(after(cache, story))
        told = []
        stop = cache.do(lambda: cache.client.get_query_cache().subscribe(told.append))
        assert cache.do(lambda: cache.client.set_query_data(key, lambda old: UNSET)) is UNSET
        cache.do(stop)
        assert views(cache) == before
        assert told == []


json = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["a", "b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def same(a, b):
    """Equality in which types count."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


@few
@given(a=json, b=json)
def test_44_structural_sharing(a, b):
    """44. What is shared equals the new data; equal data keeps the very object; nothing is changed; twice is once."""
    old, new = copy.deepcopy(a), copy.deepcopy(b)
    shared = replace_equal_deep(a, b)
    assert same(shared, b)
    assert same(a, old)
    assert same(b, new)
    assert replace_equal_deep(a, copy.deepcopy(a)) is a
    assert replace_equal_deep(shared, copy.deepcopy(b)) is shared
    if isinstance(a, dict) and isinstance(b, dict):
        for name in a.keys() & b.keys():
            if same(a[name], b[name]) and isinstance(a[name], (dict, list)):
                assert shared[name] is a[name]


@on_both
@few
@given(fetched=st.booleans())
def test_45_a_write_survives_the_cancel_of_a_fetch(subject, fetched):
    """45. What was written while a fetch was under way stays when that is cancelled."""
    with subject() as it:
        if fetched:
            it.fetch(KEY)
            it.answer(0, "fetched")
        it.fetch(KEY)
        it.write(KEY, "written")
        it.cancel(KEY)
        assert (it.view(KEY).data, it.view(KEY).fetch_status) == ("written", "idle")


@on_both
@few
@given(writes=st.integers(1, 4))
def test_46_a_write_ends_no_fetch(subject, writes):
    """46. Writing ends no fetch under way; its answer overwrites what was written."""
    with subject() as it:
        it.fetch(KEY)
        for number in range(writes):
            it.write(KEY, number)
            assert it.view(KEY).fetch_status == "fetching"
        it.answer(0, "fetched")
        assert (it.view(KEY).data, it.view(KEY).updates) == ("fetched", writes + 1)


# -- cancelling and resetting


@on_both
@few
@given(story=stories, key=st.sampled_from(KEYS))
def test_47_a_cancelled_fetch_leaves_things_as_they_were(subject, story, key):
    """47. Cancelling a fetch brings back data and counts of before it, and the query is idle."""
    with subject() as it:
        after(it, story)
        before = it.view(key)
        if before is not None and before.fetch_status == "idle":
            it.fetch(key)
            it.cancel(key)
            assert it.view(key) == before


@on_both
@few
@given(story=stories, prefix=prefixes)
def test_48_cancelling_what_is_idle_changes_nothing(subject, story, prefix):
    """48. A cancel changes queries that fetch, and no others."""
    with subject() as it:
        before = views(after(it, story))
        it.cancel(prefix)
        for key, view in views(it).items():
            if before[key].fetch_status == "idle" or not matches(key, prefix):
                assert view == before[key]
            else:
                assert view.fetch_status == "idle"


@on_both
@few
@given(story=stories, prefix=prefixes)
def test_49_a_reset_goes_back_to_the_start(subject, story, prefix):
    """49. After a reset an inactive query is as at its beginning, and an active one fetches from there."""
    with subject() as it:
        before = views(after(it, story))
        calls = {key: it.calls(key) for key in KEYS}
        it.reset(prefix)
        for key, view in views(it).items():
            if not matches(key, prefix):
                assert view == before[key]
            elif it.calls(key) == calls[key] and view.fetch_status == "idle":
                assert view == View()
            else:
                assert it.observers(key)
                assert view in (View(fetch_status="fetching"), View(fetch_status="paused"))


@on_both
@few
@given(data=st.booleans())
def test_50_a_refetch_supersedes_only_where_there_is_data(subject, data):
    """50. With data a refetch supersedes the fetch under way; a first load is joined."""
    with subject() as it:
        it.observe("x", KEY)
        if data:
            it.answer(0, 0)
            it.fetch(KEY)
        calls = it.calls(KEY)
        it.invalidate(KEY)
        assert it.calls(KEY) == calls + data
        it.answer(it.calls(KEY) - 1, "last")
        assert it.view(KEY).data == "last"


@few
@given(fails=st.booleans())
def test_50_who_waited_for_a_superseded_fetch_gets_the_result_of_the_next(fails):
    """50. Those who waited for the first get what the second comes to."""
    with a_cache() as cache:
        cache.observe("x", KEY)
        cache.answer(0, 0)
        waiting = cache.run(cache.do(lambda: cache.client.fetch_query(cache.options(KEY))))
        cache.invalidate(KEY)
        outcome = Failure() if fails else "second"
        cache.answer(1, "first")
        assert not waiting.done()
        cache.fail(2, outcome) if fails else cache.answer(2, outcome)
        assert waiting.result() == ((None, outcome) if fails else (outcome, None))
