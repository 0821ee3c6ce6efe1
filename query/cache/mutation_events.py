"""What the mutation cache tells its listeners."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ..base.contracts import MutationObserverLike
from ..base.mutation_state import AnyMutationAction
from .mutation import AnyMutation

MutationEventType: TypeAlias = Literal[
    "added", "removed", "updated", "observer_added", "observer_removed", "observer_options_updated"
]


class MutationCacheEvent(msgspec.Struct, frozen=True, eq=False):
    """Something happened to a mutation.

    Attributes:
        type: "added" or "removed" (the mutation is in or out by now), "updated" (its state changed by *action*, and
            its observers know), "observer_added", "observer_removed", "observer_options_updated".
        mutation: The mutation; None if an observer without one has new options.
        action: What changed its state; only with "updated".
        observer: The observer; only with the three that name one.
    """

    type: MutationEventType
    mutation: AnyMutation | None
    action: AnyMutationAction | None = None
    observer: MutationObserverLike | None = None
