"""The two timers of an observer: until its data is stale, and until it fetches again.

Source: queryObserver.ts, updateStaleTimeout and updateRefetchInterval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, cast

from ..base.options import AnyQueryOptions
from ..base.types import Duration, is_valid_timeout, seconds
from ..base.values import resolve_query_value, resolve_stale_time
from ..cache.query import Query
from ..runtime.environment import Environment
from ..runtime.own_loop import Timer
from .fetch_policy import is_enabled

STALE_MARGIN = 0.001
"""Seconds after the deadline at which staleness is told, so that the data is stale by any clock's reading."""

Interval: TypeAlias = float | Literal[False]


def interval_of(query: Query[Any], options: AnyQueryOptions) -> Interval:
    """The refetch interval in seconds; False for none.

    Args:
        query: The observed query.
        options: The observer's options.
    """
    interval = resolve_query_value(options.refetch_interval, query, cast("Duration | Literal[False]", False))
    return False if interval is False else seconds(interval)


class ObserverTimers:
    """Sets and stops the timers of one observer.

    Args:
        environment: Where timers are set.
        on_stale: Called with these timers when the data has become stale.
        on_interval: Called each time the interval has passed.
    """

    __slots__ = ("_environment", "_interval", "_interval_timer", "_stale_timer", "_tell_interval", "_tell_stale")

    def __init__(
        self,
        environment: Environment,
        on_stale: Callable[[ObserverTimers], object],
        on_interval: Callable[[], object],
    ) -> None:
        self._environment = environment
        self._tell_stale = on_stale
        self._tell_interval = on_interval
        self._stale_timer: Timer | None = None
        self._interval_timer: Timer | None = None
        self._interval: Interval = False

    def set_stale(self, query: Query[Any], options: AnyQueryOptions, is_stale: bool) -> None:
        """Wait for the data to become stale.

        Args:
            query: The observed query.
            options: The observer's options.
            is_stale: It is already.
        """
        self._clear_stale()
        stale_time = resolve_stale_time(options.stale_time, query)
        if is_stale or isinstance(stale_time, str) or not self._may_wait(stale_time, query, options):
            return
        delay = query.time_until_stale(stale_time) + STALE_MARGIN
        self._stale_timer = self._environment.set_timeout(self._on_stale, delay, f"staleness of {query.query_hash}")

    def has_other_interval(self, interval: Interval) -> bool:
        """Whether *interval* is not the one in force.

        Args:
            interval: Seconds, or False.
        """
        return interval != self._interval

    def set_interval(self, query: Query[Any], options: AnyQueryOptions, interval: Interval) -> None:
        """Fetch every so often from now on.

        Args:
            query: The observed query.
            options: The observer's options.
            interval: Seconds, or False.
        """
        self._clear_interval()
        self._interval = interval
        if interval and self._may_wait(interval, query, options):
            self._arm_interval(interval, query.query_hash)

    def clear(self) -> None:
        """Stop both."""
        self._clear_stale()
        self._clear_interval()

    def _may_wait(self, delay: object, query: Query[Any], options: AnyQueryOptions) -> bool:
        return not self._environment.is_server and is_enabled(query, options) and is_valid_timeout(delay)

    def _on_stale(self) -> None:
        self._stale_timer = None
        self._tell_stale(self)

    def _arm_interval(self, interval: float, query_hash: str) -> None:
        def tick() -> None:
            self._arm_interval(interval, query_hash)
            self._tell_interval()

        self._interval_timer = self._environment.set_timeout(tick, interval, f"refetch interval of {query_hash}")

    def _clear_stale(self) -> None:
        if self._stale_timer is not None:
            self._stale_timer.cancel()
            self._stale_timer = None

    def _clear_interval(self) -> None:
        if self._interval_timer is not None:
            self._interval_timer.cancel()
            self._interval_timer = None
