"""What the type checkers must refuse of API options: a mark gives the code of mypy and the rule of pyright."""

from __future__ import annotations

from typing import TypedDict

from query import (
    MutationFunctionContext,
    MutationObserver,
    MutationOptions,
    QueryClient,
    invalidates,
    query_options,
)
from query.api import ApiRequest, ApiResponse, api_options, fetch_mutation, update_json, update_pages
from query.sync import QueryClient as SyncQueryClient


class Project(TypedDict):
    slug: str


class Rename(TypedDict):
    slug: str
    name: str


make = api_options.as_(list[Project])

make("/projects/")  # error: call-arg | reportCallIssue
make("/projects/", stale_time=None)  # error: arg-type | reportArgumentType
make("/projects/", stale_time="statik")  # error: arg-type | reportArgumentType
make("/projects/", stale_tme=30, stale_time=30)  # error: call-arg | reportCallIssue
make("/projects/", method="FETCH", stale_time=30)  # error: arg-type | reportArgumentType
make("/projects/", path="apollo", stale_time=30)  # error: arg-type | reportArgumentType
make("/projects/", query="page=1", stale_time=30)  # error: arg-type | reportArgumentType
api_options.as_(3)  # error: arg-type | reportArgumentType
api_options("/projects/", stale_time=30)  # error: operator | reportCallIssue
fetch_mutation("POST")  # error: call-overload | reportArgumentType
fetch_mutation("FETCH", "/projects/")  # error: call-overload | reportArgumentType
fetch_mutation("POST", "/projects/", header={"X": "1"})  # error: call-overload | reportCallIssue
fetch_mutation.as_(Project, variables=3)  # error: call-overload | reportArgumentType
rename_by = fetch_mutation.as_(Project, variables=Rename)


def count(rows: list[Project]) -> int:
    return len(rows)


rename_by("PUT", "/projects/$slug/", path=count)  # error: call-overload | reportArgumentType


def rename(name: str) -> ApiRequest:
    return ApiRequest(url=f"/projects/{name}/")


async def using(client: QueryClient) -> None:
    projects = make("/projects/", stale_time=30)
    projects.with_(select=count)  # error: arg-type | reportArgumentType
    number: int = await client.fetch_query(projects)  # error: arg-type | reportAssignmentType
    renaming = MutationObserver(client, MutationOptions(mutation_fn=fetch_mutation.as_(Project)(rename)))
    renaming.mutate(7)  # error: arg-type | reportArgumentType
    moving = MutationObserver(client, MutationOptions(mutation_fn=rename_by("PUT", "/projects/$slug/")))
    moving.mutate({"slug": "apollo"})  # error: typeddict-item | reportArgumentType
    moving.mutate({"slug": "apollo", "nam": "Apollo 11"})  # error: typeddict-item | reportArgumentType
    response: ApiResponse[int] = await client.fetch_query(projects)  # error: arg-type | reportAssignmentType
    print(number, response)


def cached(client: QueryClient, threads: SyncQueryClient) -> None:
    projects = make("/projects/", stale_time=30)
    wrong: list[Project] | None = client.get_query_data(projects.query_key)  # error: assignment | reportAssignmentType
    client.set_query_data(projects.query_key, [])  # error: misc | reportArgumentType
    client.set_query_data(projects.query_key, ApiResponse([7]))  # error: misc | reportArgumentType
    client.set_query_data(projects.query_key, lambda old: 7)  # error: arg-type | reportArgumentType
    threads.set_query_data(projects.query_key, [])  # error: misc | reportArgumentType
    projects.with_(stale_tme=30)  # error: call-overload | reportCallIssue
    query_options(projects, stale_tme=30)  # error: call-overload | reportCallIssue
    projects.with_(stale_time="statik")  # error: call-overload | reportArgumentType
    query_options(projects, select=count)  # error: arg-type | reportArgumentType
    update_json(client, projects, lambda rows: rows[0])  # error: arg-type | reportArgumentType
    update_json(client, projects, lambda rows: [*rows, {"slg": "a"}])  # error: typeddict-item | reportArgumentType
    update_json(client, ("/projects/",), count)  # error: arg-type | reportArgumentType
    update_pages(client, projects, lambda rows: rows)  # error: arg-type | reportArgumentType
    infinite = api_options.as_infinite(list[Project])("/projects/", stale_time=30)
    update_json(client, infinite, lambda rows: rows)  # error: arg-type | reportArgumentType
    print(wrong)


def meant(client: QueryClient, context: MutationFunctionContext) -> None:
    projects, renaming = make("/projects/", stale_time=30), MutationOptions(mutation_fn=fetch_mutation("PUT", "/x/"))
    client.invalidate_queries("/projects/")  # error: arg-type | reportArgumentType
    client.invalidate_queries(renaming)  # error: arg-type | reportArgumentType
    client.invalidate_queries(projects, exakt=True)  # error: call-arg | reportCallIssue
    client.cancel_queries(projects, type="used")  # error: arg-type | reportArgumentType
    client.is_mutating(projects)  # error: arg-type | reportArgumentType
    context.client.invalidate_queries(renaming)  # error: arg-type | reportArgumentType
    invalidates("/projects/")  # error: arg-type | reportArgumentType
    invalidates(lambda rename: 7)  # error: arg-type | reportArgumentType
    MutationOptions(mutation_fn=rename_by("PUT", "/x/"), on_error=invalidates)  # error: arg-type | reportArgumentType
