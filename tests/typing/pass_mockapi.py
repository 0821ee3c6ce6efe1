"""The fixtures and their answers are typed, although the package loads nothing. Type-checked, never run."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, assert_type

from mockapi import (
    ABSENT,
    UNSET,
    BrokenInvariant,
    Call,
    InvariantWatch,
    MakeTestQueryClient,
    Mismatch,
    MockApiClient,
    QueryExpectation,
    ResponseMock,
    SentFile,
    UnmatchedRequestError,
    assert_no_leaks,
    check_invariants,
    expect_query,
    match_content,
    match_cookies,
    match_data,
    match_files,
    match_form,
    match_headers,
    match_query,
)
from query import Query, QueryClient, query_options


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
    client = make_test_query_client(check=False)
    options = query_options(query_key=("a",), query_fn=lambda _: 1)
    assert_type(expect_query(client, options).to_be_fresh(timedelta(seconds=3)).to_have_data([1]), QueryExpectation)
    assert_type(expect_query(client, ["a", 1]).to_have_status("success").query, Query[Any] | None)
    check_invariants(client, skip=["success_has_data"])
    assert_no_leaks(client, empty=True)
    with InvariantWatch(client) as watch:
        assert_type(watch.broken, list[BrokenInvariant])


async def test_by_hand() -> None:
    with MockApiClient(base_url="https://api.test", unmatched="pass") as client:
        assert_type(client, MockApiClient)
    async with MockApiClient(allow=["localhost"], async_delay=0.5) as client:
        client.clear_mock_responses()
