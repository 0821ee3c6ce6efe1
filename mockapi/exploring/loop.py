"""An event loop that is a function of its inputs: virtual time, no sockets, and an order of tasks to be chosen."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple, Unpack

from query.base.types import MICROSECONDS

from ..clock.standstill import waiting_at
from ..clock.timeline import NEVER, Timeline, VirtualTimer, in_microseconds
from .errors import DeadlockError, LivelockError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_REAL_WAIT = 5.0


class _LoopTimer(asyncio.TimerHandle):
    """A timer of the loop, and its place on the timeline."""

    __slots__ = ("place",)

    def __init__(self, place: VirtualTimer, callback: Any, args: Any, loop: Any, context: Context | None) -> None:
        super().__init__(place.due / MICROSECONDS, callback, args, loop, context)
        self.place = place

    def cancel(self) -> None:
        self.place.cancel()
        super().cancel()


class DeterministicLoop(asyncio.BaseEventLoop):
    """A loop for one run. It does no real input or output; worker threads are waited for in real time.

    It costs less to make than asyncio's own, which counts where each example of a search has a new one. Timers of one
    instant fire in the order in which they were set, one at a time, and what each sets going runs before the next.

    Args:
        choose: Given how many tasks can run, returns which of them goes next. Only steps of tasks overtake each other,
            and none a callback that was scheduled before it: asyncio promises that order, and programs rely on it.
        autojump: Let time jump to the next timer when nothing else is left to do.
        max_steps: How many steps a run may take before it counts as endless.

    Attributes:
        unhandled: What asyncio would have logged: exceptions that nobody heard of.
    """

    def __init__(
        self, *, choose: Callable[[int], int] | None = None, autojump: bool = True, max_steps: int = 100_000
    ) -> None:
        super().__init__()
        # asyncio's own, which no type stub tells of
        self._ready: Any = vars(self)["_ready"]
        self._choose = choose
        self._autojump = autojump
        self._max_steps = max_steps
        self._steps = 0
        self._instant = 0
        self._timeline = Timeline()
        self._jobs = 0
        self._wake = threading.Condition()
        self.unhandled: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.unhandled.append(context))

    # -- time

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._instant / MICROSECONDS

    def call_later(
        self, delay: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call *callback* after *delay* seconds.

        Args:
            delay: Seconds.
            callback: Called with *args*.
            *args: Its arguments.
            context: The context to call it in.
        """
        return self._set(self._instant + max(0, in_microseconds(delay)), callback, args, context)

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call *callback* at a certain time of the loop.

        Args:
            when: Seconds since the loop was made.
            callback: Called with *args*.
            *args: Its arguments.
            context: The context to call it in.
        """
        return self._set(in_microseconds(when), callback, args, context)

    def advance(self, seconds: float) -> None:
        """Let time pass: each timer on the way fires at its own instant, and what it sets going runs.

        Args:
            seconds: That much.

        Raises:
            LivelockError: It does not come to an end.
        """

        def body() -> None:
            target = self._instant + in_microseconds(seconds)
            self._drain()
            while (due := self._timeline.due) is not None and due <= target:
                self._instant = max(self._instant, due)
                self._drain()
            self._instant = target

        self._running(body)

    # -- running

    @property
    def is_idle(self) -> bool:
        """Whether nothing can run at this instant."""
        due = self._timeline.due
        return not self._ready and (due is None or due > self._instant)

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function as if the loop did, and leave what it sets going for later.

        Args:
            function: The function.
            *args: Its arguments.
        """
        return self._running(lambda: function(*args))

    def run_until_idle(self) -> None:
        """Run all that can run at this instant.

        Raises:
            LivelockError: It does not come to an end.
        """
        self._running(self._drain)

    def leaks(self) -> list[str]:
        """What a run that is over must not leave behind, in one line each."""
        found = [f"the task {task.get_name()}{_place(task)}" for task in self._pending()]
        for context in self.unhandled:
            error = context.get("exception")
            found.append(f"{context['message']}{'' if error is None else f': {type(error).__name__}: {error}'}")
        return found

    def end(self) -> None:
        """Cancel what is left and close the loop. Raises nothing: the run has had its verdict."""
        if self.is_closed():
            return
        self._choose = None
        self._steps = 0
        if vars(self)["_asyncgens"]:
            # their last word, as asyncio.run lets them have it: connections are closed there
            self.create_task(self.shutdown_asyncgens())
            with contextlib.suppress(Exception, asyncio.CancelledError):
                self.run_until_idle()
        for _ in range(10):
            # cleaning up may begin tasks of its own
            left = self._pending()
            if not left:
                break
            for task in left:
                task.cancel()
            try:
                self.run_until_idle()
            except (Exception, asyncio.CancelledError):  # noqa: BLE001 - what is raised while everything ends
                continue
        self.close()

    # -- inside

    def _set(
        self, due: int, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> asyncio.TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        place = VirtualTimer(min(due, NEVER), callback, ())
        timer = _LoopTimer(place, callback, args, self, context)
        place.callback = lambda: self._ready.append(timer)
        self._timeline.add(place)
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """What asyncio calls for each; the timeline drops it by itself."""

    def _run_once(self) -> None:
        """What ``run_forever`` calls, once for each step."""
        if not self._ready and not self._fire_due():
            due = self._timeline.due
            if self._jobs:
                self._wait_for_threads()
            elif due is not None and self._autojump:
                self._instant = due
            elif not vars(self)["_stopping"]:
                raise DeadlockError(self._description())
        if self._ready:
            self._step()

    def _fire_due(self) -> bool:
        timer = self._timeline.pop(self._instant)
        if timer is not None:
            timer.fire()
        return timer is not None

    def _drain(self) -> None:
        while self._ready or self._jobs or self._fire_due():
            if self._ready:
                self._step()
            elif self._jobs:
                self._wait_for_threads()

    def _step(self) -> None:
        self._steps += 1
        if self._steps > self._max_steps:
            raise LivelockError(
                f"the run took more than {self._max_steps:,} steps and has no end; max_steps= allows more.\n"
                + self._description()
            )
        at = self._picked() if self._choose is not None and len(self._ready) > 1 else 0
        handle = self._ready[at]
        del self._ready[at]
        if not handle.cancelled():
            handle._run()

    def _picked(self) -> int:
        """The place of what runs next: of the first step of each task before the first callback that is none."""
        steps: list[int] = []
        seen: set[int] = set()
        for at, handle in enumerate(self._ready):
            task = getattr(handle._callback, "__self__", None)
            if not isinstance(task, asyncio.Task):
                break
            if id(task) not in seen:
                seen.add(id(task))
                steps.append(at)
        if len(steps) < 2 or self._choose is None:
            return 0
        return steps[self._choose(len(steps))]

    def _running(self, body: Callable[[], T]) -> T:
        """Run *body* as if the loop did."""
        self._check_closed()  # type: ignore[attr-defined]
        if self.is_running():
            raise RuntimeError("this loop runs already; use it from outside.")
        before = asyncio._get_running_loop()
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(
            firstiter=self._asyncgen_firstiter_hook,  # type: ignore[attr-defined]
            finalizer=self._asyncgen_finalizer_hook,  # type: ignore[attr-defined]
        )
        self._thread_id = threading.get_ident()
        asyncio._set_running_loop(self)
        try:
            return body()
        finally:
            self._thread_id = None  # type: ignore[assignment]
            asyncio._set_running_loop(before)
            sys.set_asyncgen_hooks(*hooks)

    def _pending(self) -> list[asyncio.Task[Any]]:
        return sorted((task for task in asyncio.all_tasks(self) if not task.done()), key=lambda task: task.get_name())

    def _description(self) -> str:
        lines = [f"  {task.get_name()} waits{_place(task)}" for task in self._pending()]
        return (
            "\n".join([f"After {self.time():g} s:", *lines]) if lines else f"After {self.time():g} s no task is left."
        )

    # -- the world outside

    def _write_to_self(self) -> None:
        """What ``call_soon_threadsafe`` calls."""
        with self._wake:
            self._wake.notify_all()

    def _wait_for_threads(self) -> None:
        with self._wake:
            if not self._wake.wait_for(lambda: bool(self._ready), _REAL_WAIT):
                raise DeadlockError(f"a worker thread did not end within {_REAL_WAIT:g} real seconds.")

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run a function in a worker thread; the loop waits for it in real time.

        Args:
            executor: The pool; None for the loop's own.
            func: The function.
            *args: Its arguments.
        """
        future = super().run_in_executor(executor, func, *args)
        self._jobs += 1
        future.add_done_callback(self._job_done)
        return future

    def _job_done(self, _: object) -> None:
        self._jobs -= 1

    def _process_events(self, event_list: object) -> None:
        """There are none."""


def _place(task: asyncio.Task[Any]) -> str:
    place = waiting_at(task)
    return "" if place is None else f" at {place.in_function}"
