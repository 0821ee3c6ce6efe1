"""What the rules of a machine stand on: one example, the queries by name, and looking at everything at rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from query import FocusManager, InfiniteData, MutationOptions, OnlineManager, QueryClient
from query.base.infinite_options import InfiniteQueryOptions
from query.base.types import UNSET
from query.base.values import given

from ..client import MockApiClient
from .entry import Entry
from .example import Example
from .named import NamedQuery
from .watchers import Watcher


class MachineBase(RuleBasedStateMachine):
    """The part of ``QueryCacheMachine`` that has no rules; see there for the attributes."""

    queries: ClassVar[Mapping[str, Any]]
    mutations: ClassVar[Mapping[str, Any]]
    payloads: ClassVar[Any]
    variables: ClassVar[Any]
    durations: ClassVar[tuple[float, ...]]
    burst: ClassVar[bool]

    def __init__(self) -> None:
        super().__init__()
        sends = any(_has_function(options) for options in (*self.queries.values(), *self.mutations.values()))
        self._example = Example(self.make_client, self.mock if sends else None)
        self.client: Any = self._example.client
        self._queries = {
            name: NamedQuery(name, options, self._example.hold_query, self._example.call_query)
            for name, options in self.queries.items()
        }
        self._was_torn_down = False

    # -- to override

    def make_client(self) -> Any:
        """The client under test, mounted. It must have an online and a focus manager of its own."""
        client = QueryClient(online_manager=OnlineManager(), focus_manager=FocusManager())
        client.mount()
        return client

    def mock(self, mock_api_client: MockApiClient) -> None:
        """Register mocks for HTTP requests that are to be answered by themselves; the machine holds all others.

        Args:
            mock_api_client: The client; a new one for each example.
        """

    def check(self) -> None:
        """Assert what must hold of your application; called whenever everything is at rest."""

    def get_data(self, name: str) -> Any:
        """What the cache holds for a query; ``UNSET`` if nothing.

        Args:
            name: The name of the query in ``queries``.
        """
        return self.client.get_query_data(self._queries[name].key, UNSET)

    # -- for the rules

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
        if isinstance(named.options, InfiniteQueryOptions):
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


def _has_function(options: Any) -> bool:
    function = options.mutation_fn if isinstance(options, MutationOptions) else options.query_fn
    return given(function, None) is not None
