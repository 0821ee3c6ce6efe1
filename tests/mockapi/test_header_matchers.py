"""Headers and cookies that a request must have."""

import re
from unittest.mock import ANY

import httpx
import httpx2
import pytest
from dirty_equals import IsPositiveInt, IsStr

from mockapi import ABSENT, Mismatch, match_cookies, match_headers
from mockapi.differences import difference

URL = "https://api.test/items/"


def get(headers=(), library=httpx, **options):
    return library.Request("GET", URL, headers=headers, **options)


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_headers_that_are_given_are_compared_in_any_case_and_others_ignored(library):
    """A name is a name, however it is written."""
    sent = get({"X-Tenant": "acme", "X-Other": "1"}, library)
    assert match_headers({"x-tEnAnT": "acme"})(sent)
    assert not match_headers({"X-Tenant": "Acme"})(sent)
    assert not match_headers({"X-Missing": "acme"})(sent)


@pytest.mark.parametrize(
    ("wanted", "outcome"),
    [
        (5, True),
        ("5", True),
        (b"5", True),
        (ANY, True),
        (IsPositiveInt, True),
        (re.compile(r"\d"), True),
        (re.compile(r"\d\d"), False),
        (6, False),
        (ABSENT, False),
        (["5"], True),
        (["5", "5"], False),
    ],
)
def test_a_header_is_text_and_values_with_their_own_equality_are_asked(wanted, outcome):
    """Numbers are compared as they are sent."""
    assert bool(match_headers({"x-count": wanted})(get({"X-Count": "5"}))) is outcome


def test_a_repeated_header_is_a_list_in_order_or_one_text_with_commas():
    """The two ways of HTTP to say the same."""
    sent = get([("X-Tag", "a"), ("x-tag", "b")])
    assert match_headers({"X-Tag": ["a", "b"]})(sent)
    assert match_headers({"X-Tag": ["a", IsStr]})(sent)
    assert match_headers({"X-Tag": "a, b"})(sent)
    assert not match_headers({"X-Tag": ["b", "a"]})(sent)
    assert not match_headers({"X-Tag": "a"})(sent)


def test_absent_is_a_header_that_is_not_sent():
    """Also where httpx would send one by itself."""
    assert match_headers({"Authorization": ABSENT})(get())
    assert not match_headers({"authorization": ABSENT})(get({"Authorization": ""}))


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_all_cookies_that_are_given_must_be_sent(library):
    """One pair that fits is not enough."""
    sent = get(library=library, cookies={"theme": "dark", "lang": "de"})
    assert match_cookies({"theme": "dark"})(sent)
    assert match_cookies({"theme": "dark", "lang": "de", "sid": ABSENT})(sent)
    assert not match_cookies({"theme": "dark", "lang": "en"})(sent)
    assert not match_cookies({"theme": "dark", "other": ANY})(sent)
    assert not match_cookies({"theme": ABSENT})(sent)
    assert match_cookies({"theme": ABSENT})(get(library=library))


def test_cookies_are_read_as_they_are_sent():
    """Spaces between them, quotes around them, equals signs in them, several headers, and a name twice."""
    sent = get([("Cookie", 'a="x y";b=1=2;  c= '), ("cookie", "d=%41; e; a=z")])
    assert match_cookies({"a": ["x y", "z"], "b": "1=2", "c": "", "d": "%41", "e": ABSENT})(sent)


def test_what_differs_is_shown_and_no_secret():
    """By the names that were asked for only."""
    sent = get({"Authorization": "Bearer abcdefgh", "X-A": "1", "Cookie": "sid=abc; theme=dark; other=x"})
    outcome = match_headers({"Authorization": "Bearer zzzzzzzz", "X-A": 2, "X-B": "b", "X-C": ANY, "Cookie": ABSENT})(
        sent
    )
    assert isinstance(outcome, Mismatch)
    assert outcome.reason == "authorization differs"
    assert difference(outcome) == [
        "authorization   expected ***   got ***",
        "cookie   expected absent   got ***",
        "x-a   expected '2'   got '1'",
        "x-b   expected 'b'   got nothing",
        "x-c   expected <ANY>   got nothing",
    ]
    assert difference(match_cookies({"sid": "xyz", "theme": "light", "lang": "en"})(sent)) == [
        "lang   expected 'en'   got nothing",
        "sid   expected ***   got ***",
        "theme   expected 'light'   got 'dark'",
    ]


@pytest.mark.parametrize(
    ("make", "wanted", "error", "text"),
    [
        (match_headers, {"X-A": None}, TypeError, "match_headers has None for 'X-A'; write ABSENT for a header"),
        (
            match_headers,
            {"X-A": {"a": 1}},
            TypeError,
            "match_headers has the dict {'a': 1} for 'X-A'; a header is text",
        ),
        (match_headers, {"X-A": ["a", ABSENT]}, TypeError, "match_headers has ABSENT in the list for 'X-A'"),
        (match_headers, {"X-A": "1", "x-a": "2"}, ValueError, "match_headers has 'x-a' twice: case does not matter"),
        (match_headers, "X-A", TypeError, "match_headers takes a dict of the keys to compare, got 'X-A'"),
        (match_headers, {1: "a"}, TypeError, "match_headers has the name 1; names are sent as text"),
        (match_cookies, {"a": None}, TypeError, "match_cookies has None for 'a'; write ABSENT for a cookie"),
        (
            match_cookies,
            {"a": b"x"},
            TypeError,
            "match_cookies has the bytes b'x' at ['a'], but its values are sent as",
        ),
        (match_cookies, None, TypeError, "match_cookies takes a dict of the keys to compare, got None"),
    ],
)
def test_what_can_never_be_sent_is_refused(make, wanted, error, text):
    """Where it is written, with what to write instead."""
    with pytest.raises(error, match=re.escape(text)):
        make(wanted)
