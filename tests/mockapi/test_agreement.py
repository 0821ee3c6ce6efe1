"""When a wanted value agrees with one that was sent."""

import re
from unittest.mock import ANY

import pytest
from dirty_equals import IsPositiveInt
from hypothesis import given
from hypothesis import strategies as st

from mockapi import ABSENT
from mockapi.agreement import agrees, agrees_in_part, copied, pruned, text_agrees

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("wanted", "got", "outcome"),
    [
        (True, 1, False),
        (1, True, False),
        ([0], [False], False),
        (1, 1.0, True),
        ((1, 2), [1, 2], True),
        ({"a": [True]}, {"a": [1]}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ([1], [1, 2], False),
        ({"a": [{"b": ANY}]}, {"a": [{"b": {"c": None}}]}, True),
        ([IsPositiveInt, pytest.approx(0.3)], [3, 0.1 + 0.2], True),
        ([IsPositiveInt], [-3], False),
        (None, 0, False),
        ("1", 1, False),
    ],
)
def test_values_agree_deeply_and_by_the_types_of_json(wanted, got, outcome):
    """true is not 1; a value with its own == is asked, wherever it stands."""
    assert agrees(wanted, got) is outcome


@given(value=JSON)
def test_every_value_agrees_with_its_copy_and_none_with_a_shell_around_it(value):
    """Reflexive, and sharp."""
    assert agrees(value, copied(value, lambda item, place: None))
    assert not agrees([value], value)


def test_a_copy_does_not_follow_its_original():
    """Containers are copied at any depth; what is inside them stays the same object."""
    marker = object()
    original = {"a": [{"b": [marker]}]}
    made = copied(original, lambda item, place: None)
    original["a"][0]["b"].append(1)
    assert made == {"a": [{"b": [marker]}]}


def test_each_value_inside_is_checked_with_its_place():
    """So that a refusal can say where."""
    seen = {}
    copied({"a": [1, {"b": 2}]}, lambda item, place: seen.setdefault(place, item), "body")
    assert seen["body['a'][1]['b']"] == 2


@pytest.mark.parametrize(
    ("wanted", "got", "outcome"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": {"b": ABSENT}}, {"a": {"c": 1}}, True),
        ({"a": {"b": ABSENT}}, {"a": {"b": None}}, False),
        ([{"a": 1}], [{"a": 1, "b": 2}], True),
        ([{"a": 1}], [{"a": 1}, {}], False),
        ({"a": True}, {"a": 1}, False),
        ({}, [], False),
        ([re.compile("a+"), re.compile("b")], ["aa", "b"], True),
        ([re.compile("a")], ["ab"], False),
        ([re.compile("1")], [1], False),
    ],
)
def test_values_agree_in_part(wanted, got, outcome):
    """Dicts may have more keys, lists may not have more items."""
    assert agrees_in_part(wanted, got) is outcome


@given(value=JSON)
def test_what_agrees_whole_agrees_in_part_and_is_left_whole(value):
    """Nothing that was asked for is taken out of what is shown."""
    assert agrees_in_part(value, value)
    assert pruned(value, value) == value


@pytest.mark.parametrize(
    ("wanted", "got", "outcome"),
    [
        (re.compile("[0-9]+"), "12", True),
        (re.compile("[0-9]"), "12", False),
        (re.compile("x"), ["x", "x"], False),
        (ANY, ["x", "x"], True),
        (IsPositiveInt, "0x1", False),
        (object(), "x", False),
        (3, ["3"], False),
    ],
)
def test_texts_agree_by_what_they_mean(wanted, got, outcome):
    """A list is never the text of something."""
    assert text_agrees(wanted, got) is outcome
