"""Those queries of a cache that fetch, wait for the network, or are watched: mostly few of many.

Kept as it changes, so that nobody needs to look through the cache for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.filters import QueryFilters
from ..base.views import QueryView
from .query import Query


class LiveQueries:
    """The live ones among the queries of a cache.

    Args:
        queries: The queries of the cache by their hashes, oldest first.

    Attributes:
        fetching: Those with the fetch status "fetching".
        paused: Those with the fetch status "paused".
        observed: Those with observers, enabled or not.
    """

    __slots__ = ("_queries", "fetching", "observed", "paused")

    def __init__(self, queries: Mapping[str, Query[Any]]) -> None:
        self._queries = queries
        self.fetching: dict[str, Query[Any]] = {}
        self.paused: dict[str, Query[Any]] = {}
        self.observed: dict[str, Query[Any]] = {}

    def add(self, query: Query[Any]) -> None:
        """A query has come to the cache.

        Args:
            query: The query.
        """
        if query.state.fetch_status != "idle":
            self.note_fetch_status(query)
        if query.get_observers_count():
            self.observed[query.query_hash] = query

    def remove(self, query: Query[Any]) -> None:
        """A query has left the cache.

        Args:
            query: The query.
        """
        if self.fetching:
            self.fetching.pop(query.query_hash, None)
        if self.paused:
            self.paused.pop(query.query_hash, None)
        if self.observed:
            self.observed.pop(query.query_hash, None)

    def begin(self, query: QueryView) -> None:
        """A query that was idle fetches.

        Args:
            query: The query. One that is not in the cache is not counted.
        """
        query_hash = query.query_hash
        own = self._queries.get(query_hash)
        if own is not None and own is query:
            self.fetching[query_hash] = own

    def end(self, query: QueryView) -> None:
        """A query that fetched is idle.

        Args:
            query: The query.
        """
        query_hash = query.query_hash
        own = self.fetching.pop(query_hash, None)
        if own is not query and own is not None:
            # it has left the cache, and another one fetches in its place
            self.fetching[query_hash] = own

    def note_fetch_status(self, query: QueryView) -> None:
        """The fetch status of a query has changed.

        Args:
            query: The query. One that is not in the cache is not counted.
        """
        query_hash = query.query_hash
        own = self._queries.get(query_hash)
        if own is not None and own is query:
            # twice for each fetch: without a call for each. What has changed has a state at hand
            status = own._state.fetch_status
            if status == "fetching":
                self.fetching[query_hash] = own
            else:
                self.fetching.pop(query_hash, None)
            if status == "paused":
                self.paused[query_hash] = own
            elif self.paused:
                self.paused.pop(query_hash, None)

    def wanted(self, filters: QueryFilters) -> Mapping[str, Query[Any]] | None:
        """The live ones among which are all that are meant; None if others may be meant, too.

        Args:
            filters: What is meant.
        """
        if filters.fetch_status == "fetching":
            return self.fetching
        if filters.fetch_status == "paused":
            return self.paused
        return self.observed if filters.type == "active" else None

    def in_order(self, live: Mapping[str, Query[Any]]) -> list[Query[Any]]:
        """The same, oldest first.

        Args:
            live: Some of the queries.
        """
        if len(live) < 2:
            return [*live.values()]
        # a number in each query would spare the walk, but would take room in all of them
        return [live[query_hash] for query_hash in filter(live.__contains__, self._queries)]
