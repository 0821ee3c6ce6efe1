"""The hooks give results of the options' types, in every framework alike. Type-checked, never run."""

from __future__ import annotations

from typing import Any, assert_type

from query import (
    Handle,
    InfiniteData,
    InfiniteQueryFunctionContext,
    InfiniteQueryObserverResult,
    InfiniteQueryOptions,
    MutationFunctionContext,
    MutationOptions,
    MutationState,
    QueryClient,
    QueryObserverResult,
    infinite_query_options,
    mutation_options,
    query_options,
)
from query.ui import flet, reactpy
from query.ui.reactpy import (
    QueryClientProvider,
    use_infinite_query,
    use_is_fetching,
    use_is_mutating,
    use_is_restoring,
    use_mutation,
    use_mutation_state,
    use_prefetch_query,
    use_queries,
    use_query,
    use_query_client,
)


async def load_name(_: object) -> str:
    return "Apollo"


async def load_page(_: InfiniteQueryFunctionContext[int]) -> list[str]:
    return ["Apollo"]


def next_page(last: list[str], pages: list[list[str]], param: int, params: list[int]) -> int | None:
    return param + 1


async def create(name: str, _: MutationFunctionContext) -> int:
    return len(name)


async def touch(_: None, context: MutationFunctionContext) -> bool:
    return True


name = query_options(query_key=("name",), query_fn=load_name)
count = name.with_(select=len)
pages: InfiniteQueryOptions[list[str], int, InfiniteData[list[str], int]] = infinite_query_options(
    query_key=("pages",), query_fn=load_page, initial_page_param=0, get_next_page_param=next_page
)


def one() -> None:
    result = use_query(name)
    assert_type(result, QueryObserverResult[str])
    assert_type(result.data, str | None)
    if result.status == "success":
        assert_type(result.data, str)
    if result.status == "error":
        assert_type(result.error, Exception)
    assert_type(use_query(count), QueryObserverResult[int])
    assert_type(use_query(count, subscribed=False).data, int | None)
    assert_type(flet.use_query(count).data, int | None)
    assert_type(reactpy.use_query(count).data, int | None)


def several(names: list[str]) -> None:
    first, second = use_queries((name, count))
    assert_type(first, QueryObserverResult[str])
    assert_type(second, QueryObserverResult[int])
    assert_type(use_queries([name.with_(query_key=("name", one)) for one in names]), list[QueryObserverResult[str]])
    assert_type(use_queries((name, count), lambda results: results[1].data), int | None)
    assert_type(flet.use_queries((count,)), tuple[QueryObserverResult[int]])


def many_pages() -> None:
    result = use_infinite_query(pages)
    assert_type(result, InfiniteQueryObserverResult[InfiniteData[list[str], int]])
    assert_type(result.has_next_page, bool)
    if result.status == "success":
        assert_type(result.data.pages, list[list[str]])
        result.fetch_next_page()


def writing() -> None:
    created = use_mutation(mutation_options(mutation_fn=create))
    created.mutate("Apollo")
    created.mutate("Apollo", on_success=lambda data, variables, kept, context: assert_type(data, int))
    assert_type(created.mutate_async("Apollo"), Handle[int])
    assert_type(created.variables, str | None)
    if created.status == "success":
        assert_type(created.data, int)
    created.reset()
    touched = flet.use_mutation(MutationOptions(mutation_fn=touch))
    touched.mutate()
    assert_type(touched.data, bool | None)


def of_the_cache(client: QueryClient) -> None:
    assert_type(use_query_client(), QueryClient)
    assert_type(use_query_client(client), QueryClient)
    assert_type(use_is_fetching(), int)
    assert_type(use_is_fetching(name), int)
    assert_type(use_is_mutating(["create"]), int)
    assert_type(use_is_restoring(), bool)
    assert_type(use_mutation_state(), list[MutationState[Any, Any, Any]])
    assert_type(use_mutation_state(["create"], lambda mutation: mutation.mutation_id), list[int])
    assert_type(use_mutation_state(select=lambda mutation: mutation.mutation_id), list[int])
    use_prefetch_query(name)
    use_prefetch_query(pages)
    QueryClientProvider("children", client=client)
    flet.QueryClientProvider(lambda: "children", client=client)
