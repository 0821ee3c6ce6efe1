"""Retry-After: seconds, or a date."""

import pytest

from query.api.retry_after import retry_after

NOON = 1_445_412_480.0
"""Wed, 21 Oct 2015 07:28:00 GMT."""
DATE = "Wed, 21 Oct 2015 07:28:30 GMT"


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("120", 120), (" 5 ", 5), ("1.5", 1.5), ("999999999", 999999999)]
)
def test_seconds(text, seconds):
    """A number; some servers send a fraction."""
    assert retry_after({"retry-after": text}) == seconds


@pytest.mark.parametrize(
    "text", [DATE, "Wednesday, 21-Oct-15 07:28:30 GMT", "Wed Oct 21 07:28:30 2015", "Wed, 21 Oct 2015 09:28:30 +0200"]
)
def test_a_date(text):
    """In each of the three forms that HTTP has known; without a zone it is that of the standard."""
    assert retry_after({"retry-after": text}, now=lambda: NOON) == 30


def test_a_date_counts_from_that_of_the_answer():
    """The clock of this machine may be wrong by hours."""
    made = "Wed, 21 Oct 2015 07:28:20 GMT"
    assert retry_after({"retry-after": DATE, "date": made}, now=lambda: NOON + 7200) == 10
    assert retry_after({"retry-after": DATE, "date": "yesterday"}, now=lambda: NOON) == 30


def test_a_date_that_is_over_is_now():
    """No delay is less than none."""
    assert retry_after({"retry-after": DATE}, now=lambda: NOON + 7200) == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "-5", "1e9", "inf", "nan", "9" * 19, "Wed, 99 Oct 2015 07:28:30 GMT", "٣"]
)
def test_what_cannot_be_read_is_nothing(text):
    """The policy of the program counts then."""
    assert retry_after({"retry-after": text}) is None
    assert retry_after({}) is None
