"""The page by itself, on a port of loopback."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from threading import current_thread

import httpx
import pytest

from query import QueryOptions
from query.devtools import devtools, devtools_snapshot, serve_devtools
from query.sync import QueryClient as BlockingClient

pytestmark = pytest.mark.real_sleep("a server looks ten times a second whether it is to stop")


async def test_it_is_served_within_a_block_and_gone_after_it(client, key, tmp_path):
    """On 127.0.0.1 alone, and without a trace in the client."""
    server = serve_devtools(client)
    with pytest.raises(RuntimeError, match="have not been started"):
        print(server.url)
    async with server:
        assert server.url.startswith("http://127.0.0.1:")
        async with httpx.AsyncClient() as visit:
            assert "Query devtools" in (await visit.get(server.url)).text
            assert (await visit.get(server.url.partition("?")[0])).status_code == 403
        client.set_query_data(key, 1)
        url = server.url
    async with httpx.AsyncClient() as visit:
        with pytest.raises(httpx.ConnectError):
            await visit.get(url)
    assert client.get_query_cache().note is None
    assert len(server.page.log.events()) == 2
    path = devtools_snapshot(client, tmp_path / "cache.html", events=server)
    assert "data written" in path.read_text()


async def test_it_can_be_awaited_with_a_port_and_a_token(client, unused_tcp_port):
    """And closed more than once."""
    server = await serve_devtools(client, port=unused_tcp_port, token="mine")
    assert server.url == f"http://127.0.0.1:{unused_tcp_port}/?token=mine"
    assert await server.start() is server
    with pytest.raises(OSError, match="in use"):
        await serve_devtools(client, port=unused_tcp_port)
    await server.aclose()
    await server.aclose()


async def test_it_stops_while_a_viewer_looks(client):
    """Nobody waits for a stream without end."""
    server = await serve_devtools(client)
    base, _, token = server.url.partition("?token=")
    async with httpx.AsyncClient() as visit, visit.stream("GET", f"{base}events?token={token}") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == "event: network"
        await asyncio.wait_for(server.aclose(), 5)
        assert "event: list" in [line async for line in lines]


def test_a_program_without_a_loop_has_it_in_the_thread_of_its_client(key):
    """Read and changed there."""
    calls = []
    with BlockingClient() as client:
        client.query(QueryOptions(query_key=key, query_fn=lambda context: calls.append(1) or len(calls)))
        with serve_devtools(client) as server:
            base, _, token = server.url.partition("?token=")
            assert "Query devtools" in httpx.get(server.url).text
            with httpx.stream("GET", f"{base}events?token={token}") as response:
                assert next(response.iter_lines()) == "event: network"
            body = {"action": "remove", "target": client.get_query_cache().find(key).query_hash}
            assert httpx.post(f"{base}action", headers={"x-devtools-token": token}, json=body).status_code == 204
        assert client.get_query_cache().find(key) is None
        server.close()
        late = serve_devtools(client).start()
        never = serve_devtools(client)
    late.close()
    never.close()


async def test_a_page_in_another_loop_than_the_clients_works_in_that_of_the_client(key):
    """A server of the program may run in a thread of its own."""
    threads = []
    client = BlockingClient()
    options = QueryOptions(query_key=key, query_fn=lambda context: "data")
    await asyncio.to_thread(client.query, options)
    query = client._client.get_query_cache().find(key)
    page = devtools(client, token="secret", error_types={"Mine": lambda query: threads.append(current_thread().name)})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(page), base_url="http://localhost") as visit:
        body = {"action": "trigger_error", "target": query.query_hash, "value": "Mine"}
        response = await visit.post("/action", headers={"x-devtools-token": "secret"}, json=body)
    assert response.status_code == 204
    assert threads == ["query loop"]
    page.close()
    await asyncio.to_thread(client.close)


# -- as a file


async def test_a_snapshot_is_one_file_that_needs_nothing_else(client, page, key, tmp_path, mutation_of):
    """No script, nothing from elsewhere, nothing secret, nothing unescaped."""
    client.set_query_data((*key, "<script>alert(1)</script>"), {"name": "Apollo", "password": "hunter2"})
    await mutation_of(mutation_key=("add",), mutation_fn=lambda variables, context: 1).execute({"name": "Gemini"})
    path = devtools_snapshot(client, tmp_path / "cache.html", events=page)
    text = path.read_text()
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "hunter2" not in text
    assert "://" not in text
    assert "default-src 'none'; style-src 'sha256-" in text.replace("&#39;", "'")
    for part in ("Apollo", "Gemini", "data written", 'href="#q1"', 'id="q1"', 'href="#m1"', 'id="m1"'):
        assert part in text
    assert "<button" not in text


def test_a_snapshot_of_a_client_without_a_loop_and_without_a_log(tmp_path, key):
    """Its events are left out."""
    with BlockingClient() as client:
        client.set_query_data(key, "data")
        text = devtools_snapshot(client, tmp_path / "cache.html").read_text()
    assert "Events" not in text
    assert "data" in text


@pytest.mark.parametrize("missing", ["htpy", "sse_starlette", "uvicorn", "starlette"])
def test_a_missing_package_is_named_with_its_extra(missing):
    """And the core does not need it."""
    program = (
        f"import sys; sys.modules[{missing!r}] = None; import query, query.sync\n"
        "try:\n    import query.devtools\nexcept ImportError as error:\n    print(error)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert f"query.devtools needs {missing}" in told
    assert "pip install 'pytest-mockapi[devtools]'" in told
