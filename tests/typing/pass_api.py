"""The type that as_() names reaches the observer, the cache and the mutation. Type-checked, never run."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TypeAlias, TypedDict, assert_type

from query import (
    UNSET,
    Handle,
    InfiniteQueryOptions,
    MutationFunctionContext,
    MutationObserver,
    MutationOptions,
    QueryClient,
    QueryFilters,
    QueryObserver,
    QueryObserverResult,
    Undo,
    invalidates,
    mutation_options,
    query_options,
    take_back,
    update_data,
)
from query.api import (
    ApiQueryOptions,
    ApiRequest,
    ApiResponse,
    api_options,
    fetch_mutation,
    get_api_url,
    select_json,
    select_json_with_headers,
    skip_token,
    update_json,
    update_pages,
)
from query.sync import QueryClient as SyncQueryClient


class Project(TypedDict):
    slug: str


projects = api_options.as_(list[Project])("/projects/", query={"page": 1, "sort": None}, stale_time=30)
assert_type(projects, ApiQueryOptions[list[Project]])
assert_type(projects.with_(select=select_json_with_headers).with_(enabled=False).select is None, bool)

InfinitePages: TypeAlias = InfiniteQueryOptions[ApiResponse[list[Project]], str]

# types that are no classes
maybe = api_options.as_(Project | None)("/projects/$slug/", path={"slug": "apollo"}, stale_time="static")
assert_type(maybe, ApiQueryOptions[Project | None])
counts = api_options.as_(dict[str, int])("https://eu.test/counts/", stale_time=timedelta(hours=1))
assert_type(counts, ApiQueryOptions[dict[str, int]])


def of(slug: str | None) -> ApiQueryOptions[Project]:
    path = {"slug": slug} if slug else skip_token
    return api_options.as_(Project)("/projects/$slug/", path=path, stale_time=math.inf)


def slugs_of(response: ApiResponse[list[Project]]) -> list[str]:
    return [project["slug"] for project in select_json(response)]


async def using(client: QueryClient) -> None:
    assert_type(await client.query(projects), list[Project])
    assert_type(await client.query(maybe), Project | None)
    # the cache holds the whole answer
    assert_type(await client.fetch_query(projects), ApiResponse[list[Project]])
    assert_type((await client.fetch_query(projects)).headers.get("link"), str | None)
    assert_type(await client.query(projects.with_(select=select_json_with_headers)), ApiResponse[list[Project]])
    assert_type(await client.query(projects.with_(select=slugs_of)), list[str])
    assert_type(await client.query(projects.with_(select=None)), ApiResponse[list[Project]])
    assert_type(
        await client.query(query_options(projects.with_(select=slugs_of), select=None)), ApiResponse[list[Project]]
    )
    assert_type(await client.query(query_options(projects.with_(select=slugs_of), retry=False)), list[str])
    assert_type(QueryObserver(client, projects).get_current_result(), QueryObserverResult[list[Project]])
    assert_type(get_api_url("/projects/$slug/", path={"slug": "apollo"}), str)


def rename(name: str) -> ApiRequest:
    return ApiRequest(method="PUT", url="/projects/apollo/", data={"name": name})


class Rename(TypedDict):
    slug: str
    name: str


def remember(rename: Rename, context: MutationFunctionContext) -> int:
    return len(rename["name"])


def mutating(client: QueryClient) -> None:
    renaming = MutationOptions(mutation_fn=fetch_mutation.as_(Project)(rename))
    assert_type(MutationObserver(client, renaming).mutate("Apollo 11"), Handle[Project])
    # what is not said of the variables: anything, and not the Any that would end all checking
    creating = mutation_options(mutation_fn=fetch_mutation.as_(Project)("POST", "/projects/"))
    MutationObserver(client, creating).mutate({"name": "Gemini"})
    assert_type(MutationObserver(client, creating).mutate(7), Handle[Project])
    MutationOptions(mutation_fn=fetch_mutation("DELETE", "/projects/apollo/"))

    # what is said of them reaches the mutation and its callbacks
    update = fetch_mutation.as_(Project, variables=Rename)("PUT", "/projects/$slug/", query={"notify": True})
    updating = mutation_options(mutation_fn=update, on_mutate=remember)
    assert_type(updating, MutationOptions[Rename, Project, int])
    assert_type(MutationObserver(client, updating).mutate({"slug": "apollo", "name": "Apollo 11"}), Handle[Project])
    remove = fetch_mutation.as_(None, variables=str)(
        "DELETE", "/projects/$slug/", path=lambda slug: {"slug": slug.lower()}, data=None
    )
    assert_type(MutationObserver(client, mutation_options(mutation_fn=remove)).mutate("apollo"), Handle[None])
    # a function of anything is a function of this
    annotated: MutationOptions[Rename, Project, None] = mutation_options(
        mutation_fn=fetch_mutation.as_(Project)("PUT", "/projects/$slug/")
    )
    print(annotated)


def show(rename: Rename, context: MutationFunctionContext) -> list[Undo]:
    def renamed(project: Project) -> Project:
        return {**project, "slug": rename["name"]}

    return [
        update_json(context.client, of(rename["slug"]), renamed),
        update_json(context.client, projects.query_key, lambda rows: [renamed(row) for row in rows]),
    ]


optimistic = mutation_options(
    mutation_fn=fetch_mutation.as_(Project, variables=Rename)("PUT", "/projects/$slug/"),
    on_mutate=show,
    on_error=take_back,
    on_settled=invalidates(projects, ("/teams/",), QueryFilters(stale=True), lambda rename: of(rename["slug"])),
)
# the ready-made callbacks leave the types to the others
assert_type(optimistic, MutationOptions[Rename, Project, list[Undo]])


def cached(client: QueryClient, threads: SyncQueryClient, infinite: InfinitePages) -> None:
    assert_type(client.get_query_data(projects.query_key), ApiResponse[list[Project]] | None)
    assert_type(client.get_query_data(projects.with_(select=slugs_of).query_key), ApiResponse[list[Project]] | None)
    rows: list[Project] = []
    client.set_query_data(projects.query_key, ApiResponse(rows))
    client.set_query_data(projects.query_key, lambda old: UNSET if old is UNSET else old.with_json(rows))
    assert_type(update_json(client, projects, lambda rows: rows[1:]), Undo)
    update_json(threads, of("apollo"), lambda project: {**project, "slug": "gemini"})
    update_json(client.threadsafe, of("apollo"), lambda project: {**project, "slug": "gemini"})
    update_pages(client, infinite, lambda rows: rows[1:])
    update_pages(client, api_options.as_infinite(list[Project])("/x/", stale_time=30), lambda rows: rows[1:])
    update_json(client, projects, lambda rows: [*rows, {"slug": "gemini"}])
    update_data(client, projects, lambda response: response.with_json([]))


def meant(client: QueryClient, context: MutationFunctionContext, infinite: InfinitePages) -> None:
    for options in (projects, maybe, infinite):
        client.invalidate_queries(options)
        client.cancel_queries(options, exact=True)
        client.refetch_queries(options)
        client.reset_queries(options)
        client.remove_queries(options)
        client.is_fetching(options)
        client.get_queries_data(options)
        client.set_queries_data(options, None)
        client.get_query_cache().find_all(options)
        context.client.invalidate_queries(options)
        context.client.cancel_queries(options)
    client.is_mutating(optimistic)
    context.client.is_mutating(optimistic)
    client.get_mutation_cache().find_all(optimistic)
