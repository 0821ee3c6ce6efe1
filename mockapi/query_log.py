"""What happened to each query and mutation of a test, with its requests: the time line in the report of a failure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .secrets import masked, masked_text, masked_url

if TYPE_CHECKING:
    from query import QueryClient
    from query.cache.event_log import EventLog

    from .calls import Call

TITLE = "mockapi queries"
MAX_EVENTS = 200
"""Events that are kept: what a test fails for came last."""
MAX_TEXT = 120
"""Characters of a key, of data or of an error that are shown."""


class QueryLog:
    """The last events of the query clients of a test. Nothing is put into words before a test fails."""

    def __init__(self) -> None:
        self._test = ""
        self._log: EventLog | None = None

    def begin(self, test: str) -> None:
        """Forget the test before.

        Args:
            test: The node id of the one that begins.
        """
        self._test = test
        self.clear()

    def clear(self) -> None:
        """Begin anew within a test: another example of Hypothesis."""
        if self._log is not None:
            self._log.stop()
            self._log = None

    def watch(self, client: QueryClient) -> None:
        """Note what happens to the queries and mutations of a client from now on.

        Args:
            client: The client.
        """
        if self._log is None:
            # here: most suites mock requests and have no query client
            from query.cache.event_log import EventLog

            self._log = EventLog(MAX_EVENTS, keep_data=True)
        self._log.watch(client.get_query_cache(), client.get_mutation_cache(), client.environment.timeout_manager.time)

    def note_request(self, call: Call, has_ended: bool) -> None:
        """Note that a request arrived, or what became of it. Does nothing while no client is watched.

        Args:
            call: The request.
            has_ended: Which of the two.
        """
        if self._log is not None:
            self._log.add((call, has_ended))

    def stop(self) -> None:
        """Note nothing more, and keep what there is: the test is over."""
        if self._log is not None:
            self._log.stop()

    def sections(self, test: str) -> list[tuple[str, str]]:
        """What to add to the report of a test that failed; nothing for one in which nothing happened.

        Args:
            test: The test's node id.
        """
        if test != self._test or self._log is None or not self._log.total:
            return []
        return [(TITLE, "\n".join(_lines(self._log)))]


def _lines(log: EventLog) -> Iterable[str]:
    from query.cache.event_words import event_text, subject_text

    from .request_log import call_outcome

    events = log.events()
    start = events[0].at
    yield "seconds since the first of these, on the clock of the client"
    if log.total > len(events):
        yield f"... {log.total - len(events)} earlier ..."
    for event in events:
        if event.kind == "other":
            call, has_ended = event.subject
            name, subject = "", f"{call.method} {_short(masked_url(call.url))}"
            text = call_outcome(call) if has_ended else "sent"
        else:
            name = f"client {event.client}  " if log.client_count > 1 else ""
            subject, text = _short(masked_text(subject_text(event))), event_text(event, _data, _error)
        yield f"{event.at - start:10.3f}  {name}{subject}   {text}"


def _data(data: Any) -> str:
    from .expecting.cached_data import plain

    try:
        return _short(masked_text(repr(masked(plain(data)))))
    except Exception as error:  # noqa: BLE001 - the report of a failure is no place to fail
        return f"a {type(data).__name__}, whose repr raises {type(error).__name__}"


def _error(error: BaseException) -> str:
    return _short(masked_text(f"{type(error).__name__}: {error}"))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_TEXT else f"{line[:MAX_TEXT]}..."
