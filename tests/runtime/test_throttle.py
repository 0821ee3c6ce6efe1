"""A function that is called often and runs seldom."""

from __future__ import annotations

import asyncio

import pytest

from query.base.errors import OptionError
from query.runtime.environment import Environment
from query.runtime.throttle import Throttle


@pytest.fixture
async def environment(clock):
    """Where it runs. It leaves nothing behind."""
    environment = Environment(clock=clock)
    yield environment
    assert environment.leaks() == []


class Runs:
    """A function that takes a while; ``began`` has the time and argument of each run."""

    def __init__(self, clock, takes=0.0):
        self.clock = clock
        self.takes = takes
        self.began = []
        self.error = None

    async def __call__(self, argument):
        self.began.append((self.clock.monotonic(), argument))
        if self.takes:
            await self.clock.sleep(self.takes)
        if self.error is not None:
            raise self.error


@pytest.mark.parity("QA-asyncThrottle-001")
async def test_calls_within_the_interval_come_down_to_the_last(environment, clock):
    """The first runs at once, the last of the others after the interval."""
    runs = Runs(clock)
    throttled = Throttle(environment, runs, interval=10, name="saving")
    throttled(1)
    assert runs.began == [(0, 1)]
    for argument in (2, 3, 4):
        await clock.advance(1)
        throttled(argument)
    await clock.advance(6.9)
    assert runs.began == [(0, 1)]
    await clock.advance(0.1)
    assert runs.began == [(0, 1), (10, 4)]


async def test_a_call_after_the_interval_runs_at_once(environment, clock):
    """There is nothing to wait for."""
    runs = Runs(clock)
    throttled = Throttle(environment, runs, interval=10, name="saving")
    throttled(1)
    await clock.advance(10)
    throttled(2)
    assert runs.began == [(0, 1), (10, 2)]


@pytest.mark.parity("QA-asyncThrottle-002", "QA-asyncThrottle-003")
async def test_calls_during_a_run_wait_for_its_end_and_the_interval(environment, clock):
    """And come down to one run."""
    runs = Runs(clock, takes=25)
    throttled = Throttle(environment, runs, interval=10, name="saving")
    throttled(1)
    await clock.advance(12)
    throttled(2)
    await clock.advance(1)
    throttled(3)
    await clock.advance(22)
    assert runs.began == [(0, 1), (35, 3)]
    await clock.advance(100)
    assert runs.began == [(0, 1), (35, 3)]


@pytest.mark.parity("QA-asyncThrottle-004", "QA-asyncThrottle-005")
async def test_a_failure_is_told_and_does_not_end_later_runs(environment, clock):
    """The interval counts from there as well."""
    runs, told = Runs(clock), []
    runs.error = OSError("disk full")
    throttled = Throttle(environment, runs, interval=10, name="saving", on_error=told.append)
    throttled(1)
    throttled(2)
    await clock.advance(10)
    assert (runs.began, told) == ([(0, 1), (10, 2)], [runs.error, runs.error])


async def test_a_failure_that_nobody_asked_to_be_told_is_reported(environment, clock, reported):
    """So is one of whoever was told."""
    runs = Runs(clock)
    runs.error = OSError("disk full")
    Throttle(environment, runs, interval=0, name="saving")(1)
    Throttle(environment, runs, interval=0, name="saving", on_error=lambda _: 1 / 0)(1)
    await clock.settle()
    assert [context["message"] for context in reported] == ["saving failed", "on_error of saving raised"]


@pytest.mark.parity("QA-asyncThrottle-006")
async def test_what_cannot_be_called_is_refused(environment):
    """As is an interval that is no duration."""
    with pytest.raises(OptionError, match="function=1 is an int; expected a function"):
        Throttle(environment, 1, interval=1, name="saving")
    with pytest.raises(OptionError, match="interval=-1 is an int; expected seconds"):
        Throttle(environment, print, interval=-1, name="saving")


async def test_a_plain_function_that_calls_again_is_not_run_inside_itself(environment, clock):
    """What it asks for waits like any other call."""
    began = []

    def save(number):
        began.append(clock.monotonic())
        if number:
            throttled(number - 1)

    throttled = Throttle(environment, save, interval=10, name="saving")
    throttled(2)
    assert began == [0]
    await clock.advance(30)
    assert began == [0, 10, 20]


async def test_without_an_interval_only_a_run_is_waited_for(environment, clock):
    """A plain function runs at each call."""
    runs = Runs(clock, takes=5)
    throttled = Throttle(environment, runs, interval=0, name="saving")
    throttled(1)
    throttled(2)
    throttled(3)
    await clock.advance(10)
    assert runs.began == [(0, 1), (5, 3)]
    plain = []
    throttled = Throttle(environment, plain.append, interval=0, name="saving")
    throttled(1)
    throttled(2)
    assert plain == [1, 2]


# -- the end


async def test_what_waits_can_be_had_at_once(environment, clock):
    """Flushing waits for the run under way, and then for that one; no time passes between them."""
    runs = Runs(clock, takes=5)
    throttled = Throttle(environment, runs, interval=100, name="saving")
    throttled(1)
    throttled(2)
    flushing = asyncio.ensure_future(throttled.flush())
    await clock.advance(5)
    assert runs.began == [(0, 1), (5, 2)]
    assert not flushing.done()
    await clock.advance(5)
    assert flushing.done()
    assert throttled.is_idle()


async def test_flushing_does_not_wait_for_the_timer(environment, clock):
    """And leaves none behind."""
    runs = Runs(clock)
    throttled = Throttle(environment, runs, interval=100, name="saving")
    throttled(1)
    await clock.settle()
    throttled(2)
    await throttled.flush()
    assert runs.began == [(0, 1), (0, 2)]
    await clock.settle()
    assert environment.leaks() == []


async def test_a_flush_that_is_cancelled_cancels_no_run(environment, clock):
    """Its waiter gave up, nobody else."""
    runs = Runs(clock, takes=5)
    throttled = Throttle(environment, runs, interval=1, name="saving")
    throttled(1)
    flushing = asyncio.ensure_future(throttled.flush())
    await clock.settle()
    flushing.cancel()
    await clock.advance(5)
    assert throttled.is_idle()


async def test_what_waits_can_be_forgotten(environment, clock):
    """A run goes on to its end."""
    runs = Runs(clock, takes=5)
    throttled = Throttle(environment, runs, interval=1, name="saving")
    throttled(1)
    throttled(2)
    throttled.cancel()
    await clock.advance(10)
    throttled(3)
    await clock.advance(5)
    throttled(4)
    throttled.cancel()
    assert runs.began == [(0, 1), (10, 3)]
    assert environment.leaks() == []


async def test_the_end_of_the_client_ends_a_run(clock):
    """And nothing is left running, though another call waited."""
    environment, runs = Environment(clock=clock), Runs(clock, takes=5)
    throttled = Throttle(environment, runs, interval=1, name="saving")
    throttled(1)
    throttled(2)
    await environment.aclose()
    assert runs.began == [(0, 1)]
    assert environment.leaks() == []


def test_without_a_loop_a_call_waits_for_one(clock):
    """Data may be written before the program has begun."""
    environment, runs = Environment(clock=clock), Runs(clock)
    throttled = Throttle(environment, runs, interval=1, name="saving")
    throttled(1)
    throttled(2)

    async def main():
        environment.bind()
        await clock.settle()

    asyncio.run(main())
    assert runs.began == [(0, 2)]
