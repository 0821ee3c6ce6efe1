"""What happened to each query and mutation of a test, as text: the time line in the report of a test that failed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .secrets import masked, masked_text

if TYPE_CHECKING:
    from query import QueryClient

TITLE = "mockapi queries"
MAX_EVENTS = 200
"""Events that are kept: what a test fails for came last."""
MAX_TEXT = 120
"""Characters of a key, of data or of an error that are shown."""

_QUIET = frozenset(("observer_results_updated", "observer_options_updated"))


class QueryLog:
    """The last events of the query clients of a test. Nothing is put into words before a test fails."""

    def __init__(self) -> None:
        self._test = ""
        self._clients = 0
        self._left_out = 0
        self._events: deque[tuple[float, int, Any]] = deque(maxlen=MAX_EVENTS)
        self._ends: list[Callable[[], object]] = []

    def begin(self, test: str) -> None:
        """Forget the test before.

        Args:
            test: The node id of the one that begins.
        """
        self._test = test
        self.clear()

    def clear(self) -> None:
        """Begin anew within a test: another example of Hypothesis."""
        if self._clients:
            self.stop()
            self._clients = self._left_out = 0
            self._events.clear()

    def watch(self, client: QueryClient) -> None:
        """Note what happens to the queries and mutations of a client from now on.

        Args:
            client: The client.
        """
        self._clients += 1
        listener = LogListener(self, self._clients, client.environment.timeout_manager.time)
        for cache in (client.get_query_cache(), client.get_mutation_cache()):
            self._ends.append(cache.subscribe(listener))

    def stop(self) -> None:
        """Note nothing more, and keep what there is: the test is over."""
        ends, self._ends = self._ends, []
        for end in ends:
            end()

    def note(self, moment: float, client: int, event: Any) -> None:
        """Keep an event.

        Args:
            moment: When it was, in seconds since the epoch.
            client: The number of the client.
            event: What its cache told.
        """
        self._left_out += len(self._events) == MAX_EVENTS
        self._events.append((moment, client, event))

    def sections(self, test: str) -> list[tuple[str, str]]:
        """What to add to the report of a test that failed; nothing for one in which nothing happened.

        Args:
            test: The test's node id.
        """
        if test != self._test or not self._events:
            return []
        return [(TITLE, "\n".join(self._lines()))]

    def _lines(self) -> Iterable[str]:
        start = self._events[0][0]
        yield "seconds since the first of these, on the clock of the client"
        if self._left_out:
            yield f"... {self._left_out} earlier ..."
        for moment, client, event in self._events:
            name = f"client {client}  " if self._clients > 1 else ""
            yield f"{moment - start:10.3f}  {name}{_subject(event)}   {_happened(event)}"


class LogListener:
    """Listens to the caches of one client. It is no part of the program that is tested, so no check counts it.

    Args:
        log: Who keeps the events.
        client: The number of the client.
        time: Its clock.
    """

    __slots__ = ("_client", "_log", "_time")

    def __init__(self, log: QueryLog, client: int, time: Callable[[], float]) -> None:
        self._log = log
        self._client = client
        self._time = time

    def __call__(self, event: Any) -> None:
        """Keep an event, unless it says nothing new.

        Args:
            event: What a cache told.
        """
        if event.type not in _QUIET:
            self._log.note(self._time(), self._client, event)


def _subject(event: Any) -> str:
    query = getattr(event, "query", None)
    if query is not None:
        return _short(masked_text(query.query_hash))
    mutation = event.mutation
    if mutation is None:
        return "mutation"
    key = mutation.mutation_key
    return f"mutation {mutation.mutation_id}" + ("" if key is None else f" {_short(masked_text(key.text))}")


def _happened(event: Any) -> str:
    action = event.action
    if action is None:
        return str(event.type).replace("_", " ")
    match action.type:
        case "fetch":
            return "fetch" if action.can_start else "fetch, paused: no network"
        case "failed":
            return f"attempt {action.failure_count} failed, another follows: {_error(action.error)}"
        case "pause":
            return "paused"
        case "continue":
            return "goes on"
        case "success":
            return f"{'data written' if getattr(action, 'manual', False) else 'success'}: {_data(action.data)}"
        case "error":
            return f"error: {_error(action.error)}"
        case "invalidate":
            return "invalidated"
        case "set_state":
            return f"state set: {_state(action.changes)}"
        case "pending":
            return f"pending{', paused' * action.is_paused}: {_data(action.variables)}"
        case other:
            return str(other)


def _state(changes: dict[str, Any]) -> str:
    shown = [f"{name}={changes[name]}" for name in ("status", "fetch_status", "is_invalidated") if name in changes]
    if "data" in changes:
        shown.append(f"data={_data(changes['data'])}")
    return ", ".join(shown) or ", ".join(changes)


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
