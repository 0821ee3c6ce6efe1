"""Compares the trace of query-core with the trace of Python."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from .difference import MISSING, Difference, first_difference

Scenario = dict[str, Any]
Step = dict[str, Any]
Trace = list[Step]
Normalise = Callable[[Step], Step]

STATE = ("state", "value", "skipped", "threw", "limit", "unsupported", "now")
BEHAVIOUR = (*STATE, "calls", "settled", "callbacks", "unhandled")
EVENTS = (*BEHAVIOUR, "notifications", "events", "mutation_events")
LEVELS = {"state": STATE, "behaviour": BEHAVIOUR, "events": EVENTS, "strict": EVENTS}
"""The channels that are compared, from essential to picky."""

#: an event that query-core sends whenever a caller writes an options object anew, even with the same in it
_OPTIONS_UPDATED = "observer_options_updated"


def _subject_of(callback: dict[str, Any]) -> str:
    """The query, or the mutation, which its variables stand for."""
    is_query = callback["cb"].startswith("query_cache")
    return json.dumps([is_query, callback.get("key" if is_query else "variables")], sort_keys=True)


#: channels whose entries of one instant may come in any mutual order, unless they concern one thing
_UNORDERED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "unhandled": lambda entry: str(entry),
    "calls": lambda entry: (entry["t"], entry["id"]),
    "settled": lambda entry: (entry["t"], entry["op"]),
    "notifications": lambda entry: (entry["t"], entry["o"]),
    "callbacks": lambda entry: (entry["t"], _subject_of(entry)),
    "mutation_events": lambda entry: (entry["t"], entry["client"], entry.get("mutation", 0)),
    "events": lambda entry: (entry["t"], entry["client"], json.dumps(entry["key"], sort_keys=True)),
}


def comparable(step: Step, channel: str) -> Any:
    """A channel of a step without what is nobody's contract.

    Args:
        step: A step of either side.
        channel: Its part to compare.
    """
    content = step.get(channel, MISSING)
    if content is MISSING:
        return content
    if channel == "notifications":
        content = _by_place(content)
    if channel in ("events", "mutation_events"):
        # see _options_updates_of_python_alone
        content = [event for event in content if event["type"] != _OPTIONS_UPDATED]
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
    return None


def _end_before(reference: Step, ours: Step) -> str | None:
    if "limit" in reference and "limit" in ours:
        return "limit"
    return "race" if "race" in reference else None


def _options_updates_of_python_alone(reference: Step, ours: Step, channel: str) -> list[Any]:
    """The events of changed options that query-core did not send.

    It compares options objects by identity, and tells of options that are written anew with the same in them: it may
    tell more often, but not less.
    """

    def told(step: Step) -> Counter[str]:
        events = [event for event in step.get(channel, ()) if event["type"] == _OPTIONS_UPDATED]
        return Counter(json.dumps(event, sort_keys=True) for event in events)

    return [json.loads(event) for event in (told(ours) - told(reference)).elements()]


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
        normalise: Maps each step of either side, which it leaves as it is: the intended differences.
    """
    for i, (reference, ours) in enumerate(zip(expected, actual, strict=False)):
        if _end_before(reference, ours) is not None:
            return None
        if normalise:
            reference, ours = normalise(reference), normalise(ours)
        for channel in LEVELS[level]:
            if level == "strict":
                x, y = reference.get(channel, MISSING), ours.get(channel, MISSING)
            else:
                x, y = comparable(reference, channel), comparable(ours, channel)
            if found := first_difference(x, y, channel):
                return Difference(i, scenario["ops"][i], *found)
            if channel.endswith("events") and (more := _options_updates_of_python_alone(reference, ours, channel)):
                return Difference(i, scenario["ops"][i], channel, [], more)
    if len(expected) != len(actual):
        return Difference(min(len(expected), len(actual)), {}, "length", len(expected), len(actual))
    return None
