"""The signal that says: nobody wants the result any more."""

from __future__ import annotations

import asyncio

import pytest

from query.base.errors import QueryCancelledError
from query.runtime.abort_signal import AbortSignal


def test_a_fresh_signal_has_not_fired():
    """There is no reason, and nothing is raised."""
    signal = AbortSignal()
    assert (signal.aborted, signal.reason) == (False, None)
    signal.raise_if_aborted()


def test_a_fired_signal_raises_its_reason():
    """The very object."""
    signal, reason = AbortSignal(), QueryCancelledError(revert=True)
    signal.fire(reason)
    assert (signal.aborted, signal.reason) == (True, reason)
    with pytest.raises(QueryCancelledError) as caught:
        signal.raise_if_aborted()
    assert caught.value is reason


def test_without_a_reason_it_was_a_cancelled_fetch():
    """That is what the signal is for."""
    signal = AbortSignal()
    signal.fire()
    assert isinstance(signal.reason, QueryCancelledError)


@pytest.mark.parity("QC-utils-077")
def test_listeners_are_called_once_in_order():
    """A second firing changes neither the reason nor calls anybody."""
    signal, calls, first = AbortSignal(), [], ValueError("first")
    signal.add_listener(lambda: calls.append(1))
    signal.add_listener(lambda: calls.append(2))
    signal.fire(first)
    signal.fire(ValueError("second"))
    assert (calls, signal.reason) == ([1, 2], first)


def test_one_function_can_listen_twice():
    """Each time has its own end."""
    signal, calls = AbortSignal(), []

    def listener():
        calls.append(1)

    signal.add_listener(listener)
    signal.add_listener(listener)()
    signal.fire()
    assert calls == [1]


def test_a_forgotten_listener_is_not_called():
    """Forgetting it again, or after the firing, is harmless."""
    signal, calls = AbortSignal(), []
    forget = signal.add_listener(lambda: calls.append(1))
    forget()
    forget()
    kept = signal.add_listener(lambda: calls.append(2))
    signal.fire()
    kept()
    assert calls == [2]


@pytest.mark.parity("QC-utils-076")
def test_a_listener_that_comes_too_late_is_called_at_once():
    """There is nothing for it to wait for."""
    signal, calls = AbortSignal(), []
    signal.fire()
    forget = signal.add_listener(lambda: calls.append(1))
    assert calls == [1]
    assert forget() is None


@pytest.mark.parametrize("late", [True, False])
async def test_a_listener_that_raises_harms_nobody_else(reported, late):
    """The cancelling goes on, and the error is reported."""
    signal, calls, error = AbortSignal(), [], ValueError("mine")

    def broken():
        raise error

    if late:
        signal.fire()
    signal.add_listener(broken)
    signal.add_listener(lambda: calls.append(1))
    signal.fire()
    assert calls == [1]
    assert reported == [{"message": "a listener of an abort signal raised", "exception": error}]


async def test_waiting_ends_when_the_signal_fires():
    """For everybody who waits."""
    signal = AbortSignal()
    tasks = [asyncio.create_task(signal.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    assert [task.done() for task in tasks] == [False] * 3
    signal.fire()
    assert await asyncio.gather(*tasks) == [None] * 3


async def test_waiting_for_a_fired_signal_is_no_waiting():
    """It returns within the step."""
    signal = AbortSignal()
    signal.fire()
    with pytest.raises(StopIteration):
        signal.wait().send(None)


async def test_a_cancelled_wait_leaves_nothing_behind():
    """No listener stays, and the signal can still fire."""
    signal = AbortSignal()
    task = asyncio.create_task(signal.wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert signal._listeners == {}
    signal.fire()


async def test_a_wait_cancelled_in_the_turn_of_the_firing_is_cancelled():
    """The firing finds its future done already."""
    signal = AbortSignal()
    task = asyncio.create_task(signal.wait())
    await asyncio.sleep(0)
    task.cancel()
    signal.fire()
    with pytest.raises(asyncio.CancelledError):
        await task
