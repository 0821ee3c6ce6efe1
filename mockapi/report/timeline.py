"""The requests of a test on a time line: one row each, a bar from arrival to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import msgspec

from .markup import Child, element
from .overview import REQUEST_COLOURS
from .records import MockRecord, RequestRecord, TestRecord
from .words import OUTCOMES, duration

_SHORTEST = 0.000_001
"""Seconds that a time line shows at least."""


class Span(msgspec.Struct, frozen=True):
    """The stretch of time that a time line shows.

    Attributes:
        start: Its beginning, in seconds since the epoch.
        length: Its length in seconds; more than 0.
    """

    start: float
    length: float

    def percent(self, moment: float) -> float:
        """Where a moment lies: 0 is the beginning, 100 the end.

        Args:
            moment: Seconds since the epoch.
        """
        return min(100.0, max(0.0, 100 * (moment - self.start) / self.length))


def span(requests: Sequence[RequestRecord]) -> Span | None:
    """From the first arrival to the last answer; None if no request says when it was.

    Args:
        requests: The requests of a test.
    """
    starts = [request.started for request in requests if request.started is not None]
    if not starts:
        return None
    ends = [request.ended for request in requests if request.ended is not None and request.outcome != "unmatched"]
    return Span(min(starts), max(max([*ends, *starts]) - min(starts), _SHORTEST))


def at_once(requests: Sequence[RequestRecord]) -> int:
    """How many requests were under way at the same time, at most.

    Args:
        requests: The requests of a test.
    """
    moments: list[tuple[float, int]] = []
    for request in requests:
        if request.started is not None:
            moments.append((request.started, 1))
            if request.ended is not None:
                moments.append((request.ended, -1))
    now = most = 0
    for _, change in sorted(moments):
        now += change
        most = max(most, now)
    return most


def timeline(test: TestRecord) -> ET.Element:
    """The table of a test's requests.

    Args:
        test: The test.
    """
    stretch = span(test.requests)
    mocks = {mock.number: mock for mock in test.mocks}
    axis = (
        None
        if stretch is None
        else element(
            "th",
            element("span", element("span", "0"), element("span", _end(stretch)), class_="axis"),
            scope="col",
            class_="time",
        )
    )
    return element(
        "div",
        element(
            "table",
            element("caption", "Requests", class_="quiet"),
            element(
                "thead",
                element(
                    "tr",
                    element("th", "#", scope="col", class_="number"),
                    element("th", "Request, and where it was sent from", scope="col"),
                    axis,
                    element("th", "Took", scope="col", class_="took"),
                    element("th", "Answer", scope="col", class_="answer"),
                    element("th", "Mock, and where it was added", scope="col"),
                ),
            ),
            [_row(number, request, mocks, stretch) for number, request in enumerate(test.requests, 1)],
            class_="requests",
        ),
        class_="wide",
    )


def _end(stretch: Span) -> str:
    """What stands at the right end of the axis: nothing, if nothing has ended there."""
    return "" if stretch.length <= _SHORTEST else duration(stretch.length)


def _row(number: int, request: RequestRecord, mocks: Mapping[int, MockRecord], stretch: Span | None) -> ET.Element:
    mock = mocks.get(request.mock) if request.mock is not None else None
    note = _note(request)
    return element(
        "tbody",
        element(
            "tr",
            element("td", str(number), class_="number"),
            element("td", line(request), element("small", _origin(request))),
            None if stretch is None else element("td", _bar(request, stretch), class_="time"),
            element("td", duration(request.duration), class_="took"),
            element("td", answer(request), class_="answer"),
            element("td", _mock(request, mock)),
        ),
        element("tr", element("td"), element("td", note, colspan="4" if stretch is None else "5"))
        if note is not None
        else None,
        data_outcome=request.outcome,
    )


def line(request: RequestRecord) -> Child:
    """Method and URL; the host stands back.

    Args:
        request: The request.
    """
    parts = urlsplit(request.url)
    host = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return element(
        "code",
        element("b", request.method),
        " ",
        element("span", host, class_="muted") if host else None,
        request.url.removeprefix(host),
    )


def answer(request: RequestRecord) -> Child:
    """What came of it: the status, and the outcome if that is not simply an answer.

    Args:
        request: The request.
    """
    status = None if request.status is None else f"{request.status}"
    if request.outcome == "answered":
        return element("span", status or "answered", class_="tag good")
    words = OUTCOMES[request.outcome]
    said = request.error.partition(":")[0] if request.outcome in ("failed", "unmatched") else ""
    text = said or (f"{status} {words}" if status else words)
    return element("span", text, class_=f"tag {REQUEST_COLOURS[request.outcome]}", title=words if said else None)


def _origin(request: RequestRecord) -> str:
    client = f"{request.library}.{request.client}" if request.client else request.library
    thread = "" if request.thread in ("", "MainThread") else f"thread {request.thread}"
    return " · ".join(part for part in (request.source, client, request.task, thread) if part)


def _mock(request: RequestRecord, mock: MockRecord | None) -> Child:
    if mock is not None:
        return [element("code", mock.name), element("small", mock.source)]
    return element("span", "none", class_="muted")


def _note(request: RequestRecord) -> Child:
    if request.problem:
        return element("details", element("summary", "Why it was not answered"), element("pre", request.problem))
    return element("pre", request.error, class_="error") if request.error else None


def _bar(request: RequestRecord, stretch: Span) -> Child:
    if request.started is None:
        return None
    left = stretch.percent(request.started)
    text = f"begins at {duration(request.started - stretch.start)}"
    if request.outcome == "unmatched":
        right, text = left, f"{text}, is not answered"
    elif request.ended is None:
        right, text = 100.0, f"{text}, did not end"
    else:
        right, text = stretch.percent(request.ended), f"{text}, takes {duration(request.duration)}"
    return element(
        "span",
        element(
            "i",
            class_=f"bar {REQUEST_COLOURS[request.outcome]}" + (" open" if request.ended is None else ""),
            style=f"left:{left:.2f}%;width:{right - left:.2f}%",
        ),
        class_="lane",
        role="img",
        aria_label=text,
        title=text,
    )
