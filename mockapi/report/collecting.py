"""Makes the records of a test from its mock client, before the client forgets everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from types import NoneType
from weakref import WeakSet

import msgspec

from .. import messages
from ..calls import Call
from ..client import MockApiClient
from ..errors import UnmatchedRequestAbort, UnmatchedRequestError
from ..matchers import Matcher, PartMatcher
from ..responses import ResponseMock
from ..secrets import masked, masked_text, masked_url
from . import lint
from .records import MockRecord, RequestRecord, TestRecord
from .words import said

MAX_TEXT = 300
"""Characters that are kept of an error, or of a matcher."""


class Collector:
    """The records of the tests of this process that have not been handed over yet.

    Args:
        worker: The pytest-xdist worker that this is; empty for none.
    """

    def __init__(self, worker: str = "") -> None:
        self._worker = worker
        self._tests: dict[str, TestRecord] = {}
        self._shared: WeakSet[ResponseMock] = WeakSet()

    def collect(self, client: MockApiClient, test: str, *, is_renewed: bool = False) -> None:
        """Note what a test did so far. What was noted of it before is taken for its earlier examples.

        Args:
            client: Its mock client.
            test: Its node id.
            is_renewed: Whether it goes on with another example of a Hypothesis test.
        """
        earlier = self._tests.get(test)
        calls = list(client.history)
        mocks = self._mocks(client, calls)
        numbers = {id(mock): number for number, mock in enumerate(mocks, 1)}
        record = TestRecord(
            name=said(test),
            worker=self._worker,
            requests=tuple(request_record(call, numbers.get(id(call.mock))) for call in calls),
            mocks=tuple(_mock_records(mocks, calls)),
            examples=is_renewed + (earlier.examples if earlier else 0),
        )
        self._tests[test] = record if earlier is None else _after(earlier, record)

    def take(self, test: str) -> TestRecord | None:
        """Hand over what was noted of a test; None if it did not use the client.

        Args:
            test: Its node id.
        """
        return self._tests.pop(test, None)

    def _mocks(self, client: MockApiClient, calls: Sequence[Call]) -> list[ResponseMock]:
        """The mocks to tell of at a test, in the order in which they are asked, last first.

        A mock that lives longer than the test is told of where it answers, and at the first test that could use it.
        """
        called = {id(call.mock): call.mock for call in calls if isinstance(call.mock, ResponseMock)}
        found: list[ResponseMock] = []
        for layer in reversed(list(client.layers)):
            for mock in layer.mocks if isinstance(layer, MockApiClient) else ():
                if layer is client or id(mock) in called or mock not in self._shared:
                    found.append(mock)
                if layer is not client:
                    self._shared.add(mock)
        there = {id(mock) for mock in found}
        # removed by now, or of a scope that is over, or what unmatched= answers with
        return [*(mock for key, mock in called.items() if key not in there), *found]


def request_record(call: Call, mock: int | None) -> RequestRecord:
    """The record of a request.

    Args:
        call: The call.
        mock: The number of its mock's record.
    """
    error = call.error
    problem = error if call.outcome == "unmatched" else call.problem
    return RequestRecord(
        method=said(call.method),
        url=said(masked_url(call.url)),
        outcome=call.outcome,
        library=call.library,
        client=call.view.client,
        source=said(call.source),
        thread=said(call.thread),
        task=said(call.task),
        status=None if call.response is None else int(call.response.status_code),
        error=_error(error, is_problem=problem is not None),
        problem="" if problem is None else said(str(problem)),
        mock=mock,
        started=call.started,
        ended=call.ended,
    )


def _error(error: BaseException | None, *, is_problem: bool) -> str:
    name = type(error).__name__
    if error is None or is_problem:
        return "" if type(error) in (NoneType, UnmatchedRequestError, UnmatchedRequestAbort) else name
    text = said(masked_text(masked_url(str(error))))
    return f"{name}: {_short(text)}" if text else name


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}..."


def _mock_records(mocks: Sequence[ResponseMock], calls: Sequence[Call]) -> Iterable[MockRecord]:
    hits = Counter(id(call.mock) for call in calls if call.outcome != "unmatched")
    shadows = lint.shadows(mocks)
    for number, mock in enumerate(mocks):
        newer = shadows.get(number)
        yield MockRecord(
            number=number + 1,
            name=said(masked_url(mock.name)),
            source=said(mock.source),
            hits=hits[id(mock)],
            times=mock.times,
            is_used_up=mock.is_used_up,
            matchers=tuple(said(_short(_matcher(matcher))) for matcher in mock.match),
            steps_aside=lint.steps_aside(mock),
            shadowed_by=None if newer is None else newer + 1,
            impossible=said(lint.impossible(mock)),
        )


def _matcher(matcher: Matcher) -> str:
    if not isinstance(matcher, PartMatcher):
        return messages.matcher_name(matcher)
    keys = lint.wanted_keys(matcher)
    return f"match_{matcher.part}({masked(dict(keys))!r})" if keys else f"match_{matcher.part}(...)"


def _after(earlier: TestRecord, record: TestRecord) -> TestRecord:
    """*record* with what an earlier example did added up."""
    counts, libraries = Counter(earlier.earlier), Counter(earlier.earlier_libraries)
    counts.update(request.outcome for request in earlier.requests)
    libraries.update(request.library for request in earlier.requests)
    hits: Counter[tuple[str, str]] = Counter()
    for mock in earlier.mocks:
        hits[mock.source, mock.name] += mock.hits
    mocks = [
        msgspec.structs.replace(mock, hits=mock.hits + hits.pop((mock.source, mock.name), 0)) for mock in record.mocks
    ]
    there = {(mock.source, mock.name) for mock in mocks}
    # mocks that only an earlier example registered: still mocks of this test, by their line
    gone = (mock for mock in earlier.mocks if (mock.source, mock.name) not in there)
    mocks += [
        msgspec.structs.replace(mock, number=number, shadowed_by=None)
        for number, mock in enumerate(gone, len(mocks) + 1)
    ]
    return msgspec.structs.replace(
        record,
        mocks=tuple(mocks),
        earlier=dict(counts),
        earlier_libraries=dict(libraries),
    )
