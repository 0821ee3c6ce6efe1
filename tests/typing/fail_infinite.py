"""What the type checkers must refuse about infinite queries. Never run."""

from __future__ import annotations

from query import (
    InfiniteData,
    InfiniteQueryFunctionContext,
    InfiniteQueryObserver,
    QueryClient,
    QueryFunctionContext,
    infinite_query_options,
    query_options,
)


async def load(context: InfiniteQueryFunctionContext[int]) -> list[str]:
    return []


async def load_plain(context: QueryFunctionContext[list[str]]) -> list[str]:
    return []


def after(page: list[str], pages: list[list[str]], param: int, params: list[int]) -> int | None:
    return param + 1


def wrong(page: int, pages: list[int], param: int, params: list[int]) -> int | None:
    return param + 1


pages = infinite_query_options(query_key=("rows",), query_fn=load, initial_page_param=0, get_next_page_param=after)
plain = query_options(query_key=("rows",), query_fn=load_plain)

# by a short name: a mark belongs to one line
make = infinite_query_options
KEY = ("rows",)
make(query_key=KEY, query_fn=load, initial_page_param=0)  # error: call-overload | reportCallIssue
make(query_key=KEY, query_fn=load, get_next_page_param=after)  # error: call-overload | reportCallIssue
make(query_key=KEY, query_fn=load, initial_page_param=0, get_next_page_param=wrong)  # error: misc | reportArgumentType
pages.with_(max_page=3)  # error: call-overload | reportCallIssue
pages.with_(max_pages="3")  # error: call-overload | reportArgumentType


async def using(client: QueryClient) -> None:
    client.infinite_query(plain)  # error: arg-type | reportArgumentType
    InfiniteQueryObserver(client, plain)  # error: arg-type | reportArgumentType
    client.set_query_data(pages.query_key, [["a"]])  # error: misc | reportArgumentType
    client.set_query_data(pages.query_key, InfiniteData([1], [0]))  # error: misc | reportArgumentType
    rows: list[str] = await client.infinite_query(pages)  # error: arg-type | reportAssignmentType
    result = InfiniteQueryObserver(client, pages).get_current_result()
    print(rows, result.has_next)  # error: union-attr | reportAttributeAccessIssue
