"""Letting a machine look for a bug, and writing down how long it took."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from planted import Mutant

EXAMPLES = 500
"""Within so many each planted bug is to be found."""
STEPS = 8
"""Shrunk, the way to it may have so many."""

LENGTH = 18
"""Steps of an example: longer ones find in fewer examples, and take longer to shrink."""

_STEP = re.compile(r"^(?:\w+(?:, \w+)* = )?state\.(?!teardown\()\w+\(", re.MULTILINE)


@dataclass(frozen=True)
class Hunt:
    """How a search went.

    Attributes:
        examples: How many examples were run until the first that failed; None if none did.
        steps: How many steps are left of it when it is shrunk.
        runs: How many examples were run in all, those of shrinking included.
        seconds: How long it took.
        report: What Hypothesis says of it.
    """

    examples: int | None
    steps: int
    runs: int
    seconds: float
    report: str

    @property
    def is_found(self) -> bool:
        """Whether a promise was found broken. That the machine itself stumbles does not count."""
        return self.examples is not None and self.report.startswith(("CacheViolationError", "AssertionError"))


def hunt(
    machine: type[RuleBasedStateMachine], bug: Mutant | None, *, seed: int | None = None, examples: int = EXAMPLES
) -> Hunt:
    """Let *machine* look for *bug*.

    Args:
        machine: The machine.
        bug: What is planted meanwhile; None for the healthy cache.
        seed: Of the search; None for the one that never changes.
        examples: How many to try.
    """
    runs = 0
    first: int | None = None

    class Hunted(machine):  # type: ignore[misc, valid-type]
        def __init__(self):
            nonlocal runs
            runs += 1
            super().__init__()

        def teardown(self):
            nonlocal first
            # a failed assertion on its way; what Hypothesis itself raises to end an example is none
            failed = isinstance(sys.exception(), Exception)
            try:
                super().teardown()
            except (Exception, asyncio.CancelledError):
                failed = True
                raise
            finally:
                if failed and first is None:
                    first = runs

    Hunted.__name__ = machine.__name__
    Hunted.__qualname__ = machine.__qualname__
    how = settings(
        max_examples=examples,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        derandomize=seed is None,
        report_multiple_bugs=False,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    start = time.perf_counter()
    report = ""
    with ExitStack() as stack:
        if bug is not None:
            stack.enter_context(bug.planted())
        try:
            run_state_machine_as_test(Hunted if seed is None else seeded(seed)(Hunted), settings=how)
        except (Exception, asyncio.CancelledError) as error:
            told = [error, *getattr(error, "exceptions", ())]
            report = "\n".join(
                [f"{type(one).__name__}: {one}\n" + "\n".join(getattr(one, "__notes__", ())) for one in told]
            )
    return Hunt(first, len(_STEP.findall(report)), runs, time.perf_counter() - start, report)
