"""Compares the trace of query-core with the trace of Python."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from .difference import MISSING, Difference, first_difference

Scenario = dict[str, Any]
Step = dict[str, Any]
Trace = list[Step]
Normalise = Callable[[Step], Step]

STATE = ("state", "value", "skipped", "threw", "now")
BEHAVIOUR = (*STATE, "calls", "settled", "callbacks")
EVENTS = (*BEHAVIOUR, "notifications", "events", "mutation_events")
LEVELS = {"state": STATE, "behaviour": BEHAVIOUR, "events": EVENTS, "strict": EVENTS}
"""The channels that are compared, from essential to picky."""


def _subject_of(callback: dict[str, Any]) -> str:
    """The query, or the mutation, which its variables stand for."""
    is_query = callback["cb"].startswith("query_cache")
    return json.dumps([is_query, callback.get("key" if is_query else "variables")], sort_keys=True)


#: channels whose entries of one instant may come in any mutual order, unless they concern one thing
_UNORDERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "calls": lambda entry: (entry["t"], entry["id"]),
    "settled": lambda entry: (entry["t"], entry["op"]),
    "notifications": lambda entry: (entry["t"], entry["o"]),
    "callbacks": lambda entry: (entry["t"], _subject_of(entry)),
    "mutation_events": lambda entry: (entry["t"], entry["client"], entry.get("mutation", 0)),
    "events": lambda entry: (entry["t"], entry["client"], json.dumps(entry["key"], sort_keys=True)),
}

_CURRENT_RESULT = ("refetch", "fetch_next", "fetch_previous")


def comparable(scenario: Scenario, step: Step, channel: str) -> Any:
    """A channel of a step without what is nobody's contract.

    Args:
        scenario: What was run.
        step: A step of either side.
        channel: Its part to compare.
    """
    content = step.get(channel, MISSING)
    if content is MISSING:
        return content
    if channel == "state":
        # an unsubscribed observer keeps whatever it saw at its last tick: only live ones are comparable
        live = {o: r for o, r in content["observers"].items() if isinstance(r, list) or r.get("subscribed", True)}
        return {**content, "observers": live}
    if channel == "settled":
        # a refetch resolves with the observer's *current* result, read some ticks later
        ops = scenario["ops"]
        content = [
            {k: v for k, v in entry.items() if k != "value" or ops[entry["op"]]["op"] not in _CURRENT_RESULT}
            for entry in content
        ]
    if channel == "notifications":
        content = _by_place(content)
    if channel in ("events", "mutation_events"):
        # whether options changed is a question of object identity
        content = [event for event in content if event["type"] != "observer_options_updated"]
    return sorted(content, key=_UNORDERED[channel]) if channel in _UNORDERED else content


def _by_place(notifications: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lists that a group told of at one instant as what became of each place: members have no order in a tick."""
    out: list[dict[str, Any]] = []
    groups: dict[tuple[int, str], dict[str, Any]] = {}
    for entry in notifications:
        if "results" not in entry:
            out.append(entry)
            continue
        t, o = entry["t"], entry["o"]
        if (t, o) not in groups:
            groups[t, o] = {"o": o, "t": t, "told": 0, "places": []}
            out.append(groups[t, o])
        group = groups[t, o]
        group["told"] += 1
        for place, result in enumerate(entry["results"]):
            if place == len(group["places"]):
                group["places"].append([])
            if group["places"][place][-1:] != [result]:
                group["places"][place].append(result)
    return out


def end_of_comparison(expected: Trace, actual: Trace) -> tuple[int, str] | None:
    """After how many steps a comparison ends early, and why; None if it goes to the end.

    Args:
        expected: The trace of query-core.
        actual: The trace of Python.
    """
    for i, (reference, ours) in enumerate(zip(expected, actual, strict=False)):
        if (reason := _end_before(reference, ours)) is not None:
            return i, reason
        if "threw" in reference:
            # the two sides may be torn differently after an exception
            return i + 1, "threw"
    return None


def _end_before(reference: Step, ours: Step) -> str | None:
    if "unsupported" in ours:
        return "unsupported"
    if "limit" in ours or "limit" in reference:
        return "limit"
    return "race" if "race" in reference else None


def compare(
    scenario: Scenario,
    expected: Trace,
    actual: Trace,
    level: str = "behaviour",
    normalise: Normalise | None = None,
) -> Difference | None:
    """The first difference of two traces, if there is one.

    Args:
        scenario: What was run.
        expected: The trace of query-core.
        actual: The trace of Python.
        level: One of ``LEVELS``.
        normalise: Maps each step of either side: the intended differences.
    """
    for i, (reference, ours) in enumerate(zip(expected, actual, strict=False)):
        if _end_before(reference, ours) is not None:
            return None
        if normalise:
            reference, ours = normalise(copy.deepcopy(reference)), normalise(copy.deepcopy(ours))
        for channel in LEVELS[level]:
            if level == "strict":
                x, y = reference.get(channel, MISSING), ours.get(channel, MISSING)
            else:
                x, y = comparable(scenario, reference, channel), comparable(scenario, ours, channel)
            if channel == "threw" and x is not MISSING and y is not MISSING:
                continue  # messages of type errors are the language's own
            if found := first_difference(x, y, channel):
                return Difference(i, scenario["ops"][i], *found)
        if "threw" in reference:
            return None  # the two sides may be torn differently after an exception
    if len(expected) != len(actual):
        return Difference(min(len(expected), len(actual)), {}, "length", len(expected), len(actual))
    return None
