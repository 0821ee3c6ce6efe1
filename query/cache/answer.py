"""What a query answers while its data is fresh."""

from __future__ import annotations

import math
from types import CodeType
from typing import Final, Generic, TypeVar

from ..base.options import AnyQueryOptions
from ..base.query_state import QueryState
from ..runtime.handle import AnsweredHandle

T = TypeVar("T")

NEVER: Final = math.inf
"""When data grows old that is fresh for ever: no reason to look at the clock."""


class Answer(AnsweredHandle[T], Generic[T]):
    """The data of a query as the outcome of a fetch that was not needed.

    A query keeps it until its state changes, so that who asks again is answered with one look at the clock. It also
    keeps how the last one asked who was answered: who asks again in just that way, as nearly all do, is answered
    without another look at what he gave.

    Attributes:
        stale_time: By which stale time the data was found fresh: seconds or "static"; None if nobody asked.
        until: Until when it is fresh by that, in seconds since the epoch.
        defaults: The state of the defaults of those who asked as follows; None if nobody did.
        options: The options that he gave, which never change; None if nobody gave any.
        asked: What the last one gave as the stale time who gave fields,
        kind: the type of his query function; None if nobody gave one,
        code: and its code: of a function that is written in the call it is the same each time.
        state: The state that has the data.
    """

    __slots__ = ("asked", "code", "defaults", "kind", "options", "stale_time", "state", "until")

    def __init__(self, value: T, state: QueryState[T]) -> None:
        super().__init__(value)
        self.state: QueryState[T] = state
        self.stale_time: float | str | None = None
        self.until: float = -math.inf
        self.defaults: object = None
        self.options: AnyQueryOptions | None = None
        self.asked: object = None
        self.kind: type[object] | None = None
        self.code: CodeType | None = None

    def is_fresh_until(self, until: float, stale_time: float | str) -> None:
        """The data was found fresh, which says nothing for those who asked before.

        Args:
            until: Until when, in seconds since the epoch.
            stale_time: By which stale time: seconds or "static".
        """
        self.until, self.stale_time, self.defaults = until, stale_time, None

    def note_options(self, options: AnyQueryOptions, defaults: object) -> None:
        """Who gave options is answered.

        Args:
            options: The options.
            defaults: The state of the defaults of his client.
        """
        if self.defaults is not defaults:
            self.defaults, self.kind = defaults, None
        self.options = options

    def note_fields(self, stale_time: object, query_fn: object, code: CodeType | None, defaults: object) -> None:
        """Who gave fields is answered.

        Args:
            stale_time: What he gave as that.
            query_fn: What he gave as that.
            code: The code of that; None if it is no function.
            defaults: The state of the defaults of his client.
        """
        if self.defaults is not defaults:
            self.defaults, self.options = defaults, None
        self.asked, self.code = stale_time, code
        self.kind = None if code is None else type(query_fn)
