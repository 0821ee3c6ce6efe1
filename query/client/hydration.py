"""Plain data as queries and mutations of a client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import structs
from typing_extensions import Unpack

from ..base.errors import HydrationError, LoopError
from ..base.infinite_options import InfiniteQueryOptions
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.mutation_state import MutationState
from ..base.options import AnyQueryOptions, OptionsT, QueryOptions, merge_options
from ..base.query_state import QueryState, fields_of
from ..base.types import UNSET, Unset
from ..base.values import given
from ..runtime.handle import Handle, transformed
from .dehydrated_state import DehydratedMutation, DehydratedQuery, read_payload
from .hydration_options import HydrateFields, HydrateOptions, named_options
from .plain_state import (
    key_of,
    mutation_state_of,
    pages_of,
    query_state_of,
)
from .query_client import QueryClient


class _Restored(msgspec.Struct, frozen=True, eq=False):
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


def hydrate(
    client: QueryClient, state: object, options: HydrateOptions | None = None, /, **fields: Unpack[HydrateFields]
) -> None:
    """Take in what ``dehydrate`` returned, here or elsewhere. Data that the client has and that is newer stays.

    All of it is checked first: what is no dehydrated state changes nothing. Mutations are not run: await
    ``client.resume_paused_mutations()`` once their functions are known. ::

        hydrate(client, json.loads(text))

    Args:
        client: The client to take it in.
        state: A ``DehydratedState``; None and an empty one do nothing.
        options: What the queries and mutations inherit, and how to read them, or
        **fields: the fields of the options. What neither says is taken from the client's
            ``DefaultOptions(hydrate=...)``.

    Raises:
        HydrationError: It is no dehydrated state; the message names the place.
        LoopError: It brings a fetch that is under way in another event loop.
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: hydration.ts, hydrate. Differs: checked as a whole before anything changes.
    """
    own = named_options(HydrateOptions, options, fields)
    defaults = client.get_default_options().hydrate
    wanted = merge_options(defaults, own)
    for_queries: AnyQueryOptions = _inherited(InfiniteQueryOptions(), own.queries, defaults.queries)
    for_mutations: AnyMutationOptions = _inherited(MutationOptions(), own.mutations, defaults.mutations)
    plain_queries, plain_mutations = read_payload(state)
    mutations = [
        _read_mutation(plain, wanted, for_mutations, f"mutations[{index}]")
        for index, plain in enumerate(plain_mutations)
    ]
    queries = [
        _read_query(client, plain, wanted, for_queries, f"queries[{index}]")
        for index, plain in enumerate(plain_queries)
    ]
    for mutation_options, mutation_state in mutations:
        client.get_mutation_cache().build(client, mutation_options, mutation_state)
    for query in queries:
        _take_in(client, query)


def _inherited(nothing: OptionsT, *sections: OptionsT | Unset | None) -> OptionsT:
    merged = nothing
    for section in sections:
        if section is not None and not isinstance(section, Unset):
            merged = merge_options(section, merged)
    return merged


def _read_mutation(
    plain: DehydratedMutation, wanted: HydrateOptions, inherited: AnyMutationOptions, place: str
) -> tuple[AnyMutationOptions, MutationState[Any, Any, Any]]:
    options: AnyMutationOptions = MutationOptions(
        scope=plain.get("scope", cast("Any", UNSET)), meta=plain.get("meta", cast("Any", UNSET))
    )
    if plain.get("mutation_key") is not None:
        key = key_of(plain.get("mutation_key"), f"{place}.mutation_key")
        options = structs.replace(options, mutation_key=key)
    state = mutation_state_of(plain["state"], given(wanted.deserialize_error, None), f"{place}.state")
    return merge_options(inherited, options), state


def _read_query(
    client: QueryClient, plain: DehydratedQuery, wanted: HydrateOptions, inherited: AnyQueryOptions, place: str
) -> _Restored:
    query_type = plain.get("query_type")
    kind = QueryOptions if query_type is None else InfiniteQueryOptions
    options: AnyQueryOptions = kind(
        query_key=key_of(plain["query_key"], f"{place}.query_key"),
        query_hash=plain.get("query_hash", cast("Any", UNSET)),
        meta=plain.get("meta", cast("Any", UNSET)),
    )
    dehydrated_at = plain.get("dehydrated_at")
    if dehydrated_at is None:
        dehydrated_at = client.environment.now()
    deserialize = given(wanted.deserialize_data, None)

    def read_data(data: Any) -> Any:
        # on both sides: a function of one's own may want the pages, and may give them back as a dict
        data = pages_of(data, query_type, f"{place}.state.data")
        return data if deserialize is None else pages_of(deserialize(data), query_type, f"{place}.state.data")

    under_way = plain.get("promise")
    promise = None if under_way is None else _as_handle(client, under_way, f"{place}.promise")
    is_settled = promise is not None and _has_data(promise)
    data = plain["state"].get("data", UNSET)
    if data is UNSET and promise is not None and is_settled:
        data = promise.result()
    if data is not UNSET:
        data = read_data(data)
    state = query_state_of(plain["state"], data, given(wanted.deserialize_error, None), f"{place}.state")
    was_pending = state.status == "pending" and data is not UNSET
    if was_pending:
        state = structs.replace(state, status="success", data_updated_at=dehydrated_at)
    return _Restored(
        options=client.default_query_options(merge_options(inherited, options)),
        state=state,
        written_at=plain["state"]["data_updated_at"],
        was_pending=was_pending,
        dehydrated_at=dehydrated_at,
        promise=promise,
        is_settled=is_settled,
        read_data=read_data,
    )


def _as_handle(client: QueryClient, promise: object, place: str) -> Handle[Any]:
    if not isinstance(promise, Handle) and not asyncio.isfuture(promise):
        raise HydrationError(
            f"what was given is no dehydrated state: {place} is a {type(promise).__name__}, but a fetch under way is a "
            "Handle or a Future. Leave it out: it does not survive being written.",
            place=place,
        )
    handle = cast("Handle[object]", promise) if isinstance(promise, Handle) else Handle(promise)
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


def _take_in(client: QueryClient, restored: _Restored) -> None:
    cache = client.get_query_cache()
    query = cache.get(cast("str", restored.options.query_hash))
    is_under_way = False
    if query is None:
        # a query that nobody fetches must not be stuck in fetching
        query = cache.build(client, restored.options, structs.replace(restored.state, fetch_status="idle"))
    else:
        before = query.state
        is_under_way = before.status == "pending" or before.fetch_status == "fetching"
        has_newer_data = restored.is_settled and restored.dehydrated_at > before.data_updated_at
        if restored.written_at > before.data_updated_at or has_newer_data:
            changes = fields_of(restored.state)
            del changes["fetch_status"]
            if restored.was_pending and before.fetch_status != "fetching":
                changes["fetch_status"] = "idle"
            query.set_state(**changes)
    promise = restored.promise
    if promise is None or restored.is_settled or is_under_way:
        return
    if restored.dehydrated_at > query.state.data_updated_at:
        # no new request: the fetch under way elsewhere is this query's first attempt
        query.fetch(first=transformed(promise, restored.read_data))
