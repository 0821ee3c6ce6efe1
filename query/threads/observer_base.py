"""What the observers of threads have in common: an observer in the loop, and listeners in a thread of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ..base.types import Unsubscribe
from ..runtime.subscribable import Subscribable
from .client_base import BlockingClientBase
from .shown_results import ShownResults

ShownT = TypeVar("ShownT")


class ObserverBase(Generic[ShownT]):
    """Listens to an observer that lives in the loop.

    Args:
        client: The client; kept as long as this, or a subscription, is.
        observer: The observer.
    """

    def __init__(self, client: BlockingClientBase, observer: Subscribable[[ShownT]]) -> None:
        self._client = client
        self._crossing = client._crossing
        self._subscribable = observer
        self._results = ShownResults(client._crossing)
        self._subscribed: dict[Callable[[ShownT], object], Unsubscribe] = {}

    def has_listeners(self) -> bool:
        """Whether anyone listens."""
        return self._crossing.call(self._subscribable.has_listeners)

    def subscribe(self, listener: Callable[[ShownT], object]) -> Unsubscribe:
        """Call *listener* with each result from now on, in a thread in which the client's listeners take turns.

        It may block and use the client; other listeners wait for it, but no fetch does. What it raises is reported.

        Args:
            listener: Called with each result, in order, soon after the change. What it returns is ignored.

        Returns:
            A function that ends the subscription: no call begins after it has returned. It may be called more than
            once.
        """

        def begin() -> None:
            if listener not in self._subscribed:
                self._crossing.listeners.enter()
                # there before the first result comes, which may be at once
                self._subscribed[listener] = lambda: None
                self._subscribed[listener] = self._subscribable.subscribe(lambda result: self._tell(listener, result))

        self._crossing.call_in_loop(begin)
        return lambda: self._crossing.call(lambda: self._leave(listener))

    def _tell(self, listener: Callable[[ShownT], object], result: ShownT) -> None:
        shown = self._show(result)

        def call() -> None:
            if listener in self._subscribed:
                listener(shown)

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
        """What threads see of a result."""
        return self._results.one(result)
