"""Rules that read: fetch, observe, wait, and leave again."""

from __future__ import annotations

from query.base.types import UNSET
from query.base.values import given

from .entry import Waiter
from .machine_base import MachineBase
from .watchers import Watcher


class ReadingRules(MachineBase):
    """What users of data do. Names, arguments and strategies of the rules are in ``rules.py``."""

    def _on_fetch(self, *, name: str, waits: bool, settle: bool) -> None:
        named = self._named(name, f"fetch {name}{' and wait' if waits else ''}")
        options, _ = named.spelled()
        entry, state, fetches = self._before(named)
        stale_time = given(self.client.default_query_options(options).stale_time, 0.0)

        def body() -> Waiter:
            waiter = Waiter(self.client.fetch_query(options))
            if waits:
                waiter.task = self._example.loop.create_task(waiter.wait(), name=f"a waiter for {name}")
            return waiter

        waiter = self._example.do("fetch", body)
        handle = waiter.handle
        after = self._entry(named)
        if after is None:
            self._wrong(f"{name} was fetched, and is not in the cache")
            return
        # what was there at once came from the cache
        waiter.fetch = None if handle.done() else after.fetch
        after.waiters.append(waiter)
        if not callable(stale_time):
            is_stale = entry is None or entry is not after or entry.is_stale(stale_time, self._example.now())
            # without data before, late initial data may have come in with the options
            if (
                not is_stale
                and state is not None
                and state.data is not UNSET
                and (after.fetches != fetches or not handle.done() or handle.result() is not state.data)
            ):
                self._wrong(f"{name} is fresh, and was fetched nevertheless")
            if entry is after and is_stale:
                self._joined_or_began(after, fetches, state, f"{name} was fetched")
        self._settle(settle)

    def _on_ensure(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"ensure {name}")
        options, _ = named.spelled()
        entry, state, fetches = self._before(named)
        handle = self._example.do("fetch", lambda: self.client.ensure_query_data(options))
        after = self._entry(named)
        if after is None:
            self._wrong(f"{name} was asked for, and is not in the cache")
            return
        if entry is after and state is not None and state.data is not UNSET:
            if after.fetches != fetches or not handle.done() or handle.result() is not state.data:
                self._wrong(f"{name} has data, and ensure_query_data() did not return it")
        else:
            waiter = Waiter(handle)
            waiter.fetch = None if handle.done() else after.fetch
            after.waiters.append(waiter)
        self._settle(settle)

    def _on_observe(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"observe {name}")
        options, _ = named.spelled()
        entry, state, fetches = self._before(named)

        watcher = self._example.do("observe", lambda: Watcher(self.client, name, options))
        self._example.watchers.append(watcher)
        after = self._entry(named)
        if after is None:
            self._wrong(f"{name} is observed, and is not in the cache")
            return
        if entry is after and state is not None and state.data is not UNSET:
            wants = watcher.wants(after, given(options.refetch_on_mount, True), self._example.now())
            if wants:
                self._joined_or_began(after, fetches, state, f"{name} is observed and stale")
            elif wants is False and after.fetches != fetches:
                self._wrong(f"{name} is observed and fresh, and was fetched nevertheless")
        self._settle(settle)

    def _on_unmount(self, *, which: int, settle: bool) -> None:
        watchers = self._example.watchers
        if watchers:
            watcher = watchers.pop(which % len(watchers))
            self._example.step(f"unmount an observer of {watcher.name}")
            self._example.do("unmount", watcher.leave)
            self._example.left.append(watcher)
        self._settle(settle)

    def _on_leave(self, *, which: int, settle: bool) -> None:
        waiting = [
            (entry, waiter)
            for entry in self._example.model.entries.values()
            for waiter in entry.waiters
            if waiter.task is not None and not waiter.task.done() and not waiter.is_gone
        ]
        if waiting:
            entry, waiter = waiting[which % len(waiting)]
            self._example.step(f"a waiter for {entry} is cancelled")
            waiter.is_gone = True
            self._example.do("leave", waiter.task.cancel)  # type: ignore[union-attr]
            self._example.model.left(entry)
        self._settle(settle)

    def _on_next_page(self, *, which: int, backward: bool, settle: bool) -> None:
        watchers = [watcher for watcher in self._example.watchers if hasattr(watcher.observer, "fetch_next_page")]
        if watchers:
            watcher = watchers[which % len(watchers)]
            self._example.step(f"the {'previous' if backward else 'next'} page of {watcher.name}")
            fetch = watcher.observer.fetch_previous_page if backward else watcher.observer.fetch_next_page
            self._example.do("fetch", fetch)
        self._settle(settle)
