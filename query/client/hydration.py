"""Plain data as queries and mutations of a client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

from msgspec import structs
from typing_extensions import Unpack

from ..base.query_state import fields_of
from ..base.types import Unset
from ..runtime.handle import transformed
from .dehydrated_state import read_payload
from .hydration_options import HydrateFields, HydrateOptions, named_options
from .hydration_reader import HydrationReader, RestoredQuery
from .query_client import QueryClient


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
    plain_queries, plain_mutations = read_payload(state)
    mutations = [reader.mutation(plain, f"mutations[{index}]") for index, plain in enumerate(plain_mutations)]
    queries = reader.queries(plain_queries)
    for mutation_options, mutation_state in mutations:
        client.get_mutation_cache().build(client, mutation_options, mutation_state)
    for query in queries:
        _take_in(client, query)


def _take_in(client: QueryClient, restored: RestoredQuery) -> None:
    cache = client.get_query_cache()
    query = cache.get(restored.query_hash)
    is_under_way = False
    if query is None:
        # a query that nobody fetches must not be stuck in fetching
        state = restored.state
        if state.fetch_status != "idle":
            state = structs.replace(state, fetch_status="idle")
        if isinstance(restored.options.query_key, Unset):
            query = cache.make(client, restored.query_key, restored.query_hash, restored.options, state)
        else:
            query = cache.build(client, restored.options, state)
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
