"""The data type flows from query_fn through select to the result. Type-checked, never run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, assert_type

from query import (
    UNSET,
    Handle,
    QueryClient,
    QueryFunctionContext,
    QueryKey,
    QueryObserver,
    QueryObserverResult,
    QueryOptions,
    QueryState,
    Unset,
    query_options,
    skip_token,
)


class Project:
    name: str


async def load_projects(context: QueryFunctionContext[list[Project]]) -> list[Project]:
    assert_type(context.query_key, QueryKey[list[Project]])
    return []


def load_count(context: QueryFunctionContext[int]) -> int:
    return 3


def count_of(rows: list[Project]) -> int:
    return len(rows)


# an async function and a plain one, by the factory and by the class
projects = query_options(query_key=("projects",), query_fn=load_projects, stale_time=30)
assert_type(projects, QueryOptions[list[Project], list[Project]])
assert_type(QueryOptions(query_key=("projects",), query_fn=load_projects), QueryOptions[list[Project], list[Project]])
assert_type(query_options(query_key=("count",), query_fn=load_count), QueryOptions[int, int])

# select changes what is shown, not what is cached
count = query_options(query_key=("projects",), query_fn=load_projects, select=count_of)
assert_type(count, QueryOptions[list[Project], int])
assert_type(projects.with_(select=count_of), QueryOptions[list[Project], int])
shown = query_options(projects, select=lambda rows: [row.name for row in rows])
assert_type(shown, QueryOptions[list[Project], list[str]])
assert_type(projects.with_(stale_time=timedelta(minutes=1), retry=False), QueryOptions[list[Project], list[Project]])
assert_type(count.with_(enabled=False), QueryOptions[list[Project], int])

# a typed key gives the type where there is no function
NAMES = QueryKey[list[str]]("names")
assert_type(query_options(query_key=NAMES), QueryOptions[list[str], list[str]])


def maybe(wanted: bool) -> QueryOptions[list[Project], list[Project]]:
    return query_options(query_key=("projects",), query_fn=load_projects if wanted else skip_token)


async def reading(client: QueryClient) -> None:
    assert_type(client.query(projects), Handle[list[Project]])
    assert_type(await client.query(projects), list[Project])
    assert_type(await client.query(count), int)
    assert_type(await client.fetch_query(count), list[Project])
    assert_type(await client.ensure_query_data(count), list[Project])
    assert_type(await client.prefetch_query(count), None)

    # the same by fields: an async function and a plain one, with select and without, and a typed key
    assert_type(client.query(query_key=("projects",), query_fn=load_projects, stale_time=30), Handle[list[Project]])
    assert_type(client.query(query_key=("count",), query_fn=load_count, stale_time=30.0), Handle[int])
    assert_type(client.query(query_key=["projects"], query_fn=load_projects, select=count_of), Handle[int])
    assert_type(client.query(query_key=["count"], query_fn=load_count, select=str, gc_time=60), Handle[str])
    assert_type(client.query(query_key=NAMES), Handle[list[str]])
    assert_type(client.query(query_key=("count",), query_fn=lambda _: 3), Handle[int])
    assert_type(
        await client.fetch_query(query_key=["projects"], query_fn=load_projects, select=count_of), list[Project]
    )
    assert_type(await client.fetch_query(query_key=["count"], query_fn=load_count, stale_time="static"), int)
    assert_type(await client.ensure_query_data(query_key=["count"], query_fn=load_count, revalidate_if_stale=True), int)
    assert_type(await client.prefetch_query(query_key=["count"], query_fn=load_count), None)

    assert_type(client.get_query_data(NAMES), list[str] | None)
    assert_type(client.get_query_data(NAMES, UNSET), list[str] | Unset)
    assert_type(client.get_query_data(("names",)), Any)
    assert_type(client.get_query_data(projects.query_key), list[Project] | None)
    assert_type(client.get_query_state(NAMES), QueryState[list[str]] | Unset)


def append(old: list[str] | Unset) -> list[str] | Unset:
    return UNSET if isinstance(old, Unset) else [*old, "Gemini"]


def writing(client: QueryClient) -> None:
    assert_type(client.set_query_data(NAMES, ["Apollo"]), list[str] | Unset)
    assert_type(client.set_query_data(NAMES, append), list[str] | Unset)
    client.set_query_data(NAMES, lambda old: [*(old or []), "Gemini"], updated_at=0.0)
    client.set_query_data(projects.query_key, [Project()])
    client.set_query_data(("names",), 7)
    written = client.set_queries_data(projects, append, stale=True)
    assert_type(written, list[tuple[QueryKey[Any], Any]])
    client.set_queries_data(query_key=("names",), updater=["Apollo"])
    client.get_queries_data(("names",), exact=True)


def watching(client: QueryClient) -> None:
    observer = QueryObserver(client, count)
    assert_type(observer, QueryObserver[list[Project], int])
    assert_type(observer.get_current_result(), QueryObserverResult[int])
    assert_type(observer.get_current_result().data, int | None)
    observer.subscribe(lambda result: assert_type(result, QueryObserverResult[int]))


async def filtering(client: QueryClient) -> None:
    await client.invalidate_queries(NAMES)
    await client.invalidate_queries(projects)
    await client.invalidate_queries(query_key=("projects",), type="active", refetch_type="none")
    await client.cancel_queries(predicate=lambda query: query.is_stale())
