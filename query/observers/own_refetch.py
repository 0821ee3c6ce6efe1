"""The ``refetch`` that the results of an observer carry."""

from __future__ import annotations

from typing import Any, Protocol

from ..runtime.handle import Handle


class Refetching(Protocol):
    """An observer, as its results see it."""

    def refetch(self, *, throw_on_error: bool = False, cancel_refetch: bool = True) -> Handle[Any]:
        """Fetch."""
        ...


class OwnRefetch:
    """Fetches as its observer does, and equals the observer's ``refetch``. See ``QueryObserver.refetch``.

    One for all results of an observer: a bound method is another object at each look, so that results would differ.

    Attributes:
        observer: Whose it is. Changed only while nobody else holds this; see ``fellows.py``.
    """

    __slots__ = ("observer",)

    def __init__(self, observer: Refetching) -> None:
        self.observer: Refetching = observer

    def __call__(self, *, throw_on_error: bool = False, cancel_refetch: bool = True) -> Handle[Any]:
        """Fetch now, whether enabled or not.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.
        """
        return self.observer.refetch(throw_on_error=throw_on_error, cancel_refetch=cancel_refetch)

    def __eq__(self, other: object) -> bool:
        return bool(other == self.observer.refetch)

    def __hash__(self) -> int:
        return hash(self.observer.refetch)

    def __repr__(self) -> str:
        return f"<refetch of {self.observer!r}>"
