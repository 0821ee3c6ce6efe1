"""Scenarios with the traces that query-core gave of them, so that a machine without Node tests the same behaviour."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .oracle import Oracle
from .profiles import Profile, name_of

Scenario = dict[str, Any]
Trace = list[dict[str, Any]]


class Recorded(msgspec.Struct):
    """One scenario.

    Attributes:
        profile: What it was drawn from.
        scenario: What to run, with the repairs that query-core got.
        trace: What query-core gave.
    """

    profile: str
    scenario: Scenario
    trace: Trace


class Recording(msgspec.Struct):
    """What is in the file.

    Attributes:
        core: The version of query-core.
        scenarios: The scenarios.
    """

    core: str
    scenarios: list[Recorded]


def load(path: Path) -> Recording:
    """Read a recording."""
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=Recording)


def save(path: Path, recording: Recording) -> None:
    """Write a recording: the same bytes for the same content."""
    path.write_bytes(gzip.compress(msgspec.json.encode(recording), compresslevel=9, mtime=0))


def words_of(scenario: Scenario, trace: Trace) -> set[str]:
    """What a scenario exercises: ops, options with the kinds of their values, functions, and changes of state."""
    words = set(_words(scenario))
    for op, step in zip(scenario["ops"], trace, strict=False):
        words |= {f"{op['op']}: {event.get('action', event['type'])}" for event in step.get("events", ())}
        words |= {f"{op['op']}: {event.get('action', event['type'])}" for event in step.get("mutation_events", ())}
        words |= {f"{op['op']} {end}" for end in ("skipped", "threw") if end in step}
        for client in step.get("state", {}).get("clients", {}).values():
            words |= {f"{op['op']} -> {query['status']}/{query['fetch_status']}" for query in client["queries"]}
    return words


def _words(part: Any, name: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        if "$fn" in part:
            yield f"{name}={part['$fn']}()"
        for key, value in part.items():
            yield str(key)
            yield from _words(value, "op" if key == "op" else str(key))
    elif isinstance(part, list):
        for item in part:
            yield from _words(item, name)
    elif name == "op" or isinstance(part, bool) or part in (None, 0):
        yield f"{name}={json.dumps(part)}"
    elif isinstance(part, str) and name not in ("key", "data", "id"):
        yield f"{name}={part}"


def choose(pool: Sequence[tuple[Profile, Scenario, Trace]], count: int) -> list[tuple[Profile, Scenario, Trace]]:
    """*count* scenarios of the pool that together exercise the most: at each step the one that adds the most.

    Traces that end in a race or at a limit are left out. What is no addition any more is taken evenly of all profiles.
    """
    usable = [(*item, words_of(item[1], item[2])) for item in pool if not _ends_early(item[2])]
    chosen: list[tuple[Profile, Scenario, Trace]] = []
    known: set[str] = set()
    per_profile: dict[Profile, int] = {}
    while usable and len(chosen) < count:
        best = max(
            range(len(usable)),
            key=lambda i: (len(usable[i][3] - known), -per_profile.get(usable[i][0], 0), -len(usable[i][2])),
        )
        profile, scenario, trace, words = usable.pop(best)
        known |= words
        per_profile[profile] = per_profile.get(profile, 0) + 1
        chosen.append((profile, scenario, trace))
    return chosen


def _ends_early(trace: Trace) -> bool:
    return any("race" in step or "limit" in step for step in trace)


def record(oracle: Oracle, pool: Iterable[tuple[Profile, Scenario]], count: int) -> Recording:
    """Ask query-core for the traces of a pool of scenarios, and keep those that exercise the most.

    Args:
        oracle: Who is asked.
        pool: The scenarios, with the repairs that are to be made, and what they were drawn from.
        count: How many to keep.
    """
    items = list(pool)
    traces = oracle.traces([scenario for _, scenario in items])
    answered = [(profile, scenario, trace) for (profile, scenario), trace in zip(items, traces, strict=True)]
    return Recording(
        core=oracle.info["core"],
        scenarios=[
            Recorded(name_of(profile), scenario, [_slim(step) for step in trace])
            for profile, scenario, trace in choose(answered, count)
        ],
    )


def _slim(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != "console"}
