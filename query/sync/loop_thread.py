"""An event loop in a thread of its own, for programs that have none."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Awaitable, Callable
from typing import ClassVar, Final, Literal, TypeVar

from ..base.errors import LoopError
from ..base.types import Duration
from ..threads.crossing import Crossing, running_loop
from .workers import Workers

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds that the interpreter's exit waits for a client that nobody has closed."""
LAST_TURNS: Final = 0.1
"""Seconds within which threads that still wait must have been told how it ended."""


class LoopThread(Crossing):
    """Runs a loop from the first call that needs one until it is closed.

    Before and after that nothing can happen by itself, so what needs no loop is done in the calling thread. The thread
    is a daemon and ended by ``atexit``: for any other kind Python would wait before it calls what could end it.

    Args:
        on_end: Called in the loop, and awaited, as the last thing.
        forget: Called when the loop is no more, to let go of it.

    Attributes:
        workers: Where plain functions of users run.
    """

    in_own_loop: ClassVar[str] = (
        "a function that runs in the client's own event loop, such as an async query_fn or a callback, called a method "
        "that waits, and would wait for itself for ever. Use context.client there: its methods do not wait."
    )
    in_other_loop: ClassVar[str] = (
        "query.sync.QueryClient was used in a thread with a running event loop, which would stand still meanwhile. "
        "Use query.QueryClient there and await what its methods return, or use this one from a worker thread: "
        "await asyncio.to_thread(client.query, options)."
    )

    def __init__(self, on_end: Callable[[], Awaitable[None]], forget: Callable[[], object]) -> None:
        super().__init__()
        self._on_end = on_end
        self._forget = forget
        self.workers: Workers = Workers(self)
        # held while something is done without the loop, so that it does not start meanwhile
        self._lock = threading.RLock()
        self._state: Literal["new", "running", "closing", "closed"] = "new"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._end: asyncio.Event | None = None
        self._process = 0

    # -- calls

    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop; started if it has not been.

        Raises:
            LoopError: The client is closed, or this process was forked from the one in which the loop runs.
        """
        loop = self._loop
        if loop is None or self._state != "running":
            return self._start()
        if self._is_forked():
            raise LoopError(
                "this client was in use when the process was forked, and its event loop runs in the parent only. "
                "Make a client after the fork."
            )
        return loop

    def is_own(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Whether this is the loop.

        Args:
            loop: One that runs.
        """
        return loop is self._loop

    def call(self, function: Callable[[], T]) -> T:
        """What *function* returns, for one that needs no running loop.

        Args:
            function: Called without arguments; must not block.

        Raises:
            LoopError: Another event loop runs in this thread, or the client is being closed.
        """
        if self._state in ("new", "closed"):
            self.refuse_loops()
            with self._lock:
                if self._state in ("new", "closed"):
                    return function()
        return self.call_in_loop(function)

    def call_in_loop(self, function: Callable[[], T]) -> T:
        """What *function* returns, called in the loop: at once if this is the loop, where a callback may come from.

        Args:
            function: Called without arguments; must not block.

        Raises:
            LoopError: Another event loop runs in this thread, or the client is closed.
        """
        running = running_loop()
        return function() if running is not None and running is self._loop else super().call_in_loop(function)

    def wait(self, start: Callable[[], Awaitable[T]], timeout: Duration | None = None) -> T:
        """What comes of that which *start* starts in the loop.

        Args:
            start: Called without arguments; must not block.
            timeout: How long to wait, from when it has started: what is there at once is returned in any case.

        Raises:
            TimeoutError: It took longer. What was started goes on; only this waiting has ended.
            LoopError: An event loop runs in this thread, or the client is closed.
        """
        with self.workers.seat_given_away():
            return super().wait(start, timeout)

    # -- life

    def _start(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._state == "new":
                # here, so that a lack of files or threads is an error of the call
                loop = asyncio.new_event_loop()
                end = asyncio.Event()
                thread = threading.Thread(target=self._run, args=(loop, end), name="query loop", daemon=True)
                _running.add(self)
                try:
                    thread.start()
                except BaseException:
                    _running.discard(self)
                    loop.close()
                    raise
                self._loop, self._end, self._thread, self._process = loop, end, thread, os.getpid()
                self._state = "running"
            if self._loop is None or self._state != "running":
                raise LoopError("this client is closed, and can only be read. Make another one to fetch or write.")
            return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
        try:
            self._run_until_end(loop, end)
        finally:
            _running.discard(self)

    def _run_until_end(self, loop: asyncio.AbstractEventLoop, end: asyncio.Event) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            main = runner.get_loop().create_task(self._main(end), name="query loop")
            while not main.done():
                try:
                    loop.run_until_complete(main)
                except (SystemExit, KeyboardInterrupt):
                    # raised by a function of the user. Whoever waits for it is told, and others want to go on
                    continue

    async def _main(self, end: asyncio.Event) -> None:
        await end.wait()
        await self._on_end()
        if self._following:
            await asyncio.wait(self._following, timeout=LAST_TURNS)

    def request_end(self) -> None:
        """Let the loop end soon; nobody waits. From whatever thread."""
        with self._lock:
            if self._state == "running" and not self._is_forked():
                self._state = "closing"
                assert self._loop is not None
                assert self._end is not None
                self._loop.call_soon_threadsafe(self._end.set)

    def close(self, timeout: float | None = None) -> None:
        """End the loop and all threads. Blocking functions and listeners that still run are waited for.

        Args:
            timeout: Seconds to wait for the loop, and for listeners; None for as long as it takes.

        Raises:
            LoopError: It is one of these threads that calls.
        """
        running = running_loop()
        if (running is not None and self.is_own(running)) or self.workers.is_current() or self.listeners.is_current():
            raise LoopError("the client cannot be closed by a function that it runs. Close it where it was made.")
        self.request_end()
        thread = self._thread
        if thread is not None and not self._is_forked():
            thread.join(timeout)
            self.workers.close()
            self.listeners.stop(timeout)
        with self._lock:
            self._state = "closed"
            self._loop = self._end = self._thread = None
            self._forget()

    def _is_forked(self) -> bool:
        return self._process != os.getpid()


_running: Final[set[LoopThread]] = set()
"""All whose loop runs."""


@atexit.register
def _close_all() -> None:
    for thread in list(_running):
        thread.close(PATIENCE)
