"""Two published SDKs of two HTTP libraries in one test: groq (httpx, sync) and openai (httpx2, async).

Both share one mock and one history. openai is pointed at groq's compatible service, as many applications do, so both
send the same request to the same URL.
"""

from __future__ import annotations

import asyncio

import groq
import httpx
import httpx2
import openai
import pytest

from mockapi import match_data

GROQ = "https://api.groq.com/openai/v1"
CHAT = "/openai/v1/chat/completions"
QUESTION = [{"role": "user", "content": "hi"}]


@pytest.fixture
def sync_groq():
    with groq.Groq(api_key="gsk_1", max_retries=0) as client:
        yield client


@pytest.fixture
async def async_openai():
    async with openai.AsyncOpenAI(api_key="gsk_2", base_url=GROQ, max_retries=0) as client:
        yield client


def completion(text):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"id": "c1", "object": "chat.completion", "created": 1, "model": "llama", "choices": [choice]}


async def test_one_mock_answers_both_libraries_in_one_history(mock_api_client, sync_groq, async_openai):
    """Both get the same answer, in their own types, and the order of the calls is kept."""
    mock = mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=completion("hello"), match=[match_data({"messages": QUESTION})]
    )

    answers = [
        sync_groq.chat.completions.create(model="llama", messages=QUESTION),
        await async_openai.chat.completions.create(model="llama", messages=QUESTION),
        sync_groq.chat.completions.create(model="llama", messages=QUESTION, seed=2),
    ]

    assert [answer.choices[0].message.content for answer in answers] == ["hello"] * 3
    assert [type(call.request) for call in mock.calls] == [httpx.Request, httpx2.Request, httpx.Request]
    assert [type(call.request) for call in mock_api_client.calls] == [httpx.Request, httpx2.Request, httpx.Request]
    assert [call.request.headers["authorization"] for call in mock.calls] == [
        "Bearer gsk_1",
        "Bearer gsk_2",
        "Bearer gsk_1",
    ]
    assert mock.call_count == 3


async def test_each_library_gets_its_own_error_from_one_mock(mock_api_client, sync_groq, async_openai):
    """A status becomes each SDK's class, with a response of its own library."""
    mock_api_client.add_mock_response(
        url=CHAT, method="POST", status_code=429, body={"error": {"message": "slow down", "code": "x"}}
    )

    with pytest.raises(groq.RateLimitError, match="slow down") as old:
        sync_groq.chat.completions.create(model="llama", messages=QUESTION)
    with pytest.raises(openai.RateLimitError, match="slow down") as new:
        await async_openai.chat.completions.create(model="llama", messages=QUESTION)

    assert type(old.value.response) is httpx.Response
    assert type(new.value.response) is httpx2.Response


async def test_one_refused_connection_is_each_librarys_own(mock_api_client, sync_groq, async_openai):
    """One exception as body is raised as the class of whoever called."""
    mock_api_client.add_mock_response(url=CHAT, method="POST", body=httpx.ConnectError("refused"))

    with pytest.raises(groq.APIConnectionError) as old:
        sync_groq.chat.completions.create(model="llama", messages=QUESTION)
    with pytest.raises(openai.APIConnectionError) as new:
        await async_openai.chat.completions.create(model="llama", messages=QUESTION)

    assert type(old.value.__cause__) is httpx.ConnectError
    assert type(new.value.__cause__) is httpx2.ConnectError


async def test_one_stream_serves_a_sync_and_an_async_caller(mock_api_client, sync_groq, async_openai):
    """One iterator of events, read by a sync SDK and then by an async one."""
    delta = {"index": 0, "delta": {"content": "hi"}, "finish_reason": None}
    body = httpx.Response(200, json={"id": "c", "object": "o", "created": 1, "model": "m", "choices": [delta]}).text
    mock = mock_api_client.add_mock_response(
        url=CHAT, method="POST", body=iter([b"data: ", body.encode(), b"\n\ndata: [DONE]\n\n"])
    )

    first = [
        chunk.choices[0].delta.content
        for chunk in sync_groq.chat.completions.create(model="llama", messages=QUESTION, stream=True)
    ]
    chunks = await async_openai.chat.completions.create(model="llama", messages=QUESTION, stream=True)
    second = [chunk.choices[0].delta.content async for chunk in chunks]

    assert first == second == ["hi"]
    assert mock.call_count == 2


async def test_both_libraries_at_the_same_time_keep_their_answers(mock_api_client, sync_groq, async_openai):
    """Threads of the sync SDK and tasks of the async one, mixed."""
    for number in range(12):
        mock_api_client.add_mock_response(
            url=CHAT, method="POST", body=completion(f"answer {number}"), match=[match_data({"seed": number})]
        )

    def ask(number):
        if number % 2:
            return async_openai.chat.completions.create(model="llama", messages=QUESTION, seed=number)
        return asyncio.to_thread(sync_groq.chat.completions.create, model="llama", messages=QUESTION, seed=number)

    answers = await asyncio.gather(*(ask(number) for number in range(12)))

    assert [answer.choices[0].message.content for answer in answers] == [f"answer {number}" for number in range(12)]
    assert len(mock_api_client.calls) == 12
