"""The pools that random scenarios draw from: keys, data, options. Small, so that ops meet each other."""

from __future__ import annotations

from typing import Any

from .patterns import Int, Just, OneOf, Pick, Record


def fn(name: str, *args: Any) -> dict[str, Any]:
    """A function of the vocabulary."""
    return {"$fn": name, "args": list(args)} if args else {"$fn": name}


KEY = Pick(["a"], ["a", 1], ["a", 2], ["b"], ["b", {"x": 1, "y": 2}])
PREFIX = Pick([], ["a"], ["b"], ["b", {"x": 1}], ["z"])
STREAM_KEY, TALLY_KEY = Pick(["s"], ["s", 1]), Just(["t"])
OBSERVER_NAME = Pick("o1", "o2")
MUTATION_NAME = Pick("m1", "m2")
NESTED_1, NESTED_2 = {"n": 2, "deep": {"x": [1, 2]}}, {"n": 3, "deep": {"x": [1, 2]}}
DATA = Pick({"n": 1}, {"n": 2}, NESTED_1, NESTED_2, [1, 2, 3], "text", 0, False)
UPDATER = Pick(fn("inc", "n"), fn("keep"), fn("nothing"), fn("append", 7))
ERROR = Pick("boom", "bang")
MS = Pick(0, 1, 10, 49, 50, 51, 100, 999, 1000, 1001, 2500, 5000, 60_000, 300_000)
FLAG = Pick(False, True)
# many, since they tell mutations apart: callbacks of different mutations have no order within one tick
VARIABLES = OneOf((3, Int(1, 10_000)), Record({"v": Int(1, 10_000)}))

DEFAULT_QUERY_FN = Pick(
    "manual",
    {"delay": 50},
    {"delay": 50, "script": ["boom", "ok"]},
    {"delay": 10, "script": ["ok", "boom", "boom", "bang", "ok"]},
    {"delay": None},
    {"delay": None, "script": ["boom"]},
    {"delay": 1000, "value": NESTED_1},
)
QUERY_FN = OneOf((3, "manual"), DEFAULT_QUERY_FN)
MUTATION_FN = Pick(
    "manual",
    {"delay": 50},
    {"delay": 50, "script": ["boom", "ok"]},
    {"delay": 0},
    {"delay": 1000, "script": ["boom"]},
    {"delay": None},
    {"delay": None, "script": ["boom", "ok"]},
)

RETRY = {
    "retry": Pick(False, 0, 1, 2, True, fn("retry_while", 1), fn("retry_if", "boom")),
    "retry_delay": Pick(100, 0, 1000, fn("linear", 50), fn("exponential", 100, 400)),
}
NETWORK = {"network_mode": Pick("online", "always", "offline_first")}
BASE = {
    "stale_time": Pick(0, 1, 50, 1000, "inf", "static", fn("by_parity", 0, 1000)),
    "gc_time": Pick(0, 1, 100, 1000, 300_000, "inf"),
}
INITIAL = {
    "initial_data": Pick({"n": 0}, {"$undefined": True}, fn("const", {"n": 5})),
    "initial_data_updated_at": Pick(999_000, 0, 999_950),
}
INTERVAL = {
    "refetch_interval": Pick(False, 400, 1000, 0, fn("until_count", 3, 100)),
    "refetch_interval_in_background": FLAG,
}
OBSERVER = {
    "enabled": Pick(True, False, fn("no_data"), fn("by_parity", True, False)),
    "refetch_on_mount": Pick(True, False, "always"),
    "refetch_on_window_focus": Pick(True, False, "always"),
    "refetch_on_reconnect": Pick(True, False, "always"),
    "retry_on_mount": FLAG,
    "select": Pick(fn("get", "n"), fn("wrap", "w"), fn("throw_if", "n", 2)),
    "placeholder_data": Pick({"n": -1}, fn("keep_previous"), {"$undefined": True}),
    "notify_on_change_props": Pick(["data"], ["data", "error"], "all", []),
    "structural_sharing": FLAG,
    "meta": Pick({"m": 1}, {"m": 2}),
}
SPECIAL = {"fn": QUERY_FN, "consume_signal": FLAG}
#: rare in programs: null as data, functions that are missing or deliver nothing, options that are functions
UNDEFINED = {"$undefined": True}
CORNER_FN = OneOf(
    (3, DEFAULT_QUERY_FN),
    Pick("none", "skip", {"delay": None, "value": None}, {"delay": 50, "value": UNDEFINED}),
)
CORNER_OPTIONS = {
    "initial_data": Pick(None, {"n": 0}, UNDEFINED, fn("const", None), fn("const", UNDEFINED), 0),
    "initial_data_updated_at": Pick(0, 999_000, fn("const", 999_500)),
    "fn": CORNER_FN,
    "retry": Pick("inf", 0, 1),
    "retry_delay": Pick(0, 100),
    "stale_time": Pick("static", fn("by_parity", "static", 0), 50),
}
CORNER_OBSERVER = {
    "placeholder_data": Pick(None, 0, fn("const", {"n": 7}), fn("const", UNDEFINED)),
    "refetch_on_mount": Pick(fn("by_parity", "always", False), fn("by_parity", False, True)),
    "refetch_on_window_focus": Pick(fn("by_parity", "always", False)),
    "refetch_on_reconnect": Pick(fn("by_parity", False, "always")),
    "retry_on_mount": Pick(fn("by_parity", False, True), False),
    "select": Pick(fn("const", None), fn("const", UNDEFINED), fn("const", {"n": 1, "deep": [1]})),
    "throw_on_error": Pick(False, True, fn("const", False)),
    "notify_on_change_props": Pick(["error", "is_stale"], fn("const", ["data"]), fn("const", "all")),
}
RESULT_FIELDS = Pick(
    *("status", "fetch_status", "data", "data_updated_at", "error", "error_updated_at", "error_update_count"),
    *("failure_count", "failure_reason", "is_enabled", "is_error", "is_fetched", "is_fetched_after_mount"),
    *("is_fetching", "is_initial_loading", "is_loading", "is_loading_error", "is_paused", "is_pending"),
    *("is_placeholder_data", "is_refetch_error", "is_refetching", "is_stale", "is_success"),
)
PAGE_FIELDS = Pick(
    *("has_next_page", "has_previous_page", "is_fetching_next_page", "is_fetching_previous_page"),
    *("is_fetch_next_page_error", "is_fetch_previous_page_error"),
)
FETCH_FLAGS = {"cancel_refetch": FLAG, "throw_on_error": FLAG}
FETCH_OPS = Pick("fetch", "prefetch", "ensure", "query")

QUERY_FILTERS = Record(
    {},
    {
        "key": OneOf((3, PREFIX), (2, KEY)),
        "exact": FLAG,
        "type": Pick("all", "active", "inactive"),
        "stale": FLAG,
        "fetch_status": Pick("idle", "fetching", "paused"),
        "predicate": Pick(fn("has_data"), fn("key_contains", 1)),
    },
    p=0.2,
    at_most=2,
)

Weighted = list[Any]
"""Patterns of ops, each with its weight: ``[(4, pattern), ...]``."""
