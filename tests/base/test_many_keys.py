"""Keys that are looked at together: the short look at those of one form agrees with the look at any."""

from __future__ import annotations

import enum
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.base.keys import hash_key
from query.base.many_keys import are_said_by_texts, most_of_any_form, most_of_one_form


class Colour(enum.StrEnum):
    """A str that only passes for one."""

    RED = "red"


PARTS = st.sampled_from(
    [
        1,
        True,
        None,
        1.5,
        "a",
        Colour.RED,
        [],
        [1],
        (1, 2),
        {1, 2},
        {},
        {"a": 1},
        {"b": 2},
        {"a": 1.5},
        {"a": [1]},
        {"a": 1, "b": "c"},
        {1: 2},
        {Colour.RED: 1},
        {"a": Colour.RED},
        {"a": {"b": 1}},
        OrderedDict(a=1),
    ]
)
KEYS = st.integers(0, 3).flatmap(lambda width: st.lists(st.lists(PARTS, min_size=width, max_size=width), max_size=3))


@given(KEYS | st.lists(st.lists(PARTS, max_size=3) | st.tuples(PARTS), max_size=4))
def test_a_short_look_agrees_with_a_long_one(keys):
    """It may give up, but never take for plain what is not, nor count otherwise."""
    assert most_of_one_form(keys) in (None, most_of_any_form(keys))


@given(st.integers(1, 5), st.sampled_from([[], ["a"], ["a", 1, None, True], ["a", {"b": 1}, {}, {"c": "d", "e": 1}]]))
def test_keys_that_differ_in_values_alone_need_a_short_look(count, key):
    """As those of an endpoint do."""
    keys = [["key", number, *key] for number in range(count)]
    most = most_of_one_form(keys)
    assert most is not None
    assert most == most_of_any_form(keys)
    assert are_said_by_texts(keys, [hash_key(key) for key in keys])


@pytest.mark.parametrize(
    "other", [["key"], ["key", "1"], ["key", 1, 1], ["key", True], ("key", None), ["key", {}], ["key", [1]]], ids=repr
)
def test_keys_of_two_forms_need_the_long_look(other):
    """Which knows them, too."""
    keys = [["key", 1], other]
    assert most_of_one_form(keys) is None
    assert are_said_by_texts(keys, [hash_key(key) for key in keys])


@pytest.mark.parametrize("names", [{1: 2}, {Colour.RED: 1}, {None: 1}, {("a",): 1}], ids=repr)
def test_names_that_only_pass_for_strings_are_seen(names):
    """Written as JSON they look like any."""
    assert most_of_one_form([["key", names]]) is None
    assert most_of_any_form([["key", names]]) is None


def test_no_keys_have_no_members():
    """Both ways."""
    assert most_of_one_form([]) == most_of_any_form([]) == 0
