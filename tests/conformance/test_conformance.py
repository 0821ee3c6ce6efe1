"""``query`` is what query-core is: the same behaviour in random scenarios, but for what is meant to differ."""

from __future__ import annotations

import json
import re

import intended
import pytest
import run as command
from difftest import installation
from difftest.campaign import judge, piece_of
from difftest.driver import SUPPORTED, QueryDriver
from difftest.grammar import FEATURES
from difftest.harness import Harness
from difftest.profiles import name_of, profiles_of, shares
from difftest.referee import Referee

# 500 scenarios of one seed: a change is not to be blamed for a scenario that it never met. The command draws new ones.
SEED = 2026
PROFILES = shares(500, profiles_of(SUPPORTED))


@pytest.fixture
def referee(oracle):
    return Referee(oracle, Harness(QueryDriver), "behaviour", intended.prepare, intended.normalise)


@pytest.mark.parametrize("profile", PROFILES, ids=name_of)
def test_query_behaves_like_query_core_in_random_scenarios(referee, profile):
    """Every feature by itself and all together: the same state, calls, outcomes and callbacks after every op."""
    findings = judge(referee, piece_of(SEED, profile, 0, PROFILES[profile], 20))
    assert [(json.dumps(scenario), str(difference)) for scenario, difference in findings.differences] == []
    assert [(json.dumps(scenario), *violation) for scenario, violation in findings.violations] == []
    assert findings.steps > 8 * findings.scenarios


def test_every_feature_of_the_grammar_is_compared():
    """None is left out for lack of a driver."""
    assert set(SUPPORTED) == set(FEATURES)


def test_scenarios_that_failed_once_pass(referee):
    """The corpus stays fixed."""
    findings = judge(referee, command.corpus())
    assert (findings.differences, findings.violations) == ([], [])


@pytest.mark.parametrize("entry", intended.INTENDED, ids=lambda entry: entry.name)
def test_an_intended_difference_is_one(oracle, entry):
    """Each entry is needed: its witness differs without it, and agrees with it."""
    scenario = {"ops": entry.witness}
    others = [other for other in intended.INTENDED if other is not entry]
    without = Referee(
        oracle,
        Harness(QueryDriver),
        entry.level,
        prepare=lambda s: intended.prepare(s, others),
        normalise=lambda step: intended.normalise(step, others),
    )
    within = Referee(oracle, Harness(QueryDriver), entry.level, prepare=intended.prepare, normalise=intended.normalise)
    assert without.difference(scenario) is not None
    assert within.difference(scenario) is None


def test_intended_differences_say_why():
    """Every entry names its decision and gives a reason, and either repairs or normalises."""
    for entry in intended.INTENDED:
        assert entry.decision.startswith("D-") and len(entry.reason) > 40
        assert entry.is_repair is (entry.normalise is None)


def test_users_are_told_of_every_intended_difference():
    """The guide for those who come from query-core lists exactly these, and they are few."""
    page = (installation.FOLDER.parent.parent / "docs" / "coming-from-tanstack.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|", page.partition("## What differs on purpose")[2], re.MULTILINE)
    assert sorted(told) == sorted(entry.name for entry in intended.INTENDED)
    assert len(told) < 25
