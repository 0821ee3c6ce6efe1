"""The ops: (run, op) -> what the step shows of them. oracle/ops.mjs holds the twins.

An op that refers to something that does not exist is skipped and says so, hence any subset of a scenario is a scenario.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .driver_protocol import Unsupported

if TYPE_CHECKING:
    from .harness import Run

Op = dict[str, Any]
Outcome = dict[str, Any]

_ANY_KIND = ("query", "infinite", "queries", "mutation")
_QUERY_KIND = ("query", "infinite")


def perform(run: Run, op: Op) -> Outcome:
    """Do what *op* says.

    Raises:
        Unsupported: The driver cannot.
    """
    name = op["op"]
    if name in _PLAIN:
        return _PLAIN[name](run, op) or {}
    if name in _ON_OBSERVER:
        kinds, on_observer = _ON_OBSERVER[name]
        observed = run.observers.get(op["o"])
        if observed is None or observed["kind"] not in kinds:
            return _skip("no such observer")
        return on_observer(run, op, observed) or {}
    if name in _ON_CLIENT:
        client = run.clients.get(op.get("client", "main"))
        return _skip("no such client") if client is None else _ON_CLIENT[name](run, op, client) or {}
    raise Unsupported(name)


def _skip(reason: str) -> Outcome:
    return {"skipped": reason}


def _flags(op: Op, *names: str) -> dict[str, Any]:
    return {name: op[name] for name in names or ("cancel_refetch", "throw_on_error") if name in op}


def _nothing(_: Any) -> None:
    """What a trace shows of a result that is only about time."""


# time, environment and network


def _resolve(run: Run, op: Op) -> Outcome:
    call = run.network.pick(op)
    if call is None:
        return _skip("no pending call")
    call.resolve(copy.deepcopy(run.functions.value(op["data"])) if "data" in op else call.default_data())
    return {"value": call.id}


def _reject(run: Run, op: Op) -> Outcome:
    call = run.network.pick(op)
    if call is None:
        return _skip("no pending call")
    call.reject(op.get("error", "boom"))
    return {"value": call.id}


# a client


def _fetch(run: Run, op: Op, client: Any) -> None:
    infinite = bool(op.get("options", {}).get("infinite"))
    options = run.query_options(op.get("options"), op["key"])
    handle = run.driver.fetch(client, op["op"], options, infinite)
    if op["op"] == "prefetch":
        run.track(handle, _nothing)
    else:
        run.track(handle)


def _refetching(method: str) -> Callable[[Run, Op, Any], None]:
    def refetch(run: Run, op: Op, client: Any) -> None:
        run.track(getattr(run.driver, method)(client, run.filters(op.get("filters")), _flags(op)), _nothing)

    return refetch


def _invalidate(run: Run, op: Op, client: Any) -> None:
    filters = run.filters(op.get("filters"))
    run.track(run.driver.invalidate(client, filters, op.get("refetch_type"), _flags(op)), _nothing)


def _cancel(run: Run, op: Op, client: Any) -> None:
    flags = _flags(op, "revert", "silent")
    run.track(run.driver.cancel(client, run.filters(op.get("filters")), flags), _nothing)


def _reading(method: str) -> Callable[[Run, Op, Any], Outcome]:
    return lambda run, op, client: {"value": getattr(run.driver, method)(client, run.filters(op.get("filters")))}


def _set_data(run: Run, op: Op, client: Any) -> Outcome:
    return {"value": run.driver.set_data(client, op["key"], run.convert(op["data"]), op.get("updated_at"))}


def _set_queries_data(run: Run, op: Op, client: Any) -> Outcome:
    return {"value": run.driver.set_queries_data(client, run.filters(op.get("filters")), run.convert(op["data"]))}


def _set_default_options(run: Run, op: Op, client: Any) -> None:
    queries, mutations = run.query_options(op.get("queries")), run.mutation_options(op.get("mutations"))
    run.driver.set_default_options(client, queries, mutations)


def _resume_mutations(run: Run, op: Op, client: Any) -> None:
    run.track(run.driver.resume_mutations(client), _nothing)


def _persist_query(run: Run, op: Op, client: Any) -> None:
    run.track(run.driver.persist_query(run.persister(op.get("persister", {})), op["key"], client), _nothing)


def _restore_queries(run: Run, op: Op, client: Any) -> None:
    persister = run.persister(op.get("persister", {}))
    run.track(run.driver.restore_queries(persister, client, _stored_filters(op)), _nothing)


def _remove_stored(run: Run, op: Op) -> None:
    run.track(run.driver.remove_stored(run.persister(op.get("persister", {})), _stored_filters(op)), _nothing)


def _persister_gc(run: Run, op: Op) -> None:
    run.track(run.driver.persister_gc(run.persister(op.get("persister", {}))), _nothing)


def _stored_filters(op: Op) -> dict[str, Any]:
    return {name: op[name] for name in ("key", "exact") if name in op}


def _dehydrate(run: Run, op: Op, client: Any) -> Outcome:
    wanted = {name: run.convert(op[name]) for name in ("queries", "mutations", "serialize", "redact") if name in op}
    state, shown = run.driver.dehydrate(client, wanted)
    run.dehydrated[op["into"]] = state
    return {"value": shown}


def _hydrate(run: Run, op: Op, client: Any) -> Outcome | None:
    if "payload" in op:
        return run.driver.hydrate_theirs(client, op["payload"])
    if op["from"] not in run.dehydrated:
        return _skip("nothing dehydrated")
    given = {"deserialize": run.convert(op["deserialize"])} if "deserialize" in op else {}
    if "queries" in op:
        given["queries"] = run.query_options(op["queries"])
    if "mutations" in op:
        given["mutations"] = run.mutation_options(op["mutations"])
    run.driver.hydrate(client, run.dehydrated[op["from"]], given, op.get("json", True))
    return None


# observers


def _observing(run: Run, op: Op, client: Any) -> Outcome | None:
    if op["o"] in run.observers:
        return _skip("observer exists")
    if op["op"] == "observe":
        kind = "infinite" if op.get("options", {}).get("infinite") else "query"
        options = run.query_options(op.get("options"), op["key"])
    elif op["op"] == "observe_mutation":
        kind, options = "mutation", run.mutation_options(op.get("options"), op["o"])
    else:
        return _observe(
            run, op, "queries", run.driver.queries_observer(client, _query_list(run, op), _combine(run, op))
        )
    return _observe(run, op, kind, run.driver.observer(client, kind, options))


def _observe(run: Run, op: Op, kind: str, observer: Any) -> None:
    observed = {"kind": kind, "observer": observer}
    run.observers[op["o"]] = observed
    if op.get("subscribe", True):
        run.subscribe(op["o"], observed)


def _query_list(run: Run, op: Op) -> list[Any]:
    return [run.query_options(query.get("options"), query["key"]) for query in op["queries"]]


def _combine(run: Run, op: Op) -> Any:
    return None if op.get("combine") is None else run.convert(op["combine"])


def _set_queries(run: Run, op: Op, observed: dict[str, Any]) -> None:
    given = {"combine": _combine(run, op)} if "combine" in op else {}
    run.driver.set_queries(observed["observer"], _query_list(run, op), **given)


def _queries_ahead(run: Run, op: Op, observed: dict[str, Any]) -> Outcome:
    driver = run.driver
    results, get_combined, track = driver.get_optimistic_queries(
        observed["observer"], _query_list(run, op), _combine(run, op)
    )
    tracked = track()
    read = [
        driver.read_result(tracked[part["place"]], part["field"]) if part["place"] < len(tracked) else driver.undefined
        for part in op.get("read", [])
    ]
    combined = driver.undefined
    if "combine" in op:
        combined = get_combined(tracked) if op.get("tracked") else get_combined()
    shown = [driver.result_record(result, "query") for result in results]
    return {"value": {"results": shown, "read": read, "combined": combined, "told": observed.pop("told", 0)}}


def _subscribe(run: Run, op: Op, observed: dict[str, Any]) -> Outcome | None:
    if observed.get("unsubscribe"):
        return _skip("already subscribed")
    run.subscribe(op["o"], observed)
    return None


def _unsubscribe(run: Run, op: Op, observed: dict[str, Any]) -> Outcome | None:
    if not observed.get("unsubscribe"):
        return _skip("not subscribed")
    observed.pop("unsubscribe")()
    return None


def _unobserve(run: Run, op: Op, observed: dict[str, Any]) -> None:
    if observed.get("unsubscribe"):
        observed["unsubscribe"]()
    del run.observers[op["o"]]


def _set_options(run: Run, op: Op, observed: dict[str, Any]) -> Outcome | None:
    if (observed["kind"] == "infinite") != (op.get("options", {}).get("infinite") is True):
        return _skip("kind differs")
    run.driver.set_options(observed["observer"], run.query_options(op.get("options"), op["key"]))
    return None


def _ahead(run: Run, op: Op, observed: dict[str, Any]) -> Outcome | None:
    if (observed["kind"] == "infinite") != (op.get("options", {}).get("infinite") is True):
        return _skip("kind differs")
    options = run.query_options(op.get("options"), op["key"])
    if op["op"] == "fetch_optimistic":
        run.track(run.driver.fetch_optimistic(observed["observer"], options), run.brief)
        return None
    result = run.driver.get_optimistic_result(observed["observer"], options)
    return {"value": run.driver.result_record(result, observed["kind"])}


def _track(run: Run, op: Op, observed: dict[str, Any]) -> Outcome:
    read = run.driver.read_tracked(observed["observer"], op["fields"])
    return {"value": {"read": read, "told": observed.pop("told", 0)}}


def _observer_refetch(run: Run, op: Op, observed: dict[str, Any]) -> None:
    run.track(run.driver.refetch(observed["observer"], op["op"], _flags(op)), run.brief)


def _mutate(run: Run, op: Op, observed: dict[str, Any]) -> None:
    callbacks = {
        name: run.mutation_callback(f"{op['o']}.mutate.{name}", name, spec)
        for name, spec in op.get("callbacks", {}).items()
    }
    run.track(run.driver.mutate(observed["observer"], op["variables"], callbacks))


def _mutation_set_options(run: Run, op: Op, observed: dict[str, Any]) -> None:
    run.driver.set_options(observed["observer"], run.mutation_options(op.get("options"), op["o"]))


_PLAIN: dict[str, Callable[[Run, Op], Outcome | None]] = {
    "settle": lambda run, op: None,
    "online": lambda run, op: run.driver.set_online(op["value"]),
    "focus": lambda run, op: run.driver.set_focused(op["value"]),
    "resolve": _resolve,
    "reject": _reject,
    "remove_stored": _remove_stored,
    "persister_gc": _persister_gc,
    "store": lambda run, op: run.driver.store(op),
    "stored": lambda run, op: {"value": run.driver.stored()},
}

_ON_CLIENT: dict[str, Callable[[Run, Op, Any], Outcome | None]] = {
    **dict.fromkeys(("fetch", "prefetch", "ensure", "query"), _fetch),
    "get_data": lambda run, op, client: {"value": run.driver.get_data(client, op["key"])},
    **{name: _reading(name) for name in ("get_queries_data", "is_fetching", "is_mutating")},
    "set_data": _set_data,
    "set_queries_data": _set_queries_data,
    "invalidate": _invalidate,
    **{name: _refetching(name) for name in ("refetch_queries", "reset")},
    "cancel": _cancel,
    "remove": lambda run, op, client: run.driver.remove(client, run.filters(op.get("filters"))),
    "clear": lambda run, op, client: run.driver.clear(client),
    "set_default_options": _set_default_options,
    "set_query_defaults": lambda run, op, client: run.driver.set_query_defaults(
        client, op["key"], run.query_options(op.get("options"))
    ),
    "set_mutation_defaults": lambda run, op, client: run.driver.set_mutation_defaults(
        client, op["key"], run.mutation_options(op.get("options"))
    ),
    **dict.fromkeys(("observe", "observe_mutation", "observe_queries"), _observing),
    "resume_mutations": _resume_mutations,
    "persist_query": _persist_query,
    "restore_queries": _restore_queries,
    "dehydrate": _dehydrate,
    "hydrate": _hydrate,
}

_ON_OBSERVER: dict[str, tuple[tuple[str, ...], Callable[[Run, Op, dict[str, Any]], Outcome | None]]] = {
    "subscribe": (_ANY_KIND, _subscribe),
    "unsubscribe": (_ANY_KIND, _unsubscribe),
    "unobserve": (_ANY_KIND, _unobserve),
    "set_options": (_QUERY_KIND, _set_options),
    "get_optimistic": (_QUERY_KIND, _ahead),
    "fetch_optimistic": (_QUERY_KIND, _ahead),
    "track": (_QUERY_KIND, _track),
    "refetch": (_QUERY_KIND, _observer_refetch),
    "fetch_next": (("infinite",), _observer_refetch),
    "fetch_previous": (("infinite",), _observer_refetch),
    "set_queries": (("queries",), _set_queries),
    "get_optimistic_queries": (("queries",), _queries_ahead),
    "mutate": (("mutation",), _mutate),
    "mutation_set_options": (("mutation",), _mutation_set_options),
    "mutation_reset": (("mutation",), lambda run, op, o: run.driver.mutation_reset(o["observer"])),
}
