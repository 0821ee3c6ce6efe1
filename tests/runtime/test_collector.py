"""Collecting what nobody has used for a while: what is due together, and what becomes of it when loops end."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import SystemClock
from query.runtime.collector import AT_ONCE, Collector
from query.runtime.environment import Environment
from query.runtime.removable import Removable
from query.runtime.timeout_manager import TimeoutManager


class Entry(Removable):
    """An entry that writes down when it was asked to leave."""

    def __init__(self, environment, name, told, then=lambda: None):
        super().__init__(environment)
        self.name = name
        self.told = told
        self.then = then
        self.gc_time = 5.0

    def _optional_remove(self):
        self.told.append(self.name)
        self.then()

    def __repr__(self):
        return f"<{self.name}>"


@pytest.fixture
def environment(clock):
    """An environment with a clock that stands still."""
    return Environment(clock=clock)


@pytest.fixture
def told():
    """The names of the entries that were asked to leave."""
    return []


@pytest.fixture
def entry(environment, told):
    """Makes an entry that is scheduled."""

    def make(name, delay=None, then=lambda: None):
        made = Entry(environment, name, told, then)
        made._schedule_gc(delay)
        return made

    return make


# -- who is due when

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("schedule"), st.integers(0, 4), st.sampled_from([0, 0.5, 1, 2, 2.5, 7])),
        st.tuples(st.just("clear"), st.integers(0, 4)),
        st.tuples(st.just("advance"), st.sampled_from([0, 0.25, 1, 1.5, 3])),
    ),
    max_size=40,
)


@given(STEPS)
def test_entries_leave_as_if_each_had_a_timer_of_its_own(steps):
    """The same entries at the same instants, and none is left that would not have been."""

    async def play():
        clock, naive_clock = VirtualClock(), VirtualClock()
        environment = Environment(clock=clock)
        told, naive_told, timers = [], [], {}
        entries = [Entry(environment, number, told) for number in range(5)]

        def leave(number):
            naive_told.append(number)
            del timers[number]

        for kind, *args in steps:
            if kind == "advance":
                await clock.advance(args[0])
                await naive_clock.advance(args[0])
                # those of one instant come bucket by bucket
                assert sorted(told) == sorted(naive_told)
                continue
            number = args[0]
            if number in timers:
                timers.pop(number).cancel()
            if kind == "schedule":
                entries[number]._schedule_gc(args[1])
                timers[number] = naive_clock.call_later(args[1], leave, number)
            else:
                entries[number]._clear_gc()
            assert [entry.awaits_collection for entry in entries] == [number in timers for number in range(5)]
            assert len(environment.leaks()) == len(timers)
            assert sorted(set(clock.pending())) == sorted(set(naive_clock.pending()))

    asyncio.run(play())


async def test_those_of_one_instant_share_a_timer(entry, environment, clock, told):
    """They leave in the order in which they were scheduled; a line tells of each."""
    one, other = entry("one"), entry("other")
    entry("third", 7)
    one._schedule_gc()
    assert clock.pending_timers() == [
        (5, "garbage collection of <other> and 1 more"),
        (7, "garbage collection of <third>"),
    ]
    assert environment.leaks() == [
        "timer: garbage collection of <other>, set for 5 s",
        "timer: garbage collection of <one>, set for 5 s",
        "timer: garbage collection of <third>, set for 7 s",
    ]
    await clock.advance(5)
    assert told == ["other", "one"]
    assert not other.awaits_collection


async def test_one_may_let_go_of_another(entry, clock, told):
    """Or schedule it anew, in the middle of a collection."""
    entry("first", then=lambda: (second._clear_gc(), third._schedule_gc()))
    second, third = entry("second"), entry("third")
    await clock.advance(5)
    assert told == ["first"]
    await clock.advance(5)
    assert told == ["first", "third"]


async def test_what_one_raises_is_not_the_others(entry, clock, told, reported):
    """It is reported."""
    error = ValueError()

    def fail():
        raise error

    entry("first", then=fail)
    entry("second")
    await clock.advance(5)
    assert told == ["first", "second"]
    assert [(context["message"], context["exception"]) for context in reported] == [
        ("<first> could not be collected", error)
    ]
    reported.clear()


def test_after_an_exit_the_others_go_on(told):
    """They are not forgotten."""
    clock = VirtualClock()
    environment = Environment(clock=clock)

    async def main():
        Entry(environment, "first", told, then=leave)._schedule_gc()
        Entry(environment, "second", told)._schedule_gc()
        await clock.advance(5)

    async def later():
        await clock.advance(0)

    def leave():
        raise SystemExit

    with asyncio.Runner() as runner:
        with pytest.raises(SystemExit):
            runner.run(main())
        assert told == ["first"]
        runner.run(later())
    assert told == ["first", "second"]


async def test_many_leave_with_a_turn_of_the_loop_between_some(entry, clock, told):
    """Whoever else has something to do need not wait for all of them."""
    seen = []
    entry("first", then=lambda: asyncio.get_running_loop().call_soon(lambda: seen.append(len(told))))
    for number in range(2 * AT_ONCE):
        entry(number)
    await clock.advance(5)
    assert told == ["first", *range(2 * AT_ONCE)]
    assert seen == [AT_ONCE]
    assert clock.pending() == []


async def test_a_clock_that_is_replaced_keeps_its_timers(told):
    """What is scheduled from then on goes by the new one."""
    old, new = VirtualClock(), VirtualClock()
    environment = Environment(clock=old)
    one, other = Entry(environment, "one", told), Entry(environment, "other", told)
    one._schedule_gc()
    with environment.timeout_manager.using(new):
        other._schedule_gc()
        assert (old.pending(), new.pending(), len(environment.leaks())) == ([5], [5], 2)
    await old.advance(5)
    assert told == ["one"]
    await new.advance(5)
    assert (told, environment.leaks()) == (["one", "other"], [])


# -- by the machine's clock


@pytest.fixture
def machine(monkeypatch):
    """The machine's clock, which shows what a test says and writes down its timers."""

    class Handle:
        def __init__(self, wait, callback):
            self.wait, self.callback, self.is_cancelled = wait, callback, False

        def cancel(self):
            self.is_cancelled = True

    class Machine:
        def __init__(self):
            self.now, self.handles = 0.0, []

        def call_later(self, wait, callback):
            self.handles.append(Handle(wait, callback))
            return self.handles[-1]

    machine = Machine()
    monkeypatch.setattr(SystemClock, "monotonic", lambda clock: machine.now)
    monkeypatch.setattr(SystemClock, "call_later", lambda clock, *args: machine.call_later(*args))
    return machine


@pytest.mark.parametrize(
    ("now", "delay"), [(0.0, 5), (1.999, 0.001), (3.0, 4), (7.25, 300), (8.0, 60), (1e6 + 0.1, 59.9)]
)
async def test_none_leaves_early_and_few_leave_late(machine, told, now, delay):
    """By a 64th of a second, or by a second if it was kept for a minute."""
    machine.now = now
    environment = Environment()
    Entry(environment, "one", told)._schedule_gc(delay)
    late = machine.handles[0].wait - delay
    assert -1e-6 <= late <= (1 if delay >= 60 else 1 / 64) + 1e-6


async def test_what_is_due_at_nearly_the_same_time_shares_a_timer(machine, told):
    """However often it is scheduled anew."""
    environment = Environment()
    entries = [Entry(environment, number, told) for number in range(100)]
    for entry in entries:
        machine.now += 0.000_1
        entry._schedule_gc(300)
        entry._clear_gc()
        entry._schedule_gc(300)
    assert [handle.is_cancelled for handle in machine.handles] == [False]
    machine.handles[0].callback()
    assert told == list(range(100))


async def test_no_delay_is_as_soon_as_possible(machine, told):
    """For all that wait for that."""
    environment = Environment()
    for number in range(3):
        Entry(environment, number, told)._schedule_gc(0)
    assert [handle.wait for handle in machine.handles] == [0]
    machine.handles[0].callback()
    assert told == [0, 1, 2]
    Entry(environment, 3, told)._schedule_gc(0)
    assert len(machine.handles) == 2


async def test_an_empty_timer_fires_for_nothing(machine, told):
    """And is stopped with the others when the client closes."""
    environment = Environment()
    entry = Entry(environment, "one", told)
    for delay in (5, 300):
        entry._schedule_gc(delay)
        entry._clear_gc()
    assert environment.leaks() == []
    assert machine.handles[0].callback.__self__.what == "garbage collection"
    machine.handles[0].callback()
    await environment.aclose()
    assert [handle.is_cancelled for handle in machine.handles] == [False, True]
    assert told == []


# -- without a loop, and from one to the next


def test_what_waits_for_a_loop_and_what_another_left_behind(clock, told):
    """Both begin anew with their whole delay when there is one; what is cleared meanwhile does not."""
    environment = Environment(clock=clock)
    left, cleared, waiting, gone = [Entry(environment, name, told) for name in ("left", "cleared", "waiting", "gone")]

    async def first():
        left._schedule_gc(2)
        cleared._schedule_gc(2)
        await clock.advance(1)
        await environment.aclose()
        assert (environment.leaks(), clock.pending()) == ([], [])

    async def second():
        environment.bind()
        assert environment.leaks() == [
            "timer: garbage collection of <waiting>, set for 3 s",
            "timer: garbage collection of <left>, set for 2 s",
        ]
        await clock.advance(1.999)
        assert told == []
        await clock.advance(2)

    asyncio.run(first())
    cleared._clear_gc()
    waiting._schedule_gc(1)
    gone._schedule_gc(1)
    waiting._schedule_gc(3)
    gone._clear_gc()
    assert environment.leaks() == ["timer: garbage collection of <waiting>, set for 3 s"]
    asyncio.run(second())
    assert told == ["left", "waiting"]


def test_scheduling_within_a_loop_wakes_those_that_wait(clock, told):
    """It is a use of the client."""
    environment = Environment(clock=clock)
    Entry(environment, "waiting", told)._schedule_gc(1)

    async def main():
        Entry(environment, "one", told)._schedule_gc(2)
        assert clock.pending() == [1, 2]
        await environment.aclose()

    asyncio.run(main())


def test_a_collector_knows_what_its_timers_are_for():
    """Also one that nobody has scheduled anything with."""
    assert list(Collector(TimeoutManager()).lines()) == []
