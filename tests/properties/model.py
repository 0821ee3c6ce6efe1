"""A query cache written for reading: what must be, without loops, tasks, timers, events or sharing.

Time is a number that the caller moves. An attempt is a number that the caller answers. What is known of a query is a
``View``, replaced at each change. Nothing here is clever, and nothing of it is the product's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

NOTHING = "nothing"
GC_TIME = 50
RETRY_DELAY = 3


@dataclass(frozen=True)
class View:
    """What is known of a query.

    Attributes:
        data: The data, or NOTHING.
        updates: How often data came in.
        updated_at: When it last did, in seconds; 0 for never.
        error: The last error.
        errors: How often a fetch failed for good.
        failures: Failed attempts of the current or last fetch.
        invalidated: Marked stale.
        status: "pending", "success" or "error".
        fetch_status: "idle", "fetching" or "paused".
    """

    data: Any = NOTHING
    updates: int = 0
    updated_at: float = 0
    error: Any = None
    errors: int = 0
    failures: int = 0
    invalidated: bool = False
    status: str = "pending"
    fetch_status: str = "idle"


@dataclass(eq=False)
class Entry:
    """A query: its view, who observes it, and its fetch.

    Attributes:
        key: The key.
        collect_at: When it goes if nobody uses it.
        observers: Who observes it: (enabled, stale time) by name.
        before: What a cancelled fetch goes back to.
        attempt: The attempt under way; None while there is none, also between two of a fetch.
        retry_at: When the next attempt begins.
    """

    key: tuple[Any, ...]
    collect_at: float
    view: View = View()
    observers: dict[str, tuple[bool, float]] = field(default_factory=dict)
    before: View = View()
    attempt: int | None = None
    retry_at: float | None = None

    def stale(self, stale_time: float, now: float) -> bool:
        """Whether the data is missing, invalidated, or as old as that."""
        return self.view.data == NOTHING or self.view.invalidated or now >= self.view.updated_at + stale_time


class Model:
    """The cache."""

    def __init__(self, retries: int = 0) -> None:
        self.now: float = 1000
        self.online = True
        self.retries = retries
        self.entries: dict[tuple[Any, ...], Entry] = {}
        self.observed: dict[str, Entry] = {}
        self.attempts: list[Entry] = []

    # -- what can be seen

    def view(self, key):
        """What is known of a query; None if it is not there."""
        return self.entries[key].view if key in self.entries else None

    def keys(self):
        """All keys, oldest first."""
        return list(self.entries)

    def calls(self, key):
        """How often its function was called."""
        return sum(entry.key == key for entry in self.attempts)

    def observers(self, key):
        """How many observers it has."""
        return len(self.entries[key].observers) if key in self.entries else 0

    # -- what users do

    def fetch(self, key, stale_time=0):
        """Fetch unless the data is fresh; join a fetch under way."""
        entry = self._entry(key)
        if entry.stale(stale_time, self.now):
            self._start(entry)

    def observe(self, name, key, enabled=True, stale_time=0):
        """Subscribe an observer, which fetches what is stale."""
        entry = self._entry(key)
        self.observed[name] = entry
        entry.observers[name] = (enabled, stale_time)
        if enabled and entry.stale(stale_time, self.now):
            self._start(entry)

    def unobserve(self, name):
        """Unsubscribe it. A fetch that never began ends when the last one leaves."""
        entry = self.observed.pop(name, None)
        if entry is not None:
            del entry.observers[name]
            if not entry.observers:
                entry.collect_at = self.now + GC_TIME
                if entry.view.fetch_status == "paused" and entry.view.status == "pending":
                    self._revert(entry)

    def write(self, key, data):
        """Set data; a fetch under way goes on, and its cancellation does not take the data back."""
        entry = self._entry(key)
        self._succeed(entry, data)
        entry.before = entry.view

    def invalidate(self, prefix, refetch=True):
        """Mark what matches; fetch what of it is active anew."""
        for entry in self._matching(prefix):
            entry.view = replace(entry.view, invalidated=True)
        for entry in self._matching(prefix) if refetch else []:
            if self._active(entry):
                self._start(entry, supersede=True)

    def cancel(self, prefix):
        """End fetches, and go back to before them."""
        for entry in self._matching(prefix):
            if entry.view.fetch_status != "idle":
                self._revert(entry)

    def reset(self, prefix):
        """Forget everything; fetch what is active."""
        matching = self._matching(prefix)
        for entry in matching:
            entry.view, entry.attempt, entry.retry_at = View(), None, None
            entry.collect_at = self.now + GC_TIME
        for entry in matching:
            if self._active(entry):
                self._start(entry)

    def remove(self, prefix):
        """Take out what matches; its observers keep looking at what is no longer there."""
        for entry in self._matching(prefix):
            entry.attempt = entry.retry_at = None
            del self.entries[entry.key]

    # -- what the world does

    def answer(self, number, data):
        """An attempt delivers; only one that is still wanted changes something."""
        entry = self.attempts[number]
        if entry.attempt == number:
            self._end(entry)
            self._succeed(entry, data)
            entry.view = replace(entry.view, fetch_status="idle", failures=0)

    def fail(self, number, error):
        """An attempt fails; there may be another."""
        entry = self.attempts[number]
        if entry.attempt != number:
            return
        entry.view = replace(entry.view, failures=entry.view.failures + 1)
        if entry.view.failures <= self.retries:
            entry.attempt, entry.retry_at = None, self.now + RETRY_DELAY
            return
        self._end(entry)
        errors = entry.view.errors + 1
        entry.view = replace(
            entry.view, status="error", error=error, errors=errors, invalidated=True, fetch_status="idle"
        )

    def advance(self, seconds):
        """Time passes: retries begin and unused queries go, each in its own time."""
        end = self.now + seconds
        while due := [at for entry in self.entries.values() for at in self._due(entry) if at <= end]:
            self.now = max(self.now, min(due))
            for entry in list(self.entries.values()):
                if entry.retry_at is not None and entry.retry_at <= self.now:
                    entry.retry_at = None
                    self._attempt(entry)
                if not entry.observers and entry.view.fetch_status == "idle" and entry.collect_at <= self.now:
                    del self.entries[entry.key]
        self.now = end

    def set_online(self, online):
        """With the network paused fetches go on, and what is stale for an observer is fetched."""
        came_back = online and not self.online
        self.online = online
        for entry in list(self.entries.values()) if came_back else []:
            if entry.view.fetch_status == "paused":
                entry.view = replace(entry.view, fetch_status="fetching")
                self._attempt(entry)
            elif any(enabled and entry.stale(time, self.now) for enabled, time in entry.observers.values()):
                self._start(entry)

    # -- inside

    def _entry(self, key):
        return self.entries.setdefault(key, Entry(key, self.now + GC_TIME))

    def _matching(self, prefix):
        return [entry for key, entry in self.entries.items() if key[: len(prefix)] == prefix]

    def _active(self, entry):
        return any(enabled for enabled, _ in entry.observers.values())

    def _due(self, entry):
        if entry.retry_at is not None:
            yield entry.retry_at
        if not entry.observers and entry.view.fetch_status == "idle":
            yield entry.collect_at

    def _start(self, entry, supersede=False):
        if entry.view.fetch_status != "idle" and not (supersede and entry.view.data != NOTHING):
            return
        entry.before = replace(entry.view, fetch_status="idle")
        entry.retry_at = None
        entry.view = replace(entry.view, failures=0, fetch_status="fetching" if self.online else "paused")
        if entry.view.data == NOTHING:
            entry.view = replace(entry.view, status="pending", error=None)
        entry.attempt = None
        if self.online:
            self._attempt(entry)

    def _attempt(self, entry):
        entry.attempt = len(self.attempts)
        self.attempts.append(entry)

    def _succeed(self, entry, data):
        updates = entry.view.updates + 1
        entry.view = replace(
            entry.view,
            data=data,
            updates=updates,
            updated_at=self.now,
            status="success",
            error=None,
            invalidated=False,
        )

    def _revert(self, entry):
        self._end(entry)
        entry.view = replace(entry.before, fetch_status="idle")

    def _end(self, entry):
        entry.attempt = entry.retry_at = None
        entry.collect_at = self.now + GC_TIME
