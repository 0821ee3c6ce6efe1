"""When an observer fetches by itself."""

from __future__ import annotations

import re

import pytest

from query import UNSET, QueryOptions
from query.observers.fetch_policy import (
    is_enabled,
    is_stale,
    should_fetch_on,
    should_fetch_on_mount,
    should_fetch_optionally,
)

STALE, FRESH = 5, 15  # of data that is ten seconds old


@pytest.fixture
def empty(build):
    """A query without data."""
    return build()


@pytest.fixture
def old(build, key, clock):
    """A query with data that is ten seconds old."""
    return build(query_key=[*key, "old"], initial_data="data", initial_data_updated_at=clock.time() - 10)


@pytest.mark.parametrize(
    ("enabled", "answer"),
    [
        (UNSET, True),
        (None, True),
        (True, True),
        (False, False),
        (lambda query: False, False),
        (lambda query: None, True),
        (lambda query: query.state.data == "data", True),
    ],
)
def test_only_a_plain_false_disables(old, enabled, answer):
    """From a function as well, which is asked with the query."""
    assert is_enabled(old, QueryOptions(enabled=enabled)) is answer


@pytest.mark.parity("QC-queryObserver-031", "QC-queryObserver-051", "QC-queryObserver-052")
@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({}, True),
        ({"stale_time": STALE}, True),
        ({"stale_time": FRESH}, False),
        ({"stale_time": "static"}, False),
        ({"stale_time": lambda query: STALE}, True),
        ({"stale_time": STALE, "enabled": False}, False),
    ],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", str(value)),
)
def test_data_is_stale_for_an_observer_by_its_own_stale_time(old, options, answer):
    """And never while it is disabled."""
    assert is_stale(old, QueryOptions(**options)) is answer


@pytest.mark.parity("QC-queryObserver-053")
@pytest.mark.parametrize("stale_time", [FRESH, "static"])
def test_no_data_is_stale_whatever_the_time(empty, old, stale_time):
    """Static means data that stays, not data that is missing."""
    assert is_stale(empty, QueryOptions(stale_time=stale_time))
    assert not is_stale(old, QueryOptions(stale_time=stale_time))


@pytest.mark.parity(
    "QC-queryObserver-054",
    "QC-queryObserver-055",
    "QC-queryObserver-056",
    "QC-queryObserver-057",
    "QC-queryObserver-058",
    "QC-queryObserver-059",
    "QC-queryObserver-065",
)
@pytest.mark.parametrize(
    ("policy", "stale_time", "answer"),
    [
        (UNSET, STALE, True),
        (None, STALE, True),
        (True, STALE, True),
        (True, FRESH, False),
        (False, STALE, False),
        ("always", FRESH, True),
        ("always", "static", False),
        (lambda query: True, STALE, True),
        (lambda query: True, FRESH, False),
        (lambda query: False, STALE, False),
        (lambda query: "always", FRESH, True),
        (lambda query: None, STALE, True),
    ],
)
def test_an_event_is_a_reason_to_fetch_stale_data(old, policy, stale_time, answer):
    """Unless the option says never, or always; static data not even then, and nothing while disabled."""
    options = QueryOptions(stale_time=stale_time)
    assert should_fetch_on(old, options, policy) is answer
    assert should_fetch_on(old, options.with_(enabled=False), policy) is False


def test_a_policy_function_is_asked_with_the_query(old):
    """It may decide by what the query holds."""
    asked = []
    should_fetch_on(old, QueryOptions(), lambda query: asked.append(query) or False)
    assert asked == [old]


@pytest.mark.parity("QC-queryObserver-066", "QC-queryObserver-067")
@pytest.mark.parametrize(("stale_time", "answer"), [(1e6, True), ("static", False)])
def test_a_failed_refetch_makes_data_stale_unless_static(old, stale_time, answer):
    """Its error invalidates."""
    old.set_state(is_invalidated=True, status="error", error=ValueError())
    assert should_fetch_on(old, QueryOptions(stale_time=stale_time), True) is answer


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({}, True),
        ({"enabled": False}, False),
        ({"refetch_on_mount": False}, True),
        ({"stale_time": "static"}, True),
        ({"retry_on_mount": False}, True),
    ],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", str(value)),
)
def test_missing_data_is_fetched_on_mount(empty, options, answer):
    """Whatever is said about refetching: it is no refetch."""
    assert should_fetch_on_mount(empty, QueryOptions(**options)) is answer


@pytest.mark.parity("QC-queryObserver-064")
@pytest.mark.parametrize(
    ("retry_on_mount", "answer"), [(UNSET, True), (True, True), (False, False), (lambda query: False, False)]
)
def test_a_failed_first_load_is_tried_again_on_mount_unless_told_otherwise(empty, retry_on_mount, answer):
    """retry_on_mount says so."""
    empty.set_state(status="error", error=ValueError())
    assert should_fetch_on_mount(empty, QueryOptions(retry_on_mount=retry_on_mount)) is answer


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"stale_time": STALE}, True),
        ({"stale_time": FRESH}, False),
        ({"stale_time": FRESH, "refetch_on_mount": "always"}, True),
        ({"stale_time": STALE, "refetch_on_mount": False}, False),
        ({"stale_time": STALE, "enabled": False}, False),
    ],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", str(value)),
)
def test_stale_data_is_refetched_on_mount(old, options, answer):
    """By its own option."""
    assert should_fetch_on_mount(old, QueryOptions(**options)) is answer


@pytest.mark.parity("QX-012")
@pytest.mark.parametrize(
    ("moved", "before", "now", "answer"),
    [
        (True, {}, {}, True),
        (True, {}, {"refetch_on_mount": False}, True),
        (True, {}, {"stale_time": FRESH}, False),
        (True, {}, {"enabled": False}, False),
        (False, {}, {}, False),
        (False, {"enabled": False}, {}, True),
        (False, {"enabled": False}, {"enabled": False}, False),
        (False, {"enabled": False}, {"stale_time": FRESH}, False),
        (False, {"enabled": lambda query: False}, {"enabled": lambda query: True}, True),
    ],
)
def test_new_options_are_a_reason_to_fetch_stale_data_of_another_query_or_one_that_was_disabled(
    old, empty, moved, before, now, answer
):
    """refetch_on_mount is not asked."""
    previous = empty if moved else old
    assert should_fetch_optionally(old, previous, QueryOptions(**now), QueryOptions(**before)) is answer


@pytest.mark.parity("QX-013")
def test_a_variable_that_both_functions_read_flips_unseen(old):
    """The former function answers now, and says what the present one says."""
    switch = [False]
    before, now = (QueryOptions(enabled=lambda query: switch[0]) for _ in range(2))
    switch[0] = True
    assert not should_fetch_optionally(old, old, now, before)
