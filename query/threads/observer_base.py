"""What the observers of threads have in common: an observer in the loop, and listeners in a thread of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import structs

from ..base.types import Unsubscribe
from ..runtime.handle import Handle
from ..runtime.subscribable import Subscribable
from .crossing import Crossing

ShownT = TypeVar("ShownT", bound=msgspec.Struct)
T = TypeVar("T")


class ObserverBase(Generic[ShownT]):
    """Listens to an observer that lives in the loop.

    Args:
        crossing: The way there.
        observer: The observer.
        current: Its latest result.
        functions: What results carry instead of the functions of that observer, by name.
    """

    def __init__(
        self,
        crossing: Crossing,
        observer: Subscribable[[ShownT]],
        current: Callable[[], ShownT],
        functions: Mapping[str, Callable[..., Any]],
    ) -> None:
        self._crossing = crossing
        self._source = observer
        self._current = current
        self._functions = functions
        self._shown: tuple[ShownT, ShownT] | None = None
        self._subscribed: dict[Callable[[ShownT], object], Unsubscribe] = {}

    def get_current_result(self) -> ShownT:
        """The latest result. Without subscribers it stays as it was."""
        return self._show(self._crossing.call(self._current))

    def has_listeners(self) -> bool:
        """Whether anyone listens."""
        return self._crossing.call(self._source.has_listeners)

    def subscribe(self, listener: Callable[[ShownT], object]) -> Unsubscribe:
        """Call *listener* with each result from now on, in a thread in which the client's listeners take turns.

        It may block and use the client; others wait for it, but no fetch does. What it raises is reported.

        Args:
            listener: Called with each result, in order, soon after the change. What it returns is ignored.

        Returns:
            A function that ends the subscription; no call begins after it has returned. It may be called more than
            once.
        """

        def begin() -> None:
            if listener not in self._subscribed:
                self._crossing.listeners.enter()
                # there before the first result comes, which may be at once
                self._subscribed[listener] = lambda: None
                self._subscribed[listener] = self._source.subscribe(lambda result: self._tell(listener, result))

        self._crossing.call_in_loop(begin)
        return lambda: self._crossing.call(lambda: self._leave(listener))

    def _tell(self, listener: Callable[[ShownT], object], result: ShownT) -> None:
        def call() -> None:
            if listener in self._subscribed:
                listener(self._show(result))

        self._crossing.listeners.put(call)

    def _leave(self, listener: Callable[[ShownT], object]) -> None:
        unsubscribe = self._subscribed.pop(listener, None)
        if unsubscribe is not None:
            unsubscribe()
            self._crossing.listeners.leave()

    def _leave_all(self) -> None:
        for listener in list(self._subscribed):
            self._leave(listener)

    def _show(self, result: ShownT) -> ShownT:
        """The result as threads may use it; the same object for the same result."""
        shown = self._shown
        if shown is None or shown[0] is not result:
            shown = self._shown = (result, structs.replace(result, **self._functions))
        return shown[1]


def waited_for(function: Callable[..., T]) -> Callable[..., Handle[T]]:
    """A function that a result carries: it waits like *function*, and returns a handle that is done.

    Args:
        function: A method of an observer of threads.
    """
    return lambda *args, **kwargs: Handle.of(function(*args, **kwargs))
