"""The newest mock that matches, at a cost that does not grow."""

import re
from unittest.mock import ANY

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from mockapi import MockApiClient, match_query
from mockapi.requests import RequestView

URLS = [
    "/a/",
    "/a",
    "/a/b/",
    "/a/$x/",
    "/a/{x}/c/",
    "/$y/b/",
    "https://h.test/a/",
    "/a/?q=1",
    re.compile("/a/.*"),
    re.compile(".*/b/"),
]
PATHS = ["/a/", "/a", "/a/b/", "/a/z/", "/a/z/c/", "/z/b/", "/q/"]
QUERIES = ["", "?q=1", "?q=2", "?q=1&r=3", "?r=3", "?q=1&q=2"]


def naive(mocks, view):
    """Newest first, one after the other, by the meaning of a URL instead of by its place in an index."""
    for mock in reversed(mocks):
        url = mock.url
        if view.method not in mock.methods or mock.is_used_up:
            continue
        if url.regex is not None:
            fits = url.regex.fullmatch(view.url) or url.regex.fullmatch(view.path)
        elif url.segments is not None:
            template = "/".join("[^/]+" if not isinstance(part, str) else re.escape(part) for part in url.segments)
            fits = re.fullmatch(template, view.path)
        else:
            fits = url.path == view.path
        if fits and not mock.mismatches(view):
            return mock
    return None


@settings(max_examples=60, stateful_step_count=40, deadline=None)
class IndexEqualsScan(RuleBasedStateMachine):
    """Whatever is added, removed and used up: the index finds what a scan finds."""

    def __init__(self):
        super().__init__()
        self.client = MockApiClient()

    @rule(
        url=st.sampled_from(URLS),
        method=st.sampled_from(["GET", "POST", ["GET", "POST"]]),
        query=st.sampled_from([None, {"q": 1}, {"r": 3}, {"q": 1, "r": 3}, {"q": [1, 2]}]),
        times=st.sampled_from([None, None, 1, 2]),
    )
    def add(self, url, method, query, times):
        match = [] if query is None else [match_query(query)]
        self.client.add_mock_response(url, method=method, match=match, times=times)

    @precondition(lambda self: self.client.mocks)
    @rule(data=st.data())
    def remove(self, data):
        data.draw(st.sampled_from(self.client.mocks)).remove()

    @rule(
        host=st.sampled_from(["https://h.test", "http://other.test"]),
        path=st.sampled_from(PATHS),
        query=st.sampled_from(QUERIES),
        method=st.sampled_from(["GET", "POST", "PUT"]),
    )
    def send(self, host, path, query, method):
        view = RequestView(httpx.Request(method, host + path + query), "httpx")
        expected = naive(self.client.mocks, view)
        found = self.client._registry.find(view)
        assert (found and found[0]) is expected


TestIndexEqualsScan = IndexEqualsScan.TestCase


def get(path):
    return httpx.get(f"https://api.test{path}").json()


def test_the_newest_registration_wins_over_every_kind_of_url():
    """A later general mock hides an earlier special one; a test overrides with whatever it likes."""
    with MockApiClient() as mock:
        mock.add_mock_response("/a/b/", body="exact")
        assert httpx.get("https://api.test/a/b/").text == "exact"
        mock.add_mock_response("/a/$x/", body="template")
        assert httpx.get("https://api.test/a/b/").text == "template"
        mock.add_mock_response(re.compile("/a/.*"), body="regex")
        assert httpx.get("https://api.test/a/b/").text == "regex"
        mock.add_mock_response("https://api.test/a/b/", body="whole")
        assert httpx.get("https://api.test/a/b/").text == "whole"
        assert httpx.get("https://other.test/a/b/").text == "regex"


def test_an_older_mock_answers_again_after_times_or_remove():
    """Overrides end."""
    with MockApiClient() as mock:
        mock.add_mock_response("/a/", body=1)
        mock.add_mock_response("/a/", body=2, times=2)
        assert [get("/a/") for _ in range(3)] == [2, 2, 1]
        newest = mock.add_mock_response("/a/", body=3)
        assert get("/a/") == 3
        newest.remove()
        newest.remove()
        assert get("/a/") == 1
        assert newest.call_count == 1


def test_a_value_with_an_encoded_slash_is_one_segment():
    """Templates are compared segment by segment before decoding."""
    with MockApiClient() as mock:
        found = mock.add_mock_response("/a/$x/", body=1)
        assert get("/a/b%2Fc/") == 1
        assert found.last.path_params == {"x": "b/c"}


def test_an_encoded_slash_is_no_slash():
    """Exact paths are told apart as well."""
    with MockApiClient() as mock:
        mock.add_mock_response("/f/a%2Fb", body=1)
        mock.add_mock_response("/f/a/b", body=2)
        assert [get("/f/a%2Fb"), get("/f/a/b")] == [1, 2]


def test_two_matchers_of_one_query_must_both_agree():
    """Also when they contradict each other."""
    with MockApiClient() as mock:
        mock.add_mock_response("/a/", body=0)
        mock.add_mock_response("/a/", body=1, match=[match_query({"x": "1"}), match_query({"y": ANY})])
        mock.add_mock_response("/a/?x=1", body=2, match=[match_query({"x": "2"})])
        assert [get("/a/?x=1&y="), get("/a/?x=1"), get("/a/?x=2")] == [1, 0, 0]
