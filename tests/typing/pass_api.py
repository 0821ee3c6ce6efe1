"""The type that as_() names reaches the observer, the cache and the mutation. Type-checked, never run."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TypedDict, assert_type

from query import (
    Handle,
    MutationFunctionContext,
    MutationObserver,
    MutationOptions,
    QueryClient,
    QueryObserver,
    QueryObserverResult,
    mutation_options,
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
)


class Project(TypedDict):
    slug: str


projects = api_options.as_(list[Project])("/projects/", query={"page": 1, "sort": None}, stale_time=30)
assert_type(projects, ApiQueryOptions[list[Project]])
assert_type(projects.with_(select=select_json_with_headers).with_(enabled=False).select is None, bool)

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
