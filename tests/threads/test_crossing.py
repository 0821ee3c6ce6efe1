"""Calls from other threads into a loop."""

from __future__ import annotations

import asyncio
import queue
import threading

import pytest

from query import LoopError, OptionError
from query.threads import crossing as module
from query.threads.crossing import Crossing


class ToLoop(Crossing):
    """The way into one loop."""

    in_own_loop = "own"
    in_other_loop = "other"

    def __init__(self, loop):
        super().__init__()
        self._loop = loop

    def loop(self):
        return self._loop

    def is_own(self, loop):
        return loop is self._loop


@pytest.fixture
async def crossing():
    """The way into the test's own loop."""
    return ToLoop(asyncio.get_running_loop())


async def test_a_function_is_called_in_the_loop(crossing):
    """Its result comes back, or what it raised, whatever that is."""
    assert await asyncio.to_thread(crossing.call, threading.current_thread) is threading.current_thread()

    def leave():
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        await asyncio.to_thread(crossing.call, leave)


async def test_what_is_started_is_waited_for(crossing):
    """Any awaitable; one that is done at once too."""
    assert await asyncio.to_thread(crossing.wait, lambda: asyncio.sleep(0, "slept")) == "slept"

    async def at_once():
        return 1

    assert await asyncio.to_thread(crossing.wait, at_once) == 1


async def test_what_cannot_be_started_is_an_error_of_the_call(crossing):
    """It fails as in the loop."""
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(crossing.wait, lambda: 1 / 0)


async def test_a_posted_function_is_called_later(crossing):
    """Also from the loop itself, since nobody waits."""
    done = asyncio.Event()
    crossing.post(done.set)
    assert not done.is_set()
    await done.wait()


async def test_the_loop_itself_must_not_wait(crossing):
    """Nor may a thread in which another loop runs."""
    with pytest.raises(LoopError, match="own"):
        crossing.call(print)

    async def other():
        crossing.call(print)

    with pytest.raises(LoopError, match="other"):
        await asyncio.to_thread(asyncio.run, other())


async def test_who_waits_no_longer_leaves_no_task(crossing):
    """A waiting that ended for want of time is taken back in the loop."""
    with pytest.raises(TimeoutError):
        await asyncio.to_thread(crossing.wait, asyncio.Event().wait, 0)
    await asyncio.sleep(0)
    assert not crossing._following


async def test_a_thread_looks_up_now_and_then_and_goes_on_waiting(crossing, monkeypatch):
    """However often nothing is there."""
    looks = []

    class Late(module.Outcome):
        def next(self, timeout):
            looks.append(timeout)
            if len(looks) < 3:
                raise queue.Empty
            return super().next(timeout)

    monkeypatch.setattr(module, "Outcome", Late)
    assert await asyncio.to_thread(crossing.call, lambda: "done") == "done"
    assert looks == [module.GLANCE] * 3


@pytest.mark.parametrize("timeout", ["5", -1, True])
async def test_a_timeout_that_is_no_duration_is_refused(crossing, timeout):
    """Before anything is started."""
    with pytest.raises(OptionError, match="timeout"):
        await asyncio.to_thread(crossing.wait, lambda: pytest.fail("started"), timeout)


async def test_who_is_interrupted_when_all_is_done_leaves_nothing_to_stop(crossing, monkeypatch):
    """The result is dropped."""

    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_next", interrupt)

    async def at_once():
        return 1

    def wait():
        with pytest.raises(KeyboardInterrupt):
            crossing.wait(at_once)

    await asyncio.to_thread(wait)
    await asyncio.sleep(0)


def test_a_closed_loop_is_an_error():
    """Nobody would answer."""
    loop = asyncio.new_event_loop()
    loop.close()
    with pytest.raises(LoopError, match="has ended, so nobody would answer"):
        ToLoop(loop).call(print)


def test_a_loop_that_is_closed_while_a_thread_waits_is_noticed(monkeypatch):
    """It forgets what was posted to it; the thread looks now and then."""
    monkeypatch.setattr(module, "GLANCE", 0.001)
    loop = asyncio.new_event_loop()
    posted = threading.Event()
    said = []

    def wait():
        try:
            ToLoop(loop).wait(asyncio.Event().wait)
        except LoopError as error:
            said.append(str(error))

    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda function: posted.set())
    thread = threading.Thread(target=wait)
    thread.start()
    assert posted.wait(20)
    loop.close()
    thread.join(20)
    assert said == ["the event loop of this client ended while this thread waited."]
