"""One query as a per-query persister stores it."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from ..base.errors import HydrationError
from ..base.infinite_data import InfiniteData
from ..base.keys import partial_match_key
from ..base.query_key import AnyQueryKey, as_query_key
from ..base.types import UNSET, microseconds
from ..cache.query import Query
from .dehydrated_state import FORMAT_VERSION, DehydratedQueryState, checked
from .plain_state import (
    describe_error,
    key_of,
    pages_of,
    plain_data,
    plain_data_type,
    plain_key,
    plain_query_state,
    records_of,
)


class PersistedQuery(TypedDict):
    """What ``serialize`` is given and ``deserialize`` is to give back: plain dicts and lists.

    ``json.dumps`` writes it if key and data can be written as JSON. Instants are seconds since the epoch.
    """

    version: int
    buster: str
    query_hash: str
    query_key: Any
    state: DehydratedQueryState
    query_type: NotRequired[Literal["infinite"]]
    data_type: NotRequired[str | None]


def plain_query(query: Query[Any], buster: str) -> PersistedQuery:
    """What to store of a query.

    Args:
        query: The query.
        buster: The mark of what the program understands.
    """
    data_type = plain_data_type(query.state.data)
    plain: PersistedQuery = {
        "version": FORMAT_VERSION,
        "buster": buster,
        "query_hash": query.query_hash,
        "query_key": plain_key(query.query_key),
        "state": plain_query_state(query.state, plain_data(query.state.data), describe_error),
    }
    # pages that were written by hand, before anybody said how to fetch them, are pages too
    if query.query_type is not None or isinstance(query.state.data, InfiniteData):
        plain["query_type"] = "infinite"
    if data_type is not None:
        plain["data_type"] = data_type
    return plain


def read_plain_query(plain: object) -> PersistedQuery:
    """What ``plain_query`` made, with its key and pages as such.

    Args:
        plain: What was stored.

    Raises:
        HydrationError: It is not.
    """
    record = checked(plain, PersistedQuery)
    if record["version"] > FORMAT_VERSION:
        raise HydrationError(f"it has format {record['version']}, a later one than {FORMAT_VERSION}.", place="version")
    record["query_key"] = key_of(record["query_key"], "query_key")
    state = record["state"]
    if "data" in state:
        data = pages_of(state["data"], record.get("query_type"), "state.data")
        state["data"] = records_of(data, record.get("data_type"), "state.data")
    return record


def data_of(record: PersistedQuery) -> Any:
    """The data of a stored query, ``UNSET`` if it had none.

    Args:
        record: The stored query.
    """
    return record["state"].get("data", UNSET)


def is_meant(record: PersistedQuery, query_key: AnyQueryKey | None, *, exact: bool) -> bool:
    """Whether a stored query is one of those that a key means.

    Args:
        record: The stored query.
        query_key: The beginning of its key; None for any.
        exact: The key itself and no longer one.
    """
    if query_key is None:
        return True
    wanted, stored = as_query_key(query_key), as_query_key(record["query_key"])
    return stored.text == wanted.text if exact else partial_match_key(stored.parts, wanted.parts)


def is_outdated(record: PersistedQuery, *, buster: str, max_age: float, now: float) -> bool:
    """Whether a stored query is not to be used any more: too old, of another program, or without a date.

    Args:
        record: The stored query.
        buster: The mark of what the program understands.
        max_age: How old it may be, in seconds.
        now: The time, in seconds since the epoch.
    """
    written = record["state"]["data_updated_at"]
    return not written or record["buster"] != buster or microseconds(now - written) > max_age * 1_000_000
