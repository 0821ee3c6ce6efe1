"""client.threadsafe: the client of an event loop for other threads."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from query import LoopError, QueryCancelledError, QueryClient, QueryOptions


def options(key, **more):
    return QueryOptions(query_key=key, query_fn=lambda context: threading.current_thread(), **more)


async def test_a_thread_gets_data_instead_of_a_handle(client, key):
    """The function is called in the loop, as ever."""
    assert await asyncio.to_thread(client.threadsafe.query, options(key)) is threading.current_thread()
    assert await asyncio.to_thread(client.threadsafe.get_query_data, key) is threading.current_thread()


async def test_threads_and_tasks_share_one_fetch(client, key, answering):
    """Whoever asks joins."""
    load = answering("data", after=1)
    both = QueryOptions(query_key=key, query_fn=load)
    begun = asyncio.Event()
    client.get_query_cache().subscribe(lambda event: begun.set())
    thread = asyncio.create_task(asyncio.to_thread(client.threadsafe.query, both))
    await begun.wait()
    handle = client.query(both)
    await client.environment.timeout_manager.clock.advance(1)
    assert [await handle, await thread] == ["data", "data"]
    assert len(load.calls) == 1


async def test_it_is_one_object(client):
    """A client has one way for other threads."""
    assert client.threadsafe is client.threadsafe


async def test_the_loop_itself_is_refused(client, key):
    """It would wait for itself."""
    with pytest.raises(LoopError, match="in the client's own event loop.*await what its methods return"):
        client.threadsafe.query(options(key))
    with pytest.raises(LoopError, match="in the client's own event loop"):
        client.threadsafe.get_query_data(key)


async def test_another_loop_is_refused(client, key):
    """It would stand still."""

    threadsafe = client.threadsafe

    async def other():
        threadsafe.query(options(key))

    with pytest.raises(LoopError, match=r"an event loop of its own.*asyncio.to_thread\(client.threadsafe.query"):
        await asyncio.to_thread(asyncio.run, other())


def test_a_client_without_a_loop_is_refused(key):
    """Before the first use in a loop, and after the loop has ended."""
    client = QueryClient()
    with pytest.raises(LoopError, match="has no event loop yet"):
        client.threadsafe.query(options(key))

    async def use():
        await client.query(options(key))

    asyncio.run(use())
    with pytest.raises(LoopError, match="does not run now"):
        client.threadsafe.query(options(key))
    client.discard()


async def test_a_forked_process_is_refused(client, key, monkeypatch):
    """Its copy of the loop says that it runs, and would never answer."""
    client.environment.bind()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    with pytest.raises(LoopError, match="Make a client after the fork"):
        await asyncio.to_thread(client.threadsafe.get_query_data, key)


async def test_closing_the_client_tells_threads_that_wait(key):
    """They get a QueryCancelledError, like tasks."""
    client = QueryClient()
    entered = asyncio.Event()

    async def hang(context):
        entered.set()
        await asyncio.Event().wait()

    waiting = asyncio.create_task(
        asyncio.to_thread(client.threadsafe.query, QueryOptions(query_key=key, query_fn=hang))
    )
    client.mount()
    client.environment.bind()
    await entered.wait()
    await client.aclose()
    with pytest.raises(QueryCancelledError):
        await waiting


def test_the_end_of_the_loop_tells_threads_that_wait(key):
    """A thread outlives asyncio.run; it is not left waiting."""
    said = []
    threads = []

    def wait(client):
        try:
            client.threadsafe.call(asyncio.sleep, 3600)
        except LoopError as error:
            said.append(str(error))

    async def main():
        client = QueryClient()
        async with client:
            entered = asyncio.Event()
            loop = asyncio.get_running_loop()
            threads.append(threading.Thread(target=wait, args=(client,)))
            threads[0].start()
            loop.call_later(0, entered.set)
            while not client.threadsafe._crossing._following:
                await asyncio.sleep(0)

    asyncio.run(main())
    threads[0].join(20)
    assert said == ["the event loop of this client ended while this thread waited."]
