"""The fixtures and their answers are typed, although the package loads nothing. Type-checked, never run."""

from __future__ import annotations

import re
from typing import assert_type

from mockapi import (
    ABSENT,
    UNSET,
    Call,
    MakeTestQueryClient,
    Mismatch,
    MockApiClient,
    ResponseMock,
    SentFile,
    UnmatchedRequestError,
    match_content,
    match_cookies,
    match_data,
    match_files,
    match_form,
    match_headers,
    match_query,
)
from query import QueryClient


def test_mocking(mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient) -> None:
    mock = mock_api_client.add_mock_response(url="/projects/", body=[{"id": 1}], match=[match_query({"page": "2"})])
    assert_type(mock, ResponseMock)
    assert_type(mock.call_count, int)
    assert_type(mock.last, Call)
    mock.assert_called_once()
    mock_api_client.add_mock_response(url=re.compile("/projects/"), method="POST", body=UNSET, status_code=201)
    mock_api_client.add_mock_response(url="/", match=[mock_api_client.match_data({"name": ABSENT}), match_data({})])
    mock_api_client.add_mock_response(
        url="/",
        match=[
            match_headers({"X-Tenant": "acme"}),
            match_cookies({"theme": "dark"}),
            match_form({"tag": ["a", "b"]}, deep=True),
            match_files({"doc": ("a.txt", b"hi"), "other": [b"1", SentFile(filename="b", content=b"2")]}),
            match_content(re.compile(b"a.*")),
            lambda request: Mismatch("auth", "no token"),
            lambda request: "the reason" if request.headers else True,
        ],
    )
    mock.assert_called_with(query={"page": 2}, form=None, files={"doc": b"1"}, cookies={}, content="x", deep=True)
    assert_type(mock.last.differences(data=[1], path={"id": 7}), list[Mismatch])
    assert_type(mock.last.files, dict[str, list[SentFile]])
    assert_type(mock_api_client.unmatched, list[UnmatchedRequestError])
    assert_type(make_test_query_client(retry=2), QueryClient)


async def test_by_hand() -> None:
    with MockApiClient(base_url="https://api.test", unmatched="pass") as client:
        assert_type(client, MockApiClient)
    async with MockApiClient(allow=["localhost"], async_delay=0.5) as client:
        client.clear_mock_responses()
