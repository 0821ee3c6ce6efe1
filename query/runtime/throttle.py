"""Runs a function at most once in a while, with the latest arguments: for writing what changes all the time.

Source: query-async-storage-persister, asyncThrottle.ts. Differs: what waits can be had at once, for when the program
ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, ParamSpec, cast

from ..base.option_checks import duration, refuse
from ..base.types import Duration
from .environment import Environment
from .own_loop import Timer
from .reporting import report
from .waiting import settled

P = ParamSpec("P")


class Throttle(Generic[P]):
    """A function that may be called often and runs seldom.

    The first call runs it at once. Calls that come while it runs, or before *interval* has passed since it ended, come
    down to one run, with the arguments of the last of them.

    Args:
        environment: Whose clock it goes by, and who owns its tasks and timers.
        function: The function, plain or async. What it returns is dropped.
        interval: Seconds from the end of a run to the next.
        name: What it does, for messages.
        on_error: Called with what the function raised; by default that is reported. Later runs go on.

    Raises:
        OptionError: *function* is none, or *interval* is no duration.
    """

    def __init__(
        self,
        environment: Environment,
        function: Callable[P, object],
        *,
        interval: Duration,
        name: str,
        on_error: Callable[[Exception], object] | None = None,
    ) -> None:
        if not callable(function):
            raise refuse("function", function, "a function.")
        self._environment = environment
        self._function = function
        self._interval: float = duration("interval", interval)
        self._name = name
        self._on_error = on_error
        self._waiting: Callable[[], object] | None = None
        self._timer: Timer | None = None
        # done when the run is; made before its task, which takes its first step at once and may call again
        self._running: asyncio.Future[None] | None = None
        self._not_before = 0.0

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run the function now or later. Without a running loop it is run once there is one."""
        self._waiting = lambda: self._function(*args, **kwargs)
        if self._running is None and self._timer is None:
            self._run_in_time()

    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return self._waiting is None and self._running is None

    async def flush(self) -> None:
        """Run what waits without waiting any longer; returns when all is done."""
        while not self.is_idle():
            if self._running is None:
                self._run()
            else:
                # not awaited itself: whoever flushes may be cancelled, the run may not
                await asyncio.wait([self._running])

    def cancel(self) -> None:
        """Forget what waits. A run goes on to its end."""
        self._waiting = None
        self._forget_timer()

    def _run_in_time(self) -> None:
        delay = self._not_before - self._environment.timeout_manager.clock.monotonic()
        if delay <= 0 and self._environment.has_loop():
            self._run()
        else:
            self._timer = self._environment.set_timeout(self._run, max(delay, 0.0), self._name)

    def _run(self) -> None:
        self._forget_timer()
        function, self._waiting = cast("Callable[[], object]", self._waiting), None
        running = self._running = self._environment.bind().create_future()
        self._environment.spawn(self._execute(function, running), self._name)

    async def _execute(self, function: Callable[[], object], running: asyncio.Future[None]) -> None:
        try:
            await settled(function())
        except Exception as error:  # noqa: BLE001 - one failure does not end all later runs
            self._tell(error)
        finally:
            self._running = None
            self._not_before = self._environment.timeout_manager.clock.monotonic() + self._interval
            running.set_result(None)
        if self._waiting is not None:
            self._run_in_time()

    def _tell(self, error: Exception) -> None:
        if self._on_error is None:
            report(f"{self._name} failed", error)
            return
        try:
            self._on_error(error)
        except Exception as raised:  # noqa: BLE001 - nobody is left to tell but the loop
            report(f"on_error of {self._name} raised", raised)

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
