"""ollama 0.6 (a local model server) on httpx, its sync and its async client.

Exercised: a list, a chat and an embedding sent as JSON, answers streamed as one JSON document a line, an error in the
middle of such a stream, `ResponseError`, connection failures that become the built-in `ConnectionError`, redirects,
uploads from an open file and from an async generator, and misses that the caller swallows.
"""

from __future__ import annotations

import hashlib
import json

import httpx
import ollama
import pytest

from mockapi import match_data

HOST = "http://ollama.test:11434"

# as an application would have it: made when its module is imported, long before any mock is there
ollama_of_the_app = ollama.Client(host=HOST)


@pytest.fixture
def client():
    client = ollama.Client(host=HOST)
    yield client
    client.close()


@pytest.fixture
async def async_client():
    client = ollama.AsyncClient(host=HOST)
    yield client
    await client.close()


def lines(*parts):
    return [json.dumps(part).encode() + b"\n" for part in parts]


def chat_parts(*words):
    done = [False] * (len(words) - 1) + [True]
    return lines(
        *(
            {"model": "llama", "message": {"role": "assistant", "content": word}, "done": last}
            for word, last in zip(words, done, strict=True)
        )
    )


def test_client_made_at_import_is_served(mock_api_client):
    """A client older than the mock is intercepted all the same."""
    mock = mock_api_client.add_mock_response(
        url=f"{HOST}/api/tags", body={"models": [{"model": "llama:8b", "size": 5}]}
    )

    assert [model.model for model in ollama_of_the_app.list().models] == ["llama:8b"]

    mock.assert_called_once()


def test_full_url_matches_its_host_alone(mock_api_client, client):
    """Two servers with the same path are told apart by host and port."""
    mine = mock_api_client.add_mock_response(url=f"{HOST}/api/ps", body={"models": []})
    other = mock_api_client.add_mock_response(url="http://ollama.test:9999/api/ps", body={"models": []})

    client.ps()

    assert (mine.call_count, other.call_count) == (1, 0)


def test_chat_is_matched_by_its_messages(mock_api_client, client):
    """A match on the messages picks the answer; other keys of the body are ignored."""
    for question, answer in (("hi", "hello"), ("bye", "farewell")):
        mock_api_client.add_mock_response(
            url="/api/chat",
            method="POST",
            body={"model": "llama", "message": {"role": "assistant", "content": answer}, "done": True},
            match=[match_data({"messages": [{"role": "user", "content": question}], "stream": False})],
        )

    answers = [
        client.chat("llama", [{"role": "user", "content": question}], options={"seed": 1}).message.content
        for question in ("hi", "bye")
    ]

    assert answers == ["hello", "farewell"]


def test_stream_yields_a_part_for_each_line(mock_api_client, client):
    """An iterator body is a stream, read line by line by the SDK."""
    mock = mock_api_client.add_mock_response(url="/api/chat", method="POST", body=iter(chat_parts("Hel", "lo", "!")))

    words = [part.message.content for part in client.chat("llama", [], stream=True)]

    assert words == ["Hel", "lo", "!"]
    mock.assert_called_with(data={"stream": True})


async def test_async_stream_yields_a_part_for_each_line(mock_api_client, async_client):
    """The same sync iterator serves an async caller."""
    mock_api_client.add_mock_response(url="/api/chat", method="POST", body=iter(chat_parts("Hel", "lo", "!")))

    words = [part.message.content async for part in await async_client.chat("llama", [], stream=True)]

    assert words == ["Hel", "lo", "!"]


async def test_async_iterator_streams_to_an_async_caller(mock_api_client, async_client):
    """An async iterator is a stream too."""

    async def parts():
        for part in chat_parts("a", "b"):
            yield part

    mock_api_client.add_mock_response(url="/api/chat", method="POST", body=parts())

    assert [part.message.content async for part in await async_client.chat("llama", [], stream=True)] == ["a", "b"]


def test_chunks_need_not_end_where_lines_end(mock_api_client, client):
    """Chunks of seven bytes make the same parts."""
    whole = b"".join(chat_parts("grüß", "dich"))
    mock_api_client.add_mock_response(
        url="/api/chat", method="POST", body=(whole[at : at + 7] for at in range(0, len(whole), 7))
    )

    assert [part.message.content for part in client.chat("llama", [], stream=True)] == ["grüß", "dich"]


def test_stream_that_is_left_early_harms_nobody(mock_api_client, client):
    """A caller may stop after one part and call again."""
    mock = mock_api_client.add_mock_response(url="/api/chat", method="POST", body=b"".join(chat_parts("a", "b")))

    for _ in range(2):
        parts = client.chat("llama", [], stream=True)
        assert next(parts).message.content == "a"
        parts.close()

    assert mock.call_count == 2


def test_error_inside_a_stream_is_the_sdks_error(mock_api_client, client):
    """What came before the error has been delivered."""
    mock_api_client.add_mock_response(
        url="/api/pull",
        method="POST",
        body=iter(lines({"status": "pulling", "total": 9, "completed": 3}, {"error": "disk full"})),
    )
    progress = client.pull("llama", stream=True)

    assert next(progress).completed == 3
    with pytest.raises(ollama.ResponseError, match="disk full"):
        next(progress)


@pytest.mark.parametrize("stream", [False, True])
def test_error_status_is_the_sdks_error(mock_api_client, client, stream):
    """Plain and streaming calls read the error's body."""
    mock_api_client.add_mock_response(
        url="/api/generate", method="POST", status_code=404, body={"error": "model 'x' not found"}
    )

    with pytest.raises(ollama.ResponseError, match="model 'x' not found") as caught:
        list(client.generate("x", "hi", stream=stream))

    assert caught.value.status_code == 404


async def test_async_error_status_is_the_sdks_error(mock_api_client, async_client):
    """The async client reads the error's body."""
    mock_api_client.add_mock_response(url="/api/show", method="POST", status_code=400, body={"error": "bad name"})

    with pytest.raises(ollama.ResponseError, match="bad name"):
        await async_client.show("?")


def test_refused_connection_is_the_builtin_error(mock_api_client, client):
    """An exception as body is raised where the network would have raised it."""
    mock_api_client.add_mock_response(url="/api/tags", body=httpx.ConnectError("refused"))

    with pytest.raises(ConnectionError, match="Failed to connect to Ollama"):
        client.list()


async def test_async_refused_connection_is_the_builtin_error(mock_api_client, async_client):
    """The same for the async client."""
    mock_api_client.add_mock_response(url="/api/tags", body=httpx.ConnectError("refused"))

    with pytest.raises(ConnectionError, match="Failed to connect to Ollama"):
        await async_client.list()


def test_redirect_leads_to_the_other_mock(mock_api_client, client):
    """A 307 keeps method and body on its way to the new place."""
    moved = mock_api_client.add_mock_response(
        url="/api/embed", method="POST", status_code=307, headers={"Location": f"{HOST}/v2/embed"}
    )
    target = mock_api_client.add_mock_response(
        url="/v2/embed", method="POST", body={"model": "e", "embeddings": [[0.5, -1.0]]}
    )

    assert client.embed("e", "text").embeddings == [[0.5, -1.0]]

    moved.assert_called_once()
    target.assert_called_once()
    target.assert_called_with(data={"model": "e", "input": "text"})


def test_delete_sends_a_body(mock_api_client, client):
    """A DELETE with a JSON body is matched on that body."""
    mock = mock_api_client.add_mock_response(url="/api/delete", method="DELETE", match=[match_data({"model": "old"})])

    assert client.delete("old").status == "success"

    mock.assert_called_once()


def test_upload_from_an_open_file_is_recorded_whole(mock_api_client, client, tmp_path):
    """A request body that is read from a file is there for the assertions."""
    blob = bytes(range(256)) * 300
    (tmp_path / "model.gguf").write_bytes(blob)
    digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
    mock = mock_api_client.add_mock_response(url=f"/api/blobs/{digest}", method="POST", status_code=201)

    assert client.create_blob(tmp_path / "model.gguf") == digest

    assert mock.calls[0].request.content == blob


async def test_upload_from_an_async_generator_is_recorded_whole(mock_api_client, async_client, tmp_path):
    """A one-shot async request body is read once and kept."""
    blob = bytes(range(256)) * 300
    (tmp_path / "model.gguf").write_bytes(blob)
    digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
    mock = mock_api_client.add_mock_response(url=f"/api/blobs/{digest}", method="POST", status_code=201)

    assert await async_client.create_blob(tmp_path / "model.gguf") == digest

    assert mock.calls[0].request.content == blob


def test_swallowed_miss_fails_the_test(run_suite):
    """A health check that calls every failure "down" cannot turn a miss into a pass."""
    result = run_suite(
        """
        import asyncio
        import ollama

        async def is_up():
            async with ollama.AsyncClient(host="http://ollama.test:11434") as client:
                try:
                    await client.list()
                except Exception:
                    return False
            return True

        def test_down(mock_api_client):
            mock_api_client.add_mock_response(url="/api/tag", body={"models": []})
            assert asyncio.run(is_up()) is False
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET*/api/tags*"])
