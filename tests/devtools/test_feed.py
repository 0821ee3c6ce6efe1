"""What one viewer is sent, and how often."""

from __future__ import annotations

import pytest

from query.devtools.feed import ALIVE, LONGEST, PERIOD, REST, SPACE, feed


class Program:
    """A program that is looked at: its time passes when somebody sleeps, and making the page takes some of it."""

    def __init__(self, cost=0.0):
        self.time = 0.0
        self.cost = cost
        self.parts = {"list": "0", "counts": "0"}
        self.event = object()
        self.made = []

    async def make(self):
        self.made.append(self.time)
        self.time += self.cost
        return dict(self.parts)

    async def sleep(self, seconds):
        self.time += seconds

    def feed(self, **options):
        return feed(self.make, lambda: self.event, sleep=self.sleep, clock=lambda: self.time, **options)


async def take(events, count):
    return [await anext(events) for _ in range(count)]


async def test_only_what_changed_is_sent():
    """First everything, then the parts that are different."""
    program = Program()
    events = program.feed()
    assert await take(events, 2) == [{"event": "list", "data": "0"}, {"event": "counts", "data": "0"}]
    program.parts["list"] = "1"
    program.event = object()
    assert await anext(events) == {"event": "list", "data": "1"}
    await events.aclose()


async def test_events_in_between_cost_one_picture():
    """A viewer that was slow to read gets the newest, not all."""
    program = Program()
    events = program.feed()
    await take(events, 2)
    for number in range(1000):
        program.parts["list"] = str(number)
        program.event = object()
    assert await anext(events) == {"event": "list", "data": "999"}
    assert len(program.made) == 2
    await events.aclose()


async def test_a_viewer_that_does_not_read_costs_nothing():
    """Nothing is made while the last picture waits to be sent."""
    program = Program()
    events = program.feed()
    await anext(events)
    program.event = object()
    program.time += 3600
    assert len(program.made) == 1
    await events.aclose()


async def test_the_page_is_made_again_without_an_event_since_data_gets_stale():
    """After a second; earlier if something happened, at the next look."""
    program = Program()
    events = program.feed()
    await take(events, 2)
    program.parts["counts"] = "1"
    await anext(events)
    assert program.made[1] - program.made[0] == pytest.approx(LONGEST)
    program.parts["counts"] = "2"
    program.event = object()
    await anext(events)
    assert program.made[2] - program.made[1] == pytest.approx(SPACE)
    program.parts["counts"] = "3"
    waiting = program.sleep

    async def sleep(seconds):
        await waiting(seconds)
        if seconds == PERIOD:
            program.event = object()

    program.sleep = sleep
    later = program.feed()
    await take(later, 2)
    program.parts["counts"] = "4"
    await anext(later)
    assert program.made[4] - program.made[3] == pytest.approx(SPACE + PERIOD)
    await later.aclose()
    await events.aclose()


async def test_a_page_that_is_slow_to_make_is_made_less_often():
    """It may cost a fiftieth of the loop's time, however large the cache is."""
    program = Program(cost=0.2)
    events = program.feed()
    await take(events, 2)
    for number in range(3):
        program.parts["list"] = f"next {number}"
        program.event = object()
        await anext(events)
    rests = [later - earlier for earlier, later in zip(program.made, program.made[1:], strict=False)]
    assert rests == pytest.approx([0.2 * (REST + 1)] * 3)
    await events.aclose()


async def test_a_quiet_connection_is_kept_alive_and_ends_with_the_program():
    """By a comment now and then."""
    program = Program()
    over = []
    events = program.feed(is_over=lambda: bool(over))
    await take(events, 2)
    assert await anext(events) == {"comment": "alive"}
    assert program.time == pytest.approx(ALIVE)
    over.append(True)
    assert [event async for event in events] == []
