"""Each test as an entry that opens: its requests on a time line, and its mocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from .markup import Child, element
from .overview import TEST_COLOURS
from .records import MockRecord, RunRecord, TestRecord
from .timeline import at_once, timeline
from .words import OUTCOMES, duration, number_of


def anchors(run: RunRecord) -> dict[str, str]:
    """The id of each test's entry in the page, by its name.

    Args:
        run: The run.
    """
    return {test.name: f"test-{number}" for number, test in enumerate(run.tests, 1)}


def link(test: str, ids: Mapping[str, str]) -> ET.Element:
    """A link to the entry of a test.

    Args:
        test: Its name.
        ids: What ``anchors`` gave.
    """
    return element("a", test, href=f"#{ids[test]}", class_="test")


def entries(run: RunRecord, ids: Mapping[str, str]) -> ET.Element:
    """All tests, those that failed first and open.

    Args:
        run: The run.
        ids: What ``anchors`` gave.
    """
    tests = sorted(run.tests, key=lambda test: not test.is_failure)
    outcomes = sorted({test.outcome for test in tests if test.outcome})
    requests = [name for name in OUTCOMES if name in run.summary.requests]
    return element(
        "section",
        element("h2", "Tests"),
        _filter(outcomes, requests) if tests else element("p", "No test used the mock client.", class_="muted"),
        element("div", [_entry(test, ids[test.name]) for test in tests], id="entries"),
        element("p", "Nothing is left by this filter.", id="nothing", class_="muted", hidden=True) if tests else None,
        id="tests",
    )


def _filter(outcomes: list[str], requests: list[str]) -> ET.Element:
    """What is shown by the script only, for without it nothing would come of it."""
    return element(
        "form",
        element(
            "label",
            element("span", "Text", class_="quiet"),
            element(
                "input", type="search", id="text", placeholder="test, URL, mock, file or error", autocomplete="off"
            ),
        ),
        _choice("outcome", "Tests", "all tests", {name: name for name in outcomes}),
        _choice("request", "Requests", "all requests", {name: OUTCOMES[name] for name in requests}),
        element("button", "Open all", type="button", id="open"),
        element("button", "Close all", type="button", id="close"),
        element("output", id="shown", aria_live="polite"),
        id="filter",
        hidden=True,
        role="search",
        aria_label="Filter the tests",
    )


def _choice(id_: str, label: str, every: str, options: Mapping[str, str]) -> ET.Element:
    return element(
        "label",
        element("span", label, class_="quiet"),
        element(
            "select",
            element("option", every, value=""),
            [element("option", text, value=value) for value, text in options.items()],
            id=id_,
        ),
    )


def _entry(test: TestRecord, id_: str) -> ET.Element:
    return element(
        "details",
        element(
            "summary",
            element("span", test.outcome or "not finished", class_=f"tag {TEST_COLOURS.get(test.outcome, 'idle')}"),
            element("span", test.name, class_="name"),
            element("span", _counts(test), class_="counts"),
            element("span", duration(test.duration), class_="took"),
        ),
        element("div", _body(test), class_="body"),
        class_="entry",
        id=id_,
        open=test.is_failure,
        data_outcome=test.outcome,
    )


def _counts(test: TestRecord) -> Child:
    counts = Counter(test.earlier)
    counts.update(request.outcome for request in test.requests)
    found: list[Child] = [number_of(test.request_count, "request")]
    if counts["unmatched"]:
        found += [", ", element("b", f"{counts['unmatched']:,} not answered")]
    return found


def _body(test: TestRecord) -> list[Child]:
    return [
        element("p", " · ".join(_facts(test)), class_="muted") if _facts(test) else None,
        timeline(test) if test.requests else element("p", "No request was sent.", class_="muted"),
        _queries(test),
        _mocks(test),
    ]


def _queries(test: TestRecord) -> Child:
    if not test.queries:
        return None
    lines = element("pre", "\n".join(test.queries))
    return element("details", element("summary", "What happened to its queries"), lines, open=True)


def _facts(test: TestRecord) -> list[str]:
    together = at_once(test.requests)
    facts = [
        f"failed at {test.failed_at}" if test.failed_at else "",
        f"up to {together} requests at once" if together > 1 else "",
        f"ran on worker {test.worker}" if test.worker else "",
    ]
    if test.examples:
        facts.append(f"{number_of(test.examples, 'example')} of a Hypothesis test; shown are requests of the last")
    return [fact for fact in facts if fact]


def _mocks(test: TestRecord) -> Child:
    if not test.mocks:
        return element("p", "No mock was registered at its end.", class_="muted")
    by_number = {mock.number: mock for mock in test.mocks}
    unused = sum(not mock.hits for mock in test.mocks)
    title = number_of(len(test.mocks), "mock") + (f", {unused:,} unused" if unused else "")
    return element(
        "details",
        element("summary", title),
        element(
            "div",
            element(
                "table",
                element(
                    "thead",
                    element(
                        "tr",
                        element("th", "Mock", scope="col"),
                        element("th", "Added at", scope="col"),
                        element("th", "Answered", scope="col", class_="took"),
                        element("th", "Remarks", scope="col"),
                    ),
                ),
                element("tbody", [_mock_row(mock, by_number) for mock in test.mocks]),
                class_="mocks",
            ),
            class_="wide",
        ),
        open=bool(unused) and test.is_failure,
    )


def _mock_row(mock: MockRecord, by_number: Mapping[int, MockRecord]) -> ET.Element:
    limit = f" of {mock.times:,}" if mock.times is not None else ""
    newer = None if mock.shadowed_by is None else by_number.get(mock.shadowed_by)
    remarks: list[Child] = []
    if not mock.hits:
        remarks.append(element("span", "unused", class_="tag idle"))
    if mock.is_used_up:
        remarks.append(element("span", "used up", class_="tag idle"))
    if mock.impossible:
        remarks += [element("span", "can never match", class_="tag bad"), f" {mock.impossible}"]
    if newer is not None and not mock.hits:
        remarks += [" ", element("span", "covered", class_="tag odd"), f" by the newer one at {newer.source}"]
    return element(
        "tr",
        element("td", element("code", mock.name), [element("small", text) for text in mock.matchers]),
        element("td", mock.source),
        element("td", f"{mock.hits:,}{limit}", class_="took"),
        element("td", remarks),
    )
