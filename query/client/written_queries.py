"""The queries of a client in runs: those of which one write says all in columns, each other one by itself.

A client may have a great many that were written and not looked at since. There is no state made for them, or no query
at all, and writing them down is no reason to make one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from ..base.long_lists import JSON_TYPES
from ..base.options import AnyQueryOptions
from ..base.types import UNSET
from ..cache.query import Query
from ..cache.query_entry import Terms
from ..cache.unread import QueryBed
from .query_client import QueryClient

_AT_ONCE: Final = 256
"""Queries that are in the cache of the processor together."""

Run: TypeAlias = tuple[list[str], list[Any], list[float], Query[Any] | None]
"""The texts, data and dates of some queries, and the query that comes after them, unless that is one of those, too."""


class WrittenQueries:
    """All queries of a client, oldest first.

    The data of those in columns is plain JSON or a dict or list, they are idle and filed under texts that say all of
    their keys, came in once, and have neither meta nor pages.

    Args:
        client: The client.
        looks: Whether each is to come as a query by itself.
    """

    def __init__(self, client: QueryClient, *, looks: bool) -> None:
        cache = client._query_cache
        self._cache = cache
        self._environment = client.environment
        # Any: no call is to say which
        self._entries: list[Any] = list(cache.get_all() if looks else cache._queries.values())
        self._hashes = list(cache._queries)
        self._looks = looks
        self._terms: Terms | None = None
        self._options: AnyQueryOptions | None = None
        self._number = 0
        self._bed: QueryBed | None = None

    def resemble(self, query: Query[Any]) -> None:
        """Take those that a write made with the same options for rows from now on: nearly all share these.

        Args:
            query: One that came by itself, and has neither meta nor pages, nor is another client's.
        """
        if not self._looks:
            self._terms, self._options = query._terms, query._options

    def runs(self) -> Iterator[Run]:
        """All of them; whoever is called between two runs may do anything to the client."""
        for start in range(0, len(self._hashes), _AT_ONCE):
            hashes, entries = self._hashes[start : start + _AT_ONCE], self._entries[start : start + _AT_ONCE]
            run = self._all_of_a_kind(hashes, entries)
            if run is not None:
                yield run
            else:
                yield from self._some(hashes, entries)

    def _all_of_a_kind(self, hashes: list[str], entries: list[Any]) -> Run | None:
        """All of these in columns, without a word for each; None if they must be looked at one by one."""
        first = entries[0]
        if type(first) is int:
            bed = self._turn_to(first)
            if (
                bed is None
                or entries != [first] * len(entries)
                or (bed.keys and not bed.keys.keys().isdisjoint(hashes))
            ):
                return None
            try:
                data, dates = list(map(bed.data.__getitem__, hashes)), list(map(bed.dates.__getitem__, hashes))
            except KeyError:
                # somebody has looked at one since, or taken it out
                return None
            return (hashes, data, dates, None) if JSON_TYPES.issuperset(map(type, data)) else None
        terms, options = self._terms, self._options
        fit = [
            query
            for query in entries
            if type(query) is not int
            and query._options is options
            and query._terms is terms
            and type(query._key) is str
            and type(query._state) in JSON_TYPES
        ]
        if len(fit) != len(entries):
            return None
        return hashes, [query._state for query in fit], [query._written_at for query in fit], None

    def _some(self, hashes: list[str], entries: list[Any]) -> Iterator[Run]:
        texts: list[str] = []
        all_data: list[Any] = []
        dates: list[float] = []
        for text, entry in zip(hashes, entries, strict=True):
            query = entry
            if type(entry) is int:
                bed = self._bed if entry == self._number else self._turn_to(entry)
                data = UNSET if bed is None or text in bed.keys else bed.data.get(text, UNSET)
                if bed is not None and type(data) in JSON_TYPES:
                    texts.append(text)
                    all_data.append(data)
                    dates.append(bed.dates[text])
                    continue
                query = self._cache.get(text)
                if query is None:
                    continue
            else:
                data = query._state
                if (
                    query._options is self._options
                    and query._terms is self._terms
                    and type(query._key) is str
                    # a state is no plain data: somebody has looked
                    and type(data) in JSON_TYPES
                ):
                    texts.append(text)
                    all_data.append(data)
                    dates.append(query._written_at)
                    continue
            yield texts, all_data, dates, query
            texts, all_data, dates = [], [], []
        yield texts, all_data, dates, None

    def _turn_to(self, number: int) -> QueryBed | None:
        """The bed with a number, if there is no more to say of what is in it."""
        bed = self._cache._unread._beds.get(number)
        if bed is not None and (
            bed.environment is not self._environment
            or bed.is_marked
            or bed.pattern.meta is not None
            or bed.pattern.query_type is not None
        ):
            bed = None
        self._number, self._bed = number, bed
        return bed
