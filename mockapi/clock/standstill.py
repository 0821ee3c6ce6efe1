"""Who waits for what, when time stands still: the words, and the place to raise them at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from types import CodeType, FrameType
from typing import Any

from query.base.types import MICROSECONDS

from ..places import Place, is_users

SHOWN = 5
"""Timers and tasks that a message names."""
_MAX_AWAITS = 1000


def described(callback: Callable[..., object]) -> str:
    """What a timer is for.

    Args:
        callback: What it calls.
    """
    owner = getattr(callback, "__self__", None)
    # the cache says what each of its timers is for
    what = getattr(owner, "what", None)
    if isinstance(what, str):
        return what
    if isinstance(owner, asyncio.timeouts.Timeout):
        return "asyncio.timeout"
    name = str(getattr(callback, "__qualname__", None) or repr(callback))
    return "asyncio.sleep" if name == "_set_result_unless_cancelled" else name


def message(
    timers: Sequence[tuple[int, Callable[..., object]]], tasks: Sequence[asyncio.Task[Any]], owner: object
) -> str:
    """Why a test that waits will wait for ever, and what to do.

    Args:
        timers: The timers that are set, soonest first: in how many microseconds, and what they call.
        tasks: The tasks of the loop.
        owner: The task of the test.
    """
    if timers:
        wait = f"{timers[0][0] / MICROSECONDS:g}"
        text = (
            f"the test waits for what only time can bring: the next timer fires in {wait} s, but time stands still.\n"
            f"Let it pass with `await mock_clock.advance({wait})`, or have time jump to whatever comes next: "
            "@pytest.mark.mock_clock(autojump=True) or `with mock_clock.jumping():`."
        )
    else:
        text = (
            "the test waits for what can never come: no timer is set, nothing is left to run, and no socket or thread "
            "is at work.\nBelow is where each task waits: for an answer that nobody gives, an event that nobody sets, "
            "or a gate that nobody releases."
        )
    lines = [f"  in {due / MICROSECONDS:g} s: {described(callback)}" for due, callback in timers[:SHOWN]]
    if len(timers) > SHOWN:
        lines.append(f"  and {len(timers) - SHOWN} more timers")
    # the one of the test first
    ordered = sorted(tasks, key=lambda task: task is not owner)
    for task in ordered[:SHOWN]:
        place = waiting_at(task)
        lines.append(f"  {task.get_name()} waits{f' at {place.in_function}' if place is not None else ''}")
    if len(ordered) > SHOWN:
        lines.append(f"  and {len(ordered) - SHOWN} more tasks")
    return "\n".join([text, *lines])


def waiting_at(task: asyncio.Task[Any]) -> Place | None:
    """The innermost line of the user's at which a task waits; of any line, if none is the user's.

    Args:
        task: A task that does not run.
    """
    lines = list(_awaiting(task.get_coro()))
    users = [(code, line) for code, line in lines if is_users(code)]
    return Place(*(users or lines)[-1]) if lines else None


def blocked_future(task: asyncio.Task[Any] | None) -> asyncio.Future[Any] | None:
    """What a task waits for in the end, through the tasks that it waits for; None if it waits for nothing.

    Args:
        task: The task.
    """
    waiter: Any = task
    for _ in range(_MAX_AWAITS):
        if isinstance(waiter, asyncio.Task):
            waiter = getattr(waiter, "_fut_waiter", None)
        elif hasattr(waiter, "_children"):
            # of asyncio.gather
            waiter = next((child for child in waiter._children if not child.done()), None)
        else:
            break
    return waiter if isinstance(waiter, asyncio.Future) and not waiter.done() else None


def _awaiting(awaited: Any) -> Iterator[tuple[CodeType, int]]:
    """The functions and lines of a coroutine that waits, outermost first."""
    for _ in range(_MAX_AWAITS):
        frame: FrameType | None = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        if frame is not None:
            yield frame.f_code, frame.f_lineno
        following = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
        if following is None:
            return
        awaited = following
