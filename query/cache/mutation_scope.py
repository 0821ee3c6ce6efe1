"""The mutations of one scope that are pending: they run one after the other.

Source: mutationCache.ts, the lists of ``#scopes``. Differs: only those that are pending are kept, so that whose turn it
is can be seen without looking through those that are done.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from ..base.views import MutationView


class Placed(MutationView, Protocol):
    """A mutation that has a place among those of its cache."""

    _place: int


PlacedT = TypeVar("PlacedT", bound=Placed)


class MutationScope(Generic[PlacedT]):
    """The queue of one scope.

    Args:
        name: The scope.

    Attributes:
        name: The scope.
        size: How many mutations of the cache belong to it, pending or not.
    """

    __slots__ = ("_pending", "name", "size")

    def __init__(self, name: str) -> None:
        self.name: Final = name
        self.size: int = 0
        # a dict would look through what has left it at each look at the first
        self._pending: Final[OrderedDict[PlacedT, None]] = OrderedDict()

    def first(self) -> PlacedT | None:
        """The pending one that came to the cache first; None if none is pending."""
        return next(iter(self._pending), None)

    def pending(self) -> Iterator[PlacedT]:
        """The pending ones, in the order in which they came to the cache."""
        return iter(self._pending)

    def note(self, mutation: PlacedT) -> None:
        """A mutation has begun to be pending, or ceased to be.

        Args:
            mutation: One of the scope.
        """
        pending = self._pending
        if mutation.state.status != "pending":
            pending.pop(mutation, None)
        elif mutation not in pending:
            last = next(reversed(pending), None)
            pending[mutation] = None
            if last is not None and last._place > mutation._place:
                # it came long ago and is called only now
                for other in sorted(pending, key=place_of):
                    pending.move_to_end(other)

    def drop(self, mutation: PlacedT) -> None:
        """A mutation has left the cache.

        Args:
            mutation: One of the scope.
        """
        self.size -= 1
        self._pending.pop(mutation, None)


def place_of(mutation: Placed) -> int:
    """The place of a mutation among those of its cache, to sort by.

    Args:
        mutation: The mutation.
    """
    return mutation._place
