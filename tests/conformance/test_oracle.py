"""The oracle: both sides speak one language, and nothing that a scenario does harms the next one."""

from __future__ import annotations

import json
import subprocess

import intended
import pytest
from difftest import installation
from difftest.driver import QueryDriver
from difftest.grammar import random_scenarios
from difftest.harness import Harness
from difftest.oracle import SCRIPT, Oracle, OracleDiedError, OracleError

FETCHED = [{"op": "observe", "o": "o1", "key": ["a"]}, {"op": "resolve"}]


def test_both_sides_know_the_same_functions(oracle):
    """A function that one side lacks would make a scenario weaker or impossible."""
    from difftest.functions import NAMES

    described = subprocess.run(["node", str(SCRIPT), "--describe"], capture_output=True, check=True)
    vocabulary = json.loads(described.stdout)
    assert sorted(vocabulary["functions"]) == sorted(NAMES)
    assert sorted(vocabulary["repairs"]) == sorted(e.name for e in intended.INTENDED if e.is_repair)


def test_both_sides_know_the_same_ops(oracle):
    """The harness performs, or refuses as unsupported, every op of the oracle; it never mistakes one."""
    from difftest import ops

    described = subprocess.run(["node", str(SCRIPT), "--describe"], capture_output=True, check=True)
    mine = {"advance", *ops._PLAIN, *ops._ON_CLIENT, *ops._ON_OBSERVER}
    assert sorted(json.loads(described.stdout)["ops"]) == sorted(mine)


def test_the_oracle_is_the_pinned_version(oracle):
    """What is compared with is what package.json says."""
    assert oracle.info["core"] == installation.pinned_version()
    assert oracle.info["protocol"] == 1


def test_a_seed_names_its_scenarios():
    """The same seed gives the same scenarios, another one others."""
    assert random_scenarios(3, 20) == random_scenarios(3, 20)
    assert random_scenarios(3, 20) != random_scenarios(4, 20)


def test_an_unknown_feature_is_refused():
    """A misspelt profile must not turn into a weaker test."""
    with pytest.raises(ValueError, match="unknown features: retries"):
        random_scenarios(1, 1, ["core", "retries"])


@pytest.mark.parametrize(
    ("scenario", "message"),
    [
        ({"ops": [{"op": "nope"}]}, "unknown op"),
        ({"ops": [{"op": "fetch", "key": ["a"], "options": {"staleTime": 1}}]}, "unknown query option"),
        ({"ops": [{"op": "fetch", "key": ["a"], "options": {"select": {"$fn": "nope"}}}]}, "unknown function"),
        ({"ops": [{"op": "invalidate", "filters": {"queryKey": ["a"]}}]}, "unknown filter"),
        ({"ops": [{"op": "observe_mutation", "o": "m", "options": {"mutationKey": 1}}]}, "unknown mutation option"),
        ({"ops": [{"op": "fetch", "key": ["a"], "options": {"network_mode": "offlineFirst"}}]}, "unknown network_mode"),
        ({"ops": [{"op": "fetch", "key": ["a"], "option": {}}]}, 'unknown field "option" of fetch'),
        ({"ops": [{"op": "fetch", "key": ["a"], "options": {"fn": {"wait": 5}}}]}, "unknown fn field"),
        ({"offline": True, "ops": []}, 'unknown field "offline" of a scenario'),
        ({"repairs": ["nope"], "ops": []}, "unknown repair"),
    ],
)
def test_a_typo_is_an_error_of_the_scenario(oracle, scenario, message):
    """Never ignored, and the process lives on."""
    with pytest.raises(OracleError, match=message):
        oracle.trace(scenario)
    assert oracle.trace({"ops": [{"op": "settle"}]})[0]["now"] == 1_000_000


def test_a_repair_lasts_for_its_scenario(oracle):
    """The next scenario meets the original again."""
    scenario = {"ops": next(entry.witness for entry in intended.INTENDED if entry.is_repair)}
    original = oracle.trace(scenario)
    assert oracle.trace(intended.prepare(scenario)) != original
    assert oracle.trace(scenario) == original


def test_a_scenario_leaves_nothing_behind(oracle):
    """A trace does not depend on what ran before: no singleton, timer or late promise reaches into it."""
    probe = {"ops": [*FETCHED, {"op": "advance", "ms": 60_000}]}
    expected = oracle.trace(probe)
    for scenario in random_scenarios(77, 60):
        oracle.trace(scenario)
        assert oracle.trace(probe) == expected


def test_every_subset_of_a_scenario_is_one(oracle):
    """Shrinking is deleting: ops whose subject is gone are skipped."""
    for scenario in random_scenarios(78, 8):
        ops = scenario["ops"]
        subsets = [{**scenario, "ops": ops[:i] + ops[i + 1 :]} for i in range(len(ops))]
        for subset, trace in zip(subsets, oracle.traces(subsets), strict=True):
            assert len(trace) == len(subset["ops"]) or "limit" in trace[-1]


def test_a_timer_storm_is_bounded(oracle, monkeypatch):
    """An interval of a millisecond over eleven days ends at the limit, and ends the trace, on both sides."""
    storm = {"refetch_interval": 1, "fn": {"delay": None}}
    ops = [
        {"op": "observe", "o": "o1", "key": ["a"], "options": storm},
        {"op": "advance", "ms": 10**9},
        {"op": "settle"},
    ]
    monkeypatch.setattr("difftest.harness.TIMER_LIMIT", 50)
    for trace in (oracle.trace({"ops": ops}), Harness(QueryDriver).trace({"ops": ops})):
        assert trace[-1]["limit"] == "timers" and len(trace) == 2


def test_a_line_that_is_no_json_is_answered(oracle):
    """One bad line costs one answer, not the process."""
    lines = b'{"ops":[}\n\n{"ops":[{"op":"settle"}]}'
    done = subprocess.run(["node", str(SCRIPT)], input=lines, capture_output=True, check=True)
    bad, good = map(json.loads, done.stdout.splitlines())
    assert not bad["ok"] and good["ok"]


def test_a_dead_process_is_replaced(oracle):
    """The next scenario gets a new one."""
    with Oracle() as mortal:
        mortal._process.kill()
        mortal._process.wait()
        assert len(mortal.trace({"ops": [{"op": "settle"}]})) == 1


def test_a_hanging_process_is_killed(oracle, tmp_path):
    """An endless loop over there does not hang the tests."""
    script = tmp_path / "hangs.mjs"
    script.write_text(
        "process.stdin.on('data', (d) => {"
        "  if (!String(d).includes('hello')) for (;;);"
        "  console.log(JSON.stringify({ ok: true, protocol: 1, core: 'x', node: 'x' }))"
        "})"
    )
    with Oracle(script, timeout=0.3) as hanging, pytest.raises(OracleDiedError, match="no answer within 0.3 s"):
        hanging.trace({"ops": []})


def test_traces_may_be_abandoned(oracle):
    """A reader that stops half-way leaves no thread behind a full pipe, and the next request gets its own answer."""
    with Oracle() as other:
        traces = other.traces(random_scenarios(1, 2000))
        next(traces)
        assert other.trace({"ops": [{"op": "clear"}]})[0]["op"] == "clear"
        with pytest.raises(OracleError, match="another request ended this stream"):
            next(traces)
        next(other.traces(random_scenarios(2, 2000)))
