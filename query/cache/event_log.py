"""The log of what happens in the caches of clients: bounded, and in no words until somebody reads it.

Three views read it: the page of the devtools, the report of a test that failed, and the file of either.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Literal, TypeAlias, cast

import msgspec

from ..base.contracts import Note
from ..base.mutation_state import AnyMutationAction
from ..base.query_state import Action
from ..base.types import UNSET, Unset, Unsubscribe
from .mutation import AnyMutation
from .mutation_cache import MutationCache
from .noting import Entry
from .query import Query
from .query_cache import QueryCache

SIZE: Final = 200
"""Events that a log keeps."""

EventKind: TypeAlias = Literal[
    "added",
    "removed",
    "observer_added",
    "observer_removed",
    "fetch",
    "failed",
    "pause",
    "continue",
    "success",
    "written",
    "error",
    "invalidate",
    "set_state",
    "pending",
    "other",
]
"""What happened: "written" is data by hand, "set_state" a reset, a revert or hydration, "other" none of a cache."""


class LoggedEvent(msgspec.Struct, frozen=True, eq=False):
    """Something that happened to a query, a mutation, or beside them.

    Attributes:
        at: When, in seconds since the epoch, on the clock of the client.
        subject: The query or the mutation; with "other", whatever was given to ``EventLog.add``.
        kind: What happened.
        action: What changed the state, if it is kept.
        data: The data that came in, if the log keeps it; else ``UNSET``.
        observers: How many observers were subscribed to the subject after it.
        client: The number of the client, from 1; 0 if it is of none.
    """

    at: float
    subject: Any
    kind: EventKind
    action: Action[Any] | AnyMutationAction | None = None
    data: Any | Unset = UNSET
    observers: int = 0
    client: int = 0

    @property
    def query(self) -> Query[Any] | None:
        """The query, if it happened to one."""
        return self.subject if hasattr(self.subject, "query_hash") else None

    @property
    def mutation(self) -> AnyMutation | None:
        """The mutation, if it happened to one."""
        return self.subject if hasattr(self.subject, "mutation_id") else None


class EventLog:
    """The last events of the caches of one client or several.

    Off, it costs nothing. On, a change costs what it takes to put three references on a deque; no function of Python
    is called unless ``keep_data`` is given. It can be read in any thread.

    Args:
        size: How many notes to keep; the oldest are dropped. One note may stand for many queries that were marked by
            the same call.
        keep_data: Keep the data of each event with it, and count them all. Data that has been replaced is then
            alive for as long as its event is there.
    """

    def __init__(self, size: int = SIZE, *, keep_data: bool = False) -> None:
        self.keep_data: bool = keep_data
        # with the data at the end of each, if that is kept: one step, whoever reads meanwhile
        self._entries: deque[Entry | tuple[Any, Any, float, Any]] = deque(maxlen=size)
        self._total = 0
        self._caches: dict[QueryCache | MutationCache, int] = {}
        self._clocks: list[Callable[[], float]] = []
        self._ends: list[Unsubscribe] = []
        # the same object each time, for it is taken off by identity
        self._note: Note = self._keep if keep_data else cast("Note", self._entries.append)

    # -- writing

    def watch(self, queries: QueryCache, mutations: MutationCache, time: Callable[[], float]) -> None:
        """Note what happens in the caches of a client from now on.

        Args:
            queries: Its queries.
            mutations: Its mutations.
            time: Its clock, in seconds since the epoch.
        """
        self._clocks.append(time)
        for cache in (queries, mutations):
            if cache not in self._caches:
                self._caches[cache] = len(self._clocks)
                self._ends.append(cache.note_for(self._note))

    def stop(self) -> None:
        """Note nothing more, and keep what there is."""
        ends, self._ends = self._ends, []
        for end in ends:
            end()

    def clear(self) -> None:
        """Forget all events and caches."""
        self.stop()
        self._entries.clear()
        self._caches.clear()
        self._clocks.clear()
        self._total = 0

    def add(self, subject: object) -> None:
        """Note something that did not happen in a cache, such as a request. Nothing is kept while no client is watched.

        Args:
            subject: Whatever the reader knows how to show.
        """
        if self._ends:
            self._note((subject, "other", self._clocks[0]()))

    def _keep(self, entry: Entry) -> None:
        subject, what, _ = entry
        has_data = what is False or what is True or what == "written"
        self._total += 2 if what == "written" else len(_each(subject))
        self._entries.append((*entry, subject.state.data if has_data else UNSET))

    # -- reading

    @property
    def client_count(self) -> int:
        """How many clients were watched."""
        return len(self._clocks)

    @property
    def total(self) -> int:
        """How many events there were, also those that are gone; counted only if data is kept."""
        return self._total

    @property
    def latest(self) -> object:
        """Something that is another object after each event; None before the first."""
        entries = self._entries
        return entries[-1] if entries else None

    def events(self) -> list[LoggedEvent]:
        """What happened, oldest first. At most ``size``, the last of them."""
        # copied in one step, whoever writes meanwhile
        entries = self._entries.copy()
        counts: Counter[int] = Counter()
        found: list[LoggedEvent] = []
        limit = entries.maxlen or len(entries)
        # from the last to the first, for how many observers there are is known of now
        for entry in reversed(entries):
            subject, what, at = entry[:3]
            data = entry[3] if len(entry) == 4 else UNSET
            for one in _each(subject)[::-1]:
                found.extend(self._read(one, what, at, data, counts))
                if len(found) >= limit:
                    break
        return found[:limit][::-1]

    def _read(self, subject: Any, what: Any, at: float, data: Any, counts: Counter[int]) -> Iterator[LoggedEvent]:
        """The events of one entry, the last first."""
        observers = client = 0
        # by what it has: a test may run pytest within pytest, where a module is loaded again and its classes are others
        if what != "other":
            observers = len(subject._observers) - counts[id(subject)]
            # a query shares the reference to its cache with the others
            cache = subject._cache if hasattr(subject, "_cache") else subject._terms.cache
            client = self._caches.get(cache, 0)
        if what == "observer_added":
            counts[id(subject)] += 1
        elif what == "observer_removed":
            counts[id(subject)] -= 1
        if what == "written":
            yield LoggedEvent(at, subject, "written", None, data, observers, client)
            yield LoggedEvent(at, subject, "added", None, UNSET, observers, client)
        elif isinstance(what, bool):
            yield LoggedEvent(at, subject, "written" if what else "success", None, data, observers, client)
        elif isinstance(what, str):
            yield LoggedEvent(at, subject, cast("EventKind", what), None, UNSET, observers, client)
        else:
            yield LoggedEvent(at, subject, what.type, what, getattr(what, "data", UNSET), observers, client)


def _each(subject: Any) -> Sequence[Any]:
    each: Sequence[Any] = subject if subject.__class__ is list else (subject,)
    return each
