"""Declared attributes of Textual's widgets have the types of their options. Type-checked, never run."""

from __future__ import annotations

from typing import assert_type

from textual.reactive import reactive
from textual.widgets import Static

from query import (
    Handle,
    InfiniteData,
    InfiniteQueryFunctionContext,
    InfiniteQueryObserverResult,
    MutationFunctionContext,
    QueryClient,
    QueryObserverResult,
    infinite_query_options,
    mutation_options,
    query_options,
)
from query.ui.textual import (
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


async def load_count(_: object) -> int:
    return 11


async def load_page(_: InfiniteQueryFunctionContext[int]) -> list[str]:
    return ["Apollo"]


def next_page(last: list[str], pages: list[list[str]], param: int, params: list[int]) -> int | None:
    return param + 1


async def create(name: str, _: MutationFunctionContext) -> int:
    return len(name)


name = query_options(query_key=("name",), query_fn=load_name)
count = query_options(query_key=("count",), query_fn=load_count)
pages = infinite_query_options(
    query_key=("pages",), query_fn=load_page, initial_page_param=0, get_next_page_param=next_page
)


def sum_of(results: list[QueryObserverResult[int]]) -> int:
    return sum(result.data or 0 for result in results)


def named_counts(view: View, results: list[QueryObserverResult[int]]) -> str:
    return f"{view.slug}: {len(results)}"


class View(Static):
    slug = reactive("apollo")
    name_shown = use_query(name)
    by_slug = use_query(lambda self: name.with_(query_key=("name", self.slug)), toggle_class="shown", repaint=False)
    pages = use_infinite_query(pages)
    both = use_queries((name, count))
    each = use_queries(lambda self: [name])
    statuses = use_queries([count], combine=lambda results: [result.status for result in results])
    total = use_queries([count], combine=sum_of)
    named = use_queries([count], combine=named_counts)
    create = use_mutation(mutation_options(mutation_fn=create))
    lengths = use_mutation_state(select=lambda mutation: mutation.mutation_id)
    fetching = use_is_fetching(name)
    mutating = use_is_mutating()
    ahead = use_prefetch_query(count)
    client = use_query_client()
    restoring = use_is_restoring()


async def look(view: View, client: QueryClient) -> None:
    assert_type(view.name_shown, QueryObserverResult[str])
    assert_type(view.by_slug.data, str | None)
    shown = view.name_shown
    if shown.status == "success":
        assert_type(shown.data, str)
    assert_type(view.pages, InfiniteQueryObserverResult[InfiniteData[list[str], int]])
    assert_type(view.both, tuple[QueryObserverResult[str], QueryObserverResult[int]])
    assert_type(view.each, list[QueryObserverResult[str]])
    assert_type(view.total, int)
    assert_type(view.named, str)
    print(len(view.statuses))
    view.create.mutate("Gemini")
    assert_type(view.create.mutate_async("Gemini"), Handle[int])
    assert_type(view.lengths, list[int])
    assert_type(view.fetching, int)
    assert_type(view.mutating, int)
    assert_type(view.client, QueryClient)
    assert_type(view.restoring, bool)
    QueryClientProvider(view, client=client, id="root")
