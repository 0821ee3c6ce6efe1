"""``QueryCacheMachine``: name your queries, and Hypothesis searches for an order of events that breaks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from query import (
    FocusManager,
    InfiniteData,
    MutationOptions,
    OnlineManager,
    QueryClient,
    QueryFilters,
    QueryOptions,
    infinite_query_options,
)
from query.base.types import UNSET, microseconds
from query.base.values import given
from query.runtime.handle import Handle

from .example import Example
from .model import Entry, Waiter
from .named import NamedQuery
from .plain_keys import plain_key
from .rules import rules_of
from .watchers import Watcher


def _next_of_three(page: Any, pages: list[Any], param: int, params: list[int]) -> int | None:
    return param + 1 if len(pages) < 3 else None


class QueryCacheMachine(RuleBasedStateMachine):
    """A Hypothesis machine for the queries and mutations that a subclass names.

    ::

        class Shop(QueryCacheMachine):
            queries = {"item": QueryOptions(query_key=("item", 1), stale_time=30), "cart": cart_options}
            mutations = {"add": MutationOptions(on_settled=invalidates(("cart",)))}


        TestShop = Shop.TestCase

    Queries and mutations without a function of their own are answered by the machine: when, in which order and with
    what is drawn. Each rule draws as well whether the loop runs until nothing is left to do (``settle``), so that
    several of them may fall into one tick; what must hold is looked at when everything is at rest.

    Attributes:
        queries: The options of your queries, by names of your choice. Options of infinite queries are welcome.
        mutations: The options of your mutations.
        payloads: A strategy of answers and of data to write; or one for each query and mutation, by name.
        variables: A strategy of what mutations are called with.
        durations: The seconds by which time may pass; by default those that the options name.
        burst: Whether rules may leave the loop alone.
    """

    queries: ClassVar[Mapping[str, Any]] = {
        "item": QueryOptions(query_key=("item", {"id": 1, "part": "head"}), stale_time=30, retry=2),
        "items": QueryOptions(query_key=("items",), gc_time=60, select=lambda data: [data]),
        "pages": infinite_query_options(
            query_key=("item", "pages"),
            query_fn=None,
            initial_page_param=0,
            get_next_page_param=_next_of_three,
            retry=1,
            retry_delay=2,
        ),
    }
    mutations: ClassVar[Mapping[str, Any]] = {"save": MutationOptions(scope="save")}
    payloads: ClassVar[Any] = st.fixed_dictionaries({"v": st.integers(0, 3)})
    variables: ClassVar[Any] = st.none()
    durations: ClassVar[tuple[float, ...]] = ()
    burst: ClassVar[bool] = True

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Make the rules for what this class names."""
        super().__init_subclass__(**arguments)
        _add_rules(cls)

    def __init__(self) -> None:
        super().__init__()
        self._example = Example(self.make_client)
        self.client: Any = self._example.client
        self._queries = {
            name: NamedQuery(name, options, self._example.hold_query) for name, options in self.queries.items()
        }
        self._was_torn_down = False

    # -- to override

    def make_client(self) -> Any:
        """The client under test, mounted. It must have an online and a focus manager of its own."""
        client = QueryClient(online_manager=OnlineManager(), focus_manager=FocusManager())
        client.mount()
        return client

    def check(self) -> None:
        """Assert what must hold of your application; called whenever everything is at rest."""

    def get_data(self, name: str) -> Any:
        """What the cache holds for a query; ``UNSET`` if nothing.

        Args:
            name: The name of the query in ``queries``.
        """
        return self.client.get_query_data(self._queries[name].key, UNSET)

    # -- rules: their names, arguments and strategies are in rules.py

    def _on_fetch(self, *, name: str, waits: bool, settle: bool) -> None:
        named = self._named(name, f"fetch {name}{' and wait' if waits else ''}")
        options, _ = named.spelled()
        entry, state, fetches = self._before(named)
        stale_time = given(self.client.default_query_options(options).stale_time, 0.0)

        def body() -> tuple[Any, Any]:
            handle = self.client.fetch_query(options)
            task = self._example.loop.create_task(_wait(handle), name=f"a waiter for {name}") if waits else None
            return handle, task

        handle, task = self._example.do("fetch", body)
        after = self._entry(named)
        if after is None:
            self._wrong(f"{name} was fetched, and is not in the cache")
            return
        # what was there at once came from the cache
        after.waiters.append(Waiter(handle, None if handle.done() else after.fetch, task))
        if not callable(stale_time):
            is_stale = entry is None or entry is not after or entry.is_stale(stale_time, self._example.now())
            # without data before, late initial data may have come in with the options
            is_fresh = not is_stale and state is not None and state.data is not UNSET
            if (
                state is not None
                and is_fresh
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
        after.waiters.append(Waiter(handle, None if handle.done() else after.fetch, None))
        if entry is after and state is not None and state.data is not UNSET:
            if after.fetches != fetches or not handle.done() or handle.result() is not state.data:
                self._wrong(f"{name} has data, and ensure_query_data() did not return it")
            after.waiters.pop()
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
        self._settle(settle)

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
            self._example.do("fail", lambda: request.fail(self._example.now()))
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

    def _on_write(self, *, name: str, payload: Any, settle: bool) -> None:
        named = self._named(name, f"write {name}")
        _, key = named.spelled()
        data = self._as_data(named, self._payload(name, payload))
        _, before, _ = self._before(named)
        others = self._others({self._hash(named)})
        now = self._example.now()
        self._example.do("write", lambda: self.client.set_query_data(key, data))
        after = self._entry(named)
        self._untouched(others, f"{name} was written")
        if after is None:
            self._wrong(f"{name} was written, and is not in the cache")
        else:
            state = after.query.state
            count = 0 if before is None else before.data_update_count
            if _differs(state.data, data) or state.data_update_count != count + 1 or state.status != "success":
                self._wrong(f"{name} was written {data!r}, and is {state!r}")
            if (
                state.is_invalidated
                or state.error is not None
                or microseconds(state.data_updated_at) != microseconds(now)
            ):
                self._wrong(f"{name} was written, and is not fresh of now: {state!r}")
            if before is not None and state.fetch_status != before.fetch_status:
                self._wrong(f"{name} was written, and its fetch is {state.fetch_status!r}")
        self._settle(settle)

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
        if doing == "invalidate":
            return is_active
        if watchers:
            return is_active
        return bool(entry.state.data_update_count or entry.state.error_update_count)

    def _on_cancel(self, *, name: str, settle: bool) -> None:
        named = self._named(name, f"cancel {name}")
        others = self._others({self._hash(named)})
        entry, before, _ = self._before(named)
        was_idle = entry is not None and entry.fetch is None
        filters = QueryFilters(query_key=named.spelled()[1], exact=True)
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
        filters = QueryFilters(query_key=named.spelled()[1], exact=True)
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
        filters = QueryFilters(query_key=named.spelled()[1], exact=True)
        self._example.do("remove", lambda: self.client.remove_queries(filters))
        self._untouched(others, f"{name} was removed")
        if self._entry(named) is not None:
            self._wrong(f"{name} was removed, and is still there")
        self._settle(settle)

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
        self._example.do("focus", lambda: self._example.focus.set_focused(focused))
        self._settle(settle)
        self._all_fetched(expected, settle, "somebody looks again")

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

    def _all_fetched(self, expected: dict[str, tuple[Entry, int]], settle: bool, why: str) -> None:
        if settle or not self.burst:
            for entry, fetches in expected.values():
                if entry.fetches != fetches + 1:
                    self._wrong(
                        f"{entry} is watched and stale; {why}, and it was fetched {entry.fetches - fetches} times"
                    )

    def _on_advance(self, *, seconds: float) -> None:
        self._example.step(f"{seconds:g} s pass")
        self._example.advance(seconds)

    def _on_optimistic(self, *, name: str, payload: Any, settle: bool) -> None:
        named = self._named(name, f"write {name} optimistically")
        options = self._example.mutations.optimistic(named.options, self._payload(name, payload))
        example = self._example
        example.do("mutate", lambda: example.mutations.start(self.client, f"optimistic {name}", options, None))
        self._settle(settle)

    def _on_mutate(self, *, name: str, variables: Any, settle: bool) -> None:
        example, options = self._example, self.mutations[name]
        example.step(f"mutate {name} with {variables!r}")
        example.do("mutate", lambda: example.mutations.start(self.client, name, options, variables))
        self._settle(settle)

    def _on_next_page(self, *, which: int, backward: bool, settle: bool) -> None:
        watchers = [watcher for watcher in self._example.watchers if hasattr(watcher.observer, "fetch_next_page")]
        if watchers:
            watcher = watchers[which % len(watchers)]
            self._example.step(f"the {'previous' if backward else 'next'} page of {watcher.name}")
            fetch = watcher.observer.fetch_previous_page if backward else watcher.observer.fetch_next_page
            self._example.do("fetch", fetch)
        self._settle(settle)

    # -- inside

    def _named(self, name: str, what: str) -> NamedQuery:
        self._example.step(what)
        return self._queries[name]

    def _hash(self, named: NamedQuery) -> str:
        return str(self.client.default_query_options(named.options).query_hash)

    def _entry(self, named: NamedQuery) -> Entry | None:
        return self._example.model.entries.get(named.hash or self._hash(named))

    def _before(self, named: NamedQuery) -> tuple[Entry | None, Any, int]:
        entry = self._entry(named)
        return (None, None, 0) if entry is None else (entry, entry.query.state, entry.fetches)

    def _watchers_of(self, entry: Entry) -> list[Watcher]:
        return [w for w in self._example.watchers if w.observer.get_current_query() is entry.query]

    def _joined_or_began(self, entry: Entry, fetches: int, state: Any, what: str) -> None:
        if state is None:
            return
        began, wanted = entry.fetches - fetches, 0 if state.fetch_status != "idle" else 1
        if began != wanted:
            self._wrong(f"{what}: {began} fetches began, it ought to be {wanted} ({state.fetch_status!r} before)")

    def _payload(self, name: str, payload: Any) -> Any:
        return payload.get(name) if isinstance(self.payloads, Mapping) else payload

    def _as_data(self, named: NamedQuery, payload: Any) -> Any:
        if hasattr(named.options, "initial_page_param"):
            return InfiniteData([payload], [named.options.initial_page_param])
        return payload

    def _others(self, but: set[str]) -> list[tuple[Entry, Any]]:
        return [(entry, entry.query.state) for key, entry in self._example.model.entries.items() if key not in but]

    def _untouched(self, others: list[tuple[Entry, Any]], what: str) -> None:
        for entry, state in others:
            if entry.query.state is not state:
                self._wrong(f"{what}, and {entry} changed: {state!r} to {entry.query.state!r}")

    def _wrong(self, problem: str) -> None:
        self._example.model.wrong(problem)

    def _settle(self, settle: bool) -> None:
        if settle or not self.burst:
            self._example.settle()

    def at_rest(self) -> None:
        """Look at everything, if nothing can run at this instant."""
        __tracebackhide__ = True
        example = self._example
        is_at_rest = example.loop.is_idle
        example.look(deep=is_at_rest)
        if is_at_rest:
            self._check()

    def _check(self) -> None:
        try:
            self.check()
        except BaseException as error:
            self._example.failed(error)
            raise

    def teardown(self) -> None:
        """End the example: everybody leaves, and nothing may be left."""
        __tracebackhide__ = True
        example = self._example
        try:
            if not example.has_failed:
                example.settle()
                self.at_rest()
                example.end()
        finally:
            example.close()


async def _wait(handle: Handle[Any]) -> Any:
    return await handle


def _differs(a: Any, b: Any) -> bool:
    return a is not b and bool(a != b)


def _add_rules(machine: type[QueryCacheMachine]) -> None:
    for name, function in rules_of(machine).items():
        present = getattr(machine, name, None)
        # one that somebody wrote stays
        if present is None or getattr(present, "is_made", False):
            setattr(machine, name, function)


_add_rules(QueryCacheMachine)
