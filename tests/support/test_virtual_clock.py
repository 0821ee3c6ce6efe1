"""The tests' own clock, and the check for tasks left behind."""

from __future__ import annotations

import asyncio
import math

import pytest
from virtual_clock import VirtualClock


async def test_a_timer_fires_exactly_at_its_deadline(clock):
    """Not a microsecond earlier."""
    fired = []
    clock.call_later(30, fired.append, 1)
    await clock.advance(29.999999)
    assert fired == []
    await clock.advance(0.000001)
    assert fired == [1]


async def test_equal_deadlines_fire_in_the_order_they_were_set(clock):
    """Also when they were set at different times."""
    fired = []
    clock.call_later(2, fired.append, "a")
    await clock.advance(1)
    for name in "bcdef":
        clock.call_later(1, fired.append, name)
    await clock.advance(1)
    assert "".join(fired) == "abcdef"


async def test_the_loop_settles_between_two_timers(clock):
    """A task woken by one timer is at its next wait before the next timer fires."""
    seen = []

    async def sleeper():
        await clock.sleep(1)
        for _ in range(20):
            await asyncio.sleep(0)
        seen.append(("task", clock.monotonic()))

    task = asyncio.create_task(sleeper())
    await clock.settle()
    clock.call_later(1, lambda: seen.append(("timer", clock.monotonic())))
    await clock.advance(5)
    await task
    assert seen == [("task", 1.0), ("timer", 1.0)]


async def test_a_chain_of_timers_plays_out_in_one_advance(clock):
    """Each at its own time."""
    seen = []

    async def chain():
        for delay in (1, 2, 4):
            await clock.sleep(delay)
            seen.append(clock.monotonic())

    task = asyncio.create_task(chain())
    await clock.advance(10)
    await task
    assert seen == [1.0, 3.0, 7.0]
    assert clock.monotonic() == 10.0


async def test_ten_tenths_are_one(clock):
    """Time is counted in whole microseconds."""
    for _ in range(10):
        await clock.advance(0.1)
    assert clock.monotonic() == 1.0


async def test_a_timer_without_delay_needs_no_advance(clock):
    """It fires on a turn of the loop, after what was due before it."""
    fired = []
    clock.call_later(0, fired.append, "a")
    clock.call_later(0, fired.append, "b")
    assert fired == []
    await asyncio.sleep(0)
    assert fired == ["a", "b"]


async def test_a_cancelled_timer_does_not_fire(clock):
    """Nor does it count as pending."""
    fired = []
    timer = clock.call_later(1, fired.append, 1)
    clock.call_later(2, fired.append, 2)
    timer.cancel()
    assert clock.pending() == [2.0]
    await clock.advance(3)
    assert fired == [2]


async def test_infinity_never_comes(clock):
    """A timer at infinity stays pending."""
    clock.call_later(math.inf, lambda: 1 / 0)
    await clock.advance(1e9)
    assert clock.pending() == [math.inf]


async def test_setting_the_wall_clock_moves_no_timer(clock):
    """Dates and delays are two things."""
    fired = []
    clock.call_later(5, fired.append, 1)
    clock.set_time(0.0)
    await clock.advance(4)
    assert (clock.time(), fired) == (4.0, [])
    await clock.advance(1)
    assert (clock.time(), fired) == (5.0, [1])


async def test_a_cancelled_sleep_leaves_no_timer(clock):
    """The sleeper takes its timer along."""
    task = asyncio.create_task(clock.sleep(5))
    await clock.settle()
    task.cancel()
    await clock.settle()
    assert clock.pending() == []


async def test_a_timer_that_sets_itself_again_without_delay_is_named(clock):
    """Rather than hanging the suite."""
    stop = []

    def again():
        if not stop:
            clock.call_later(0, again)

    again()
    with pytest.raises(AssertionError, match="the loop did not settle"):
        await clock.advance(0)
    stop.append(True)


async def test_what_a_callback_raises_comes_out_of_advance():
    """A mistake in a timer fails the test that made time pass."""
    clock = VirtualClock()
    clock.call_later(1, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await clock.advance(1)


def test_a_task_left_behind_fails_its_test(pytester, request):
    """And the message names it."""
    pytester.makeconftest((request.config.rootpath / "tests/conftest.py").read_text())
    pytester.mkdir("support")
    support = request.config.rootpath / "tests/support/virtual_clock.py"
    (pytester.path / "support/virtual_clock.py").write_text(support.read_text())
    pytester.makepyfile(
        """
        import asyncio

        async def wait():
            await asyncio.Event().wait()

        async def test_leaks():
            asyncio.create_task(wait(), name="forgotten")
            await asyncio.sleep(0)

        async def test_cleans_up():
            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            task.cancel()
        """
    )
    result = pytester.runpytest(
        "--asyncio-mode=auto", "-o", "asyncio_default_fixture_loop_scope=function", "-p", "no:mockapi"
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["the test left tasks behind: *forgotten*"])
