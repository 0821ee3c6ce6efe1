"""A call that is under way or over: what methods that fetch or write return.

A call that was answered at once is ``AnsweredHandle``, made for every hit of the cache and so as lean as can be, or
``FailedHandle``. One that is ``UnderWay`` is a ``RunningHandle``, of an outcome of ours, or follows something else; see
``following.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType
from typing import Any, Generic, TypeVar

from .outcome import DerivedOutcome, OutcomeBase

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class Handle(Coroutine[Any, Any, T_co], Generic[T_co]):
    """The outcome of a call that has already started.

    ``await`` it as often as you like, from as many tasks as you like, or not at all: the work goes on either way.
    Cancelling or timing out one waiter touches neither the work nor the other waiters. Where asyncio wants a
    coroutine (``create_task``, ``gather``, ``wait_for``, ``TaskGroup``) a handle will do.

    Not made by users.
    """

    __slots__ = ("__weakref__",)

    @staticmethod
    def of(value: U) -> Handle[U]:
        """The handle of a call that was answered at once.

        Args:
            value: The answer.
        """
        return AnsweredHandle(value)

    @staticmethod
    def failed(error: BaseException) -> Handle[Any]:
        """The handle of a call that failed at once.

        Args:
            error: What with.
        """
        return FailedHandle(error)

    def done(self) -> bool:
        """Whether the outcome is there."""
        return True

    def result(self) -> T_co:
        """The outcome.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
            Exception: Whatever the call failed with.
        """
        raise NotImplementedError

    def exception(self) -> BaseException | None:
        """What the call failed with; None if it succeeded.

        Raises:
            asyncio.InvalidStateError: The outcome is not there yet.
        """
        return None

    def get_loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop in which the outcome will come; None if it was there at once."""
        return None

    def add_done_callback(self, callback: Callable[[Handle[T_co]], object]) -> None:
        """Call *callback* with this handle when the outcome is there, on a turn of the loop.

        To look on this way is not to wait: it does not make the looker a user of the fetch.

        Args:
            callback: A function of the handle.
        """
        asyncio.get_running_loop().call_soon(callback, self)

    def derive(self, outcome: DerivedOutcome[U]) -> Handle[U]:
        """A handle of something that follows from this outcome; who awaits it is a user of the same fetch.

        Args:
            outcome: What follows.
        """
        return RunningHandle(outcome)

    # -- the face of a coroutine

    def send(self, value: None) -> Any:
        """Take the next step of the current task's waiting."""
        raise StopIteration(self.result())

    def throw(self, kind: Any, value: object = None, trace: TracebackType | None = None) -> Any:
        """Raise inside the current task's waiting."""
        self.close()
        raise kind if isinstance(kind, BaseException) else (value if isinstance(value, BaseException) else kind())

    def close(self) -> None:
        """Stop the current task's waiting. The work goes on."""

    def __repr__(self) -> str:
        if not self.done():
            state = "pending"
        elif (error := self.exception()) is not None:
            state = f"failed with {error!r}"
        else:
            state = f"result={self.result()!r}"
        return f"<Handle {state}>"


class AnsweredHandle(Handle[T_co]):
    """The handle of a call that was answered at once.

    Args:
        value: The answer.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T_co) -> None:
        self._value = value

    def result(self) -> T_co:
        """The answer."""
        return self._value

    def __await__(self) -> Generator[Any, None, T_co]:
        if False:
            yield  # type: ignore[unreachable]  # a generator is the quickest of all that can be awaited
        return self._value


class FailedHandle(Handle[Any]):
    """The handle of a call that failed at once.

    Args:
        error: What with.
    """

    __slots__ = ("_error",)

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def result(self) -> Any:
        """Raise what the call failed with.

        Raises:
            BaseException: That.
        """
        raise self._error

    def exception(self) -> BaseException | None:
        """What the call failed with."""
        return self._error

    def __await__(self) -> Generator[Any, None, Any]:
        if False:
            yield  # type: ignore[unreachable]
        raise self._error


class UnderWay(Handle[T_co]):
    """The handle of a call whose answer is still to come. Each waiter has a future of its own.

    A task that drives it as a coroutine is a waiter too, kept by its task: asyncio steps a waiting task again only when
    the future that it was given is done, so that a step tells by itself which task means it, unless it raises.
    """

    __slots__ = ("_driven",)

    _driven: dict[asyncio.Task[Any] | None, asyncio.Future[None]] | None

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The loop in which the outcome comes."""
        raise NotImplementedError

    def _join(self) -> asyncio.Future[None]:
        raise NotImplementedError

    def _part(self, waiter: asyncio.Future[None]) -> None:
        raise NotImplementedError

    def __await__(self) -> Generator[Any, None, T_co]:
        if not self.done():
            waiter = self._join()
            try:
                yield from waiter
            except BaseException:
                self._part(waiter)
                raise
        return self.result()

    def send(self, value: None) -> Any:
        """Take the next step of the current task's waiting."""
        if self.done():
            self._driven = None
            raise StopIteration(self.result())
        task = _current_task()
        if self._driven is None:
            self._driven = {}
        waiter = self._driven.get(task)
        if waiter is None:
            waiter = self._driven[task] = self._join()
        # "waited for by await": so it comes from a future's own steps
        waiter._asyncio_future_blocking = True
        return waiter

    def close(self) -> None:
        """Stop the current task's waiting. The work goes on."""
        if self._driven is not None:
            waiter = self._driven.pop(_current_task(), None)
            if waiter is not None:
                self._part(waiter)


class RunningHandle(UnderWay[T_co]):
    """The handle of a call with an outcome of our own.

    Args:
        outcome: What the call will come to.
    """

    __slots__ = ("_outcome",)

    def __init__(self, outcome: OutcomeBase[T_co]) -> None:
        self._outcome = outcome
        self._driven = None

    def derive(self, outcome: DerivedOutcome[U]) -> Handle[U]:
        """A handle of something that follows from this outcome; who awaits it is a user of the same fetch.

        Args:
            outcome: What follows.
        """
        outcome.origin = self._outcome
        return RunningHandle(outcome)

    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._outcome.is_done

    def result(self) -> T_co:
        """The outcome.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
            Exception: Whatever the call failed with.
        """
        return self._outcome.result()

    def exception(self) -> BaseException | None:
        """What the call failed with; None if it succeeded.

        Raises:
            asyncio.InvalidStateError: The outcome is not there yet.
        """
        return self._outcome.exception()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The loop in which the outcome comes."""
        return self._outcome.loop

    def add_done_callback(self, callback: Callable[[Handle[T_co]], object]) -> None:
        """Call *callback* with this handle when the outcome is there, on a turn of the loop.

        To look on this way is not to wait: it does not make the looker a user of the fetch.

        Args:
            callback: A function of the handle.
        """
        self._outcome.add_done_callback(callback, self)

    def _join(self) -> asyncio.Future[None]:
        return self._outcome.join()

    def _part(self, waiter: asyncio.Future[None]) -> None:
        self._outcome.part(waiter)

    # as above, without the calls between: every fetch that is awaited comes by here

    def __await__(self) -> Generator[Any, None, T_co]:
        # Any: what an outcome that is there holds
        outcome: Any = self._outcome
        if not outcome.is_done:
            if outcome.is_near:
                # a user from now on, without a break, whether it comes with this turn or not
                outcome.count(1)
                try:
                    yield
                except BaseException:
                    outcome.count(-1)
                    raise
                waiter = None if outcome.is_done else outcome.join()
                outcome.count(-1)
            else:
                waiter = outcome.join()
            if waiter is not None:
                try:
                    yield from waiter
                except BaseException:
                    outcome.part(waiter)
                    raise
        if outcome._error is not None:
            outcome.result()
        value: T_co = outcome._value
        return value

    def send(self, value: None) -> Any:
        """Take the next step of the current task's waiting."""
        outcome = self._outcome
        if outcome.is_done:
            self._driven = None
            raise StopIteration(outcome.result())
        if self._driven is not None:
            return super().send(value)
        waiter = outcome.join()
        self._driven = {asyncio.current_task(outcome.loop): waiter}
        waiter._asyncio_future_blocking = True
        return waiter


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
