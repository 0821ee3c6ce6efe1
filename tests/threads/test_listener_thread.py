"""Where listeners of programs without an event loop are called."""

from __future__ import annotations

import threading

import pytest

from query.threads.listener_thread import ListenerThread


@pytest.fixture
def listeners():
    """With one listener."""
    listeners = ListenerThread()
    listeners.enter()
    yield listeners
    listeners.stop()


def alive():
    return [thread for thread in threading.enumerate() if thread.name == "query listeners"]


def test_calls_are_made_one_after_the_other_in_one_thread(listeners):
    """In the order in which they were given."""
    seen = []
    for number in range(100):
        listeners.put(lambda number=number: seen.append((number, threading.current_thread().name)))
    listeners.stop()
    assert seen == [(number, "query listeners") for number in range(100)]


def test_a_listener_that_raises_is_reported_and_harms_nobody(listeners, caplog):
    """The next one is called."""
    seen = []
    listeners.put(lambda: 1 / 0)
    listeners.put(lambda: seen.append(listeners.is_current()))
    listeners.stop()
    assert seen == [True]
    assert not listeners.is_current()
    assert [record.getMessage() for record in caplog.records] == ["a listener raised"]


def test_the_thread_ends_with_the_last_listener(listeners):
    """And there is a new one for the next."""
    (thread,) = alive()
    listeners.enter()
    listeners.leave()
    assert thread.is_alive()
    listeners.leave()
    thread.join(20)
    assert alive() == []
    listeners.enter()
    assert len(alive()) == 1


def test_a_listener_that_does_not_return_is_waited_for_in_vain_no_longer_than_told(listeners):
    """So that a program can end."""
    go_on = threading.Event()
    listeners.put(lambda: go_on.wait(20))
    listeners.stop(timeout=0)
    assert len(alive()) == 1
    go_on.set()


def test_stopping_waits_for_what_was_given_and_may_be_repeated(listeners):
    """Nothing is left of it."""
    listeners.stop()
    listeners.stop()
    assert alive() == []
    listeners.leave()
