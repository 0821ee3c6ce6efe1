"""Plain data as queries and mutations of a client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
from msgspec import structs
from typing_extensions import Unpack

from ..base.garbage import collection_paused
from ..base.query_key import key_of_packed
from ..base.query_state import fields_of
from ..base.types import UNSET
from ..cache.query import Query, collect_each_later
from ..runtime.following import transformed
from .dehydrated_state import GoodQuery, read_payload, state_of
from .hydration_options import HydrateFields, HydrateOptions, named_options
from .hydration_reader import HydrationReader, RestoredQuery
from .query_client import QueryClient

_PACKED: Final[frozenset[type[object]]] = frozenset({bytes, str})
"""What the key of a query is that needs no further reading."""


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
    reader = HydrationReader(client, named_options(HydrateOptions, options, fields))
    with collection_paused():
        read = read_payload(state)
        mutations = [reader.mutation(plain, f"mutations[{index}]") for index, plain in enumerate(read.mutations)]
        queries = reader.queries(read)
        for mutation_options, mutation_state in mutations:
            client.get_mutation_cache().build(client, mutation_options, mutation_state)
        _take_in_all(client, reader, read.good, queries)


def _take_in_all(
    client: QueryClient,
    reader: HydrationReader,
    good_queries: list[GoodQuery | None],
    queries: list[RestoredQuery | bytes | str],
) -> None:
    cache = client._query_cache
    known, index = cache._queries, cache._index
    # an empty cache is filled with queries that differ in key and state alone
    first: Query[Any] | None = None
    sibling: Callable[..., Query[Any]] | None = None
    siblings: list[Query[Any]] = []
    try:
        for good, packed in zip(good_queries, queries, strict=True):
            if (
                sibling is None
                or good is None
                or type(packed) not in _PACKED
                or (query_hash := good.query_hash) in known
                or good.meta is not msgspec.UNSET
            ):
                first = _take_in_one(client, reader, good, packed) or first
                # whoever was told of it may have done anything
                if first is not None and (first._options is not reader.shared or cache._listeners):
                    first = None
                sibling = None if first is None else first.sibling
                continue
            state = good.state
            if (
                # of a query that one write made, its data and its date say all
                state.data_update_count == 1
                and not state.is_invalidated
                and not state.error_update_count
                and not state.error_updated_at
                and not state.fetch_failure_count
            ):
                query = sibling(packed, query_hash, state.data, state.data_updated_at)
            else:
                query = sibling(packed, query_hash, state_of(state))
            known[query_hash] = query
            if index.is_asked:
                index.add(query)
            siblings.append(query)
    finally:
        if siblings and cache.note is not None:
            cache.note((siblings, "added", client.environment.now()))
        collect_each_later(siblings)


def _take_in_one(
    client: QueryClient, reader: HydrationReader, good: GoodQuery | None, read: RestoredQuery | bytes | str
) -> Query[Any] | None:
    """Take in a query of which there are no siblings.

    Returns:
        The first of those that differ from it in key and state alone, if there may be such.
    """
    if good is None or isinstance(read, RestoredQuery):
        _take_in(client, cast("RestoredQuery", read))
        return None
    cache, shared = client._query_cache, reader.shared
    query_hash, state = good.query_hash, good.state
    query = cache._queries.get(query_hash)
    if query is not None:
        if state.data_updated_at > query.state.data_updated_at:
            query.set_state(**{**structs.asdict(state), "fetch_status": query.state.fetch_status})
        return None
    options = reader.options_of(key_of_packed(read, query_hash), good)
    if shared is None:
        cache.build(client, options, state_of(state))
        return None
    query = cache.make(client, read, query_hash, options, state_of(state))
    return query if options is shared and options.initial_data is UNSET else None


def _take_in(client: QueryClient, restored: RestoredQuery) -> None:
    cache = client.get_query_cache()
    query = cache.get(restored.query_hash)
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
