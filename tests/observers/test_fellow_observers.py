"""Many observers of one query: those that look alike get copies of one result, or take turns, and nobody can tell."""

from __future__ import annotations

import asyncio
import gc
import math
import weakref
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from virtual_clock import VirtualClock

from query import QueryClient, QueryObserver, QueryOptions, keep_previous_data, notify_manager

KEY = ["key"]


class Alone(QueryObserver):
    """A subclass is never told with others: it may have overridden anything."""


looks = [
    {"stale_time": math.inf},
    {"stale_time": 5.0},
    {},
    {"stale_time": math.inf, "meta": {"a": "fellow"}},
    {"stale_time": math.inf, "select": lambda data: data["n"] // 2},
    {"stale_time": math.inf, "notify_on_change_props": ["data"]},
    {"stale_time": lambda query: 5.0},
]


def fetch(context):
    """Answers at once."""
    return {"n": 5}


places = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 3)),
    st.tuples(st.just("same"), st.just(0)),
    st.tuples(st.just("invalidate"), st.just(0)),
    st.tuples(st.just("fail"), st.just(0)),
    st.tuples(st.just("reset"), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 4.0, 6.0])),
    st.tuples(st.just("leave"), places),
    st.tuples(st.just("come back"), places),
    st.tuples(st.just("follow"), places),
    st.tuples(st.just("track"), places),
    st.tuples(st.just("look otherwise"), places),
    st.tuples(st.just("raise"), places),
    st.tuples(st.just("write when told"), places),
    st.tuples(st.just("drop next when told"), places),
    st.tuples(st.just("listen when told"), places),
    st.tuples(st.just("look elsewhere"), places),
    st.tuples(st.just("keep when told"), places),
    st.tuples(st.just("keep the refetch when told"), places),
    st.tuples(st.just("look when told"), places),
    st.tuples(st.just("look at all when told"), places),
    st.tuples(st.just("subscribe to the cache when told"), places),
    st.tuples(st.just("look"), places),
    st.tuples(st.just("listen twice"), places),
)


async def story(kind, born, shapes, script, seen=True):
    """What the observers of one query are told, step by step; unless *seen*, nobody looks at them in between."""
    clock = VirtualClock(start=1000.0)
    client = QueryClient(clock=clock)
    query = client.get_query_cache().build(client, QueryOptions(query_key=KEY))
    if born:
        client.set_query_data(KEY, {"n": 0})
    options, others = [
        [
            client.default_query_options(
                QueryOptions(query_key=key, query_fn=fetch, refetch_on_mount=False, **look, **how)
            )
            for look in looks
        ]
        for key, how in ((KEY, {}), (["other"], {"enabled": False, "placeholder_data": keep_previous_data}))
    ]
    told, moods, kept, refetches = [], {}, [], []
    observers = []
    for shape in shapes:
        if born and seen and len(observers) == 3:
            client.set_query_data(KEY, {"n": 1})
        observers.append(kind(client, options[shape]))
    if seen:
        client.get_query_cache().subscribe(lambda event: told.append(event.type))

    def hear(place, result):
        told.append((place, type(result), repr(structs.replace(result, refetch=None))))
        assert result.refetch == observers[place].refetch
        mood = moods.pop(place, None)
        if mood == "write when told":
            client.set_query_data(KEY, {"n": 7})
        elif mood == "drop next when told":
            observers[(place + 1) % len(observers)].destroy()
            client.set_query_data(KEY, {"n": 8})
        elif mood == "listen when told":
            observers[place].subscribe(lambda result: told.append(("late", place, result.data)))
        elif mood == "raise":
            raise ValueError("mine")
        elif mood == "keep when told":
            kept.append((place, result, repr(structs.replace(result, refetch=None))))
        elif mood == "keep the refetch when told":
            refetches.append((place, result.refetch))
        elif mood == "look when told":
            assert observers[place].get_current_result() is result
            assert observers[place].get_current_result().refetch is result.refetch
        elif mood == "look at all when told":
            told.append([observer.get_current_result().data for observer in observers])
        elif mood == "subscribe to the cache when told":
            client.get_query_cache().subscribe(lambda event: told.append(event.type))

    listeners = [lambda result, place=place: hear(place, result) for place in range(len(observers))]
    for observer, listener in zip(observers, listeners):
        observer.subscribe(listener)
    for what, value in script:
        place = int(value) % len(observers)
        told.append(what)
        match what:
            case "write":
                client.set_query_data(KEY, {"n": value})
            case "same":
                query.set_data(query.state.data, updated_at=query.state.data_updated_at, manual=True)
            case "invalidate":
                query.invalidate()
            case "fail":
                query.set_state(status="error", error=ValueError, error_update_count=1)
            case "reset":
                query.reset()
            case "wait":
                await clock.advance(value)
            case "leave":
                observers[place].destroy()
            case "come back":
                observers[place].subscribe(listeners[place])
            case "follow":
                observers[place]._follow(lambda result, place=place: told.append((place, result.data)))
            case "track":
                observers[place].track_prop("data")
            case "look otherwise":
                observers[place].set_options(options[(shapes[place] + 1) % len(options)])
            case "look elsewhere":
                observers[place].set_options(others[shapes[place]])
            case "look":
                told.append(repr(structs.replace(observers[place].get_current_result(), refetch=None)))
            case "listen twice":
                observers[place].subscribe(lambda result, place=place: told.append(("twice", place, result.data)))
            case _:
                moods[place] = what
        if seen:
            told.append([(type(o.get_current_result()), o.get_current_result().data) for o in observers])
    for place, result, words in kept:
        assert repr(structs.replace(result, refetch=None)) == words
        assert result.refetch == observers[place].refetch
        assert result.refetch is observers[place].get_current_result().refetch
    for place, refetch in refetches:
        assert refetch == observers[place].refetch
        assert refetch is observers[place].get_current_result().refetch
    told.append([(type(o.get_current_result()), o.get_current_result().data) for o in observers])
    return told


@settings(deadline=None, max_examples=300)
@given(
    born=st.booleans(),
    shapes=st.lists(st.sampled_from([0, 0, 0, *range(len(looks))]), min_size=1, max_size=6),
    script=st.lists(steps, max_size=12),
)
@example(True, [0, 0], [("write", 1), ("drop next when told", 0), ("write", 2)])
@example(False, [0, 0], [("fail", 0), ("write", 1), ("look elsewhere", 1)])
@example(True, [0], [("write", 1), ("listen when told", 0), ("write", 2), ("raise", 0), ("write", 1)])
def test_nobody_can_tell_that_fellows_are_told_together(born, shapes, script):
    """Whatever they look with and whatever their listeners do, they are told what each alone would be told."""
    assert asyncio.run(story(QueryObserver, born, shapes, script)) == asyncio.run(story(Alone, born, shapes, script))


@settings(deadline=None, max_examples=300)
@given(size=st.integers(5, 7), script=st.lists(steps, min_size=1, max_size=12))
@example(5, [("keep when told", 2), ("look", 2), ("same", 0)])
@example(5, [("keep the refetch when told", 2), ("look", 2), ("same", 0)])
@example(5, [("look when told", 2), ("write when told", 1), ("same", 0)])
@example(5, [("subscribe to the cache when told", 2), ("same", 0)])
@example(5, [("listen when told", 2), ("drop next when told", 4), ("same", 0)])
@example(5, [("listen when told", 4), ("drop next when told", 4), ("listen twice", 0), ("same", 0)])
def test_nobody_can_tell_that_a_crowd_shares_one_result(size, script):
    """Neither by what the listeners do with it, nor by looking at it later."""
    shapes = [0] * size
    # it takes one write to see that they are alike, and another to tell them so
    script = [each for n, step in enumerate(script) for each in (("write", 2 * n), step, ("write", 2 * n + 1))]
    assert asyncio.run(story(QueryObserver, True, shapes, script, seen=False)) == asyncio.run(
        story(Alone, True, shapes, script, seen=False)
    )


async def test_what_was_told_in_a_crowd_is_kept_by_whoever_keeps_it(client, key, watch):
    """The results of all are there later, each with the refetch of its own observer, and the same one each time."""
    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=math.inf))
    observers = [QueryObserver(client, options) for _ in range(6)]
    told = [watch(observer) for observer in observers]
    for data in (1, 2, 3):
        client.set_query_data(key, data)
    for observer, results in zip(observers, told):
        assert [result.data for result in results] == [1, 2, 3]
        assert results[-1] is observer.get_current_result()
        assert {id(result.refetch) for result in results} == {id(results[0].refetch)}
        assert results[0].refetch == observer.refetch
        assert hash(results[0].refetch) == hash(observer.refetch)
        assert repr(results[0].refetch) == f"<refetch of {observer!r}>"


async def test_a_crowd_whose_listeners_wait_is_told_in_the_next_turn(client, key, reported):
    """All of them, in their order, each with its own result, also where one raises."""
    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=math.inf))
    observers = [QueryObserver(client, options) for _ in range(6)]
    told = []

    def hear(place, result):
        told.append((place, result.data, result.refetch == observers[place].refetch))
        if place == 2:
            raise ValueError("mine")

    for place, observer in enumerate(observers):
        observer.subscribe(notify_manager.batch_calls(partial(hear, place)))
    for data in (1, 2):
        client.set_query_data(key, data)
        shown = [observer.get_current_result().data for observer in observers]
        assert (told, shown) == ([], [data] * 6)
        await asyncio.sleep(0)
        assert told == [(place, data, True) for place in range(6)]
        told.clear()
    assert len(reported) == 2
    reported.clear()
    for observer in observers:
        observer.destroy()


async def test_each_result_carries_the_refetch_of_its_own_observer(client, key, observe, watch):
    """Though all else of it is shared."""
    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=math.inf))
    observers = [QueryObserver(client, options) for _ in range(3)]
    for observer in observers:
        watch(observer)
    for data in (1, 2, 3):
        client.set_query_data(key, data)
        results = [observer.get_current_result() for observer in observers]
        assert [result.data for result in results] == [data] * 3
        assert [result.refetch for result in results] == [observer.refetch for observer in observers]
    assert len({id(result.refetch) for result in results}) == 3


async def test_the_first_to_be_told_is_not_kept_alive_by_the_others(client, key, watch):
    """What they share carries nothing of it."""
    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=math.inf))
    first, other = QueryObserver(client, options), QueryObserver(client, options)
    unsubscribe = first.subscribe(lambda result: None)
    watch(other)
    client.set_query_data(key, 1)
    unsubscribe()
    gone = weakref.ref(first)
    del first, unsubscribe
    gc.collect()
    assert gone() is None
    assert other.get_current_result().data == 1


async def test_a_stand_in_among_observers_is_told_too(client, key, watch):
    """It knows nothing of fellows."""
    client.set_query_data(key, 0)
    query = client.get_query_cache().find(key)

    class StandIn:
        options = client.default_query_options(QueryOptions(query_key=key))
        updates = 0

        def on_query_update(self):
            self.updates += 1

    for first in (True, False):
        stand_in = StandIn()
        observer = QueryObserver(client, QueryOptions(query_key=key, stale_time=math.inf))
        told = []
        if first:
            query.add_observer(stand_in)
        unsubscribe = observer.subscribe(told.append)
        if not first:
            query.add_observer(stand_in)
        client.set_query_data(key, [first])
        assert (len(told), stand_in.updates) == (1, 1)
        query.remove_observer(stand_in)
        unsubscribe()


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_an_observer_of_a_subclass_is_asked_wherever_it_stands(client, key, watch, place):
    """It may have overridden what the others are not asked for."""
    asked = []

    class Asked(QueryObserver):
        def on_query_update(self):
            asked.append(self)
            super().on_query_update()

    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=math.inf))
    told = [watch((Asked if number == place else QueryObserver)(client, options)) for number in range(3)]
    for data in (1, 2):
        client.set_query_data(key, data)
    assert len(asked) == 2
    assert [[result.data for result in results] for results in told] == [[1, 2]] * 3


@pytest.mark.parametrize("stale_time", [5.0, math.inf])
async def test_a_listener_that_takes_long_makes_the_rest_see_the_data_old(client, key, watch, clock, stale_time):
    """The time passes while the first is told; the last is told what is true by then."""
    client.set_query_data(key, 0)
    options = client.default_query_options(QueryOptions(query_key=key, stale_time=stale_time))
    slow, other = QueryObserver(client, options), QueryObserver(client, options)
    unsubscribe = slow.subscribe(lambda result: clock.set_time(clock.time() + 10) if result.data == 2 else None)
    told = watch(other)
    client.set_query_data(key, 1)
    client.set_query_data(key, 2)
    assert [result.is_stale for result in told] == [False, stale_time < math.inf]
    unsubscribe()
