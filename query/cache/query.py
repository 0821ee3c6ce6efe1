"""One query of the cache: who uses it, and what is written to it.

Source: query.ts. Fetching is next door, in ``fetching_query.py``.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import structs

from ..base.contracts import QueryCacheLike, QueryObserverLike
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey
from ..base.query_state import (
    InvalidateAction,
    QueryState,
    fields_of,
)
from ..base.types import UNSET, QueryDataT
from ..runtime.collector import Bucket
from ..runtime.removable import DEFAULT_GC_TIME
from .crowd import FEW, Crowd
from .fetching_query import FetchingQuery
from .query_entry import MARKED, NOBODY, Terms

_INVALIDATE: Final = InvalidateAction()
_new: Final[Any] = object.__new__


class Query(FetchingQuery[QueryDataT]):
    """One entry of the cache. Made by ``QueryCache.build``, found by ``QueryCache.find``.

    Args:
        terms: Those of a plain query of its client, which inherits nothing by its key and has no initial data.
        query_key: The key; or packed, while nobody asks for it, if its hash is its text.
        query_hash: The text it is filed under.
        options: Its options, defaults filled in.
        default_options: What is registered for its key now; later options go on top of it.
        state: A complete state to start with, instead of the one that the options give.

    Attributes:
        query_hash: The text it is filed under.
    """

    __slots__ = ("__weakref__",)

    # as its bases say, for checkers
    _bucket: Bucket | None

    def __init__(
        self,
        terms: Terms,
        query_key: QueryKey[QueryDataT] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        default_options: AnyQueryOptions,
        state: QueryState[QueryDataT] | None = None,
    ) -> None:
        super().__init__(terms, query_key, query_hash, options, default_options, state)
        self._begin()
        self._removed = False
        self._schedule_gc()

    def sibling(
        self,
        query_key: QueryKey[QueryDataT] | bytes | str,
        query_hash: str,
        state: Any,
        written_at: float | None = None,
    ) -> Query[QueryDataT]:
        """A query of the same client with the same options, which ask nobody for initial data: of many, all but one.

        Args:
            query_key: Its key; or packed.
            query_hash: The text it is filed under.
            state: Its state; or its data, if it was written.
            written_at: When it was written, in seconds since the epoch.

        Returns:
            What ``Query(...)`` would give in four times the time, but that nobody collects it yet.
        """
        made: Query[QueryDataT] = _new(Query)
        made._bucket = None
        made.gc_time = self.gc_time
        made._key = query_key
        made.query_hash = query_hash
        made._observers = NOBODY
        made._terms = self._terms
        made._options = self._options
        made._state = state
        made._written_at = written_at
        # as in _begin
        made._answer = None
        made._json = None
        made._run = None
        made._signal_consumed = False
        made._waiters = 0
        made._removed = False
        return made

    @classmethod
    def plain(
        cls,
        terms: Terms,
        query_key: QueryKey[QueryDataT] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        state: QueryState[QueryDataT],
    ) -> Query[QueryDataT]:
        """A query of plain options: what ``Query(...)`` would give, without its eight calls, as nearly all are made.

        Args:
            terms: Those of a plain query of its client.
            query_key: Its key; or packed, if its hash is its text.
            query_hash: The text it is filed under.
            options: Its options, defaults filled in; those that ``are_plain``.
            state: Its state.
        """
        environment = terms.environment
        gc_time = options.gc_time
        if gc_time is UNSET or gc_time is None:
            gc_time = math.inf if environment.is_server else DEFAULT_GC_TIME
        made: Query[QueryDataT] = _new(Query)
        made._bucket = None
        made.gc_time = gc_time
        made._key = query_key
        made.query_hash = query_hash
        made._observers = NOBODY
        made._terms = terms
        made._options = options
        made._state = state
        made._written_at = None
        # as in _begin
        made._answer = None
        made._json = None
        made._run = None
        made._signal_consumed = False
        made._waiters = 0
        made._removed = False
        if gc_time < math.inf:
            environment.collect_later(made, gc_time)
        return made

    # -- observers

    def add_observer(self, observer: QueryObserverLike) -> None:
        """Subscribe an observer; the query is then kept. Does nothing if it is subscribed.

        Args:
            observer: The observer.
        """
        observers, cache = self._observers, self._terms.cache
        if not observers:
            self._observers = (observer,)
            bucket = self._bucket
            if bucket is not None:
                # as in _clear_gc, without the calls between: a page mounts and unmounts all the time
                self._bucket = None
                del bucket.entries[self]
                if not bucket.entries:
                    bucket.emptied()
            cache.observer_added(self, observer)
            return
        if observer in observers:
            return
        if type(observers) is Crowd:
            observers[observer] = None
            observers.fellows = observers.round = None
        elif len(observers) < FEW:
            self._observers = (*observers, observer)
        else:
            self._observers = crowd = Crowd(dict.fromkeys((*observers, observer)))
            crowd.changed()
        if not cache.is_quiet:
            # the first one made it one that is watched
            cache.observer_added(self, observer)

    def remove_observer(self, observer: QueryObserverLike) -> None:
        """Unsubscribe an observer. Does nothing if it is not subscribed.

        When the last one leaves and nobody awaits the fetch under way, that is cancelled if its function read the
        signal; otherwise it may finish, without retries.

        Args:
            observer: The observer.

        Source: query.ts, removeObserver. Differs: a task that awaits the fetch counts as a user, so that somebody
            else's leaving does not take it away from it.
        """
        observers = self._observers
        if type(observers) is Crowd:
            if observer not in observers:
                return
            del observers[observer]
            observers.fellows = observers.round = None
        elif observer not in observers:
            return
        elif len(observers) == 1:
            self._observers = NOBODY
        else:
            self._observers = tuple([other for other in observers if other is not observer])
        if self._observers:
            if not self._terms.cache.is_quiet:
                self._terms.cache.observer_removed(self, observer)
        else:
            self._observers = NOBODY
            if self._run is not None:
                self._run.was_left = True
                if not self._waiters:
                    self._leave_fetch()
            if not self._removed and self.gc_time < math.inf:
                # as in _schedule_gc, without the calls between
                environment, loop = self._terms.environment, asyncio._get_running_loop()
                if loop is not None and loop is environment._ready_loop:
                    environment._collector.schedule(self, self.gc_time)
                else:
                    environment.collect_later(self, self.gc_time)
            self._terms.cache.observer_removed(self, observer)

    def on_focus(self) -> None:
        """Refetch if an observer wants that after a regained focus, and go on with a paused fetch."""
        self._on_signal(lambda observer: observer.should_fetch_on_window_focus())

    def on_online(self) -> None:
        """Refetch if an observer wants that after a regained network, and go on with a paused fetch."""
        self._on_signal(lambda observer: observer.should_fetch_on_reconnect())

    def _on_signal(self, wants: Callable[[QueryObserverLike], bool]) -> None:
        observer = next((o for o in self.observers if wants(o)), None)
        if observer is not None:
            observer.refetch(cancel_refetch=False)
        if self._run is not None:
            self._run.continue_()

    # -- writing

    def invalidate(self) -> None:
        """Mark the data stale, unless it is marked."""
        if not self.state.is_invalidated:
            self._dispatch(_INVALIDATE)

    def reset(self) -> None:
        """Cancel the fetch under way and go back to the initial state."""
        self.destroy()
        fields = fields_of(self._terms.reset_state)
        if self._run_under_way() is not None:
            # started by a listener of the signal that has just fired: it stays under way
            fields["fetch_status"] = self.state.fetch_status
        self.set_state(**fields)
        if not self._observers:
            # Differs: upstream leaves a reset query that nobody watches in the cache for good
            self._schedule_gc()

    def destroy(self, *, removed: bool = False) -> None:
        """Stop the collection timer and silently cancel the fetch under way.

        Args:
            removed: The query has left its cache and will not come back.
        """
        self._removed = self._removed or removed
        self._clear_gc()
        if self._run is not None:
            self.cancel(silent=True)

    # -- being collected

    def _schedule_gc(self, delay: float | None = None) -> None:
        # what has left its cache is not collected, but may still be held, left or reset by somebody
        if self._removed:
            return
        gc_time = self.gc_time
        if 0 <= gc_time < math.inf:
            self._terms.environment.collect_later(self, gc_time if delay is None else delay)
        else:
            self._clear_gc()

    def _optional_remove(self) -> None:
        # of a query that was just written no state is made for this
        was_written = self._written_at is not None and self._written_at is not MARKED
        if not self._observers and (was_written or self._state.fetch_status == "idle"):
            self._terms.cache.remove(self)

    def __repr__(self) -> str:
        return f"<Query {self.query_hash} {self.state.status}/{self.state.fetch_status}>"


def are_plain(options: AnyQueryOptions) -> bool:
    """Whether options make a query like any: one that has no initial data, no hash function and no pages.

    Args:
        options: Complete options.
    """
    return type(options) is QueryOptions and options.initial_data is UNSET and options.query_key_hash_fn is UNSET


def take_out_each(queries: Iterable[Query[Any]]) -> None:
    """Have queries that have left their cache, and do not fetch, wait for no timer any more.

    Args:
        queries: The queries.
    """
    for query in queries:
        if query._run is None:
            query._removed = True
            bucket = query._bucket
            if bucket is not None:
                query._bucket = None
                entries = bucket.entries
                del entries[query]
                if not entries:
                    bucket.emptied()
        else:
            # it has an end that is not yet taken in
            query.destroy(removed=True)


def invalidate_each(queries: Iterable[Query[Any]], cache: QueryCacheLike) -> None:
    """Mark the data of queries stale, each unless it is marked.

    Args:
        queries: Queries of *cache*.
        cache: The cache.
    """
    is_told = cache.has_listeners()
    marked: list[Query[Any]] = []
    for query in queries:
        state = query.state
        if not state.is_invalidated:
            if is_told or query._observers:
                query.invalidate()
                is_told = cache.has_listeners()
            else:
                query._state = structs.replace(state, is_invalidated=True)
                query._answer = None
                marked.append(query)
    _note_marks(marked, cache)


def mark_each(queries: Iterable[Query[Any]], cache: QueryCacheLike) -> None:
    """The same where nobody listens and nothing is watched.

    Args:
        queries: Queries of *cache*.
        cache: The cache.
    """
    if cache.note is not None:
        marked = [query for query in queries if not query.state.is_invalidated]
        for query in marked:
            query._state = structs.replace(query._state, is_invalidated=True)
            query._answer = None
        _note_marks(marked, cache)
        return
    # a tight loop that does not look at the states: see _written_at
    for query in queries:
        written_at = query._written_at
        if written_at is not None and written_at is not MARKED:
            # what was just written gets a state to be marked
            query.state  # noqa: B018
        query._written_at = MARKED
        # or it would be found to be of the state that stands there
        query._answer = None


def mark(query: Query[Any]) -> None:
    """The same for one that was just written, and that nobody has looked at.

    Args:
        query: The query.
    """
    query.state  # noqa: B018
    query._written_at = MARKED


def _note_marks(queries: list[Query[Any]], cache: QueryCacheLike) -> None:
    if queries and cache.note is not None:
        cache.note((queries, _INVALIDATE, queries[0].environment.now()))
