"""What options come to at a glance is what a thorough look at each of them finds."""

from __future__ import annotations

import math
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from query import QueryClient, QueryOptions, keep_previous_data
from query.base.given_options import replaced
from query.base.types import UNSET
from query.base.values import is_function
from query.observers.traits import (
    AGELESS,
    ENABLED,
    FIXED,
    MOUNTS_AS_USUAL,
    NO_TIMERS,
    PLAIN,
    TELLS_ALL,
    traits_of,
)


def function(query):
    """Whatever is asked."""


CHOICES = {
    "select": [None, function],
    "placeholder_data": [None, 5, keep_previous_data],
    "enabled": [None, True, False, function],
    "stale_time": [None, 0, 0.0, 5, 5.5, timedelta(seconds=5), math.inf, "static", function],
    "refetch_interval": [None, False, 5, function],
    "refetch_on_mount": [None, True, False, "always", function],
    "notify_on_change_props": [None, "all", ["data"], lambda: None],
    "_optimistic_results": [None, "optimistic"],
    "meta": [{}],
}
drawn = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CHOICES.items()})


@given(drawn)
def test_a_glance_finds_what_a_thorough_look_finds(fields):
    """Bit by bit."""
    given = {name: value for name, value in fields.items() if name != "_optimistic_results"}
    options = QueryClient().default_query_options(QueryOptions(query_key=["key"], **given))
    if len(given) < len(fields):
        options = replaced(options, {"_optimistic_results": fields["_optimistic_results"]}, complete=True)
    wanted = {name: fields.get(name) for name in CHOICES}
    stale_time, interval = options.stale_time, wanted["refetch_interval"]
    expected = {
        PLAIN: wanted["select"] is None
        and fields.get("placeholder_data", UNSET) is UNSET
        and wanted["_optimistic_results"] is None,
        ENABLED: wanted["enabled"] in (None, True),
        AGELESS: stale_time == math.inf,
        TELLS_ALL: wanted["notify_on_change_props"] is None,
        NO_TIMERS: interval in (None, False) and stale_time in (UNSET, None, 0, "static", math.inf),
        FIXED: not is_function(wanted["enabled"]) and not is_function(stale_time),
        MOUNTS_AS_USUAL: wanted["refetch_on_mount"] in (None, True),
    }
    traits = traits_of(options)
    assert {bit: bool(traits & bit) for bit in expected} == expected
