"""Ask what query-core does, and what ``query`` does: python tests/conformance/ask.py scenario.json.

A scenario is a JSON object with "ops", or the list of ops alone; SCENARIO.md has the vocabulary. Each op is shown with
all that can be seen after it. A line that both sides have begins with "=", one that only one side has with its name.
Exits with 1 if they differ in a way that is not meant, with 2 if nothing can be said.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import intended
from difftest.campaign import silence
from difftest.compare import LEVELS, compare
from difftest.driver import QueryDriver
from difftest.harness import Harness
from difftest.installation import install
from difftest.oracle import Oracle, OracleError

Step = dict[str, Any]

UNTOLD = frozenset(("", 0, "inf", False, None))
"""What a field is that says nothing, and is left out."""

OF_QUERIES = (
    *("status", "fetch_status", "data", "error", "failure_count", "failure_reason", "is_invalidated", "is_stale"),
    *("observers", "data_update_count", "error_update_count"),
)
OF_OBSERVERS = (
    "status",
    "fetch_status",
    "data",
    "error",
    "failure_count",
    "is_placeholder_data",
    "is_stale",
    "subscribed",
)
OF_MUTATIONS = ("status", "is_paused", "variables", "data", "error", "failure_count", "context")


def main(arguments: list[str]) -> int:
    """Show both traces of a scenario; the exit code."""
    options = _parse(arguments)
    try:
        scenario = read(sys.stdin.read() if options.scenario == "-" else Path(options.scenario).read_text())
    except (OSError, ValueError) as error:
        print(f"ask: {options.scenario} is no scenario: {error}")
        return 2
    reason = install()
    if reason is not None:
        print(f"ask: query-core cannot be asked: {reason}")
        return 2
    silence()
    ours = Harness(QueryDriver).trace(scenario)
    with Oracle(core=options.core) as oracle:
        try:
            theirs = oracle.trace(scenario)
            repaired = oracle.trace(intended.prepare(scenario))
        except OracleError as error:
            print(f"ask: query-core's side refuses the scenario: {error}")
            return 2
        print(f"query-core {oracle.info['core']} and query, level {options.level}\n")
    print("\n".join(side_by_side(scenario, theirs, ours, options.level)))
    found = compare(scenario, theirs, ours, options.level)
    if found is None:
        print("they agree")
        return 0
    print(f"they differ, first in {found}")
    if compare(scenario, repaired, ours, options.level, intended.normalise) is None:
        print("this difference is meant: see tests/conformance/intended.py")
        return 0
    return 1


def read(text: str) -> dict[str, Any]:
    """A scenario from its text.

    Args:
        text: JSON: an object with "ops", or the list of ops.

    Raises:
        ValueError: It is neither.
    """
    given = json.loads(text)
    scenario = {"ops": given} if isinstance(given, list) else given
    ops = scenario.get("ops") if isinstance(scenario, dict) else None
    if not isinstance(ops, list) or not all(isinstance(op, dict) and "op" in op for op in ops):
        raise ValueError('expected {"ops": [{"op": "set_data", "key": ["a"], "data": 1}, ...]}, or the list alone')
    return {"v": 1, "id": 1, **scenario}


def side_by_side(scenario: dict[str, Any], theirs: list[Step], ours: list[Step], level: str) -> Iterator[str]:
    """Both traces in lines.

    Args:
        scenario: What was run.
        theirs: The trace of query-core.
        ours: The trace of Python.
        level: What is shown: one of ``LEVELS``.
    """
    start = scenario.get("start", 1_000_000)
    for number, op in enumerate(scenario["ops"]):
        said = {name: value for name, value in op.items() if name != "op"}
        yield f"{number}. {op['op']} {_json(said) if said else ''}".rstrip()
        steps = [trace[number] if number < len(trace) else None for trace in (theirs, ours)]
        both = [Counter(lines(step, start, level)) if step else Counter(["the trace has ended"]) for step in steps]
        for line in both[0] | both[1]:
            shared = min(both[0][line], both[1][line])
            yield from [f"   =            {line}"] * shared
            yield from [f"   query-core   {line}"] * (both[0][line] - shared)
            yield from [f"   query        {line}"] * (both[1][line] - shared)
        yield ""


def lines(step: Step, start: int, level: str = "behaviour") -> Iterator[str]:
    """What can be seen after an op.

    Args:
        step: One step of a trace.
        start: The time at which the scenario began, in milliseconds.
        level: What is shown: one of ``LEVELS``.
    """
    shown = LEVELS[level]
    for name in ("skipped", "threw", "value", "limit", "race", "unsupported"):
        if name in step:
            yield f"{name}: {_json(step[name])}"
    if step["now"] != start:
        yield f"the time is {step['now'] - start} ms"
    for channel in ("calls", "settled", "callbacks", "unhandled", "notifications", "events", "mutation_events"):
        if channel in shown:
            for entry in step.get(channel, ()):
                yield f"{_SINGULAR[channel]} {_json(_without_time(entry, start))}"
    state = step.get("state", {})
    for name, client in state.get("clients", {}).items():
        whose = "" if name == "main" else f"{name}: "
        for query in client["queries"]:
            yield f"{whose}query {_json(query['key'])}: {_facts(query, OF_QUERIES)}"
        for mutation in client["mutations"]:
            yield f"{whose}mutation {_json(mutation.get('key'))}: {_facts(mutation, OF_MUTATIONS)}"
    for name, result in state.get("observers", {}).items():
        facts = _facts(result, OF_OBSERVERS) if isinstance(result, dict) and "status" in result else _json(result)
        yield f"observer {name}: {facts}"
    if state.get("pending_calls"):
        yield f"unanswered: {_json(state['pending_calls'])}"


_SINGULAR = {
    "calls": "call",
    "settled": "settled",
    "callbacks": "callback",
    "unhandled": "unhandled",
    "notifications": "told",
    "events": "event",
    "mutation_events": "event",
}


def _facts(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    told = [
        f"{name}={_json(fields[name])}"
        for name in names
        if name in fields and (name == "data" or isinstance(fields[name], (dict, list)) or fields[name] not in UNTOLD)
    ]
    return " ".join(told)


def _without_time(entry: Any, start: int) -> Any:
    if not isinstance(entry, dict) or "t" not in entry:
        return entry
    return {**{name: value for name, value in entry.items() if name != "t"}, "at": entry["t"] - start}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", help="a file, or - for the standard input")
    parser.add_argument("--level", choices=LEVELS, default="behaviour", help="what is shown and compared")
    parser.add_argument("--core", help="another package directory of query-core")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
