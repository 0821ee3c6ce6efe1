"""Deferred notifications: what is scheduled during a batch is delivered together, one loop turn later.

Listeners themselves are called at once; only what asks for it (``schedule``, ``batch_calls``) waits.
Source: notifyManager.ts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType, TracebackType
from typing import Any

from typing_extensions import ParamSpec

from .reporting import report
from .soon import call_soon

P = ParamSpec("P")
Callback = Callable[[], object]


def _next_turn(callback: Callback) -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        callback()  # without a loop there is no later
    else:
        loop.call_soon(callback)


def _call(callback: Callback) -> None:
    callback()


class _Batch:
    """The context of ``NotifyManager.batch``: one object for all, since it only counts."""

    def __init__(self, manager: NotifyManager) -> None:
        self._manager = manager

    def __enter__(self) -> None:
        self._manager.depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._manager.end_batch()


class NotifyManager:
    """Collects callbacks while a batch is open and delivers them when the outermost one ends.

    Attributes:
        depth: How many batches are open. Inside of one another one changes nothing, and can be spared.
    """

    def __init__(self) -> None:
        self.depth: int = 0
        # function, arguments, function, arguments ...: a page of observers makes thousands of calls, and an object for
        # each would keep the garbage collector busy. Both come in one step, since several threads may add
        self._queue: list[Any] = []
        self._batch = _Batch(self)
        self._schedule: Callable[[Callback], object] = _next_turn
        self._notify: Callable[[Callback], object] = _call
        self._batch_notify: Callable[[Callback], object] = _call

    def batch(self) -> _Batch:
        """A context in which callbacks are collected. Batches nest; the outermost delivers, also after an error."""
        return self._batch

    def end_batch(self) -> None:
        """End a batch that was begun by adding to ``depth``: for what is too busy for a context."""
        self.depth -= 1
        if not self.depth and self._queue:
            self._flush()

    def schedule(self, callback: Callback) -> None:
        """Call *callback* later: with the batch that is open, else by itself.

        Args:
            callback: A function without arguments. If it raises, that is reported and the others are still called.
        """
        if self.depth:
            self._queue.extend((callback, ()))
        else:
            self._schedule(partial(self._deliver, [callback, ()]))

    def batch_calls(self, function: Callable[P, object]) -> Callable[P, None]:
        """A function that schedules *function* with its arguments, for listeners that need not be told at once.

        Args:
            function: Anything callable. It runs later: it should read the current state then.
        """

        def scheduled(*args: P.args, **kwargs: P.kwargs) -> None:
            if self.depth and not kwargs:
                # as mostly: one change, and one who is told
                self._queue.extend((function, args))
                return
            call = partial(function, **kwargs) if kwargs else function
            if self.depth:
                self._queue.extend((call, args))
            else:
                self._schedule(partial(self._deliver, [call, args]))

        # for those who tell many of the same, see deferred_by
        scheduled.__dict__["deferred"] = (self, function)
        return scheduled

    def deferred_by(self, listeners: Sequence[Callable[..., object]]) -> list[Callable[..., object]] | None:
        """What these functions schedule, if each is one that ``batch_calls`` of this manager made.

        Args:
            listeners: Functions.
        """
        functions: list[Callable[..., object]] = []
        for listener in listeners:
            made = listener.__dict__.get("deferred") if type(listener) is FunctionType else None
            if made is None or made[0] is not self:
                return None
            functions.append(made[1])
        return functions

    def call_each(self, functions: Sequence[Callable[..., object]], values: Sequence[object]) -> None:
        """Schedule functions of one argument each, inside of a batch.

        Args:
            functions: What ``deferred_by`` returned.
            values: The argument of each.
        """
        self._queue.extend((None, (functions, values)))

    def set_scheduler(self, schedule: Callable[[Callback], object]) -> None:
        """Deliver by another way than the next turn of the loop.

        Args:
            schedule: Called with a function to call when it is time.
        """
        self._schedule = schedule

    def set_notify_function(self, notify: Callable[[Callback], object]) -> None:
        """Wrap each single delivery.

        Args:
            notify: Called with the callback; must call it.
        """
        self._notify = notify

    def set_batch_notify_function(self, batch_notify: Callable[[Callback], object]) -> None:
        """Wrap the delivery of a whole batch, as a user interface does to draw once.

        Args:
            batch_notify: Called with a function that delivers all; must call it.
        """
        self._batch_notify = batch_notify

    def _flush(self) -> None:
        queue, self._queue = self._queue, []
        if self._schedule is _next_turn:
            # what follows comes to that, by half a dozen calls
            loop = asyncio._get_running_loop()
            if loop is not None:
                call_soon(loop, self._deliver_batch, queue)
                return
        self._schedule(partial(self._deliver_batch, queue))

    def _deliver_batch(self, queue: list[Any]) -> None:
        if self._batch_notify is not _call:
            self._batch_notify(partial(self._deliver, queue))
            return
        function = queue[0]
        if len(queue) > 2 or function is None or self._notify is not _call:
            self._deliver(queue)
            return
        # as there, for the one call that there mostly is
        try:
            function(*queue[1])
        except Exception as error:  # noqa: BLE001
            report("a scheduled callback raised", error)

    def _deliver(self, queue: list[Any]) -> None:
        each = iter(queue)
        for function, args in zip(each, each, strict=True):
            if function is None:
                self._deliver_each(*args)
                continue
            try:
                if self._notify is _call:
                    function(*args)
                else:
                    self._notify(partial(function, *args))
            except Exception as error:  # noqa: BLE001 - the next callback is somebody else's
                report("a scheduled callback raised", error)

    def _deliver_each(self, functions: Sequence[Callable[..., object]], values: Sequence[object]) -> None:
        # as above, in a loop that is little else: a page has thousands
        for function, value in zip(functions, values, strict=True):
            try:
                if self._notify is _call:
                    function(value)
                else:
                    self._notify(partial(function, value))
            except Exception as error:  # noqa: BLE001 - the next callback is somebody else's
                report("a scheduled callback raised", error)


notify_manager: NotifyManager = NotifyManager()
"""The process-wide one, used by clients that have none of their own."""
