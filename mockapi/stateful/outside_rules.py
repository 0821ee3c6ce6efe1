"""Rules of the world outside: answers, the network, the focus, and time."""

from __future__ import annotations

from typing import Any

from query.base.values import given

from .entry import Entry
from .machine_base import MachineBase


class OutsideRules(MachineBase):
    """What servers, networks and users do."""

    def _on_answer(self, *, which: int, payload: Any, settle: bool) -> None:
        request = self._example.requests.pick(which)
        if request is not None:
            payload = self._payload(request.name, payload)
            self._example.step(f"answer request {request} with {payload!r}")
            self._example.do("answer", lambda: request.answer(payload))
        self._settle(settle)

    def _on_fail(self, *, which: int, settle: bool) -> None:
        request = self._example.requests.pick(which)
        if request is not None:
            self._example.step(f"let request {request} fail")
            self._example.do("fail", request.fail)
        self._settle(settle)

    def _on_slow_down(self, *, which: int, payload: Any, seconds: float) -> None:
        request = self._example.requests.pick(which)
        if request is not None:
            payload = self._payload(request.name, payload)
            self._example.step(f"request {request} is slow: {payload!r} comes in {seconds:g} s")
            request.timer = self._example.loop.call_later(seconds, request.answer, payload)

    def _on_override(self, *, name: str, payload: Any) -> None:
        payload = self._payload(name, payload)
        self._example.step(f"the next request of {name} is answered at once: {payload!r}")
        self._example.requests.ready[name] = [payload]

    def _on_network(self, *, online: bool, settle: bool) -> None:
        self._example.step("the network comes back" if online else "the network goes away")
        was_online = self._example.online.is_online()
        returns = online and not was_online
        if was_online and not online:
            self._example.model.online_at = self._example.now()
        expected = self._wanted_by_signal("refetch_on_reconnect") if returns else {}
        self._example.do("network", lambda: self._example.online.set_online(online))
        self._settle(settle)
        self._all_fetched(expected, settle, "the network came back")

    def _on_focus(self, *, focused: bool, settle: bool) -> None:
        self._example.step("somebody looks again" if focused else "nobody looks any more")
        returns = focused and not self._example.focus.is_focused()
        expected = self._wanted_by_signal("refetch_on_window_focus") if returns else {}
        unwanted = self._unwanted_by_signal("refetch_on_window_focus")
        self._example.do("focus", lambda: self._example.focus.set_focused(focused))
        self._settle(settle)
        self._all_fetched(expected, settle, "somebody looks again")
        for entry, fetches in unwanted:
            if entry.fetches != fetches:
                self._wrong(f"{entry} is fresh or unwatched; somebody looks again, and it was fetched")

    def _wanted_by_signal(self, option: str) -> dict[str, tuple[Entry, int]]:
        """Who is to be fetched when a signal comes back; nobody while that cannot be told."""
        example = self._example
        if not example.loop.is_idle or self.client.is_mutating():
            return {}
        found: dict[str, tuple[Entry, int]] = {}
        for key, entry in example.model.entries.items():
            if entry.fetch is None and any(
                watcher.wants(entry, getattr(watcher.observer.options, option), example.now())
                for watcher in self._watchers_of(entry)
            ):
                found[key] = entry, entry.fetches
        return found

    def _unwanted_by_signal(self, option: str) -> list[tuple[Entry, int]]:
        """Whom a signal gives no reason to fetch; nobody while that cannot be told."""
        example = self._example
        if not example.loop.is_idle or self.client.is_mutating():
            return []
        return [
            (entry, entry.fetches)
            for entry in example.model.entries.values()
            if len(watchers := self._watchers_of(entry)) == len(entry.query.observers)
            and all(
                watcher.wants(entry, getattr(watcher.observer.options, option), example.now()) is False
                for watcher in watchers
            )
        ]

    def _all_fetched(self, expected: dict[str, tuple[Entry, int]], settle: bool, why: str) -> None:
        if settle or not self.burst:
            for entry, fetches in expected.values():
                if entry.fetches != fetches + 1:
                    self._wrong(
                        f"{entry} is watched and stale; {why}, and it was fetched {entry.fetches - fetches} times"
                    )

    def _on_advance(self, *, seconds: float) -> None:
        example = self._example
        example.step(f"{seconds:g} s pass")
        example.settle()
        unwatched = self._without_interval() if not self.client.is_mutating() else []
        example.advance(seconds)
        for entry, fetches in unwatched:
            if entry.fetches != fetches:
                self._wrong(f"{entry} was fetched while time passed, and no observer has an interval now")

    def _without_interval(self) -> list[tuple[Entry, int]]:
        """Whom time gives no reason to fetch: no interval, or nobody looks."""
        is_focused = self._example.focus.is_focused()
        found: list[tuple[Entry, int]] = []
        for entry in self._example.model.entries.values():
            if self._is_awaited_elsewhere(entry):
                continue
            options = [watcher.observer.options for watcher in self._watchers_of(entry)]
            if len(options) == len(entry.query.observers) and not any(
                given(one.refetch_interval, False) is not False
                and (is_focused or given(one.refetch_interval_in_background, False))
                for one in options
            ):
                found.append((entry, entry.fetches))
        return found

    def _is_awaited_elsewhere(self, entry: Entry) -> bool:
        """Whether an observer still shows a removed query of this key: its interval will fetch the new one."""
        shown = [watcher.observer.get_current_query() for watcher in self._example.watchers]
        return any(query is not entry.query and query.query_hash == entry.query.query_hash for query in shown)
