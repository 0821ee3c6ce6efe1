"""Waiting for several handles at once, or for a value that may still be on its way.

Source: the ``Promise.all`` of queryClient.ts. Differs: after an error the others are not forgotten.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Generator, Sequence
from types import CoroutineType, coroutine
from typing import Any, TypeVar, cast

from .handle import Handle, RunningHandle
from .outcome import Outcome

T = TypeVar("T")


@coroutine
def next_turn() -> Generator[None]:
    """Let the loop have its turn: ``asyncio.sleep(0)``, without the calls."""
    yield


def can_be_awaited(value: object) -> bool:
    """Whether *value* is awaitable. Most are coroutines or None: to ask Python takes longer than to await one.

    Args:
        value: What a function that may be plain or async returned.
    """
    return value.__class__ is CoroutineType or (value is not None and inspect.isawaitable(value))


async def settled(value: Awaitable[T] | T) -> T:
    """*value*, or what it comes to if it is awaitable.

    Args:
        value: What a function that may be plain or async returned.
    """
    return cast("T", await cast("Any", value) if can_be_awaited(value) else value)


def all_done(handles: Sequence[Handle[Any]], *, throw_on_error: bool = False) -> Handle[None]:
    """A handle that is done when all of *handles* are.

    Args:
        handles: What to wait for.
        throw_on_error: Fail with the first error, as soon as it is there; the others go on. What is no ``Exception``,
            such as a failed test, is passed on in any case: no state tells of it.
    """

    def failure_of(handle: Handle[Any]) -> BaseException | None:
        error = handle.exception()
        return error if throw_on_error or not isinstance(error, Exception) else None

    failures = [failure_of(handle) for handle in handles if handle.done()]
    failure = next((error for error in failures if error is not None), None)
    if failure is not None:
        return Handle.failed(failure)
    left = len(handles) - len(failures)
    if not left:
        return Handle.of(None)
    done: Outcome[None] = Outcome(asyncio.get_running_loop())

    def count(handle: Handle[Any]) -> None:
        nonlocal left
        left -= 1
        error = failure_of(handle)
        if done.is_done:
            return
        if error is not None:
            done.set_exception(error, is_told=isinstance(error, Exception))
        elif not left:
            done.set_result(None)

    for handle in handles:
        if not handle.done():
            handle.add_done_callback(count)
    return RunningHandle(done)


def without_result(handle: Handle[Any]) -> Handle[None]:
    """A handle that is done, without result, when *handle* is; an ``Exception`` of it is dropped.

    Args:
        handle: What to wait for.
    """
    return all_done([handle])
