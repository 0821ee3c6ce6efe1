"""Headers of an answer: a mapping without regard to case, that reads what is said of paging."""

import copy
import pickle

import pytest

from query.api import Link, ResponseHeaders


def test_headers_are_found_in_any_case():
    """As the server wrote them or not."""
    headers = ResponseHeaders({"Link": "<next>", "x-HITS": "5"})
    assert headers["link"] == headers["LINK"] == headers.get("Link") == "<next>"
    assert headers["X-Hits"] == "5"
    assert "x-hits" in headers
    assert "nothing" not in headers
    assert 5 not in headers
    assert headers.get("Nothing") is None
    assert list(headers) == ["link", "x-hits"]
    assert len(headers) == 2
    assert repr(headers) == "ResponseHeaders({'link': '<next>', 'x-hits': '5'})"
    with pytest.raises(KeyError):
        headers["nothing"]


def test_lines_of_one_header_are_joined():
    """As RFC 9110 says; Link reads the same."""
    headers = ResponseHeaders([("Link", "</a>; rel=next"), ("Vary", "Accept"), ("link", "</b>; rel=prev")])
    assert headers["Link"] == "</a>; rel=next, </b>; rel=prev"
    assert headers.link == (Link("/a", ("next",), (("rel", "next"),)), Link("/b", ("prev",), (("rel", "prev"),)))


@pytest.mark.parametrize("headers", [[("Set-Cookie", "sid=1"), ("SET-COOKIE2", "a")], {"set-cookie": "sid=1"}])
def test_cookies_are_kept_back(headers):
    """A cache may be stored and sent around; the HTTP client has the cookies."""
    assert dict(ResponseHeaders(headers)) == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("5", 5),
        (" 5 ", 5),
        ("0", 0),
        ("-5", None),
        ("5.0", None),
        ("1_000", None),
        ("٣", None),
        ("5, 5", None),
        ("many", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_counts(text, count):
    """A number, or None for what is none: a page must not fail for its headers."""
    headers = ResponseHeaders({"x-hits": text, "X-Max-Hits": text})
    assert headers.hits == headers.max_hits == count


def test_what_is_missing_is_none():
    """Most answers are no pages."""
    headers = ResponseHeaders()
    assert (headers.link, headers.hits, headers.max_hits) == ((), None, None)


def test_garbage_is_no_link():
    """And raises nothing."""
    assert ResponseHeaders({"link": "<<;;=,"}).link == ()


def test_headers_are_equal_by_what_they_say():
    """In whatever case, also to a dict; equal ones have one hash."""
    headers = ResponseHeaders({"A": "1", "b": "2"})
    assert headers == ResponseHeaders({"B": "2", "a": "1"})
    assert headers == {"a": "1", "B": "2"}
    assert headers != ResponseHeaders({"A": "1"})
    assert headers != {"a": "1"}
    assert headers != {"a": "1", "b": "2", 3: "4"}
    assert headers != [("a", "1")]
    assert hash(headers) == hash(ResponseHeaders({"b": "2", "a": "1"}))
    assert len({headers, ResponseHeaders({"a": "1", "B": "2"})}) == 1


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda headers: pickle.loads(pickle.dumps(headers))])
def test_copies_are_equal(again):
    """In memory and by pickle."""
    headers = ResponseHeaders({"A": "1"})
    assert again(headers) == headers
    assert type(again(headers)) is ResponseHeaders


def test_a_dict_of_headers_makes_them_again():
    """Nothing but text is in it."""
    headers = ResponseHeaders([("Link", "</a>"), ("Link", "</b>")])
    assert ResponseHeaders(dict(headers)) == headers
