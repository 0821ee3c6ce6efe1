"""Reads the queries and mutations of a dehydrated state for one client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

import msgspec
from msgspec import structs

from ..base.errors import HydrationError, LoopError
from ..base.given_options import OptionsT, merge_options, options_of, replaced
from ..base.infinite_options import InfiniteQueryOptions
from ..base.many_keys import are_said_by_texts
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.mutation_state import MutationState
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey, packed_once
from ..base.query_state import QueryState
from ..base.types import UNSET, Unset
from ..base.values import given
from ..runtime.following import FollowingHandle
from ..runtime.handle import Handle
from .dehydrated_state import DehydratedMutation, DehydratedQuery, GoodQuery, ReadState, checked
from .hydration_options import HydrateOptions
from .plain_state import (
    key_of,
    mutation_state_of,
    pages_of,
    query_state_of,
    records_of,
)
from .query_client import QueryClient

_AT_ONCE: Final = 256
"""Queries whose keys are looked at together."""


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

    Attributes:
        shared: What restored queries inherit that bring nothing of their own; None if it depends on the query.
    """

    def __init__(self, client: QueryClient, options: HydrateOptions) -> None:
        defaults = client.get_default_options().hydrate
        self._client = client
        self._for_queries: AnyQueryOptions = _inherited(InfiniteQueryOptions(), options.queries, defaults.queries)
        self._for_mutations: AnyMutationOptions = _inherited(MutationOptions(), options.mutations, defaults.mutations)
        merged = merge_options(defaults, options)
        self._deserialize = given(merged.deserialize_data, None)
        self._read_error = given(merged.deserialize_error, None)
        self.shared: AnyQueryOptions | None = self._shared_options()

    @property
    def deserializes(self) -> bool:
        """Whether a function of the user reads data."""
        return self._deserialize is not None

    def _shared_options(self) -> AnyQueryOptions | None:
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

    def queries(self, read: ReadState) -> list[RestoredQuery | bytes | str]:
        """The queries of a dehydrated state; of a good one, of which the rest needs no reading, the packed key alone.

        Args:
            read: The dehydrated state.

        Raises:
            HydrationError: As for one query.
            LoopError: As for one query.
        """
        if self._deserialize is not None:
            return [self._full(plain, index) for index, plain in enumerate(read.queries)]
        found: list[RestoredQuery | bytes | str] = []
        # some at a time, so that one of another kind does not make all of them slow
        for start in range(0, len(read.good), _AT_ONCE):
            all_good = read.good[start : start + _AT_ONCE]
            texts = _texts_of_keys(all_good) if read.are_all_good or None not in all_good else None
            if texts is not None:
                found += texts
                continue
            for plain, good in zip(read.queries[start : start + _AT_ONCE], all_good, strict=True):
                packed = (
                    None if good is None or good.state.data is UNSET else packed_once(good.query_key, good.query_hash)
                )
                found.append(self._full(plain, len(found)) if packed is None else packed)
        return found

    def _full(self, plain: object, index: int) -> RestoredQuery:
        return self.query(checked(plain, DehydratedQuery), f"queries[{index}]")

    def options_of(self, key: QueryKey[Any], good: GoodQuery) -> AnyQueryOptions:
        """The options of a good query. Without a key they are those of other queries, too.

        Args:
            key: Its key.
            good: The query.
        """
        meta = good.meta
        shared = self.shared
        if shared is not None:
            return shared if meta is msgspec.UNSET else replaced(shared, {"meta": meta}, complete=True)
        fields: dict[str, Any] = {"query_key": key, "query_hash": good.query_hash}
        if meta is not msgspec.UNSET:
            fields["meta"] = meta
        own = options_of(QueryOptions, fields)
        return self._client.default_query_options(merge_options(self._for_queries, own))

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


def _texts_of_keys(some: Sequence[GoodQuery | None]) -> list[str] | None:
    """The hashes of queries that are all good, if each is the text of the key and says it all; otherwise None."""
    good = cast("Sequence[GoodQuery]", some)
    if [each for each in good if each.state.data is UNSET]:
        return None
    texts = [each.query_hash for each in good]
    return texts if are_said_by_texts([each.query_key for each in good], texts) else None


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
