"""The dehydrated form of a client: plain dicts and lists, ready for ``json.dumps``, and what may be read as one.

Instants are seconds since the epoch. What there is none of (data, a scope, meta) has no member; None is data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias, TypedDict, TypeVar, cast

import msgspec

from ..base.errors import HydrationError
from ..base.query_state import QueryState
from ..base.types import FetchDirection, FetchStatus, Meta, MutationStatus, QueryStatus

FORMAT_VERSION: Final = 1
COMPACT_VERSION: Final = 2
"""That of a state with ``compact`` queries, which who reads the first alone must not take for an empty one."""

# the bound keeps out NaN, infinity and what no calendar knows
Instant: TypeAlias = Annotated[float, msgspec.Meta(ge=-1e13, le=1e13)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]

T = TypeVar("T")


class DehydratedFetchMeta(TypedDict):
    """What a fetch was for: where an infinite query pages to."""

    direction: FetchDirection


class DehydratedQueryState(TypedDict):
    """The state of a query; see ``QueryState`` for its members. Errors are what ``serialize_error`` made of them."""

    data: NotRequired[Any]
    data_update_count: Count
    data_updated_at: Instant
    error: Any
    error_update_count: Count
    error_updated_at: Instant
    fetch_failure_count: Count
    fetch_failure_reason: Any
    fetch_meta: DehydratedFetchMeta | None
    is_invalidated: bool
    status: QueryStatus
    fetch_status: FetchStatus


class DehydratedQuery(TypedDict):
    """One query of a ``DehydratedState``.

    ``query_hash`` and ``dehydrated_at`` are always written. Whoever writes one by hand may leave them out: the hash
    then follows from the key, and the time is now. ``promise`` is a fetch under way. ``data_type`` names the record
    that the data, or each page of it, was before it was made plain: "api_response".
    """

    query_key: Any
    query_hash: NotRequired[str]
    state: DehydratedQueryState
    dehydrated_at: NotRequired[Instant]
    promise: NotRequired[Any]
    meta: NotRequired[Meta]
    query_type: NotRequired[Literal["infinite"]]
    data_type: NotRequired[str | None]


class DehydratedMutationState(TypedDict):
    """The state of a mutation; see ``MutationState`` for its members."""

    context: NotRequired[Any]
    data: NotRequired[Any]
    error: Any
    failure_count: Count
    failure_reason: Any
    is_paused: bool
    status: MutationStatus
    variables: NotRequired[Any]
    submitted_at: Instant


class DehydratedMutation(TypedDict):
    """One mutation of a ``DehydratedState``."""

    mutation_key: NotRequired[Any]
    state: DehydratedMutationState
    scope: NotRequired[str]
    meta: NotRequired[Meta]


class CompactQueries(TypedDict):
    """Queries with data of which nothing failed, as columns: the n-th of each list is of the n-th query.

    Attributes:
        texts: The texts of their keys, which say all of the keys and are their hashes.
        data: Their data.
        data_updated_at: When that is from.
        data_update_count: How often it came in; left out if once each.
        is_invalidated: The numbers of those that are marked, from 0 on and rising; left out if there are none.
        places: Where each of the other queries stands among all; left out if all of those are at the end.
        dehydrated_at: When they were written down.
    """

    texts: list[str]
    data: list[Any]
    data_updated_at: list[Instant]
    data_update_count: NotRequired[list[Count]]
    is_invalidated: NotRequired[list[Count]]
    places: NotRequired[list[Count]]
    dehydrated_at: Instant


class DehydratedState(TypedDict):
    """A client as ``dehydrate`` gives it and ``hydrate`` takes it.

    Plain dicts and lists: ``json.dumps`` writes it if the data in it can be written as JSON. With
    ``dehydrate(client, compact=True)`` most queries are in ``compact``, and ``queries`` holds the others.
    """

    version: int
    queries: list[DehydratedQuery]
    mutations: list[DehydratedMutation]
    compact: NotRequired[CompactQueries]


class _Payload(TypedDict):
    """A ``DehydratedState`` as it may be read: every part may be missing."""

    version: NotRequired[int | None]
    queries: NotRequired[list[DehydratedQuery] | None]
    mutations: NotRequired[list[DehydratedMutation] | None]
    compact: NotRequired[CompactQueries | None]


# Read into a record, a query takes a third of the time that a dict takes, and most have this very form.


class GoodState(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False, forbid_unknown_fields=True):
    """The state of a query with data, of which nothing is known to have failed; see ``DehydratedQueryState``."""

    data: Any
    data_update_count: Count
    data_updated_at: Instant
    error: None
    error_update_count: Count
    error_updated_at: Instant
    fetch_failure_count: Count
    fetch_failure_reason: None
    fetch_meta: None
    is_invalidated: bool
    status: Literal["success"]
    fetch_status: FetchStatus


class GoodQuery(msgspec.Struct, frozen=True, kw_only=True, eq=False, gc=False, forbid_unknown_fields=True):
    """A query as ``dehydrate`` writes most: in a good state, and neither with pages or records nor under way.

    Its key is yet to be looked at.
    """

    query_key: Any
    query_hash: str
    state: GoodState
    dehydrated_at: Instant
    meta: Meta | msgspec.UnsetType = msgspec.UNSET


def state_of(state: GoodState) -> QueryState[Any]:
    """The state of a query that nobody fetches, in another form.

    Args:
        state: The state.
    """
    return QueryState(
        data=state.data,
        data_update_count=state.data_update_count,
        data_updated_at=state.data_updated_at,
        error_update_count=state.error_update_count,
        error_updated_at=state.error_updated_at,
        fetch_failure_count=state.fetch_failure_count,
        is_invalidated=state.is_invalidated,
        status="success",
    )


class ReadState(msgspec.Struct, frozen=True, eq=False):
    """What a dehydrated state holds, checked but for keys, errors and data.

    Attributes:
        queries: Its queries as they were given; each has the form of a ``DehydratedQuery``.
        good: The same, None where it is not a good one.
        mutations: Its mutations.
        compact: Further queries as columns, of which only the types are checked.
        are_all_good: Whether none of its queries is known to be another one.
    """

    queries: list[Any]
    good: list[GoodQuery | None]
    mutations: list[DehydratedMutation]
    compact: CompactQueries | None = None
    are_all_good: bool = False


def read_payload(payload: object) -> ReadState:
    """The queries and mutations of a dehydrated state, checked but for keys, errors and data.

    Args:
        payload: What claims to be one; None is an empty one.

    Raises:
        HydrationError: It is none.
    """
    if payload is None:
        return ReadState([], [], [])
    if not isinstance(payload, Mapping):
        raise HydrationError(
            f"a {type(payload).__name__} cannot be hydrated. Pass what dehydrate() returned, such as json.loads(text)."
        )
    state = cast("Mapping[str, object]", payload)
    version = state.get("version")
    latest = FORMAT_VERSION if state.get("compact") is None else COMPACT_VERSION
    if isinstance(version, int) and version > latest:
        raise HydrationError(
            f"the dehydrated state has format {version}, but this version of the package reads up to "
            f"{latest}. Update it, or throw the stored state away.",
            place="version",
        )
    queries = state.get("queries")
    good = _all_good_queries(queries)
    if good is not None:
        # so there is nothing left to be checked of them
        read = checked({**state, "queries": None}, _Payload)
        return ReadState(
            cast("list[Any]", queries), good, read.get("mutations") or [], read.get("compact"), are_all_good=True
        )
    read = checked(state, _Payload)
    plain = read.get("queries") or []
    return ReadState(
        cast("list[Any]", plain),
        [_good_query(query) for query in plain],
        read.get("mutations") or [],
        read.get("compact"),
    )


def _all_good_queries(queries: object) -> list[GoodQuery | None] | None:
    if type(queries) is not list:
        return None
    try:
        return cast("list[GoodQuery | None]", msgspec.convert(queries, list[GoodQuery]))
    except msgspec.ValidationError:
        return None


def _good_query(query: object) -> GoodQuery | None:
    try:
        return msgspec.convert(query, GoodQuery)
    except msgspec.ValidationError:
        return None


def checked(payload: object, form: type[T]) -> T:
    """*payload* if it has the form of *form*.

    Args:
        payload: Anything; mappings are taken for typed dicts.
        form: What to read it as.

    Raises:
        HydrationError: It has not; the message names the place.
    """
    try:
        return msgspec.convert(payload, form)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        place = path.rstrip("`").lstrip(".")
        what = what[0].lower() + what[1:]
        message = f"{place}: {what}" if place else what
        if re.search(r"`query_key`|`data_update_count`|`failure_count`", what):
            message += ". A state of TanStack Query goes through from_tanstack() first"
        raise HydrationError(f"what was given is no dehydrated state: {message}.", place=place) from None
