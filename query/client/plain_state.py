"""The parts of a dehydrated state one by one: keys, errors, pages and states, made plain and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, cast

from ..base.errors import DehydratedError, HydrationError, QueryKeyError
from ..base.infinite_data import InfiniteData
from ..base.mutation_state import MutationState
from ..base.plain_types import each_page, plain_type_named, plain_type_of
from ..base.query_key import QueryKey, as_query_key, json_parts, parts_at_hand
from ..base.query_state import FetchMeta, QueryState
from ..base.shared_names import sharing_names
from ..base.types import UNSET, Unset
from .dehydrated_state import DehydratedMutationState, DehydratedQuery, DehydratedQueryState


def key_of(parts: object, place: str) -> QueryKey[Any]:
    """The key that was written as *parts*.

    Args:
        parts: A list, a tuple or a ``QueryKey``.
        place: Where it stands.

    Raises:
        HydrationError: It is no key.
    """
    try:
        return as_query_key(cast("list[Any]", parts))
    except QueryKeyError as error:
        raise HydrationError(f"what was given is no dehydrated state: {place}: {error}", place=place) from None


def plain_key(key: QueryKey[Any]) -> list[Any]:
    """The parts of a key as lists and dicts. Parts that JSON has no word for, such as a UUID, stay what they are.

    Args:
        key: The key.
    """
    plain = json_parts(key)
    return [_plain_part(part) for part in parts_at_hand(key)] if plain is None else plain


def _plain_part(part: object) -> Any:
    kind = type(part)
    if kind is tuple or kind is list:
        return [_plain_part(member) for member in cast("Iterable[object]", part)]
    if kind is dict:
        return {name: _plain_part(member) for name, member in cast("Mapping[str, object]", part).items()}
    return part


def describe_error(error: Exception) -> dict[str, str]:
    """What is kept of an error by default.

    Args:
        error: The error.

    Returns:
        Such as ``{"type": "TimeoutError", "message": "no answer"}``.
    """
    name = error.type if isinstance(error, DehydratedError) else type(error).__name__
    return {"type": name, "message": str(error)}


def error_of(described: Any, read: Callable[[Any], Exception] | None, place: str) -> Exception | None:
    """The error that was written as *described*.

    Args:
        described: What ``serialize_error`` made of it, or None for no error.
        read: Undoes ``serialize_error``, if it was not the default.
        place: Where it stands.

    Raises:
        HydrationError: It is no error, and cannot be made one.
    """
    if described is None or isinstance(described, Exception):
        return described
    if read is not None:
        error: object = read(described)
        if not isinstance(error, Exception):
            raise HydrationError(
                f"deserialize_error made a {type(error).__name__} of {place}; it must return an exception.", place=place
            )
        return error
    if isinstance(described, dict):
        kind, message = (cast("dict[str, object]", described).get(name) for name in ("type", "message"))
        if isinstance(kind, str) and isinstance(message, str):
            return DehydratedError(kind, message)
    raise HydrationError(
        f'what was given is no dehydrated state: {place} is no {{"type": ..., "message": ...}}. '
        "Pass deserialize_error= if it was written by a serialize_error= of your own.",
        place=place,
    )


def plain_pages(data: Any) -> Any:
    """*data*, the pages of an infinite query as a dict.

    Args:
        data: Any data.
    """
    if not isinstance(data, InfiniteData):
        return data
    infinite = cast("InfiniteData[object, object]", data)
    return {"pages": infinite.pages, "page_params": infinite.page_params}


def plain_data_type(data: Any) -> str | None:
    """The name of the record that data is, or that each of its pages is; None if it is none.

    Args:
        data: Any data.
    """
    kind = plain_type_of(data)
    return None if kind is None else kind.name


def plain_data(data: Any) -> Any:
    """*data*, with the records of this package as dicts.

    Args:
        data: Any data, or ``UNSET``.
    """
    kind = plain_type_of(data)
    return plain_pages(data if kind is None else each_page(data, kind.write))


def records_of(data: Any, data_type: str | None, place: str) -> Any:
    """*data*, with the records that were made plain as such.

    Args:
        data: The data of a query, its pages as such.
        data_type: What ``plain_data_type`` said of it.
        place: Where it stands.

    Raises:
        HydrationError: The record is not known, or this is none.
    """
    if data_type is None:
        return data
    kind = plain_type_named(data_type)
    if kind is None:
        raise HydrationError(
            f"the data at {place} was a record {data_type!r}, of which nothing is known here. Import the module that "
            "brings it before the state is read; for an ApiResponse that is query.api.",
            place=place,
        )
    try:
        return each_page(data, kind.read)
    except ValueError as error:
        raise HydrationError(f"what was given is no dehydrated state: {place}: {error}", place=place) from None


def pages_of(data: Any, query_type: Literal["infinite"] | None, place: str) -> Any:
    """*data*, the pages of an infinite query as such.

    Args:
        data: The data of a query, in plain form or not.
        query_type: What kind of query it is.
        place: Where it stands.

    Raises:
        HydrationError: There are pages of which nobody knows what they were asked for with.
    """
    if query_type is None or not isinstance(data, dict):
        return data
    members = cast("dict[str, object]", data)
    pages, page_params = members.get("pages"), members.get("page_params")
    if not isinstance(pages, list) or not isinstance(page_params, list):
        return members
    try:
        return InfiniteData(cast("list[object]", pages), cast("list[object]", page_params))
    except ValueError as error:
        raise HydrationError(f"what was given is no dehydrated state: {place}: {error}", place=place) from None


_SUCCESS: Final[DehydratedQueryState] = {
    "data_update_count": 1,
    "data_updated_at": 0.0,
    "error": None,
    "error_update_count": 0,
    "error_updated_at": 0.0,
    "fetch_failure_count": 0,
    "fetch_failure_reason": None,
    "fetch_meta": None,
    "is_invalidated": False,
    "status": "success",
    "fetch_status": "idle",
    "data": None,
}
PLAIN_SUCCESS: Final = sharing_names(_SUCCESS)
"""The plain form of a state with data of which nothing failed: to be copied, and given its data and date."""

_QUERY: Final[DehydratedQuery] = {"query_key": None, "query_hash": "", "state": _SUCCESS, "dehydrated_at": 0.0}
PLAIN_QUERY: Final = sharing_names(_QUERY)
"""The plain form of a query that has no more to say: to be copied, and given all of this."""


def is_good(state: QueryState[Any]) -> bool:
    """Whether ``PLAIN_SUCCESS`` says of a state all that there is to say, but for data, marks and what is under way.

    Args:
        state: The state.
    """
    return (
        state.status == "success"
        and state.error is None
        and state.fetch_failure_reason is None
        and state.fetch_meta is None
        and not state.error_update_count
        and not state.error_updated_at
        and not state.fetch_failure_count
    )


def plain_query_state(
    state: QueryState[Any], data: Any | Unset, serialize_error: Callable[[Exception], Any]
) -> DehydratedQueryState:
    """The plain form of a query's state.

    Args:
        state: The state.
        data: Its data in plain form; ``UNSET`` if there is none.
        serialize_error: Makes something plain of an error.
    """
    plain: DehydratedQueryState = {
        "data_update_count": state.data_update_count,
        "data_updated_at": state.data_updated_at,
        "error": _described(state.error, serialize_error),
        "error_update_count": state.error_update_count,
        "error_updated_at": state.error_updated_at,
        "fetch_failure_count": state.fetch_failure_count,
        "fetch_failure_reason": _described(state.fetch_failure_reason, serialize_error),
        "fetch_meta": None if state.fetch_meta is None else {"direction": state.fetch_meta.direction},
        "is_invalidated": state.is_invalidated,
        "status": state.status,
        "fetch_status": state.fetch_status,
    }
    if data is not UNSET:
        plain["data"] = data
    return plain


def query_state_of(
    plain: DehydratedQueryState, data: Any | Unset, read_error: Callable[[Any], Exception] | None, place: str
) -> QueryState[Any]:
    """The state that was written as *plain*.

    Args:
        plain: The plain form.
        data: The data, read, or ``UNSET``.
        read_error: Undoes ``serialize_error``.
        place: Where it stands.

    Raises:
        HydrationError: An error in it is none, or it has no data and says "success".
    """
    if plain["status"] == "success" and data is UNSET:
        raise HydrationError(
            f'what was given is no dehydrated state: {place}.status is "success", but there is no data.', place=place
        )
    meta = plain["fetch_meta"]
    return QueryState(
        data=data,
        data_update_count=plain["data_update_count"],
        data_updated_at=plain["data_updated_at"],
        error=error_of(plain["error"], read_error, f"{place}.error"),
        error_update_count=plain["error_update_count"],
        error_updated_at=plain["error_updated_at"],
        fetch_failure_count=plain["fetch_failure_count"],
        fetch_failure_reason=error_of(plain["fetch_failure_reason"], read_error, f"{place}.fetch_failure_reason"),
        fetch_meta=None if meta is None else FetchMeta(meta["direction"]),
        is_invalidated=plain["is_invalidated"],
        status=plain["status"],
        fetch_status=plain["fetch_status"],
    )


def plain_mutation_state(
    state: MutationState[Any, Any, Any], serialize_error: Callable[[Exception], Any]
) -> DehydratedMutationState:
    """The plain form of a mutation's state.

    Args:
        state: The state.
        serialize_error: Makes something plain of an error.
    """
    plain: DehydratedMutationState = {
        "error": _described(state.error, serialize_error),
        "failure_count": state.failure_count,
        "failure_reason": _described(state.failure_reason, serialize_error),
        "is_paused": state.is_paused,
        "status": state.status,
        "submitted_at": state.submitted_at,
    }
    if state.context is not UNSET:
        plain["context"] = state.context
    if state.data is not UNSET:
        plain["data"] = state.data
    if state.variables is not UNSET:
        plain["variables"] = state.variables
    return plain


def mutation_state_of(
    plain: DehydratedMutationState, read_error: Callable[[Any], Exception] | None, place: str
) -> MutationState[Any, Any, Any]:
    """The state that was written as *plain*.

    Args:
        plain: The plain form.
        read_error: Undoes ``serialize_error``.
        place: Where it stands.

    Raises:
        HydrationError: An error in it is none.
    """
    return MutationState(
        context=plain.get("context", UNSET),
        data=plain.get("data", UNSET),
        error=error_of(plain["error"], read_error, f"{place}.error"),
        failure_count=plain["failure_count"],
        failure_reason=error_of(plain["failure_reason"], read_error, f"{place}.failure_reason"),
        is_paused=plain["is_paused"],
        status=plain["status"],
        variables=plain.get("variables", UNSET),
        submitted_at=plain["submitted_at"],
    )


def _described(error: Exception | None, serialize_error: Callable[[Exception], Any]) -> Any:
    return None if error is None else serialize_error(error)
