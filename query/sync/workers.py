"""Where plain functions of users run in a program without an event loop: they may block, and the loop must not."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
import inspect
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final

from anyio import CapacityLimiter

from ..base.errors import LoopError
from ..threads.crossing import Crossing
from ..threads.outcome import Result
from .function_client import FunctionClient

SEATS: Final = 40
"""How many functions of one client may run at once. One that itself waits for the client gives its seat away."""
NO_LIMIT: Final = 1_000_000


class Workers:
    """Runs the plain functions of a client in threads.

    Args:
        crossing: The way into the loop.
    """

    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing
        self._seats = CapacityLimiter(SEATS)
        self._pool: ThreadPoolExecutor | None = None
        self._busy: set[int] = set()

    def adapt(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A query_fn or mutation_fn that may be called in the loop: the same if it is async, else one that is.

        Args:
            function: The function.
        """
        return function if _is_async(function) else functools.partial(self._run, function)

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        *others, context = arguments
        context = copy.copy(context)
        context.client = FunctionClient(context.client, self._crossing)
        seat = object()
        await self._seats.acquire_on_behalf_of(seat)
        done: asyncio.Future[Result[Any]] = asyncio.get_running_loop().create_future()

        def leave(result: Result[Any]) -> None:
            self._seats.release_on_behalf_of(seat)
            # cancelled meanwhile: nobody wants it any more, but a thread cannot be stopped
            if not done.done():
                done.set_result(result)

        def finish(result: Result[Any]) -> None:
            self._busy.discard(threading.get_ident())
            with contextlib.suppress(LoopError):
                self._crossing.post(lambda: leave(result))

        def work() -> None:
            self._busy.add(threading.get_ident())
            try:
                value = function(*others, context)
            except BaseException as error:  # noqa: BLE001 - all of it belongs to the fetch
                finish(Result(None, error))
            else:
                finish(Result(value))

        if self._pool is None:
            self._pool = ThreadPoolExecutor(NO_LIMIT, thread_name_prefix="query worker")
        self._pool.submit(copy_context().run, work)
        value = (await done).take()
        return await value if inspect.isawaitable(value) else value

    def is_current(self) -> bool:
        """Whether this is called by a function that runs in a worker thread."""
        return threading.get_ident() in self._busy

    @contextlib.contextmanager
    def seat_given_away(self) -> Generator[None]:
        """Let another function run while one waits: else all seats might be taken by those who wait for the others."""
        if not self.is_current():
            yield
            return
        self._crossing.post(lambda: self._add_seats(1))
        try:
            yield
        finally:
            with contextlib.suppress(LoopError):
                self._crossing.post(lambda: self._add_seats(-1))

    def _add_seats(self, number: int) -> None:
        self._seats.total_tokens += number

    def close(self) -> None:
        """Wait until the functions that run have returned, and end the threads."""
        if self._pool is not None:
            self._pool.shutdown()


def _is_async(function: Any) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
