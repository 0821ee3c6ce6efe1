"""The body: in part at any depth, and as it is sent."""

import re
from unittest.mock import ANY

import httpx
import pytest
from dirty_equals import IsBytes, IsPositiveInt, IsStr

from mockapi import ABSENT, Mismatch, match_content, match_data
from mockapi.differences import difference


def post(**body):
    request = httpx.Request("POST", "https://api.test/items/", **body)
    request.read()
    return request


ORDER = {"id": 1, "buyer": {"name": "Ada", "tags": ["a"]}, "items": [{"sku": "A", "n": 1}, {"sku": "B", "n": 2}]}


@pytest.mark.parametrize(
    ("wanted", "outcome"),
    [
        ({"buyer": {"name": "Ada"}}, True),
        ({"buyer": {"name": "Ada", "age": ABSENT}}, True),
        ({"buyer": {"name": ABSENT}}, False),
        ({"buyer": {}}, True),
        ({"items": [{"sku": "A"}, {"n": 2, "gone": ABSENT}]}, True),
        ({"items": [{"sku": "A"}]}, False),
        ({"items": [{"sku": "B"}, {"sku": "A"}]}, False),
        ({"items": [{"sku": IsStr}, {"n": IsPositiveInt}]}, True),
        ({"items": ANY, "id": True}, False),
        ({"buyer": ["name"]}, False),
        ({"buyer": {"tags": [re.compile("[a-z]")]}}, True),
        ({"gone": {"x": 1}}, False),
        ({"gone": ABSENT}, True),
    ],
)
def test_deep_compares_in_part_at_any_depth(wanted, outcome):
    """Dicts may have more keys, lists are compared item by item, ABSENT stands anywhere."""
    assert bool(match_data(wanted, deep=True)(post(json=ORDER))) is outcome


def test_without_deep_values_are_whole():
    """The same dicts, compared to the last key."""
    assert not match_data({"buyer": {"name": "Ada"}})(post(json=ORDER))
    assert match_data({"buyer": {"name": "Ada", "tags": ["a"]}})(post(json=ORDER))


def test_a_list_is_compared_in_part_too():
    """Item by item."""
    assert match_data([{"a": 1}], deep=True)(post(json=[{"a": 1, "b": 2}]))
    assert not match_data([{"a": 1}])(post(json=[{"a": 1, "b": 2}]))
    outcome = match_data([{"a": 1, "b": ABSENT}], deep=True)(post(json=[{"a": 1, "b": 2, "c": 3}]))
    assert difference(outcome) == ["[0].b   expected absent   got 2"]
    assert match_data([1])(post(content=b"[")).reason == "the body is no JSON"
    assert match_data([1])(post()).reason == "the body is empty"


def test_what_was_not_asked_for_is_not_shown():
    """A deep difference has rows for wanted keys only."""
    outcome = match_data(
        {
            "buyer": {"name": "Bob", "tags": ABSENT, "age": ABSENT},
            "items": [{"sku": "A", "n": ANY}, {"sku": "C", "x": 1}],
        },
        deep=True,
    )(post(json=ORDER))
    assert isinstance(outcome, Mismatch)
    assert outcome.reason == "buyer differs"
    assert difference(outcome) == [
        "buyer.name   expected 'Bob'   got 'Ada'",
        "buyer.tags   expected absent   got ['a']",
        "items[1].sku   expected 'C'   got 'B'",
        "items[1].x   expected 1   got nothing",
    ]


def test_lists_of_other_lengths_are_shown_without_what_was_not_asked_for():
    """Only the surplus item is whole."""
    outcome = match_data({"items": [{"sku": "A"}]}, deep=True)(post(json=ORDER))
    assert difference(outcome) == ["items[1]   expected nothing   got {'sku': 'B', 'n': 2}"]


@pytest.mark.parametrize(
    ("wanted", "deep", "text"),
    [
        ({"a": [ABSENT]}, True, "match_data has ABSENT at ['a'][0], as an item of a list"),
        ([ABSENT], False, "match_data has ABSENT at [0], as an item of a list"),
        ({"a": {"b": ABSENT}}, False, "Leave the key out there, or compare in part with deep=True."),
        ({1: 2}, False, "match_data has the name 1; names are sent as text"),
    ],
)
def test_absent_where_nothing_can_be_absent_is_refused(wanted, deep, text):
    """It could never match, or never fail."""
    with pytest.raises(TypeError, match=re.escape(text)):
        match_data(wanted, deep=deep)


LATIN = {"content": "Straße".encode("latin-1"), "headers": {"Content-Type": "text/plain; charset=ISO-8859-1"}}


@pytest.mark.parametrize(
    ("wanted", "body", "outcome"),
    [
        (b"hi", {"content": b"hi"}, True),
        (bytearray(b"hi"), {"content": b"hi"}, True),
        (b"hi", {"content": b"hi\n"}, False),
        ("hü", {"content": "hü".encode()}, True),
        ("Straße", LATIN, True),
        ("Straße", {"content": LATIN["content"]}, False),
        (LATIN["content"], LATIN, True),
        ("ü", {"content": "ü".encode(), "headers": {"Content-Type": 'text/plain; charset="nobody-knows"'}}, True),
        (re.compile("h."), {"content": "hü".encode()}, True),
        (re.compile("h"), {"content": b"hi"}, False),
        (re.compile(b"h."), {"content": b"h\xff"}, True),
        (re.compile("h."), {"content": b"h\xff"}, False),
        (IsStr(min_length=2), {"content": b"hi"}, True),
        (IsBytes, {"content": b"\xff"}, True),
        (ANY, {}, True),
        (b"", {}, True),
        ("", {"content": b"x"}, False),
        ('{"a": 1}', {"content": b'{"a": 1}'}, True),
    ],
)
def test_content_is_compared_exactly(wanted, body, outcome):
    """As bytes, as text in its charset, or by a regular expression for the whole."""
    assert bool(match_content(wanted)(post(**body))) is outcome


def test_long_content_is_shown_around_the_place_where_it_begins_to_differ():
    """Nobody reads the rest."""
    (row,) = difference(match_content("a" * 5000 + "b")(post(content=b"a" * 5000 + b"c" * 5000)))
    assert "aaaab'   got '" in row
    assert row.endswith("c...'")
    assert len(row) < 250
    assert difference(match_content(b"x")(post(content=b"\xff"))) == ["all of it   expected b'x'   got b'\\xff'"]
    assert difference(match_content(re.compile("x"))(post(content=b"y"))) == [
        "all of it   expected re.compile('x')   got 'y'"
    ]


def test_secrets_in_content_are_masked():
    """Also where they are all that differs."""
    sent = post(content=b"user=ada&password=1234")
    assert difference(match_content("user=bob&password=9876")(sent)) == [
        "all of it   expected 'user=bob&password=***'   got 'user=ada&password=***'"
    ]
    assert difference(match_content("user=ada&password=9876")(sent)) == ["all of it   expected ***   got *** (another)"]


@pytest.mark.parametrize("wanted", [None, {"a": 1}, [1], ABSENT, 1, True])
def test_content_that_is_data_is_refused(wanted):
    """match_data is meant."""
    with pytest.raises(
        TypeError, match="match_content compares the body as it is sent, got .* For JSON and forms write"
    ):
        match_content(wanted)
