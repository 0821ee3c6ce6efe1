"""openai 3.54 (chat, responses, files) on httpx2, its sync and its async client, and on httpx where it still may.

Exercised: lists whose pages follow a cursor, a chat and a response sent as JSON, server-sent events plain and typed,
a multipart upload, binary content read whole and in pieces, error statuses as classes, retries with Retry-After,
connection failures, timeouts, and clients made before the mock. The SDK retries and wraps httpx2's exceptions only,
so a miss comes through as it is; callers that swallow it fail all the same.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import httpx
import httpx2
import openai
import pytest

from mockapi import match_data, match_query

CHAT = "/v1/chat/completions"
QUESTION = [{"role": "user", "content": "hi"}]

# as an application would have it: made when its module is imported, long before any mock is there
openai_of_the_app = openai.OpenAI(api_key="sk-app", base_url="https://api.openai.com/v1")


@pytest.fixture
def client():
    with openai.OpenAI(api_key="sk-1") as client:
        yield client


@pytest.fixture
async def async_client():
    async with openai.AsyncOpenAI(api_key="sk-1") as client:
        yield client


def completion(text):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "gpt", "choices": [choice]}


def events(*words):
    for word in words:
        choice = {"index": 0, "delta": {"content": word}, "finish_reason": None}
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt", "choices": [choice]}
        yield f"data: {json.dumps(chunk)}\n\n".encode()
    yield b"data: [DONE]\n\n"


def typed_events(*words):
    for number, word in enumerate(words):
        event = {
            "type": "response.output_text.delta",
            "sequence_number": number,
            "item_id": "m1",
            "output_index": 0,
            "content_index": 0,
            "delta": word,
            "logprobs": [],
        }
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def file_page(*ids, has_more):
    files = [
        {"id": each, "object": "file", "bytes": 2, "created_at": 1, "filename": f"{each}.jsonl", "purpose": "batch"}
        for each in ids
    ]
    return {"object": "list", "data": files, "has_more": has_more}


def test_paging_follows_the_cursor_from_mock_to_mock(mock_api_client, client):
    """The SDK asks for the page after the last id, and that mock answers."""
    first = mock_api_client.add_mock_response(url="/v1/files", body=file_page("a", "b", has_more=True))
    second = mock_api_client.add_mock_response(
        url="/v1/files", body=file_page("c", has_more=False), match=[match_query({"after": "b"})]
    )

    assert [file.id for file in client.files.list(purpose="batch", limit=2)] == ["a", "b", "c"]

    first.assert_called_once()
    first.assert_called_with(query={"purpose": "batch", "limit": 2})
    second.assert_called_once()
    second.assert_called_with(query={"purpose": "batch", "limit": 2, "after": "b"})


async def test_async_paging_follows_the_cursor_from_mock_to_mock(mock_api_client, async_client):
    """The async client is served like the sync one."""
    mock_api_client.add_mock_response(url="/v1/files", body=file_page("a", has_more=True))
    mock_api_client.add_mock_response(
        url="/v1/files", body=file_page("b", has_more=False), match=[match_query({"after": "a"})]
    )

    assert [file.id async for file in async_client.files.list(limit=1)] == ["a", "b"]


def test_client_made_at_import_is_served(mock_api_client):
    """A client older than the mock is intercepted all the same, and sends its own key."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("hello"))

    answer = openai_of_the_app.chat.completions.create(model="gpt", messages=QUESTION)

    assert answer.choices[0].message.content == "hello"
    mock.assert_called_once()
    mock.assert_called_with(data={"model": "gpt", "messages": QUESTION}, headers={"Authorization": "Bearer sk-app"})


async def test_parallel_chats_are_matched_by_their_json(mock_api_client, async_client):
    """Ten questions at a time, each with its own answer."""
    questions = [[{"role": "user", "content": f"question {number}"}] for number in range(10)]
    for number, question in enumerate(questions):
        mock_api_client.add_mock_response(
            url=CHAT, method="POST", body=completion(f"answer {number}"), match=[match_data({"messages": question})]
        )

    answers = await asyncio.gather(
        *(async_client.chat.completions.create(model="gpt", messages=question) for question in questions)
    )

    assert [answer.choices[0].message.content for answer in answers] == [f"answer {number}" for number in range(10)]


def test_events_arrive_as_chunks(mock_api_client, client):
    """Server-sent events from a generator come out as the SDK's chunks."""
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=events("Hel", "lo"), headers={"Content-Type": "text/event-stream"}
    )

    with client.chat.completions.create(model="gpt", messages=QUESTION, stream=True) as chunks:
        assert [chunk.choices[0].delta.content for chunk in chunks] == ["Hel", "lo"]


async def test_typed_events_arrive_in_an_async_stream(mock_api_client, async_client):
    """Events with a name become the SDK's typed events, here from an async generator."""

    async def body():
        for event in typed_events("Hel", "lo"):
            yield event

    mock_api_client.add_mock_response(
        url="/v1/responses", method="POST", body=body(), headers={"Content-Type": "text/event-stream"}
    )

    stream = await async_client.responses.create(model="gpt", input="hi", stream=True)

    assert [(event.type, event.delta) async for event in stream] == [
        ("response.output_text.delta", "Hel"),
        ("response.output_text.delta", "lo"),
    ]


def test_stream_left_early_is_closed(mock_api_client, client):
    """The caller takes one chunk and leaves; the next call starts a stream of its own."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", body=events("a", "b"))

    firsts = []
    for _ in range(2):
        with client.chat.completions.create(model="gpt", messages=QUESTION, stream=True) as chunks:
            firsts.append(next(chunks).choices[0].delta.content)
        assert chunks.response.is_closed

    assert firsts == ["a", "a"]
    assert mock.call_count == 2


def test_upload_is_matched_by_its_form_field(mock_api_client, client):
    """A multipart body is matched by its fields, and its file is on record."""
    mock = mock_api_client.add_mock_response(
        url="/v1/files",
        method="POST",
        body=file_page("f1", has_more=False)["data"][0],
        match=[match_data({"purpose": "batch"})],
    )

    assert client.files.create(file=("in.jsonl", b'{"a": 1}'), purpose="batch").id == "f1"

    mock.assert_called_once()
    assert b'filename="in.jsonl"' in mock.calls[0].request.content
    assert b'{"a": 1}' in mock.calls[0].request.content


def test_binary_content_comes_back_byte_for_byte(mock_api_client, client):
    """A bytes body is not decoded, whatever is in it."""
    blob = bytes(range(256))
    mock_api_client.add_mock_response(
        url="/v1/files/f1/content", body=blob, headers={"Content-Type": "application/octet-stream"}
    )

    assert client.files.content("f1").read() == blob


async def test_binary_content_comes_in_the_pieces_of_its_iterator(mock_api_client, async_client):
    """A download that is read as it comes sees each piece by itself."""
    pieces = [b"\x00\x01", b"\x02", b"\xff"]
    mock_api_client.add_mock_response(url="/v1/files/f1/content", body=iter(pieces), headers={"X-Size": "4"})

    async with async_client.files.with_streaming_response.content("f1") as response:
        assert response.headers["x-size"] == "4"
        assert [piece async for piece in response.iter_bytes()] == pieces


async def test_fixed_content_can_be_read_raw(mock_api_client, async_client):
    """A bytes body is as unread as one from a server: its raw pieces are there to be read."""
    mock_api_client.add_mock_response(url="/v1/files/f1/content", body=b"0123456789")

    async with async_client.files.with_streaming_response.content("f1") as response:
        assert b"".join([piece async for piece in response.http_response.aiter_raw()]) == b"0123456789"


async def test_raw_response_tells_how_long_it_took(mock_api_client, async_client):
    """The SDK reads the elapsed time off the response, which httpx2 sets when the body has been read."""
    mock_api_client.add_mock_response(url="/v1/models", body={"object": "list", "data": []})

    raw = await async_client.models.with_raw_response.list()

    assert raw.elapsed >= timedelta(0)


async def words(client):
    chunks = await client.chat.completions.create(model="gpt", messages=QUESTION, stream=True)
    return [chunk.choices[0].delta.content async for chunk in chunks]


async def test_parallel_calls_read_one_async_stream_whole(mock_api_client, async_client):
    """Three callers share one async generator, and each gets all of it."""

    async def body():
        for event in events("a", "b", "c"):
            await asyncio.sleep(0)
            yield event

    mock_api_client.add_mock_response(url=CHAT, method="POST", body=body())

    assert await asyncio.gather(*(words(async_client) for _ in range(3))) == [["a", "b", "c"]] * 3


async def test_stream_cut_short_by_a_cancelled_caller_is_not_taken_for_a_whole_one(mock_api_client, async_client):
    """Cancelling one caller ends the generator that it waits for; the next gets all of it or an error, never less."""
    waiting, go_on = asyncio.Event(), asyncio.Event()

    async def body():
        for number, event in enumerate(events("a", "b")):
            if number == 1:
                waiting.set()
                await go_on.wait()
            yield event

    mock_api_client.add_mock_response(url=CHAT, method="POST", body=body())
    impatient = asyncio.create_task(words(async_client))
    await waiting.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient

    go_on.set()

    [outcome] = await asyncio.gather(words(async_client), return_exceptions=True)
    assert isinstance(outcome, Exception) or outcome == ["a", "b"]


def test_stream_breaks_with_the_librarys_own_error(mock_api_client, client):
    """An error of the other library, raised between two pieces, arrives as httpx2's."""

    def body():
        yield next(events("Hel"))
        raise httpx.ReadError("reset")

    mock_api_client.add_mock_response(url=CHAT, method="POST", body=body())
    chunks = client.chat.completions.create(model="gpt", messages=QUESTION, stream=True)

    assert next(chunks).choices[0].delta.content == "Hel"
    with pytest.raises(openai.APIConnectionError) as caught:
        next(chunks)

    assert type(caught.value.__cause__) is httpx2.ReadError


def test_clients_own_transport_and_hooks_are_kept(mock_api_client):
    """A client put together by the application runs its hooks around the mock."""
    seen = []
    hooks = {
        "request": [lambda request: seen.append(request.url.path)],
        "response": [lambda response: seen.append(response.status_code)],
    }
    mock_api_client.add_mock_response(url="/v1/models", status_code=202, body={"object": "list", "data": []})

    own = httpx2.Client(transport=httpx2.HTTPTransport(retries=3), event_hooks=hooks)
    with openai.OpenAI(api_key="sk-1", http_client=own) as client:
        client.models.list()

    assert seen == ["/v1/models", 202]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (503, openai.InternalServerError),
    ],
)
def test_error_status_becomes_its_own_class(mock_api_client, client, status, error):
    """Status, code, body and headers of the mock are the error's; the response is httpx2's."""
    mock_api_client.add_mock_response(
        url="/v1/models/m1",
        status_code=status,
        body={"error": {"message": "no", "code": "x", "type": "t", "param": None}},
        headers={"X-Request-Id": "req_1"},
    )

    with pytest.raises(error, match="no") as caught:
        client.with_options(max_retries=0).models.retrieve("m1")

    assert (caught.value.status_code, caught.value.code, caught.value.request_id) == (status, "x", "req_1")
    assert isinstance(caught.value.response, httpx2.Response)


def test_retry_obeys_the_mocks_headers(mock_api_client, client, naps):
    """Each refusal names its own wait; the third try is answered, with the same body as the first."""
    answer = mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("at last"))
    refusal = {"url": CHAT, "method": "POST", "status_code": 429, "body": {"error": {"message": "later"}}, "times": 1}
    mock_api_client.add_mock_response(**refusal, headers={"Retry-After": "7"})
    mock_api_client.add_mock_response(**refusal, headers={"Retry-After-Ms": "1500"})

    got = client.chat.completions.create(model="gpt", messages=QUESTION)

    assert got.choices[0].message.content == "at last"
    assert naps == [1.5, 7.0]
    answer.assert_called_once()
    requests = [call.request for call in mock_api_client.calls]
    assert [request.headers["x-stainless-retry-count"] for request in requests] == ["0", "1", "2"]
    assert len({request.content for request in requests}) == 1


async def test_async_retries_end_in_the_last_error(mock_api_client, async_client, naps):
    """Two retries after the first try; x-should-retry would have forbidden them."""
    mock = mock_api_client.add_mock_response(url="/v1/models", status_code=500, body="down")
    final = mock_api_client.add_mock_response(
        url="/v1/models/m1", status_code=500, body="down", headers={"X-Should-Retry": "false"}
    )

    with pytest.raises(openai.InternalServerError):
        await async_client.models.list()
    with pytest.raises(openai.InternalServerError):
        await async_client.models.retrieve("m1")

    assert (mock.call_count, final.call_count, len(naps)) == (3, 1, 2)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx2.ConnectError("refused")], ids=["httpx", "httpx2"]
)
def test_refused_connection_is_raised_as_httpx2s(mock_api_client, client, naps, error):
    """Whichever library the given exception is of, the SDK gets the one of the library it uses."""
    mock = mock_api_client.add_mock_response(url="/v1/models", body=error)

    with pytest.raises(openai.APIConnectionError) as caught:
        client.models.list()

    assert type(caught.value.__cause__) is httpx2.ConnectError
    assert str(caught.value.__cause__) == "refused"
    assert caught.value.__cause__.request.url.path == "/v1/models"
    assert (mock.call_count, len(naps)) == (3, 2)


def test_delay_past_the_timeout_is_the_sdks_timeout(mock_api_client, client, naps):
    """Nobody waits the hour out; the SDK tries again as it would."""
    mock = mock_api_client.add_mock_response(url="/v1/models", body={"data": []}, async_delay=3600.0)

    with pytest.raises(openai.APITimeoutError) as caught:
        client.with_options(timeout=2.0, max_retries=1).models.list()

    assert type(caught.value.__cause__) is httpx2.ReadTimeout
    assert mock.call_count == 2
    assert len(naps) == 1


async def test_async_delay_past_the_timeout_is_the_sdks_timeout(mock_api_client, async_client):
    """The same for the async client."""
    mock_api_client.add_mock_response(url="/v1/models", body={"data": []}, async_delay=3600.0)

    with pytest.raises(openai.APITimeoutError):
        await async_client.with_options(timeout=2.0, max_retries=0).models.list()


def test_sdk_over_the_old_library_is_served_too(mock_api_client, client):
    """Half-way through a migration one application holds the SDK twice, over httpx and over httpx2."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("hello"))

    with openai.OpenAI(api_key="sk-1", http_client=httpx.Client()) as old:
        answers = [
            each.chat.completions.create(model="gpt", messages=QUESTION).choices[0].message.content
            for each in (client, old)
        ]

    assert answers == ["hello", "hello"]
    assert [type(call.request) for call in mock.calls] == [httpx2.Request, httpx.Request]


def test_swallowed_miss_fails_the_test(run_suite):
    """A helper with a fallback for every failure cannot turn a miss into a pass."""
    result = run_suite(
        """
        import openai

        def summary():
            with openai.OpenAI(api_key="k", max_retries=0) as client:
                try:
                    return client.responses.create(model="gpt", input="hi").output_text
                except Exception:
                    return "no summary today"

        def test_summary(mock_api_client):
            assert summary() == "no summary today"
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*no mock answers POST https://api.openai.com/v1/responses*", "*sent from*in summary*(httpx2, *)*"]
    )


def test_miss_in_a_gathered_call_fails_the_test(run_suite):
    """Errors collected as results are not looked at by the caller."""
    result = run_suite(
        """
        import asyncio
        import openai

        async def ask():
            async with openai.AsyncOpenAI(api_key="k", max_retries=0) as client:
                return await asyncio.gather(client.models.list(), client.models.retrieve("m1"), return_exceptions=True)

        def test_ask(mock_api_client):
            mock_api_client.add_mock_response(url="/v1/models", body={"object": "list", "data": []})
            assert len(asyncio.run(ask())) == 2
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET*/v1/models/m1*"])
