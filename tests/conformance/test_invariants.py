"""The invariants: they hold over traces of both sides, and each of them can fail."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import intended
import pytest
from difftest.driver import SUPPORTED, QueryDriver
from difftest.grammar import random_scenarios
from difftest.harness import Harness
from difftest.invariants import CHECKS, violations


def test_the_invariants_hold_in_query_core(oracle):
    """What the original breaks is no invariant, unless we mend it."""
    scenarios = [intended.prepare(scenario) for scenario in _scenarios(150)]
    for scenario, trace in zip(scenarios, oracle.traces(scenarios), strict=True):
        assert list(violations(scenario, trace)) == [], json.dumps(scenario)


def test_the_invariants_hold_in_query():
    """Checked without Node: the port by itself."""
    harness = Harness(QueryDriver)
    for scenario in _scenarios(150):
        assert list(violations(scenario, harness.trace(scenario))) == [], json.dumps(scenario)


def _scenarios(count):
    # as plain JSON: the sampler shares objects, and tuples are lists to a check
    return json.loads(json.dumps(random_scenarios(71, count, SUPPORTED)))


Trace = list[dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """A scenario in which an invariant has something to say, and a change of its trace that breaks it.

    Attributes:
        ops: The ops of the scenario.
        change: Alters the trace, mostly its last step.
    """

    ops: list[dict[str, Any]]
    change: Callable[[Trace], object]


def _queries(trace, client="main", step=-1):
    return trace[step]["state"]["clients"][client]["queries"]


def _query(place=0, client="main", step=-1, **fields):
    return lambda trace: _queries(trace, client, step)[place].update(fields)


def _client(**fields):
    return lambda trace: trace[-1]["state"]["clients"]["main"].update(fields)


def _mutation(place=0, **fields):
    return lambda trace: trace[-1]["state"]["clients"]["main"]["mutations"][place].update(fields)


def _result(**fields):
    return lambda trace: trace[-1]["state"]["observers"]["o1"].update(fields)


def _step(**fields):
    return lambda trace: trace[-1].update(fields)


def _entry(channel, **fields):
    return lambda trace: trace[-1][channel][-1].update(fields)


def _one_more_call(trace):
    trace[-1]["calls"].append({"id": 'query:["a"]#9', "t": trace[-1]["now"], "kind": "query", "key": ["a"]})


def _observe(**options):
    return {"op": "observe", "o": "o1", "key": ["a"], "options": options}


def _pages(**options):
    paging = {"infinite": True, "initial_page_param": 0, "next_page": {"$fn": "next_until", "args": [3]}, **options}
    return {"op": "fetch", "key": ["a"], "options": paging}


SET = {"op": "set_data", "key": ["a"], "data": {"n": 1}}
SET_OTHER = {"op": "set_data", "key": ["b"], "data": {"n": 1}}
FETCH = {"op": "fetch", "key": ["a"]}
RESOLVE, REJECT, SETTLE = {"op": "resolve"}, {"op": "reject"}, {"op": "settle"}
FETCHED = [_observe(), RESOLVE]
FAILED = [_observe(retry=False), REJECT]
CANCEL = {"op": "cancel", "filters": {}}
COLLECT = {"op": "advance", "ms": 300_000}
MUTATION = {"op": "observe_mutation", "o": "m1", "options": {"scope": "s"}}
MUTATE = [MUTATION, {"op": "mutate", "o": "m1", "variables": 1}]
DEHYDRATE = {"op": "dehydrate", "into": "d1", "queries": "all"}

FAULTS = {
    # one query
    "success_has_data": Fault(FETCHED, _query(error="boom")),
    "pending_has_nothing": Fault([_observe()], _query(data=1)),
    "error_has_error": Fault(FAILED, _query(error=None)),
    "idle_error_is_invalidated": Fault(FAILED, _query(is_invalidated=False)),
    "failure_count_and_reason_agree": Fault(FAILED, _query(failure_reason=None)),
    "idle_has_counted_its_outcome": Fault([_observe(), CANCEL], _query(failure_count=1, failure_reason="boom")),
    "stale_without_observers": Fault([SET], _query(is_stale=True)),
    "active_needs_an_observer": Fault([SET], _query(is_active=True)),
    "keys_are_unique": Fault([SET, SET_OTHER], lambda trace: _queries(trace)[0].update(key=["b"])),
    "is_fetching_counts": Fault([SET], _client(is_fetching=1)),
    # change
    "no_silent_change": Fault([SET, SET], _step(events=[])),
    "counters_never_decrease": Fault([SET, SETTLE], _query(data_update_count=0)),
    "data_updated_at_is_monotonic": Fault([SET, SETTLE], _query(data_updated_at=1)),
    "data_changes_only_with_count": Fault([SET, {**SET, "data": 0}], _query(data_update_count=1)),
    "success_clears_invalidated": Fault([SET, SET], _query(is_invalidated=True)),
    "fetched_success_resets_failures": Fault(FETCHED, _query(failure_count=1)),
    # fetching
    "every_attempt_is_announced": Fault([_observe()], _one_more_call),
    "joining_makes_no_call": Fault([_observe(), FETCH], _one_more_call),
    "default_retries_back_off": Fault(
        [_observe(), REJECT, {"op": "advance", "ms": 1000}], _entry("calls", t=1_000_999)
    ),
    "fresh_makes_no_call": Fault([SET, {**FETCH, "options": {"stale_time": 1}}], _one_more_call),
    "exactly_at_the_deadline_is_stale": Fault(
        [SET, {"op": "advance", "ms": 50}, {**FETCH, "options": {"stale_time": 50}}], _step(events=[])
    ),
    "ensure_returns_cached": Fault([SET, {**FETCH, "op": "ensure"}], _entry("settled", value={"n": 2})),
    "offline_makes_no_call": Fault([{"op": "online", "value": False}, FETCH], _one_more_call),
    "resolving_needs_a_fetching_query": Fault([FETCH, CANCEL, RESOLVE], _query(data={"n": 0})),
    # writing
    "invalidate_marks_exactly_the_matching": Fault(
        [SET, {"op": "invalidate", "filters": {}, "refetch_type": "none"}], _query(is_invalidated=False)
    ),
    "get_queries_data_is_the_filter_model": Fault([SET, {"op": "get_queries_data", "filters": {}}], _step(value=[])),
    "is_fetching_is_the_filter_model": Fault([_observe(), {"op": "is_fetching", "filters": {}}], _step(value=0)),
    "remove_removes_exactly_the_matching": Fault(
        [SET, SET_OTHER, {"op": "remove", "filters": {"key": ["a"]}}],
        lambda trace: _queries(trace).append({**_queries(trace)[0], "key": ["a"]}),
    ),
    "set_data_touches_one_query": Fault([SET, SET_OTHER], _query(data={"n": 2})),
    "set_data_effect": Fault([SET, SET], _query(data_updated_at=1)),
    "updater_returning_nothing_is_a_no_op": Fault([{**SET, "data": {"$fn": "nothing"}}], _step(value=1)),
    "removed_only_by_its_own_means": Fault([SET, COLLECT], _query(step=-2, observers=1)),
    "observed_is_never_collected": Fault([_observe(), {"op": "advance", "ms": 1}], _client(queries=[])),
    "unobserved_is_collected": Fault([SET, COLLECT], lambda trace: _client(queries=_queries(trace, step=-2))(trace)),
    # cancelling
    "cancel_reverts": Fault([*FETCHED, {"op": "refetch", "o": "o1"}, CANCEL], _query(fetch_status="fetching")),
    "cancel_of_an_idle_query_is_a_no_op": Fault([SET, CANCEL], _query(data={"n": 2})),
    "silent_cancel_without_revert_strands_the_query": Fault(
        [FETCH, {**CANCEL, "revert": False, "silent": True}], _query(fetch_status="idle")
    ),
    "reset_goes_back_to_the_start": Fault([SET, {"op": "reset", "filters": {}}], _query(data_update_count=1)),
    # observing
    "flags_are_functions_of_status": Fault(FETCHED, _result(is_pending=True)),
    "placeholder_is_success_of_a_pending_query": Fault(
        [_observe(placeholder_data={"n": -1})], _result(status="pending")
    ),
    "disabled_is_never_stale": Fault([_observe(enabled=False)], _result(is_stale=True)),
    "select_and_placeholder_stay_out_of_the_cache": Fault(
        [_observe(select={"$fn": "wrap", "args": ["w"]}), RESOLVE], _query(data={"w": 1})
    ),
    "only_subscribers_are_notified": Fault(FETCHED, _entry("notifications", o="o2")),
    "notifications_end_in_the_current_result": Fault(FETCHED, _entry("notifications", data=0)),
    # mutations, hydration, pages
    "mutation_status_moves_forward": Fault([*MUTATE, RESOLVE, SETTLE], _mutation(status="pending")),
    "one_at_a_time_per_scope": Fault([*MUTATE, MUTATE[1]], _mutation(1, is_paused=False)),
    "is_mutating_counts": Fault(MUTATE, _client(is_mutating=0)),
    "settled_mutations_tell_why": Fault([*MUTATE, RESOLVE], _mutation(error="boom")),
    "hydrate_into_empty_is_identity": Fault(
        [SET, DEHYDRATE, {"op": "hydrate", "from": "d1", "client": "other"}], _query(client="other", data={"n": 2})
    ),
    "hydrate_never_overwrites_newer": Fault(
        [SET, DEHYDRATE, {"op": "hydrate", "from": "d1"}], _query(data_updated_at=1)
    ),
    "pages_and_params_go_together": Fault(
        [_pages(), RESOLVE], lambda trace: _queries(trace)[0]["data"]["page_params"].clear()
    ),
    "max_pages_limits": Fault(
        [_pages(max_pages=1), RESOLVE],
        lambda trace: _queries(trace)[0]["data"].update(pages=[1, 2], page_params=[0, 1]),
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_invariant_can_fail(name):
    """It has something to say in a good trace, and notices that the trace is no good any more."""
    fault, applied = FAULTS[name], Counter()
    scenario = {"clients": {"main": {}, "other": {}} if name.startswith("hydrate") else {"main": {}}, "ops": fault.ops}
    trace = copy.deepcopy(Harness(QueryDriver).trace(scenario))
    assert list(violations(scenario, trace, applied)) == []
    assert applied[name] > 0
    fault.change(trace)
    assert name in {found for found, _, _ in violations(scenario, trace)}


def test_there_are_as_many_as_there_were():
    """None is lost on the way, and each has its fault."""
    assert len(CHECKS) == 52
    assert set(FAULTS) == set(CHECKS)
