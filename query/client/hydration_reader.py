"""Reads the queries and mutations of a dehydrated state for one client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
from msgspec import structs

from ..base.errors import HydrationError, LoopError
from ..base.given_options import OptionsT, merge_options
from ..base.infinite_options import InfiniteQueryOptions
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.mutation_state import MutationState
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey, key_read_once
from ..base.query_state import QueryState
from ..base.types import UNSET, Unset
from ..base.values import given
from ..runtime.handle import FollowingHandle, Handle
from .dehydrated_state import DehydratedMutation, DehydratedQuery
from .hydration_options import HydrateOptions
from .plain_state import (
    key_of,
    mutation_state_of,
    pages_of,
    query_state_of,
    records_of,
)
from .query_client import QueryClient


class RestoredQuery(msgspec.Struct, frozen=True, eq=False):
    """One query of a payload, read and checked.

    Attributes:
        query_key: Its key.
        query_hash: The text under which a cache files it.
        options: Its options, defaults filled in. Without a key they are those of other queries, too.
        state: Its state, with the data that it or a finished fetch brought.
        written_at: The date of the data as it was written down.
        was_pending: The query was waiting for its first data, and has it now.
        dehydrated_at: When it was written down.
        promise: The fetch that was under way.
        is_settled: That fetch is done and delivered data.
        read_data: Makes data of what was written.
    """

    query_key: QueryKey[Any]
    query_hash: str
    options: AnyQueryOptions
    state: QueryState[Any]
    written_at: float
    was_pending: bool
    dehydrated_at: float
    promise: Handle[Any] | None
    is_settled: bool
    read_data: Callable[[Any], Any]


class HydrationReader:
    """How one client reads.

    Args:
        client: The client that is to take in what is read.
        options: What is inherited, and how to read it; what they leave out is taken from the client's
            ``DefaultOptions(hydrate=...)``.
    """

    def __init__(self, client: QueryClient, options: HydrateOptions) -> None:
        defaults = client.get_default_options().hydrate
        self._client = client
        self._for_queries: AnyQueryOptions = _inherited(InfiniteQueryOptions(), options.queries, defaults.queries)
        self._for_mutations: AnyMutationOptions = _inherited(MutationOptions(), options.mutations, defaults.mutations)
        merged = merge_options(defaults, options)
        self._deserialize = given(merged.deserialize_data, None)
        self._read_error = given(merged.deserialize_error, None)
        self._for_most = self._options_of_most()

    def _options_of_most(self) -> AnyQueryOptions | None:
        """What restored queries inherit that bring nothing of their own; None if it depends on the query."""
        if self._client._defaults.for_any_key() is None:
            return None
        options = self._client.default_query_options(merge_options(self._for_queries, QueryOptions()))
        by_key = given(options.query_key_hash_fn, None) is not None or options.query_hash is not UNSET
        return options if isinstance(options.query_key, Unset) and not by_key else None

    def mutation(
        self, plain: DehydratedMutation, place: str
    ) -> tuple[AnyMutationOptions, MutationState[Any, Any, Any]]:
        """The options and state of a mutation.

        Args:
            plain: Its plain form.
            place: Where it stands.

        Raises:
            HydrationError: Its key is none, or an error in its state.
        """
        options: AnyMutationOptions = MutationOptions(
            scope=plain.get("scope", cast("Any", UNSET)), meta=plain.get("meta", cast("Any", UNSET))
        )
        if plain.get("mutation_key") is not None:
            key = key_of(plain.get("mutation_key"), f"{place}.mutation_key")
            options = options.with_(mutation_key=key)
        state = mutation_state_of(plain["state"], self._read_error, f"{place}.state")
        return merge_options(self._for_mutations, options), state

    def queries(self, plain_queries: list[DehydratedQuery]) -> list[RestoredQuery]:
        """The queries of a payload.

        Args:
            plain_queries: Their plain forms.

        Raises:
            HydrationError: As for one query.
            LoopError: As for one query.
        """
        now = self._client.environment.now()
        return [
            self._simple_query(plain, now) or self.query(plain, f"queries[{index}]")
            for index, plain in enumerate(plain_queries)
        ]

    def _simple_query(self, plain: DehydratedQuery, now: float) -> RestoredQuery | None:
        """A query like most of them, as ``query`` reads it, in a tenth of the time; None if there is more to it."""
        state = plain["state"]
        if (
            self._for_most is None
            or self._deserialize is not None
            or not plain.keys() <= _SIMPLE
            or state["error"] is not None
            or state["fetch_failure_reason"] is not None
            or state["fetch_meta"] is not None
        ):
            return None
        key = key_read_once(plain["query_key"], plain.get("query_hash"))
        data, status, written_at = state.get("data", UNSET), state["status"], state["data_updated_at"]
        if key is None or (data is UNSET and status == "success"):
            return None
        dehydrated_at = plain.get("dehydrated_at", now)
        was_pending = status == "pending" and data is not UNSET
        return RestoredQuery(
            query_key=key,
            query_hash=plain.get("query_hash", key.text),
            options=self._for_most,
            state=QueryState(
                data=data,
                data_update_count=state["data_update_count"],
                data_updated_at=dehydrated_at if was_pending else written_at,
                error_update_count=state["error_update_count"],
                error_updated_at=state["error_updated_at"],
                fetch_failure_count=state["fetch_failure_count"],
                is_invalidated=state["is_invalidated"],
                status="success" if was_pending else status,
                fetch_status=state["fetch_status"],
            ),
            written_at=written_at,
            was_pending=was_pending,
            dehydrated_at=dehydrated_at,
            promise=None,
            is_settled=False,
            read_data=_as_it_is,
        )

    def query(self, plain: DehydratedQuery, place: str) -> RestoredQuery:
        """The options and state of a query, and the fetch that it brings along.

        Args:
            plain: Its plain form.
            place: Where it stands.

        Raises:
            HydrationError: Its key is none, or an error in its state, or its fetch; or it has no data and says
                "success".
            LoopError: Its fetch is under way in another event loop.
        """
        query_type = plain.get("query_type")
        kind = QueryOptions if query_type is None else InfiniteQueryOptions
        options: AnyQueryOptions = kind(
            query_key=key_of(plain["query_key"], f"{place}.query_key"),
            query_hash=plain.get("query_hash", cast("Any", UNSET)),
            meta=plain.get("meta", cast("Any", UNSET)),
        )
        dehydrated_at = plain.get("dehydrated_at")
        if dehydrated_at is None:
            dehydrated_at = self._client.environment.now()

        def read_data(data: Any) -> Any:
            # on both sides: a function of one's own may want the pages, and may give them back as a dict
            data = records_of(
                pages_of(data, query_type, f"{place}.state.data"), plain.get("data_type"), f"{place}.state.data"
            )
            if self._deserialize is None:
                return data
            return pages_of(self._deserialize(data), query_type, f"{place}.state.data")

        under_way = plain.get("promise")
        promise = None if under_way is None else _as_handle(self._client, under_way, f"{place}.promise")
        is_settled = promise is not None and _has_data(promise)
        data = plain["state"].get("data", UNSET)
        if data is UNSET and promise is not None and is_settled:
            data = promise.result()
        if data is not UNSET:
            data = read_data(data)
        state = query_state_of(plain["state"], data, self._read_error, f"{place}.state")
        was_pending = state.status == "pending" and data is not UNSET
        if was_pending:
            state = structs.replace(state, status="success", data_updated_at=dehydrated_at)
        complete = self._client.default_query_options(merge_options(self._for_queries, options))
        return RestoredQuery(
            query_key=complete.query_key,
            query_hash=cast("str", complete.query_hash),
            options=complete,
            state=state,
            written_at=plain["state"]["data_updated_at"],
            was_pending=was_pending,
            dehydrated_at=dehydrated_at,
            promise=promise,
            is_settled=is_settled,
            read_data=read_data,
        )


_SIMPLE: Final = frozenset({"query_key", "query_hash", "state", "dehydrated_at"})
"""The members of a plain query that most have, and no more."""


def _as_it_is(data: Any) -> Any:
    return data


def _inherited(nothing: OptionsT, *sections: OptionsT | Unset | None) -> OptionsT:
    merged = nothing
    for section in sections:
        if section is not None and not isinstance(section, Unset):
            merged = merge_options(section, merged)
    return merged


def _as_handle(client: QueryClient, promise: object, place: str) -> Handle[Any]:
    if not isinstance(promise, Handle) and not asyncio.isfuture(promise):
        raise HydrationError(
            f"what was given is no dehydrated state: {place} is a {type(promise).__name__}, but a fetch under way is a "
            "Handle or a Future. Leave it out: it does not survive being written.",
            place=place,
        )
    handle = cast("Handle[object]", promise) if isinstance(promise, Handle) else FollowingHandle(promise)
    if not handle.done() and handle.get_loop() is not client.environment.bind():
        raise LoopError(
            f"{place} is a fetch under way in another event loop than the one that runs now. "
            "Dehydrate without promises=True to carry data from one loop to another."
        )
    return handle


def _has_data(promise: Handle[Any]) -> bool:
    try:
        return promise.done() and promise.exception() is None and promise.result() is not UNSET
    except asyncio.CancelledError:
        return False
