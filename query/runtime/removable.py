"""The garbage-collection timer that queries and mutations share.

Source: removable.ts.
"""

from __future__ import annotations

import math
from typing import Final

from ..base.types import UNSET, Unset
from .collector import Bucket
from .environment import Environment

DEFAULT_GC_TIME: Final = 300.0
"""Seconds that an unused entry is kept."""


class Expiring:
    """An entry of a cache that goes away when nobody has used it for a while, wherever it keeps its environment."""

    __slots__ = ("_bucket", "gc_time")

    _bucket: Bucket | None
    gc_time: float

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals and tasks of the client that made it: several clients may share a cache."""
        raise NotImplementedError

    @property
    def awaits_collection(self) -> bool:
        """Whether a timer will ask it to leave its cache."""
        return self._bucket is not None

    def update_gc_time(self, gc_time: float | Unset | None) -> None:
        """Keep the entry at least this long: the longest time that anyone asked for counts.

        Args:
            gc_time: Seconds; not given means the default, which takes part in the maximum.
        """
        if gc_time is UNSET or gc_time is None:
            gc_time = math.inf if self.environment.is_server else DEFAULT_GC_TIME
        if gc_time > self.gc_time:
            self.gc_time = gc_time

    def _schedule_gc(self, delay: float | None = None) -> None:
        """Set the timer anew.

        Args:
            delay: Seconds; by default ``gc_time``.
        """
        if 0 <= self.gc_time < math.inf:
            self.environment.collect_later(self, self.gc_time if delay is None else delay)
        else:
            self._clear_gc()

    def _clear_gc(self) -> None:
        if self._bucket is not None:
            self._bucket.take_out(self)
            self._bucket = None

    def _collect(self) -> None:
        self._optional_remove()

    def _optional_remove(self) -> None:
        """Leave the cache if nobody uses the entry."""
        raise NotImplementedError


class Removable(Expiring):
    """One that keeps its environment itself.

    Args:
        environment: Where its timer runs.
    """

    __slots__ = ("_environment",)

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.gc_time: float = 0.0
        self._bucket: Bucket | None = None

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals and tasks of the client that made it: several clients may share a cache."""
        return self._environment
