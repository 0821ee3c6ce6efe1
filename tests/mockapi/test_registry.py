"""The newest mock that matches, at a cost that does not grow."""

import itertools
import re
from unittest.mock import ANY

import httpx

from mockapi import MockApiClient, match_query


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


def test_a_star_is_any_one_segment():
    """Not none, not two, not an empty one."""
    with MockApiClient() as mock:
        mock.add_mock_response(re.compile(".*"), body=0)
        found = mock.add_mock_response("/a/*/c", body=1)
        assert [get(f"/a/{x}c") for x in ("b/", "b%2Fb/", "*/", "b/b/", "/", "")] == [1, 1, 1, 0, 0, 0]
        assert found.last.path_params == {}


def test_two_stars_are_all_the_rest():
    """One segment or more; the last may be empty."""
    with MockApiClient() as mock:
        mock.add_mock_response("/**", body=0)
        mock.add_mock_response("/a/$x/**", body=1)
        assert [get(path) for path in ("/a/b/", "/a/b/c", "/a/b/c/d/", "/a/b", "/a//b", "/", "")] == [
            1,
            1,
            1,
            0,
            0,
            0,
            0,
        ]
        mock.add_mock_response("https://api.test/a/b/**", body=2)
        assert [get("/a/b/c"), get("/a/c/c")] == [2, 1]


def test_mocks_of_one_template_are_told_apart_by_their_queries():
    """As those of one path are."""
    with MockApiClient() as mock:
        for number in range(20):
            mock.add_mock_response("/a/$x/", body=number, match=[match_query({"page": number, "size": 10})])
        assert get("/a/b/?page=7&size=10") == 7


def test_of_any_two_kinds_the_newer_wins():
    """Each kind of URL, for one method and for any, in both orders and with nothing else there."""
    urls = ["/a/b/", "/a/$x/", "/a/*/", "/a/{x}-y/", "/a/**", re.compile("/a/.*"), re.compile(".*/")]
    kinds = list(itertools.product(urls, ["GET", "*"]))
    with MockApiClient() as mock:
        for older, newer in itertools.permutations(kinds, 2):
            mock.clear_mock_responses()
            both = [
                mock.add_mock_response(url, method=method, body=n) for n, (url, method) in enumerate((older, newer))
            ]
            path = "/a/b-y/" if "/a/{x}-y/" in (older[0], newer[0]) else "/a/b/"
            fits = [n for n, (url, _) in enumerate((older, newer)) if url != "/a/b/" or path == "/a/b/"]
            assert get(path) == fits[-1], (older, newer)
            both[fits[-1]].remove()
            if len(fits) == 2:
                assert get(path) == fits[0], (older, newer)
