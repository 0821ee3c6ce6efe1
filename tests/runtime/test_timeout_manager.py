"""Timers and time, from a clock that can be replaced."""

from __future__ import annotations

import asyncio
import logging

import pytest
from virtual_clock import VirtualClock

from query.runtime.clock import SystemClock
from query.runtime.notify_manager import NotifyManager
from query.runtime.timeout_manager import TimeoutManager, timeout_manager


class Timer:
    """A timer that only says that it was cancelled."""

    def __init__(self, log):
        self.log = log

    def cancel(self):
        self.log.append("cancel")


class RecordingClock(SystemClock):
    """A clock that sets no timer, but remembers what it was asked for."""

    def __init__(self):
        self.log = []

    def call_later(self, delay, callback, *args):
        self.log.append((delay, callback))
        return Timer(self.log)


@pytest.mark.parity("QC-timeoutManager-001", "QC-timeoutManager-004")
def test_the_machine_s_clock_is_the_default():
    """Also of the process-wide manager."""
    assert isinstance(timeout_manager, TimeoutManager)
    assert isinstance(TimeoutManager().clock, SystemClock)
    assert isinstance(timeout_manager.clock, SystemClock)


async def test_time_is_the_clock_s(clock):
    """Nothing else is asked."""
    manager = TimeoutManager(clock)
    before = manager.time()
    await clock.advance(5)
    assert manager.time() == before + 5 == clock.time()


async def test_a_timeout_fires_once(clock):
    """At its time."""
    fired = []
    TimeoutManager(clock).set_timeout(lambda: fired.append(clock.monotonic()), 2)
    await clock.advance(10)
    assert fired == [2.0]


async def test_a_cleared_timeout_does_not_fire(clock):
    """Clearing it again, or clearing nothing, is harmless."""
    manager, fired = TimeoutManager(clock), []
    timer = manager.set_timeout(lambda: fired.append(1), 2)
    manager.clear_timeout(timer)
    manager.clear_timeout(timer)
    manager.clear_timeout(None)
    await clock.advance(10)
    assert (fired, clock.pending()) == ([], [])


async def test_an_interval_fires_again_and_again(clock):
    """Each time measured from the last."""
    manager, fired = TimeoutManager(clock), []
    timer = manager.set_interval(lambda: fired.append(clock.monotonic()), 2)
    await clock.advance(7)
    assert fired == [2.0, 4.0, 6.0]
    manager.clear_interval(timer)
    manager.clear_interval(timer)
    manager.clear_interval(None)
    await clock.advance(7)
    assert (fired, clock.pending()) == ([2.0, 4.0, 6.0], [])


async def test_an_interval_can_stop_itself(clock):
    """From inside its callback."""
    manager, fired = TimeoutManager(clock), []

    def tick():
        fired.append(clock.monotonic())
        if len(fired) == 2:
            manager.clear_interval(timer)

    timer = manager.set_interval(tick, 1)
    await clock.advance(5)
    assert (fired, clock.pending()) == ([1.0, 2.0], [])


async def test_an_interval_outlives_a_callback_that_raises(clock):
    """The next turn is set before this one is taken."""
    manager, fired = TimeoutManager(clock), []

    def tick():
        fired.append(clock.monotonic())
        if len(fired) == 1:
            raise ValueError

    timer = manager.set_interval(tick, 1)
    try:
        await clock.advance(1)
    except ValueError:
        await clock.advance(1)
    manager.clear_interval(timer)
    assert fired == [1.0, 2.0]


async def test_sleeping_takes_the_clock_s_time(clock):
    """And no other."""
    task = asyncio.create_task(TimeoutManager(clock).sleep(2))
    await clock.advance(1.9)
    assert not task.done()
    await clock.advance(0.1)
    assert task.done()


@pytest.mark.parity("QC-timeoutManager-002")
def test_a_new_clock_is_asked_for_every_timer():
    """With the delay that it was given, to set one as to clear one."""
    manager, clock, fired = TimeoutManager(), RecordingClock(), []
    manager.set_clock(clock)
    once = manager.set_timeout(fired.append, 2)
    assert clock.log == [(2, fired.append)]
    manager.clear_timeout(once)
    again = manager.set_interval(lambda: fired.append("tick"), 3)
    clock.log[-1][1]()
    manager.clear_interval(again)
    delays = [entry if entry == "cancel" else entry[0] for entry in clock.log]
    assert (delays, fired) == ([2, "cancel", 3, 3, "cancel"], ["tick"])


@pytest.mark.parity("QC-timeoutManager-005")
async def test_the_next_turn_is_no_timer(monkeypatch):
    """What is only put off to the next turn of the loop does not go by the clock."""
    clock, calls = RecordingClock(), []
    monkeypatch.setattr(timeout_manager, "_clock", clock)
    NotifyManager().schedule(lambda: calls.append(1))
    await asyncio.sleep(0)
    assert (calls, clock.log) == ([1], [])


@pytest.mark.parity("QC-timeoutManager-003")
def test_a_clock_replaced_before_use_is_no_news(clock, caplog):
    """The time is the new one's from now on."""
    manager = TimeoutManager()
    manager.set_clock(clock)
    assert manager.clock is clock
    assert caplog.records == []


@pytest.mark.parity("QC-timeoutManager-003")
async def test_a_clock_replaced_after_use_is_logged(clock, caplog):
    """Once for each clock: timers that were set stay with the old one."""
    manager, fired = TimeoutManager(clock), []
    manager.set_timeout(lambda: fired.append("old"), 1)
    manager.set_clock(clock)
    assert caplog.records == []
    manager.set_clock(VirtualClock())
    manager.set_clock(VirtualClock())
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (logging.ERROR, "the clock was replaced after timers had been set; those stay with the old clock")
    ]
    await clock.advance(1)
    assert fired == ["old"]


async def test_intervals_and_sleeping_count_as_use(clock, caplog):
    """As a timeout does."""
    manager = TimeoutManager(clock)
    manager.clear_interval(manager.set_interval(lambda: None, 1))
    manager.set_clock(clock := VirtualClock())
    task = asyncio.create_task(manager.sleep(0))
    await task
    manager.set_clock(VirtualClock())
    assert len(caplog.records) == 2
