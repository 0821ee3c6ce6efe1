"""The driver of ``query``: the words of the scenarios in terms of its API. What it needs is in driver_protocol.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from query import (
    UNSET,
    DefaultOptions,
    FocusManager,
    Handle,
    InfiniteData,
    InfiniteQueryObserver,
    InfiniteQueryOptions,
    MissingMutationFnError,
    MissingQueryFnError,
    MutationCache,
    MutationCacheEvent,
    MutationFilters,
    MutationObserver,
    MutationOptions,
    NoDataError,
    OnlineManager,
    QueriesObserver,
    Query,
    QueryCache,
    QueryCacheEvent,
    QueryCancelledError,
    QueryClient,
    QueryFilters,
    QueryObserver,
    QueryOptions,
    QueryPersister,
    from_tanstack,
    hydrate,
    keep_previous_data,
    skip_token,
    streamed_query,
)
from query.base.given_options import replaced
from query.runtime.following import FollowingHandle

from .deterministic_loop import DeterministicLoop
from .driver_protocol import Record, Unsupported
from .hydration import dehydrated, dehydrated_record, written
from .loop_clock import LoopClock
from .persister import Storage
from .snapshots import (
    infinite_result_record,
    mutation_record,
    mutation_result_record,
    plain_key,
    query_record,
    read_field,
    result_record,
)

SUPPORTED = (
    *("core", "retry", "observer", "offline", "interval", "mutations", "defaults", "corners"),
    *("optimistic", "tracked", "streams", "persister", "infinite", "many", "hydrate"),
)
"""The features of the grammar that ``query`` has."""

#: options in milliseconds, or functions that return milliseconds
_DURATIONS = ("retry_delay", "gc_time", "stale_time", "refetch_interval", "initial_data_updated_at")

_PAGE_FUNCTIONS = {"next_page": "get_next_page_param", "prev_page": "get_previous_page_param"}
_PAGE_OPTIONS = (*_PAGE_FUNCTIONS.values(), "max_pages", "pages", "initial_page_param")

#: the library's own errors, by the names that both sides use
_OWN_ERRORS = {
    QueryCancelledError: "CancelledError",
    MissingQueryFnError: "MissingQueryFnError",
    MissingMutationFnError: "MissingMutationFnError",
    NoDataError: "NoDataError",
}

_CALLBACK_ARGUMENTS = {
    "on_mutate": ("variables",),
    "on_success": ("data", "variables", "context"),
    "on_error": ("error", "variables", "context"),
    "on_settled": ("data", "error", "variables", "context"),
}

_FETCHES = {"fetch": "fetch_query", "prefetch": "prefetch_query", "query": "query", "ensure": "ensure_query_data"}
_INFINITE_FETCHES = {
    "fetch": "fetch_infinite_query",
    "prefetch": "prefetch_infinite_query",
    "query": "infinite_query",
    "ensure": "ensure_infinite_query_data",
}


def _seconds(value: Any) -> Any:
    """Milliseconds as seconds; False, "static" and infinity stay what they are."""
    return value / 1000 if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _no_page(*_: Any) -> None:
    """There is no next page."""


def _by_key(filters: Record) -> Record:
    return {"query_key" if name == "key" else name: value for name, value in filters.items()}


def _call_record(context: Any) -> Record:
    record: Record = {"key": plain_key(context.query_key)}
    if hasattr(context, "page_param"):
        record |= {"page_param": context.page_param, "direction": context.direction}
    if context.meta is not None:
        record["meta"] = context.meta
    return record


class QueryDriver:
    """Drives the package ``query``."""

    undefined: Any = UNSET
    skip_token: Any = skip_token
    records: ClassVar[dict[type, Callable[[Any], Record]]] = {
        InfiniteData: lambda data: {"pages": data.pages, "page_params": data.page_params}
    }
    keep_previous_data: Any = staticmethod(keep_previous_data)

    def __init__(self) -> None:
        self._converted: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._revalidating: list[Any] = []
        self._background: set[asyncio.Task[None]] = set()

    # life cycle

    def open(self, loop: DeterministicLoop, *, start_ms: int, online: bool, focused: bool, server: bool) -> None:
        self._loop = loop
        self._clock = LoopClock(loop, start_ms)
        self._online = OnlineManager(online=online)
        self._focus = FocusManager(focused=focused)
        self._is_server = server
        self._storage = Storage(self._clock)

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def set_online(self, value: bool) -> None:
        self._online.set_online(value)

    def set_focused(self, value: bool) -> None:
        self._focus.set_focused(value)

    # clients

    def client(
        self,
        *,
        queries: Any,
        mutations: Any,
        query_callbacks: dict[str, Any],
        mutation_callbacks: dict[str, Any],
        mount: bool,
        on_query_event: Callable[[str, Any, str | None], None],
        on_mutation_event: Callable[[str, int | None, str | None], None],
    ) -> QueryClient:
        # (data or error or both, then the variables, then what nobody asks for here)
        counts = {"on_success": 2, "on_error": 2, "on_settled": 3}
        for_mutations: dict[str, Any] = {
            name: lambda *args, log=log, count=counts[name]: log(*args[:count])
            for name, log in mutation_callbacks.items()
        }
        client = QueryClient(
            query_cache=QueryCache(**query_callbacks),
            mutation_cache=MutationCache(**for_mutations),
            default_options=DefaultOptions(queries=queries, mutations=mutations),
            clock=self._clock,
            online_manager=self._online,
            focus_manager=self._focus,
            is_server=self._is_server,
        )

        def on_query(event: QueryCacheEvent) -> None:
            on_query_event(event.type, event.query, None if event.action is None else event.action.type)

        def on_mutation(event: MutationCacheEvent) -> None:
            mutation_id = None if event.mutation is None else event.mutation.mutation_id
            on_mutation_event(event.type, mutation_id, None if event.action is None else event.action.type)

        client.get_query_cache().subscribe(on_query)
        client.get_mutation_cache().subscribe(on_mutation)
        if mount:
            client.mount()
        return client

    def dispose_client(self, client: QueryClient) -> None:
        self._loop.call_soon(self._storage.hurry)
        self._loop.create_task(client.aclose())

    # options and functions

    def _in_seconds(self, value: Any) -> Any:
        """A duration, or a function that returns one, in seconds; the same function for the same function."""
        if not callable(value):
            return _seconds(value)
        if value not in self._converted:
            self._converted[value] = lambda *args: _seconds(value(*args))
        # an options class looks at how many arguments a function takes: one that takes any number passes
        return self._converted[value]

    def query_options(self, key: Any, options: Record) -> QueryOptions[Any, Any]:
        given = {k: v for k, v in options.items() if k not in ("fn", "infinite", "revalidate_if_stale")}
        for name in _DURATIONS:
            if name in given:
                given[name] = self._in_seconds(given[name])
        if key is not None:
            given["query_key"] = key
        if options.get("fn") is not None:
            given["query_fn"] = options["fn"]
        mode = given.pop("optimistic", None)
        for name, function in _PAGE_FUNCTIONS.items():
            if name in given:
                given[function] = given.pop(name)
        # what the oracle fills in
        filled = {"initial_page_param": 0, "get_next_page_param": _no_page} if options.get("infinite") else {}
        # defaults may be of infinite queries without saying so
        is_infinite = filled or not given.keys().isdisjoint(_PAGE_OPTIONS)
        made: QueryOptions[Any, Any] = (InfiniteQueryOptions if is_infinite else QueryOptions)(**{**filled, **given})
        if mode is not None:
            made = replaced(made, {"_optimistic_results": mode}, complete=False)
        if options.get("revalidate_if_stale"):
            self._revalidating.append(made)
        return made

    def persister(self, spec: Record, filters: Record) -> QueryPersister[str]:
        return self._storage.persister(spec, self._filters(filters))

    def persister_fn(self, persister: QueryPersister[str]) -> Callable[..., Any]:
        return persister.persister_fn

    def mutation_options(self, options: Record) -> MutationOptions[Any, Any, Any]:
        given = {k: v for k, v in options.items() if k not in ("fn", "key")}
        for name in _DURATIONS:
            if name in given:
                given[name] = self._in_seconds(given[name])
        if "key" in options:
            given["mutation_key"] = options["key"]
        if options.get("fn") is not None:
            given["mutation_fn"] = options["fn"]
        return MutationOptions(**given)

    def wrap_query_fn(self, start: Callable[[Record, Any], Any], consume_signal: bool) -> Callable[[Any], Any]:
        return lambda context: start(_call_record(context), context.signal.add_listener if consume_signal else None)

    def wrap_stream_fn(self, open_: Callable[[Record, Any], Any], consume_signal: bool, how: Record) -> Any:
        return streamed_query(self.wrap_query_fn(open_, consume_signal), **how)

    def wrap_mutation_fn(self, start: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
        return lambda variables, _context: start(variables)

    def wrap_mutation_callback(self, name: str, callback: Callable[[Record, Any], Any]) -> Callable[..., Any]:
        names = _CALLBACK_ARGUMENTS[name]

        async def run(*args: Any) -> Any:
            arguments = dict(zip(names, args, strict=False))
            if arguments.get("context", UNSET) is None:  # on_mutate returned nothing
                arguments["context"] = UNSET
            result = await callback(arguments, args[-1].client)
            return None if result is UNSET else result

        return run

    # what vocabulary functions see

    def infinite_data(self, pages: list[Any], page_params: list[Any]) -> Any:
        return InfiniteData(pages, page_params)

    def query_data(self, query: Any) -> Any:
        return query.state.data

    def query_update_count(self, query: Any) -> int:
        return query.state.data_update_count

    def key_of(self, query_or_mutation: Any) -> Any:
        is_query = isinstance(query_or_mutation, Query)
        return plain_key(query_or_mutation.query_key if is_query else query_or_mutation.mutation_key)

    def error_name(self, error: BaseException | None) -> str | None:
        return None if error is None else _OWN_ERRORS.get(type(error), str(error))  # type: ignore[call-overload]

    # outcomes

    def watch(self, awaitable: Any, settled: Callable[[Any, BaseException | None], None]) -> None:
        assert isinstance(awaitable, Handle), f"{awaitable!r} is no handle"

        def look(handle: Handle[Any]) -> None:
            error = handle.exception()
            settled(handle.result() if error is None else None, error)

        awaitable.add_done_callback(look)

    # ops on a client

    def _filters(self, filters: Record) -> QueryFilters:
        return QueryFilters(**_by_key(filters))

    def fetch(self, client: QueryClient, kind: str, options: Any, infinite: bool) -> Any:
        fetch = getattr(client, (_INFINITE_FETCHES if infinite else _FETCHES)[kind])
        if kind == "ensure":
            return fetch(options, revalidate_if_stale=any(options is o for o in self._revalidating))
        return fetch(options)

    def get_data(self, client: QueryClient, key: Any) -> Any:
        return client.get_query_data(key, UNSET)

    def get_queries_data(self, client: QueryClient, filters: Record) -> Any:
        return [(plain_key(key), data) for key, data in client.get_queries_data(self._filters(filters))]

    def is_fetching(self, client: QueryClient, filters: Record) -> int:
        return client.is_fetching(self._filters(filters))

    def is_mutating(self, client: QueryClient, filters: Record) -> int:
        return client.is_mutating(MutationFilters(**filters))

    def set_data(self, client: QueryClient, key: Any, data: Any, updated_at: int | None = None) -> Any:
        return client.set_query_data(key, data, updated_at=_seconds(updated_at))

    def set_queries_data(self, client: QueryClient, filters: Record, data: Any) -> Any:
        return [(plain_key(key), stored) for key, stored in client.set_queries_data(self._filters(filters), data)]

    def invalidate(self, client: QueryClient, filters: Record, refetch_type: Any, flags: Record) -> Any:
        return client.invalidate_queries(self._filters(filters), refetch_type=refetch_type, **flags)

    def refetch_queries(self, client: QueryClient, filters: Record, flags: Record) -> Any:
        return client.refetch_queries(self._filters(filters), **flags)

    def reset(self, client: QueryClient, filters: Record, flags: Record) -> Any:
        return client.reset_queries(self._filters(filters), **flags)

    def cancel(self, client: QueryClient, filters: Record, flags: Record) -> Any:
        return client.cancel_queries(self._filters(filters), **flags)

    def remove(self, client: QueryClient, filters: Record) -> None:
        client.remove_queries(self._filters(filters))

    def clear(self, client: QueryClient) -> None:
        client.clear()

    def set_default_options(self, client: QueryClient, queries: Any, mutations: Any) -> None:
        client.set_default_options(DefaultOptions(queries=queries, mutations=mutations))

    def set_query_defaults(self, client: QueryClient, key: Any, options: Any) -> None:
        client.set_query_defaults(key, options)

    def set_mutation_defaults(self, client: QueryClient, key: Any, options: Any) -> None:
        client.set_mutation_defaults(key, options)

    def resume_mutations(self, client: QueryClient) -> Any:
        return client.resume_paused_mutations()

    def persist_query(self, persister: QueryPersister[str], key: Any, client: QueryClient) -> Any:
        return self._in_background(persister.persist_query_by_key(key, client))

    def restore_queries(self, persister: QueryPersister[str], client: QueryClient, filters: Record) -> Any:
        return self._in_background(persister.restore_queries(client, **_by_key(filters)))

    def remove_stored(self, persister: QueryPersister[str], filters: Record) -> Any:
        return self._in_background(persister.remove_queries(**_by_key(filters)))

    def persister_gc(self, persister: QueryPersister[str]) -> Any:
        return self._in_background(persister.persister_gc())

    def store(self, op: Record) -> None:
        self._storage.put(op)

    def stored(self) -> list[Record]:
        return self._storage.show()

    def _in_background(self, coroutine: Coroutine[Any, Any, None]) -> Handle[None]:
        task = self._loop.create_task(coroutine)
        # asyncio holds tasks weakly
        self._background.add(task)
        return FollowingHandle(task)

    def dehydrate(self, client: QueryClient, wanted: Record) -> tuple[Any, Record]:
        state = dehydrated(client, wanted)
        return state, dehydrated_record(state)

    def hydrate(self, client: QueryClient, state: Any, given: Record, as_json: bool) -> None:
        options = {"deserialize_data" if name == "deserialize" else name: value for name, value in given.items()}
        hydrate(client, written(state, self.error_name) if as_json else state, **options)

    def hydrate_theirs(self, client: QueryClient, payload: Any) -> None:
        hydrate(client, from_tanstack(payload))

    # observers

    def observer(self, client: QueryClient, kind: str, options: Any) -> Any:
        if kind == "query":
            return QueryObserver(client, options)
        if kind == "infinite":
            return InfiniteQueryObserver(client, options)
        if kind == "mutation":
            return MutationObserver(client, options)
        raise Unsupported(f"an observer of kind {kind}")

    def subscribe(self, observer: Any, listener: Callable[[Any], None]) -> Callable[[], None]:
        return observer.subscribe(listener)

    def set_options(self, observer: Any, options: Any) -> None:
        observer.set_options(options)

    def get_optimistic_result(self, observer: Any, options: Any) -> Any:
        return observer.get_optimistic_result(options)

    def fetch_optimistic(self, observer: Any, options: Any) -> Any:
        return observer.fetch_optimistic(options)

    def read_tracked(self, observer: Any, fields: list[str]) -> list[Any]:
        result = observer.track_result(observer.get_current_result())
        return [read_field(result, field) for field in fields]

    def queries_observer(self, client: QueryClient, options: list[Any], combine: Any) -> Any:
        return QueriesObserver(client, options, combine)

    def set_queries(self, observer: Any, options: list[Any], **combine: Any) -> None:
        observer.set_queries(options, **combine)

    def get_optimistic_queries(self, observer: Any, options: list[Any], combine: Any) -> tuple[Any, Any, Any]:
        return observer.get_optimistic_result(options, combine)

    def read_result(self, result: Any, field: str) -> Any:
        return read_field(result, field)

    def refetch(self, observer: Any, kind: str, flags: Record) -> Any:
        method = {"refetch": "refetch", "fetch_next": "fetch_next_page", "fetch_previous": "fetch_previous_page"}[kind]
        return getattr(observer, method)(**flags)

    def mutate(self, observer: Any, variables: Any, callbacks: Record) -> Any:
        return observer.mutate(variables, **callbacks)

    def mutation_reset(self, observer: Any) -> None:
        observer.reset()

    # snapshots

    def snapshot_queries(self, client: QueryClient) -> list[Record]:
        return [query_record(query) for query in client.get_query_cache().get_all()]

    def snapshot_mutations(self, client: QueryClient) -> list[Record]:
        return [mutation_record(mutation) for mutation in client.get_mutation_cache().get_all()]

    def current_result(self, observer: Any) -> Any:
        return observer.get_current_result()

    def result_record(self, result: Any, kind: str) -> Record:
        records = {"query": result_record, "infinite": infinite_result_record, "mutation": mutation_result_record}
        return records[kind](result)
