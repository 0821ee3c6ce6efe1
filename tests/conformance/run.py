"""Compare ``query`` with query-core in random scenarios: python tests/conformance/run.py, or ``make conformance``.

Without ``--features`` every feature has a profile of its own, and one has all of them. A scenario that differs is
shrunk and kept: it is replayed from then on. Exits with 1 if anything differs or breaks an invariant, with 0 if
nothing does, or if there is no Node to run query-core with.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import intended
from difftest.campaign import Findings, Rules, judge, piece_of, run, silence
from difftest.compare import LEVELS
from difftest.difference import Difference
from difftest.driver import SUPPORTED, QueryDriver
from difftest.grammar import FEATURES
from difftest.harness import Harness
from difftest.installation import install
from difftest.invariants import violations
from difftest.oracle import Oracle
from difftest.profiles import Profile, name_of, profiles_of, shares
from difftest.recording import record, save
from difftest.referee import Referee
from difftest.shrink import shrink

CORPUS = Path(__file__).resolve().parent / "corpus"
FOUND = CORPUS / "found.jsonl"
RECORDED = CORPUS / "recorded.json.gz"


def corpus() -> list[dict[str, Any]]:
    """The scenarios that failed once, shrunk: one a line."""
    return [json.loads(line) for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text().splitlines()]


def main(arguments: list[str]) -> int:
    """Run the comparison that the command line asks for; the exit code."""
    options = _parse(arguments)
    reason = install()
    if reason is not None:
        print(f"conformance: not run, {reason}")
        return 0
    silence()
    seed = random.randrange(2**32) if options.seed is None else options.seed
    profiles = profiles_of(SUPPORTED) if options.features is None else [options.features]
    rules = Rules(QueryDriver, intended.prepare, intended.normalise, options.level, options.max_ops, options.core)
    with Oracle(core=options.core) as oracle:
        print(f"conformance: query-core {oracle.info['core']}, node {oracle.info['node']}, level {options.level}")
        if options.record:
            return _record(oracle, seed, options)
        print(f"conformance: seed {seed}, {options.count} scenarios of {len(profiles)} profiles")
        started = time.perf_counter()
        referee = rules.referee(oracle)
        findings = judge(referee, corpus())
        _tell("corpus", findings)
        for profile, found in run(seed, shares(options.count, profiles), rules, options.jobs):
            _tell(name_of(profile), found)
            findings.add(found)
        speed = findings.scenarios / (time.perf_counter() - started)
        print(
            f"conformance: {findings.scenarios} scenarios, {findings.steps} steps, {speed:.0f} scenarios/s, "
            f"{len(findings.differences)} differences, {len(findings.violations)} broken invariants"
        )
        _show(rules.referee(oracle), findings, options.show)
    return 1 if findings.differences or findings.violations else 0


def _tell(name: str, findings: Findings) -> None:
    early = ", ".join(f"{number} ended early at a {reason}" for reason, number in sorted(findings.early.items()))
    print(
        f"  {name}: {findings.scenarios} scenarios, {findings.steps} steps, {len(findings.differences)} differences"
        + (f" ({early})" if early else ""),
        flush=True,
    )


def _show(referee: Referee, findings: Findings, most: int) -> None:
    """Print one shrunk example of each kind of difference and of each broken invariant, and keep it."""
    kinds: dict[tuple[str | None, str, str], list[tuple[dict[str, Any], Difference]]] = {}
    for scenario, difference in findings.differences:
        kinds.setdefault(difference.kind, []).append((scenario, difference))
    for kind, examples in sorted(kinds.items(), key=lambda item: -len(item[1]))[:most]:
        scenario, difference = examples[0]
        small = referee.shrink(scenario, difference)
        print(f"\n{len(examples)} x {' / '.join(map(str, kind))}\n  clients {json.dumps(small.get('clients', {}))}")
        for op in small["ops"]:
            print(f"  {json.dumps(op)}")
        print(referee.difference(small))
        _keep(small)
    if len(kinds) > most:
        print(f"\n... and {len(kinds) - most} more kinds")
    broken = {violation[0]: scenario for scenario, violation in findings.violations}
    for name, scenario in list(broken.items())[:most]:
        small = _shrink_violation(scenario, name)
        _, step, what = next(violation for violation in _violations(small) if violation[0] == name)
        print(f"\nthe invariant {name} is broken in step {step}: {what}\n  {json.dumps(small)}")
        _keep(small)


def _violations(scenario: dict[str, Any]) -> list[tuple[str, int, str]]:
    return list(violations(scenario, Harness(QueryDriver).trace(scenario)))


def _shrink_violation(scenario: dict[str, Any], name: str) -> dict[str, Any]:
    """A smaller scenario in which Python breaks the same invariant."""

    def fails(candidate: dict[str, Any]) -> bool:
        try:
            return any(found == name for found, _, _ in _violations(candidate))
        except Exception:
            return False  # what is left is no scenario

    return shrink(json.loads(json.dumps(scenario)), fails)


def _keep(scenario: dict[str, Any]) -> None:
    """Add a scenario to those that are replayed, unless it is one of them."""
    if scenario not in corpus():
        with FOUND.open("a", encoding="utf-8") as file:
            file.write(json.dumps(scenario) + "\n")
        print(f"  kept as a line of {FOUND.relative_to(CORPUS.parent.parent.parent)}")


def _record(oracle: Oracle, seed: int, options: argparse.Namespace) -> int:
    """Choose scenarios of all profiles, and write them down with query-core's traces."""

    def pool() -> Iterator[tuple[Profile, dict[str, Any]]]:
        for profile in profiles_of(SUPPORTED):
            for scenario in piece_of(seed, profile, 0, options.pool, options.max_ops):
                # as plain JSON: the sampler shares objects
                yield profile, json.loads(json.dumps(intended.prepare(scenario)))

    recording = record(oracle, pool(), options.record)
    save(RECORDED, recording)
    size = RECORDED.stat().st_size / 1024
    print(f"conformance: seed {seed}, {len(recording.scenarios)} scenarios recorded, {size:.0f} KiB")
    return 0


def _features(text: str) -> Profile:
    chosen = tuple(filter(None, text.split(",")))
    if unknown := set(chosen) - set(FEATURES):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(FEATURES)}")
    return chosen


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=5000, help="random scenarios (5000)")
    parser.add_argument("--seed", type=int, help="of the random scenarios (random)")
    parser.add_argument(
        "--features", type=_features, help=f"one profile: a few of {','.join(SUPPORTED)} (all profiles)"
    )
    parser.add_argument("--level", choices=list(LEVELS), default="behaviour", help="how much is compared (behaviour)")
    parser.add_argument("--max-ops", type=int, default=20, help="ops of a scenario (20)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (as many as cores)")
    parser.add_argument("--show", type=int, default=5, help="kinds of differences to shrink and keep (5)")
    parser.add_argument("--core", help="package directory of another query-core than the pinned one")
    parser.add_argument("--record", type=int, metavar="N", help="instead, write N scenarios down with their traces")
    parser.add_argument("--pool", type=int, default=200, help="of how many scenarios of each profile (200)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
