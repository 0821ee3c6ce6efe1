"""Dehydrated states with queries as columns: what may be read as one, and how it is made of the usual form and back."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any, cast

from ..base.errors import HydrationError
from ..base.many_keys import are_said_by_texts, not_a_text
from ..base.query_key import parts_of_text
from ..base.types import UNSET
from .dehydrated_state import (
    COMPACT_VERSION,
    FORMAT_VERSION,
    CompactQueries,
    DehydratedQuery,
    DehydratedQueryState,
    DehydratedState,
)
from .plain_state import PLAIN_SUCCESS

_MEMBERS = {"query_key", "query_hash", "state", "dehydrated_at"}


def check_compact(compact: CompactQueries, others: int) -> None:
    """Refuse columns that do not belong together.

    Args:
        compact: The columns; each has the right type.
        others: How many queries are not among them.

    Raises:
        HydrationError: Columns differ in length, a text is not that of a key, there is no data, or a number is none of
            a query; the message names the place.
    """
    texts, data = compact["texts"], compact["data"]
    count = len(texts)
    columns: dict[str, Sequence[object]] = {"data": data, "data_updated_at": compact["data_updated_at"]}
    if "data_update_count" in compact:
        columns["data_update_count"] = compact["data_update_count"]
    for name, column in columns.items():
        if len(column) != count:
            raise _refuse(f"compact.{name}", f"it has {len(column)} members, but there are {count} texts of keys")
    marked, places = compact.get("is_invalidated", []), compact.get("places")
    if not _is_rising(marked, count):
        raise _refuse("compact.is_invalidated", f"these are no rising numbers below {count}, that of the queries")
    if places is not None and (len(places) != others or not _is_rising(places, count + others)):
        raise _refuse("compact.places", f"these are no rising numbers of the places of the {others} other queries")
    wrong = not_a_text(texts)
    if wrong is not None:
        raise _refuse(f"compact.texts[{wrong}]", "this is not the text of a key")
    # by identity: data may be anything, and say anything when it is compared
    missing = list(map(operator.is_, data, itertools.repeat(UNSET)))
    if True in missing:
        raise _refuse(f"compact.data[{missing.index(True)}]", "there is no data")


def _is_rising(numbers: list[int], count: int) -> bool:
    return all(map(operator.lt, numbers, [*numbers[1:], count]))


def _refuse(place: str, what: str) -> HydrationError:
    return HydrationError(f"what was given is no dehydrated state: {place}: {what}.", place=place)


def places_of(compact: CompactQueries, others: int) -> list[int]:
    """Where each of the other queries stands among all.

    Args:
        compact: The columns.
        others: How many others there are.
    """
    count = len(compact["texts"])
    return compact.get("places") or [*range(count, count + others)]


def in_order(compact: CompactQueries, rows: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """What was made of each query, in the order of all.

    Args:
        compact: The columns.
        rows: What was made of those in columns.
        others: What was made of the others.
    """
    merged = [*rows]
    for place, other in zip(places_of(compact, len(others)), others, strict=True):
        merged.insert(place, other)
    return merged


def full_queries(compact: CompactQueries) -> list[DehydratedQuery]:
    """Queries in columns as a dict each: the definition of what the columns say.

    Args:
        compact: The columns, checked.
    """
    texts = compact["texts"]
    counts, marked = compact.get("data_update_count") or [1] * len(texts), set(compact.get("is_invalidated", []))
    queries: list[DehydratedQuery] = []
    rows = zip(texts, compact["data"], compact["data_updated_at"], counts, strict=True)
    for number, (text, data, updated_at, count) in enumerate(rows):
        state = PLAIN_SUCCESS.copy()
        state.update(data=data, data_updated_at=updated_at, data_update_count=count, is_invalidated=number in marked)
        queries.append(
            {
                "query_key": parts_of_text(text),
                "query_hash": text,
                "state": cast("DehydratedQueryState", state),
                "dehydrated_at": compact["dehydrated_at"],
            }
        )
    return queries


def expanded(state: DehydratedState) -> DehydratedState:
    """A state with each query as a dict: the state itself if it is one.

    Args:
        state: What ``dehydrate`` returned.

    Raises:
        HydrationError: Its columns do not belong together.
    """
    compact = state.get("compact")
    if compact is None:
        return state
    others = state["queries"]
    check_compact(compact, len(others))
    queries = in_order(compact, full_queries(compact), others)
    return {"version": FORMAT_VERSION, "queries": queries, "mutations": state["mutations"]}


def compacted(state: DehydratedState) -> DehydratedState:
    """The same with queries as columns where that says all of them.

    Args:
        state: A state with each query as a dict.
    """
    rows: list[DehydratedQuery] = []
    others: list[DehydratedQuery] = []
    places: list[int] = []
    dehydrated_at = next((query["dehydrated_at"] for query in state["queries"] if "dehydrated_at" in query), 0.0)
    for place, query in enumerate(state["queries"]):
        if query.get("dehydrated_at") == dehydrated_at and _is_row(query):
            rows.append(query)
        else:
            others.append(query)
            places.append(place)
    compact = columns_of(
        [query.get("query_hash", "") for query in rows],
        [query["state"].get("data") for query in rows],
        [query["state"]["data_updated_at"] for query in rows],
        [query["state"]["data_update_count"] for query in rows],
        [number for number, query in enumerate(rows) if query["state"]["is_invalidated"]],
        places,
        dehydrated_at,
    )
    return {"version": COMPACT_VERSION, "queries": others, "mutations": state["mutations"], "compact": compact}


def _is_row(query: DehydratedQuery) -> bool:
    if query.keys() != _MEMBERS:
        return False
    state = query["state"]
    said = {"data_update_count", "data_updated_at", "is_invalidated", "data"}
    rest = {name: value for name, value in state.items() if name not in said}
    return (
        "data" in state
        and rest == {name: value for name, value in PLAIN_SUCCESS.items() if name not in said}
        and are_said_by_texts([query["query_key"]], [query.get("query_hash")])
    )


def columns_of(
    texts: list[str],
    data: list[Any],
    data_updated_at: list[float],
    data_update_count: list[int],
    is_invalidated: list[int],
    places: list[int],
    dehydrated_at: float,
) -> CompactQueries:
    """Columns without those that say nothing; see ``CompactQueries``.

    Args:
        texts: The texts of the keys.
        data: The data.
        data_updated_at: When that is from.
        data_update_count: How often it came in; or nothing, if once each.
        is_invalidated: Which are marked.
        places: Where the others stand.
        dehydrated_at: The present, in seconds since the epoch.
    """
    compact: CompactQueries = {
        "texts": texts,
        "data": data,
        "data_updated_at": data_updated_at,
        "dehydrated_at": dehydrated_at,
    }
    if data_update_count.count(1) != len(data_update_count):
        compact["data_update_count"] = data_update_count
    if is_invalidated:
        compact["is_invalidated"] = is_invalidated
    if places != [*range(len(texts), len(texts) + len(places))]:
        compact["places"] = places
    return compact
