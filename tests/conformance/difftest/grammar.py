"""The vocabulary of random scenarios: small pools, so that ops meet each other.

The oracle skips ops that do not apply. Hence ops are drawn independently of each other, and any sub-list of a scenario
is a scenario.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence
from typing import Any

from .grammar_infinite import infinite
from .grammar_persister import persister
from .grammar_streams import streams
from .patterns import Concat, Int, Just, ListOf, OneOf, Pattern, Pick, Record
from .vocabulary import (
    BASE,
    CORNER_OBSERVER,
    CORNER_OPTIONS,
    DATA,
    DEFAULT_QUERY_FN,
    ERROR,
    FETCH_FLAGS,
    FETCH_OPS,
    FLAG,
    INITIAL,
    INTERVAL,
    KEY,
    MS,
    MUTATION_FN,
    MUTATION_NAME,
    NETWORK,
    OBSERVER,
    OBSERVER_NAME,
    QUERY_FILTERS,
    RESULT_FIELDS,
    RETRY,
    SPECIAL,
    UNDEFINED,
    UPDATER,
    VARIABLES,
    Weighted,
    fn,
)

FEATURES = (
    *("core", "retry", "observer", "offline", "interval", "mutations", "defaults", "corners"),
    *("optimistic", "tracked", "streams", "persister", "infinite", "many", "hydrate"),
)
"""What a scenario may use; ``core`` is always in it. A bug in a corner needs a profile of its own."""


def _core(fetch_options: Pattern, observer_options: Pattern) -> tuple[Weighted, Weighted]:
    """The ops of every scenario: what sets the stage, and what happens on it."""
    observe = Record({"op": "observe", "o": OBSERVER_NAME, "key": KEY}, {"options": observer_options}, p=0.7)
    value = OneOf((3, DATA), UPDATER)
    date = {"updated_at": Pick(999_000, 1_000_000, 2_000_000)}
    some_queries = Record({"key": Pick(["a"], ["b"], ["a", 1])})
    refetch_type = Pick("active", "inactive", "all", "none")
    ops: Weighted = [
        (6, Record({"op": "advance", "ms": MS})),
        (8, Record({"op": "resolve", "pick": Int(0, 3)}, {"data": DATA}, p=0.5)),
        (3, Record({"op": "reject", "pick": Int(0, 3), "error": ERROR})),
        (4, Record({"op": FETCH_OPS, "key": KEY}, {"options": fetch_options}, p=0.7)),
        (4, observe),
        (3, Record({"op": Pick("unobserve", "unsubscribe", "subscribe"), "o": OBSERVER_NAME})),
        (4, Record({"op": "set_data", "key": KEY, "data": value}, date, p=0.1)),
        (1, Record({"op": "set_queries_data", "filters": some_queries, "data": OneOf(DATA, UPDATER)})),
        (4, Record({"op": "invalidate", "filters": QUERY_FILTERS}, {"refetch_type": refetch_type, **FETCH_FLAGS})),
        (2, Record({"op": Pick("refetch_queries", "reset"), "filters": QUERY_FILTERS}, FETCH_FLAGS)),
        (3, Record({"op": "cancel", "filters": QUERY_FILTERS}, {"revert": FLAG, "silent": FLAG})),
        (1, Record({"op": Pick("remove", "is_fetching", "get_queries_data"), "filters": QUERY_FILTERS})),
        (1, Record({"op": "clear"})),
        (2, Record({"op": "get_data", "key": KEY})),
        (3, Record({"op": "refetch", "o": OBSERVER_NAME}, FETCH_FLAGS)),
        (3, Record({"op": "set_options", "o": OBSERVER_NAME, "key": KEY, "options": observer_options})),
    ]
    return [(4, observe)], ops


def _offline() -> Weighted:
    return [(3, Record({"op": "online", "value": FLAG})), (3, Record({"op": "focus", "value": FLAG}))]


def _corners(fetch_options: Pattern, observer_options: Pattern) -> Weighted:
    empty = Pick(None, UNDEFINED, {"n": None})
    unsubscribed = {"op": "observe", "o": OBSERVER_NAME, "key": KEY, "subscribe": False}
    ensured = Record({"revalidate_if_stale": True}, {**BASE, **CORNER_OPTIONS})
    return [
        (3, Record({"op": "resolve", "pick": Int(0, 3), "data": empty})),
        (2, Record({"op": "set_data", "key": KEY, "data": empty})),
        (2, Record({"op": "ensure", "key": KEY, "options": ensured})),
        (2, Record(unsubscribed, {"options": observer_options}, p=0.7)),
        (1, Record({"op": "query", "key": KEY, "options": fetch_options})),
    ]


def _optimistic(observer_options: Pattern) -> Weighted:
    ahead = {"o": OBSERVER_NAME, "key": KEY}
    return [
        (3, Record({"op": "get_optimistic", **ahead}, {"options": observer_options}, p=0.7)),
        (3, Record({"op": "fetch_optimistic", **ahead}, {"options": observer_options}, p=0.7)),
    ]


def _tracked() -> Weighted:
    return [(4, Record({"op": "track", "o": OBSERVER_NAME, "fields": ListOf(RESULT_FIELDS, 0, 3)}))]


def _many(observer_options: Pattern) -> tuple[Weighted, Weighted]:
    queries = ListOf(Record({"key": KEY}, {"options": observer_options}), 0, 3)
    field = Pick("is_fetching", "is_success", "is_stale", "data", "status")
    combine = OneOf(
        Pick(fn("all_data"), fn("first_data"), fn("const", 0), fn("const", {"x": [1]})),
        Pick(*(fn(name, flag) for name in ("count", "by_place") for flag in ("is_fetching", "is_success", "is_stale"))),
    )
    group = {"o": "q1", "queries": queries}
    observe = (3, Record({"op": "observe_queries", **group}, {"combine": combine}, p=0.5))
    read = ListOf(Record({"place": Int(0, 2), "field": field}), 0, 2)
    ops: Weighted = [
        observe,
        (3, Record({"op": "set_queries", **group}, {"combine": OneOf((4, combine), Just(None))}, p=0.3)),
        (1, Record({"op": Pick("unobserve", "subscribe", "unsubscribe"), "o": "q1"})),
        (3, Record({"op": "get_optimistic_queries", **group}, {"combine": combine, "tracked": FLAG, "read": read})),
    ]
    return [observe], ops


def _mutations(network: dict[str, Any]) -> tuple[Weighted, Weighted]:
    action = OneOf(
        Record({"cancel": KEY}),
        Record({"snapshot": KEY}),
        Record({"invalidate": KEY}),
        Just({"rollback": True}),
        Pick({"set": [["a"], {"n": 9}]}, {"set": [["a"], fn("inc", "n")]}),
    )
    parts = {
        "do": ListOf(action, 0, 3),
        "delay": Pick(0, 50),
        "throws": Pick("cb"),
        "returns": Pick({"c": 1}, "ctx"),
    }
    callback = Record({}, parts, p=0.3)
    optimistic = Just({"do": [{"cancel": ["a"]}, {"snapshot": ["a"]}, {"set": [["a"], fn("inc", "n")]}]})
    rollback = Just({"do": [{"rollback": True}]})
    options = Record(
        {},
        {
            "key": Pick(["m"], ["m", 1], ["k"]),
            "fn": MUTATION_FN,
            "scope": Pick("s", "t"),
            "gc_time": Pick(0, 100, 300_000),
            "retry": Pick(0, 1, 2),
            "retry_delay": Pick(100, 0),
            "on_mutate": OneOf((2, optimistic), callback),
            "on_error": OneOf((2, rollback), callback),
            "on_success": callback,
            "on_settled": OneOf(callback, Just({"do": [{"invalidate": ["a"]}]})),
            **network,
        },
        p=0.3,
        at_most=6,
    )
    per_call = Record({}, {"on_success": callback, "on_error": callback, "on_settled": callback})
    filters = Record(
        {},
        {
            "mutation_key": Pick(["m"], ["m", 1], ["k"]),
            "exact": FLAG,
            "status": Pick("pending", "idle", "success", "error"),
        },
    )
    observe = Record({"op": "observe_mutation", "o": MUTATION_NAME, "options": options})
    leave = Pick("mutation_reset", "unobserve", "unsubscribe", "subscribe")
    ops: Weighted = [
        (2, observe),
        (7, Record({"op": "mutate", "o": MUTATION_NAME, "variables": VARIABLES}, {"callbacks": per_call})),
        (1, Record({"op": leave, "o": MUTATION_NAME})),
        (1, Record({"op": "mutation_set_options", "o": MUTATION_NAME, "options": options})),
        (1, Record({"op": "is_mutating", "filters": filters})),
        (1, Record({"op": "resume_mutations"})),
    ]
    return [(3, observe)], ops


def _hydrate(fetch_options: Pattern, retry: dict[str, Any], changes_data: bool) -> tuple[Weighted, Weighted]:
    client, name = Pick("main", "other"), OneOf((3, "d1"), "d2")
    mutations = Pick("all", "none", fn("has_data"), fn("key_contains", "m"))
    what = {"client": client, "mutations": mutations, "redact": Pick(False)}
    restored = {
        "queries": Record({}, {**BASE, **retry, "fn": DEFAULT_QUERY_FN}, p=0.4),
        "mutations": Record({}, {"retry": Pick(0, 1), "fn": MUTATION_FN, "gc_time": Pick(0, 300_000)}, p=0.5),
    }
    if changes_data:
        what["serialize"], restored["deserialize"] = fn("wrap", "s"), fn("wrap", "d")
    queries = OneOf((3, "all"), Pick(fn("has_data"), fn("key_contains", 1), fn("no_data")))
    some_keys = Pick(["a"], ["b"], ["a", 1])
    write = Record(
        {"op": "set_data", "key": some_keys, "data": DATA, "client": client},
        {"updated_at": Pick(1, 999_000, 1_000_000, 2_000_000)},
    )
    fetch = Record({"op": "fetch", "key": some_keys, "client": client}, {"options": fetch_options})
    ops: Weighted = [
        (8, Record({"op": "dehydrate", "into": name, "queries": queries}, what, p=0.3)),
        (2, Record({"op": "dehydrate", "into": name}, what, p=0.3)),
        (14, Record({"op": "hydrate", "from": name, "client": client}, {"json": Just(False), **restored}, p=0.35)),
        (2, fetch),
        (3, write),
        (2, Record({"op": "resume_mutations", "client": client})),
        (2, Record({"op": "observe", "o": "x1", "key": some_keys, "client": "other"}, {"options": fetch_options})),
    ]
    return [(3, write), (3, fetch)], ops


def _defaults() -> Weighted:
    options = Record({}, {**BASE, **RETRY, "fn": DEFAULT_QUERY_FN}, p=0.4)
    mutation_options = Record({}, {"retry": Pick(0, 1), "fn": MUTATION_FN, "scope": Pick("s")}, p=0.4)
    some_keys = Pick(["a"], ["b"], ["a", 1])
    return [
        (1, Record({"op": "set_query_defaults", "key": some_keys, "options": options})),
        (1, Record({"op": "set_mutation_defaults", "key": ["m"], "options": mutation_options})),
        (1, Record({"op": "set_default_options", "queries": Record({}, BASE, p=0.5)})),
    ]


def scenario_pattern(features: Sequence[str] = FEATURES, max_ops: int = 20) -> Pattern:
    """The grammar of scenarios that use the given features.

    Raises:
        ValueError: A feature does not exist.
    """
    unknown = sorted(set(features) - set(FEATURES))
    if unknown:
        raise ValueError(f"unknown features: {', '.join(unknown)}. There are {', '.join(FEATURES)}.")
    has = set(features).__contains__
    retry = RETRY if has("retry") else {}
    network = NETWORK if has("offline") else {}
    corner: dict[str, Pattern] = {**CORNER_OPTIONS} if has("corners") else {}
    fetch_options = Record({}, {**BASE, **SPECIAL, **INITIAL, **retry, **network, **corner}, p=0.25)
    observer: dict[str, Pattern] = (
        {**OBSERVER, **INITIAL, **(INTERVAL if has("interval") else {})} if has("observer") else {}
    )
    if has("corners"):
        observer = {**observer, **CORNER_OPTIONS, **CORNER_OBSERVER}
    if has("optimistic"):
        observer = {**observer, "optimistic": Pick("optimistic", "restoring")}
    observer_options = Record({}, {**BASE, **SPECIAL, **retry, **network, **observer}, p=0.2, at_most=5)

    setup, ops = _core(fetch_options, observer_options)
    staged = {
        "infinite": infinite(has, retry, network),
        "mutations": _mutations(network),
        "many": _many(observer_options),
        # query-core cannot stand pages that have become something else
        "hydrate": _hydrate(fetch_options, retry, changes_data=not has("infinite")),
        "persister": persister({**BASE, **retry, **network, **observer, "consume_signal": FLAG}),
        "streams": streams({**BASE, **retry, **network, **observer}),
    }
    for feature, more in staged.items():
        if has(feature):
            setup, ops = setup + more[0], ops + more[1]
    plain = {
        "offline": _offline(),
        "corners": _corners(fetch_options, observer_options),
        "optimistic": _optimistic(observer_options),
        "tracked": _tracked(),
        "defaults": _defaults(),
    }
    for feature, weighted in plain.items():
        if has(feature):
            ops = ops + weighted

    mount = {"mount": False} if has("corners") else {}
    queries = Record({}, {**BASE, **retry}, p=0.4)
    config = Record({}, {"queries": queries, "cache_callbacks": FLAG, **mount}, p=0.4)
    world = {"online": False, "focused": False, "server": True} if has("corners") else {}
    clients = Record({"main": config, "other": config} if has("hydrate") else {"main": config})
    body = Concat(ListOf(OneOf(*setup), 0, 4), ListOf(OneOf(*ops), 1, max_ops))
    return Record({"clients": clients, "ops": body}, world, p=0.1)


_pattern = functools.cache(scenario_pattern)


def random_scenarios(
    seed: int | str, count: int, features: Sequence[str] = FEATURES, max_ops: int = 20
) -> list[dict[str, Any]]:
    """*count* random scenarios, the same for the same arguments."""
    rng = random.Random(seed)
    pattern = _pattern(tuple(features), max_ops)
    return [pattern.sample(rng) for _ in range(count)]
