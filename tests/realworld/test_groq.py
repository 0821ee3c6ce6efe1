"""groq 1.7 (chat completions) on httpx, its sync and its async client.

Exercised: a list, a chat sent as JSON, server-sent events from sync and async sources, an error inside the events,
raw and streaming responses, each error status as its own class, retries with Retry-After, Retry-After-Ms and
back-off, connection failures and timeouts. The SDK catches every exception, retries, and wraps the last one in
`APIConnectionError`, so a miss never reaches the caller as such: the test has to fail all the same.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import groq
import httpx
import pytest

from mockapi import match_data

CHAT = "/openai/v1/chat/completions"
QUESTION = [{"role": "user", "content": "hi"}]


@pytest.fixture
def client():
    with groq.Groq(api_key="gsk_1") as client:
        yield client


@pytest.fixture
async def async_client():
    async with groq.AsyncGroq(api_key="gsk_1") as client:
        yield client


def completion(text):
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "llama", "choices": [choice]}


def events(*words):
    for word in words:
        choice = {"index": 0, "delta": {"content": word}, "finish_reason": None}
        chunk = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "llama", "choices": [choice]}
        yield f"data: {json.dumps(chunk)}\n\n".encode()
    yield b"data: [DONE]\n\n"


def words_of(chunks):
    return [chunk.choices[0].delta.content for chunk in chunks]


def test_models_are_listed(mock_api_client, client):
    """The SDK's path prefix and credentials are part of the request it sends."""
    mock = mock_api_client.add_mock_response(
        url="https://api.groq.com/openai/v1/models",
        body={"object": "list", "data": [{"id": "llama", "object": "model", "created": 1, "owned_by": "meta"}]},
    )

    assert [model.id for model in client.models.list().data] == ["llama"]

    mock.assert_called_once()
    mock.assert_called_with(headers={"Authorization": "Bearer gsk_1", "X-Stainless-Async": "false"})


@pytest.mark.parametrize("question", ["hi", "bye"])
def test_chat_is_matched_by_its_json(mock_api_client, client, question):
    """The mock whose messages agree answers, and its answer is the SDK's typed model."""
    for each in ("hi", "bye"):
        mock_api_client.add_mock_response(
            url=CHAT,
            method="POST",
            body=completion(f"to {each}"),
            match=[match_data({"messages": [{"role": "user", "content": each}]})],
        )

    answer = client.chat.completions.create(
        model="llama", messages=[{"role": "user", "content": question}], temperature=0.5
    )

    assert answer.choices[0].message.content == f"to {question}"


async def test_async_chat_is_matched_by_its_json(mock_api_client, async_client):
    """Numbers are compared as numbers, and keys that were not asked about are free."""
    mock = mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=completion("hello"), match=[match_data({"model": "llama", "temperature": 0.5})]
    )

    answer = await async_client.chat.completions.create(model="llama", messages=QUESTION, temperature=0.5)

    assert answer.choices[0].message.content == "hello"
    mock.assert_called_once()
    mock.assert_called_with(data={"messages": QUESTION}, headers={"x-stainless-async": "async:asyncio"})


def test_events_arrive_as_chunks(mock_api_client, client):
    """Server-sent events from a generator come out as the SDK's chunks."""
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=events("Hel", "lo"), headers={"Content-Type": "text/event-stream"}
    )

    with client.chat.completions.create(model="llama", messages=QUESTION, stream=True) as chunks:
        assert words_of(chunks) == ["Hel", "lo"]


async def test_async_events_arrive_as_chunks(mock_api_client, async_client):
    """An async generator feeds an async stream."""

    async def body():
        for event in events("Hel", "lo"):
            yield event

    mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=body(), headers={"Content-Type": "text/event-stream"}
    )

    chunks = await async_client.chat.completions.create(model="llama", messages=QUESTION, stream=True)

    assert [chunk.choices[0].delta.content async for chunk in chunks] == ["Hel", "lo"]


def test_events_cut_anywhere_arrive_whole(mock_api_client, client):
    """The cuts between chunks may fall inside a line, even inside a character."""
    whole = b"".join(events("grüß", "dich"))
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=(whole[at : at + 5] for at in range(0, len(whole), 5))
    )

    assert words_of(client.chat.completions.create(model="llama", messages=QUESTION, stream=True)) == ["grüß", "dich"]


def test_one_stream_answers_every_call(mock_api_client, client):
    """A generator runs once, but its mock answers again with the same events."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", body=events("a", "b"))

    rounds = [words_of(client.chat.completions.create(model="llama", messages=QUESTION, stream=True)) for _ in range(2)]

    assert rounds == [["a", "b"], ["a", "b"]]
    assert mock.call_count == 2


def test_error_event_is_the_sdks_error(mock_api_client, client):
    """What came before the error has been delivered."""
    body = [next(events("Hel")), b'data: {"error": {"message": "overloaded"}}\n\n']
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=iter(body))
    chunks = client.chat.completions.create(model="llama", messages=QUESTION, stream=True)

    assert words_of([next(chunks)]) == ["Hel"]
    with pytest.raises(groq.APIError, match="overloaded"):
        next(chunks)


def test_raw_response_shows_status_and_headers(mock_api_client, client):
    """The response is httpx's own, with its request set."""
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=completion("hello"), headers={"X-RateLimit-Remaining": "9"}
    )

    raw = client.chat.completions.with_raw_response.create(model="llama", messages=QUESTION)

    assert (raw.status_code, raw.headers["x-ratelimit-remaining"]) == (200, "9")
    assert isinstance(raw.http_response, httpx.Response)
    assert raw.http_request.url.path == CHAT
    assert raw.parse().choices[0].message.content == "hello"


def test_raw_response_tells_how_long_it_took(mock_api_client, client):
    """The SDK reads the elapsed time off the response, which httpx sets when the body has been read."""
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("hello"))

    raw = client.chat.completions.with_raw_response.create(model="llama", messages=QUESTION)

    assert raw.elapsed >= timedelta(0)


def test_unread_response_must_be_read_first(mock_api_client, client):
    """A streaming response is as unread as one from a server, or a forgotten read() would show in production only."""
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("hello"))

    with client.chat.completions.with_streaming_response.create(model="llama", messages=QUESTION) as response:
        with pytest.raises(httpx.ResponseNotRead):
            _ = response.http_response.content
        assert json.loads(response.read())["id"] == "c1"


def test_streaming_response_is_read_in_the_pieces_of_its_iterator(mock_api_client, client):
    """A response that the SDK leaves unread comes piece by piece, and can be read by lines across the pieces."""
    pieces = [b"one\ntw", b"o\n"]
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=iter(pieces), headers={"X-Lines": "2"})
    stream = client.chat.completions.with_streaming_response

    with stream.create(model="llama", messages=QUESTION) as response:
        assert response.headers["x-lines"] == "2"
        assert list(response.iter_bytes()) == pieces
    with stream.create(model="llama", messages=QUESTION) as response:
        assert list(response.iter_lines()) == ["one", "two"]


def test_stream_that_breaks_breaks_for_every_call(mock_api_client, client):
    """The second call meets the same broken stream, and not a shorter one that ends well."""

    def body():
        yield next(events("Hel"))
        raise httpx.ReadError("reset")

    mock_api_client.add_mock_response(url=CHAT, method="POST", body=body())

    for _ in range(2):
        chunks = client.chat.completions.create(model="llama", messages=QUESTION, stream=True)
        assert words_of([next(chunks)]) == ["Hel"]
        with pytest.raises(httpx.ReadError, match="reset"):
            next(chunks)


def test_two_threads_read_one_stream_whole(mock_api_client, client):
    """A thread that asks for a piece while another is being given it waits, and misses nothing."""
    asked, go_on = threading.Event(), threading.Event()

    def body():
        asked.set()
        go_on.wait(0.02)  # the other thread asks in this time
        yield from events("Hel", "lo")

    def ask():
        return words_of(client.chat.completions.create(model="llama", messages=QUESTION, stream=True))

    mock_api_client.add_mock_response(url=CHAT, method="POST", body=body())

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(ask)
        assert asked.wait(5)
        assert ask() == ["Hel", "lo"]
        assert other.result(5) == ["Hel", "lo"]


def test_client_behind_a_proxy_is_served(mock_api_client):
    """The mock stands before the proxy, which nobody asks."""
    mock = mock_api_client.add_mock_response(
        url="https://api.groq.com/openai/v1/models", body={"object": "list", "data": []}
    )

    with groq.Groq(
        api_key="k", http_client=groq.DefaultHttpxClient(proxy="http://proxy.test:3128"), max_retries=0
    ) as client:
        client.models.list()

    mock.assert_called_once()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, groq.BadRequestError),
        (401, groq.AuthenticationError),
        (403, groq.PermissionDeniedError),
        (404, groq.NotFoundError),
        (409, groq.ConflictError),
        (422, groq.UnprocessableEntityError),
        (429, groq.RateLimitError),
        (500, groq.InternalServerError),
    ],
)
def test_error_status_becomes_its_own_class(mock_api_client, client, status, error):
    """Status and body of the mock are the error's."""
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", status_code=status, body={"error": {"message": "no", "code": "x"}}
    )

    with pytest.raises(error, match="no") as caught:
        client.with_options(max_retries=0).chat.completions.create(model="llama", messages=QUESTION)

    assert caught.value.status_code == status
    assert caught.value.body == {"error": {"message": "no", "code": "x"}}


def test_retry_obeys_the_mocks_headers(mock_api_client, client, naps):
    """Each refusal names its own wait; the third try is answered."""
    answer = mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("at last"))
    refusal = {"url": CHAT, "method": "POST", "status_code": 429, "body": {"error": {"message": "later"}}, "times": 1}
    mock_api_client.add_mock_response(**refusal, headers={"Retry-After": "7"})
    mock_api_client.add_mock_response(**refusal, headers={"Retry-After-Ms": "1500"})

    got = client.chat.completions.create(model="llama", messages=QUESTION)

    assert got.choices[0].message.content == "at last"
    assert naps == [1.5, 7.0]
    answer.assert_called_once()
    assert [call.request.headers["x-stainless-retry-count"] for call in mock_api_client.calls] == ["0", "1", "2"]


async def test_async_retry_ends_in_the_last_error(mock_api_client, async_client, naps):
    """Two retries after the first try, each after a wait of the SDK's choice."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", status_code=503, body="down")

    with pytest.raises(groq.InternalServerError):
        await async_client.chat.completions.create(model="llama", messages=QUESTION)

    assert mock.call_count == 3
    assert len(naps) == 2
    assert all(nap > 0 for nap in naps)


def test_refused_connection_is_wrapped_with_its_cause(mock_api_client, client, naps):
    """The exception given as body is httpx's own, carries the request, and is retried like a real one."""
    mock = mock_api_client.add_mock_response(url=CHAT, method="POST", body=httpx.ConnectError("refused"))

    with pytest.raises(groq.APIConnectionError) as caught:
        client.chat.completions.create(model="llama", messages=QUESTION)

    cause = caught.value.__cause__
    assert isinstance(cause, httpx.ConnectError)
    assert cause.request.url.path == CHAT
    assert (mock.call_count, len(naps)) == (3, 2)


async def test_delay_past_the_timeout_is_the_sdks_timeout(mock_api_client, async_client):
    """Nobody waits the hour out."""
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=completion("late"), async_delay=3600.0)

    with pytest.raises(groq.APITimeoutError):
        await async_client.with_options(max_retries=0, timeout=2.0).chat.completions.create(
            model="llama", messages=QUESTION
        )


@pytest.mark.parametrize("max_retries", [0, 2])
def test_miss_that_the_sdk_wraps_fails_the_test(run_suite, naps, max_retries):
    """The caller sees a connection error and carries on; the test fails, with the SDK's retries or without."""
    result = run_suite(
        f"""
        import groq
        import pytest

        def test_ask(mock_api_client):
            with groq.Groq(api_key="k", max_retries={max_retries}) as client, pytest.raises(groq.APIConnectionError):
                client.chat.completions.create(model="llama", messages=[])
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*POST*/openai/v1/chat/completions*"])
    assert len(naps) == max_retries


def test_miss_that_the_sdk_wraps_is_in_the_report(run_suite):
    """A test that fails with the SDK's vague connection error says which request had no mock, and where it began."""
    result = run_suite(
        """
        import groq

        def test_ask(mock_api_client):
            with groq.Groq(api_key="gsk_secret", max_retries=0) as client:
                client.chat.completions.create(model="llama", messages=[])
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*no mock answers POST*/openai/v1/chat/completions*", "*sent from*test_inner.py:5 in test_ask*(httpx, *)*"]
    )
    result.stdout.no_fnmatch_line("*Bearer gsk_secret*")


def test_async_miss_that_the_sdk_wraps_fails_the_test(run_suite):
    """The async client wraps a miss as well."""
    result = run_suite(
        """
        import asyncio
        import groq

        async def ask():
            async with groq.AsyncGroq(api_key="k", max_retries=0) as client:
                try:
                    await client.chat.completions.create(model="llama", messages=[])
                except groq.APIConnectionError:
                    return "offline"

        def test_ask(mock_api_client):
            assert asyncio.run(ask()) == "offline"
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*POST*/openai/v1/chat/completions*"])
