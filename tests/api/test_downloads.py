"""Files that are loaded piece by piece."""

import asyncio
import gzip
import threading

import pytest

from query import OptionError, QueryOptions
from query.api import ApiClient, ApiRequest, RequestError, api_download, api_download_sync, set_api_client

BYTES = bytes(range(256)) * 600
PIECE = 65536


class Pieces:
    """A body that comes in pieces, and may break or wait for ever; for both kinds of clients."""

    def __init__(self, library, end=None):
        self.library = library
        self.end = end
        self.closed = False

    def __iter__(self):
        yield BYTES[:PIECE]
        if self.end is not None:
            raise self.end
        yield BYTES[PIECE:]

    async def __aiter__(self):
        yield BYTES[:PIECE]
        if self.end == "wait":
            await asyncio.Event().wait()
        if self.end is not None:
            raise self.end
        yield BYTES[PIECE:]

    def close(self):
        self.closed = True

    async def aclose(self):
        self.closed = True


@pytest.fixture
def body(server, monkeypatch):
    """Answer with a body in pieces."""

    def make(end=None, headers=None, status=200):
        made = Pieces(server.library, end)

        class Stream(Pieces, server.library.AsyncByteStream, server.library.SyncByteStream):
            pass

        made.__class__ = Stream
        server.answer = {"status_code": status, "stream": made, "headers": headers or {}}
        return made

    return make


@pytest.fixture(params=["async", "blocks", "thread"])
def download(request, server):
    """Load by each kind of client, and by one that blocks in a loop."""
    kind = request.param
    http = server.http if kind == "async" else server.blocking_http
    set_api_client(ApiClient(http=http(base_url="https://api.test")))

    async def download(*args, **options):
        if kind == "blocks":
            return api_download_sync(*args, **options)
        return await api_download(*args, **options)

    return download


async def test_a_file_is_written(download, body, server, tmp_path):
    """To where it was wanted, and nothing beside it; one is told how far it is."""
    stream = body(headers={"content-length": str(len(BYTES))})
    told = []
    path = await download("/moon.png", tmp_path / "moon.png", progress=lambda *seen: told.append(seen))
    assert path == tmp_path / "moon.png"
    assert path.read_bytes() == BYTES
    assert list(tmp_path.iterdir()) == [path]
    assert told[-1] == (len(BYTES), len(BYTES))
    assert [seen[0] for seen in told] == sorted({seen[0] for seen in told})
    assert len(told) >= 2
    assert stream.closed
    assert str(server.last.url) == "https://api.test/moon.png"


async def test_a_file_may_be_wanted_as_bytes(download, body):
    """The whole call may be said; of a length that is not told, nobody knows how much is left."""
    body()
    told = []
    request = ApiRequest(url="/moon.png", query={"size": 1}, headers={"Accept": "image/png"})
    assert await download(request, progress=lambda *seen: told.append(seen)) == BYTES
    assert {total for _, total in told} == {None}


async def test_what_is_packed_is_unpacked(download, server, tmp_path):
    """Its length is not that of the file."""
    packed = gzip.compress(BYTES)
    headers = {"content-encoding": "gzip", "content-length": str(len(packed))}
    server.answer = lambda request: {"status_code": 200, "content": packed, "headers": headers}
    told = []
    await download("/x", str(tmp_path / "x"), progress=lambda *seen: told.append(seen))
    assert (tmp_path / "x").read_bytes() == BYTES
    assert told[-1] == (len(BYTES), None)


async def test_an_empty_file(download, server, tmp_path):
    """Is one."""
    server.answer = {"status_code": 204}
    assert (await download("/x", tmp_path / "x")).read_bytes() == b""
    assert await download("/x") == b""


async def test_a_file_that_breaks_off_leaves_the_old_one(download, body, server, tmp_path):
    """There is never half a file, nor a rest of one."""
    target = tmp_path / "x"
    target.write_bytes(b"old")
    stream = body(end=server.library.ReadError("gone"))
    with pytest.raises(RequestError, match="got no answer: ReadError: gone") as caught:
        await download("/x", target)
    assert caught.value.is_network
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    assert stream.closed


async def test_an_error_writes_nothing(download, body, server, tmp_path):
    """Its body is read for the detail."""
    server.answer = {"status_code": 404, "json": {"detail": "no such file"}}
    with pytest.raises(RequestError, match="answered 404: no such file"):
        await download("/x", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


async def test_an_error_in_progress_ends_the_download(download, body, tmp_path):
    """It is the caller's own."""

    def progress(count, total):
        raise ZeroDivisionError

    body()
    with pytest.raises(ZeroDivisionError):
        await download("/x", tmp_path / "x", progress=progress)
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_is_not_there_is_missed_before_anything_is_sent(download, server, tmp_path):
    """The error is that of the system."""
    with pytest.raises(FileNotFoundError):
        await download("/x", tmp_path / "no" / "x")
    assert server.requests == []


async def test_a_cancelled_download_leaves_nothing(server, body, tmp_path):
    """Its connection is closed at once."""
    set_api_client(server.api_client())
    stream = body(end="wait")
    begun = asyncio.Event()
    task = asyncio.create_task(api_download("/x", tmp_path / "x", progress=lambda *_: begun.set()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(tmp_path.iterdir()) == []
    assert stream.closed


async def test_a_cancelled_download_in_a_thread_leaves_nothing_either(server, tmp_path):
    """The thread cannot be stopped at once, but it gives up at the next piece."""
    set_api_client(ApiClient(http=server.blocking_http()))
    begun, may_go, over = asyncio.Event(), threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow(server.library.SyncByteStream):
        def __iter__(self):
            yield b"one"
            loop.call_soon_threadsafe(begun.set)
            assert may_go.wait(20)
            yield b"two"
            yield b"three"

        def close(self):
            loop.call_soon_threadsafe(over.set)

    server.answer = {"status_code": 200, "stream": Slow()}
    task = asyncio.create_task(api_download("/x", tmp_path / "x"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    may_go.set()
    await over.wait()
    await loop.shutdown_default_executor()
    assert list(tmp_path.iterdir()) == []


async def test_a_query_function_loads_by_the_api_client_of_its_query_client(client, body, server, tmp_path):
    """Its login goes along."""
    body()

    async def load(context):
        return await api_download("/x", tmp_path / "x", client=context.client)

    assert await client.query(QueryOptions(query_key=("file",), query_fn=load)) == tmp_path / "x"
    assert str(server.last.url) == "https://api.test/x"


async def test_a_stream_needs_its_kind_of_client(server):
    """Each says what to use instead."""
    with pytest.raises(OptionError, match="Use stream_sync in a thread"):
        async with ApiClient(http=server.blocking_http()).stream(ApiRequest(url="/x/")):
            pass
    with pytest.raises(OptionError, match="needs a client that blocks"):
        with server.api_client().stream_sync(ApiRequest(url="/x/")):
            pass


async def test_another_server_does_not_hear_the_login_of_a_download(download, body, server):
    """The URL of a file often comes from an answer."""
    api = ApiClient(http=server.blocking_http(base_url="https://api.test", headers={"X-Api-Key": "k"}))
    set_api_client(api)
    body()
    await download("https://files.test/x")
    assert "x-api-key" not in server.last.headers
