"""Types are equal if they say the same, and unions say it once."""

from __future__ import annotations

import pytest

from query.api.generate.shapes import NONE, OBJECT, Field, Fields, Listed, Literals, Plain, United, first_line, union

STR, INT = Plain("str"), Plain("int")


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([STR], STR),
        ([STR, STR], STR),
        ([STR, NONE, INT], United((STR, INT, NONE))),
        ([NONE], NONE),
        ([union([STR, NONE]), union([INT, NONE])], United((STR, INT, NONE))),
        ([Literals(("1",)), STR, Literals(("True", "1"))], United((Literals(("1", "True")), STR))),
        ([STR, OBJECT, NONE], OBJECT),
        ([], OBJECT),
    ],
)
def test_a_union_has_each_member_once(types, expected):
    """None is last, values are joined, and what is not known makes the whole unknown."""
    assert union(types) == expected


def test_shapes_are_the_same_whatever_is_said_of_them():
    """The order of keys and their descriptions change no type."""
    one = Fields((Field("a", STR, True, "x"), Field("b", Listed(INT), False)), "Title", "doc")
    assert one.identity == Fields((Field("b", Listed(INT), False), Field("a", STR, True))).identity
    assert one.identity != Fields((Field("b", Listed(INT), True), Field("a", STR, True))).identity


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  One\n  line.\n\nNo more.", "One line."),
        ("", ""),
        (None, ""),
        (["a"], ""),
        ("ab cd", "ab cd"),
        ("a" * 12, "aaaaaa..."),
    ],
)
def test_a_description_is_one_line(text, line):
    """Its first paragraph, cut where it is too long."""
    assert first_line(text, 9) == line
