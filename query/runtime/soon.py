"""Something for the next turn of the loop, where the usual way costs more than all else.

A write that tells an observer later takes half as long again with ``loop.call_soon`` and what the loop does with its
handle: seven Python calls. asyncio's own loops take what is next from a deque, and ask of it no more than whether it is
``_cancelled``, and to ``_run``. So here is a handle that has no more than that. Every other loop is asked the usual
way, and so is one that debugs, which wants to know who asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Final, TypeVar

T = TypeVar("T")

_OWN_LOOPS: Final = frozenset(
    getattr(asyncio, name) for name in ("SelectorEventLoop", "ProactorEventLoop") if hasattr(asyncio, name)
)
"""asyncio's own, and no subclass, which may have overridden anything."""


class _Soon:
    """What the loop has as a handle: one call with one argument, in the context of who asked for it."""

    __slots__ = ("_argument", "_callback", "_cancelled", "_context", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, callback: Callable[[Any], object], argument: object) -> None:
        self._loop = loop
        self._callback = callback
        self._argument = argument
        self._context = copy_context()
        self._cancelled = False

    def _run(self) -> None:
        """As ``asyncio.Handle`` does."""
        try:
            self._context.run(self._callback, self._argument)
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - a failed test, for example: the loop goes on
            self._loop.call_exception_handler(
                {"message": f"Exception in callback {self!r}", "exception": error, "handle": self}
            )

    def __repr__(self) -> str:
        return f"<{self._callback!r} with {self._argument!r}>"


def call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[T], object], argument: T) -> object:
    """Call something on the next turn, after what was asked for before: ``loop.call_soon`` for what is not cancelled.

    Args:
        loop: The running loop.
        callback: A function of one argument.
        argument: That.

    Returns:
        What the loop has among that which it is to run.
    """
    # Any: what asyncio's own loops have
    own: Any = loop
    if type(loop) in _OWN_LOOPS and not own._debug:
        soon = _Soon(loop, callback, argument)
        own._ready.append(soon)
        return soon
    return loop.call_soon(callback, argument)
