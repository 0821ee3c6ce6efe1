"""The machine's clock, and what makes a clock."""

from __future__ import annotations

import asyncio
import time

import pytest

from query import Clock, SystemClock


def test_the_system_clock_tells_the_machine_s_times(monkeypatch):
    """Dates from the one clock, delays from the other."""
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.5)
    monkeypatch.setattr(time, "monotonic", lambda: 42.0)
    clock = SystemClock()
    assert (clock.time(), clock.monotonic()) == (1_700_000_000.5, 42.0)


@pytest.mark.parity("QC-timeoutManager-001")
async def test_the_system_clock_sets_timers_of_the_running_loop():
    """They call with the arguments that they were given."""
    fired = asyncio.get_running_loop().create_future()
    SystemClock().call_later(0, fired.set_result, "now")
    assert await fired == "now"


async def test_a_timer_is_set_for_its_delay():
    """In seconds of the loop's own time; a cancelled one does not fire."""
    loop = asyncio.get_running_loop()
    timer = SystemClock().call_later(60, lambda: None)
    assert timer.when() - loop.time() == pytest.approx(60, abs=1)
    timer.cancel()
    assert timer.cancelled()


def test_a_timer_needs_a_loop():
    """There is no later without one."""
    with pytest.raises(RuntimeError, match="no running event loop"):
        SystemClock().call_later(1, print)


async def test_sleeping_is_asyncio_s(monkeypatch):
    """The delay arrives there."""
    slept = []

    async def sleep(delay):
        slept.append(delay)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await SystemClock().sleep(2.5)
    assert slept == [2.5]


def test_any_class_with_these_four_methods_is_a_clock(clock):
    """No base class is needed; the tests' own clock is one."""
    names = {name for name in vars(Clock) if not name.startswith("_")}
    assert names == {"time", "monotonic", "call_later", "sleep"}
    for made in (clock, SystemClock()):
        assert all(callable(getattr(made, name)) for name in names)
