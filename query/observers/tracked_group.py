"""The results of several observers that note together which of their fields are read.

Source: queriesObserver.ts, trackResult.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..base.options import AnyQueryOptions
from ..base.values import given
from .query_observer import QueryObserver
from .query_result import QueryObserverResult


class Member(NamedTuple):
    """One place of a group.

    Attributes:
        observer: Looks at the query of this place.
        options: What it looks with, or is about to.
    """

    observer: QueryObserver[Any, Any]
    options: AnyQueryOptions

    @property
    def is_tracked(self) -> bool:
        """Whether its results note what is read; explicit ``notify_on_change_props`` need no notes."""
        return given(self.options.notify_on_change_props, None) is None


class TrackedGroup:
    """Wraps the results of a group: a field that is read of one of them counts as read of all.

    Args:
        members: The group.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._read: set[str] = set()
        # (result, what was made of it) by place: who compares two wrapped results by identity sees what did not change
        self._made: dict[int, tuple[QueryObserverResult[Any], QueryObserverResult[Any]]] = {}

    def wrap(self, results: Sequence[QueryObserverResult[Any]]) -> list[QueryObserverResult[Any]]:
        """Results that note which of their fields are read.

        Args:
            results: One for each member, in their order.
        """
        return [self._wrapped(place, result) for place, result in enumerate(results)]

    def _wrapped(self, place: int, result: QueryObserverResult[Any]) -> QueryObserverResult[Any]:
        member = self._members[place]
        if not member.is_tracked:
            return result
        made = self._made.get(place)
        if made is None or made[0] is not result:
            made = self._made[place] = (result, member.observer.track_result(result, self._on_read))
        return made[1]

    def _on_read(self, name: str) -> None:
        if name not in self._read:
            self._read.add(name)
            for member in self._members:
                member.observer.track_prop(name)
