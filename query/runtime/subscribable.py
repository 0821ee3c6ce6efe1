"""A set of listeners, told one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Generic, cast

import msgspec
from typing_extensions import ParamSpec

from ..base.types import Unsubscribe
from .reporting import report

P = ParamSpec("P")


class Subscription(msgspec.Struct, eq=False):
    """Ends one subscription when it is called; it may be called more than once.

    Not a closure: there is one for each observer of a page, and this takes a sixth of the memory.
    """

    source: Subscribable[...]
    listener: Callable[..., object]

    def __call__(self) -> None:
        """Listen no more."""
        self.source._leave(self.listener)


class Subscribable(Generic[P]):
    """Something that can be listened to.

    Listeners are a set: the same function subscribed twice is one subscription, and the first unsubscribe ends it.

    Source: subscribable.ts. Differs: a listener that raises is reported and harms nobody else.
    """

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        self._listeners: dict[Callable[P, object], None] | tuple[Callable[P, object], ...] = {}

    def subscribe(self, listener: Callable[P, object]) -> Unsubscribe:
        """Call *listener* from now on.

        Args:
            listener: Called synchronously, inside the change that it is told of. What it returns is ignored.

        Returns:
            A function that ends the subscription; it may be called more than once.
        """
        if self._listeners == ():
            # the first, and mostly the only one, of who keeps a tuple
            self._listeners = (listener,)
        else:
            self._put(listener)
        self._on_subscribe()
        return Subscription(self, listener)

    # in one step each: the managers of a process are listened to from several threads. A subclass that lives in one
    # thread may keep its few listeners in a tuple, which is smaller, and quicker to go through

    def _put(self, listener: Callable[P, object]) -> None:
        cast("dict[Any, None]", self._listeners)[listener] = None

    def _drop(self, listener: Callable[P, object]) -> None:
        cast("dict[Any, None]", self._listeners).pop(listener, None)

    def _leave(self, listener: Callable[P, object]) -> None:
        self._drop(listener)
        self._on_unsubscribe()

    def _present(self) -> Collection[Callable[P, object]]:
        """Who listens."""
        return self._listeners

    def has_listeners(self) -> bool:
        """Whether anyone listens."""
        return bool(self._listeners)

    def _tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener. One removed meanwhile is skipped, one added meanwhile is called."""
        known = tuple(self._listeners)
        for listener in known:
            if listener in self._listeners:
                try:
                    listener(*args, **kwargs)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                    self._report(error)
        if self._listeners is not known and tuple(self._listeners) != known:
            self._tell_late(set(known), *args, **kwargs)

    def _tell_late(self, told: set[Callable[P, object]], *args: P.args, **kwargs: P.kwargs) -> None:
        while waiting := [listener for listener in tuple(self._present()) if listener not in told]:
            for listener in waiting:
                told.add(listener)
                if listener in self._present():
                    try:
                        listener(*args, **kwargs)
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                        self._report(error)

    def _report(self, error: Exception) -> None:
        report(f"a listener of {type(self).__name__} raised", error)

    def _on_subscribe(self) -> None:
        """A listener came."""

    def _on_unsubscribe(self) -> None:
        """A listener may have left."""
