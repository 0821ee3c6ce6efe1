"""Tells a running function that its result is no longer wanted.

Source: the web's AbortController. Differs: one object, fired by its owner through ``fire``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..base.errors import QueryCancelledError
from .reporting import report


class AbortSignal:
    """Fires once, when the fetch that it belongs to is cancelled."""

    def __init__(self) -> None:
        self._reason: Exception | None = None
        self._listeners: dict[int, Callable[[], None]] = {}
        self._next = 0

    @property
    def aborted(self) -> bool:
        """Whether it has fired."""
        return self._reason is not None

    @property
    def reason(self) -> Exception | None:
        """Why it fired; None before."""
        return self._reason

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call *listener* once when the signal fires; at once if it has.

        Args:
            listener: A function without arguments.

        Returns:
            A function that forgets the listener.
        """
        if self.aborted:
            self._call(listener)
            return lambda: None
        number = self._next = self._next + 1
        self._listeners[number] = listener
        return lambda: self._forget(number)

    def raise_if_aborted(self) -> None:
        """Raise the reason if the signal has fired.

        Raises:
            QueryCancelledError: It has.
        """
        if self._reason is not None:
            raise self._reason

    async def wait(self) -> None:
        """Return when the signal fires."""
        if self.aborted:
            return
        fired: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        forget = self.add_listener(lambda: None if fired.done() else fired.set_result(None))
        try:
            await fired
        finally:
            forget()

    def fire(self, reason: Exception | None = None) -> None:
        """Fire, once.

        Args:
            reason: Why; a ``QueryCancelledError`` by default.
        """
        if self.aborted:
            return
        self._reason = reason or QueryCancelledError()
        listeners, self._listeners = self._listeners, {}
        for listener in listeners.values():
            self._call(listener)

    def _forget(self, number: int) -> None:
        self._listeners.pop(number, None)

    @staticmethod
    def _call(listener: Callable[[], None]) -> None:
        try:
            listener()
        except Exception as error:  # noqa: BLE001 - the cancelling goes on
            report("a listener of an abort signal raised", error)
