"""Several queries as one observer sees them: their observers, the latest results, and who is told of them.

Source: queriesObserver.ts. The types and what users read are next door, in ``queries_observer.py``.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, cast

from typing_extensions import TypeVar

from ..base import option_checks as check
from ..base.options import AnyQueryOptions
from ..base.types import Unsubscribe
from ..cache.query import Query
from ..client.query_client import QueryClient
from ..runtime.reporting import logger
from ..runtime.subscribable import Subscribable
from .combined_result import CombinedResult
from .query_observer import QueryObserver
from .query_result import QueryObserverResult, same_result
from .result_wait import described
from .tracked_group import Member, TrackedGroup

ResultsT = TypeVar("ResultsT", default=list[QueryObserverResult[Any]])
"""The results of a group: a list of one type, or a tuple of several."""
CombinedT = TypeVar("CombinedT", default=list[QueryObserverResult[Any]])
"""What ``combine`` makes of them."""

check_combine: check.Check = check.function_of(1, "combine(results)", sync=True)

SHOWN_MEMBERS = 5
"""How many queries of a group a message names."""


class ObservedQueries(Subscribable[[ResultsT]], Generic[ResultsT, CombinedT]):
    """The part of a group's observer that works; see ``QueriesObserver``.

    Args:
        client: The client.
        container: Makes the results of one change: ``list`` or ``tuple``.
    """

    def __init__(self, client: QueryClient, container: Callable[[Iterable[Any]], Any]) -> None:
        super().__init__()
        self._client = client
        self._environment = client.environment
        self._container = container
        self._take_members(())
        self._attached: set[QueryObserver[Any, Any]] = set()
        self._followers: dict[Callable[[ResultsT], object], None] = {}
        # observers of which every result is looked at, and how to leave them
        self._followed: dict[QueryObserver[Any, Any], Unsubscribe] = {}
        self._combine: Callable[[ResultsT], CombinedT] | None = None
        self._combined = CombinedResult()
        self._result: ResultsT = container(())

    # -- what it shows

    def get_current_result(self) -> ResultsT:
        """The latest results, in the order of the queries. Without subscribers they stay as they were."""
        return self._result

    def get_combined_result(self) -> CombinedT:
        """What ``combine`` makes of the latest results; without ``combine``, the results.

        It is the same object for as long as nothing changed that ``combine`` shows.
        """
        if self._combine is None:
            return cast("CombinedT", self._result)
        results, combined = self._results(), self._combined
        # whoever is told of a change asks once more
        if not combined.is_of(self._combine, self._hashes, results):
            combined.of(self._combine, self._hashes, results, self._container(self._tracked.wrap(results)))
        return cast("CombinedT", combined.value)

    def get_queries(self) -> list[Query[Any]]:
        """The queries that are looked at, in order."""
        return [member.observer.get_current_query() for member in self._members]

    def get_observers(self) -> list[QueryObserver[Any, Any]]:
        """The observers, one for each place."""
        return [member.observer for member in self._members]

    def _describe(self) -> tuple[str, str]:
        """The hashes of the queries, and the latest results in words: for messages."""
        hashes = [observer.get_current_query().query_hash for observer in self.get_observers()]
        return _listed(hashes), _listed([described(result) for result in self._results()])

    # -- subscriptions

    def _on_subscribe(self) -> None:
        if len(self._listeners) == 1:
            self._attach_missing()

    def _attach_missing(self) -> None:
        members = self._members
        for observer in self.get_observers():
            if self._members is not members or not self.has_listeners():
                # a listener that was told of a fetch set other queries, or left: that saw to the rest
                return
            if observer not in self._attached:
                self._attached.add(observer)
                observer.subscribe(partial(self._on_update, observer))
                self._follow_if_asked(observer)

    def _on_unsubscribe(self) -> None:
        if not self._listeners:
            self.destroy()

    def destroy(self) -> None:
        """Drop all listeners and leave the queries. The observer may be subscribed to again."""
        self._listeners = {}
        self._detach(self.get_observers())

    def _detach(self, observers: Iterable[QueryObserver[Any, Any]]) -> None:
        for observer in observers:
            self._attached.discard(observer)
            leave = self._followed.pop(observer, None)
            if leave is not None:
                leave()
            observer.destroy()

    def _follow_if_asked(self, observer: QueryObserver[Any, Any]) -> None:
        # mostly nobody asks, and an observer that is followed is told of its changes the long way
        if self._followers and observer in self._attached and observer not in self._followed:
            self._followed[observer] = observer._follow(self._on_any_result)

    def _follow(self, look: Callable[[ResultsT], object]) -> Unsubscribe:
        """Subscribe, and show *look* the results at every change, whatever listeners are told of.

        Args:
            look: A function of the results.

        Returns:
            A function that ends it.
        """
        self._followers[look] = None
        unsubscribe = self.subscribe(lambda _: None)
        for observer in self.get_observers():
            self._follow_if_asked(observer)

        def leave() -> None:
            self._followers.pop(look, None)
            unsubscribe()

        return leave

    # -- queries

    def _set(self, queries: object, combine: Callable[[ResultsT], CombinedT] | None) -> None:
        """Look at these queries.

        Args:
            queries: The options of all queries anew.
            combine: The function to combine with from now on.

        Source: queriesObserver.ts, setQueries.
        """
        if combine is not None:
            check_combine("combine", combine)
        # first: options that are refused must change nothing
        members = self._find(queries)
        _warn_of_duplicates(members)
        self._combine = combine
        with self._environment.notify_manager.batch():
            for member in members:
                member.observer.set_options(member.options)
            before, observers = self.get_observers(), [member.observer for member in members]
            results = [observer.get_current_result() for observer in observers]
            moved = observers != before
            if not moved and all(map(same_result, results, self._results())):
                return
            if moved:
                self._take_members(members)
            self._result = self._container(results)
            if not self.has_listeners():
                return
            if moved:
                kept = set(observers)
                self._detach(observer for observer in before if observer not in kept)
                self._attach_missing()
            self._notify()

    def _take_members(self, members: Sequence[Member]) -> None:
        self._members = members
        self._tracked = TrackedGroup(members)
        self._hashes = [hash_of(member.options) for member in members]
        # so that a change of one need not look for it among thousands
        self._places = {member.observer: place for place, member in enumerate(members)}

    def _find(self, queries: object) -> list[Member]:
        """Members for these queries: the present observers by their hash, each once, and new ones.

        Args:
            queries: The options of all queries.

        Raises:
            OptionError: They are no list or tuple, or not of options with keys.

        Source: queriesObserver.ts, findMatchingObservers.
        """
        if not isinstance(queries, (list, tuple)):
            raise check.refuse("queries", queries, "a list or a tuple of QueryOptions(...).")
        wanted = cast("Sequence[AnyQueryOptions]", queries)
        present: dict[str, deque[QueryObserver[Any, Any]]] = {}
        for observer in self.get_observers():
            present.setdefault(hash_of(observer.options), deque()).append(observer)
        members: list[Member] = []
        for options in [self._client.default_query_options(options) for options in wanted]:
            known = present.get(hash_of(options))
            members.append(Member(known.popleft() if known else QueryObserver(self._client, options), options))
        return members

    # -- telling

    def _results(self) -> Sequence[QueryObserverResult[Any]]:
        # Any: a cast would be another call
        results: Any = self._result
        shown: Sequence[QueryObserverResult[Any]] = results
        return shown

    def _on_update(self, observer: QueryObserver[Any, Any], result: QueryObserverResult[Any]) -> None:
        place = self._places.get(observer)
        if place is not None:
            # Any: results, in the container that was wanted
            results: list[Any] = [*self._results()]
            results[place] = result
            self._result = self._container(results)
            self._notify()

    def _on_any_result(self, _: object) -> None:
        if self._followers:
            results: ResultsT = self._container(observer.get_current_result() for observer in self.get_observers())
            for look in list(self._followers):
                look(results)

    def _notify(self) -> None:
        if self._combine is not None:
            before = self._combined.value
            if self.get_combined_result() is before:
                return
        manager = self._environment.notify_manager
        if manager.depth:
            # mostly within the change of a query
            self._tell(self._result)
        else:
            with manager.batch():
                self._tell(self._result)


def hash_of(options: AnyQueryOptions) -> str:
    """The hash of a query.

    Args:
        options: Its options, with a key and defaults filled in.
    """
    return cast("str", options.query_hash)


def _warn_of_duplicates(members: Sequence[Member]) -> None:
    counts = Counter(hash_of(member.options) for member in members)
    twice = [query_hash for query_hash, count in counts.items() if count > 1]
    if twice:
        logger.warning(
            "a QueriesObserver was given these queries more than once: %s. Each place has an observer of its own, and "
            "which one stays in which place is a matter of order. List each query once.",
            _listed(twice),
        )


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - SHOWN_MEMBERS
    return "; ".join(texts[:SHOWN_MEMBERS]) + (f"; and {more} more" if more > 0 else "")
