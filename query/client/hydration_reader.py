"""Reads the queries and mutations of a dehydrated state for one client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import structs

from ..base.errors import HydrationError, LoopError
from ..base.given_options import OptionsT, merge_options
from ..base.infinite_options import InfiniteQueryOptions
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.mutation_state import MutationState
from ..base.options import AnyQueryOptions, QueryOptions
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
        options: Its options, defaults filled in.
        state: Its state, with the data that it or a finished fetch brought.
        written_at: The date of the data as it was written down.
        was_pending: The query was waiting for its first data, and has it now.
        dehydrated_at: When it was written down.
        promise: The fetch that was under way.
        is_settled: That fetch is done and delivered data.
        read_data: Makes data of what was written.
    """

    options: AnyQueryOptions
    state: QueryState[Any]
    written_at: float
    was_pending: bool
    dehydrated_at: float
    promise: Handle[Any] | None
    is_settled: bool
    read_data: Callable[[Any], Any]

    @property
    def query_hash(self) -> str:
        """The text under which a cache files it."""
        return cast("str", self.options.query_hash)


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
        return RestoredQuery(
            options=self._client.default_query_options(merge_options(self._for_queries, options)),
            state=state,
            written_at=plain["state"]["data_updated_at"],
            was_pending=was_pending,
            dehydrated_at=dehydrated_at,
            promise=promise,
            is_settled=is_settled,
            read_data=read_data,
        )


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
