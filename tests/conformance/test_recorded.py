"""The recorded scenarios: what query-core did, replayed without it, so that every machine tests the same behaviour."""

from __future__ import annotations

import json
from collections import defaultdict

import intended
import pytest
import run as command
from difftest import installation
from difftest.driver import SUPPORTED, QueryDriver
from difftest.functions import NAMES
from difftest.harness import Harness
from difftest.invariants import violations
from difftest.profiles import name_of, profiles_of
from difftest.recording import Recorded, Recording, choose, load, record, save, words_of
from difftest.referee import Judge

RECORDING = load(command.RECORDED)
BY_PROFILE = defaultdict(list)
for recorded in RECORDING.scenarios:
    BY_PROFILE[recorded.profile].append(recorded)


@pytest.mark.parametrize("profile", sorted(BY_PROFILE))
def test_query_does_what_query_core_did(profile):
    """The same state, calls, outcomes and callbacks after every op of every recorded scenario; the invariants hold."""
    judge = Judge(Harness(QueryDriver), "behaviour", intended.normalise)
    for recorded in BY_PROFILE[profile]:
        trace, difference = judge.judge(recorded.scenario, recorded.trace)
        assert difference is None, f"{json.dumps(recorded.scenario)}\n{difference}"
        assert list(violations(recorded.scenario, trace)) == [], json.dumps(recorded.scenario)
    assert judge.steps == sum(len(recorded.trace) for recorded in BY_PROFILE[profile])


def test_the_recording_is_of_the_pinned_version_and_of_today():
    """A new version, repair or feature wants a new recording: ``make conformance-record``."""
    assert RECORDING.core == installation.pinned_version()
    assert len(RECORDING.scenarios) >= 300
    assert set(BY_PROFILE) == {name_of(profile) for profile in profiles_of(SUPPORTED)}
    repairs = {repair for recorded in RECORDING.scenarios for repair in recorded.scenario["repairs"]}
    assert repairs == {entry.name for entry in intended.INTENDED if entry.is_repair}


def test_the_recording_uses_the_whole_vocabulary(oracle):
    """Every op, option and function that the grammar can draw stands in some scenario."""
    drawn = set()
    for profile in profiles_of(SUPPORTED):
        for scenario in command.piece_of(1, profile, 0, 400, 20):
            drawn |= {word for word in words_of(scenario, []) if "=" not in word or word.endswith("()")}
    used = set().union(*(words_of(recorded.scenario, []) for recorded in RECORDING.scenarios))
    assert sorted(drawn - used) == []
    functions = {word.partition("=")[2].removesuffix("()") for word in used if word.endswith("()")}
    assert functions <= set(NAMES)


def test_what_adds_most_is_chosen_first():
    """And a trace that ends early is never chosen."""
    a, b = ("core",), ("core", "retry")
    plain = {"ops": [{"op": "settle"}]}
    rich = {"ops": [{"op": "fetch", "key": ["a"], "options": {"retry": True}}]}
    racing = {"ops": [{"op": "clear"}]}
    pool = [(a, plain, [{}]), (b, rich, [{}]), (a, racing, [{"race": "why"}])]
    assert choose(pool, 3) == [(b, rich, [{}]), (a, plain, [{}])]


def test_a_recording_survives_the_file(oracle, tmp_path):
    """The same bytes for the same content, and the content comes back."""
    scenario = {"ops": [{"op": "fetch", "key": ["a"]}, {"op": "resolve"}], "repairs": []}
    recording = record(oracle, [(("core",), scenario)], 1)
    assert recording == Recording(oracle.info["core"], [Recorded("core", scenario, oracle.trace(scenario))])
    save(tmp_path / "one.gz", recording)
    save(tmp_path / "two.gz", recording)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert load(tmp_path / "one.gz") == recording


def test_a_changed_trace_is_a_difference():
    """The replay compares."""
    recorded = next(recorded for recorded in RECORDING.scenarios if recorded.profile == "core")
    trace = json.loads(json.dumps(recorded.trace))
    trace[-1]["now"] += 1
    assert Judge(Harness(QueryDriver)).judge(recorded.scenario, trace)[1].path == "now"
