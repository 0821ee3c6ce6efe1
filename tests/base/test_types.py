"""The words of the house: sentinels and units."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query.base.types import UNSET, Unset, is_valid_timeout, microseconds, ms, seconds, skip_token

SENTINELS = pytest.mark.parametrize("sentinel", [UNSET, skip_token], ids=repr)


@SENTINELS
def test_a_sentinel_is_falsy(sentinel):
    """ "No value" never passes for a value in a condition."""
    assert not sentinel
    assert sentinel is not None


@SENTINELS
@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_of_a_sentinel_is_the_sentinel(sentinel, again):
    """``is UNSET`` holds after copying and pickling a state."""
    assert again(sentinel) is sentinel


def test_sentinels_show_their_names():
    """As they are imported."""
    assert repr([UNSET, skip_token]) == "[UNSET, skip_token]"


def test_unset_differs_from_every_other_empty_value():
    """None, False and the empty string are data."""
    assert [value for value in (None, False, 0, "", (), skip_token) if value == UNSET] == []
    assert isinstance(UNSET, Unset)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(0, 0), (1.5, 1.5), (timedelta(minutes=5), 300.0), (timedelta(microseconds=1), 1e-06), (math.inf, math.inf)],
)
def test_seconds_takes_numbers_and_timedeltas(duration, expected):
    """Numbers are seconds already."""
    assert seconds(duration) == expected


@pytest.mark.parametrize(("milliseconds", "expected"), [(0, 0), (30_000, 30), (1, 0.001), (math.inf, math.inf)])
def test_ms_reads_milliseconds(milliseconds, expected):
    """For numbers that come from JavaScript."""
    assert ms(milliseconds) == expected


@given(st.integers(0, 2_000_000_000_000_000), st.integers(0, 10_000_000_000))
def test_microseconds_find_every_exact_deadline(updated_at, stale_time):
    """An instant plus a delay, both as floats, is the same number of microseconds as their sum."""
    at, delay = updated_at / 1_000_000, stale_time / 1_000_000
    assert microseconds(at) + microseconds(delay) == updated_at + stale_time


@pytest.mark.parity("QC-utils-064")
@pytest.mark.parametrize("value", [0, 0.0, 1, 2.5, 1e300])
def test_a_number_from_zero_up_is_a_valid_timeout(value):
    """Zero included."""
    assert is_valid_timeout(value) is True


@pytest.mark.parity("QC-utils-065", "QC-utils-066", "QC-utils-067", "QC-utils-068", "QC-utils-069")
@pytest.mark.parametrize(
    "value", [-1, -0.001, math.inf, -math.inf, math.nan, True, False, None, "1", UNSET, timedelta(1), Fraction(1, 2)]
)
def test_everything_else_is_no_valid_timeout(value):
    """A bool is no number, and infinity needs no timer."""
    assert is_valid_timeout(value) is False
