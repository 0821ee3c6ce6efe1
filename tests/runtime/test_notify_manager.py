"""Deferred notifications: what is scheduled in a batch comes out together."""

from __future__ import annotations

import asyncio

import pytest

from query.runtime.notify_manager import NotifyManager


@pytest.fixture
def manager():
    """A manager whose scheduler does at once what it is given, and counts."""
    manager = NotifyManager()
    manager.turns = 0

    def schedule(callback):
        manager.turns += 1
        callback()

    manager.set_scheduler(schedule)
    return manager


@pytest.mark.parity("QC-notifyManager-001")
async def test_a_scheduled_callback_waits_for_the_next_turn():
    """It never runs inside the call that schedules it."""
    manager, calls = NotifyManager(), []
    manager.schedule(lambda: calls.append(1))
    assert calls == []
    await asyncio.sleep(0)
    assert calls == [1]


def test_without_a_loop_a_callback_runs_at_once():
    """There is no later."""
    manager, calls = NotifyManager(), []
    manager.schedule(lambda: calls.append(1))
    assert calls == [1]


async def test_callbacks_keep_their_order():
    """Across single ones and batches."""
    manager, calls = NotifyManager(), []
    manager.schedule(lambda: calls.append(1))
    with manager.batch():
        manager.schedule(lambda: calls.append(2))
        manager.schedule(lambda: calls.append(3))
    manager.schedule(lambda: calls.append(4))
    await asyncio.sleep(0)
    assert calls == [1, 2, 3, 4]


@pytest.mark.parity("QC-notifyManager-003")
def test_a_batch_is_delivered_in_one_turn_when_it_ends(manager):
    """Not before."""
    calls = []
    with manager.batch():
        manager.schedule(lambda: calls.append(1))
        manager.schedule(lambda: calls.append(2))
        assert (calls, manager.turns) == ([], 0)
    assert (calls, manager.turns) == ([1, 2], 1)


@pytest.mark.parity("QC-notifyManager-002")
def test_the_outermost_batch_delivers(manager):
    """Inner ones only count."""
    calls = []
    with manager.batch():
        with manager.batch():
            manager.schedule(lambda: calls.append(1))
        assert calls == []
    assert calls == [1]


@pytest.mark.parity("QC-notifyManager-004")
def test_a_batch_delivers_also_after_an_error(manager):
    """The error goes on, and the next batch is an ordinary one."""
    calls = []
    with pytest.raises(ValueError, match="mine"), manager.batch():
        manager.schedule(lambda: calls.append(1))
        raise ValueError("mine")
    assert calls == [1]
    manager.schedule(lambda: calls.append(2))
    assert calls == [1, 2]


def test_an_empty_batch_takes_no_turn(manager):
    """Nothing to deliver."""
    with manager.batch():
        pass
    assert manager.turns == 0


def test_what_is_scheduled_during_a_delivery_comes_by_itself(manager):
    """The batch that is being delivered is closed."""
    calls = []
    with manager.batch():
        manager.schedule(lambda: manager.schedule(lambda: calls.append("inner")))
        manager.schedule(lambda: calls.append("outer"))
    assert calls == ["inner", "outer"]
    assert manager.turns == 2


@pytest.mark.parity("QC-notifyManager-007")
def test_batch_calls_schedules_the_call_with_its_arguments(manager):
    """For listeners that need not be told at once."""
    calls = []
    tell = manager.batch_calls(lambda *args, **kwargs: calls.append((args, kwargs)))
    with manager.batch():
        assert tell(1, key="a") is None
        assert calls == []
    assert calls == [((1,), {"key": "a"})]


@pytest.mark.parity("QC-notifyManager-003")
def test_each_delivery_can_be_wrapped(manager):
    """Batched or not."""
    calls = []

    def wrapped(callback):
        calls.append("(")
        callback()
        calls.append(")")

    manager.set_notify_function(wrapped)
    manager.schedule(lambda: calls.append("a"))
    with manager.batch():
        manager.schedule(lambda: calls.append("b"))
        manager.schedule(lambda: calls.append("c"))
    assert "".join(calls) == "(a)(b)(c)"


@pytest.mark.parity("QC-notifyManager-006")
def test_a_whole_batch_can_be_wrapped(manager):
    """Once, around all of it; what comes by itself is no batch."""
    calls = []

    def wrapped(deliver):
        calls.append("[")
        deliver()
        calls.append("]")

    manager.set_batch_notify_function(wrapped)
    manager.schedule(lambda: calls.append("a"))
    with manager.batch():
        manager.schedule(lambda: calls.append("b"))
        manager.schedule(lambda: calls.append("c"))
    assert "".join(calls) == "a[bc]"


@pytest.mark.parametrize("batched", [True, False])
async def test_a_callback_that_raises_harms_nobody_else(manager, reported, batched):
    """The next one is somebody else's; the loop's exception handler has the error."""
    calls, error = [], ValueError("mine")

    def broken():
        raise error

    if batched:
        with manager.batch():
            manager.schedule(broken)
            manager.schedule(lambda: calls.append(1))
    else:
        manager.schedule(broken)
        manager.schedule(lambda: calls.append(1))
    assert calls == [1]
    assert reported == [{"message": "a scheduled callback raised", "exception": error}]
