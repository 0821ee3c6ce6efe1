"""What the defaults of a client made of options, kept with the options."""

from __future__ import annotations

from typing import Any

from ..base.given_options import given_options, options_of, replaced
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.types import UNSET


class Completed:
    """What the defaults of one client made of options: kept with the options, which never change.

    Args:
        state: The defaults.
        options: The options with all that they inherit; None if they differ from *to_fetch* and nobody needs them yet.
        to_fetch: What ``to_fetch`` is to give, if that is known; it must be, without *options*.

    Attributes:
        state: Of which defaults: another object as soon as they change. No way back to the client, so that options
            outlive clients without keeping them.
        query_hash: The text that the query is filed under; ``UNSET`` without a key.
        stale_time: Seconds or "static"; None if it must be asked for, or if data is always stale.
        traits: What the options come to for observers, which find that out; -1 until then.
    """

    __slots__ = ("_options", "_to_fetch", "query_hash", "stale_time", "state", "traits")

    def __init__(self, state: object, options: AnyQueryOptions | None, to_fetch: AnyQueryOptions | None = None) -> None:
        # Any: one of the two is there, and a hash unless there is no key
        complete: Any = options or to_fetch
        self.state: object = state
        self._options = options
        self._to_fetch = to_fetch
        self.query_hash: str = complete.query_hash
        self.stale_time: float | str | None = plain_stale_time(complete.stale_time)
        self.traits: int = -1

    @property
    def options(self) -> AnyQueryOptions:
        """The options with all that they inherit."""
        options = self._options
        if options is None:
            fields = given_options(self.to_fetch())
            del fields["retry"]
            options = self._options = options_of(QueryOptions, fields, complete=True)
        return options

    def to_fetch(self) -> AnyQueryOptions:
        """The options for a caller who is there to be told: without retries, unless somebody asked for them."""
        if self._to_fetch is None:
            options = self.options
            self._to_fetch = replaced(options, {"retry": False}, complete=True) if options.retry is UNSET else options
        return self._to_fetch


def plain_stale_time(stale_time: object) -> float | str | None:
    """A stale time as ``Completed`` keeps it.

    Args:
        stale_time: The option.
    """
    # None for a function, or not given, or zero, with which data is always stale
    return stale_time if isinstance(stale_time, (float, int, str)) and stale_time else None
