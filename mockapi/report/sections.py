"""The sections about the whole run: misses, findings, lines of mocks, what was slow, and covered operations."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from .entries import link
from .markup import Child, element
from .overview import TEST_COLOURS
from .records import FindingRecord, RequestRecord, RunRecord, TestRecord
from .timeline import answer, line
from .words import FINDINGS, duration, number_of

MAX_MISSES = 100
"""Misses that are shown in full beside where they stand in their tests."""
MAX_OPEN = 5
"""Misses that are open from the start."""
MAX_SLOW = 10
"""Requests, and tests, that are shown as the slowest."""
MAX_NAMES = 5
"""Tests, or mocks, that are named where many show the same."""

Ids = Mapping[str, str]


def misses(run: RunRecord) -> dict[str, list[tuple[TestRecord, RequestRecord]]]:
    """The requests that no mock answers, by their text: several tests may miss the same.

    Args:
        run: The run.
    """
    found: dict[str, list[tuple[TestRecord, RequestRecord]]] = {}
    for test in run.tests:
        for request in test.requests:
            if request.problem:
                found.setdefault(request.problem, []).append((test, request))
    return found


def miss_section(run: RunRecord, ids: Ids) -> Child:
    """Why requests were not answered, and what was sent after the end of its test; nothing if all is well.

    Args:
        run: The run.
        ids: The ids of the tests' entries.
    """
    found = misses(run)
    if not found and not run.late:
        return None
    shown = list(found.items())[:MAX_MISSES]
    more = len(found) - len(shown)
    return element(
        "section",
        element("h2", "Requests that were not answered"),
        [_miss(text, rows, ids, is_open=number < MAX_OPEN) for number, (text, rows) in enumerate(shown)],
        element("p", f"{more:,} more are shown at their tests.", class_="muted") if more else None,
        element("h3", "After the end of their test") if run.late else None,
        [element("pre", text) for text in run.late],
        id="misses",
    )


def _miss(text: str, rows: list[tuple[TestRecord, RequestRecord]], ids: Ids, *, is_open: bool) -> ET.Element:
    tests = list(dict.fromkeys(test.name for test, _ in rows))
    return element(
        "details",
        element(
            "summary",
            line(rows[0][1]),
            element("span", f" {len(rows):,} times", class_="muted") if len(rows) > 1 else None,
        ),
        element("pre", text),
        _in_tests(tests, ids),
        class_="miss",
        open=is_open,
    )


def _in_tests(tests: list[str] | tuple[str, ...], ids: Ids) -> ET.Element:
    parts: list[Child] = ["in "]
    for number, test in enumerate(tests[:MAX_NAMES]):
        parts += [", " if number else None, link(test, ids)]
    if len(tests) > MAX_NAMES:
        parts.append(f" and {number_of(len(tests) - MAX_NAMES, 'test')} more")
    return element("p", parts, class_="in")


def finding_section(run: RunRecord, ids: Ids) -> Child:
    """What to look at in the suite's mocks; nothing if there is nothing.

    Args:
        run: The run.
        ids: The ids of the tests' entries.
    """
    if not run.findings:
        return None
    return element(
        "section",
        element("h2", "Findings about mocks"),
        element("ul", [_finding(finding, ids) for finding in run.findings], class_="findings"),
        id="findings",
    )


def _finding(finding: FindingRecord, ids: Ids) -> ET.Element:
    return element(
        "li",
        element(
            "p",
            element("span", FINDINGS[finding.kind], class_=f"tag {_grave(finding)}"),
            " ",
            element("b", finding.source or "an unknown line"),
            " ",
            _names(finding.names),
        ),
        element("p", finding.text),
        _in_tests(finding.tests, ids),
    )


def _grave(finding: FindingRecord) -> str:
    return {"impossible": "bad", "used_up": "bad", "shadowed": "odd"}.get(finding.kind, "idle")


def _names(names: tuple[str, ...]) -> Child:
    parts: list[Child] = []
    for number, name in enumerate(names[:MAX_NAMES]):
        parts += [", " if number else None, element("code", name)]
    if len(names) > MAX_NAMES:
        parts.append(f" and {len(names) - MAX_NAMES:,} more")
    return parts


def slow_section(run: RunRecord, ids: Ids) -> Child:
    """The slowest requests and tests; nothing if nothing was sent.

    Args:
        run: The run.
        ids: The ids of the tests' entries.
    """
    timed = [
        (request.duration, number, test, request)
        for test in run.tests
        for number, request in enumerate(test.requests)
        if request.duration is not None
    ]
    requests = heapq.nlargest(MAX_SLOW, timed, key=lambda row: row[0])
    tests = heapq.nlargest(MAX_SLOW, run.tests, key=lambda test: test.duration)
    if not tests:
        return None
    return element(
        "section",
        element("h2", "Slowest"),
        element(
            "div",
            _table(
                "Requests",
                ("Took", "Request", "Answer", "Test"),
                [
                    (duration(seconds), line(request), answer(request), link(test.name, ids))
                    for seconds, _, test, request in requests
                ],
            )
            if requests
            else None,
            _table(
                "Tests",
                ("Took", "Test", "Requests", "Outcome"),
                [
                    (
                        duration(test.duration),
                        link(test.name, ids),
                        f"{test.request_count:,}",
                        element(
                            "span",
                            test.outcome or "not finished",
                            class_=f"tag {TEST_COLOURS.get(test.outcome, 'idle')}",
                        ),
                    )
                    for test in tests
                ],
            ),
            class_="wide",
        ),
        id="slowest",
    )


def line_section(run: RunRecord) -> Child:
    """The suite's mocks by the line that registers them; nothing if there are none.

    Args:
        run: The run.
    """
    if not run.lines:
        return None
    rows: list[tuple[Child, ...]] = [
        (
            line.source or "an unknown line",
            _names(line.names),
            f"{line.tests:,}",
            f"{line.tests_hit:,}" if line.tests_hit else element("span", "none", class_="tag idle"),
            f"{line.hits:,}",
        )
        for line in run.lines
    ]
    return element(
        "section",
        element("h2", "Mocks by line"),
        element("div", _table("", ("Added at", "Mocks", "In tests", "Answered in", "Requests"), rows), class_="wide"),
        id="lines",
    )


def operation_section(run: RunRecord) -> Child:
    """Which operations of the OpenAPI description were asked for; nothing without a description.

    Args:
        run: The run.
    """
    if not run.operations:
        return None
    covered = sum(operation.hits > 0 for operation in run.operations)
    share = 100 * covered / len(run.operations)
    rows: list[tuple[Child, ...]] = [
        (
            element("code", element("b", operation.method), " ", operation.path),
            operation.id,
            f"{operation.mocks:,}",
            f"{operation.hits:,}" if operation.hits else element("span", "none", class_="tag odd"),
            ", ".join(f"{status}: {count:,}" for status, count in operation.responses.items()),
        )
        for operation in run.operations
    ]
    return element(
        "section",
        element("h2", "Operations of the OpenAPI description"),
        element("p", f"{covered:,} of {number_of(len(run.operations), 'operation')} were asked for, {share:.0f} %."),
        element("meter", min="0", max="100", value=f"{share:.0f}", aria_label="Operations that were asked for"),
        element("div", _table("", ("Operation", "Id", "Mocks", "Requests", "Responses given"), rows), class_="wide"),
        id="operations",
    )


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[Child, ...]]) -> ET.Element:
    return element(
        "table",
        element("caption", title) if title else None,
        element("thead", element("tr", [element("th", head, scope="col") for head in heads])),
        element("tbody", [element("tr", [element("td", cell) for cell in row]) for row in rows]),
    )
