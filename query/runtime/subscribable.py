"""A set of listeners, told one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

from typing_extensions import ParamSpec

from ..base.types import Unsubscribe
from .reporting import report

P = ParamSpec("P")


class Subscribable(Generic[P]):
    """Something that can be listened to.

    Listeners are a set: the same function subscribed twice is one subscription, and the first unsubscribe ends it.

    Source: subscribable.ts. Differs: a listener that raises is reported and harms nobody else.
    """

    def __init__(self) -> None:
        self._listeners: dict[Callable[P, object], None] = {}

    def subscribe(self, listener: Callable[P, object]) -> Unsubscribe:
        """Call *listener* from now on.

        Args:
            listener: Called synchronously, inside the change that it is told of. What it returns is ignored.

        Returns:
            A function that ends the subscription; it may be called more than once.
        """
        self._listeners[listener] = None
        self._on_subscribe()

        def unsubscribe() -> None:
            self._listeners.pop(listener, None)
            self._on_unsubscribe()

        return unsubscribe

    def has_listeners(self) -> bool:
        """Whether anyone listens."""
        return bool(self._listeners)

    def _tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener. One removed meanwhile is skipped, one added meanwhile is called."""
        if not self._listeners:
            return
        told: set[Callable[P, object]] = set()
        # a list first, made in one step: the managers of a process are listened to from several threads
        while waiting := [listener for listener in list(self._listeners) if listener not in told]:
            for listener in waiting:
                told.add(listener)
                if listener in self._listeners:
                    try:
                        listener(*args, **kwargs)
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                        report(f"a listener of {type(self).__name__} raised", error)

    def _on_subscribe(self) -> None:
        """A listener came."""

    def _on_unsubscribe(self) -> None:
        """A listener may have left."""
