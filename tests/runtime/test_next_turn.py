"""What begins on the next turn of the loop, or as soon as somebody waits for it."""

from __future__ import annotations

import asyncio

import pytest

from query.runtime.next_turn import NextTurn


class Begun:
    """Something that is to begin; it writes down that it did, and does what it is told to."""

    def __init__(self, name, order, then=None):
        self.name = name
        self.order = order
        self.then = then

    def begin(self):
        self.order.append(self.name)
        if self.then is not None:
            self.then()

    def give_up(self):
        self.order.append(f"{self.name} is given up")


@pytest.fixture
def order():
    """The names of what began."""
    return []


@pytest.fixture
def turn():
    """The beginnings."""
    return NextTurn()


async def test_what_is_put_begins_on_the_next_turn_in_its_order(turn, order):
    """Not before."""
    loop = asyncio.get_running_loop()
    for name in "abc":
        turn.put(loop, Begun(name, order))
    assert order == []
    await asyncio.sleep(0)
    assert order == ["a", "b", "c"]


async def test_who_waits_for_one_lets_it_begin_after_those_before_it(turn, order):
    """The rest begins on its turn, and nothing twice."""
    loop = asyncio.get_running_loop()
    wanted = Begun("b", order)
    for beginning in (Begun("a", order), wanted, Begun("c", order)):
        turn.put(loop, beginning)
    turn.reach(wanted)
    assert order == ["a", "b"]
    await asyncio.sleep(0)
    assert order == ["a", "b", "c"]


async def test_within_a_beginning_nothing_else_begins(turn, order):
    """A chain of them does not pile up on the stack: what one waits for begins when it has begun."""
    loop = asyncio.get_running_loop()

    def then():
        turn.put(loop, inner)
        turn.reach(inner)
        order.append("end of outer")

    outer, inner = Begun("outer", order, then), Begun("inner", order)
    turn.put(loop, outer)
    turn.reach(outer)
    assert order == ["outer", "end of outer"]
    await asyncio.sleep(0)
    assert order == ["outer", "end of outer", "inner"]


async def test_what_comes_during_a_turn_has_the_next_one(turn, order):
    """The loop may do something else in between."""
    loop = asyncio.get_running_loop()
    turn.put(loop, Begun("a", order, lambda: turn.put(loop, Begun("b", order))))
    await asyncio.sleep(0)
    assert order == ["a"]
    await asyncio.sleep(0)
    assert order == ["a", "b"]


def test_an_exit_in_one_does_not_keep_the_others_from_beginning(turn, order):
    """They begin if the loop goes on."""
    loop = asyncio.new_event_loop()

    def leave():
        raise SystemExit

    try:
        turn.put(loop, Begun("a", order, leave))
        turn.put(loop, Begun("b", order))
        with pytest.raises(SystemExit):
            loop.run_until_complete(asyncio.sleep(1))
        assert order == ["a"]
        loop.run_until_complete(asyncio.sleep(0))
        assert order == ["a", "b"]
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
    finally:
        loop.close()


def test_the_end_of_a_loop_does_not_keep_others_from_turns(turn, order):
    """The loop in which the first was put never had its turn."""
    ended = asyncio.new_event_loop()
    turn.put(ended, Begun("a", order))
    ended.close()

    async def main():
        turn.put(asyncio.get_running_loop(), Begun("b", order))
        await asyncio.sleep(0)

    asyncio.run(main())
    assert order == ["a", "b"]


async def test_what_is_given_up_does_not_begin(turn, order):
    """The client closes."""
    turn.put(asyncio.get_running_loop(), Begun("a", order))
    turn.give_up()
    await asyncio.sleep(0)
    assert order == ["a is given up"]


async def test_what_is_paused_begins_on_the_turn_after_it_is_resumed(turn, order):
    """Not before, and after what was put in between."""
    loop = asyncio.get_running_loop()
    paused = Begun("a", order)
    turn.pause(paused)
    assert not turn.is_empty()
    await asyncio.sleep(0)
    turn.put(loop, Begun("b", order))
    turn.resume(loop, paused)
    assert order == []
    await asyncio.sleep(0)
    assert order == ["b", "a"]
    assert turn.is_empty()


async def test_what_is_paused_is_given_up_last(turn, order):
    """It came before what another of them lets go on meanwhile, which is left for the next time."""
    loop = asyncio.get_running_loop()
    first, second = Begun("a", order), Begun("b", order)
    first.give_up = lambda: turn.resume(loop, second)
    turn.pause(first)
    turn.pause(second)
    turn.put(loop, Begun("c", order))
    turn.give_up()
    assert order == ["c is given up"]
    turn.give_up()
    assert order == ["c is given up", "b is given up"]
    assert turn.is_empty()


async def test_what_is_cleared_never_begins(turn, order):
    """Its loop has ended."""
    turn.put(asyncio.get_running_loop(), Begun("a", order))
    turn.pause(Begun("b", order))
    turn.clear()
    await asyncio.sleep(0)
    assert turn.is_empty()
    assert order == []
