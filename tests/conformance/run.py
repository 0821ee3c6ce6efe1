"""Compare ``query`` with query-core in random scenarios: python tests/conformance/run.py, or ``make conformance``.

Exits with 1 if anything differs, with 0 if nothing does, or if there is no Node to run query-core with.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import intended
from difftest.compare import LEVELS
from difftest.difference import Difference
from difftest.driver import SUPPORTED, QueryDriver
from difftest.grammar import FEATURES, random_scenarios
from difftest.harness import Harness
from difftest.installation import install
from difftest.oracle import Oracle
from difftest.referee import Referee

CORPUS = Path(__file__).resolve().parent / "corpus"


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
    # errors that belong to nobody's call are logged; here they are expected
    logging.getLogger("query").addHandler(logging.NullHandler())
    logging.getLogger("query").propagate = False
    seed = random.randrange(2**32) if options.seed is None else options.seed
    features = options.features
    with Oracle(core=options.core) as oracle:
        print(f"conformance: query-core {oracle.info['core']}, node {oracle.info['node']}, level {options.level}")
        print(f"conformance: seed {seed}, {options.count} scenarios of {','.join(features)}")
        referee = Referee(oracle, Harness(QueryDriver), options.level, intended.prepare, intended.normalise)
        started = time.perf_counter()
        scenarios = [*corpus(), *random_scenarios(seed, options.count, features, options.max_ops)]
        found = [(scenario, d) for scenario, d in referee.differences(scenarios) if d is not None]
        speed = len(scenarios) / (time.perf_counter() - started)
        print(f"conformance: {referee.steps} steps, {speed:.0f} scenarios/s, {len(found)} differences")
        _show(referee, found, options.show)
    return 1 if found else 0


def _show(referee: Referee, found: Iterable[tuple[dict[str, Any], Difference]], most: int) -> None:
    """Print one shrunk example of each kind of difference."""
    kinds: dict[tuple[str | None, str, str], list[tuple[dict[str, Any], Difference]]] = {}
    for scenario, difference in found:
        kinds.setdefault(difference.kind, []).append((scenario, difference))
    for kind, examples in sorted(kinds.items(), key=lambda item: -len(item[1]))[:most]:
        scenario, difference = examples[0]
        small = referee.shrink(scenario, difference)
        print(f"\n{len(examples)} x {' / '.join(map(str, kind))}\n  clients {json.dumps(small.get('clients', {}))}")
        for op in small["ops"]:
            print(f"  {json.dumps(op)}")
        print(referee.difference(small))
    if len(kinds) > most:
        print(f"\n... and {len(kinds) - most} more kinds")


def _features(text: str) -> tuple[str, ...]:
    chosen = tuple(filter(None, text.split(",")))
    if unknown := set(chosen) - set(FEATURES):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(FEATURES)}")
    return chosen


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000, help="random scenarios (2000)")
    parser.add_argument("--seed", type=int, help="of the random scenarios (random)")
    parser.add_argument("--features", type=_features, default=SUPPORTED, help=f"({','.join(SUPPORTED)})")
    parser.add_argument("--level", choices=list(LEVELS), default="behaviour", help="how much is compared (behaviour)")
    parser.add_argument("--max-ops", type=int, default=20, help="ops of a scenario (20)")
    parser.add_argument("--show", type=int, default=5, help="kinds of differences to shrink and show (5)")
    parser.add_argument("--core", help="package directory of another query-core than the pinned one")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
