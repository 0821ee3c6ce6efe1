"""Blocking functions as query and mutation functions: they run in a thread, and the event loop goes on.

Nothing runs in a thread unless it is asked to: sessions and user interfaces care in which thread they are used.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from typing_extensions import ParamSpec, TypeVar

from ..base.errors import OptionError

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """A blocking function as an async one: it runs in a thread of the loop's own pool.

    ``QueryOptions(query_key=("projects",), query_fn=in_thread(load_projects))``

    A thread cannot be stopped. A cancelled fetch leaves it to finish and drops what it delivers; a function with
    several steps may read ``context.signal`` and look between them whether it is ``aborted``. Everything else on the
    client belongs to the loop's thread.

    Args:
        function: A plain function, called with what the async one is called with.

    Raises:
        OptionError: It is a coroutine function, or none at all.
    """
    _check(function)

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        def call() -> T:
            try:
                return function(*args, **kwargs)
            except StopIteration as error:
                # no future can hold one: whoever waits for the thread would wait for ever
                raise RuntimeError("a function in a thread raised StopIteration") from error

        return await asyncio.to_thread(call)

    return run


def _check(function: object) -> None:
    if not callable(function) or inspect.iscoroutinefunction(function):
        kind = "a coroutine function, which does not block" if callable(function) else "no function"
        raise OptionError(
            f"in_thread() was given {function!r}: {kind}. Expected a plain function that blocks; an async one is a "
            "query_fn as it is.",
            option="function",
        )
