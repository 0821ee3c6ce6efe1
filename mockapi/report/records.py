"""What a report tells, as data: the JSON file is a ``RunRecord``, and the page is drawn from one.

Instants are seconds since the epoch, durations seconds. Secrets are masked before anything gets in here.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

FORMAT = 1
"""The version of this form. It grows when a field changes its meaning or goes; new fields do not count."""

Outcome: TypeAlias = Literal["answered", "failed", "unmatched", "passed", "pending"]
"""What became of a request: a response, an error that its mock raised, no mock, sent for real, or nothing yet."""

FindingKind: TypeAlias = Literal["never_used", "shadowed", "impossible", "used_up"]
"""What may be wrong with the mocks of a line, see ``findings``."""


class RequestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request.

    Attributes:
        method: The method, in capitals.
        url: The whole URL.
        outcome: What became of it.
        library: "httpx" or "httpx2".
        client: "Client" or "AsyncClient"; empty if that is not known.
        source: The line that sent it, as "file:line in function".
        thread: The thread that sent it.
        task: The asyncio task that sent it; empty if it was none.
        status: The status of the answer; None without one.
        error: What its mock raised, as "Class: text"; the class alone for a problem that is no missing mock, such as a
            request that does not keep to its OpenAPI description.
        problem: Why it was not answered: for want of a mock, the nearest ones and the differences.
        mock: The ``number`` of the mock that answered, among those of the test; None for none.
        started: When it arrived; None if that is not known.
        ended: When it was answered; None while it is not.
    """

    method: str
    url: str
    outcome: Outcome
    library: str
    client: str = ""
    source: str = ""
    thread: str = ""
    task: str = ""
    status: int | None = None
    error: str = ""
    problem: str = ""
    mock: int | None = None
    started: float | None = None
    ended: float | None = None

    @property
    def duration(self) -> float | None:
        """From arrival to answer; None if there was none. What passes at a miss is the time to explain it."""
        if self.started is None or self.ended is None or self.outcome == "unmatched":
            return None
        return max(0.0, self.ended - self.started)


class MockRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One mock, as it was at the end of its test.

    Attributes:
        number: Its place in the order of registration.
        name: Method and URL.
        source: The line that registered it, as "file:line".
        hits: How many requests it answered.
        times: How many it may answer; None for any number.
        is_used_up: Whether it had answered as many as it may.
        matchers: What it asked of a request beside method and URL.
        steps_aside: Whether its function may let an older mock answer, so that having no hits says nothing.
        shadowed_by: The ``number`` of a newer mock that answers all that this one could, and always; None for none.
        impossible: Why no request can ever fit; empty if one can, as far as can be told.
    """

    number: int
    name: str
    source: str
    hits: int = 0
    times: int | None = None
    is_used_up: bool = False
    matchers: tuple[str, ...] = ()
    steps_aside: bool = False
    shadowed_by: int | None = None
    impossible: str = ""


class TestRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One test that used the mock client.

    Attributes:
        name: Its node id.
        outcome: As pytest counts it: "passed", "failed", "error", "skipped", "xfailed" or "xpassed".
        failed_at: The line where it failed, as "file:line".
        worker: The pytest-xdist worker that ran it; empty without workers.
        started: When its set-up began; None if that is not known.
        duration: Set-up, call and teardown.
        requests: Its requests in order; those of the last example, if it is a Hypothesis test.
        mocks: Its mocks, oldest first, with the hits of all examples.
        queries: What happened to the queries of a test that failed, and when: the lines of pytest's report.
        examples: How many examples a Hypothesis test had; 0 for any other test.
        earlier: How many requests the earlier examples sent, by outcome.
        earlier_libraries: The same, by library.
    """

    __test__ = False  # not for pytest, whatever the name

    name: str
    outcome: str = ""
    failed_at: str = ""
    worker: str = ""
    started: float | None = None
    duration: float = 0.0
    requests: tuple[RequestRecord, ...] = ()
    mocks: tuple[MockRecord, ...] = ()
    queries: tuple[str, ...] = ()
    examples: int = 0
    earlier: dict[str, int] = {}
    earlier_libraries: dict[str, int] = {}

    @property
    def is_failure(self) -> bool:
        """Whether it turns the run red."""
        return self.outcome in ("failed", "error")

    @property
    def request_count(self) -> int:
        """How many requests it sent, those of all examples counted."""
        return len(self.requests) + sum(self.earlier.values())


class LineRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The mocks that one line registers, over all tests.

    Attributes:
        source: The line, as "file:line".
        names: Method and URL of its mocks, each once.
        tests: In how many tests it registered any.
        tests_hit: In how many of these any of them answered.
        hits: How many requests they answered.
    """

    source: str
    names: tuple[str, ...]
    tests: int
    tests_hit: int
    hits: int


class FindingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look at in the suite.

    Attributes:
        kind: What it is.
        source: The line that registers the mocks in question, as "file:line".
        names: Method and URL of the mocks, each once.
        text: What is the matter, and what to do.
        tests: The node ids of the tests that show it.
    """

    kind: FindingKind
    source: str
    names: tuple[str, ...]
    text: str
    tests: tuple[str, ...]


class OperationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An operation of the OpenAPI description.

    Attributes:
        id: Its ``operationId``; empty if it has none.
        method: The method, in capitals.
        path: The path as the description has it, such as "/projects/{slug}/".
        hits: How many requests it got.
        description: What the description is called.
        mocks: How many mocks were registered for it.
        responses: How often each of its responses was given, by status: "200", "4XX", "default".
    """

    id: str
    method: str
    path: str
    hits: int = 0
    description: str = ""
    mocks: int = 0
    responses: dict[str, int] = msgspec.field(default_factory=dict)


class SummaryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A run in figures.

    Attributes:
        tests: How many tests used the mock client, by outcome.
        other_tests: How many did not.
        requests: How many requests were sent, by outcome.
        libraries: The same, by library.
        mocks: How many mocks were registered.
        mocks_hit: How many of them answered a request.
    """

    tests: dict[str, int]
    other_tests: int
    requests: dict[str, int]
    libraries: dict[str, int]
    mocks: int
    mocks_hit: int


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run: what the JSON file holds.

    Attributes:
        format: The version of this form.
        started: When the session began.
        ended: When it ended.
        summary: The run in figures.
        tests: The tests that used the mock client, in the order in which they ended.
        findings: What to look at in the suite.
        lines: The mocks of the suite by the line that registers them.
        operations: The operations of the OpenAPI description, if there is one.
        late: What was sent after the end of its test, each in words.
        lost: What is missing here, each in words: a worker that crashed, say.
    """

    format: int = FORMAT
    started: float
    ended: float
    summary: SummaryRecord
    tests: tuple[TestRecord, ...] = ()
    findings: tuple[FindingRecord, ...] = ()
    lines: tuple[LineRecord, ...] = ()
    operations: tuple[OperationRecord, ...] = ()
    late: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
