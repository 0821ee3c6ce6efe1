"""How many examples a second QueryCacheMachine runs, beside a machine with the same rules that does nothing.

    python benchmarks/stateful.py [--examples 200] [--rounds 5]

Both draw the same rules with the same arguments; the one that does nothing shows what Hypothesis itself takes. They run
in turn, with the same seed for each pair, so that a busy machine slows down both.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import Any

from goals import Goal, judge, no_collection, shown
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from mockapi.stateful import QueryCacheMachine


class Machine(QueryCacheMachine):
    """The default queries and mutations."""


def idle_machine() -> type[RuleBasedStateMachine]:
    """A machine with the rules of ``Machine``, whose bodies are empty."""
    rules: dict[str, Any] = {}
    for one in Machine.setup_state().rules:

        def body(self: Any, **drawn: Any) -> None:
            pass

        body.__name__ = one.function.__name__
        decorate: Any = rule(**one.arguments)
        rules[body.__name__] = decorate(body)
    return type("Idle", (RuleBasedStateMachine,), rules)


def rate(machine: type[RuleBasedStateMachine], examples: int, number: int) -> float:
    """Examples a second.

    Args:
        machine: The machine.
        examples: How many to run.
        number: The seed.
    """
    chosen = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with no_collection():
        start = time.process_time()
        run_state_machine_as_test(seed(number)(machine), settings=chosen)
        return examples / (time.process_time() - start)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    idle = idle_machine()
    for machine in (Machine, idle):
        # what is made once
        rate(machine, 20, 0)
    pairs = [(rate(Machine, chosen.examples, n), rate(idle, chosen.examples, n)) for n in range(1, chosen.rounds + 1)]
    full, empty = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{chosen.rounds} rounds of {chosen.examples} examples of 30 steps, examples a second, medians:")
    print(f"  the machine                     {shown(full)}")
    print(f"  the same rules, doing nothing   {shown(empty)}")
    met = judge([Goal("an example of the machine, in examples of one that does nothing", ratio, 2.0)])
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
