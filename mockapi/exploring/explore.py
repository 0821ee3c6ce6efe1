"""Running a coroutine under a schedule."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from query.runtime.timeout_manager import timeout_manager

from .errors import LeftoverError
from .loop import DeterministicLoop
from .loop_clock import LoopClock
from .schedule import Schedule

T = TypeVar("T")


def explore(
    scenario: Callable[[], Coroutine[Any, Any, T]],
    *,
    schedule: Schedule | int = 0,
    leftovers: bool = False,
    max_steps: int = 100_000,
) -> T:
    """Run a coroutine with its tasks in another order than asyncio's, in virtual time.

    What a program may rely on stays as it is: callbacks run in the order in which they were scheduled, and only steps
    of tasks overtake each other. Query clients without a clock of their own go by the run's time. A run is the same
    each time for the same schedule; a failure has a note that says how to repeat it.

    Args:
        scenario: A function without arguments that returns the coroutine: ``async def scenario(): ...``.
        schedule: The order; a number is the seed of one, and 0 is asyncio's own order.
        leftovers: Whether tasks may be left when the coroutine ends; they are cancelled.
        max_steps: How many steps a run may take before it counts as endless.

    Returns:
        What the coroutine returns.

    Raises:
        DeadlockError: The coroutine waits, and nothing can wake it.
        LivelockError: The run does not come to an end.
        LeftoverError: A task is left, or an exception was heard by nobody.
        RuntimeError: A loop runs in this thread already.
        Exception: What the coroutine raises.
    """
    __tracebackhide__ = True
    if asyncio._get_running_loop() is not None:
        raise RuntimeError(
            "explore() runs a loop of its own, and one runs here already; call it from a test that is no coroutine."
        )
    order = schedule if isinstance(schedule, Schedule) else Schedule(schedule)
    order.begin()
    loop = DeterministicLoop(choose=order.choose, max_steps=max_steps)
    try:
        with timeout_manager.using(LoopClock(loop)):
            result = loop.run_until_complete(scenario())
            # what the end of the coroutine set going
            loop.run_until_idle()
            left = [] if leftovers else loop.leaks()
            if left:
                raise LeftoverError(left)
    except BaseException as error:
        error.add_note(f"to repeat this run: explore(..., schedule={order.replay!r})")
        raise
    finally:
        loop.end()
    return result
