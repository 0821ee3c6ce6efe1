"""Who listens to an observer is kept in fewer objects than other listeners are, and told in the same order.

So is who listens to a cache, which tells them by a way of its own, too.
"""

import gc
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import QueryCache, QueryObserver, QueryOptions
from query.observers.heard_by_few import HeardByFew
from query.runtime.subscribable import Subscribable

SOME = 12
"""Enough listeners for a dict."""

# what a listener does when it is told: subscribe (True) or unsubscribe (False) one of them
DEEDS = st.lists(st.tuples(st.booleans(), st.integers(0, SOME - 1)), max_size=3)
# who does that, at which telling: nobody does it twice
SCRIPTS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, SOME - 1)), DEEDS, max_size=8)


def told_by(source, first, script):
    """Who was told at each of four tellings, and who listens after each."""
    told = []
    leave = {}
    listeners = []

    def listener_of(number):
        def listener(telling):
            told.append((telling, number))
            for comes, other in script.get((telling, number), ()):
                act(comes, other)

        return listener

    def act(comes, number):
        if comes:
            leave[number] = source.subscribe(listeners[number])
        elif number in leave:
            leave[number]()

    listeners.extend(listener_of(number) for number in range(SOME))
    for number in first:
        act(True, number)
    for telling in range(4):
        source._tell(telling)
        told.append([listeners.index(one) for one in source._present()])
        told.append(source.has_listeners())
    return told


@pytest.mark.parametrize("kind", [HeardByFew, QueryCache])
@given(st.lists(st.integers(0, SOME - 1), max_size=SOME), SCRIPTS)
def test_listeners_are_told_as_those_of_anything_else(kind, first, script):
    """Whoever comes or leaves in the middle of it."""
    assert told_by(kind(), first, script) == told_by(Subscribable(), first, script)


@pytest.mark.parametrize("count", [1, 2, 8, 9])
def test_all_leave(count):
    """Each of them once, whether there are one, few or many."""
    source, told = HeardByFew(), []
    leave = [source.subscribe(lambda value, number=number: told.append(number)) for number in range(count)]
    source._tell("now")
    for one in leave:
        one()
    source._tell("never")
    assert (told, source.has_listeners()) == (list(range(count)), False)


def test_equal_listeners_are_one():
    """A bound method is another object at each look; the first unsubscribe ends it."""
    source, told = HeardByFew(), []
    source.subscribe(told.append)
    leave = source.subscribe(told.append)
    source._tell(1)
    leave()
    source._tell(2)
    assert told == [1]


async def test_one_listener_has_no_container(client, key):
    """Thousands of observers with one listener each are as many objects fewer for the collector of garbage."""
    client.set_query_data(key, 1)
    observer = QueryObserver(client, QueryOptions(query_key=key, stale_time=math.inf))

    def listener(result):
        pass

    leave = observer.subscribe(listener)
    referents = gc.get_referents(observer)
    assert [one for one in referents if type(one) in (tuple, list, dict) and listener in one] == []
    assert listener in referents
    leave()


async def test_a_second_listener_that_leaves_is_forgotten(client, key):
    """As for a moment with ``wait_for``: the observer is told as plainly as before."""
    client.set_query_data(key, 1)
    observer = QueryObserver(client, QueryOptions(query_key=key, stale_time=math.inf))
    told = []
    observer.subscribe(told.append)
    observer.subscribe(lambda result: None)()
    client.set_query_data(key, 2)
    assert [result.data for result in told] == [2]
    assert observer._listener == told.append
    observer.destroy()
