"""What an environment knows of other threads, and who calls the functions of users."""

from __future__ import annotations

import asyncio
import os

import pytest

from query import InfiniteQueryOptions, LoopError, MutationObserver, MutationOptions, QueryClient, QueryOptions
from query.runtime.environment import Environment


@pytest.fixture
def environment():
    """One without a loop yet."""
    return Environment()


async def test_its_loop_runs_elsewhere_for_other_threads_only(environment):
    """And for no thread before there is one."""
    assert not environment.is_running_elsewhere()
    environment.bind()
    assert not environment.is_running_elsewhere()
    assert await asyncio.to_thread(environment.is_running_elsewhere)
    assert await asyncio.to_thread(environment.loop_elsewhere) is asyncio.get_running_loop()


async def test_another_thread_is_told_of_threadsafe(environment):
    """Instead of that no loop runs."""
    environment.bind()
    with pytest.raises(LoopError, match="Use client.threadsafe there"):
        await asyncio.to_thread(environment.bind)


def test_a_loop_that_cannot_answer_is_refused(environment):
    """None yet, or one that has ended."""
    with pytest.raises(LoopError, match="no event loop yet"):
        environment.loop_elsewhere()

    async def bind():
        environment.bind()

    asyncio.run(bind())
    assert not environment.is_running_elsewhere()
    with pytest.raises(LoopError, match="does not run now"):
        environment.loop_elsewhere()


async def test_a_loop_of_the_parent_process_is_refused(environment, monkeypatch):
    """Its copy looks alive."""
    environment.bind()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    with pytest.raises(LoopError, match="after the fork"):
        environment.loop_elsewhere()


async def test_the_first_loop_is_taken_and_no_other(environment):
    """bind_if_first never fails."""
    environment.bind_if_first()
    assert environment.loop_elsewhere() is asyncio.get_running_loop()

    async def other():
        environment.bind_if_first()

    await asyncio.to_thread(asyncio.run, other())
    await asyncio.to_thread(environment.bind_if_first)
    assert environment.loop_elsewhere() is asyncio.get_running_loop()


async def test_who_binds_is_told_once_for_each_loop(environment):
    """on_bind has the loop."""
    told = []
    environment.on_bind = told.append
    environment.bind()
    environment.bind()
    assert told == [asyncio.get_running_loop()]


async def test_functions_of_users_are_called_through_adapt(key):
    """A query_fn, that of each page, and a mutation_fn; the function itself is kept in the options."""
    async with QueryClient() as client:
        adapted = []

        def adapt(function):
            adapted.append(function)
            return lambda *args: ("adapted", function(*args))

        client.environment.adapt = adapt

        def load(context):
            return "data"

        def write(variables, context):
            return variables

        assert await client.query(QueryOptions(query_key=key, query_fn=load)) == ("adapted", "data")
        pages = InfiniteQueryOptions(
            query_key=(*key, "pages"), query_fn=load, initial_page_param=0, get_next_page_param=lambda *args: None
        )
        assert (await client.infinite_query(pages)).pages == [("adapted", "data")]
        observer = MutationObserver(client, MutationOptions(mutation_fn=write))
        assert await observer.mutate(1) == ("adapted", 1)
        assert adapted == [load, load, write]
        assert client.get_query_cache().find(query_key=key).options.query_fn is load
