"""An event loop in a thread of its own: how it begins and ends, in the rarer cases."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from query import LoopError
from query.sync import loop_thread as module
from query.sync.loop_thread import LoopThread


class World:
    """What a thread is made for, and what it was told."""

    def __init__(self):
        self.told = []
        self.thread = LoopThread(self.end, lambda: self.told.append("forgotten"))

    async def end(self):
        self.told.append("ended")


@pytest.fixture
def world(no_thread_left):
    """A loop's thread, closed after the test."""
    world = World()
    yield world
    world.thread.close()


def test_it_begins_with_the_first_call_that_needs_a_loop(world):
    """Others are answered in the calling thread, before and after."""
    here, there = threading.current_thread(), world.thread.call_in_loop
    assert world.thread.call(threading.current_thread) is here
    loop_thread = there(threading.current_thread)
    assert loop_thread is not here
    assert world.thread.call(threading.current_thread) is loop_thread
    world.thread.close()
    assert world.told == ["ended", "forgotten"]
    assert world.thread.call(threading.current_thread) is here


def test_a_thread_that_cannot_be_started_is_an_error_of_the_call(world, monkeypatch):
    """Nothing is left open, and the next call tries anew."""
    loops = []
    make = asyncio.new_event_loop
    monkeypatch.setattr(asyncio, "new_event_loop", lambda: loops.append(make()) or loops[-1])

    def fail(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError, match="can't start"):
            world.thread.call_in_loop(print)
    assert loops[0].is_closed()
    assert world.thread.call_in_loop(lambda: 1) == 1


def test_a_loop_that_begins_meanwhile_is_used(world, monkeypatch):
    """Another thread may start it while this one is about to do without."""
    monkeypatch.setattr(world.thread, "refuse_loops", world.thread.loop)
    assert world.thread.call(threading.current_thread) is not threading.current_thread()


def test_a_closed_one_is_refused(world):
    """And may be closed again."""
    world.thread.close()
    world.thread.close()
    with pytest.raises(LoopError, match="closed, and can only be read"):
        world.thread.call_in_loop(print)


def test_a_forked_process_is_refused(world, monkeypatch):
    """The loop runs in the parent."""
    world.thread.call_in_loop(int)
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: 1)
        with pytest.raises(LoopError, match="Make a client after the fork"):
            world.thread.call_in_loop(int)
    assert world.thread.call_in_loop(int) == 0


def test_who_waits_for_something_else_is_told_of_the_end(world, others, monkeypatch):
    """What does not end with the client is cancelled."""
    monkeypatch.setattr(module, "LAST_TURNS", 0)
    begun = threading.Event()

    async def hang():
        begun.set()
        await asyncio.Event().wait()

    waiting = others.start(world.thread.wait, hang)
    assert begun.wait(20)
    world.thread.close()
    with pytest.raises(LoopError, match="ended while this thread waited"):
        waiting()


def test_exit_closes_what_nobody_closed(world):
    """Before the interpreter ends."""
    world.thread.call_in_loop(int)
    module._close_all()
    assert world.told == ["ended", "forgotten"]


def test_a_loop_that_does_not_end_does_not_keep_the_interpreter(world):
    """Exit waits for a time only."""
    go_on = threading.Event()
    thread = world.thread.call_in_loop(threading.current_thread)
    world.thread.post(lambda: go_on.wait(20))
    world.thread.close(timeout=0)
    assert thread.is_alive()
    go_on.set()
    thread.join(20)
