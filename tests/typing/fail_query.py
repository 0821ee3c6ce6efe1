"""What the type checkers must refuse: a mark gives the code of mypy and the rule of pyright. Never run."""

from __future__ import annotations

from query import QueryClient, QueryFilters, QueryFunctionContext, QueryKey, QueryObserver, query_options

NAMES = QueryKey[list[str]]("names")


async def load_names(context: QueryFunctionContext[list[str]]) -> list[str]:
    return []


def load_count(context: QueryFunctionContext[int]) -> int:
    return 3


names = query_options(query_key=NAMES, query_fn=load_names)

query_options(query_key=NAMES, query_fn=load_names, stale_tme=30)  # error: call-overload | reportCallIssue
names.with_(stale_tme=30)  # error: call-overload | reportCallIssue
query_options(query_key=NAMES, query_fn=load_names, stale_time="statik")  # error: call-overload | reportCallIssue
query_options(query_key=NAMES, query_fn=load_names, stale_time=[30])  # error: call-overload | reportCallIssue
query_options(query_key=NAMES, query_fn=load_names, network_mode="on")  # error: call-overload | reportCallIssue
query_options(query_key="names", query_fn=load_names)  # error: call-overload | reportCallIssue
query_options(query_fn=load_names)  # error: call-overload | reportCallIssue
query_options(query_key=NAMES, query_fn=load_count)  # error: arg-type | reportCallIssue
query_options(query_key=NAMES, query_fn=lambda: ["Apollo"])  # error: arg-type | reportCallIssue
names.with_(select=load_count)  # error: arg-type | reportArgumentType
names.stale_time = 30  # error: misc | reportAttributeAccessIssue


async def using(client: QueryClient) -> None:
    number: int = await client.query(names)  # error: arg-type | reportAssignmentType
    number = client.get_query_data(NAMES)  # error: assignment | reportAssignmentType
    client.set_query_data(NAMES, [1])  # error: misc | reportArgumentType
    client.set_query_data(NAMES, lambda old: 7)  # error: arg-type | reportArgumentType
    client.query(NAMES)  # error: call-overload | reportArgumentType
    client.query(names, query_key=NAMES)  # error: call-overload | reportCallIssue
    client.query()  # error: call-overload | reportCallIssue
    client.query(query_fn=load_names)  # error: call-overload | reportCallIssue
    client.query(query_key="names", query_fn=load_names)  # error: call-overload | reportCallIssue
    client.query(query_key=NAMES, query_fn=load_names, stale_tme=30)  # error: call-overload | reportCallIssue
    client.query(query_key=NAMES, query_fn=load_names, stale_time="statik")  # error: call-overload | reportCallIssue
    client.query(query_key=NAMES, query_fn=load_count)  # error: arg-type | reportCallIssue
    number = await client.query(query_key=NAMES, query_fn=load_names)  # error: arg-type | reportAssignmentType
    number = await client.fetch_query(query_key=NAMES)  # error: arg-type | reportAssignmentType
    client.invalidate_queries(query_keys=NAMES)  # error: call-arg | reportCallIssue
    client.invalidate_queries(NAMES, refetch_type="some")  # error: arg-type | reportArgumentType
    QueryFilters(type="idle")  # error: arg-type | reportArgumentType
    QueryObserver(client, NAMES)  # error: arg-type | reportArgumentType
    observer = QueryObserver(client, names)
    print(number, observer.get_current_result().daten)  # error: union-attr | reportAttributeAccessIssue
