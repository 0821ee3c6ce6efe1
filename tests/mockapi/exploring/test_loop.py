"""A loop that is a function of its inputs."""

import asyncio
import math
import threading

import pytest

from mockapi.exploring import DeadlockError, DeterministicLoop, LivelockError


@pytest.fixture
def loop():
    loop = DeterministicLoop(autojump=False)
    yield loop
    loop.end()


def test_time_jumps_to_the_next_timer():
    """Hours take no time."""
    loop = DeterministicLoop()

    async def main():
        await asyncio.sleep(3600)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await asyncio.sleep(2)
        return loop.time()

    assert loop.run_until_complete(main()) == 3601
    loop.end()


def test_timers_fire_in_order_each_with_what_it_sets_going(loop):
    """Also those of one instant, and by either way to set them."""
    seen = []

    async def waiter(name, wait):
        await asyncio.sleep(wait)
        seen.append(name)
        await asyncio.sleep(0)
        seen.append(f"{name} again")

    def begin():
        for name in "ab":
            loop.create_task(waiter(name, 1))
        loop.call_at(1, seen.append, "at")
        loop.call_later(-1, seen.append, "at once")
        loop.call_later(math.inf, seen.append, "never")
        loop.call_later(0.5, seen.append, "cancelled").cancel()

    loop.call(begin)
    assert not loop.is_idle
    assert seen == []
    loop.run_until_idle()
    assert loop.is_idle
    loop.advance(0.999999)
    assert seen == ["at once"]
    loop.advance(0.000001)
    assert seen == ["at once", "at", "a", "a again", "b", "b again"]
    assert loop.time() == 1


def test_only_steps_of_tasks_overtake_each_other():
    """Never a callback that was scheduled before: asyncio promises that order."""
    loop = DeterministicLoop(choose=lambda count: count - 1)
    seen = []

    async def task(name):
        seen.append(name)
        await asyncio.sleep(0)
        seen.append(f"{name} again")

    def begin():
        for name in "ab":
            loop.create_task(task(name))
        loop.call_soon(seen.append, "callback")
        loop.create_task(task("c"))

    loop.call(begin)
    loop.run_until_idle()
    assert seen == ["b", "a", "callback", "a again", "b again", "c", "c again"]
    loop.end()


def test_a_wait_that_nothing_ends_is_told(loop):
    """With the line of each task."""

    async def main():
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError, match=r"After 0 s:\n  Task-\d+ waits at .*test_loop\.py:\d+ in main"):
        loop.run_until_complete(main())


def test_a_run_without_an_end_is_told():
    """One that never waits, and one that sets its timer anew each time."""
    for wait in (0, 1):
        loop = DeterministicLoop(max_steps=100)

        async def main(wait=wait):
            while True:
                await asyncio.sleep(wait)

        with pytest.raises(LivelockError, match="took more than 100 steps and has no end"):
            loop.run_until_complete(main())
        loop.end()


def test_worker_threads_are_waited_for(loop):
    """In real time; virtual time stands still."""

    async def main():
        return await asyncio.to_thread(threading.get_ident)

    assert loop.run_until_complete(main()) != threading.get_ident()
    assert loop.time() == 0


def test_a_worker_thread_that_does_not_end_is_told(loop, monkeypatch):
    """Within bounded real time."""
    monkeypatch.setattr("mockapi.exploring.loop._REAL_WAIT", 0.01)
    gate = threading.Event()

    async def main():
        await asyncio.to_thread(gate.wait)

    with pytest.raises(DeadlockError, match="a worker thread did not end within 0.01 real seconds"):
        loop.run_until_complete(main())
    gate.set()


def test_leaks_are_named(loop):
    """Tasks, and exceptions that nobody heard of."""

    async def wait():
        await asyncio.Event().wait()

    def begin():
        loop.create_task(wait(), name="forgotten")
        loop.call_soon(lambda: 1 / 0)

    loop.call(begin)
    loop.run_until_idle()
    task, error = loop.leaks()
    assert task.startswith("the task forgotten at ")
    assert "ZeroDivisionError: division by zero" in error


def test_the_end_cancels_what_is_left():
    """Also what the end itself begins, and what does not want to end."""
    loop = DeterministicLoop()
    seen = []

    async def stubborn():
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cancelled")
            loop.create_task(after())

    async def after():
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("and after it")

    loop.call(loop.create_task, stubborn())
    loop.run_until_idle()
    loop.end()
    loop.end()
    assert seen == ["cancelled", "and after it"]
    assert loop.is_closed()


def test_it_is_used_from_outside(loop):
    """A loop does not run within itself."""
    with pytest.raises(RuntimeError, match="this loop runs already"):
        loop.call(loop.run_until_idle)
