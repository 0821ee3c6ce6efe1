"""notion-client 3.1 (Notion's API) on httpx, its sync and its async client.

Exercised: lists with query parameters and their paging, a page created from JSON, a multipart upload, error answers
that become `APIResponseError` and `UnknownHTTPResponseError`, retries that obey Retry-After, the SDK's own timeout
error, and misses that the caller swallows. Its exceptions pass through untouched, so a miss reaches the caller as it
is.
"""

from __future__ import annotations

import asyncio
import json

import httpx
import notion_client
import pytest
from notion_client.helpers import async_collect_paginated_api, collect_paginated_api

from mockapi import match_data, match_query

RATE_LIMITED = {"object": "error", "status": 429, "code": "rate_limited", "message": "slow down"}


@pytest.fixture
def notion():
    client = notion_client.Client(auth="secret_1")
    yield client
    client.close()


@pytest.fixture
async def async_notion():
    client = notion_client.AsyncClient(auth="secret_1")
    yield client
    await client.aclose()


def page(ids, next_cursor):
    users = [{"object": "user", "id": each} for each in ids]
    return {"object": "list", "results": users, "has_more": next_cursor is not None, "next_cursor": next_cursor}


def test_paging_follows_the_cursor_from_mock_to_mock(mock_api_client, notion):
    """The page that names a cursor answers that cursor only; the plain one answers the first request."""
    first = mock_api_client.add_mock_response(url="/v1/users", body=page(["ada", "bob"], "c2"))
    second = mock_api_client.add_mock_response(
        url="/v1/users", body=page(["cy"], None), match=[match_query({"start_cursor": "c2"})]
    )

    users = collect_paginated_api(notion.users.list, page_size=2)

    assert [user["id"] for user in users] == ["ada", "bob", "cy"]
    first.assert_called_once()
    first.assert_called_with(query={"page_size": 2})
    second.assert_called_once()
    second.assert_called_with(query={"page_size": 2, "start_cursor": "c2"})


async def test_async_paging_follows_the_cursor_from_mock_to_mock(mock_api_client, async_notion):
    """The async client is served like the sync one."""
    first = mock_api_client.add_mock_response(
        url="https://api.notion.com/v1/blocks/b1/children",
        body=page(["x"], "c2"),
        match=[match_query({"page_size": 1})],
    )
    second = mock_api_client.add_mock_response(
        url="https://api.notion.com/v1/blocks/b1/children",
        body=page(["y"], None),
        match=[match_query({"page_size": 1, "start_cursor": "c2"})],
    )

    children = await async_collect_paginated_api(async_notion.blocks.children.list, block_id="b1", page_size=1)

    assert [child["id"] for child in children] == ["x", "y"]
    assert (first.call_count, second.call_count) == (1, 1)


def test_created_page_is_matched_by_its_json(mock_api_client, notion):
    """Two pages differ in one nested value only, and each gets its own answer."""
    for name in ("plan", "notes"):
        mock_api_client.add_mock_response(
            url="/v1/pages",
            method="POST",
            body={"object": "page", "id": f"page-{name}"},
            match=[match_data({"properties": {"title": [{"text": {"content": name}}]}})],
        )

    made = {
        name: notion.pages.create(parent={"data_source_id": "d1"}, properties={"title": [{"text": {"content": name}}]})[
            "id"
        ]
        for name in ("plan", "notes")
    }

    assert made == {"plan": "page-plan", "notes": "page-notes"}


def test_headers_of_the_sdk_reach_the_record(mock_api_client, notion):
    """What the SDK adds by itself can be asserted on, whatever the case of a header's name."""
    mock = mock_api_client.add_mock_response(url="/v1/pages", method="POST", body={"object": "page", "id": "p1"})

    notion.pages.create(parent={"page_id": "p0"}, properties={})

    mock.assert_called_once()
    mock.assert_called_with(
        data={"parent": {"page_id": "p0"}},
        headers={"notion-version": "2025-09-03", "AUTHORIZATION": "Bearer secret_1"},
    )


def test_wrong_expectation_of_the_body_is_refused(mock_api_client, notion):
    """An assertion on what was sent fails if something else was sent."""
    mock = mock_api_client.add_mock_response(url="/v1/search", method="POST", body=page([], None))

    notion.search(query="roadmap")

    mock.assert_called_with(data={"query": "roadmap"})
    with pytest.raises(AssertionError, match="roadmap"):
        mock.assert_called_with(data={"query": "budget"})


def test_upload_arrives_as_multipart(mock_api_client, notion):
    """The recorded request holds the file and its name."""
    mock = mock_api_client.add_mock_response(url="/v1/file_uploads/f1/send", method="POST", body={"status": "uploaded"})

    assert notion.file_uploads.send("f1", file=("a.txt", b"hello", "text/plain")) == {"status": "uploaded"}

    request = mock.calls[0].request
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'filename="a.txt"' in request.content
    assert b"hello" in request.content


def test_api_error_becomes_the_sdks_own(mock_api_client, notion):
    """Status, headers and body all reach the SDK's exception."""
    mock_api_client.add_mock_response(
        url="/v1/pages/p1",
        status_code=404,
        body={"object": "error", "code": "object_not_found", "message": "no such page", "request_id": "r1"},
        headers={"X-Ray": "7"},
    )

    with pytest.raises(notion_client.APIResponseError, match="no such page") as caught:
        notion.pages.retrieve("p1")

    error = caught.value
    assert (error.status, error.code, error.request_id) == (404, notion_client.APIErrorCode.ObjectNotFound, "r1")
    assert error.headers["x-ray"] == "7"


def test_error_page_of_a_proxy_is_an_unknown_error(mock_api_client, notion):
    """A str body is sent as it is, so HTML stays HTML."""
    mock_api_client.add_mock_response(url="/v1/users/me", status_code=502, body="<h1>Bad gateway</h1>")

    with pytest.raises(notion_client.UnknownHTTPResponseError) as caught:
        notion.users.me()

    assert (caught.value.status, caught.value.body) == (502, "<h1>Bad gateway</h1>")


def test_retry_obeys_the_mocks_retry_after(mock_api_client, notion, naps):
    """Two refusals, then the older mock answers: the newest registration steps back once its times are used up."""
    answer = mock_api_client.add_mock_response(url="/v1/pages", method="POST", body={"object": "page", "id": "p1"})
    refusal = mock_api_client.add_mock_response(
        url="/v1/pages", method="POST", status_code=429, body=RATE_LIMITED, headers={"Retry-After": "3"}, times=2
    )

    assert notion.pages.create(parent={"page_id": "p0"}, properties={})["id"] == "p1"

    assert naps == [3.0, 3.0]
    assert (refusal.call_count, answer.call_count) == (2, 1)
    assert [json.loads(call.request.content)["parent"] for call in refusal.calls] == [{"page_id": "p0"}] * 2


async def test_async_retry_obeys_the_mocks_retry_after(mock_api_client, async_notion, naps):
    """The async client retries on the same answers."""
    mock_api_client.add_mock_response(url="/v1/pages/p1", body={"object": "page", "id": "p1"})
    refusal = mock_api_client.add_mock_response(
        url="/v1/pages/p1", status_code=429, body=RATE_LIMITED, headers={"Retry-After": "2"}, times=1
    )

    assert (await async_notion.pages.retrieve("p1"))["id"] == "p1"

    assert naps == [2.0]
    refusal.assert_called_once()


def test_retries_end_in_the_last_error(mock_api_client, notion, naps):
    """A mock without times answers every try."""
    refusal = mock_api_client.add_mock_response(
        url="/v1/users", status_code=503, body={"code": "service_unavailable", "message": "down"}
    )

    with pytest.raises(notion_client.APIResponseError, match="down"):
        notion.users.list()

    assert refusal.call_count == 3
    assert len(naps) == 2


def test_delay_past_the_timeout_is_the_sdks_timeout_error(mock_api_client):
    """An answer that would come after the client's own limit never comes, and nobody waits for it."""
    mock_api_client.add_mock_response(url="/v1/users", body=page([], None), async_delay=61.0)

    with notion_client.Client(auth="s", timeout_ms=60_000) as notion, pytest.raises(notion_client.RequestTimeoutError):
        notion.users.list()


async def test_async_delay_past_the_timeout_is_the_sdks_timeout_error(mock_api_client, async_notion):
    """The same for the async client."""
    mock_api_client.add_mock_response(url="/v1/users", body=page([], None), async_delay=61.0)

    with pytest.raises(notion_client.RequestTimeoutError):
        await async_notion.users.list()


async def test_parallel_calls_keep_their_answers(mock_api_client, async_notion):
    """Twenty calls at a time: each gets the answer of its own path."""
    for number in range(20):
        mock_api_client.add_mock_response(url=f"/v1/pages/p{number}", body={"object": "page", "id": f"p{number}"})

    pages = await asyncio.gather(*(async_notion.pages.retrieve(f"p{number}") for number in range(20)))

    assert [each["id"] for each in pages] == [f"p{number}" for number in range(20)]


async def test_client_in_another_thread_is_served(mock_api_client, notion):
    """A sync SDK pushed off the event loop meets the same mock."""
    mock = mock_api_client.add_mock_response(url="/v1/users/me", body={"object": "user", "id": "me"})

    assert (await asyncio.to_thread(notion.users.me))["id"] == "me"

    assert isinstance(mock.calls[0].request, httpx.Request)


def test_miss_reaches_the_caller_unwrapped(run_suite):
    """The SDK hands the miss on as it is, so the test fails with its text."""
    result = run_suite(
        """
        import notion_client

        def test_page(mock_api_client):
            mock_api_client.add_mock_response(url="/v1/pages/p1", body={"id": "p1"})
            notion_client.Client(auth="s").pages.retrieve("p2")
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*UnmatchedRequestError*GET*/v1/pages/p2*"])


def test_swallowed_miss_fails_the_test(run_suite):
    """Code that turns every error into an empty list cannot turn a miss into a pass."""
    result = run_suite(
        """
        import notion_client

        def members():
            try:
                return notion_client.Client(auth="s").users.list()["results"]
            except Exception:
                return []

        def test_members(mock_api_client):
            assert members() == []
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET*/v1/users*"])
