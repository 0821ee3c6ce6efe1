"""Which queries or mutations a call means. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeAlias, TypedDict, cast

import msgspec
from msgspec import structs

from .errors import OptionError
from .keys import partial_match_key
from .option_checks import OptionsMeta, check_arity, refuse_async, refuse_unknown
from .query_key import AnyQueryKey, QueryKey, as_query_key
from .types import FetchStatus, MutationStatus, Unset
from .views import MutationView, QueryView


class QueryFilterFields(TypedDict, total=False):
    """The fields of ``QueryFilters``, for calls that take them as keywords."""

    query_key: AnyQueryKey | None
    exact: bool | None
    type: Literal["all", "active", "inactive"] | None
    stale: bool | None
    fetch_status: FetchStatus | None
    predicate: Callable[[QueryView], bool] | None


class MutationFilterFields(TypedDict, total=False):
    """The fields of ``MutationFilters``, for calls that take them as keywords."""

    mutation_key: AnyQueryKey | None
    exact: bool | None
    status: MutationStatus | None
    predicate: Callable[[MutationView], bool] | None


class QueryFilters(msgspec.Struct, frozen=True, kw_only=True, eq=False, metaclass=OptionsMeta):
    """Which queries are meant. A query must match every filter that is given; none given means all.

    Attributes:
        query_key: Keys that begin with this one. The empty key is the beginning of all.
        exact: The key itself and no longer one.
        type: "active" with an enabled observer, "inactive" without, or "all" (default).
        stale: Only stale (True) or only fresh ones (False).
        fetch_status: Only those that are "fetching", "paused" or "idle".
        predicate: A function of the query, asked last.
    """

    query_key: AnyQueryKey | None = None
    exact: bool | None = None
    type: Literal["all", "active", "inactive"] | None = None
    stale: bool | None = None
    fetch_status: FetchStatus | None = None
    predicate: Callable[[QueryView], bool] | None = None

    def __post_init__(self) -> None:
        # what is not given is not looked at: filters are made by calls that should cost next to nothing
        if self.query_key is not None:
            structs.force_setattr(self, "query_key", as_query_key(self.query_key))
        if self.exact is not None:
            _check_choice("exact", self.exact, (True, False))
        if self.type is not None:
            _check_choice("type", self.type, ("all", "active", "inactive"))
        if self.fetch_status is not None:
            _check_choice("fetch_status", self.fetch_status, ("fetching", "paused", "idle"))
        if self.stale is not None:
            _check_choice("stale", self.stale, (True, False))
        if self.predicate is not None:
            _check_predicate(self.predicate, "query")


class MutationFilters(msgspec.Struct, frozen=True, kw_only=True, eq=False, metaclass=OptionsMeta):
    """Which mutations are meant. A mutation must match every filter that is given; none given means all.

    Attributes:
        mutation_key: Mutations whose key begins with this one; those without a key never match.
        exact: The key itself and no longer one.
        status: Only those that are "idle", "pending", "success" or "error".
        predicate: A function of the mutation, asked last.
    """

    mutation_key: AnyQueryKey | None = None
    exact: bool | None = None
    status: MutationStatus | None = None
    predicate: Callable[[MutationView], bool] | None = None

    def __post_init__(self) -> None:
        if self.mutation_key is not None:
            structs.force_setattr(self, "mutation_key", as_query_key(self.mutation_key))
        if self.exact is not None:
            _check_choice("exact", self.exact, (True, False))
        if self.status is not None:
            _check_choice("status", self.status, ("idle", "pending", "success", "error"))
        if self.predicate is not None:
            _check_predicate(self.predicate, "mutation")


class KeyedQuery(Protocol):
    """What has the key of a query: options of every kind, and the queries of the cache."""

    @property
    def query_key(self) -> QueryKey[Any]:
        """The key."""
        ...


class KeyedMutation(Protocol):
    """What may have the key of a mutation: its options, and the mutations of the cache."""

    @property
    def mutation_key(self) -> QueryKey[Any] | Unset | None:
        """The key, if there is one."""
        ...


QueriesMeant: TypeAlias = QueryFilters | AnyQueryKey | KeyedQuery
"""Which queries a call means: filters; or a key, or options, whose key is meant as a beginning."""
MutationsMeant: TypeAlias = MutationFilters | AnyQueryKey | KeyedMutation
"""Which mutations a call means: filters; or a key, or options, whose key is meant as a beginning."""


def query_filters(meant: QueriesMeant | None, fields: QueryFilterFields) -> QueryFilters:
    """Filters as calls take them: an object, a key or options, or fields, or one narrowed by the other.

    Args:
        meant: The object, or a key, or options, whose key is meant as a beginning.
        fields: Fields by name; they win over the object's.

    Raises:
        UnknownOptionError: A name that is no filter.
        OptionError: The options have no key, or a value means nothing.
        QueryKeyError: What is given is none of these.
    """
    if meant is None:
        return QueryFilters(**fields)
    if isinstance(meant, QueryFilters):
        refuse_unknown("QueryFilters", cast("dict[str, Any]", fields), QueryFilters.__struct_fields__)
        return structs.replace(meant, **fields) if fields else meant
    named: QueryFilterFields = {"query_key": as_query_key(_key_in(meant, "query_key", "query"))}
    named.update(fields)
    return QueryFilters(**named)


def mutation_filters(meant: MutationsMeant | None, fields: MutationFilterFields) -> MutationFilters:
    """Filters as calls take them: an object, a key or options, or fields, or one narrowed by the other.

    Args:
        meant: The object, or a key, or options, whose key is meant as a beginning.
        fields: Fields by name; they win over the object's.

    Raises:
        UnknownOptionError: A name that is no filter.
        OptionError: The options have no key, or a value means nothing.
        QueryKeyError: What is given is none of these.
    """
    if meant is None:
        return MutationFilters(**fields)
    if isinstance(meant, MutationFilters):
        refuse_unknown("MutationFilters", cast("dict[str, Any]", fields), MutationFilters.__struct_fields__)
        return structs.replace(meant, **fields) if fields else meant
    named: MutationFilterFields = {"mutation_key": as_query_key(_key_in(meant, "mutation_key", "mutation"))}
    named.update(fields)
    return MutationFilters(**named)


def match_query(filters: QueryFilters, query: QueryView) -> bool:
    """Whether *query* is meant by *filters*.

    Args:
        filters: The filters.
        query: A query of the cache.

    Source: utils.ts, matchQuery.
    """
    key = filters.query_key
    if isinstance(key, QueryKey):
        if filters.exact:
            # by the query's own hash function: two keys it calls equal are one entry
            if query.query_hash != query.hash_of(key):
                return False
        elif not partial_match_key(query.query_key.parts, key.parts):
            return False
    return match_beside_key(filters, query)


def match_beside_key(filters: QueryFilters, query: QueryView) -> bool:
    """Whether *query*, whose key is meant by *filters*, is meant by the rest of them.

    Args:
        filters: The filters.
        query: A query of the cache.
    """
    if filters.type not in (None, "all") and query.is_active() != (filters.type == "active"):
        return False
    if filters.stale is not None and query.is_stale() != filters.stale:
        return False
    if filters.fetch_status is not None and query.state.fetch_status != filters.fetch_status:
        return False
    return filters.predicate is None or bool(filters.predicate(query))


def match_mutation(filters: MutationFilters, mutation: MutationView) -> bool:
    """Whether *mutation* is meant by *filters*.

    Args:
        filters: The filters.
        mutation: A mutation of the cache.

    Source: utils.ts, matchMutation.
    """
    wanted = filters.mutation_key
    if isinstance(wanted, QueryKey):
        key = mutation.mutation_key
        if key is None:
            return False
        if filters.exact:
            if key.text != wanted.text:
                return False
        elif not partial_match_key(key.parts, wanted.parts):
            return False
    if filters.status is not None and mutation.state.status != filters.status:
        return False
    return filters.predicate is None or bool(filters.predicate(mutation))


def _key_in(meant: object, option: str, subject: str) -> Any:
    key = getattr(meant, option, meant)
    # None and UNSET would mean all of them
    if key is None or isinstance(key, Unset):
        raise OptionError(f"the options have no {option}, so they mean no {subject}.", option=option)
    return key


def _check_choice(option: str, value: object, allowed: tuple[object, ...]) -> None:
    # 1 equals True, and is refused
    if not (isinstance(value, (bool, str)) and value in allowed):
        names = ", ".join(map(repr, allowed))
        raise OptionError(f"the filter {option}={value!r} means nothing. Use one of {names}.", option=option)


def _check_predicate(predicate: Any, subject: str) -> None:
    if not callable(predicate):
        raise OptionError(
            f"the filter predicate={predicate!r} cannot be called. Pass a function that takes the {subject} and says "
            "whether it is meant.",
            option="predicate",
        )
    refuse_async("predicate", predicate)
    check_arity("predicate", predicate, 1, f"predicate({subject})")
