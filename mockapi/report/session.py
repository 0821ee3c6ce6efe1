"""The hooks of the report. They are registered only when one is asked for.

The records of a test travel with pytest's own report of its teardown, so that a pytest-xdist worker that crashes takes
no other test's along. What belongs to no test goes with the worker's output.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from .files import checked_path, write
from .gathering import Gatherer
from .operations import coverage_lines, described_operations
from .records import OperationRecord, RunRecord, TestRecord
from .words import number_of, said

if TYPE_CHECKING:
    from ..client import MockApiClient
    from .collecting import Collector

_OUTPUT = "mockapi_report"
_RECORD = "mockapi_record"


class _WorkerOutput(msgspec.Struct, frozen=True):
    """What a worker has to say at its end."""

    late: list[str]
    operations: list[OperationRecord]


class ReportSession:
    """The report of one session, or of one worker's share in it.

    Args:
        config: The session's configuration, with the option ``mockapi_report``.

    Raises:
        pytest.UsageError: A path that cannot be written.
    """

    def __init__(self, config: pytest.Config) -> None:
        worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self._config = config
        self._is_worker = worker is not None
        self._worker = "" if worker is None else str(worker["workerid"])
        self._gatherer = Gatherer()
        self._collector: Collector | None = None
        self._client: MockApiClient | None = None
        self._run: RunRecord | None = None
        self._said: list[str] = []
        directory = config.invocation_params.dir
        asked: list[str] = config.getoption("mockapi_report") or []
        self._paths = [] if self._is_worker else [checked_path(text, directory) for text in asked]

    # -- what the rest of the plugin hands in

    def collect(self, client: MockApiClient, test: str, *, is_renewed: bool = False) -> None:
        """Note what a test did, before its client forgets it.

        Args:
            client: The client.
            test: The test's node id.
            is_renewed: Whether it goes on with another example of a Hypothesis test.
        """
        if self._collector is None:
            # the client loads HTTP libraries, and a conftest.py may have something to say about these first
            from .collecting import Collector

            self._collector = Collector(self._worker)
        self._client = client
        self._collector.collect(client, test, is_renewed=is_renewed)

    def add_operations(self, operations: Iterable[OperationRecord]) -> None:
        """Add operations of the OpenAPI description; their hits add up.

        Args:
            operations: The operations, also those that nothing was sent to.
        """
        self._gatherer.add_operations(operations)

    # -- hooks

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Give the report of a teardown the records of its test to take along."""
        report = yield
        record = self._collector.take(item.nodeid) if self._collector and call.when == "teardown" else None
        if record is not None:
            # pytest carries attributes of a report along, whatever they are called
            vars(report)[_RECORD] = msgspec.json.encode(record).decode()
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather what the tests hand over. With workers, this happens in the process that waits for them."""
        if self._is_worker:
            return
        status = self._config.hook.pytest_report_teststatus(report=report, config=self._config)
        self._gatherer.add_report(report, status[0])
        record = getattr(report, _RECORD, None)
        if record is not None:
            self._gatherer.add_test(msgspec.json.decode(record, type=TestRecord))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Take what a worker has to say at its end, or say that it did not come to that."""
        output = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if output is not None:
            told = msgspec.json.decode(output, type=_WorkerOutput)
            self._gatherer.late += told.late
            self._gatherer.add_operations(told.operations)
        elif error is not None:
            self._gatherer.lost.append(
                f"The worker {node.gateway.id} crashed; what its last test sent is not known ({error})."
            )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the files, or send what belongs in them to the process that does."""
        late = [] if self._client is None else [said(str(error)) for error in self._client.late]
        self.add_operations(described_operations())
        if self._is_worker:
            output = _WorkerOutput(late, list(self._gatherer.operations))
            workeroutput: dict[str, Any] = getattr(self._config, "workeroutput")  # noqa: B009 - only workers have it
            workeroutput[_OUTPUT] = msgspec.json.encode(output).decode()
            return
        if self._config.getoption("collectonly"):
            return
        self._gatherer.late += late
        self._run = self._gatherer.finished()
        for path in self._paths:
            try:
                write(path, self._run)
            except OSError as error:
                self._said.append(f"not written: {path} ({error.strerror or error})")
            else:
                self._said.append(f"written to {path}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where the report is."""
        if self._run is None:
            return
        summary = self._run.summary
        missed = summary.requests.get("unmatched", 0)
        found = number_of(sum(summary.requests.values()), "request")
        terminalreporter.section("mockapi report", sep="-")
        terminalreporter.line(
            f"{found} of {number_of(sum(summary.tests.values()), 'test')}, {missed:,} not answered; "
            f"{number_of(len(self._run.findings), 'finding')} about mocks"
        )
        for line in (*coverage_lines(self._run.operations), *self._said):
            terminalreporter.line(line)
