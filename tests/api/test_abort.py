"""A request that nobody wants any more is given up: its connection is closed, which a real server sees."""

import asyncio
import contextlib

import pytest

from query import MutationObserver, MutationOptions, QueryCancelledError, QueryClient, QueryObserver, QueryOptions
from query.api import (
    ApiClient,
    ApiRequest,
    api_download,
    api_fetch,
    api_options,
    batch_requests,
    call_api,
    fetch_mutation,
    limit_concurrency,
    set_api_client,
)


class SlowServer:
    """A real server that never answers, and notes who hangs up."""

    def __init__(self):
        self.arrived = asyncio.Event()
        self.hung_up = asyncio.Event()
        self.answer = b""

    async def handle(self, reader, writer):
        with contextlib.closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            if self.answer:
                writer.write(self.answer)
                await writer.drain()
            self.arrived.set()
            # ends when the other side closes the connection
            await reader.read()
            self.hung_up.set()


@pytest.fixture
async def slow():
    """The server, running on this machine."""
    slow = SlowServer()
    server = await asyncio.start_server(slow.handle, "127.0.0.1", 0)
    slow.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield slow
    server.close()
    await server.wait_closed()


@pytest.fixture
async def client(slow, library):
    """A query client whose calls go there."""
    async with ApiClient(base_url=slow.url, library=library.__name__) as api, QueryClient() as client:
        set_api_client(api, query_client=client)
        yield client
        client.clear()


options = api_options.as_(int)("/slow/", stale_time=0)


async def test_cancelling_a_query_hangs_up(slow, client):
    """``cancel_queries`` ends the request, not only the waiting for it."""
    handle = client.fetch_query(options)
    await slow.arrived.wait()
    await client.cancel_queries(options.query_key)
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    with pytest.raises(QueryCancelledError):
        await handle


async def test_removing_a_query_hangs_up(slow, client):
    """Its data would have nowhere to go."""
    handle = client.fetch_query(options)
    await slow.arrived.wait()
    client.remove_queries(options.query_key)
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    with pytest.raises(QueryCancelledError):
        await handle


async def reading_the_signal(context):
    assert not context.signal.aborted
    return await api_fetch(context)


@pytest.mark.parametrize(
    "leaving",
    [options.with_(cancel_when_unused=True), options.with_(query_fn=reading_the_signal)],
    ids=["cancel_when_unused", "signal"],
)
async def test_the_last_observer_hangs_up_if_it_was_told_to(slow, client, leaving):
    """By the option, or by a function that reads the signal."""
    unsubscribe = QueryObserver(client, leaving).subscribe(lambda result: None)
    await slow.arrived.wait()
    unsubscribe()
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    assert client.get_query_state(leaving.query_key).fetch_status == "idle"


async def test_the_last_observer_lets_a_request_finish_otherwise(slow, client):
    """As in TanStack Query: the answer is cached for the next one who looks."""
    unsubscribe = QueryObserver(client, options).subscribe(lambda result: None)
    await slow.arrived.wait()
    unsubscribe()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not slow.hung_up.is_set()
    assert client.get_query_state(options.query_key).fetch_status == "fetching"


async def test_an_abort_signal_is_heard_during_the_request(slow, client):
    """A function may listen to it, too."""
    told = []

    async def listening(context):
        context.signal.add_listener(lambda: told.append("aborted"))
        return await api_fetch(context)

    handle = client.fetch_query(options.with_(query_fn=listening))
    await slow.arrived.wait()
    await client.cancel_queries()
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    assert told == ["aborted"]
    with pytest.raises(QueryCancelledError):
        await handle


@pytest.mark.parametrize("wrapper", ["limit", "batch"])
async def test_wrappers_hang_up_as_well(slow, client, wrapper):
    """A limit and a batch pass the cancellation on."""

    async def load(ids, context):
        return {1: await call_api(ApiRequest(url="/slow/"), context.client)}

    functions = {
        "limit": limit_concurrency(api_fetch, 1),
        "batch": batch_requests(load, id_of=lambda context: 1),
    }
    handle = client.fetch_query(QueryOptions(query_key=("/slow/",), query_fn=functions[wrapper]))
    await slow.arrived.wait()
    await client.cancel_queries()
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    with pytest.raises(QueryCancelledError):
        await handle


async def test_a_download_hangs_up_in_the_middle(slow, client, tmp_path):
    """Of a body that has begun; nothing is left of the file."""
    slow.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500
    begun = asyncio.Event()

    async def load(context):
        return await api_download("/x", tmp_path / "x", client=context.client, progress=lambda *_: begun.set())

    handle = client.fetch_query(QueryOptions(query_key=("file",), query_fn=load))
    await begun.wait()
    await client.cancel_queries()
    await asyncio.wait_for(slow.hung_up.wait(), 10)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(QueryCancelledError):
        await handle


async def test_a_write_is_not_given_up(slow, client):
    """Cancelling who waits for a mutation ends that waiting: the server may have done half of it."""
    create = MutationObserver(client, MutationOptions(mutation_fn=fetch_mutation("POST", "/slow/")))
    handle = create.mutate()

    async def wait():
        await handle

    waiting = asyncio.ensure_future(wait())
    await slow.arrived.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not slow.hung_up.is_set()
    assert create.get_current_result().is_pending
    client.get_mutation_cache().clear()


async def test_a_cancelled_query_gives_up_a_mocked_request(mock_api_client, library):
    """The mock sees it as a server would: the call has no answer."""
    mock = mock_api_client.add_mock_response(url="/slow/", body=1)
    gate = mock.pause()
    async with ApiClient(library=library.__name__) as api, QueryClient() as client:
        set_api_client(api, query_client=client)
        handle = client.fetch_query(options)
        await mock.wait_called()
        await client.cancel_queries()
        with pytest.raises(QueryCancelledError):
            await handle
        gate.release()
        assert client.get_query_data(options.query_key) is None
        client.clear()
    (call,) = mock.calls
    assert call.response is None
