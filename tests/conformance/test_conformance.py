"""The differential tester: that it finds what it should, nothing else, and that ``query`` passes it."""

import json
import re
import subprocess

import intended
import pytest
import run as command
from difftest import installation
from difftest.campaign import judge, piece_of
from difftest.compare import compare, end_of_comparison
from difftest.driver import SUPPORTED, QueryDriver
from difftest.grammar import FEATURES, random_scenarios
from difftest.harness import Harness
from difftest.oracle import SCRIPT, Oracle, OracleDiedError, OracleError
from difftest.profiles import name_of, profiles_of, shares
from difftest.recording import load
from difftest.referee import Referee
from difftest.shrink import shrink

FETCHED = [{"op": "observe", "o": "o1", "key": ["a"]}, {"op": "resolve"}]

# 500 scenarios of one seed: a change is not to be blamed for a scenario that it never met. The command draws new ones.
SEED = 2026
PROFILES = shares(500, profiles_of(SUPPORTED))


@pytest.fixture
def referee(oracle):
    return Referee(oracle, Harness(QueryDriver), "behaviour", intended.prepare, intended.normalise)


# -- query is what query-core is


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
    for scenario in command.corpus():
        assert referee.difference(scenario) is None, scenario


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


# -- the tester finds what it should


class _StaleTooEarly(QueryDriver):
    def query_options(self, key, options):
        if "stale_time" in options and options["stale_time"] == 1000:
            options = {**options, "stale_time": 999}
        return super().query_options(key, options)


class _ForgetsTheScope(QueryDriver):
    def mutation_options(self, options):
        return super().mutation_options({k: v for k, v in options.items() if k != "scope"})


class _NeverCancels(QueryDriver):
    def cancel(self, client, filters, flags):
        return super().cancel(client, {**filters, "key": ["no such key"]}, flags)


class _LosesAWrite(QueryDriver):
    def set_data(self, client, key, data, updated_at=None):
        return super().set_data(client, key, self.undefined, updated_at)


class _TellsOfWhatWasNotCombined(QueryDriver):
    def queries_observer(self, client, options, combine):
        return super().queries_observer(client, options, None)

    def set_queries(self, observer, options, **combine):
        super().set_queries(observer, options)


class _LeavesATimer(QueryDriver):
    def dispose_client(self, client):
        super().dispose_client(client)
        self._loop.call_later(5, print)


@pytest.mark.parametrize(
    ("driver", "features", "most_ops"),
    [
        (_StaleTooEarly, "core,observer", 6),
        (_ForgetsTheScope, "core,mutations", 6),
        (_NeverCancels, "core", 4),
        (_LosesAWrite, "core", 3),
        (_TellsOfWhatWasNotCombined, "core,many", 5),
        (_LeavesATimer, "core", 1),
    ],
)
def test_a_planted_fault_is_found_and_shrunk(oracle, driver, features, most_ops):
    """Within 600 scenarios of its profile, and to a handful of ops."""
    referee = Referee(oracle, Harness(driver), prepare=intended.prepare)
    found = ((s, d) for s, d in referee.differences(random_scenarios(7, 600, features.split(","))) if d is not None)
    scenario, difference = next(found)
    small = referee.shrink(scenario, difference)
    assert len(small["ops"]) <= most_ops
    assert referee.difference(small).kind == difference.kind


@pytest.mark.parametrize(
    ("channel", "change"),
    [
        ("state", lambda step: step["state"]["clients"]["main"]["queries"][0].update(data=None)),
        ("state", lambda step: step["state"]["observers"]["o1"].update(is_stale=None)),
        ("calls", lambda step: step["calls"].append({"id": "query:null#0", "t": 1})),
        ("settled", lambda step: step["settled"].append({"op": 0, "t": 1, "ok": True})),
        ("callbacks", lambda step: step["callbacks"].append({"cb": "m1.on_error", "t": 1})),
        ("value", lambda step: step.update(value=True)),
        ("now", lambda step: step.update(now=1)),
        ("threw", lambda step: step.update(threw="boom")),
        ("skipped", lambda step: step.update(skipped="why")),
        ("unhandled", lambda step: step.update(unhandled=["boom"])),
        ("limit", lambda step: step.update(limit="timers")),
        ("unsupported", lambda step: step.update(unsupported="why")),
    ],
)
def test_a_change_in_any_compared_channel_is_a_difference(oracle, channel, change):
    """A trace equals itself, and no channel of the level escapes the comparison."""
    scenario = {"ops": FETCHED}
    expected, actual = oracle.trace(scenario), oracle.trace(scenario)
    assert compare(scenario, expected, actual, "behaviour") is None
    change(actual[1])
    assert compare(scenario, expected, actual, "behaviour").path.split(".")[0].split("[")[0] == channel


def test_entries_of_one_instant_have_an_order_only_if_they_concern_one_thing():
    """Two queries, or two mutations, that go on together have no order; the callbacks of one mutation have."""
    calls = [{"id": "query:a#0", "t": 5}, {"id": "query:b#0", "t": 5}]
    same_mutation = [{"cb": "m1.on_success", "t": 5, "variables": 1}, {"cb": "m1.on_settled", "t": 5, "variables": 1}]
    two_mutations = [{**same_mutation[0], "variables": 2}, same_mutation[1]]

    def trace(calls, callbacks):
        return [{"calls": calls, "callbacks": callbacks, "settled": [], "now": 5}]

    scenario = {"ops": [{"op": "settle"}]}
    assert compare(scenario, trace(calls, []), trace(calls[::-1], []), "behaviour") is None
    assert compare(scenario, trace([], two_mutations), trace([], two_mutations[::-1]), "behaviour") is None
    assert compare(scenario, trace([], same_mutation), trace([], same_mutation[::-1]), "behaviour") is not None


def test_members_of_a_group_have_no_order_within_one_instant():
    """Either may be first; what becomes of each of them, and how often it is told, are compared."""

    def trace(*lists):
        told = [{"o": "q1", "t": 5, "results": [{"data": data} for data in results]} for results in lists]
        return [{"notifications": told, "now": 5}]

    scenario = {"ops": [{"op": "settle"}]}
    reference = trace([0, 0], [1, 0], [1, 2])
    assert compare(scenario, reference, trace([0, 0], [0, 2], [1, 2]), "events") is None
    assert compare(scenario, reference, trace([0, 0], [0, 2], [3, 2]), "events").actual == 3
    assert compare(scenario, reference, trace([0, 0], [1, 2]), "events").path == "notifications[0].told"


def test_a_step_that_micro_task_depth_decides_is_not_compared(oracle):
    """A callback invalidates in the very tick in which the refetch after a reconnect starts: either may be first."""
    on_settled = {"do": [{"invalidate": ["a"]}]}

    def scenario(on_settled):
        ops = [
            {"op": "observe_mutation", "o": "m1", "options": {"on_settled": on_settled}},
            *FETCHED,
            {"op": "online", "value": False},
            {"op": "mutate", "o": "m1", "variables": 1},
            {"op": "online", "value": True},
            {"op": "resolve"},
        ]
        return {"ops": ops}

    racing = oracle.trace(scenario(on_settled))
    assert "race" in racing[-1] and "race" not in racing[-2]
    assert compare(scenario(on_settled), racing, [*racing[:-1], {**racing[-1], "now": 0}]) is None
    assert "race" not in oracle.trace(scenario({}))[-1]


def test_query_core_may_tell_of_changed_options_more_often():
    """It compares options objects by identity. What it does not tell of, query does not."""
    told = {"t": 5, "client": "main", "type": "observer_options_updated", "key": ["a"]}
    scenario = {"ops": [{"op": "settle"}]}
    twice, once = ([{"events": [told] * count, "now": 5}] for count in (2, 1))
    assert compare(scenario, twice, once, "events") is None
    assert compare(scenario, once, twice, "events").actual == [told]


@pytest.mark.parametrize("side", ["expected", "actual"])
def test_a_limit_on_one_side_is_a_difference(side):
    """Only where both sides give up is there nothing to compare."""
    traces = {"expected": [{"now": 5}], "actual": [{"now": 5}]}
    traces[side] = [{"now": 5, "limit": "timers"}]
    scenario = {"ops": [{"op": "settle"}]}
    assert compare(scenario, **traces).path == "limit"
    assert compare(scenario, traces[side], traces[side]) is None
    assert end_of_comparison(traces[side], traces[side]) == (0, "limit")


def test_true_is_not_one():
    """JSON's numbers and booleans are told apart, as Python's ``==`` does not."""
    scenario = {"ops": [{"op": "settle"}]}
    assert compare(scenario, [{"value": True}], [{"value": 1}], "state") is not None


def test_shrinking_keeps_only_what_matters():
    """Ops, options and fields go as long as the failure stays."""
    scenario = {
        "clients": {"main": {"cache_callbacks": True}},
        "ops": [
            {"op": "settle"},
            {"op": "fetch", "key": ["a"], "options": {"retry": 1, "gc_time": 5}},
            {"op": "clear"},
        ],
    }

    def fails(candidate):
        return any(op.get("options", {}).get("retry") == 1 for op in candidate["ops"])

    small = shrink(scenario, fails)
    assert small == {"clients": {}, "ops": [{"op": "fetch", "key": ["a"], "options": {"retry": 1}}]}


# -- the two sides speak one language


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


# -- the oracle is robust


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
    scenario = {"ops": intended.INTENDED[0].witness}
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


# -- the command


def test_the_command_reports_agreement(oracle, capsys):
    """The seed, the speed and the number of differences; 0 if there are none. The same, however many work on it."""
    lines = []
    for jobs in ("1", "2"):
        assert command.main(["--count", "130", "--seed", "1", "--features", "core", "--jobs", jobs]) == 0
        said = capsys.readouterr().out
        assert "seed 1, 130 scenarios of 1 profiles\n" in said
        assert "scenarios/s, 0 differences, 0 broken invariants\n" in said
        lines += re.findall(r"  core: 130 scenarios, \d{4} steps, 0 differences\n", said)
    assert len(lines) == 2
    assert lines[0] == lines[1]


def test_the_command_runs_every_profile(oracle, capsys):
    """If it is told nothing else."""
    assert command.main(["--count", str(len(PROFILES)), "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"seed \d+, ", said)
    for profile in PROFILES:
        assert f"  {name_of(profile)}: 1 scenarios, " in said


def test_the_command_shows_a_shrunk_difference_and_keeps_it(oracle, capsys, monkeypatch, tmp_path):
    """One example of each kind, as a line of the corpus, once; and 1."""
    (tmp_path / "tests" / "conformance" / "corpus").mkdir(parents=True)
    monkeypatch.setattr(command, "CORPUS", tmp_path / "tests" / "conformance" / "corpus")
    monkeypatch.setattr(command, "FOUND", command.CORPUS / "found.jsonl")
    monkeypatch.setattr(command, "QueryDriver", _LosesAWrite)
    arguments = ["--count", "40", "--seed", "1", "--features", "core", "--jobs", "1", "--show", "1"]
    assert command.main(arguments) == 1
    said = capsys.readouterr().out
    assert "  clients {" in said and '  {"op": "set_data"' in said and "  query-core: " in said
    assert "  kept as a line of tests/conformance/corpus/found.jsonl\n" in said
    kept = command.corpus()
    assert len(kept) == 1
    assert command.main(arguments) == 1
    assert "  corpus: 1 scenarios, " in capsys.readouterr().out
    assert command.corpus() == kept


def test_the_command_records(oracle, capsys, monkeypatch, tmp_path):
    """So many scenarios of all profiles."""
    monkeypatch.setattr(command, "RECORDED", tmp_path / "recorded.json.gz")
    assert command.main(["--record", "3", "--pool", "2", "--seed", "1"]) == 0
    assert "3 scenarios recorded" in capsys.readouterr().out
    assert len(load(command.RECORDED).scenarios) == 3


def test_without_node_the_command_says_so_and_succeeds(capsys, monkeypatch):
    """A machine without Node is no failure of the project."""
    monkeypatch.setattr(installation.shutil, "which", lambda name: None)
    assert command.main(["--count", "10"]) == 0
    assert capsys.readouterr().out == "conformance: not run, there is no Node (no 'node' on the PATH)\n"


def test_a_failing_installation_is_told_in_one_line(capsys, monkeypatch, tmp_path):
    """With the line of npm's that says why."""
    monkeypatch.setattr(installation, "PACKAGE", tmp_path / "package.json")
    monkeypatch.setattr(installation.shutil, "which", lambda name: name)

    def npm(command, **options):
        return subprocess.CompletedProcess(
            command, 1, "", "npm error code ENOTFOUND\nnpm error FetchError: no network\nnpm error at x.js\n"
        )

    monkeypatch.setattr(installation.subprocess, "run", npm)
    assert command.main([]) == 0
    said = capsys.readouterr().out
    assert said == "conformance: not run, npm could not install query-core: FetchError: no network\n"
