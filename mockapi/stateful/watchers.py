"""Observers of the machine, and whether what they show is what the cache holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from query import InfiniteQueryObserver, QueryObserver
from query.base.infinite_options import InfiniteQueryOptions
from query.base.types import UNSET, microseconds
from query.base.values import given

from .entry import Entry
from .sameness import is_same

_MARGIN = 1000
"""Microseconds after the deadline within which an observer may still call its data fresh."""


class Watcher:
    """One subscribed observer.

    Args:
        client: The client.
        name: What the machine calls the query.
        options: The options to observe with.

    Attributes:
        told: The result that its listener was told of last; None before.
    """

    def __init__(self, client: Any, name: str, options: Any) -> None:
        self.name = name
        self.options = options
        kind: Any = InfiniteQueryObserver if isinstance(options, InfiniteQueryOptions) else QueryObserver
        self.observer: Any = kind(client, options)
        self._query: Any = self.observer.get_current_query()
        self.told: Any = None
        self.is_gone = False
        self.told_late = False
        self._unsubscribe: Callable[[], None] = self.observer.subscribe(self._listen)

    def _listen(self, result: Any) -> None:
        self.told = result
        if self.is_gone:
            self.told_late = True

    def leave(self) -> None:
        """Unsubscribe."""
        self.is_gone = True
        self._unsubscribe()

    # -- what it ought to do by itself

    @property
    def is_enabled(self) -> bool:
        """Whether it may fetch by itself, as far as its options tell without being asked."""
        return given(self.options.enabled, True) is True

    @property
    def stale_time(self) -> Any:
        """Seconds or "static"; None if a function tells."""
        stale_time = given(self.observer.options.stale_time, 0.0)
        return None if callable(stale_time) else stale_time

    def wants(self, entry: Entry, policy: Any, now: float) -> bool | None:
        """Whether an event makes it fetch; None if that cannot be told from outside.

        Args:
            entry: What it watches.
            policy: Its option about that event.
            now: The time.
        """
        stale_time, policy = self.stale_time, given(policy, True)
        if stale_time is None or callable(policy) or callable(given(self.options.enabled, True)):
            return None
        if not self.is_enabled or (stale_time == "static" and entry.query.state.data is not UNSET):
            return False
        return policy == "always" or (policy is True and entry.is_stale(stale_time, now))

    # -- what it shows

    def problems(self, entry: Entry | None, now: float) -> list[str]:
        """What is wrong with what it shows, at rest.

        Args:
            entry: The entry of its key; None if that is gone, and the observer shows what it last saw.
            now: The time.
        """
        found: list[str] = []
        if self.is_gone:
            return found
        result = self.observer.get_current_result()
        if self.told is not None and self.told is not result and not self._hears_little:
            found.append(f"an observer of {self.name} shows {_short(result)}, and told {_short(self.told)}")
        if entry is None or entry.query is not self.observer.get_current_query():
            return found
        if entry.query is not self._query:
            # its query was removed, and it asked for the new one: a fetch that it only joined tells it at its end
            if entry.fetch is not None:
                return found
            self._query = entry.query
        state = entry.query.state
        if result.fetch_status != state.fetch_status:
            found.append(f"an observer of {self.name} shows {result.fetch_status!r}; it is {state.fetch_status!r}")
        found += self._wrong_data(result, state)
        stale_time = self.stale_time
        if stale_time is not None and self.is_enabled and not isinstance(stale_time, str):
            is_stale = entry.is_stale(stale_time, now)
            if result.is_stale != is_stale and not (is_stale and self._may_be_late(state, stale_time, now)):
                found.append(f"an observer of {self.name} says is_stale={result.is_stale}, it is {is_stale}")
        return found

    @property
    def _hears_little(self) -> bool:
        return given(self.options.notify_on_change_props, None) is not None

    def _may_be_late(self, state: Any, stale_time: float, now: float) -> bool:
        if stale_time == float("inf") or state.is_invalidated:
            return False
        deadline = microseconds(state.data_updated_at) + microseconds(stale_time)
        return microseconds(now) < deadline + _MARGIN

    def _wrong_data(self, result: Any, state: Any) -> list[str]:
        if state.data is UNSET or result.is_placeholder_data:
            return [] if result.is_placeholder_data or not result.has_data else [f"{self.name} shows data of nowhere"]
        select = given(self.options.select, None)
        if select is None:
            if result.data is not state.data:
                return [f"an observer of {self.name} shows {result.data!r}, the cache has {state.data!r}"]
            return []
        try:
            wanted = select(state.data)
        except Exception as error:  # noqa: BLE001 - then the observer has to show an error
            if result.status != "error":
                return [f"select of {self.name} raises {error!r}, and the observer shows {result.status!r}"]
            return []
        if not is_same(result.data, wanted):
            return [f"an observer of {self.name} shows {result.data!r}; select gives {wanted!r} of {state.data!r}"]
        return []


def _short(result: Any) -> str:
    return f"{result.status}/{result.fetch_status} {result.data!r}"
