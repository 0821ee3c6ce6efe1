"""The vocabulary of queries that are stored one by one. Most meet at one key, so that there is something to restore."""

from __future__ import annotations

from .patterns import Just, OneOf, Pattern, Pick, Record
from .vocabulary import (
    DATA,
    FETCH_OPS,
    FLAG,
    KEY,
    OBSERVER_NAME,
    PREFIX,
    QUERY_FN,
    Weighted,
)


def persister(options: dict[str, Pattern]) -> tuple[Weighted, Weighted]:
    """The ops: what sets the stage, and what happens on it.

    Args:
        options: Other options of such queries.
    """
    of_any_kind = Record(
        {},
        {
            "max_age": Pick(100, 1000, 0, "inf"),
            "buster": "other",
            "refetch_on_restore": Pick(False, "always", True),
            "filters": Record({"key": PREFIX}),
            # no time that anything else takes: whether what ends at one instant was stored in time is nobody's contract
            "delay": Pick(7, 130),
        },
        p=0.2,
    )
    key = OneOf((3, ["a"]), KEY)
    given = Record({"persister": OneOf((2, Just({})), of_any_kind), "fn": QUERY_FN}, options, p=0.2)
    by_key = {"key": OneOf(PREFIX, KEY), "exact": FLAG}
    by_hand = {"persister": of_any_kind}
    observe = Record({"op": "observe", "o": OBSERVER_NAME, "key": key, "options": given})
    fetch = Record({"op": FETCH_OPS, "key": key, "options": given})
    store = Record(
        {"op": "store", "key": key}, {"data": DATA, "age": Pick(10, 49, 900, 50_000), "buster": "other"}, p=0.8
    )
    ops: Weighted = [
        (8, observe),
        (8, fetch),
        (4, Record({"op": "set_options", "o": OBSERVER_NAME, "key": key, "options": given})),
        (5, Record({"op": "remove", "filters": Record({}, {"key": key})})),
        (2, Record({"op": "persist_query", "key": key}, by_hand)),
        (3, Record({"op": "restore_queries"}, {**by_key, **by_hand})),
        (1, Record({"op": "remove_stored"}, {**by_key, **by_hand})),
        (1, Record({"op": "persister_gc"}, by_hand)),
        (6, store),
        (3, Record({"op": "stored"})),
    ]
    return [(6, store), (3, observe), (3, fetch)], ops
