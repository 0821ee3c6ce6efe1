"""A call that is under way: what methods that fetch or write return."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType
from typing import Any, Generic, TypeVar

from ..base.types import UNSET, Unset

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

    __slots__ = ("__weakref__", "_error", "_future", "_on_user", "_steps", "_value")

    def __init__(
        self,
        future: asyncio.Future[T_co] | None,
        value: T_co | Unset = UNSET,
        on_user: Callable[[int], None] | None = None,
    ) -> None:
        self._future = future
        self._value = value
        self._error: BaseException | None = None
        self._on_user = on_user
        self._steps: dict[asyncio.Task[Any] | None, Generator[Any, None, T_co]] | None = None

    @staticmethod
    def of(value: U) -> Handle[U]:
        """The handle of a call that was answered at once.

        Args:
            value: The answer.
        """
        return Handle(None, value)

    @staticmethod
    def failed(error: BaseException) -> Handle[Any]:
        """The handle of a call that failed at once.

        Args:
            error: What with.
        """
        handle: Handle[Any] = Handle(None)
        handle._error = error
        return handle

    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._future is None or self._future.done()

    def result(self) -> T_co:
        """The outcome.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
            Exception: Whatever the call failed with.
        """
        if self._future is not None:
            return self._future.result()
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]

    def exception(self) -> BaseException | None:
        """What the call failed with; None if it succeeded.

        Raises:
            asyncio.InvalidStateError: The outcome is not there yet.
        """
        return self._error if self._future is None else self._future.exception()

    def get_loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop in which the outcome will come; None if it was there at once."""
        return None if self._future is None else self._future.get_loop()

    def add_done_callback(self, callback: Callable[[Handle[T_co]], object]) -> None:
        """Call *callback* with this handle when the outcome is there, on a turn of the loop.

        To look on this way is not to wait: it does not make the looker a user of the fetch.

        Args:
            callback: A function of the handle.
        """
        if self._future is None:
            asyncio.get_running_loop().call_soon(callback, self)
        else:
            self._future.add_done_callback(lambda _: callback(self))

    def derive(self, future: asyncio.Future[U]) -> Handle[U]:
        """A handle of something that follows from this outcome; who awaits it is a user of the same fetch.

        Args:
            future: What follows.
        """
        return Handle(future, on_user=self._on_user)

    def __await__(self) -> Generator[Any, None, T_co]:
        future = self._future
        if future is None:
            return self.result()
        if not future.done():
            # a future of this waiter's own: cancelling the waiter cancels that, never the shared one
            waiter: asyncio.Future[None] = future.get_loop().create_future()

            def wake(_: object) -> None:
                if not waiter.done():
                    waiter.set_result(None)

            future.add_done_callback(wake)
            if self._on_user is not None:
                self._on_user(1)
            try:
                yield from waiter
            finally:
                future.remove_done_callback(wake)
                if self._on_user is not None:
                    self._on_user(-1)
        return future.result()

    # -- the face of a coroutine: each task that drives the handle has its own steps

    def send(self, value: None) -> Any:
        """Take the next step of the current task's waiting."""
        return self._step(lambda steps: steps.send(value))

    def throw(self, kind: Any, value: object = None, trace: TracebackType | None = None) -> Any:
        """Raise inside the current task's waiting."""
        error = kind if isinstance(kind, BaseException) else (value if isinstance(value, BaseException) else kind())
        return self._step(lambda steps: steps.throw(error))

    def close(self) -> None:
        """Stop the current task's waiting. The work goes on."""
        steps = (self._steps or {}).pop(_current_task(), None)
        if steps is not None:
            steps.close()

    def _step(self, step: Callable[[Generator[Any, None, T_co]], Any]) -> Any:
        task = _current_task()
        if self._steps is None:
            self._steps = {}
        steps = self._steps.get(task)
        if steps is None:
            steps = self._steps[task] = self.__await__()
        try:
            return step(steps)
        except BaseException:
            self._steps.pop(task, None)
            raise

    def __repr__(self) -> str:
        if not self.done():
            state = "pending"
        elif (error := self.exception()) is not None:
            state = f"failed with {error!r}"
        else:
            state = f"result={self.result()!r}"
        return f"<Handle {state}>"


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def mute(future: asyncio.Future[Any]) -> None:
    """Take back asyncio's "exception was never retrieved": the failure is told elsewhere, in the state.

    Args:
        future: A future that failed.
    """
    future.exception()


def transformed(
    handle: Handle[T], function: Callable[[T], U], *, on_error: Callable[[Exception], Exception] | None = None
) -> Handle[U]:
    """A handle of *function* applied to the outcome, once, when it is there.

    Args:
        handle: The outcome before.
        function: Called with it; what it raises is the new handle's failure.
        on_error: Gives what the new handle fails with instead of an error of the outcome or of *function*.
    """
    source = handle._future
    if source is None:
        try:
            return Handle.of(function(handle.result()))
        except Exception as raised:  # noqa: BLE001 - whoever awaits it is told, as if the outcome had come later
            return Handle.failed(raised if on_error is None else on_error(raised))
    target: asyncio.Future[U] = source.get_loop().create_future()

    def pass_on(_: object) -> None:
        if source.cancelled():
            target.cancel()
            return
        error = source.exception()
        try:
            if error is None:
                target.set_result(function(source.result()))
                return
        except BaseException as raised:  # noqa: BLE001 - the caller's function; a failed test must not hang him
            error = raised
        if isinstance(error, Exception):
            if on_error is not None:
                error = on_error(error)
            target.set_exception(error)
            mute(target)
        else:
            target.set_exception(error)

    source.add_done_callback(pass_on)
    return handle.derive(target)
