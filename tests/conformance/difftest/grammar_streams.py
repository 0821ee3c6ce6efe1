"""The vocabulary of streamed queries. They have keys of their own: a list grows only at the end of a list.

None of them answers within the tick in which it is opened: how many micro-tasks that takes is nobody's contract.
"""

from __future__ import annotations

from .patterns import Pattern, Pick, Record
from .vocabulary import (
    DATA,
    FETCH_OPS,
    FLAG,
    OBSERVER_NAME,
    STREAM_KEY,
    TALLY_KEY,
    Weighted,
    fn,
)


def streams(options: dict[str, Pattern]) -> tuple[Weighted, Weighted]:
    """The ops: what sets the stage, and what happens on it.

    Args:
        options: Other options of such queries.
    """
    how = {
        "fail_at": Pick([0], [0, None], [1, None], [None, 1], [None, 0, None], [2]),
        "refetch_mode": Pick("reset", "append", "replace"),
    }
    listed = Record(
        {"chunks": Pick(0, 1, 2, 3, ["a", None, [1]]), "delay": Pick(50, 50, 1000, 0)},
        {**how, "initial_value": Pick([], ["first"])},
    )
    tallied = Record(
        {
            "chunks": Pick(0, 2, ["a", None]),
            "delay": Pick(50, 0),
            "reducer": Pick(fn("tally"), fn("const", None), fn("nothing")),
            "initial_value": Pick({"n": 0}, None),
        },
        how,
    )
    weighted: Weighted = []
    # a list grows only at the end of a list
    for weight, key, stream, data in ((3, STREAM_KEY, listed, Pick([], [7], [8, 9])), (1, TALLY_KEY, tallied, DATA)):
        streaming = Record(
            {"fn": Record({"stream": stream})},
            {**options, "consume_signal": FLAG, "initial_data": data, "select": fn("wrap", "w")},
        )
        some_of_them = Record({"key": key}, {"exact": FLAG})
        weighted += [
            (weight, Record({"op": "observe", "o": OBSERVER_NAME, "key": key, "options": streaming})),
            (weight, Record({"op": FETCH_OPS, "key": key, "options": streaming})),
            (weight, Record({"op": "set_options", "o": OBSERVER_NAME, "key": key, "options": streaming})),
            (weight, Record({"op": Pick("cancel", "invalidate", "reset", "remove"), "filters": some_of_them})),
            (weight, Record({"op": "set_data", "key": key, "data": data})),
        ]
    return weighted[:1], weighted
