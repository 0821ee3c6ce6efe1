"""Components that come and go leave nothing behind: no observer, no listener, no task, no object."""

from __future__ import annotations

import asyncio
import gc
import itertools

import pytest
from ui_pages import staged

from mockapi import assert_no_leaks
from query import InfiniteQueryOptions, MutationOptions, QueryOptions
from query.ui.binding import Binding

MOUNTS = 1000


@pytest.fixture
def calls(key, answering, paging):
    """Each hook, and arguments for it."""
    query = QueryOptions(query_key=key, query_fn=answering("data"))
    pages = InfiniteQueryOptions(
        query_key=(*key, "pages"),
        query_fn=paging(),
        initial_page_param=0,
        get_next_page_param=lambda *_: None,
    )
    return {
        "use_query": {"options": query},
        "use_queries": {"queries": [query, query.with_(query_key=(*key, "other"))]},
        "use_infinite_query": {"options": pages},
        "use_mutation": {"options": MutationOptions(mutation_fn=lambda value, _: value)},
        "use_mutation_state": {},
        "use_is_fetching": {},
        "use_is_mutating": {},
        "use_prefetch_query": {"options": query},
        "use_query_client": {},
    }


def bindings():
    """How many bindings are alive."""
    gc.collect()
    return sum(isinstance(thing, Binding) for thing in gc.get_objects())


async def test_a_thousand_components_leave_nothing_behind(stage, client, calls):
    """Each hook in its turn."""
    before, tasks = bindings(), len(asyncio.all_tasks())
    for name, _ in zip(itertools.cycle(calls), range(MOUNTS)):
        probe = await stage.mount(name, lambda _, name=name: calls[name])
        assert probe.errors == []
        await stage.unmount(probe)
    del probe
    assert_no_leaks(client)
    assert len(asyncio.all_tasks()) == tasks
    # the task in which Flet runs effects holds the one that it ran last
    assert bindings() <= before + 1


async def test_a_component_that_is_drawn_often_gathers_nothing(stage, client, key):
    """Neither tasks nor listeners, with options that are new each time."""
    probe = await stage.mount(
        "use_query", lambda number: {"options": QueryOptions(query_key=key, enabled=False, meta={"number": number})}
    )
    tasks = len(asyncio.all_tasks())
    for number in range(100):
        await stage.rerender(probe, number)
    assert probe.renders == 101
    assert len(asyncio.all_tasks()) == tasks
    (query,) = client.get_query_cache().get_all()
    assert query.get_observers_count() == 1


async def test_a_page_that_closes_takes_its_components_with_it(framework, client, calls):
    """None of them is unmounted by hand."""
    async with staged(framework, client) as stage:
        for name, arguments in calls.items():
            await stage.mount(name, lambda _, arguments=arguments: arguments)
        assert sum(query.get_observers_count() for query in client.get_query_cache().get_all()) == 4
    assert_no_leaks(client)
