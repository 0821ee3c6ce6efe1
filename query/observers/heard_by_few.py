"""Who listens to an observer: mostly one, who is kept without a container.

A page has thousands of observers with one listener each. A dict or a tuple around it would be as many more objects for
the collector of garbage to look at, which is what mounting a page grows with; and telling one needs no loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, Generic, TypeVar

from ..base.types import Unsubscribe
from ..runtime.subscribable import Subscribable, Subscription

ShownT = TypeVar("ShownT")

_FEW: Final = 8


class HeardByFew(Subscribable[[ShownT]], Generic[ShownT]):
    """Something that mostly has one listener; all in the thread of the loop."""

    __slots__ = ("_listener",)

    def __init__(self) -> None:
        # who listens, if it is one; then there are no others. Those are in a tuple while they are few, else in a dict
        self._listener: Callable[[ShownT], object] | None = None
        # Any: none
        others: Any = None
        self._listeners = others

    def _stand_out(self) -> None:
        """It will be told in another way than before."""

    def subscribe(self, listener: Callable[[ShownT], object]) -> Unsubscribe:
        """Show *listener* each result from now on; the first one starts a fetch if the options say so.

        Args:
            listener: Called synchronously, inside the change that it is told of. What it returns is ignored.

        Returns:
            A function that ends the subscription; it may be called more than once.
        """
        # Any: it may be None
        others: Any = self._listeners
        if self._listener is None and others is None:
            self._listener = listener
        else:
            self._put(listener)
        self._on_subscribe()
        return Subscription(self, listener)

    def has_listeners(self) -> bool:
        """Whether anyone listens."""
        return self._listener is not None or bool(self._listeners)

    def _present(self) -> Collection[Callable[[ShownT], object]]:
        if self._listener is not None:
            return (self._listener,)
        return self._listeners or ()

    def _tell(self, result: ShownT) -> None:
        alone = self._listener
        if alone is not None:
            try:
                alone(result)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                self._report(error)
            if self._listener is not alone:
                self._tell_late({alone}, result)
            return
        # as in Subscribable, whoever is where in the meantime
        known = tuple(self._present())
        for listener in known:
            if listener in self._present():
                try:
                    listener(result)
                except Exception as error:  # noqa: BLE001
                    self._report(error)
        if tuple(self._present()) != known:
            self._tell_late(set(known), result)

    def _put(self, listener: Callable[[ShownT], object]) -> None:
        self._stand_out()
        many = self._listeners
        if isinstance(many, dict):
            many[listener] = None
            return
        present = self._present()
        if listener not in present:
            self._keep_listeners((*present, listener))

    def _drop(self, listener: Callable[[ShownT], object]) -> None:
        self._stand_out()
        many = self._listeners
        if isinstance(many, dict):
            many.pop(listener, None)
            return
        present = self._present()
        if listener in present:
            self._keep_listeners(tuple([other for other in present if other != listener]))

    def _keep_listeners(self, present: tuple[Callable[[ShownT], object], ...]) -> None:
        """Keep who listens: one by itself, few as they are, and many so that they are found quicker."""
        # Any: none
        others: Any = None
        self._listener = present[0] if len(present) == 1 else None
        if len(present) > 1:
            others = present if len(present) <= _FEW else dict.fromkeys(present)
        self._listeners = others
