"""The query cache: every query by its hash, and what happens to them as events.

Source: queryCache.ts. How they are found is next door, in ``query_store.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

from ..base.contracts import Note, QueryObserverLike
from ..base.errors import OptionError
from ..base.option_checks import refuse_async
from ..base.options import NO_OPTIONS, AnyQueryOptions
from ..base.query_key import QueryKey
from ..base.query_state import INITIAL_STATE, Action, QueryState, written
from ..base.types import QueryDataT, Unset
from ..base.views import QueryView
from ..runtime.notify_manager import NotifyManager
from ..runtime.notify_manager import notify_manager as default_notify_manager
from ..runtime.reporting import report
from .query import Query, are_plain, take_out_each
from .query_entry import ClientLike, Terms
from .query_events import QueryCacheEvent
from .query_store import QueryStore
from .unread import QueryBed

OnSuccess = Callable[[Any, Query[Any]], object]
OnError = Callable[[Exception, Query[Any]], object]
OnSettled = Callable[[Any | Unset, Exception | None, Query[Any]], object]


class QueryCache(QueryStore):
    """Holds the queries of one client, or of several that share it. Subscribe to it for events.

    The callbacks are told of each fetch that ends, once the state says so; they are plain calls and not awaited, and
    what they raise is reported and changes nothing.

    Args:
        on_success: Called with (data, query) when a fetch delivered.
        on_error: Called with (error, query) when one failed for good.
        on_settled: Called after either with (data, error, query); data is ``UNSET`` if there is none.
        notify_manager: Who delivers deferred notifications.

    Raises:
        OptionError: A callback is a coroutine function.
    """

    def __init__(
        self,
        *,
        on_success: OnSuccess | None = None,
        on_error: OnError | None = None,
        on_settled: OnSettled | None = None,
        notify_manager: NotifyManager | None = None,
    ) -> None:
        super().__init__()
        for name, callback in (("on_success", on_success), ("on_error", on_error), ("on_settled", on_settled)):
            # nobody would await it, and Python would say so long after
            refuse_async(name, callback)
        self._on_success = on_success
        self._on_error = on_error
        self._on_settled = on_settled
        self._notify_manager = notify_manager or default_notify_manager
        # what queries that a write makes have in common, and whose it is; see make_written
        self._pattern: Query[Any] | None = None
        self._served = False
        # what the queries have in common that the last client to make one made
        self._terms: Terms | None = None
        # the same with what options inherit that are kept as they were given; see first_fetch.py
        self._first_terms: Terms | None = None
        # for whom queries ask at each fetch: kept, since to find out takes longer than all that follows from it
        self.is_quiet: bool = False
        self._look_who_is_told()

    # -- what comes and goes

    def build(self, client: ClientLike, options: AnyQueryOptions, state: QueryState[Any] | None = None) -> Query[Any]:
        """The query of these options, made if it is not there.

        Args:
            client: The client that asks.
            options: Options with a key.
            state: A complete state for a new query; an existing one is left as it is.

        Raises:
            OptionError: The options have no key.
        """
        options = client.default_query_options(options)
        query_hash, query_key = options.query_hash, options.query_key
        if isinstance(query_key, Unset) or not isinstance(query_hash, str):
            raise OptionError(
                "the options have no query_key, so there is no query they could mean. "
                'Pass query_key=, a list or tuple such as ("projects", 1).',
                option="query_key",
            )
        query = self._unread.get(query_hash)
        if query is None:
            default_options = client.get_query_defaults(query_key)
            return self.make(client, query_key, query_hash, options, state, default_options)
        return query

    def make(
        self,
        client: ClientLike,
        query_key: QueryKey[Any] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        state: QueryState[Any] | None = None,
        default_options: AnyQueryOptions = NO_OPTIONS,
        *,
        is_written: bool = False,
    ) -> Query[Any]:
        """A new query, where there is none with this hash.

        Args:
            client: The client that asks.
            query_key: The key; or packed, if the hash is its text.
            query_hash: The text to file it under.
            options: Complete options. Without a key and a hash they may be those of other queries, too.
            state: A complete state.
            default_options: What is registered for its key.
            is_written: Its state has data that is written just now.
        """
        terms = self._terms
        if terms is None or terms.client is not client:
            terms = self._terms = Terms(client, self, client.environment)
        query: Query[Any]
        if default_options is NO_OPTIONS and are_plain(options):
            query = Query.plain(terms, query_key, query_hash, options, INITIAL_STATE if state is None else state)
        else:
            query = Query(terms, query_key, query_hash, options, default_options, state)
        self._queries[query_hash] = query
        # what is packed has the text that it is filed under; and mostly nobody asks by prefix
        if self._index.is_asked or (isinstance(query_key, QueryKey) and query_key.text != query_hash):
            self._index.add(query)
        if state is not None and state.fetch_status != "idle":
            self._live.add(query)
        if self.note is not None:
            self.note((query, "written" if is_written else "added", client.environment.now()))
        if self._listeners:
            self._tell(QueryCacheEvent("added", query))
        return query

    def make_written(
        self,
        client: ClientLike,
        query_key: QueryKey[Any] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        data: object,
        updated_at: float,
    ) -> None:
        """A new query that a write makes, where there is none with this hash, and nobody listens.

        Args:
            client: The client that asks.
            query_key: The key; or packed, if the hash is its text.
            query_hash: The text to file it under.
            options: Complete options without a key and a hash, those of other queries too; with no initial data.
            data: Its data.
            updated_at: When that is from, in seconds since the epoch; the present, if this is noted.
        """
        bed = self._unread.open
        if (
            bed is None
            or bed.options is not options
            or bed.client is not client
            or isinstance(query_key, QueryKey)
            or not bed.is_open()
        ):
            bed = self._bed_or_query(client, query_key, query_hash, options, data, updated_at)
            if bed is None:
                return
        # nearly all that are written: there is no object for them until somebody looks
        bed.data[query_hash] = data
        bed.dates[query_hash] = updated_at
        if type(query_key) is bytes:
            bed.keys[query_hash] = query_key
        self._queries[query_hash] = bed.number
        self._unread.may_be = True

    def _bed_or_query(
        self,
        client: ClientLike,
        query_key: QueryKey[Any] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        data: object,
        updated_at: float,
    ) -> QueryBed | None:
        """Where to put what is written; None if it has become a query at once."""
        pattern = self._pattern
        if (
            pattern is None
            or pattern._options is not options
            or pattern._terms.client is not client
            or pattern._terms.environment.is_server is not self._served
        ):
            first = self.make(client, query_key, query_hash, options, written(data, updated_at), is_written=True)
            # without data, so that it keeps none alive
            pattern = self._pattern = first.sibling(b"", "", INITIAL_STATE)
            # on that depends for how long they are kept
            self._served = pattern._terms.environment.is_server
            return None
        note, is_asked = self.note, self._index.is_asked
        if not isinstance(query_key, QueryKey) and not is_asked and note is None:
            bed = self._unread.open_bed(pattern)
            if bed is not None:
                return bed
        query = self._queries[query_hash] = pattern.sibling(query_key, query_hash, data, updated_at)
        if is_asked or type(query_key) is QueryKey:
            self._index.add(query)
        gc_time = query.gc_time
        if gc_time < math.inf:
            pattern._terms.environment.collect_later(query, gc_time)
        if note is not None:
            note((query, "written", updated_at))
        return None

    def add(self, query: Query[Any]) -> None:
        """Take a query in, unless its hash is taken.

        Args:
            query: The query.
        """
        query_hash = query.query_hash
        if query_hash not in self._queries:
            self._queries[query_hash] = query
            # most queries are new, and in a cache that is not asked by prefix: the others are no business of theirs
            if self._index.is_asked or not query.is_filed_by_text:
                self._index.add(query)
            if query.state.fetch_status != "idle" or query._observers:
                self._live.add(query)
            if self.note is not None:
                self.note((query, "added", query.environment.now()))
            if self._listeners:
                self._tell(QueryCacheEvent("added", query))

    def remove(self, query: QueryView) -> None:
        """Take a query out and cancel its fetch. Does nothing unless it is this very one that is stored.

        Args:
            query: The query.
        """
        # Any: the cache made it, and no call is to say so
        stored: Any = query
        if self._queries.get(query.query_hash) is query:
            # first, so that what listeners of its signal write or fetch goes to a new entry and is not lost with this
            del self._queries[query.query_hash]
            self._index.remove(stored)
            self._live.remove(stored)
            stored.destroy(removed=True)
            if self.note is not None:
                self.note((stored, "removed", stored.environment.now()))
            if self._listeners:
                self._tell(QueryCacheEvent("removed", stored))

    def _may_leave_together(self) -> bool:
        """Whether nobody can see if queries that leave do so one by one."""
        return not (self._listeners or self.note is not None or self._live.fetching or self._live.paused)

    def _remove_found(self, found: list[Query[Any]], meant: object) -> None:
        """Take queries out, all at once, where that is quiet.

        Args:
            found: Queries of this cache.
            meant: The beginning of their keys by which they were just found; or anything else.
        """
        for query in found:
            del self._queries[query.query_hash]
        self._index.remove_found(found, meant)
        if self._live.observed:
            for query in found:
                self._live.remove(query)
        take_out_each(found)

    def clear(self) -> None:
        """Take all queries out."""
        with self._notify_manager.batch():
            # at once, since little by little would take far longer
            self._index.clear()
            self._pattern = self._terms = self._first_terms = None
            if self._may_leave_together():
                queries = self._unread.looked_at()
                self._queries.clear()
                self._index.emptied()
                self._live.observed.clear()
                self._unread.clear()
                take_out_each(queries)
            else:
                self._unread.close()
                for query in self.get_all():
                    self.remove(query)

    def on_focus(self) -> None:
        """The focus came back: every query looks after itself."""
        self._each("a regained focus", lambda query: query.on_focus())

    def on_online(self) -> None:
        """The network came back: every query looks after itself."""
        self._each("a regained network", lambda query: query.on_online())

    def _each(self, what: str, look: Callable[[Query[Any]], None]) -> None:
        with self._notify_manager.batch():
            for query in self._unread.looked_at():
                try:
                    look(query)
                except Exception as error:  # noqa: BLE001 - an option function of one query is not the others'
                    report(f"query {query.query_hash} could not react to {what}", error)

    # -- who is told

    def _tell(self, event: QueryCacheEvent) -> None:
        # as in Subscribable, but for one argument: to pass on whatever comes takes as long again, and what shows how
        # much is under way listens to each event
        known = tuple(self._listeners)
        for listener in known:
            if listener in self._listeners:
                try:
                    listener(event)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
                    self._report(error)
        if tuple(self._listeners) != known:
            self._tell_late(set(known), event)

    def _look_who_is_told(self) -> None:
        nobody_listens = not self._listeners and self.note is None
        self.is_quiet = nobody_listens and self._on_success is None and self._on_settled is None

    def _on_subscribe(self) -> None:
        self._look_who_is_told()

    def _on_unsubscribe(self) -> None:
        self._look_who_is_told()

    def _set_notes(self, notes: tuple[Note, ...]) -> None:
        super()._set_notes(notes)
        # what is noted is a query at once
        self._unread.close()
        self._look_who_is_told()

    # -- what its queries and observers tell it

    def hash_function_given(self) -> None:
        """A query has a hash function of its own: only the query can say which key is its own, from now on."""
        self._hashes_differ = True

    def query_updated(self, query: QueryView, action: Action[Any]) -> None:
        """Tell the listeners that a query's state changed.

        Args:
            query: The query.
            action: What changed it.
        """
        if self._listeners:
            # Any: the cache made it, and no call is to say so
            own: Any = query
            self._tell(QueryCacheEvent("updated", own, action))

    def observer_added(self, query: QueryView, observer: QueryObserverLike) -> None:
        """Tell the listeners that an observer subscribed.

        Args:
            query: The query.
            observer: The observer.
        """
        # Any: the cache made it, and no call is to say so
        own: Any = query
        query_hash: str = own.query_hash
        if len(own._observers) == 1 and self._queries.get(query_hash) is query:
            self._live.observed[query_hash] = own
        if self.note is not None:
            self.note((query, "observer_added", own.environment.now()))
        if self._listeners:
            self._tell(QueryCacheEvent("observer_added", own, observer=observer))

    def observer_removed(self, query: QueryView, observer: QueryObserverLike) -> None:
        """Tell the listeners that an observer left.

        Args:
            query: The query.
            observer: The observer.
        """
        own: Any = query
        query_hash: str = own.query_hash
        if not own._observers and self._queries.get(query_hash) is query:
            self._live.observed.pop(query_hash, None)
        if self.note is not None:
            self.note((query, "observer_removed", own.environment.now()))
        if self._listeners:
            self._tell(QueryCacheEvent("observer_removed", own, observer=observer))

    def observer_options_updated(self, query: QueryView, observer: QueryObserverLike) -> None:
        """Tell the listeners that an observer has other options.

        Args:
            query: The query.
            observer: The observer.
        """
        if self._listeners:
            self._tell(QueryCacheEvent("observer_options_updated", _own(query), observer=observer))

    def observer_results_updated(self, query: QueryView) -> None:
        """Tell the listeners that an observer's result changed.

        Args:
            query: The query.
        """
        if self._listeners:
            self._tell(QueryCacheEvent("observer_results_updated", _own(query)))

    def fetch_succeeded(self, data: QueryDataT, query: QueryView) -> None:
        """Call ``on_success`` and ``on_settled``.

        Args:
            data: What the fetch delivered.
            query: The query.
        """
        if self._on_success is not None:
            self._call("on_success", self._on_success, data, query)
        if self._on_settled is not None:
            self._call("on_settled", self._on_settled, data, None, query)

    def fetch_failed(self, error: Exception, query: QueryView) -> None:
        """Call ``on_error`` and ``on_settled``.

        Args:
            error: What the fetch failed with.
            query: The query.
        """
        if self._on_error is not None:
            self._call("on_error", self._on_error, error, query)
        if self._on_settled is not None:
            self._call("on_settled", self._on_settled, query.state.data, error, query)

    def _call(self, name: str, callback: Callable[..., object], *args: object) -> None:
        try:
            callback(*args)
        except Exception as error:  # noqa: BLE001 - a good fetch stays one
            report(f"{name} of the query cache raised", error)

    def __repr__(self) -> str:
        return f"<QueryCache with {len(self._queries)} queries>"


def _own(query: QueryView) -> Query[Any]:
    # the cache made it; the views of the floor below only hide how much more it is
    return cast("Query[Any]", query)
