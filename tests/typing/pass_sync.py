"""The face without an event loop: data where the other has handles. Type-checked, never run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, assert_type

import query
from query import (
    UNSET,
    Handle,
    MutationFunctionContext,
    MutationOptions,
    QueryFunctionContext,
    QueryKey,
    QueryObserverResult,
    QueryState,
    Unset,
    query_options,
)
from query.sync import MutationObserver, QueryClient, QueryObserver, ResultStream


class Project:
    name: str


def load_projects(context: QueryFunctionContext[list[Project]]) -> list[Project]:
    context.client.invalidate_queries(("counts",))
    return context.client.get_query_data(context.query_key) or []


async def load_count(context: QueryFunctionContext[int]) -> int:
    return 3


def save(name: str, context: MutationFunctionContext) -> Project:
    return Project()


def save_all(variables: None, context: MutationFunctionContext) -> int:
    return 1


NAMES = QueryKey[list[str]]("names")
projects = query_options(query_key=("projects",), query_fn=load_projects)
names = query_options(projects, select=lambda rows: [row.name for row in rows])
count = query_options(query_key=("count",), query_fn=load_count)


def reading(client: QueryClient) -> None:
    assert_type(client.query(projects), list[Project])
    assert_type(client.query(names, timeout=timedelta(seconds=5)), list[str])
    assert_type(client.query(count, timeout=5), int)
    assert_type(client.fetch_query(names), list[Project])
    assert_type(client.ensure_query_data(names, revalidate_if_stale=True), list[Project])
    assert_type(client.get_query_data(NAMES), list[str] | None)
    assert_type(client.get_query_data(NAMES, UNSET), list[str] | Unset)
    assert_type(client.get_query_data(("names",)), Any)
    assert_type(client.get_query_state(NAMES), QueryState[list[str]] | Unset)
    assert_type(client.query(query_key=("projects",), query_fn=load_projects, stale_time=30), list[Project])
    assert_type(client.query(query_key=("count",), query_fn=load_count, select=str, timeout=5), str)
    assert_type(client.fetch_query(query_key=["count"], query_fn=load_count, timeout=5), int)
    assert_type(client.ensure_query_data(query_key=NAMES, revalidate_if_stale=True), list[str])
    client.prefetch_query(projects, timeout=0)
    client.prefetch_query(query_key=["count"], query_fn=load_count, timeout=0)
    client.invalidate_queries(NAMES, timeout=5)
    client.refetch_queries(query_key=("projects",), type="active")


def writing(client: QueryClient) -> None:
    assert_type(client.set_query_data(NAMES, ["Apollo"]), list[str] | Unset)
    client.set_query_data(NAMES, lambda old: [*(old or []), "Gemini"])


def watching(client: QueryClient) -> None:
    observer = QueryObserver(client, names)
    assert_type(observer, QueryObserver[list[Project], list[str]])
    result = observer.get_current_result()
    assert_type(result, QueryObserverResult[list[str]])
    if result.status == "success":
        assert_type(result.data, list[str])
    assert_type(result.refetch(), Handle[QueryObserverResult[list[str]]])
    assert_type(observer.refetch(timeout=5), QueryObserverResult[list[str]])
    assert_type(observer.wait_for(lambda result: result.is_success), QueryObserverResult[list[str]])
    observer.subscribe(lambda result: assert_type(result, QueryObserverResult[list[str]]))
    assert_type(client.watch(names), ResultStream[QueryObserverResult[list[str]]])
    for shown in observer.results():
        assert_type(shown, QueryObserverResult[list[str]])


def mutating(client: QueryClient) -> None:
    observer = MutationObserver(client, MutationOptions(mutation_fn=save))
    assert_type(observer.mutate("Apollo", timeout=5), Project)
    result = observer.get_current_result()
    if result.status == "success":
        assert_type(result.data, Project)
        assert_type(result.mutate("Gemini"), Handle[Project])
    without = MutationObserver(client, MutationOptions(mutation_fn=save_all))
    assert_type(without.mutate(), int)


def plain(number: int, *, text: str) -> list[int]:
    return []


def reaching(client: QueryClient) -> None:
    assert_type(client.call(plain, 1, text="a"), list[int])
    assert_type(client.call(asyncio.sleep, 0, result="slept"), str)
    assert_type(client.call(client.get_query_cache().subscribe, print), Callable[[], None])


async def from_a_loop(client: query.QueryClient) -> None:
    assert_type(await asyncio.to_thread(client.threadsafe.query, count), int)
    assert_type(client.threadsafe.query(names), list[str])
    QueryObserver(client.threadsafe, projects)
