"""What the harness needs of a library under test.

Conventions between harness and driver

* Times are whole milliseconds and durations too (``math.inf`` for "inf"); the driver converts, both ways.
* Option names arrive in the scenario's snake_case, values converted, functions callable.
* ``undefined`` is the library's "no data". Snapshots and outcomes may hold it; the trace drops such members.
* Everything is called on the loop, from loop code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .deterministic_loop import DeterministicLoop

Record = dict[str, Any]


class Unsupported(Exception):
    """The driver has no way to do this op; the comparison of the scenario ends here."""


class Driver(Protocol):
    """A library under test in the words of the scenarios. A driver serves one run."""

    undefined: Any
    skip_token: Any
    #: data that is no plain JSON: its class, and how it reads in a trace
    records: Mapping[type, Callable[[Any], Record]]
    keep_previous_data: Any

    # life cycle

    def open(self, loop: DeterministicLoop, *, start_ms: int, online: bool, focused: bool, server: bool) -> None: ...
    def now_ms(self) -> int: ...
    def set_online(self, value: bool) -> None: ...
    def set_focused(self, value: bool) -> None: ...

    # clients

    def client(
        self,
        *,
        queries: Any,
        mutations: Any,
        query_callbacks: dict[str, Callable[..., None]],
        mutation_callbacks: dict[str, Callable[..., None]],
        mount: bool,
        on_query_event: Callable[[str, Any, str | None], None],
        on_mutation_event: Callable[[str, int | None, str | None], None],
    ) -> Any:
        """The callbacks of a cache get (data or error or both, then the query, or the variables of the mutation)."""

    def dispose_client(self, client: Any) -> None:
        """Take the client down; what is alive when the loop is idle again counts as a leak."""

    # options and functions

    def query_options(self, key: Any, options: Record) -> Any: ...
    def mutation_options(self, options: Record) -> Any: ...
    def wrap_query_fn(self, start: Callable[[Record, Any], Any], consume_signal: bool) -> Any:
        """start(what the trace shows, registers-an-abort-listener or None) -> awaitable."""

    def wrap_stream_fn(self, open_: Callable[[Record, Any], Any], consume_signal: bool, how: Record) -> Any:
        """open_(as start) -> async iterable; *how* has refetch_mode, reducer and initial_value, if given."""

    def wrap_mutation_fn(self, start: Callable[[Any], Any]) -> Any:
        """start(variables) -> awaitable."""

    def wrap_mutation_callback(self, name: str, callback: Callable[[Record, Any], Any]) -> Any:
        """callback(arguments by name, client) -> awaitable; the names are those of SCENARIO.md."""

    # what vocabulary functions see

    def infinite_data(self, pages: list[Any], page_params: list[Any]) -> Any:
        """Data of an infinite query; ``records`` reads it."""

    def query_data(self, query: Any) -> Any: ...
    def query_update_count(self, query: Any) -> int: ...
    def key_of(self, query_or_mutation: Any) -> Any: ...
    def error_name(self, error: BaseException | None) -> str | None: ...

    # outcomes

    def watch(self, awaitable: Any, settled: Callable[[Any, BaseException | None], None]) -> None:
        """Call *settled* with the value or the error of what an op returned, without being a user of it."""

    # ops on a client; filters as in SCENARIO.md with the predicate made

    def fetch(self, client: Any, kind: str, options: Any, infinite: bool) -> Any: ...
    def get_data(self, client: Any, key: Any) -> Any: ...
    def get_queries_data(self, client: Any, filters: Record) -> Any: ...
    def is_fetching(self, client: Any, filters: Record) -> int: ...
    def is_mutating(self, client: Any, filters: Record) -> int: ...
    def set_data(self, client: Any, key: Any, data: Any, updated_at: int | None = None) -> Any: ...
    def set_queries_data(self, client: Any, filters: Record, data: Any) -> Any: ...
    def invalidate(self, client: Any, filters: Record, refetch_type: str | None, flags: Record) -> Any: ...
    def refetch_queries(self, client: Any, filters: Record, flags: Record) -> Any: ...
    def reset(self, client: Any, filters: Record, flags: Record) -> Any: ...
    def cancel(self, client: Any, filters: Record, flags: Record) -> Any: ...
    def remove(self, client: Any, filters: Record) -> None: ...
    def clear(self, client: Any) -> None: ...
    def set_default_options(self, client: Any, queries: Any, mutations: Any) -> None: ...
    def set_query_defaults(self, client: Any, key: Any, options: Any) -> None: ...
    def set_mutation_defaults(self, client: Any, key: Any, options: Any) -> None: ...
    def resume_mutations(self, client: Any) -> Any: ...
    def persister(self, spec: Record, filters: Record) -> Any: ...
    def persister_fn(self, persister: Any) -> Any: ...
    def persist_query(self, persister: Any, key: Any, client: Any) -> Any: ...
    def restore_queries(self, persister: Any, client: Any, filters: Record) -> Any: ...
    def remove_stored(self, persister: Any, filters: Record) -> Any: ...
    def persister_gc(self, persister: Any) -> Any: ...
    def store(self, op: Record) -> None: ...
    def stored(self) -> list[Record]: ...
    def dehydrate(self, client: Any, wanted: Record) -> tuple[Any, Record]:
        """The opaque state, fetches under way included, and what the trace shows of it.

        *wanted* may have ``queries`` and ``mutations`` ("all", "none" or a predicate), ``serialize`` and ``redact``.
        """

    def hydrate(self, client: Any, state: Any, given: Record, as_json: bool) -> None:
        """*given* may have ``queries`` and ``mutations`` (options) and ``deserialize``."""

    def hydrate_theirs(self, client: Any, payload: Any) -> None:
        """*payload* is a state that query-core wrote as JSON."""

    # observers; kind is query, infinite or mutation, or queries for a group

    def observer(self, client: Any, kind: str, options: Any) -> Any: ...
    def subscribe(self, observer: Any, listener: Callable[[Any], None]) -> Callable[[], None]: ...
    def set_options(self, observer: Any, options: Any) -> None: ...
    def get_optimistic_result(self, observer: Any, options: Any) -> Any: ...
    def fetch_optimistic(self, observer: Any, options: Any) -> Any: ...
    def read_tracked(self, observer: Any, fields: list[str]) -> list[Any]:
        """The fields of the current result, read from a tracked one."""

    def queries_observer(self, client: Any, options: list[Any], combine: Any) -> Any:
        """*combine* may be None."""

    def set_queries(self, observer: Any, options: list[Any], **combine: Any) -> None:
        """``combine=`` is given if the op has one; None stands for none."""

    def get_optimistic_queries(self, observer: Any, options: list[Any], combine: Any) -> tuple[Any, Any, Any]:
        """The raw results, a getter of the combined value, and a function for tracked results."""

    def read_result(self, result: Any, field: str) -> Any:
        """A field of a result, as a trace shows it."""

    def refetch(self, observer: Any, kind: str, flags: Record) -> Any:
        """kind is refetch, fetch_next or fetch_previous."""

    def mutate(self, observer: Any, variables: Any, callbacks: Record) -> Any: ...
    def mutation_reset(self, observer: Any) -> None: ...

    # snapshots, with the fields that oracle/snapshots.mjs gives them

    def snapshot_queries(self, client: Any) -> list[Record]: ...
    def snapshot_mutations(self, client: Any) -> list[Record]: ...
    def current_result(self, observer: Any) -> Any: ...
    def result_record(self, result: Any, kind: str) -> Record: ...
