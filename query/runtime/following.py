"""Handles of what comes from elsewhere: from a future or task, or from another handle through a function."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from .handle import AnsweredHandle, FailedHandle, Handle, UnderWay
from .outcome import DerivedOutcome

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


class FollowingHandle(UnderWay[T_co]):
    """The handle of a future or task.

    Args:
        future: What the call will come to.
    """

    __slots__ = ("_future", "_wakes")

    def __init__(self, future: asyncio.Future[T_co]) -> None:
        self._future = future
        self._driven = None
        self._wakes: dict[asyncio.Future[None], Callable[[object], None]] = {}

    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._future.done()

    def result(self) -> T_co:
        """The outcome.

        Raises:
            asyncio.InvalidStateError: It is not there yet.
            Exception: Whatever the call failed with.
        """
        return self._future.result()

    def exception(self) -> BaseException | None:
        """What the call failed with; None if it succeeded.

        Raises:
            asyncio.InvalidStateError: The outcome is not there yet.
        """
        return self._future.exception()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """The loop in which the outcome comes."""
        return self._future.get_loop()

    def add_done_callback(self, callback: Callable[[Handle[T_co]], object]) -> None:
        """Call *callback* with this handle when the outcome is there, on a turn of the loop.

        Args:
            callback: A function of the handle.
        """
        self._future.add_done_callback(lambda _: callback(self))

    def _join(self) -> asyncio.Future[None]:
        waiter: asyncio.Future[None] = self._future.get_loop().create_future()

        def wake(_: object) -> None:
            self._wakes.pop(waiter, None)
            if not waiter.done():
                waiter.set_result(None)

        self._wakes[waiter] = wake
        self._future.add_done_callback(wake)
        return waiter

    def _part(self, waiter: asyncio.Future[None]) -> None:
        wake = self._wakes.pop(waiter, None)
        if wake is not None:
            self._future.remove_done_callback(wake)


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
    if not isinstance(handle, UnderWay):
        try:
            return AnsweredHandle(function(handle.result()))
        except Exception as raised:  # noqa: BLE001 - whoever awaits it is told, as if the outcome had come later
            return FailedHandle(raised if on_error is None else on_error(raised))
    target: DerivedOutcome[U] = DerivedOutcome(handle.get_loop())

    def pass_on(source: Handle[T]) -> None:
        try:
            value = function(source.result())
        except Exception as raised:  # noqa: BLE001 - the fetch's, or the caller's function's
            target.set_exception(raised if on_error is None else on_error(raised), is_told=True)
        except BaseException as raised:  # noqa: BLE001 - a failed test, or a cancelled future; it must not hang him
            target.set_exception(raised, is_told=isinstance(raised, asyncio.CancelledError))
        else:
            target.set_result(value)

    handle.add_done_callback(pass_on)
    return handle.derive(target)
