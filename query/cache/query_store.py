"""The queries of a cache, and how they are found.

Source: queryCache.ts.
"""

from __future__ import annotations

from typing import Any, Final, cast

from msgspec import structs
from typing_extensions import Unpack

from ..base.filters import QueriesMeant, QueryFilterFields, QueryFilters, match_beside_key, query_filters
from ..base.key_prefix import prefix_of
from ..base.keys import hash_key, partial_match_key
from ..base.query_key import QueryKey
from ..runtime.subscribable import Subscribable
from .live_queries import LiveQueries
from .noting import Noting
from .query import Query
from .query_events import QueryCacheEvent
from .query_index import QueryIndex
from .unread import Entry, UnreadQueries

_FEW: Final = 16
"""Fetches under way that are looked at one by one."""


class QueryStore(Noting, Subscribable[[QueryCacheEvent]]):
    """The part of ``QueryCache`` that finds queries."""

    def __init__(self) -> None:
        super().__init__()
        self._queries: dict[str, Entry] = {}
        self._unread = UnreadQueries(self._queries, self._may_leave_unread)
        self._index = QueryIndex(self._unread)
        # it compares what it finds with queries, by identity: a number is none of them
        self._live = LiveQueries(cast("dict[str, Query[Any]]", self._queries))
        # what its queries tell it; no methods, since each fetch tells it twice
        self.fetch_status_changed: Final = self._live.note_fetch_status
        self.fetch_began: Final = self._live.begin
        self.fetch_ended: Final = self._live.end
        # whether a query may be filed under the answer of its own hash function
        self._hashes_differ = False

    def get(self, query_hash: str) -> Query[Any] | None:
        """The query with this hash.

        Args:
            query_hash: As ``QueryKey.text`` or ``hash_key`` gives it.
        """
        return self._unread.get(query_hash)

    def get_all(self) -> list[Query[Any]]:
        """All queries, oldest first."""
        return self._unread.all()

    def find(self, filters: QueriesMeant | None = None, /, **fields: Unpack[QueryFilterFields]) -> Query[Any] | None:
        """The first query that matches; the key is meant exactly unless ``exact=False``.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields.
        """
        if not fields and not self._hashes_differ and (type(filters) is list or type(filters) is tuple):
            return self._unread.get(hash_key(filters))
        wanted = query_filters(filters, fields)
        if wanted.exact is None:
            wanted = structs.replace(wanted, exact=True)
        return next((query for query in self._with_key(wanted) if match_beside_key(wanted, query)), None)

    def find_all(self, filters: QueriesMeant | None = None, /, **fields: Unpack[QueryFilterFields]) -> list[Query[Any]]:
        """All queries that match, oldest first; without filters, all.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields.
        """
        found = self._find_keyed(filters, fields)
        if found is None:
            wanted = query_filters(filters, fields)
            found = [query for query in self._with_key(wanted) if match_beside_key(wanted, query)]
        return found

    def _find_keyed(self, meant: object, fields: QueryFilterFields) -> list[Query[Any]] | None:
        """The same where a key says it all; None for what says more, or something else."""
        others = len(fields)
        if meant is None:
            if not others:
                return self.get_all()
            meant = fields.get("query_key")
            others -= 1
        if not others:
            return self._index.find_meant(meant)
        if others > 1 or fields.get("exact") is not True or self._hashes_differ:
            return None
        key: Any = meant
        kind: type[object] = type(meant)
        if kind is not list and kind is not tuple:
            return None
        query = self._unread.get(hash_key(key))
        return [] if query is None else [query]

    def _may_leave_unread(self) -> bool:
        """Whether nobody is told of queries that leave, and no index is to forget them."""
        return not (self._listeners or self.note is not None or self._index.is_asked)

    def _count_fetching(self, filters: QueriesMeant | None = None, /, **fields: Unpack[QueryFilterFields]) -> int:
        """How many matching queries fetch right now.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: their fields. ``fetch_status`` is not looked at.
        """
        fetching = self._live.fetching
        if not fields:
            if filters is None:
                return len(fetching)
            parts = prefix_of(filters)
            if parts is not None:
                if not fetching:
                    return 0
                if len(fetching) <= _FEW:
                    return sum(partial_match_key(query.parts_at_hand(), parts) for query in fetching.values())
                return sum(query.query_hash in fetching for query in self._index.find(parts))
        return len(self.find_all(structs.replace(query_filters(filters, fields), fetch_status="fetching")))

    def _with_key(self, wanted: QueryFilters) -> list[Query[Any]]:
        """Those among which are all that are meant, oldest first: a copy, since functions of users look at them."""
        key = wanted.query_key
        live = self._live.wanted(wanted)
        if live is not None and not live:
            return []
        if not isinstance(key, QueryKey):
            return self.get_all() if live is None else self._live.in_order(live)
        if not wanted.exact:
            found = self._index.find(key.parts)
            return found if live is None else [query for query in found if query.query_hash in live]
        if self._hashes_differ:
            return [query for query in self.get_all() if query.query_hash == query.hash_of(key)]
        query = self._unread.get(key.text)
        return [] if query is None else [query]
