"""The section in pytest's report of a test that failed: what it had sent."""

import textwrap
from types import SimpleNamespace

import pytest

from mockapi.request_log import request_log


def call(**more):
    mock = SimpleNamespace(name="GET /a/", source="test_a.py:3")
    fields = {
        "method": "GET",
        "url": "https://api.test/a/",
        "outcome": "answered",
        "response": SimpleNamespace(status_code=200),
        "error": None,
        "started": 1.0,
        "ended": 1.0125,
        "mock": mock,
        **more,
    }
    return SimpleNamespace(**fields)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "1  GET https://api.test/a/   200  in 12.50 ms   mock: GET /a/ (added at test_a.py:3)"),
        (
            {"outcome": "unmatched", "response": None, "mock": None},
            "1  GET https://api.test/a/   not answered   mock: none",
        ),
        (
            {"outcome": "failed", "response": None, "error": OSError("a\nb?token=hunter2")},
            "1  GET https://api.test/a/   OSError: a b?token=***  in 12.50 ms   mock: GET /a/ (added at test_a.py:3)",
        ),
        (
            {"outcome": "failed", "error": OSError(), "mock": None},
            "1  GET https://api.test/a/   OSError  in 12.50 ms   mock: none",
        ),
        (
            {"outcome": "passed", "response": None, "mock": None, "ended": None},
            "1  GET https://api.test/a/   sent for real   mock: none",
        ),
        (
            {"outcome": "pending", "response": None, "ended": None, "url": "https://me:hunter2@api.test/?api_key=1"},
            "1  GET https://***@api.test/?api_key=***   no answer yet   mock: GET /a/ (added at test_a.py:3)",
        ),
    ],
)
def test_a_request_is_a_line(fields, line):
    """Its outcome, how long it took, its mock; secrets are masked."""
    assert request_log([call(**fields)]) == line


def test_many_requests_are_the_first_and_the_last():
    """The test failed for one of the last."""
    lines = request_log([call(url=f"/{n}") for n in range(1, 101)]).splitlines()
    assert lines[0].startswith("  1  GET /1 ")
    assert lines[10] == "... 50 more ..."
    assert lines[11].startswith(" 61  GET /61 ")
    assert lines[-1].startswith("100  GET /100 ")
    assert len(request_log([call()] * 51).splitlines()) == 51


def test_no_request_is_said():
    """That a test sent nothing may be why it failed."""
    assert request_log([]) == "no request was sent while the mock client answered"


CODE = """
    import httpx, pytest

    def test_fails(mock_api_client):
        mock_api_client.add_mock_response("/a/")
        httpx.get("https://api.test/a/?token=hunter2")
        assert not "here"

    def test_passes(mock_api_client):
        mock_api_client.add_mock_response("/passes/")
        httpx.get("https://api.test/passes/")

    def test_is_no_user():
        assert not "of the mock"

    @pytest.fixture
    def broken(mock_api_client):
        mock_api_client.add_mock_response("/setup/")
        httpx.get("https://api.test/setup/")
        raise RuntimeError("broken")

    def test_has_a_broken_fixture(broken): pass

    def test_has_a_broken_end(mock_api_client, request):
        mock_api_client.add_mock_response("/end/")
        request.addfinalizer(lambda: 1 / 0)
        httpx.get("https://api.test/end/")
"""


def test_each_failed_test_that_used_the_client_has_the_section(pytester):
    """Whichever phase failed; no other test has it."""
    pytester.makepyfile(textwrap.dedent(CODE))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly", "-rP")
    result.assert_outcomes(failed=2, passed=2, errors=2)
    text = result.stdout.str()
    sections = text.split("- mockapi requests -")[1:]
    found = [section.splitlines()[1].partition("   ")[0] for section in sections]
    assert found == [
        "1  GET https://api.test/setup/",
        "1  GET https://api.test/end/",
        "1  GET https://api.test/a/?token=***",
    ]
    assert "mock: GET /a/ (added at test_each_failed_test_that_used_the_client_has_the_section.py:" in text
