"""Plain data as queries and mutations of a client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

from typing_extensions import Unpack

from ..base.garbage import collection_paused
from .compact_state import check_compact, full_queries, in_order
from .dehydrated_state import read_payload
from .hydration_options import HydrateFields, HydrateOptions, named_options
from .hydration_reader import HydrationReader
from .query_client import QueryClient
from .query_intake import QueryIntake


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
        compact = read.compact
        if compact is not None:
            check_compact(compact, len(read.queries))
            if reader.deserializes:
                # whatever that makes of data, columns do not say what it is
                queries = in_order(compact, full_queries(compact), read.queries)
                read, compact = read_payload({"queries": queries, "mutations": read.mutations}), None
        mutations = [reader.mutation(plain, f"mutations[{index}]") for index, plain in enumerate(read.mutations)]
        queries = reader.queries(read)
        for mutation_options, mutation_state in mutations:
            client.get_mutation_cache().build(client, mutation_options, mutation_state)
        intake = QueryIntake(client, reader)
        try:
            if compact is None:
                intake.take_in(read.good, queries)
            else:
                intake.take_in_compact(compact, queries, read.good)
        finally:
            intake.close()
