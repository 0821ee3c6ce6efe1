"""What a query answers while its data is fresh."""

from __future__ import annotations

import math
from typing import Generic, TypeVar

from ..base.query_state import QueryState
from ..runtime.handle import AnsweredHandle

T = TypeVar("T")


class Answer(AnsweredHandle[T], Generic[T]):
    """The data of a query as the outcome of a fetch that was not needed.

    A query keeps it until its state changes, so that who asks again is answered with one look at the clock.

    Attributes:
        state: The state that has the data.
        stale_time: By which stale time the data was found fresh: seconds or "static"; None if nobody asked.
        until: Until when it is fresh by that, in seconds since the epoch.
    """

    __slots__ = ("stale_time", "state", "until")

    def __init__(self, value: T, state: QueryState[T]) -> None:
        super().__init__(value)
        self.state: QueryState[T] = state
        self.stale_time: float | str | None = None
        self.until: float = -math.inf
