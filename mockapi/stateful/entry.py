"""What the oracle knows of one entry of the cache: the fetch under way, who waits, and since when it is unused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from query.base.types import UNSET, Duration, microseconds, seconds
from query.base.values import given
from query.cache.query import Query
from query.runtime.handle import Handle

from .http import OwnFunction
from .named import HeldFunction
from .plain_keys import plain_key
from .requests import Request

_FOLLOWED = (HeldFunction, OwnFunction)


class Fetch:
    """One fetch of an entry, from its announcement to its end.

    Attributes:
        retry: How often to try again: a number, True, or a function.
        retry_delay: Seconds, or a function of (failures, error), or None for the default.
        requests: The calls of the query function, in order.
        failures: How many of them failed.
        allowed: How many more calls have been announced.
        due: When the next try is due; None if none is waited for.
        end: How it ended; empty while it is under way.
        was_left: Its last user left meanwhile, so it need not try again.
        heir: The fetch that superseded it.
        was_paused: It had to wait for the network, or for the focus, before its next try.
        is_held: The machine holds its requests, and so knows all of them.
        answer: What its last request was answered with; ``UNSET`` if that is not known.
        error: What it failed with; None if it did not.
    """

    def __init__(self, options: Any, can_start: bool) -> None:
        self.retry: Any = given(options.retry, 3)
        self.retry_delay: Duration | Callable[[int, Exception], Duration] | None = given(options.retry_delay, None)
        self.requests: list[Request] = []
        self.failures = 0
        self.allowed = 1
        self.due: float | None = None
        self.end = ""
        self.was_left = False
        self.heir: Fetch | None = None
        self.was_paused = not can_start
        self.is_held = type(options.query_fn) in _FOLLOWED and given(options.persister, None) is None
        self.answer: Any = UNSET
        self.error: BaseException | None = None

    def delay(self, error: Exception) -> float:
        """Seconds from the failure that was counted last to the next try.

        Args:
            error: What it was.
        """
        if self.retry_delay is None:
            return float(min(2 ** (self.failures - 1), 30))
        if callable(self.retry_delay):
            return seconds(self.retry_delay(self.failures - 1, error))
        return seconds(self.retry_delay)


class Waiter:
    """Somebody who was given a handle of a fetch, and perhaps a task that waits for it.

    Attributes:
        handle: The handle.
        fetch: The fetch that was under way then.
        task: The task.
        is_waiting: The task has begun to wait: from then on it uses the fetch.
        is_gone: The machine cancelled it.
    """

    def __init__(self, handle: Handle[Any]) -> None:
        self.handle = handle
        self.fetch: Fetch | None = None
        self.task: asyncio.Task[Any] | None = None
        self.is_waiting = False
        self.is_gone = False

    async def wait(self) -> Any:
        """What the task does."""
        self.is_waiting = True
        return await self.handle


class Entry:
    """One query of the cache, as the model has it.

    Attributes:
        query: The query.
        plain: Its key, as a value that is equal for equal keys.
        state: Its state after its last event.
        before: What a cancellation goes back to.
        fetch: The fetch under way.
        fetches: How many have begun.
        waiters: Who was given a handle.
        unused_since: When it was last used; it is to be collected ``gc_time`` later. None if that cannot be told.
    """

    def __init__(self, query: Query[Any], now: float) -> None:
        self.query = query
        self.plain = plain_key(query.query_key)
        self.state = query.state
        self.before = query.state
        self.fetch: Fetch | None = None
        self.fetches = 0
        self.waiters: list[Waiter] = []
        self.unused_since: float | None = now

    @property
    def has_waiters(self) -> bool:
        """Whether a task waits for its fetch."""
        return any(
            waiter.is_waiting and not waiter.is_gone and waiter.task is not None and not waiter.task.done()
            for waiter in self.waiters
        )

    def is_stale(self, stale_time: Any, now: float) -> bool:
        """Whether its data is older than that.

        Args:
            stale_time: Seconds, or "static".
            now: The time.
        """
        state = self.query.state
        if state.data is UNSET:
            return True
        if stale_time == "static":
            return False
        if state.is_invalidated:
            return True
        if stale_time == float("inf"):
            return False
        return microseconds(now) >= microseconds(state.data_updated_at) + microseconds(stale_time)

    def __repr__(self) -> str:
        return repr(self.query.query_key)
