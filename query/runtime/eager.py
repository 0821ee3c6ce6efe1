"""Start a coroutine inside the call that asks for it, as a JavaScript async function starts.

Callers see its first effects at once: the request is sent, the signal is read, the loading state is right. Python has
``eager_start`` for this from 3.12 on. For 3.11 the first step is run by hand, with the task already current (through
the functions that asyncio documents for makers of task classes), so that ``asyncio.timeout`` and anyio's scopes belong
to the right task; the task then takes over from the second step.
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Coroutine, Generator
from contextvars import Context
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")


class EagerStart(Protocol):
    """What ``start_eagerly`` is."""

    def __call__(
        self,
        coroutine: Coroutine[Any, Any, T],
        /,
        *,
        loop: asyncio.AbstractEventLoop,
        context: Context,
        name: str | None = None,
    ) -> asyncio.Task[T]:
        """A task whose first step has already run.

        Args:
            coroutine: What to run.
            loop: The running loop.
            context: The context variables it runs with; must not be entered already.
            name: The task's name, for messages.
        """
        ...


# Any: a set of asyncio's own, which is no part of its face; where it has none, somebody may always be starting
BEING_STARTED: Final[Any] = getattr(asyncio.tasks, "_eager_tasks", True) if sys.version_info >= (3, 12) else set[Any]()
"""The tasks whose eager first step runs right now, inside the call that starts them; true if that cannot be known."""

if sys.version_info >= (3, 12):
    # not a function: every fetch comes by here
    start_eagerly: EagerStart = functools.partial(asyncio.Task, eager_start=True)

    def goes_on_by_itself(task: asyncio.Task[Any]) -> bool:
        """Whether a task that was started eagerly let the loop have its turn, and waits for nothing else.

        Args:
            task: What ``start_eagerly`` has just returned, not done.
        """
        return task._fut_waiter is None  # type: ignore[attr-defined]

else:

    def start_eagerly(
        coroutine: Coroutine[Any, Any, T],
        /,
        *,
        loop: asyncio.AbstractEventLoop,
        context: Context,
        name: str | None = None,
    ) -> asyncio.Task[T]:
        """A task whose first step has already run; see ``EagerStart``."""
        begun = _Begun(coroutine)
        task: asyncio.Task[T] = loop.create_task(begun, name=name, context=context)
        caller = asyncio.current_task(loop)
        if caller is not None:
            asyncio.tasks._leave_task(loop, caller)
        asyncio.tasks._enter_task(loop, task)
        BEING_STARTED.add(task)
        try:
            context.run(begun.begin)
        finally:
            BEING_STARTED.discard(task)
            asyncio.tasks._leave_task(loop, task)
            if caller is not None:
                asyncio.tasks._enter_task(loop, caller)
        return task

    def goes_on_by_itself(task: asyncio.Task[Any]) -> bool:
        """Whether a task that was started eagerly let the loop have its turn, and waits for nothing else."""
        begun: Any = task.get_coro()
        return begun._yielded is None


class _Begun(Coroutine[Any, Any, T]):
    """A coroutine whose first step was run ahead; its task is given what that step yielded, or how it ended."""

    def __init__(self, inner: Coroutine[Any, Any, T]) -> None:
        self._inner = inner
        self._ahead = False
        self._yielded: Any = None
        self._ended: BaseException | None = None

    def begin(self) -> None:
        """Run the first step."""
        self._ahead = True
        try:
            self._yielded = yielded = self._inner.send(None)
        except BaseException as end:  # noqa: BLE001 - StopIteration carries the result; all of it belongs to the task
            self._ended = end
        else:
            # "waited for by await": a future wears this mark on its way to a task only, and others may wait for it too
            if asyncio.isfuture(yielded):
                yielded._asyncio_future_blocking = False

    def send(self, value: Any) -> Any:
        """Go on, or repeat what the step ahead came to."""
        if not self._ahead:
            return self._inner.send(value)
        ended, self._ended = self._ended, None
        if ended is not None:
            self._ahead = False
            raise ended
        if self._yielded is None:
            # it let the loop have a turn, and this is the next one
            self._ahead = False
            return self._inner.send(value)
        return self._hand_over()

    def throw(
        self,
        kind: Any,
        value: BaseException | object | None = None,
        trace: TracebackType | None = None,
    ) -> Any:
        """Raise inside the coroutine; if it ended ahead, that end stands."""
        error = kind if isinstance(kind, BaseException) else (value if isinstance(value, BaseException) else kind())
        if self._ahead:
            if self._ended is not None:
                return self.send(None)
            # a task cancels what it waits for, and is told when that has ended
            waited_for = self._yielded if isinstance(error, asyncio.CancelledError) else None
            if asyncio.isfuture(waited_for) and waited_for.cancel(*error.args[:1]):
                return self._hand_over()
            self._ahead, self._yielded = False, None
        return self._inner.throw(error)

    def close(self) -> None:
        """Close the coroutine."""
        self._inner.close()

    def __await__(self) -> Generator[Any, None, T]:
        raise TypeError("for a task to drive, not to await")

    def __getattr__(self, name: str) -> Any:
        # name, frame and state, by which asyncio shows a task
        return getattr(self._inner, name)

    def _hand_over(self) -> Any:
        self._ahead = False
        yielded, self._yielded = self._yielded, None
        if asyncio.isfuture(yielded):
            yielded._asyncio_future_blocking = True
        return yielded
