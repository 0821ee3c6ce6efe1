"""The differential tester finds what it should, makes it small, and finds nothing else."""

from __future__ import annotations

import intended
import pytest
from difftest.compare import compare, end_of_comparison
from difftest.grammar import random_scenarios
from difftest.harness import Harness
from difftest.referee import Referee
from difftest.shrink import shrink
from faulty_drivers import (
    ForgetsTheScope,
    LeavesATimer,
    LosesAWrite,
    NeverCancels,
    StaleTooEarly,
    TellsOfWhatWasNotCombined,
)

FETCHED = [{"op": "observe", "o": "o1", "key": ["a"]}, {"op": "resolve"}]


@pytest.mark.parametrize(
    ("driver", "features", "most_ops"),
    [
        (StaleTooEarly, "core,observer", 6),
        (ForgetsTheScope, "core,mutations", 6),
        (NeverCancels, "core", 4),
        (LosesAWrite, "core", 3),
        (TellsOfWhatWasNotCombined, "core,many", 5),
        (LeavesATimer, "core", 1),
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


def test_what_a_fetch_of_pages_came_to_is_not_compared_if_another_result_follows_in_its_tick(oracle):
    """The observer moves to another query, which answers at once: the fetch that is left shows this or that of it."""

    def scenario(answers):
        reading = {"infinite": True, "consume_signal": True}
        ops = [
            {"op": "observe", "o": "i1", "key": ["a"], "options": reading},
            {"op": "fetch_next", "o": "i1"},
            {"op": "set_options", "o": "i1", "key": ["b"], "options": {"infinite": True, "fn": answers}},
        ]
        return {"ops": ops}

    assert "race" in oracle.trace(scenario({"delay": None}))[-1]
    later = scenario({"delay": 0})
    trace = oracle.trace(later)
    assert "race" not in trace[-1]
    assert compare(later, trace, trace) is None


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
