"""What was read of a dehydrated state becomes queries of a client.

Source: hydration.ts, hydrate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import msgspec
from msgspec import structs

from ..base.query_key import key_of_packed
from ..base.query_state import INITIAL_STATE, fields_of
from ..base.types import UNSET
from ..cache.query import Query
from ..cache.unread import QueryBed
from ..runtime.following import transformed
from .compact_state import places_of
from .dehydrated_state import CompactQueries, GoodQuery, GoodState, state_of
from .hydration_reader import HydrationReader, RestoredQuery
from .query_client import QueryClient

_PACKED: Final[frozenset[type[object]]] = frozenset({bytes, str})
"""What the key of a query is that needs no further reading."""

Read = RestoredQuery | bytes | str
"""A query that was read in full; or of a good one the packed key."""


class QueryIntake:
    """Takes queries in, one after the other; ``close`` when there are no more, also after an error.

    Most differ in key, data and date alone. All of these but the first come into a bed, see ``unread.py``: there is no
    object for them until somebody looks. They come as its siblings if their state says more, or somebody notes it.

    Args:
        client: The client.
        reader: What read the queries for it.
    """

    def __init__(self, client: QueryClient, reader: HydrationReader) -> None:
        self._client = client
        self._reader = reader
        self._cache = client._query_cache
        self._pattern: Query[Any] | None = None
        self._bed: QueryBed | None = None
        # those in which there may be some that were used meanwhile
        self._former: list[QueryBed] = []
        # those that came as queries of their own, if somebody notes it
        self._noted: list[Query[Any]] = []

    def take_in(self, all_good: Iterable[GoodQuery | None], queries: Iterable[Read]) -> None:
        """Take in queries.

        Args:
            all_good: Those of them that are good ones.
            queries: What was read of each.
        """
        known: dict[str, Any] = self._cache._queries
        bed, is_unread = self._open_bed()
        # Any: checkers do not know what a set of types rules out
        packed: Any
        for good, packed in zip(all_good, queries, strict=True):
            if (
                bed is None
                or good is None
                or type(packed) not in _PACKED
                or (query_hash := good.query_hash) in known
                or good.meta is not msgspec.UNSET
            ):
                self._take_in_one(good, packed)
                bed, is_unread = self._open_bed()
                continue
            state = good.state
            if (
                # of a query that one write made, its data and its date say all
                state.data_update_count == 1
                and not state.is_invalidated
                and not state.error_update_count
                and not state.error_updated_at
                and not state.fetch_failure_count
            ):
                if is_unread:
                    known[query_hash] = bed.number
                    bed.data[query_hash] = state.data
                    bed.dates[query_hash] = state.data_updated_at
                    if type(packed) is bytes:
                        bed.keys[query_hash] = packed
                    continue
                query = bed.pattern.sibling(packed, query_hash, state.data, state.data_updated_at)
            else:
                query = bed.pattern.sibling(packed, query_hash, state_of(state))
            self._add(query, bed)

    def take_in_compact(
        self, compact: CompactQueries, others: Sequence[Read], all_good: Sequence[GoodQuery | None]
    ) -> None:
        """Take in queries in columns, and others among them.

        Args:
            compact: The columns, checked.
            others: What was read of the others.
            all_good: Those of them that are good ones.
        """
        start = 0
        for number, (place, other, good) in enumerate(
            zip(places_of(compact, len(others)), others, all_good, strict=True)
        ):
            self._take_in_rows(compact, start, place - number)
            self.take_in([good], [other])
            start = place - number
        self._take_in_rows(compact, start, len(compact["texts"]))

    def _take_in_rows(self, compact: CompactQueries, start: int, end: int) -> None:
        known: dict[str, Any] = self._cache._queries
        bed, is_unread = self._open_bed()
        texts, all_data, dates = compact["texts"], compact["data"], compact["data_updated_at"]
        is_whole = start == 0 and end == len(texts)
        if not is_whole:
            texts, all_data, dates = texts[start:end], all_data[start:end], dates[start:end]
        marked = set(compact.get("is_invalidated", ()))
        counts = compact.get("data_update_count")
        differ = bool(marked) or counts is not None
        for number, text, data, date in zip(range(start, end), texts, all_data, dates, strict=True):
            if bed is None or text in known:
                self._take_in_one(_good_query(compact, number, marked), text)
                bed, is_unread = self._open_bed()
            elif differ and (number in marked or (counts is not None and counts[number] != 1)):
                state = state_of(_good_query(compact, number, marked).state)
                self._add(bed.pattern.sibling(text, text, state), bed)
            elif is_unread:
                known[text] = bed.number
                bed.data[text] = data
                bed.dates[text] = date
            else:
                self._add(bed.pattern.sibling(text, text, data, date), bed)

    def close(self) -> None:
        """Note those that were taken in, and set timers anew for those that were given more time meanwhile."""
        self._leave_bed()
        for bed in self._former:
            bed.part_with_lasting()
        noted, cache = self._noted, self._cache
        if noted and cache.note is not None:
            cache.note((noted, "added", self._client.environment.now()))

    def _open_bed(self) -> tuple[QueryBed | None, bool]:
        """Where to put the next query, and whether it needs no object; None if it is to be made the long way."""
        cache, bed = self._cache, self._bed
        pattern = self._pattern
        # whoever was told of something may have done anything
        if pattern is None or cache._listeners:
            self._leave_bed()
            self._pattern = None
            return None, False
        unread = cache._unread
        if bed is None or bed.is_marked or not bed.is_open():
            self._leave_bed()
            bed = self._bed = unread.new_bed(pattern)
        is_unread = cache.note is None and not cache._index.is_asked
        unread.may_be = unread.may_be or is_unread
        return bed, is_unread

    def _leave_bed(self) -> None:
        bed, self._bed = self._bed, None
        if bed is not None and not bed.data:
            bed.emptied()

    def _add(self, query: Query[Any], bed: QueryBed) -> None:
        cache = self._cache
        cache._queries[query.query_hash] = query
        bed.take_in(query)
        if cache._index.is_asked:
            cache._index.add(query)
        if cache.note is not None:
            self._noted.append(query)

    def _take_in_one(self, good: GoodQuery | None, read: Read) -> None:
        """Take in a query by itself."""
        if good is None or isinstance(read, RestoredQuery):
            take_in_full(self._client, cast("RestoredQuery", read))
        else:
            self._take_in_good(good, read)
        # whoever was told of it may have done anything with those before
        if self._bed is not None and self._bed not in self._former:
            self._former.append(self._bed)

    def _take_in_good(self, good: GoodQuery, packed: bytes | str) -> None:
        client, cache, shared = self._client, self._cache, self._reader.shared
        query_hash, state = good.query_hash, good.state
        query = cache.get(query_hash)
        if query is not None:
            if state.data_updated_at > query.state.data_updated_at:
                query.set_state(**{**structs.asdict(state), "fetch_status": query.state.fetch_status})
            return
        options = self._reader.options_of(key_of_packed(packed, query_hash), good)
        if shared is None:
            cache.build(client, options, state_of(state))
            return
        query = cache.make(client, packed, query_hash, options, state_of(state))
        if options is shared and options.initial_data is UNSET:
            # without data, so that it keeps none alive
            self._pattern = query.sibling(b"", "", INITIAL_STATE)


def _good_query(compact: CompactQueries, number: int, marked: set[int]) -> GoodQuery:
    counts = compact.get("data_update_count")
    return GoodQuery(
        query_key=None,
        query_hash=compact["texts"][number],
        state=GoodState(
            data=compact["data"][number],
            data_update_count=1 if counts is None else counts[number],
            data_updated_at=compact["data_updated_at"][number],
            error=None,
            error_update_count=0,
            error_updated_at=0.0,
            fetch_failure_count=0,
            fetch_failure_reason=None,
            fetch_meta=None,
            is_invalidated=number in marked,
            status="success",
            fetch_status="idle",
        ),
        dehydrated_at=compact["dehydrated_at"],
    )


def take_in_full(client: QueryClient, restored: RestoredQuery) -> None:
    """Take in any query: the definition, with which the shorter ways may only agree.

    Args:
        client: The client.
        restored: What was read of the query.
    """
    cache = client.get_query_cache()
    query = cache.get(restored.query_hash)
    is_under_way = False
    if query is None:
        # a query that nobody fetches must not be stuck in fetching
        query = cache.build(client, restored.options, structs.replace(restored.state, fetch_status="idle"))
    else:
        before = query.state
        is_under_way = before.status == "pending" or before.fetch_status == "fetching"
        has_newer_data = restored.is_settled and restored.dehydrated_at > before.data_updated_at
        if restored.written_at > before.data_updated_at or has_newer_data:
            changes = fields_of(restored.state)
            del changes["fetch_status"]
            if restored.was_pending and before.fetch_status != "fetching":
                changes["fetch_status"] = "idle"
            query.set_state(**changes)
    promise = restored.promise
    if promise is None or restored.is_settled or is_under_way:
        return
    if restored.dehydrated_at > query.state.data_updated_at:
        # no new request: the fetch under way elsewhere is this query's first attempt
        query.fetch(first=transformed(promise, restored.read_data))
