"""What random scenarios do with infinite queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .patterns import ListOf, OneOf, Pattern, Pick, Record
from .vocabulary import (
    BASE,
    FETCH_FLAGS,
    FETCH_OPS,
    FLAG,
    INTERVAL,
    OBSERVER,
    PAGE_FIELDS,
    QUERY_FN,
    RESULT_FIELDS,
    UNDEFINED,
    Weighted,
    fn,
)

KEYS = Pick(["inf"], ["inf", 1])
OBSERVERS = Pick("i1", "i2")


def pages(*numbers: int | None) -> dict[str, Any]:
    """The value of pages with these params."""
    return {"$pages": [{"n": number} for number in numbers], "params": list(numbers)}


PAGES = Pick(pages(0), pages(0, 1), pages(2, 3, 4), pages(None), pages(None, 1), pages())
UPDATE = Pick(fn("keep"), fn("nothing"), fn("drop_page", 0), fn("drop_page", -1), fn("inc_pages", "n"))
NEXT = Pick(
    *(fn("next_until", 3), fn("next_until", 0), fn("next_until", 9, 2), fn("next_of_all", 7)),
    *(fn("const", None), fn("const", UNDEFINED)),
)
PREVIOUS = Pick(fn("prev_until", -2), fn("prev_until", -9, 3), fn("const", None), fn("const", UNDEFINED))
MORE = {"prev_page": PREVIOUS, "max_pages": Pick(0, 1, 2, 3, None), "pages": Pick(0, 1, 2, 4, None)}
SELECT = Pick(
    *(fn("wrap", "w"), fn("get", "pages"), fn("const", {"n": 5}), fn("const", None), fn("const", UNDEFINED)),
    fn("throw_on_pages", 2),
)

RESTORING = Record({}, {"refetch_on_restore": Pick(True, False, "always")})


def infinite(has: Callable[[str], bool], retry: dict[str, Any], network: dict[str, Any]) -> tuple[Weighted, Weighted]:
    """The ops: what sets the stage, and what happens on it.

    Args:
        has: Whether the scenario has a feature.
        retry: Options of retries, if it has them.
        network: Options of the network mode, if it has them.
    """
    shown: dict[str, Any] = {"enabled": FLAG, "refetch_on_mount": Pick(True, False, "always")}
    if has("observer"):
        shown = {**OBSERVER, **(INTERVAL if has("interval") else {})}
    if has("optimistic"):
        shown["optimistic"] = Pick("optimistic", "restoring")
    maybe = {
        **MORE,
        **shown,
        "fn": QUERY_FN,
        "consume_signal": FLAG,
        "select": SELECT,
        "placeholder_data": OneOf(fn("keep_previous"), PAGES),
        "initial_data": OneOf(PAGES, Pick(UNDEFINED)),
        "structural_sharing": FLAG,
        "meta": Pick({"m": 1}, {"m": 2}),
        **BASE,
        **retry,
        **network,
    }

    def paged(op: dict[str, Any], also: dict[str, Any] | None = None, **more: Any) -> Pattern:
        fixed = {"infinite": True, "initial_page_param": Pick(0, 2, None), "next_page": NEXT, **more}
        optional = {name: pattern for name, pattern in maybe.items() if name not in more}
        return Record({**op, "key": KEYS, "options": Record(fixed, optional, p=0.2, at_most=5)}, also)

    observe = (3, paged({"op": "observe", "o": OBSERVERS}, {"subscribe": Pick(False)}))
    filters = Record({"key": KEYS}, {"exact": FLAG, "type": Pick("active", "inactive")})
    # who only reads: without a function, and without knowing that there are pages
    reading = {"key": KEYS, "options": Record({"fn": "none"}, {"select": SELECT, "enabled": FLAG, **BASE}, p=0.2)}
    ops: Weighted = [
        observe,
        (3, paged({"op": FETCH_OPS})),
        (1, paged({"op": "ensure"}, revalidate_if_stale=True)),
        (6, Record({"op": Pick("fetch_next", "fetch_previous", "refetch"), "o": OBSERVERS}, FETCH_FLAGS)),
        (1, Record({"op": Pick("unobserve", "subscribe", "unsubscribe"), "o": OBSERVERS})),
        (2, paged({"op": "set_options", "o": OBSERVERS})),
        (2, Record({"op": "set_data", "key": KEYS, "data": OneOf(PAGES, UPDATE)}, {"updated_at": Pick(999_000)})),
        (1, Record({"op": "set_queries_data", "filters": filters, "data": OneOf(PAGES, UPDATE)})),
        (1, Record({"op": Pick("invalidate", "refetch_queries", "reset"), "filters": filters}, FETCH_FLAGS)),
        (1, Record({"op": "cancel", "filters": filters}, {"revert": FLAG, "silent": FLAG})),
        (1, Record({"op": "get_data", "key": KEYS})),
        (1, Record({"op": "observe", "o": "r1", **reading})),
        (1, Record({"op": "set_options", "o": "r1", **reading})),
        (1, Record({"op": Pick("refetch", "unobserve"), "o": "r1"})),
    ]
    if has("optimistic"):
        ops.append((2, paged({"op": Pick("get_optimistic", "fetch_optimistic"), "o": OBSERVERS})))
    if has("tracked"):
        fields = ListOf(OneOf(RESULT_FIELDS, PAGE_FIELDS), 0, 3)
        ops.append((2, Record({"op": "track", "o": OBSERVERS, "fields": fields})))
    if has("persister"):
        stored = {"persister": RESTORING}
        ops += [(2, paged({"op": "observe", "o": OBSERVERS}, **stored)), (2, paged({"op": FETCH_OPS}, **stored))]
    if has("defaults"):
        defaults = Record({}, {**MORE, **BASE, **retry}, p=0.4)
        ops.append((2, Record({"op": "set_query_defaults", "key": KEYS, "options": defaults})))
    return [observe], ops
