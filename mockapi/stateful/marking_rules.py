"""Rules that mark: invalidate, refetch, cancel, reset, remove; exactly the right queries, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from query import QueryFilters
from query.base.types import UNSET
from query.base.values import given

from .entry import Entry
from .machine_base import MachineBase
from .named import NamedQuery
from .plain_keys import plain_key


class MarkingRules(MachineBase):
    """What is done to many queries at once."""

    def _on_invalidate(self, *, prefix: Any, settle: bool) -> None:
        self._example.step(f"invalidate {prefix!r}")
        self._marks("invalidate", prefix, lambda: self.client.invalidate_queries(query_key=prefix))
        self._settle(settle)

    def _on_refetch(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"refetch {name}")
        self._marks("refetch", tuple(named.key), lambda: self.client.refetch_queries(query_key=named.spelled()[1]))
        self._settle(settle)

    def _marks(self, doing: str, prefix: tuple[Any, ...], body: Callable[[], Any]) -> None:
        """Invalidate or refetch, and see that exactly the right ones were."""
        wanted = tuple(plain_key(part) for part in prefix)
        meant = {
            key: entry for key, entry in self._example.model.entries.items() if entry.plain[1][: len(wanted)] == wanted
        }
        before = {key: (entry.fetches, entry.fetch, entry.state) for key, entry in meant.items()}
        others = self._others(set(meant))
        expected = {key: self._would_refetch(entry, doing) for key, entry in meant.items()}
        self._example.do(doing, body)
        self._untouched(others, f"{doing} of {prefix!r}")
        for key, entry in meant.items():
            fetches, fetch, state = before[key]
            if doing == "invalidate" and not entry.query.state.is_invalidated:
                self._wrong(f"{entry} was invalidated, and does not say so")
            began = entry.fetches - fetches
            supersedes = fetch is None or state.data is not UNSET
            if expected[key] is not None and began != int(bool(expected[key]) and supersedes):
                self._wrong(f"{entry}: {doing} began {began} fetches of it; {'one' if not began else 'none'} was due")

    def _would_refetch(self, entry: Entry, doing: str) -> bool | None:
        query = entry.query
        watchers = self._watchers_of(entry)
        if len(watchers) != len(query.observers) or any(callable(given(w.options.enabled, True)) for w in watchers):
            return None
        is_active = any(watcher.is_enabled for watcher in watchers)
        if any(watcher.stale_time in ("static", None) for watcher in watchers):
            return None
        if doing == "invalidate" or watchers:
            return is_active
        return bool(entry.state.data_update_count or entry.state.error_update_count)

    def _on_cancel(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"cancel {name}")
        others = self._others({self._hash(named)})
        entry, before, _ = self._before(named)
        was_idle = entry is not None and entry.fetch is None
        filters = _exactly(named)
        self._example.do("cancel", lambda: self.client.cancel_queries(filters))
        self._untouched(others, f"{name} was cancelled")
        if entry is not None:
            if entry.fetch is not None or entry.query.state.fetch_status != "idle":
                self._wrong(f"{name} was cancelled, and is {entry.query.state.fetch_status!r}")
            if was_idle and entry.query.state is not before:
                self._wrong(f"{name} was idle, and a cancellation changed it: {before!r} to {entry.query.state!r}")
        self._settle(settle)

    def _on_reset(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"reset {name}")
        others = self._others({self._hash(named)})
        entry, _, _ = self._before(named)
        filters = _exactly(named)
        active = None if entry is None else self._would_refetch(entry, "invalidate")
        self._example.do("reset", lambda: self.client.reset_queries(filters))
        self._untouched(others, f"{name} was reset")
        if entry is not None:
            state, start = entry.query.state, entry.query.reset_state
            if state.data is not start.data or state.data_update_count != start.data_update_count or state.error:
                self._wrong(f"{name} was reset, and is {state!r}")
            is_static = start.data is not UNSET
            if active is not None and not is_static and active != (entry.fetch is not None):
                self._wrong(
                    f"{name} was reset, and is {state.fetch_status!r} with {len(entry.query.observers)} observers"
                )
        self._settle(settle)

    def _on_remove(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"remove {name}")
        others = self._others({self._hash(named)})
        filters = _exactly(named)
        self._example.do("remove", lambda: self.client.remove_queries(filters))
        self._untouched(others, f"{name} was removed")
        if self._entry(named) is not None:
            self._wrong(f"{name} was removed, and is still there")
        self._settle(settle)


def _exactly(named: NamedQuery) -> QueryFilters:
    return QueryFilters(query_key=named.spelled()[1], exact=True)
