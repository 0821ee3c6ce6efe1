"""What holds in every trace, of query-core and of Python: cache semantics as checks.

A check sees one step: the state before, the state after, the op, and what was logged. All of them hold in query-core:
a rule that the original breaks is worded wrongly. A violation in a run that never had one is therefore first a question
to the check.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from . import cancelling, change, fetching, mutating, observing, one_query, writing
from .step import CHECKS, Step

__all__ = ["CHECKS", "violations"]

_REGISTERED = (cancelling, change, fetching, mutating, observing, one_query, writing)


def violations(
    scenario: dict[str, Any], trace: list[dict[str, Any]], applied: Counter[str] | None = None
) -> Iterator[tuple[str, int, str]]:
    """Every violation in a trace, as (name of the check, index of the step, what is wrong).

    Args:
        scenario: What was run.
        trace: Its trace, of either side.
        applied: Counts how often the premise of each check was met.
    """
    # what a shrinker leaves out has its default
    scenario = {"clients": {"main": {}}, **scenario}
    before: dict[str, Any] = {"clients": {}, "observers": {}, "pending_calls": []}
    text = json.dumps(scenario, separators=(",", ":"))
    memory: dict[str, Any] = {}
    applied = Counter() if applied is None else applied
    for i, log in enumerate(trace):
        if "state" not in log or "limit" in log:
            return
        step = Step(scenario, text, i, scenario["ops"][i], log, before, log["state"], memory, "", applied)
        for name, check in CHECKS.items():
            step.name = name
            for what in check(step):
                yield name, i, what
        before = log["state"]
