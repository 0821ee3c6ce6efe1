"""The results of several observers that note together which of their fields are read.

Source: queriesObserver.ts, trackResult.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not
from typing import Any, NamedTuple, cast

from ..base.options import AnyQueryOptions
from ..base.values import given
from .query_observer import QueryObserver
from .query_result import QueryObserverResult
from .tracked_result import TrackedResult


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
        self._noted: list[set[str]] = [set() for _ in members]
        # the latest results, and what was made of them: who compares two wrapped results by identity sees what did not
        # change
        self._results: list[QueryObserverResult[Any] | None] = [None] * len(members)
        self._made: list[Any] = [None] * len(members)

    def wrap(self, results: Sequence[QueryObserverResult[Any]]) -> list[QueryObserverResult[Any]]:
        """Results that note which of their fields are read.

        Args:
            results: One for each member, in their order.
        """
        # past those that are as before without a step of Python: mostly one of thousands is another
        for place in compress(count(), map(is_not, results, self._results)):
            self._made[place] = self._wrapped(place, results[place])
        self._results[:] = results
        return self._made.copy()

    def _wrapped(self, place: int, result: QueryObserverResult[Any]) -> QueryObserverResult[Any]:
        member, noted = self._members[place], self._noted[place]
        if not member.is_tracked:
            return result

        def on_read(name: str) -> None:
            if name not in noted:
                noted.add(name)
                member.observer.track_prop(name)
                self._on_read(name)

        return cast("QueryObserverResult[Any]", TrackedResult(result, on_read))

    def _on_read(self, name: str) -> None:
        if name not in self._read:
            self._read.add(name)
            for member in self._members:
                member.observer.track_prop(name)
