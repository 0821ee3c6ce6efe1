"""What the type checkers must refuse on the face without an event loop: a mark gives mypy's code and pyright's rule."""

from __future__ import annotations

import query
from query import MutationFunctionContext, MutationOptions, QueryFunctionContext, QueryKey, query_options
from query.sync import MutationObserver, QueryClient, QueryObserver

NAMES = QueryKey[list[str]]("names")


def load_names(context: QueryFunctionContext[list[str]]) -> list[str]:
    return []


def save(name: str, context: MutationFunctionContext) -> int:
    return 1


names = query_options(query_key=NAMES, query_fn=load_names)


async def awaiting(client: QueryClient) -> None:
    await client.query(names)  # error: misc | reportGeneralTypeIssues


def using(client: QueryClient, other: query.QueryClient) -> None:
    number: int = client.query(names)  # error: assignment | reportAssignmentType
    client.query(NAMES)  # error: call-overload | reportArgumentType
    client.query(names, timeout="5")  # error: call-overload | reportArgumentType
    client.set_query_data(NAMES, [1])  # error: misc | reportArgumentType
    client.get_query_data(NAMES, timeout=5)  # error: call-overload | reportCallIssue
    client.invalidate_queries(NAMES, refetch_type="some")  # error: arg-type | reportArgumentType
    client.call(load_names)  # error: call-overload | reportCallIssue
    print(client.threadsafe)  # error: attr-defined | reportAttributeAccessIssue
    QueryObserver(other, names)  # error: arg-type | reportArgumentType
    MutationObserver(client, MutationOptions(mutation_fn=save)).mutate(1)  # error: arg-type | reportArgumentType
    print(number)
