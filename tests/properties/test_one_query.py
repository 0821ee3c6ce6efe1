"""What holds of one query after every step of every story; the numbers are those of the list of invariants."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from model import NOTHING
from stories import Player, play, stories
from subjects import a_cache, few, on_both

from query import QueryObserver
from query.base.query_key import QueryKey


def views_of(told):
    """All views of all steps."""
    return [view for _, _, after in told for view in after.values()]


def pairs_of(told, *but):
    """(step, key, view before, view after) of the queries that a step found and left, without some kinds of steps."""
    return [
        (step, key, before[key], view)
        for step, before, after in told
        for key, view in after.items()
        if key in before and step[0] not in but
    ]


@on_both
@few
@given(story=stories)
def test_01_success_has_data_and_no_error(subject, story):
    """1. If the status is success, there is data and no error."""
    with subject() as it:
        for view in views_of(play(it, story)):
            assert view.status != "success" or (view.data != NOTHING and view.error is None)


@on_both
@few
@given(story=stories)
def test_02_pending_has_nothing(subject, story):
    """2. If the status is pending, there is neither data nor an error."""
    with subject() as it:
        for view in views_of(play(it, story)):
            assert view.status != "pending" or (view.data == NOTHING and view.error is None)


@on_both
@few
@given(story=stories)
def test_03_error_has_an_error_and_is_invalidated_when_idle(subject, story):
    """3. If the status is error, there is an error; and if no fetch is under way, the query is invalidated."""
    with subject() as it:
        for view in views_of(play(it, story)):
            if view.status == "error":
                assert view.error is not None
                assert view.invalidated or view.fetch_status != "idle"


@on_both
@few
@given(story=stories)
def test_04_failures_have_a_reason(subject, story):
    """4. The count of failures is above 0 if, and only if, there is a reason."""
    with subject(retries=1) as it:
        for view in views_of(play(it, story)):
            assert view.failures >= 0
        for key in it.keys() if hasattr(it, "client") else ():
            state = it.query(key).state
            assert (state.fetch_failure_count > 0) is (state.fetch_failure_reason is not None)


@on_both
@few
@given(story=stories)
def test_05_what_says_fetching_has_a_fetch(subject, story):
    """5. The fetch status is not idle if, and only if, a fetch exists."""
    with subject() as it:
        player = Player(it)
        for step in story:
            player.take(step)
            for key in it.keys():
                runs = it.view(key).fetch_status != "idle"
                if hasattr(it, "client"):
                    assert (it.query(key).promise is not None) is runs
                elif it.view(key).fetch_status == "fetching":
                    assert it.entries[key].attempt is not None


@few
@given(story=stories)
def test_06_flags_are_functions_of_the_status(story):
    """6. The flags of a result follow from status, fetch status and whether there is data."""
    with a_cache() as cache:
        play(cache, story)
        for query in cache.client.get_query_cache().get_all():
            for result in [observer.get_current_result() for observer in query.observers]:
                pending, fetching = result.status == "pending", result.fetch_status == "fetching"
                assert result.is_pending is pending
                assert result.is_success is (result.status == "success")
                assert result.is_error is (result.status == "error")
                assert result.is_fetching is fetching
                assert result.is_paused is (result.fetch_status == "paused")
                assert result.is_loading is (pending and fetching)
                assert result.is_refetching is (fetching and not pending)
                assert result.is_loading_error is (result.is_error and not result.has_data)
                assert result.is_refetch_error is (result.is_error and result.has_data)


leaves = st.sampled_from([0, 1, "1", True, False, None, "a"])
keys = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)


def differently(part):
    """The same part with its dicts written in the other order, and tuples for lists."""
    if isinstance(part, dict):
        return {name: differently(part[name]) for name in reversed(list(part))}
    return tuple(map(differently, part)) if isinstance(part, list) else part


def canonical(part):
    """A model of equality: types count, the order of lists counts, that of dicts does not."""
    if isinstance(part, dict):
        return ("dict", frozenset((name, canonical(value)) for name, value in part.items()))
    if isinstance(part, (list, tuple)):
        return ("list", tuple(map(canonical, part)))
    return (type(part).__name__, part)


@few
@given(parts=st.lists(st.lists(keys, min_size=1, max_size=3), min_size=1, max_size=6))
def test_07_keys_are_unique(parts):
    """7. No two entries have equal keys: order in dicts does not count, order in lists and types (1, "1", True) do."""
    with a_cache() as cache:
        for number, key in enumerate(parts):
            cache.do(lambda key=key, n=number: cache.client.set_query_data(key, n))
            cache.do(lambda key=key, n=number: cache.client.set_query_data(differently(key), n))
        assert len(cache.keys()) == len({canonical(key) for key in parts})
        texts = {QueryKey(*key).text for key in parts}
        assert len(texts) == len(cache.keys())


@few
@given(story=stories)
def test_08_no_change_without_an_event(story):
    """8. What can be seen of a query changes only in a step in which the cache tells of that query."""
    with a_cache() as cache:
        told = []
        stop = cache.do(
            lambda: cache.client.get_query_cache().subscribe(lambda e: told.append(tuple(e.query.query_key)))
        )
        player = Player(cache)
        for step in story:
            before = {key: cache.view(key) for key in cache.keys()}
            told.clear()
            player.take(step)
            after = {key: cache.view(key) for key in cache.keys()}
            assert {key for key in before | after if before.get(key) != after.get(key)} <= set(told)
        cache.do(stop)


@on_both
@few
@given(story=stories)
def test_09_counts_never_decrease(subject, story):
    """9. Until a query is removed or reset, its counts of updates and errors never decrease."""
    with subject() as it:
        for step, _, before, after in pairs_of(play(it, story), "reset"):
            assert after.updates >= before.updates, step
            assert after.errors >= before.errors, step


@on_both
@few
@given(story=stories)
def test_10_the_date_of_data_never_decreases(subject, story):
    """10. Without given dates, initial data and resets, data is never dated back."""
    with subject() as it:
        for step, _, before, after in pairs_of(play(it, story), "reset"):
            assert after.updated_at >= before.updated_at, step


@on_both
@few
@given(story=stories)
def test_11_data_changes_only_with_its_count(subject, story):
    """11. Data changes only together with the count of updates, but for resets."""
    with subject() as it:
        for step, _, before, after in pairs_of(play(it, story), "reset"):
            assert (after.data == before.data) is (after.updates == before.updates), step


@on_both
@few
@given(story=stories)
def test_12_a_success_clears_what_was_wrong(subject, story):
    """12. After a success a query is not invalidated, has no error, and its status is success."""
    with subject() as it:
        for step, _, before, after in pairs_of(play(it, story)):
            if after.updates > before.updates:
                assert (after.invalidated, after.error, after.status) == (False, None, "success"), step


@few
@given(story=stories)
def test_15_every_attempt_is_announced(story):
    """15. Over a whole run there are no more calls of a key than fetches and retries that the cache announced."""
    with a_cache(retries=1) as cache:
        announced = Counter()

        def count(event):
            if event.action is not None and event.action.type in ("fetch", "failed"):
                announced[tuple(event.query.query_key)] += 1

        stop = cache.do(lambda: cache.client.get_query_cache().subscribe(count))
        play(cache, story)
        cache.do(stop)
        for key in cache.keys():
            assert cache.calls(key) <= announced[key]


@few
@given(story=stories)
def test_51_nothing_is_left_of_a_client_that_is_cleared(story):
    """51. After clear() and unmount() no task, timer, observer or listener of the client is left."""
    with a_cache(retries=1) as cache:
        play(cache, story)
        # observers that look at what was removed are no longer in the cache
        for name in list(cache.left):
            cache.unobserve(name)
        cache.do(cache.client.clear)
        assert cache.client.get_query_cache().get_all() == []
        assert cache.client.leaks() == []
        assert cache.client.is_fetching() == 0


@few
@given(story=stories)
def test_52_only_subscribers_are_told_and_the_last_word_is_the_result(story):
    """52. Only subscribed observers are told, and what they were told last is what they show."""
    with a_cache() as cache:
        player = Player(cache)
        observers = {}
        for step in story:
            heard = {name: len(results) for name, results in cache.seen.items()}
            listening = set(cache.left)
            player.take(step)
            for query in cache.client.get_query_cache().get_all():
                observers |= {id(one): one for one in query.observers if isinstance(one, QueryObserver)}
            for name, results in cache.seen.items():
                if len(results) > heard.get(name, 0):
                    assert name in listening | set(cache.left)
                    assert any(results[-1] is one.get_current_result() for one in observers.values())
