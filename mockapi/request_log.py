"""What a test sent, as text: the section in pytest's report of a test that failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .calls import Call
from .client import MockApiClient
from .secrets import masked_text, masked_url

TITLE = "mockapi requests"
MAX_FIRST = 10
"""Requests that are shown from the beginning, where there are too many for all."""
MAX_LAST = 40
"""Requests that are shown from the end: what a test fails for came last."""
MAX_TEXT = 200
"""Characters of a URL, or of an error, that are shown."""


class RequestLogs:
    """What tests sent, kept for their reports beyond the moment in which their client forgets it.

    Args:
        report: The report of the whole run, if one is written.
    """

    def __init__(self, report: Any = None) -> None:
        self._report = report
        self._last: tuple[str, list[Call]] | None = None

    def note(self, client: MockApiClient, *, is_renewed: bool = False) -> None:
        """Note what a test did, or one example of it, before its client forgets it. Does nothing outside of tests.

        Args:
            client: The client.
            is_renewed: Whether the test goes on with another example of Hypothesis.
        """
        self._last = None
        if client.turn is not None:
            self._last = (client.turn.name, list(client.history))
            if self._report is not None:
                self._report.collect(client, client.turn.name, is_renewed=is_renewed)

    def sections(self, client: MockApiClient, test: str) -> list[tuple[str, str]]:
        """What to add to the report of a test that failed; nothing for one that did not use the client.

        Args:
            client: The client.
            test: The test's node id.
        """
        if client.turn is not None and client.turn.name == test:
            return [(TITLE, request_log(client.history))]
        if self._last is not None and self._last[0] == test:
            # its teardown failed, and by then everything is forgotten
            return [(TITLE, request_log(self._last[1]))]
        return []


def request_log(calls: Sequence[Call]) -> str:
    """Every request in order: what became of it, how long that took, and its mock.

    Args:
        calls: The history of a client.
    """
    if not calls:
        return "no request was sent while the mock client answered"
    numbered = list(enumerate(calls, 1))
    left_out = len(calls) - MAX_FIRST - MAX_LAST
    if left_out <= 1:
        return "\n".join(_lines(numbered, len(calls)))
    first, last = numbered[:MAX_FIRST], numbered[-MAX_LAST:]
    return "\n".join([*_lines(first, len(calls)), f"... {left_out} more ...", *_lines(last, len(calls))])


def _lines(numbered: Iterable[tuple[int, Call]], count: int) -> Iterable[str]:
    width = len(str(count))
    for number, call in numbered:
        text = f"{number:>{width}}  {call.method} {_short(masked_url(call.url))}   {call_outcome(call)}"
        yield f"{text}{_took(call)}   mock: {_mock(call)}"


def call_outcome(call: Call) -> str:
    """What became of a request, such as "200" or "ReadTimeout: no answer".

    Args:
        call: The request.
    """
    status = f" {call.response.status_code}" if call.response is not None else ""
    match call.outcome:
        case "answered":
            return status.strip() or "answered"
        case "failed":
            text = _short(masked_text(masked_url(str(call.error))))
            return f"{type(call.error).__name__}: {text}" if text else type(call.error).__name__
        case "unmatched":
            return "not answered"
        case "passed":
            return f"sent for real{status}"
        case _:
            return "no answer yet"


def _took(call: Call) -> str:
    # what passes at a miss is the time to explain it
    if call.ended is None or call.outcome == "unmatched":
        return ""
    return f"  in {max(0.0, call.ended - call.started) * 1000:.2f} ms"


def _mock(call: Call) -> str:
    return "none" if call.mock is None else f"{masked_url(call.mock.name)} (added at {call.mock.source})"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[:MAX_TEXT]}..."
