"""The program: what it asks for, and what it shows."""

from __future__ import annotations

import argparse

import pytest
from github_api.__main__ import show
from github_api.issues import open_issues, titles

from mockapi import MakeTestQueryClient, MockApiClient

ISSUES = [{"number": 7, "title": "It is slow"}, {"number": 8, "title": "Make it fast", "pull_request": {}}]


def test_the_call_is_in_the_key() -> None:
    """Without the parameters that are None."""
    assert open_issues("octocat", "hello-world").query_key == (
        "/repos/octocat/hello-world/issues",
        {"query": {"state": "open", "per_page": 100}},
    )


async def test_pull_requests_are_no_issues(
    mock_api_client: MockApiClient, make_test_query_client: MakeTestQueryClient
) -> None:
    """GitHub lists both."""
    mock_api_client.get("/repos/octocat/hello-world/issues", ISSUES)
    issues = open_issues("octocat", "hello-world", labels="bug")
    assert await make_test_query_client().query(issues.with_(select=titles)) == ["#7 It is slow"]


@pytest.mark.mockapi(base_url="https://api.github.com")
async def test_the_command_line(mock_api_client: MockApiClient, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each issue, or the reason why there is none."""
    arguments = argparse.Namespace(owner="octocat", repo="hello-world", labels=None, base_url="https://api.github.com")
    mock_api_client.get("/repos/octocat/hello-world/issues", ISSUES)
    assert await show(arguments) == 0
    mock_api_client.get("/repos/octocat/hello-world/issues", {"message": "Not Found"}, status_code=404)
    assert await show(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == "#7 It is slow\n"
    assert "answered 404" in captured.err
