"""The type that as_() names reaches the observer, the cache and the mutation. Type-checked, never run."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TypedDict, assert_type

from query import Handle, MutationObserver, MutationOptions, QueryClient, QueryObserver, QueryObserverResult
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


def mutating(client: QueryClient) -> None:
    renaming = MutationOptions(mutation_fn=fetch_mutation.as_(Project)(rename))
    assert_type(MutationObserver(client, renaming).mutate("Apollo 11"), Handle[Project])
    creating = MutationOptions(mutation_fn=fetch_mutation.as_(Project)("POST", "/projects/"))
    # mypy calls a result of several fitting overloads Any, so what this gives is not pinned
    MutationObserver(client, creating).mutate({"name": "Gemini"})
    MutationOptions(mutation_fn=fetch_mutation("DELETE", "/projects/apollo/"))
