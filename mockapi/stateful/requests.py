"""Requests on their way: the machine decides when each ends, and how."""

from __future__ import annotations

import asyncio
from typing import Any, Literal, TypeAlias

from .errors import RequestFailedError

Kind: TypeAlias = Literal["query", "mutation", "call", "http"]
"""Who waits: a query or mutation function of the machine, one of the user's own ("call"), or the call that it sends."""


class Request:
    """One call of a query or mutation function, which waits for the machine.

    Attributes:
        number: Its number in this example, from 1.
        kind: Whose function was called.
        name: The name that the machine has for the query or mutation.
        what: What it is for: the key, a page, the variables.
        future: What the function waits for.
        fetch: The fetch that it belongs to, as the model has it; None for a mutation.
        error: What it failed with; None if it did not.
        timer: Answers it later; None if nothing does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, number: int, kind: Kind, name: str, what: str) -> None:
        self.number = number
        self.kind = kind
        self.name = name
        self.what = what
        self.future: asyncio.Future[Any] = loop.create_future()
        self.fetch: Any = None
        self.error: Exception | None = None
        self.timer: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return not self.future.done()

    def answer(self, payload: Any) -> None:
        """Let it succeed. Does nothing if it ended.

        Args:
            payload: What with.
        """
        if self.is_open:
            self.future.set_result(payload)

    def fail(self) -> None:
        """Let it fail. Does nothing if it ended."""
        if self.is_open:
            self.end_with(RequestFailedError(self.number))

    def end_with(self, error: Exception) -> None:
        """Note how it failed.

        Args:
            error: What with.
        """
        if self.is_open:
            self.error = error
            self.future.set_exception(error)
            # it may be cancelled in the same tick, and then nobody hears of it
            self.future.exception()

    def cancel(self) -> None:
        """Nobody will answer it."""
        self.future.cancel()
        if self.timer is not None:
            self.timer.cancel()

    def __repr__(self) -> str:
        return f"#{self.number} {self.what}"


class Requests:
    """All requests of one example.

    Args:
        loop: Its loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._count = 0
        self._open: list[Request] = []
        self.ready: dict[str, list[Any]] = {}

    def new(self, kind: Kind, name: str, what: str) -> Request:
        """A request that begins now.

        Args:
            kind: Whose function is called.
            name: What the machine calls it.
            what: What it is for, in words.
        """
        self._count += kind != "call"
        request = Request(self._loop, self._count, kind, name, what)
        self._open.append(request)
        return request

    @property
    def open(self) -> list[Request]:
        """Those that wait, oldest first."""
        if not all(request.is_open for request in self._open):
            self._open = [request for request in self._open if request.is_open]
        return self._open

    def pick(self, which: int) -> Request | None:
        """One of those that wait and whose answer is not on its way.

        Args:
            which: Its place among them, from 0; after the last it begins anew.
        """
        waiting = [request for request in self.open if request.timer is None and request.kind != "call"]
        return waiting[which % len(waiting)] if waiting else None
