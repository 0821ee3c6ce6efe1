"""Options that are values or functions: which of them are called, and with what."""

from __future__ import annotations

import functools
import math
from datetime import timedelta
from unittest.mock import Mock

import pytest

from query.base.types import UNSET
from query.base.values import (
    functional_update,
    given,
    is_function,
    keep_previous_data,
    resolve_query_value,
    resolve_stale_time,
    should_throw_error,
)


@functools.cache
def cached(value):
    return [value]


class Model:
    """Something that people cache although it can be called."""

    def __init__(self, value=None):
        self.value = value

    def __call__(self, argument):
        return "called"

    def method(self, argument):
        return [self.value, argument]

    @staticmethod
    def static(argument):
        return [argument]

    @classmethod
    def made(cls, argument):
        return cls(argument)


@pytest.mark.parametrize(
    "function",
    [
        lambda value: value,
        Model().method,
        Model.method,
        Model.static,
        Model.made,
        len,
        [].append,
        "a".__add__,
        str.upper,
        str.__len__,
        functools.partial(max, 1),
        cached,
    ],
    ids=lambda function: type(function).__name__,
)
def test_functions_of_all_kinds_are_called(function):
    """What nobody caches is meant as a function."""
    assert is_function(function) is True


@pytest.mark.parametrize(
    "value", [Model, Model(), Mock(), int, None, UNSET, "text", {"a": 1}], ids=lambda value: type(value).__name__
)
def test_data_that_happens_to_be_callable_is_data(value):
    """A class, a mock or a model is stored, not called."""
    assert is_function(value) is False
    assert functional_update(value, 1) is value


@pytest.mark.parametrize(
    ("updater", "argument", "expected"),
    [
        (lambda old: old + 1, 1, 2),
        (lambda old: old, UNSET, UNSET),
        (functools.partial(max, 5), 3, 5),
        (Model(7).method, 1, [7, 1]),
        (str.upper, "ab", "AB"),
        (cached, 3, [3]),
        (5, 3, 5),
        (None, 3, None),
    ],
)
def test_an_updater_is_applied_to_the_present_data(updater, argument, expected):
    """Or is the new data itself."""
    assert functional_update(updater, argument) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, False),
        (0, 0),
        (lambda query: query.upper(), "QUERY"),
        (lambda query: False, False),
        (Model(), "called"),
        (UNSET, "default"),
        (None, "default"),
        (lambda query: None, "default"),
        (lambda query: UNSET, "default"),
    ],
)
def test_an_option_is_resolved_with_the_query(value, expected):
    """Whatever can be called is; nothing given, or nothing returned, means the default."""
    assert resolve_query_value(value, "query", "default") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (UNSET, 0.0),
        (None, 0.0),
        (30, 30),
        (timedelta(minutes=1), 60.0),
        (math.inf, math.inf),
        ("static", "static"),
        (lambda query: timedelta(seconds=len(query)), 5.0),
        (lambda query: "static", "static"),
        (lambda query: None, 0.0),
        (lambda query: UNSET, 0.0),
    ],
)
def test_a_stale_time_is_resolved_to_seconds(value, expected):
    """Or "static"; not given is 0."""
    assert resolve_stale_time(value, "query") == expected


@pytest.mark.parametrize(("value", "expected"), [(UNSET, 3), (None, 3), (0, 0), (False, False), ("", "")])
def test_only_unset_and_none_take_the_default(value, expected):
    """Falsy values are given."""
    assert given(value, 3) is expected


@pytest.mark.parity("QC-utils-073")
def test_whether_an_error_is_thrown_may_depend_on_it():
    """The function sees the error and the query."""
    seen, error = [], ValueError()

    def only_once(*args):
        seen.append(args)
        return len(seen) == 1

    assert should_throw_error(only_once, error, "query") is True
    assert should_throw_error(only_once, error) is False
    assert seen == [(error, "query"), (error,)]


@pytest.mark.parity("QC-utils-074")
@pytest.mark.parametrize(("option", "throws"), [(True, True), (False, False), (None, False), (UNSET, False)])
def test_a_plain_flag_says_whether_errors_are_thrown(option, throws):
    """Not given means no."""
    assert should_throw_error(option, ValueError()) is throws


@pytest.mark.parity("QC-utils-050")
def test_keeping_the_previous_data_gives_it_back():
    """The object itself, whatever query it is from."""
    data = [1]
    assert keep_previous_data(data) is data
    assert keep_previous_data(data, None) is data
