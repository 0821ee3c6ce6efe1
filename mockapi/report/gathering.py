"""Puts a run together from what its tests hand over, whichever process they ran in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ..query_log import TITLE
from .findings import findings, lines
from .operations import added_up
from .records import OperationRecord, RunRecord, SummaryRecord, TestRecord
from .words import said

_OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


class _Verdict:
    """What pytest said about one test so far."""

    def __init__(self) -> None:
        self.outcome = ""
        self.failed_at = ""
        self.queries: tuple[str, ...] = ()
        self.started: float | None = None
        self.duration = 0.0


class Gatherer:
    """A run that is under way."""

    def __init__(self) -> None:
        self._started = time.time()
        self._verdicts: dict[str, _Verdict] = {}
        self._tests: dict[str, TestRecord] = {}
        self._operations: dict[tuple[str, str, str], OperationRecord] = {}
        self.late: list[str] = []
        self.lost: list[str] = []

    def add_report(self, report: pytest.TestReport, category: str) -> None:
        """Note what pytest says about one phase of a test.

        Args:
            report: That.
            category: As what pytest counts it.
        """
        name = said(report.nodeid)
        if report.when == "setup" or name not in self._verdicts:
            # of a test that is run again, the last run counts
            self._verdicts[name] = _Verdict()
        verdict = self._verdicts[name]
        if category in _OUTCOMES and (verdict.outcome in ("", "passed") or report.failed):
            verdict.outcome = category
        if report.failed:
            verdict.failed_at = said(_place(report))
            verdict.queries = tuple(
                said(line) for title, text in report.sections if title == TITLE for line in text.splitlines()
            )
        if verdict.started is None:
            verdict.started = getattr(report, "start", None)
        verdict.duration += report.duration

    def add_test(self, test: TestRecord) -> None:
        """Add a test that used the mock client.

        Args:
            test: What it did.
        """
        # at the end, also if it ran before
        self._tests.pop(test.name, None)
        self._tests[test.name] = test

    def add_operations(self, operations: Iterable[OperationRecord]) -> None:
        """Add operations of the OpenAPI description; their hits add up.

        Args:
            operations: The operations, also those that nothing was sent to.
        """
        for operation in operations:
            key = (operation.description, operation.path, operation.method)
            before = self._operations.get(key)
            self._operations[key] = operation if before is None else added_up(before, operation)

    @property
    def operations(self) -> tuple[OperationRecord, ...]:
        """The operations so far, in the order of their paths."""
        return tuple(self._operations[key] for key in sorted(self._operations))

    def finished(self) -> RunRecord:
        """The run as it is now."""
        tests = tuple(self._with_verdict(test) for test in self._tests.values())
        found = lines(tests)
        return RunRecord(
            started=self._started,
            ended=time.time(),
            summary=self._summary(tests),
            tests=tests,
            findings=findings(tests),
            lines=found,
            operations=self.operations,
            late=tuple(self.late),
            lost=tuple(self.lost),
        )

    def _with_verdict(self, test: TestRecord) -> TestRecord:
        verdict = self._verdicts.get(test.name, _Verdict())
        return msgspec.structs.replace(
            test,
            outcome=verdict.outcome,
            failed_at=verdict.failed_at,
            queries=verdict.queries,
            started=verdict.started,
            duration=verdict.duration,
        )

    def _summary(self, tests: Iterable[TestRecord]) -> SummaryRecord:
        outcomes: Counter[str] = Counter()
        requests: Counter[str] = Counter()
        libraries: Counter[str] = Counter()
        mocks = mocks_hit = 0
        for test in tests:
            outcomes[test.outcome] += 1
            requests.update(test.earlier)
            requests.update(request.outcome for request in test.requests)
            libraries.update(test.earlier_libraries)
            libraries.update(request.library for request in test.requests)
            mocks += len(test.mocks)
            mocks_hit += sum(mock.hits > 0 for mock in test.mocks)
        return SummaryRecord(
            tests=dict(outcomes),
            other_tests=len(self._verdicts) - sum(name in self._verdicts for name in self._tests),
            requests=dict(requests),
            libraries=dict(libraries),
            mocks=mocks,
            mocks_hit=mocks_hit,
        )


def _place(report: pytest.TestReport) -> str:
    """The line of the test's own file where it failed: what is below is a library's, or a helper's."""
    traceback: Any = getattr(report.longrepr, "reprtraceback", None)
    file, _, _ = report.location
    for entry in reversed(getattr(traceback, "reprentries", ())):
        place = getattr(entry, "reprfileloc", None)
        if place is not None and Path(place.path).name == Path(file).name:
            return f"{file}:{place.lineno}"
    return ""
