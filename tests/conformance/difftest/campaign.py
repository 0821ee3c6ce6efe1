"""Many scenarios on several processes, each with a Node and a Python side."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

from .difference import Difference
from .grammar import random_scenarios
from .harness import Harness
from .invariants import violations
from .oracle import Oracle
from .profiles import Profile, name_of
from .referee import Referee

Scenario = dict[str, Any]

CHUNK = 100
"""Scenarios of one piece of work. The scenarios of a seed do not depend on who runs them."""


@dataclass(frozen=True)
class Rules:
    """How scenarios are judged. It is sent to the processes, so its functions are those of modules.

    Attributes:
        driver: Makes the driver of the Python side.
        prepare: What the oracle is told of a scenario.
        normalise: What both sides' steps pass through.
        level: How much is compared.
        max_ops: Ops of a scenario.
        core: Another package directory of query-core than the pinned one.
    """

    driver: Callable[[], Any]
    prepare: Callable[[Scenario], Scenario]
    normalise: Callable[[dict[str, Any]], dict[str, Any]]
    level: str = "behaviour"
    max_ops: int = 20
    core: str | None = None

    def referee(self, oracle: Oracle) -> Referee:
        """One who judges by these rules."""
        return Referee(oracle, Harness(self.driver), self.level, self.prepare, self.normalise)


@dataclass
class Findings:
    """What came out.

    Attributes:
        scenarios: How many were run.
        steps: How many steps were compared.
        differences: Scenarios that differ, each with its first difference.
        violations: Scenarios whose trace breaks an invariant: with its name, the step and what is wrong.
        early: How many comparisons ended before the last step, by the reason.
        seconds: Of computing, all processes together.
    """

    scenarios: int = 0
    steps: int = 0
    differences: list[tuple[Scenario, Difference]] = field(default_factory=list)
    violations: list[tuple[Scenario, tuple[str, int, str]]] = field(default_factory=list)
    early: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: Findings) -> None:
        """Take in what another came to."""
        self.scenarios += other.scenarios
        self.steps += other.steps
        self.differences += other.differences
        self.violations += other.violations
        self.early += other.early
        self.seconds += other.seconds


def piece_of(seed: int, profile: Profile, number: int, size: int, max_ops: int) -> list[Scenario]:
    """One piece of the scenarios of a seed and a profile, the same for the same arguments."""
    return random_scenarios(f"{seed} {name_of(profile)} {number}", size, profile, max_ops)


def run(seed: int, counts: dict[Profile, int], rules: Rules, processes: int) -> Iterator[tuple[Profile, Findings]]:
    """Compare random scenarios; yields the findings of each profile when it is through.

    Args:
        seed: Of the scenarios.
        counts: How many of each profile.
        rules: How they are judged.
        processes: How many work at once; 1 works in this one.
    """
    work = {
        profile: [(seed, profile, number, size) for number, size in enumerate(_sizes(count))]
        for profile, count in counts.items()
    }
    if processes == 1:
        with Oracle(core=rules.core) as oracle:
            for profile, pieces in work.items():
                findings = Findings()
                for piece in pieces:
                    findings.add(_compare(oracle, rules, *piece))
                yield profile, findings
        return
    # a fresh interpreter each: a forked copy of this one would share the pipes of its oracle
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(rules,)) as pool:
        submitted = {pool.submit(_work, *piece): profile for profile, pieces in work.items() for piece in pieces}
        left = Counter(submitted.values())
        results = {profile: Findings() for profile in work}
        for future in as_completed(submitted):
            profile = submitted[future]
            results[profile].add(future.result())
            left[profile] -= 1
            if not left[profile]:
                yield profile, results[profile]


def _sizes(count: int) -> list[int]:
    return [min(CHUNK, count - start) for start in range(0, count, CHUNK)]


_own: tuple[Oracle, Rules]


def _begin(rules: Rules) -> None:
    global _own
    silence()
    # it ends with its process: nothing is left to write to it then
    _own = (Oracle(core=rules.core), rules)


def _work(seed: int, profile: Profile, number: int, size: int) -> Findings:
    return _compare(*_own, seed, profile, number, size)


def _compare(oracle: Oracle, rules: Rules, seed: int, profile: Profile, number: int, size: int) -> Findings:
    started = time.perf_counter()
    referee = rules.referee(oracle)
    findings = judge(referee, piece_of(seed, profile, number, size, rules.max_ops))
    findings.seconds = time.perf_counter() - started
    return findings


def judge(referee: Referee, scenarios: list[Scenario]) -> Findings:
    """Compare scenarios, and hold our traces against the invariants.

    Args:
        referee: Who compares.
        scenarios: What to compare.
    """
    findings = Findings(scenarios=len(scenarios))
    for scenario, trace, difference in referee.judgements(scenarios):
        if difference is not None:
            findings.differences.append((scenario, difference))
        findings.violations += [(scenario, violation) for violation in violations(scenario, trace)]
    findings.steps, findings.early = referee.steps, referee.early
    return findings


def silence() -> None:
    """Errors that belong to nobody's call are logged by ``query``; here they are expected."""
    logger = logging.getLogger("query")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
