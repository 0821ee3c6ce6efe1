"""What a call comes to: set once, and told to all who wait."""

from __future__ import annotations

import asyncio
import gc

import pytest

from query.runtime.outcome import DerivedOutcome, Outcome


@pytest.fixture
async def outcome():
    """One that is still to come."""
    return Outcome(asyncio.get_running_loop())


async def test_an_outcome_is_not_there_until_it_is_set(outcome):
    """Asking too early is a mistake."""
    for ask in (outcome.result, outcome.exception):
        with pytest.raises(asyncio.InvalidStateError, match="not there yet"):
            ask()
    outcome.set_result("answer")
    assert (outcome.is_done, outcome.result(), outcome.exception()) == (True, "answer", None)


async def test_waiters_are_woken_in_the_order_in_which_they_came(outcome):
    """Those who look on are told before."""
    order = []
    waiters = [outcome.join() for _ in range(3)]
    for number, waiter in enumerate(waiters):
        waiter.add_done_callback(lambda _, number=number: order.append(number))
    outcome.add_done_callback(order.append, "looker")
    outcome.part(waiters[1])
    outcome.set_result(1)
    outcome.add_done_callback(order.append, "late")
    await asyncio.sleep(0)
    assert order == ["looker", 0, 2, "late"]


async def test_a_waiter_that_was_cancelled_is_passed_over(outcome):
    """It need not have been forgotten."""
    waiter = outcome.join()
    waiter.cancel()
    outcome.set_result(1)
    outcome.part(waiter)
    assert waiter.cancelled()


@pytest.mark.parametrize("asked", ["never", "exception", "result", "mute"])
@pytest.mark.parametrize("is_told", [True, False])
async def test_a_failure_that_nobody_asks_for_is_reported(outcome, reported, asked, is_told):
    """Unless it is told elsewhere."""
    outcome.set_exception(ValueError("mine"), is_told=is_told)
    if asked == "result":
        with pytest.raises(ValueError, match="mine"):
            outcome.result()
    elif asked != "never":
        getattr(outcome, asked)()
    # the fixture holds it
    outcome._untold = None
    gc.collect()
    lost = asked == "never" and not is_told
    assert [error["message"] for error in reported] == ["Future exception was never retrieved"] * lost
    reported.clear()


async def test_a_stop_iteration_is_wrapped(outcome):
    """It would end the generator that waits."""
    error = StopIteration("mine")
    outcome.set_exception(error)
    assert isinstance(outcome.exception(), RuntimeError)
    assert outcome.exception().__cause__ is error


class Counted(Outcome):
    """An outcome that notes how many waiters came and left."""

    def __init__(self, loop):
        super().__init__(loop)
        self.counts = []

    def count(self, change):
        self.counts.append(change)


async def test_waiters_of_what_follows_are_counted_at_the_origin(outcome):
    """If there is one; those who are woken are counted together."""
    origin, after = Counted(outcome.loop), DerivedOutcome(outcome.loop)
    after.part(after.join())
    after.origin = origin
    waiters = [after.join() for _ in range(3)]
    after.part(waiters[0])
    after.set_result(1)
    assert origin.counts == [1, 1, 1, -1, -2]
