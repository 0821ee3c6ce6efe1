"""The report says which operations of a description were asked for, of all workers together."""

from __future__ import annotations

import json

import pytest

from mockapi.report.operations import added_up, coverage_lines
from mockapi.report.records import OperationRecord

DESCRIPTION = """
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get: {operationId: list, responses: {"200": {description: x}, 4XX: {description: y}}}
    post: {operationId: make, responses: {"201": {description: x}}}
"""
TESTS = """
import httpx, pytest

@pytest.mark.parametrize("number", range(3))
def test_list(mock_api_client, number):
    mock_api_client.get("/things")
    httpx.get("https://x.test/things")
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_the_report_has_the_operations_of_the_run(pytester, workers):
    """In the file for machines, and in a few lines on the terminal."""
    pytester.makeini(
        "[pytest]\nmockapi_openapi = api.yaml\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
    )
    (pytester.path / "api.yaml").write_text(DESCRIPTION)
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("-p", "no:randomly", "--mockapi-report=run.json", *workers)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "api.yaml: 1 of 2 operations asked for, 1 of 3 responses given",
            "  not asked for: POST /things",
        ]
    )
    assert json.loads((pytester.path / "run.json").read_text())["operations"] == [
        {
            "id": "list",
            "method": "GET",
            "path": "/things",
            "hits": 3,
            "description": "api.yaml",
            "mocks": 3,
            "responses": {"200": 3, "4XX": 0},
        },
        {
            "id": "make",
            "method": "POST",
            "path": "/things",
            "hits": 0,
            "description": "api.yaml",
            "mocks": 0,
            "responses": {"201": 0},
        },
    ]


def test_what_two_processes_know_adds_up():
    """Also of responses that only one of them knows."""
    one = OperationRecord(id="", method="GET", path="/a", hits=1, mocks=2, responses={"200": 1})
    other = OperationRecord(id="", method="GET", path="/a", hits=2, responses={"200": 1, "404": 1})
    assert added_up(one, other) == OperationRecord(
        id="", method="GET", path="/a", hits=3, mocks=2, responses={"200": 2, "404": 1}
    )


def test_the_terminal_names_a_few_operations_that_were_not_asked_for():
    """And counts the rest; nothing is said where nothing is missing."""
    rows = [OperationRecord(id="", method="GET", path=f"/{n}", description="d") for n in range(10)]
    assert coverage_lines(rows)[1] == ("  not asked for: " + ", ".join(f"GET /{n}" for n in range(8)) + " and 2 more")
    assert coverage_lines([OperationRecord(id="", method="GET", path="/", hits=1)]) == [
        "OpenAPI: 1 of 1 operation asked for, 0 of 0 responses given"
    ]
