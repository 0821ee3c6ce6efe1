"""What an observer makes of the page functions: whether there are pages beyond those of an infinite query."""

from __future__ import annotations

from typing import NamedTuple

from ..base.infinite_data import has_pages
from ..base.infinite_options import AnyInfiniteQueryOptions, next_page_param, previous_page_param


class Beyond(NamedTuple):
    """What the page functions said, or the error that one of them raised.

    Attributes:
        has_next: There is a page after the last one.
        has_previous: There is a page before the first one.
        error: What was raised.
        failed_at: When.
    """

    has_next: bool = False
    has_previous: bool = False
    error: Exception | None = None
    failed_at: float = 0.0


class PagesBeyond:
    """Remembers, from one result of an observer to the next, what the page functions raised.

    Asked again they would raise another error, and each result would differ from the one before.

    Source: infiniteQueryBehavior.ts, hasNextPage and hasPreviousPage. Differs: what they raise is shown, like an error
        of ``select``; upstream it leaves the observer where it was.
    """

    def __init__(self) -> None:
        self._asked: tuple[object, object, object] = (None, None, None)
        self._last = Beyond()

    def of(self, options: AnyInfiniteQueryOptions, data: object, now: float) -> Beyond:
        """Whether there are pages beyond *data*.

        Args:
            options: The observer's options.
            data: What the cache holds.
            now: Seconds since the epoch.
        """
        if not has_pages(data):
            return Beyond()
        asked = (data, options.get_next_page_param, options.get_previous_page_param)
        if self._last.error is not None and all(a is b for a, b in zip(asked, self._asked, strict=True)):
            return self._last
        try:
            has_next = next_page_param(options, data) is not None
            self._last = Beyond(has_next, previous_page_param(options, data) is not None)
        except Exception as error:  # noqa: BLE001 - the user's functions; their error is this observer's result
            self._last = Beyond(error=error, failed_at=now)
        self._asked = asked
        return self._last
