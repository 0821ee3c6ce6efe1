"""Instants in microseconds, and timers in the order in which they fire."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockapi.clock.timeline import NEVER, Timeline, VirtualTimer, in_microseconds


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (30, 30_000_000),
        (0.1, 100_000),
        (29.999999, 29_999_999),
        (timedelta(milliseconds=1.5), 1_500),
        (0.0000001, 1),
        (math.inf, NEVER),
        (1e300, NEVER),
        (-2, -2_000_000),
    ],
)
def test_a_duration_is_whole_microseconds_and_never_shorter(duration, expected):
    """Rounding errors of floats are no microseconds."""
    assert in_microseconds(duration) == expected


def test_a_duration_is_a_number():
    """Not-a-number would never be due, and nobody would know why."""
    with pytest.raises(ValueError, match="a duration is nan; expected seconds"):
        in_microseconds(math.nan)


@given(st.lists(st.integers(1, 10**6), max_size=20))
def test_parts_add_up_to_the_whole(parts):
    """Steps in thousandths of a second end where one step of their sum does."""
    assert sum(in_microseconds(part / 1000) for part in parts) == in_microseconds(sum(parts) / 1000)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=30))
def test_timers_come_by_instant_and_then_in_the_order_they_were_set(entries):
    """Those that were cancelled never come."""
    timeline = Timeline()
    kept = []
    for number, (due, is_cancelled) in enumerate(entries):
        timer = VirtualTimer(due, print, (number,))
        timeline.add(timer)
        if is_cancelled:
            timer.cancel()
        else:
            kept.append((due, number))
    kept.sort()
    assert [(timer.due, timer.args[0]) for timer in timeline.pending] == kept
    popped = []
    while (due := timeline.due) is not None:
        timer = timeline.pop(due)
        popped.append((timer.due, timer.args[0]))
    assert popped == kept


def test_a_timer_before_its_instant_stays():
    """And one at infinity is never due."""
    timeline = Timeline()
    timeline.add(VirtualTimer(NEVER, print, ()))
    assert timeline.due is None
    timeline.add(VirtualTimer(5, print, ()))
    assert timeline.pop(4) is None
    assert timeline.pop(5) is not None
    assert timeline.pop(NEVER) is None
    assert [timer.due for timer in timeline.pending] == [NEVER]
