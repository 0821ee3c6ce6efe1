"""The observers of a query when they are many: in their order, and quick to find."""

from __future__ import annotations

from typing import Any, Final

from ..base.contracts import FellowsLike, QueryObserverLike

FEW: Final = 4
"""Observers that are kept in a tuple, which is small; a crowd finds them quicker."""


class Crowd(dict[QueryObserverLike, None]):
    """More observers than ``FEW``, in the order in which they came.

    Attributes:
        fellows: The same, if they all look alike: so that they can be told of a change together.
        round: Stands for the telling that is under way; another one as soon as anything about them has changed.
    """

    __slots__ = ("fellows", "round")

    fellows: FellowsLike | None
    round: Any

    def changed(self) -> None:
        """One came, left, is listened to by others, or looks otherwise: nothing that was known of all holds."""
        self.fellows = self.round = None
