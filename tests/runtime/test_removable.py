"""The garbage-collection timer that queries and mutations share."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from query.base.types import UNSET
from query.runtime.environment import Environment
from query.runtime.removable import DEFAULT_GC_TIME, Expiring, Removable


class Entry(Removable):
    """An entry that counts how often it was asked to leave."""

    asked = 0

    def _optional_remove(self):
        self.asked += 1

    def __repr__(self):
        return "<Entry>"


@pytest.fixture
def environment(clock):
    """An environment with a clock that stands still."""
    return Environment(clock=clock)


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ([], 0.0),
        ([5], 5),
        ([5, 9, 7], 9),
        ([UNSET], DEFAULT_GC_TIME),
        ([None], DEFAULT_GC_TIME),
        ([5, UNSET], DEFAULT_GC_TIME),
        ([UNSET, 5], DEFAULT_GC_TIME),
        ([math.inf, 5], math.inf),
        ([0], 0),
    ],
)
def test_the_longest_time_that_anyone_asked_for_counts(environment, times, kept):
    """The default takes part in the maximum."""
    entry = Entry(environment)
    for time in times:
        entry.update_gc_time(time)
    assert entry.gc_time == kept


@pytest.mark.parametrize(("given", "kept"), [(UNSET, math.inf), (None, math.inf), (5, 5)])
def test_a_server_keeps_everything_by_default(given, kept):
    """Its cache lives for one request."""
    entry = Entry(Environment(is_server=True))
    entry.update_gc_time(given)
    assert entry.gc_time == kept


async def test_an_entry_is_asked_to_leave_after_its_time(environment, clock):
    """Once; the timer tells whose it is."""
    entry = Entry(environment)
    entry.update_gc_time(5)
    entry._schedule_gc()
    assert environment.leaks() == ["timer: garbage collection of <Entry>, set for 5 s"]
    await clock.advance(4.999)
    assert entry.asked == 0
    await clock.advance(20)
    assert (entry.asked, environment.leaks()) == (1, [])


async def test_no_time_at_all_still_takes_a_turn(environment, clock):
    """The entry is there until whoever made it has returned to the loop."""
    entry = Entry(environment)
    entry.update_gc_time(0)
    entry._schedule_gc()
    assert entry.asked == 0
    await clock.advance(0)
    assert entry.asked == 1


@pytest.mark.parametrize("endless", [math.inf, -1, math.nan])
async def test_an_endless_time_sets_no_timer(environment, clock, endless):
    """Nor does one that is no time."""
    entry = Entry(environment)
    entry.gc_time = endless
    entry._schedule_gc()
    assert clock.pending() == []


async def test_setting_the_timer_anew_replaces_it(environment, clock):
    """The time starts again, or is another one."""
    entry = Entry(environment)
    entry.update_gc_time(5)
    entry._schedule_gc()
    await clock.advance(3)
    entry._schedule_gc()
    assert clock.pending() == [5.0]
    entry._schedule_gc(1.5)
    assert clock.pending() == [1.5]
    await clock.advance(10)
    assert entry.asked == 1


async def test_a_time_that_became_endless_takes_the_timer_away(environment, clock):
    """Setting it anew sets none."""
    entry = Entry(environment)
    entry.update_gc_time(5)
    entry._schedule_gc()
    entry.update_gc_time(math.inf)
    entry._schedule_gc()
    assert clock.pending() == []


async def test_clearing_the_timer_keeps_the_entry(environment, clock):
    """Clearing it again is harmless."""
    entry = Entry(environment)
    entry.update_gc_time(5)
    entry._schedule_gc()
    entry._clear_gc()
    entry._clear_gc()
    await clock.advance(10)
    assert (entry.asked, clock.pending()) == (0, [])


def test_whoever_is_removable_says_how():
    """The base class cannot know."""
    with pytest.raises(NotImplementedError):
        Removable(SimpleNamespace())._optional_remove()


def test_whatever_expires_says_where_it_keeps_its_environment():
    """An entry of which there are many shares the reference with others."""
    with pytest.raises(NotImplementedError):
        _ = Expiring().environment
