"""Async functions that await nothing, run where they are called: without a task of their own.

A task takes several times as long as all that such a function does, and there is nothing that it could be needed for:
nobody can cancel it, and nothing in it can time out. Many a callback that is async by habit is one of them.
"""

from __future__ import annotations

import opcode
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from inspect import CO_COROUTINE
from types import FunctionType, MethodType, coroutine
from typing import Any, Final

# every await, also that of "async with" and "async for", compiles to a loop around this instruction
_AWAITS: Final = opcode.opmap["SEND"]


def awaits_nothing(function: Callable[..., object]) -> bool:
    """Whether *function* is async, and there is no await in it.

    Args:
        function: Any function. Of one that is wrapped, or no function of Python's, nothing is known.
    """
    plain = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(plain, FunctionType):
        return False
    code = plain.__code__
    return bool(code.co_flags & CO_COROUTINE) and _AWAITS not in code.co_code[::2]


def run_in_place(work: Coroutine[Any, Any, None], context: Context) -> Coroutine[Any, Any, None] | None:
    """Run a coroutine that is expected to await nothing.

    Args:
        work: The coroutine, not begun.
        context: The context variables it runs with; must not be entered already.

    Returns:
        The rest of it, for a task, if it awaits something after all.

    Raises:
        BaseException: Whatever it raised.
    """
    try:
        waited_for = context.run(work.send, None)
    except StopIteration:
        return None
    return _go_on(work, waited_for)


async def _go_on(work: Coroutine[Any, Any, None], waited_for: object) -> None:
    await _rest(work, waited_for)


@coroutine
def _rest(work: Coroutine[Any, Any, None], waited_for: object) -> Generator[Any, Any, None]:
    # a coroutine that has begun cannot be awaited: so what it waits for is handed on, and what comes of that handed in
    answer: Any = None
    failure: BaseException | None = None
    while True:
        try:
            answer = yield waited_for
        except GeneratorExit:
            work.close()
            raise
        except BaseException as error:  # noqa: BLE001 - a cancellation, most likely
            failure = error
        try:
            waited_for = work.send(answer) if failure is None else work.throw(failure)
        except StopIteration:
            return
        finally:
            # its traceback refers to this frame
            failure = None
