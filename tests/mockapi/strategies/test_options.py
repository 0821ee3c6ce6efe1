"""Drawn options are taken by queries and by test clients, and every kind comes."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from drawn import reached, simplest
from hypothesis import given, settings

from mockapi.exploring import schedules as the_schedules
from mockapi.strategies import query_options_sets, retry_policies, schedules, stale_times
from query import query_options

untimed = settings(database=None, max_examples=200)


@untimed
@given(stale_times(), retry_policies(), query_options_sets())
def test_queries_take_what_is_drawn(stale_time, policy, options):
    """Without a complaint."""
    query_options(query_key=("a",), stale_time=stale_time, **policy)
    query_options(query_key=("a",), **options)


@given(query_options_sets())
@settings(untimed, max_examples=20)
def test_test_clients_take_what_is_drawn(make_test_query_client, options):
    """As defaults of all their queries."""
    client = make_test_query_client(**options)
    for name, value in options.items():
        wanted = value.total_seconds() if isinstance(value, timedelta) else value
        assert getattr(client.get_default_options().queries, name) == wanted


def test_every_kind_of_stale_time_is_reached():
    """They shrink to 0."""
    assert simplest(stale_times()) == 0
    for wanted in (0.001, 1.0, math.inf, "static", timedelta(seconds=1)):
        assert reached(stale_times(), lambda drawn: drawn == wanted and type(drawn) is type(wanted)) == wanted


def test_every_retry_policy_is_reached_but_the_endless_one():
    """They shrink to no retry at all."""
    assert simplest(retry_policies()) == {"retry": False, "retry_delay": 0.0}
    assert reached(retry_policies(5), lambda drawn: drawn["retry"] == 5)["retry"] == 5
    assert reached(retry_policies(), lambda drawn: drawn["retry_delay"] > 1 and drawn["retry"] == 3)
    with pytest.raises(ValueError, match="no number of retries"):
        retry_policies(-1)


@pytest.mark.parametrize(
    "name",
    [
        "stale_time",
        "gc_time",
        "refetch_on_mount",
        "refetch_on_window_focus",
        "refetch_on_reconnect",
        "refetch_interval",
        "refetch_interval_in_background",
        "network_mode",
        "structural_sharing",
        "retry_on_mount",
        "cancel_when_unused",
        "retry",
    ],
)
def test_every_option_is_reached(name):
    """Alone, and not at all."""
    assert name in reached(query_options_sets(), lambda drawn: name in drawn)
    assert simplest(query_options_sets(), lambda drawn: name not in drawn) == {}


def test_schedules_are_those_of_exploring():
    """One import for all that is drawn."""
    assert schedules is the_schedules
