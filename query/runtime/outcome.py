"""What a call comes to, and those who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

T = TypeVar("T")


class OutcomeBase(Generic[T]):
    """What outcomes have in common; see ``Outcome``. A subclass may give places of their own to what it looks at often.

    Attributes:
        is_done: Whether it is there.
        is_near: It is on its way, and will be there before who asks now has his next turn of the loop, unless something
            comes in between. Who comes first need not make a future.
        loop: Where it will come.
    """

    if not TYPE_CHECKING:
        # no dict in those whose subclass has a place for everything; checkers would refuse to set what has a default
        __slots__ = ()

    loop: asyncio.AbstractEventLoop
    # until they are set, so that a call that many wait for costs one thing to set and not eight
    is_done: bool = False
    is_near: bool = False
    _value: T | None = None
    _error: BaseException | None = None
    _untold: asyncio.Future[T] | None = None
    # one by itself, as mostly; a dict from the second on
    _waiters: asyncio.Future[None] | dict[asyncio.Future[None], None] | None = None
    _callbacks: list[tuple[Callable[[Any], object], object]] | None = None

    # -- looking at it

    def result(self) -> T:
        """The value.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
            BaseException: The error, if it is one.
        """
        if self._error is not None:
            self.mute()
            raise self._error
        if not self.is_done:
            raise asyncio.InvalidStateError("the outcome is not there yet")
        return cast("T", self._value)

    def exception(self) -> BaseException | None:
        """The error, None if it is a value.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
        """
        if not self.is_done:
            raise asyncio.InvalidStateError("the outcome is not there yet")
        self.mute()
        return self._error

    # -- waiting for it

    def join(self) -> asyncio.Future[None]:
        """A future for one more waiter. Only while the outcome is not there."""
        waiter: asyncio.Future[None] = asyncio.Future(loop=self.loop)
        # who comes later must not be served before
        self.is_near = False
        others = self._waiters
        if others is None:
            self._waiters = waiter
        elif isinstance(others, dict):
            others[waiter] = None
        else:
            self._waiters = {others: None, waiter: None}
        self.count(1)
        return waiter

    def part(self, waiter: asyncio.Future[None]) -> None:
        """Forget a waiter that gave up.

        Args:
            waiter: What ``join`` returned.
        """
        waiters = self._waiters
        if waiters is waiter:
            self._waiters = None
        elif isinstance(waiters, dict) and waiter in waiters:
            del waiters[waiter]
        else:
            return
        self.count(-1)

    def count(self, change: int) -> None:
        """Told whenever waiters came or left: they are users of what is under way.

        Args:
            change: How many more.
        """

    def add_done_callback(self, callback: Callable[[Any], object], argument: object) -> None:
        """Call *callback* when the outcome is there, on a turn of the loop. Who looks on in this way is no user.

        Args:
            callback: A function of *argument*.
            argument: What to call it with.
        """
        if self.is_done:
            self.loop.call_soon(callback, argument)
        elif self._callbacks is None:
            self._callbacks = [(callback, argument)]
        else:
            self._callbacks.append((callback, argument))

    # -- setting it

    def set_result(self, value: T) -> None:
        """The call succeeded.

        Args:
            value: What with.
        """
        self._value = value
        self.is_done = True
        if self._callbacks is not None:
            self._finish()
        elif self._waiters is not None:
            self._wake()

    def set_exception(self, error: BaseException, *, is_told: bool = False) -> None:
        """The call failed.

        Args:
            error: What with.
            is_told: It is told elsewhere too, in a state: asyncio need not complain if nobody awaits it.
        """
        self._error = error = as_failure(error, "a call")
        if not is_told:
            # a future knows how to complain when nobody asks it
            self._untold = self.loop.create_future()
            self._untold.set_exception(error)
        self._finish()

    def mute(self) -> None:
        """Take back asyncio's "exception was never retrieved"."""
        if self._untold is not None:
            self._untold.exception()
            self._untold = None

    def _finish(self) -> None:
        self.is_done = True
        if self._callbacks is not None:
            callbacks, self._callbacks = self._callbacks, None
            for callback, argument in callbacks:
                self.loop.call_soon(callback, argument)
        if self._waiters is not None:
            self._wake()

    def _wake(self) -> None:
        waiters, self._waiters = self._waiters, None
        if isinstance(waiters, dict):
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)
            if waiters:
                self.count(-len(waiters))
        elif waiters is not None:
            if not waiters.done():
                waiters.set_result(None)
            self.count(-1)


class Outcome(OutcomeBase[T]):
    """What one call comes to: a value or an error, once, and for any number of waiters.

    In place of a future where many wait: each waiter has a future of its own, so that cancelling one touches nobody
    else, and the outcome wakes all of them itself, without a callback of the loop for each.

    Args:
        loop: Where it will come.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop


class DerivedOutcome(Outcome[T]):
    """What follows from another outcome: who waits for it uses what that one's waiters use.

    Args:
        loop: Where it will come.

    Attributes:
        origin: The other one; None if what it follows from was there at once.
    """

    origin: OutcomeBase[Any] | None = None

    def count(self, change: int) -> None:
        """Count waiters at the origin.

        Args:
            change: How many more.
        """
        if self.origin is not None:
            self.origin.count(change)


def as_failure(error: BaseException, what: str) -> BaseException:
    """What those who wait are told instead of *error*: mostly the same.

    Args:
        error: What a call raised. A ``StopIteration`` would end the generator that waits.
        what: What raised it, for the message.
    """
    if not isinstance(error, StopIteration):
        return error
    failure = RuntimeError(f"{what} raised StopIteration")
    failure.__cause__ = error
    return failure
