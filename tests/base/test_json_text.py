"""JSON in a part of the time: the very texts and values of ``json``, and its errors."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.base import json_text as room
from query.base.json_text import json_text, json_value


class Colour(enum.StrEnum):
    """A str that only passes for one."""

    RED = "red"


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.floats(0.0001, 1e10)
    | st.text(max_size=6)
    | st.sampled_from(["\ud800", "\x7f", "a\u00e9\U0001f600b", Colour.RED, 1e16, 0.0001, -0.0])
)
NAMES = st.text(max_size=3) | st.sampled_from([1, 1.5, 1e16, None, True, Colour.RED])
VALUES = st.recursive(
    ATOMS,
    lambda value: (
        st.lists(value, max_size=4) | st.dictionaries(NAMES, value, max_size=4) | st.lists(value, max_size=2).map(tuple)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_texts_and_values_are_those_of_json(value):
    """To the letter, whatever the value."""
    text = json.dumps(value, separators=(",", ":"))
    assert json_text(value) == text
    assert repr(json_value(text)) == repr(json.loads(text))
    assert repr(json_value(json.dumps(value, ensure_ascii=False))) == repr(json.loads(text))


@given(st.text(st.sampled_from('[]{},:"1e9-.0 \\untfalsrN\n'), max_size=12))
def test_whatever_json_refuses_is_refused_as_it_does(text):
    """With its words, which say where."""
    try:
        value = json.loads(text)
    except ValueError as error:
        with pytest.raises(type(error)) as refused:
            json_value(text)
        assert str(refused.value) == str(error)
    else:
        assert repr(json_value(text)) == repr(value)


@pytest.mark.parametrize(
    "value", [{1}, b"a", bytearray(b"a"), dt.date(2026, 1, 1), [range(2)], {("a",): 1}, {"a": 1j}], ids=repr
)
def test_what_json_has_no_word_for_is_refused(value):
    """Others would write some of this as strings."""
    with pytest.raises(TypeError):
        json_text(value)


def test_what_has_no_end_is_refused():
    """As json does it."""
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="Circular reference detected"):
        json_text(endless)


@pytest.mark.parametrize("text", [b'{"a": 1}', bytearray(b"[1]"), '{"a": 1}'.encode("utf-16")], ids=repr)
def test_bytes_are_read_as_json_reads_them(text):
    """In any of its encodings."""
    assert json_value(text) == json.loads(text)


def test_plain_values_are_left_to_json_by_nobody(monkeypatch):
    """Which is what this is for."""
    value = {"id": 7, "name": "caf\u00e9", "at": 1_700_000_000.25, "rows": [[1, None, True, -0.0], {}]}
    text = json_text(value)
    monkeypatch.setattr(room.json, "dumps", lambda part: f'"{"?" * len(part)}"')
    monkeypatch.setattr(room.json, "loads", None)
    assert json_text(value) == text.replace("\\u00e9", "?")
    assert json_value(text) == value
    assert math.copysign(1, json_value("-0.0")) == -1
