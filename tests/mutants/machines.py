"""The machines that look for the planted bugs: ``QueryCacheMachine`` with the queries, mutations and options needed.

Each names the rules that it does without, so that its search stays among what its bugs are about.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockapi.stateful import QueryCacheMachine
from query import UNSET, InfiniteData, MutationOptions, QueryOptions, infinite_query_options, take_back, update_data
from query.base.values import given

WHICH = st.integers(0, 3)
ROWS = QueryOptions(query_key=("rows", {"a": 1, "b": 2}))


class Fetches(QueryCacheMachine):
    """Who fetches, who joins, whose answer counts, and what is stored. Time stands still."""

    queries: ClassVar[Any] = {"rows": ROWS.with_(retry=0)}
    mutations: ClassVar[Any] = {}
    payloads: ClassVar[Any] = st.fixed_dictionaries({"v": st.integers(0, 3)})
    advance = network = focus = optimistic = slow_down = override = ensure = reset = False

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[tuple[Any, Any]] = []

    def check(self) -> None:
        """What was in the cache stays as it was, for whoever holds it."""
        for data, before in self._seen:
            assert data == before, f"data that was {before!r} is {data!r} now: sharing changed it"
        data = self.get_data("rows")
        if data is not UNSET and not any(data is one for one, _ in self._seen):
            self._seen.append((data, copy.deepcopy(data)))


class Times(QueryCacheMachine):
    """Staleness and collection."""

    queries: ClassVar[Any] = {"rows": ROWS.with_(stale_time=20, gc_time=10, retry=0)}
    mutations: ClassVar[Any] = {}
    durations: ClassVar[Any] = (10.0, 20.0, 300.0)
    network = optimistic = slow_down = override = ensure = reset = cancel = leave = invalidate = fail = remove = False
    focus = False


class Polls(QueryCacheMachine):
    """An interval, and the focus."""

    queries: ClassVar[Any] = {
        "poll": QueryOptions(query_key=("poll",), stale_time=20, gc_time=300, retry=0, refetch_interval=10)
    }
    mutations: ClassVar[Any] = {}
    durations: ClassVar[Any] = (10.0,)
    network = optimistic = slow_down = override = ensure = reset = cancel = leave = invalidate = fail = remove = False
    fetch = refetch = False


class Retries(QueryCacheMachine):
    """Retries, and the network."""

    queries: ClassVar[Any] = {"rows": ROWS.with_(retry=1, retry_delay=1)}
    mutations: ClassVar[Any] = {}
    durations: ClassVar[Any] = (1.0,)
    focus = optimistic = slow_down = override = ensure = reset = leave = invalidate = write = False
    observe = unmount = refetch = remove = cancel = False


class Outages(Retries):
    """A network that goes while requests fail."""

    queries: ClassVar[Any] = {"rows": ROWS.with_(retry=3, retry_delay=1)}
    answer = False
    burst: ClassVar[bool] = False


def _next(page: Any, pages: Any, param: int, params: Any) -> int:
    return param + 1


def _pages(max_pages: int) -> Any:
    return infinite_query_options(
        query_key=("pages",),
        query_fn=None,
        initial_page_param=0,
        get_next_page_param=_next,
        get_previous_page_param=lambda page, pages, param, params: param - 1,
        max_pages=max_pages,
        retry=0,
    )


class Pages(QueryCacheMachine):
    """Infinite queries: how many pages are kept, and how many a refetch brings."""

    queries: ClassVar[Any] = {"pages": _pages(2)}
    mutations: ClassVar[Any] = {}
    payloads: ClassVar[Any] = st.integers(0, 3)
    advance = network = focus = slow_down = ensure = reset = leave = invalidate = remove = write = cancel = False
    fetch = unmount = fail = override = False

    def __init__(self) -> None:
        super().__init__()
        self._begun_with = 0
        self._leave_cache = self.client.get_query_cache().subscribe(self._count_pages)

    def teardown(self) -> None:
        """As ever; what listens here is nobody's leak."""
        self._leave_cache()
        super().teardown()

    def _count_pages(self, event: Any) -> None:
        if event.type != "updated":
            return
        data, action = event.query.state.data, event.action
        pages = data.pages if isinstance(data, InfiniteData) else []
        if action.type == "fetch":
            self._begun_with = len(pages)
        elif action.type == "success" and len(pages) < self._begun_with:
            self._wrong(f"a fetch that began with {self._begun_with} pages brought {len(pages)}")
        most = event.query.options.max_pages
        if len(pages) > most:
            self._wrong(f"{len(pages)} pages are kept, with max_pages={most}")


class OnePage(Pages):
    """An infinite query that keeps the latest page only."""

    queries: ClassVar[Any] = {"pages": _pages(1)}


class Select:
    """A ``select`` of one observer that notes what it was called with.

    Args:
        calls: Where.
        pick: What it makes of the data.
    """

    def __init__(self, calls: list[Any], pick: Callable[[Any], Any]) -> None:
        self.calls = calls
        self.pick = pick

    def __call__(self, data: Any) -> Any:
        self.calls.append((self, data))
        return self.pick(data)


class Views(QueryCacheMachine):
    """What observers show: of which key, and through which ``select``."""

    queries: ClassVar[Any] = {"rows": QueryOptions(query_key=("rows",), retry=0), "other": ROWS.with_(retry=0)}
    mutations: ClassVar[Any] = {}
    payloads: ClassVar[Any] = st.integers(0, 3)
    advance = network = focus = optimistic = slow_down = override = ensure = reset = leave = invalidate = False
    cancel = remove = fail = refetch = unmount = False

    @rule(which=WHICH, name=st.sampled_from(["rows", "other"]))
    def look_at(self, which: int, name: str) -> None:
        """An observer moves to another key, or stays."""
        self._set_options(which, self._queries[name].options, name)

    @rule(which=WHICH, minus=st.booleans())
    def look_through(self, which: int, minus: bool) -> None:
        """An observer is given a ``select``."""
        calls: list[Any] = []

        def positive(data: Any) -> Any:
            return data

        def negative(data: Any) -> Any:
            return -data - 1

        self._set_options(which, None, "", Select(calls, negative if minus else positive))

    def _set_options(self, which: int, options: Any, name: str, select: Any = None) -> None:
        watchers = self._example.watchers
        if watchers:
            watcher = watchers[which % len(watchers)]
            watcher.name = name or watcher.name
            watcher.options = watcher.options.with_(select=select) if options is None else options
            self._example.step(f"an observer looks at {watcher.name}{'' if select is None else ' through a select'}")
            self._example.do("observe", lambda: watcher.observer.set_options(watcher.options))
        self._example.settle()
        self.at_rest()

    def look_for_selects(self) -> None:
        """Each select has run once for each data; what the machine calls itself does not count."""
        for watcher in self._example.watchers:
            select = given(watcher.options.select, None)
            if isinstance(select, Select):
                for (_, one), (_, two) in zip(select.calls, select.calls[1:], strict=False):
                    assert one is not two, f"select ran again for {one!r}, which had not changed"

    def at_rest(self) -> None:
        """As ever, and the number of observers."""
        if self._example.loop.is_idle:
            self.look_for_selects()
        before = [(w.options.select, len(w.options.select.calls)) for w in self._example.watchers if w.options.select]
        super().at_rest()
        for select, count in before:
            del select.calls[count:]

    def check(self) -> None:
        """A query counts those that look at it, and nobody else."""
        for entry in self._example.model.entries.values():
            count, watching = len(entry.query.observers), len(self._watchers_of(entry))
            assert count == watching, f"{entry} counts {count} observers, {watching} look at it"


def _both(variables: Any, context: Any) -> Any:
    return [update_data(context.client, key, lambda _: -1) for key in (("row", 1), ("row", 2))]


class Edits(QueryCacheMachine):
    """Mutations: one at a time in a scope, and what a rollback takes back."""

    queries: ClassVar[Any] = {
        "one": QueryOptions(query_key=("row", 1), retry=0),
        "two": QueryOptions(query_key=("row", 2), retry=0),
    }
    mutations: ClassVar[Any] = {
        "save": MutationOptions(scope="save"),
        "both": MutationOptions(on_mutate=_both, on_error=take_back),
    }
    payloads: ClassVar[Any] = st.integers(0, 3)
    advance = network = focus = slow_down = override = ensure = reset = leave = invalidate = cancel = remove = False
    observe = unmount = refetch = False

    def _on_optimistic(self, *, name: str, payload: Any, settle: bool) -> None:
        entry = self._entry(self._queries[name])
        fetch = None if entry is None or entry.query.state.data is UNSET else entry.fetch
        super()._on_optimistic(name=name, payload=payload, settle=settle)
        if fetch is not None and not fetch.end:
            self._wrong(f"{name} was written optimistically, and a fetch from before goes on")

    def check(self) -> None:
        """What waits for its turn in a scope has somebody before it."""
        cache = self.client.get_mutation_cache()
        for mutation in cache.find_all(status="pending"):
            assert not mutation.state.is_paused or not cache.can_run(mutation), f"{mutation} waits, and it is its turn"


_FOR = {
    Times: """
        data_is_still_fresh_at_the_deadline an_observed_query_is_collected a_fetching_query_is_collected
        a_collection_timer_is_left_behind
    """,
    Polls: """
        focus_refetches_what_is_fresh an_interval_goes_on_unfocused an_interval_goes_on_after_the_unsubscription
        intervals_pile_up
    """,
    Retries: """
        one_retry_too_many retries_go_on_after_a_success
    """,
    Outages: """
        the_network_is_looked_at_before_the_wait a_paused_fetch_resumes_twice
        a_paused_fetch_is_never_resumed an_offline_fetch_starts_anyway
    """,
    Pages: "a_refetch_loses_a_page",
    OnePage: "one_page_too_many_is_kept",
    Views: """
        another_select_shows_the_result_of_the_old_one select_runs_each_time
        a_change_of_key_leaves_the_old_observer_counted a_change_of_key_does_not_count_at_the_new_one
    """,
    Edits: """
        a_rollback_takes_back_newer_data a_rollback_takes_back_nothing a_rollback_takes_back_the_first_write_only
        a_fetch_under_way_overwrites_an_optimistic_write a_scope_runs_two_at_once a_scope_never_goes_on
    """,
}
MACHINES: tuple[type[QueryCacheMachine], ...] = (Fetches, *_FOR)
"""All of them."""


def machine_for(name: str) -> type[QueryCacheMachine]:
    """The machine that is to find a planted bug.

    Args:
        name: Of the bug.
    """
    return next((machine for machine, names in _FOR.items() if name in names.split()), Fetches)
