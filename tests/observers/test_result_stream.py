"""Results as an async iterator: of an observer, and of the client."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest
from client_fixtures import shown

from query import QueryClient, QueryOptions, infinite_query_options


@pytest.fixture
def collect():
    """Starts a task that puts what a stream gives into a list, until it ends."""
    tasks = []

    def start(stream):
        seen = []

        async def run():
            async for result in stream:
                seen.append(result)

        tasks.append(asyncio.create_task(run()))
        return seen, tasks[-1]

    yield start
    for task in tasks:
        task.cancel()


async def test_a_stream_begins_with_the_present_result(observe, answering, clock, collect):
    """Which is that of the subscription; then come the changes."""
    seen, _ = collect(observe(query_fn=answering("data", after=1)).results())
    await clock.settle()
    assert [shown(result) for result in seen] == [("pending", "fetching", None)]
    await clock.advance(1)
    assert [shown(result) for result in seen[1:]] == [("success", "idle", "data")]


async def test_a_stream_that_nobody_reads_subscribes_to_nothing(observe):
    """It begins with the first step, or with the block."""
    observer = observe(enabled=False)
    stream = observer.results()
    assert not observer.has_listeners()
    async with stream:
        assert observer.has_listeners()
    assert not observer.has_listeners()


async def test_who_is_slow_sees_the_newest_result(client, key, observe):
    """What came between is gone, and no more than one result waits."""
    async with observe(enabled=False).results() as stream:
        assert (await anext(stream)).data is None
        for number in range(1000):
            client.set_query_data(key, number)
        assert (await anext(stream)).data == 999
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        client.set_query_data(key, "last")
        client.set_query_data(key, "very last")
        assert (await waiting).data == "very last"


async def test_a_stream_follows_what_listeners_are_told(client, key, observe):
    """It is one of them."""
    async with observe(enabled=False, notify_on_change_props=["data"]).results() as stream:
        await anext(stream)
        client.set_query_data(key, "data", updated_at=1.0)
        assert (await anext(stream)).data_updated_at == 1.0
        client.set_query_data(key, "data", updated_at=2.0)
        client.set_query_data(key, "other", updated_at=3.0)
        assert (await anext(stream)).data == "other"


async def test_leaving_the_block_ends_the_stream(observe):
    """Once for all: it has nothing more to give."""
    observer = observe(enabled=False)
    async with observer.results() as stream:
        pass
    assert [result async for result in stream] == []
    await stream.aclose()
    assert not observer.has_listeners()


async def test_closing_wakes_who_waits(client, key, observe, collect, clock):
    """Its loop ends; a result that was not taken is gone."""
    observer = observe(enabled=False)
    stream = observer.results()
    seen, task = collect(stream)
    await clock.settle()
    client.set_query_data(key, "untaken")
    await stream.aclose()
    await clock.settle()
    assert task.done()
    assert len(seen) == 1


async def test_breaking_out_of_a_loop_leaves(observe, clock):
    """On the next turn, if nobody else holds the stream: it may have been dropped in the middle of anything."""
    observer = observe(enabled=False)
    async for _ in observer.results():
        break
    assert observer.has_listeners()
    await clock.settle()
    assert not observer.has_listeners()


async def test_a_stream_that_is_dropped_in_another_thread_leaves_in_its_own_loop(observe, clock):
    """Observers are not thread-safe."""
    observer = observe(enabled=False)
    held = [observer.results()]
    await anext(held[0])
    thread = threading.Thread(target=held.clear)
    thread.start()
    thread.join()
    assert observer.has_listeners()
    await clock.settle()
    assert not observer.has_listeners()


def test_a_stream_that_outlives_its_loop_is_dropped_in_silence(clock, key):
    """There is nothing left to leave."""

    async def begin():
        stream = QueryClient(clock=clock).watch(QueryOptions(query_key=key, enabled=False))
        await anext(stream)
        return stream

    stream = asyncio.run(begin())
    del stream
    gc.collect()


async def test_a_cancelled_reader_leaves(observe, collect, clock):
    """Also while the stream is held."""
    observer = observe(enabled=False)
    stream = observer.results()
    _, task = collect(stream)
    await clock.settle()
    task.cancel()
    await clock.settle()
    assert task.cancelled()
    assert not observer.has_listeners()


async def test_two_tasks_cannot_read_one_stream(observe, collect, clock):
    """The second is told so; the first goes on."""
    stream = observe(enabled=False).results()
    _, task = collect(stream)
    await clock.settle()
    with pytest.raises(RuntimeError, match="Give each task a stream of its own"):
        await anext(stream)
    assert not task.done()


async def test_streams_of_one_observer_are_independent(client, key, observe):
    """The last one that leaves leaves the query."""
    observer = observe(enabled=False)
    async with observer.results() as first:
        async with observer.results() as second:
            await anext(first)
            await anext(second)
            client.set_query_data(key, "data")
            assert (await anext(second)).data == "data"
        assert observer.has_listeners()
        assert (await anext(first)).data == "data"


async def test_closing_the_client_ends_its_streams(client, observe, collect, clock, key, answering):
    """After the last result: nothing would come any more."""
    seen, task = collect(observe(query_fn=answering("data", after=1)).results())
    await clock.settle()
    await client.aclose()
    await clock.settle()
    assert task.done()
    assert [shown(result) for result in seen] == [("pending", "fetching", None), ("pending", "idle", None)]


async def test_closing_the_client_leaves_for_a_reader_who_is_busy(client, observe, key):
    """What it had not taken is still there to be taken; nothing begins anew on a closed client."""
    stream = observe(enabled=False).results()
    await anext(stream)
    client.set_query_data(key, "last")
    await client.aclose()
    assert [result.data async for result in stream] == ["last"]
    assert client.leaks() == []


# -- of the client


async def test_a_client_watches_a_query(client, key, answering, clock, collect):
    """With an observer of its own, that is gone when the loop is left."""
    seen, task = collect(client.watch(QueryOptions(query_key=key, query_fn=answering("data", after=1), select=len)))
    await clock.advance(1)
    assert [shown(result) for result in seen] == [("pending", "fetching", None), ("success", "idle", 4)]
    query = client.get_query_cache().find(query_key=key)
    assert query.get_observers_count() == 1
    task.cancel()
    await clock.settle()
    assert query.get_observers_count() == 0


async def test_watching_an_infinite_query_gives_results_with_pages(client, key):
    """By its options."""
    pages = infinite_query_options(
        query_key=key,
        query_fn=lambda context: [context.page_param],
        initial_page_param=1,
        get_next_page_param=lambda page, pages, param, params: param + 1,
    )
    async with client.watch(pages) as results:
        assert (await anext(results)).is_fetching
        result = await anext(results)
        assert (result.data.pages, result.has_next_page) == ([[1]], True)
        assert (await result.fetch_next_page()).data.pages == [[1], [2]]


async def test_watching_until_there_is_data(client, key, answering):
    """The shortest way to it."""
    async with client.watch(QueryOptions(query_key=key, query_fn=answering("data"))) as results:
        async for result in results:
            if result.is_success:
                break
    assert result.data == "data"
    assert client.get_query_cache().find(query_key=key).get_observers_count() == 0
