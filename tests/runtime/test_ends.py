"""Ends that are taken in when the loop has had its turn, or before if nobody can tell."""

from __future__ import annotations

import asyncio

import pytest

from query.runtime.ends import Ends


class Ended:
    """A call that has come to its end; it writes down when that is taken in."""

    def __init__(self, name, order, then=None):
        self.name = name
        self.order = order
        self.then = then

    def take_in(self):
        self.order.append(self.name)
        if self.then is not None:
            self.then()


@pytest.fixture
def order():
    """What happened, one after the other."""
    return []


@pytest.fixture
def ends():
    """The ends."""
    return Ends()


async def test_ends_are_taken_in_on_the_next_turn_among_what_else_has_it(ends, order):
    """Each after what the loop had to run when it came, and before what came later."""
    loop = asyncio.get_running_loop()
    ends.put(loop, Ended("a", order))
    ends.put(loop, Ended("b", order))
    loop.call_soon(order.append, "else")
    ends.put(loop, Ended("c", order))
    assert order == []
    await asyncio.sleep(0)
    assert order == ["a", "b", "else", "c"]


async def test_one_that_nothing_comes_before_may_be_taken_in_at_once(ends, order):
    """It waits no more then, and neither does the next one after it."""
    loop = asyncio.get_running_loop()
    for _ in range(3):
        ended = Ended("a", order)
        ends.put(loop, ended)
        assert ends.is_next(ended)
        assert not ends.is_next(ended)
    await asyncio.sleep(0)
    assert order == []


async def test_not_while_the_loop_has_anything_else_to_run(ends, order):
    """That might look, before it or after it: a task that asks for the same is to find the fetch under way."""
    loop = asyncio.get_running_loop()
    loop.call_soon(order.append, "before")
    first = Ended("first", order)
    ends.put(loop, first)
    assert not ends.is_next(first)
    await asyncio.sleep(0)
    second = Ended("second", order)
    ends.put(loop, second)
    loop.call_soon(order.append, "after")
    assert not ends.is_next(second)
    await asyncio.sleep(0)
    assert order == ["before", "first", "second", "after"]


async def test_not_while_another_one_waits(ends, order):
    """They are taken in in their order."""
    loop = asyncio.get_running_loop()
    first, second = Ended("first", order), Ended("second", order)
    ends.put(loop, first)
    ends.put(loop, second)
    assert not ends.is_next(first)
    assert not ends.is_next(second)
    await asyncio.sleep(0)
    assert order == ["first", "second"]


async def test_not_for_ever_without_a_turn_of_the_loop(ends, order):
    """A task that does nothing but wait for such ends must not keep the loop from its network and its timers."""
    loop = asyncio.get_running_loop()
    taken = 0
    ended = Ended("left", order)
    ends.put(loop, ended)
    while ends.is_next(ended):
        taken += 1
        ends.put(loop, ended)
    assert 1 < taken < 1000
    await asyncio.sleep(0)
    assert order == ["left"]
    ends.put(loop, ended)
    assert ends.is_next(ended)


async def test_not_on_a_loop_that_does_not_show_what_it_has_to_run(ends, order):
    """Nobody can know what comes before it."""

    class Hidden:
        def call_soon(self, callback, *arguments):
            return asyncio.get_running_loop().call_soon(callback, *arguments)

    ended = Ended("a", order)
    ends.put(Hidden(), ended)
    assert not ends.is_next(ended)
    await asyncio.sleep(0)
    assert order == ["a"]


async def test_not_within_the_start_of_a_task_that_somebody_else_goes_on_after(ends, order, monkeypatch):
    """Who started it goes on when it waits, and is to see what is under way."""
    monkeypatch.setattr("query.runtime.ends.BEING_STARTED", {"a task"})
    ended = Ended("a", order)
    ends.put(asyncio.get_running_loop(), ended)
    assert not ends.is_next(ended)
    await asyncio.sleep(0)
    assert order == ["a"]


async def test_an_error_in_one_leaves_the_others(ends, order, reported):
    """They have the turn after."""

    def fail():
        raise KeyError("no")

    loop = asyncio.get_running_loop()
    ends.put(loop, Ended("a", order, fail))
    ends.put(loop, Ended("b", order))
    ends.put(loop, Ended("c", order))
    await asyncio.sleep(0)
    assert order == ["a"]
    await asyncio.sleep(0)
    assert order == ["a", "b", "c"]
    assert [str(context["exception"]) for context in reported] == ["'no'"]


def test_each_loop_has_its_own_turn(ends, order):
    """What waits in a loop that has ended is of no concern to the next one."""

    async def leave():
        ends.put(asyncio.get_running_loop(), Ended("left", order))
        # in the turn in which the loop ends
        asyncio.get_running_loop().stop()

    loop = asyncio.new_event_loop()
    try:
        loop.create_task(leave())
        loop.run_forever()

        async def again():
            ended = Ended("next", order)
            ends.put(asyncio.get_running_loop(), ended)
            assert ends.is_next(ended)

        asyncio.run(again())
    finally:
        loop.close()
    assert order == []
