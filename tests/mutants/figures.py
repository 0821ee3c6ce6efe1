"""How long the machine takes to find each planted bug: ``python tests/mutants/figures.py [names] [--seeds 3]``.

For each: examples until the first that fails, median and worst of the seeds; steps of the shrunk example, worst; and
seconds of a whole search with its shrinking, median. Then what the machines find in the healthy cache: nothing.
The exit code is 1 if a bug survives, is left with too many steps, or one is found that was not planted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from hunting import EXAMPLES, STEPS, Hunt, hunt  # noqa: E402 - the line above is what makes them importable
from machines import MACHINES, machine_for  # noqa: E402
from planted import MUTANTS  # noqa: E402


def row(name: str, hunts: list[Hunt]) -> tuple[bool, str]:
    """Whether the goals are met, and the line that says so.

    Args:
        name: Of the planted bug.
        hunts: One for each seed.
    """
    seconds = statistics.median(one.seconds for one in hunts)
    found = [one.examples for one in hunts if one.examples is not None]
    if len(found) < len(hunts):
        return False, f"SURVIVES with {len(hunts) - len(found)} of {len(hunts)} seeds  {seconds:.1f}"
    steps = max(one.steps for one in hunts)
    good = steps <= STEPS
    text = f"{statistics.median(found):8.0f} {max(found):6d} {steps:6d} {seconds:8.1f}"
    return good, text if good else f"{text}  TOO MANY STEPS"


def main() -> int:
    """Search for all, or for those that are named, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="planted bugs; all by default")
    parser.add_argument("--seeds", type=int, default=3, help="how many searches for each")
    parser.add_argument("--show", action="store_true", help="also print the shrunk examples")
    arguments = parser.parse_args()
    is_good = True
    print(f"{'':62} {'examples':>8} {'worst':>6} {'steps':>6} {'seconds':>8}")
    worst = most = 0
    for name in arguments.names or MUTANTS:
        hunts = [hunt(machine_for(name), MUTANTS[name], seed=seed) for seed in range(arguments.seeds)]
        good, text = row(name, hunts)
        if not all(one.is_found for one in hunts):
            good, text = False, f"{text}  NOT BY A PROMISE: {hunts[0].report[:200]}"
        is_good &= good
        worst = max([worst, *(one.examples or EXAMPLES for one in hunts)])
        most = max([most, *(one.steps for one in hunts)])
        print(f"{machine_for(name).__name__:10} {name:51} {text}", flush=True)
        if arguments.show:
            print(hunts[0].report)
    for machine in () if arguments.names else MACHINES:
        hunts = [hunt(machine, None, seed=seed) for seed in range(arguments.seeds)]
        false = [one for one in hunts if one.examples is not None]
        is_good &= not false
        speed = sum(one.runs for one in hunts) / sum(one.seconds for one in hunts)
        text = f"{len(false)} of {len(hunts)} searches found something" if false else "nothing found"
        print(f"{machine.__name__:10} in the healthy cache: {text}, {speed:.0f} examples a second", flush=True)
        for one in false:
            print(one.report)
    print(f"worst: {worst} examples, goal {EXAMPLES}; {most} steps, goal {STEPS}: {'met' if is_good else 'NOT MET'}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
