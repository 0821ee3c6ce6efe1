"""Decides whether both sides agree on a scenario, and finds the smallest on which they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .compare import Normalise, compare
from .difference import Difference
from .harness import Harness, Run
from .oracle import Oracle, OracleError
from .shrink import shrink

Scenario = dict[str, Any]


def _unchanged(scenario: Scenario) -> Scenario:
    return scenario


class Referee:
    """Compares scenarios.

    Args:
        oracle: Replays them on query-core.
        harness: Replays them on Python.
        level: How much is compared; one of ``compare.LEVELS``.
        prepare: What the oracle is told of a scenario: the intended differences that are repairs.
        normalise: Maps each step of either side: the other intended differences.
    """

    def __init__(
        self,
        oracle: Oracle,
        harness: Harness,
        level: str = "behaviour",
        prepare: Callable[[Scenario], Scenario] = _unchanged,
        normalise: Normalise | None = None,
    ) -> None:
        self._oracle, self._harness, self._level = oracle, harness, level
        self._prepare, self._normalise = prepare, normalise
        self.steps = 0
        """How many steps were compared so far."""

    def difference(self, scenario: Scenario) -> Difference | None:
        """The first difference of one scenario.

        Raises:
            OracleError: The scenario is wrong.
        """
        return self._compare(scenario, self._oracle.trace(self._prepare(scenario)))

    def differences(self, scenarios: Iterable[Scenario]) -> Iterator[tuple[Scenario, Difference | None]]:
        """Each scenario with its first difference. Node works ahead while Python replays."""
        items = list(scenarios)
        traces = self._oracle.traces([self._prepare(scenario) for scenario in items])
        for scenario, trace in zip(items, traces, strict=True):
            yield scenario, self._compare(scenario, trace)

    def shrink(self, scenario: Scenario, difference: Difference) -> Scenario:
        """A smaller scenario with a difference of the same kind."""

        def fails(candidate: Scenario) -> bool:
            try:
                found = self.difference(candidate)
            except OracleError:
                return False  # what is left is no scenario
            return found is not None and found.kind == difference.kind

        return shrink(scenario, fails)

    def _compare(self, scenario: Scenario, expected: list[dict[str, Any]]) -> Difference | None:
        run = self._harness.run(scenario)
        self.steps += len(run.trace)
        return compare(scenario, expected, run.trace, self._level, self._normalise) or _leak(run)


def _leak(run: Run) -> Difference | None:
    """What outlived its client, as a difference: query-core has a program's end for that, Python has not."""
    return Difference(len(run.trace), {"op": "close"}, "leaks", [], run.leaks) if run.leaks else None
