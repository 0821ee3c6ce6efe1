"""The oracle: what the cache ought to do, told from its events and from what the machine did itself.

It knows nothing of how the cache works inside. For each entry it follows which fetch is the last one that began, what
its requests came to, who watches and who waits, and says at each event whether that may happen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from query import InfiniteData, QueryCancelledError
from query.base.types import UNSET, microseconds
from query.base.values import given
from query.cache.query import Query
from query.cache.query_events import QueryCacheEvent

from .entry import Entry, Fetch
from .requests import Request
from .sameness import is_same


class Model:
    """Follows the events of a query cache.

    Args:
        now: Tells the time.
        is_online: Tells whether there is a network.
        tell: Told of what happened, for the story.

    Attributes:
        problems: What was wrong, in one line each.
        entries: The entries, by the hashes of their queries.
        gone: Entries that were removed while somebody waited.
        online_at: When the network last went away: what it had let go goes at that instant still.
        doing: What the machine does just now, such as "remove"; empty while time passes or the loop runs.
    """

    def __init__(self, now: Callable[[], float], is_online: Callable[[], bool], tell: Callable[[str], None]) -> None:
        self.problems: list[str] = []
        self.entries: dict[str, Entry] = {}
        self.gone: list[Entry] = []
        self.online_at = -1.0
        self.doing = ""
        self.is_writing: Callable[[], bool] = lambda: False
        self._now = now
        self._is_online = is_online
        self._tell = tell

    def wrong(self, problem: str) -> None:
        """Note a problem.

        Args:
            problem: In one line.
        """
        self.problems.append(problem)

    # -- events

    def on_event(self, event: QueryCacheEvent) -> None:
        """Take an event in. Subscribe this to the cache.

        Args:
            event: The event.
        """
        try:
            self._take_in(event)
        except Exception as error:  # noqa: BLE001 - the cache would report it and go on
            self.wrong(f"the model could not follow {event.type} of {event.query!r}: {error!r}")

    def _take_in(self, event: QueryCacheEvent) -> None:
        query = event.query
        if event.type == "updated":
            entry = self.entries.get(query.query_hash)
            if entry is None or entry.query is not query:
                # taken out before: nobody is shown it any more
                return
            action: Any = event.action
            _ON[action.type](self, entry, action)
            entry.state = query.state
        elif event.type == "added":
            entry = Entry(query, self._now())
            for other in self.entries.values():
                if other.plain == entry.plain:
                    self.wrong(f"{entry} and {other} are equal keys, and have two entries")
            self.entries[query.query_hash] = entry
            self._tell(f"{entry} is added")
        elif event.type == "removed":
            self._on_removed(query)
        elif event.type == "observer_removed" and (entry := self.entries.get(query.query_hash)) is not None:
            entry.unused_since = self._now()
            self.left(entry)

    def _on_removed(self, query: Query[Any]) -> None:
        entry = self.entries.pop(query.query_hash, None)
        if entry is None:
            return
        self._tell(f"{entry} is removed")
        if self.doing not in _MAY_REMOVE:
            watching = len(query.observers)
            if watching:
                self.wrong(f"{entry} was collected while {watching} observer(s) watch it")
            if entry.fetch is not None:
                self.wrong(f"{entry} was collected while it is fetched")
            if entry.unused_since is not None:
                age = microseconds(self._now()) - microseconds(entry.unused_since)
                if age < microseconds(query.gc_time):
                    self.wrong(f"{entry} was collected {age / 1e6:g} s after its use, gc_time is {query.gc_time:g} s")
        if entry.fetch is not None:
            entry.fetch.end = "removed"
            entry.fetch = None
        if entry.waiters:
            self.gone.append(entry)

    def _on_fetch(self, entry: Entry, action: Any) -> None:
        query, state = entry.query, entry.query.state
        options = query.options
        if entry.fetch is not None:
            if entry.state.data is UNSET:
                self.wrong(f"{entry}: its first load was superseded instead of joined")
            entry.fetch.end = "superseded"
        superseded = entry.fetch
        mode = given(options.network_mode, "online")
        can_start = mode != "online" or self._is_online()
        if (state.fetch_status == "fetching") != can_start:
            self.wrong(f"{entry}: a fetch begins as {state.fetch_status!r} with network_mode {mode!r}")
        if state.fetch_failure_count or state.fetch_failure_reason is not None:
            self.wrong(f"{entry}: a fetch begins with {state.fetch_failure_count} failures")
        entry.before = entry.state
        entry.fetch = Fetch(options, can_start)
        if superseded is not None:
            superseded.heir = entry.fetch
        entry.fetches += 1
        self._tell(f"{entry} begins to fetch")

    def _on_failed(self, entry: Entry, action: Any) -> None:
        fetch = entry.fetch
        if fetch is None:
            self.wrong(f"{entry}: a fetch that is over counts a failure")
            return
        fetch.failures += 1
        if fetch.is_held:
            last = fetch.requests[-1] if fetch.requests else None
            if last is None or last.error is not action.error:
                self.wrong(f"{entry}: a failure is counted that no request of this fetch had")
            if action.failure_count != fetch.failures:
                self.wrong(f"{entry}: failure {fetch.failures} is counted as {action.failure_count}")
            retry: Any = fetch.retry
            if not callable(retry) and retry is not True and fetch.failures > retry:
                self.wrong(f"{entry}: failure {fetch.failures} is followed by another try, with retry={retry!r}")
        fetch.due = self._now() + fetch.delay(action.error)
        fetch.allowed = 1
        fetch.was_paused = False

    def _on_pause(self, entry: Entry, action: Any) -> None:
        if entry.fetch is None:
            self.wrong(f"{entry}: a fetch that is over pauses")
        else:
            entry.fetch.was_paused = True

    def _on_continue(self, entry: Entry, action: Any) -> None:
        if entry.fetch is None:
            self.wrong(f"{entry}: a fetch that is over goes on")

    def _on_success(self, entry: Entry, action: Any) -> None:
        if action.manual:
            entry.before = entry.query.state
            return
        fetch = entry.fetch
        if fetch is None:
            self.wrong(f"{entry}: an answer is taken in though no fetch is under way: {action.data!r}")
            return
        if fetch.is_held:
            self._check_answer(entry, fetch, action.data)
        self._end(entry, "succeeded")
        self._tell(f"{entry} takes in {action.data!r}")

    def _check_answer(self, entry: Entry, fetch: Fetch, data: Any) -> None:
        last = fetch.requests[-1] if fetch.requests else None
        if last is None:
            # without one, a page was asked for that does not exist
            if not isinstance(data, InfiniteData):
                self.wrong(f"{entry}: data is taken in that nobody asked for: {data!r}")
        elif not last.future.done() or last.future.cancelled() or last.error is not None:
            self.wrong(f"{entry}: takes in {data!r}, and the last fetch that began has no answer yet ({last})")
        else:
            answer = last.future.result()
            fetch.answer = answer
            is_paged = isinstance(data, InfiniteData) and not isinstance(answer, InfiniteData)
            fits = any(is_same(page, answer) for page in data.pages) if is_paged else is_same(data, answer)
            if not fits and not callable(entry.query.options.structural_sharing):
                self.wrong(f"{entry}: takes in {data!r}, and the answer of its last request was {answer!r}")

    def _on_error(self, entry: Entry, action: Any) -> None:
        fetch = entry.fetch
        if fetch is None:
            self.wrong(f"{entry}: an error is taken in though no fetch is under way: {action.error!r}")
            return
        if entry.query.state.data is not entry.state.data:
            self.wrong(f"{entry}: a failure changed its data from {entry.state.data!r} to {entry.query.state.data!r}")
        if isinstance(action.error, QueryCancelledError):
            self._end(entry, "cancelled")
            return
        if fetch.is_held and fetch.requests:
            last = fetch.requests[-1]
            if last.error is not None and last.error is not action.error:
                self.wrong(f"{entry}: fails with {action.error!r}, and its last request with {last.error!r}")
            if last.error is None and not last.future.done():
                self.wrong(f"{entry}: fails with {action.error!r}, and its last request {last} is open")
            retry: Any = fetch.retry
            counts = not callable(retry) and getattr(action.error, "retryable", True) and not fetch.was_left
            if last.error is action.error and counts:
                if retry is True:
                    self.wrong(f"{entry}: gives up after {fetch.failures + 1} tries, with retry=True")
                elif fetch.failures != retry:
                    self.wrong(f"{entry}: gives up after {fetch.failures + 1} tries, with retry={retry!r}")
        fetch.error = action.error
        self._end(entry, "failed")
        self._tell(f"{entry} fails: {action.error}")

    def _on_invalidate(self, entry: Entry, action: Any) -> None:
        self._tell(f"{entry} is invalidated")

    def _on_set_state(self, entry: Entry, action: Any) -> None:
        state = entry.query.state
        if entry.fetch is None or state.fetch_status != "idle":
            # a reset begins the time of the unused anew; whether this is one, only the machine knows
            entry.unused_since = self._now() if self.doing == "reset" else None
            return
        # late initial data comes with the fetch left alone, so this is a cancellation or a reset
        may = self.doing in _MAY_CANCEL or self.is_writing()
        if not may and (entry.query.observers or entry.has_waiters):
            self.wrong(f"{entry}: its fetch was cancelled though somebody watches or waits")
        if self.doing != "reset":
            wanted = entry.before
            for name in _REVERTED:
                if getattr(state, name) is not getattr(wanted, name) and getattr(state, name) != getattr(wanted, name):
                    self.wrong(
                        f"{entry}: after the cancellation {name} is {getattr(state, name)!r}, "
                        f"and was {getattr(wanted, name)!r} before the fetch"
                    )
        self._end(entry, "cancelled")
        self._tell(f"{entry} is cancelled")

    def _end(self, entry: Entry, how: str) -> None:
        if entry.fetch is not None:
            entry.fetch.end = how
            entry.fetch = None
        entry.unused_since = self._now()

    # -- what the machine tells

    def on_request(self, query_hash: str, request: Request) -> None:
        """A query function is called.

        Args:
            query_hash: Whose.
            request: The call.
        """
        entry = self.entries.get(query_hash)
        fetch = None if entry is None else entry.fetch
        request.fetch = fetch
        if entry is None or fetch is None:
            self.wrong(f"request {request}: no fetch of it is under way")
            return
        mode = given(entry.query.options.network_mode, "online")
        has_pages = entry.query.query_type == "infinite"
        is_first_page = not has_pages or not fetch.requests or fetch.requests[-1].error is not None
        if mode == "online" and not self._is_online() and self.online_at != self._now() and is_first_page:
            self.wrong(f"request {request}: sent without a network")
        if any(other.is_open for other in fetch.requests):
            self.wrong(f"request {request}: another one of this fetch is under way")
        if is_first_page:
            fetch.allowed -= 1
            if fetch.allowed < 0:
                self.wrong(f"request {request}: a try that nobody announced")
            if fetch.due is not None and not fetch.was_paused and microseconds(fetch.due) != microseconds(self._now()):
                self.wrong(f"request {request}: tried again at {self._now():g}, it was due at {fetch.due:g}")
            fetch.due = None
        fetch.requests.append(request)

    def left(self, entry: Entry) -> None:
        """An observer or a waiter left.

        Args:
            entry: What it watched or waited for.
        """
        if not entry.query.observers and not entry.has_waiters and entry.fetch is not None:
            entry.fetch.was_left = True


_ON: dict[str, Callable[[Model, Entry, Any], None]] = {
    "fetch": Model._on_fetch,
    "failed": Model._on_failed,
    "pause": Model._on_pause,
    "continue": Model._on_continue,
    "success": Model._on_success,
    "error": Model._on_error,
    "invalidate": Model._on_invalidate,
    "set_state": Model._on_set_state,
}

_MAY_REMOVE = frozenset({"remove", "clear"})
_MAY_CANCEL = frozenset({"cancel", "reset", "mutate", "remove", "clear"})
_REVERTED = ("data", "data_update_count", "data_updated_at", "error", "error_update_count", "status", "is_invalidated")
