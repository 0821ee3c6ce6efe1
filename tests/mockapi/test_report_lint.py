"""What is said of a suite's mocks, and what is not, because it is not certain."""

import re
from unittest.mock import ANY

import httpx
import pytest

import mockapi
from mockapi import ABSENT, MockApiClient, match_data, match_query
from mockapi.report.findings import findings, lines
from mockapi.report.lint import impossible, shadows, steps_aside
from mockapi.report.records import MockRecord, RequestRecord, TestRecord


@pytest.fixture
def client():
    """A client that only registers."""
    return MockApiClient()


def covered(client):
    """Which mocks a newer one covers, by their place."""
    return shadows(client.mocks)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"url": "/a/"}, {"url": "/a/"}),
        ({"url": "/a/"}, {"url": "/a/", "method": ["GET", "POST"]}),
        ({"url": "https://api.test/a/"}, {"url": "/a/"}),
        ({"url": "/a/?x=1"}, {"url": "/a/"}),
        ({"url": "/a/?x=1"}, {"url": "/a/?x=1"}),
        ({"url": "/a/$id/"}, {"url": "/a/$id/"}),
        ({"url": re.compile("/a/.*")}, {"url": re.compile("/a/.*")}),
        ({"url": "/a/", "match": [match_query({"x": 1})]}, {"url": "/a/"}),
        ({"url": "/a/", "match": [match_query({"x": 1, "y": 2})]}, {"url": "/a/", "match": [match_query({"x": 1})]}),
        ({"url": "/a/", "match": [match_data({"x": ABSENT})]}, {"url": "/a/", "match": [match_data({"x": ABSENT})]}),
        ({"url": "/a/", "match": [bool]}, {"url": "/a/", "match": [bool]}),
        ({"url": "/a/", "times": 2}, {"url": "/a/"}),
    ],
)
def test_a_mock_is_covered_by_a_newer_one_that_asks_for_no_more(client, older, newer):
    """The same methods or more, the same URL, and each matcher is one of the older's or a wider one."""
    client.add_mock_response(**older)
    client.add_mock_response(**newer)
    assert covered(client) == {0: 1}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"url": "/a/"}, {"url": "/b/"}),
        ({"url": "/a/"}, {"url": "/a/", "method": "POST"}),
        ({"url": "/a/", "method": ["GET", "POST"]}, {"url": "/a/"}),
        ({"url": "/a/"}, {"url": "https://api.test/a/"}),
        ({"url": "/a/"}, {"url": "/a/?x=1"}),
        ({"url": "/a/"}, {"url": "/a/", "times": 1}),
        ({"url": "/a/"}, {"url": "/a/", "body": lambda request: None}),
        ({"url": "/a/"}, {"url": "/a/", "match": [bool]}),
        ({"url": "/a/"}, {"url": "/a/", "match": [match_query({"x": 1})]}),
        ({"url": "/a/", "match": [match_query({"x": 1})]}, {"url": "/a/", "match": [match_query({"x": 2})]}),
        ({"url": "/a/", "match": [match_query({"x": 1})]}, {"url": "/a/", "match": [match_data({"x": 1})]}),
        ({"url": "/a/", "match": [match_query({"x": 1})]}, {"url": "/a/", "match": [match_query({"x": True})]}),
        ({"url": re.compile("/a/")}, {"url": re.compile("/a/", re.IGNORECASE)}),
    ],
)
def test_a_mock_that_may_still_answer_is_not_called_covered(client, older, newer):
    """Another request, or the same one later, could reach it."""
    client.add_mock_response(**older)
    client.add_mock_response(**newer)
    assert covered(client) == {}


@pytest.mark.parametrize(
    ("url", "match", "said"),
    [
        ("/a/", [match_query({"x": 1}), match_query({"x": 2})], "query wants x to be two different things"),
        ("/a/", [match_query({"x": 1}), match_query({"x": ABSENT})], "query wants x to be two different things"),
        ("/a/", [match_data({"x": 1}), match_data({"x": True})], "data wants x to be two different things"),
        ("/a/", [match_data({"x": "1"}), match_data({"x": 1})], "data wants x to be two different things"),
        ("/a/?x=1", [match_query({"x": 2})], "query wants x to be two different things"),
        ("/a/?x=1", [match_query({"y": 2})], "the URL allows no query parameter y"),
        ("/a/", [match_query({"x": []})], "wanted with no value at all"),
        ("/a/", [match_data({"x": {1, 2}})], "to be a set"),
    ],
)
def test_matchers_that_contradict_each_other_are_found(client, url, match, said):
    """No request can ever fit."""
    assert said in impossible(client.add_mock_response(url, method="POST", match=match))


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("/a/", []),
        ("/a/", [bool, match_query({"x": 1}), match_data({"x": 2})]),
        ("/a/", [match_query({"x": 1}), match_query({"x": "1", "y": 2})]),
        ("/a/", [match_query({"x": True}), match_query({"x": "true"})]),
        ("/a/", [match_data({"x": 1}), match_data({"x": 1.0})]),
        ("/a/", [match_data({"x": 1}), match_data({"x": ANY})]),
        ("/a/", [match_data([1, 2])]),
        ("/a/?x=1", [match_query({"x": 1, "y": ABSENT})]),
    ],
)
def test_matchers_that_some_request_could_fit_are_left_alone(client, url, match):
    """What is said must be certain."""
    assert impossible(client.add_mock_response(url, method="POST", match=match)) == ""


def test_a_covered_mock_never_answers(client):
    """The lint and the client agree."""
    older = client.add_mock_response("/a/", match=[match_query({"x": 1, "y": 2})])
    client.add_mock_response("/a/", match=[match_query({"x": 1})])
    assert covered(client) == {0: 1}
    with client:
        httpx.get("https://api.test/a/?x=1&y=2")
    assert not older.called


# -- the suite


def mock(source, hits=0, **more):
    return MockRecord(number=more.pop("number", 1), name="GET /a/", source=source, hits=hits, **more)


def suite_of(*mocks, outcome="passed", requests=()):
    """One test for each mock."""
    return [
        TestRecord(name=f"t{n}", outcome=outcome, mocks=(one,), requests=requests) for n, one in enumerate(mocks, 1)
    ]


def test_a_line_that_some_test_needs_is_no_finding():
    """A fixture registers for many what a few ask for."""
    tests = suite_of(mock("conftest.py:9"), mock("conftest.py:9", hits=3), mock("conftest.py:9"))
    assert findings(tests) == ()
    (line,) = lines(tests)
    assert (line.source, line.names, line.tests, line.tests_hit, line.hits) == ("conftest.py:9", ("GET /a/",), 3, 1, 3)


def test_a_line_that_no_test_needs_is_one_finding():
    """It names all of them."""
    (finding,) = findings(suite_of(mock("conftest.py:9"), mock("conftest.py:9")))
    assert (finding.kind, finding.source, finding.tests) == ("never_used", "conftest.py:9", ("t1", "t2"))
    assert finding.text.startswith("Never answered a request in any of 2 tests.")


def test_a_test_that_failed_does_not_make_its_mocks_useless():
    """It may not have come to the request."""
    assert findings(suite_of(mock("test_a.py:3"), outcome="failed")) == ()


def test_a_mock_that_hands_requests_on_is_no_finding(client):
    """A function that looks at requests and returns NEXT answers none."""
    spy = client.add_mock_response("/a/", body=lambda request: mockapi.NEXT)
    other = client.add_mock_response("/a/", body=lambda request: mockapi.PASS)
    assert (steps_aside(spy), steps_aside(other)) == (True, False)
    assert findings(suite_of(mock("test_a.py:3", steps_aside=True))) == ()


def test_a_mock_that_is_covered_in_one_test_only_is_no_finding():
    """To override what a fixture registered is what newer mocks are for."""
    assert findings(suite_of(mock("conftest.py:9", shadowed_by=2), mock("conftest.py:9", hits=1))) == ()


def test_a_mock_that_answered_before_it_was_covered_is_no_finding():
    """A refetch gets the newer answer."""
    assert findings(suite_of(mock("test_a.py:3", hits=1, shadowed_by=2))) == ()


def test_a_covered_mock_is_told_with_the_line_that_covers_it():
    """There, one of the two has to go."""
    mocks = (mock("test_a.py:3", shadowed_by=2), mock("test_a.py:4", hits=1, number=2))
    (finding,) = findings([TestRecord(name="t", outcome="passed", mocks=mocks)])
    assert finding.kind == "shadowed"
    assert "a newer mock, the one added at test_a.py:4, covers" in finding.text


def test_a_mock_is_used_up_too_early_only_if_something_was_missed_for_it():
    """times= is there to be used up."""
    used_up = mock("test_a.py:3", hits=1, times=1, is_used_up=True)
    assert findings(suite_of(used_up)) == ()
    problem = "no mock answers GET /a/\n GET /a/   added at test_a.py:3\n  times   used up (1 of 1)"
    missed = RequestRecord(method="GET", url="/a/", outcome="unmatched", library="httpx", problem=problem)
    (finding,) = findings(suite_of(used_up, outcome="failed", requests=(missed,)))
    assert finding.kind == "used_up"


def test_lines_are_in_the_order_of_files_and_lines():
    """Line 10 comes after line 9."""
    tests = suite_of(*(mock(source, hits=1) for source in ("b.py:1", "a.py:10", "", "a.py:9")))
    assert [line.source for line in lines(tests)] == ["", "a.py:9", "a.py:10", "b.py:1"]
