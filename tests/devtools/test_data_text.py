"""Data as text that is safe to show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec
import pytest

from query import InfiniteData
from query.base.types import UNSET
from query.devtools.data_text import data_text, error_text, short_text


class Colour(Enum):
    RED = "red"


class Point(msgspec.Struct):
    x: int
    y: int


@dataclass
class Person:
    name: str


class Strange:
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"a": [1, None, True, 1.5]}, {"a": [1, None, True, 1.5]}),
        ({1: {2, 2}}, {"1": [2]}),
        ((Point(1, 2), Person("Ada")), [{"x": 1, "y": 2}, {"name": "Ada"}]),
        ([Colour.RED, date(2026, 1, 2), Decimal("1.50"), b"abc"], ["red", "2026-01-02", "1.50", "<3 bytes>"]),
        (InfiniteData([[1], [2]], [0, 1]), {"pages": [[1], [2]], "page_params": [0, 1]}),
        (Strange(), "a Strange, whose repr raises RuntimeError"),
        ("half a \ud83d", "half a ?"),
        (object, "<class 'object'>"),
    ],
)
def test_what_json_does_not_know_is_shown_as_what_it_is(data, shown):
    """Records by their fields, values by their texts, and nothing raises."""
    assert json.loads(data_text(data)) == shown


def test_no_data_is_told_from_none():
    """None is data."""
    assert (data_text(UNSET), data_text(None)) == ("none", "null")
    assert (short_text(UNSET), short_text(None)) == ("none", "null")


@pytest.mark.parametrize(
    "name", ["password", "access_token", "token", "apiKey", "Authorization", "session-token", "client_secret", "cookie"]
)
def test_secrets_are_masked_by_their_names(name):
    """However deep they are."""
    assert "hunter2" not in data_text([{"user": {name: "hunter2"}}])


@pytest.mark.parametrize("name", ["next_token", "page_token", "max_tokens", "tokens", "author"])
def test_names_that_only_look_like_it_are_shown(name):
    """A cursor is no secret."""
    assert "hunter2" in data_text({name: "hunter2"})


def test_large_deep_and_endless_data_is_cut():
    """It says how much is left out; what contains itself comes to an end."""
    assert json.loads(data_text(list(range(10_000))))[-1] == "… 8,001 more"
    assert json.loads(data_text({str(n): n for n in range(10_000)}))["…"] == "8,001 more"
    loop = [1]
    loop.append(loop)
    assert "[… 2 items]" in data_text(loop)
    nested = {}
    nested["a"] = nested
    assert "{… 1 fields}" in data_text(nested)
    assert data_text("x" * 5_000).endswith('… (5,000 characters)"')
    assert len(short_text("x" * 5_000)) == 121


def test_errors_have_their_type_and_never_raise():
    """An error without a text is its type."""

    class Odd(Exception):
        def __str__(self):
            raise RuntimeError

    assert error_text(ValueError("no luck")) == "ValueError: no luck"
    assert error_text(ValueError()) == "ValueError"
    assert error_text(Odd()) == "Odd: its str raises RuntimeError"
