"""Decides whether both sides agree on a scenario, and finds the smallest on which they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .compare import Normalise, compare, end_of_comparison
from .difference import Difference
from .harness import Harness, Run
from .oracle import Oracle, OracleError
from .shrink import shrink

Scenario = dict[str, Any]
Trace = list[dict[str, Any]]


def _unchanged(scenario: Scenario) -> Scenario:
    return scenario


class Judge:
    """Replays scenarios on Python and compares with traces of query-core that are given.

    Args:
        harness: Replays them on Python.
        level: How much is compared; one of ``compare.LEVELS``.
        normalise: Maps each step of either side: the intended differences that are no repairs.

    Attributes:
        steps: How many steps were compared so far.
        early: How many comparisons ended before the last step, by the reason.
    """

    def __init__(self, harness: Harness, level: str = "behaviour", normalise: Normalise | None = None) -> None:
        self._harness, self._level, self._normalise = harness, level, normalise
        self.steps = 0
        self.early: Counter[str] = Counter()

    def judge(self, scenario: Scenario, expected: Trace) -> tuple[Trace, Difference | None]:
        """Python's trace of a scenario, and its first difference from query-core's.

        Args:
            scenario: What to run.
            expected: The trace of query-core.
        """
        run = self._harness.run(scenario)
        difference = compare(scenario, expected, run.trace, self._level, self._normalise)
        ended = None if difference else end_of_comparison(expected, run.trace)
        self.steps += len(run.trace) if ended is None else ended[0]
        if ended is not None:
            self.early[ended[1]] += 1
        return run.trace, difference or _leak(run)


class Referee(Judge):
    """Compares scenarios with query-core as it runs.

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
        super().__init__(harness, level, normalise)
        self._oracle, self._prepare = oracle, prepare

    def difference(self, scenario: Scenario) -> Difference | None:
        """The first difference of one scenario.

        Raises:
            OracleError: The scenario is wrong.
        """
        return self.judge(scenario, self._oracle.trace(self._prepare(scenario)))[1]

    def differences(self, scenarios: Iterable[Scenario]) -> Iterator[tuple[Scenario, Difference | None]]:
        """Each scenario with its first difference. Node works ahead while Python replays."""
        for scenario, _, difference in self.judgements(scenarios):
            yield scenario, difference

    def judgements(self, scenarios: Iterable[Scenario]) -> Iterator[tuple[Scenario, Trace, Difference | None]]:
        """Each scenario with Python's trace and the first difference."""
        items = list(scenarios)
        traces = self._oracle.traces([self._prepare(scenario) for scenario in items])
        for scenario, expected in zip(items, traces, strict=True):
            yield scenario, *self.judge(scenario, expected)

    def shrink(self, scenario: Scenario, difference: Difference) -> Scenario:
        """A smaller scenario with a difference of the same kind."""

        def fails(candidate: Scenario) -> bool:
            try:
                found = self.difference(candidate)
            except OracleError:
                return False  # what is left is no scenario
            return found is not None and found.kind == difference.kind

        return shrink(scenario, fails)


def _leak(run: Run) -> Difference | None:
    """What outlived its client, as a difference: query-core has a program's end for that, Python has not."""
    return Difference(len(run.trace), {"op": "close"}, "leaks", [], run.leaks) if run.leaks else None
