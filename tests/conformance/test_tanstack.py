"""States that query-core dehydrated mean the same here, and the other way round."""

from __future__ import annotations

import json

import pytest
from difftest.compare import compare
from difftest.driver import QueryDriver
from difftest.grammar import random_scenarios
from difftest.harness import Harness
from difftest.hydration import written

from query import to_tanstack

EVERYTHING = {"op": "dehydrate", "into": "all", "queries": "all", "mutations": "all"}
PROFILES = {"core,retry": 201, "core,infinite": 202, "core,mutations,offline": 203}


def scenarios(profile):
    """Random scenarios at whose end everything is dehydrated, as plain JSON."""
    drawn = json.loads(json.dumps(random_scenarios(PROFILES[profile], 25, profile.split(","))))
    return [{**scenario, "ops": [*scenario["ops"], EVERYTHING]} for scenario in drawn]


def difference_of(oracle, payload):
    """What differs when both sides hydrate *payload* into an empty client."""
    scenario = {"start": 2_000_000, "ops": [{"op": "hydrate", "payload": payload}]}
    return compare(scenario, oracle.trace(scenario), Harness(QueryDriver).trace(scenario), "behaviour")


def entries_of(payload):
    """How many queries and mutations there are."""
    return len(payload["queries"]) + len(payload["mutations"])


@pytest.mark.parametrize("profile", PROFILES)
def test_what_query_core_wrote_means_the_same_here(oracle, profile):
    """Every field of every query and mutation."""
    entries = 0
    for scenario in scenarios(profile):
        raw = {**scenario, "ops": [*scenario["ops"][:-1], {**EVERYTHING, "raw": True}]}
        payload = json.loads(oracle.trace(raw)[-1]["value"])
        entries += entries_of(payload)
        difference = difference_of(oracle, payload)
        assert difference is None, f"{payload}\n{difference}"
    assert entries > 25


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_written_for_query_core_means_the_same_there(oracle, profile):
    """It is what query-core itself would have written."""
    entries = 0
    for scenario in scenarios(profile):
        run = Harness(QueryDriver).run(scenario)
        payload = json.loads(json.dumps(to_tanstack(written(run.dehydrated["all"], run.driver.error_name))))
        entries += entries_of(payload)
        difference = difference_of(oracle, payload)
        assert difference is None, f"{payload}\n{difference}"
    assert entries > 25
