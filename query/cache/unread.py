"""Queries that were written and that nobody has looked at: there is no object for any of them until somebody does.

A cache that was filled from a stored state may hold a hundred thousand queries of which a page shows ten. As objects
they cost each full garbage collection two looks at all that they refer to, and making one takes several times as long
as what is done here.

What they have in common is said once, by a bed: all that the same client wrote with the same options, and that are to
be collected together. The bed has their data and dates by their hashes, and what the cache files under a hash is the
number of the bed: of all that, the data alone is anything to the garbage collector. The first look replaces the number
by a query, which takes the place in the cache and in the bed.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias, cast

from ..base.options import AnyQueryOptions
from ..runtime.collector import AT_ONCE, Bed, Bucket
from ..runtime.reporting import report
from .query import Query, mark
from .query_entry import ClientLike

Entry: TypeAlias = Query[Any] | int
"""What a cache files under a hash: a query, or the number of its bed if nobody has looked at it."""


class UnreadQueries:
    """The door to the queries of a cache: who comes through it gets queries.

    Args:
        queries: All queries of the cache by their hashes, oldest first.
        is_quiet: Whether nobody can see how queries leave the cache, and no index knows them.

    Attributes:
        open: The bed for the next that is written, if that is still like those before; None if there is none.
        may_be: Whether there may be any that nobody has looked at.
        hashes: All hashes, oldest first.
    """

    __slots__ = ("_beds", "_is_quiet", "_number", "_queries", "hashes", "may_be", "open")

    def __init__(self, queries: dict[str, Entry], is_quiet: Callable[[], bool]) -> None:
        self._queries = queries
        self.hashes: Final = queries.keys()
        self._is_quiet = is_quiet
        self._beds: dict[int, QueryBed] = {}
        self._number = 0
        self.open: QueryBed | None = None
        self.may_be: bool = False

    # -- looking

    def look_at(self, query_hash: str, number: int) -> Query[Any]:
        """The query that nobody has looked at yet, in its place from now on.

        Args:
            query_hash: The text it is filed under.
            number: What is filed there.
        """
        query = self._queries[query_hash] = self._beds[number].make(query_hash)
        return query

    def get(self, query_hash: str) -> Query[Any] | None:
        """The query that is filed under a text.

        Args:
            query_hash: The text.
        """
        found = self._queries.get(query_hash)
        return self.look_at(query_hash, found) if isinstance(found, int) else found

    def data_of(self, query_hash: str, number: int) -> Any:
        """The data of one that nobody has looked at; that is no reason to make a query.

        Args:
            query_hash: The text it is filed under.
            number: What is filed there.
        """
        return self._beds[number].data[query_hash]

    def all(self) -> list[Query[Any]]:
        """All queries, oldest first."""
        if self.may_be:
            for query_hash, found in self._queries.items():
                # no place comes or goes with that
                if isinstance(found, int):
                    self.look_at(query_hash, found)
            self.may_be = False
        return cast("list[Query[Any]]", list(self._queries.values()))

    def looked_at(self) -> list[Query[Any]]:
        """Those that are queries already, oldest first: nobody watches or fetches any other."""
        if not self.may_be:
            return self.all()
        return [found for found in self._queries.values() if not isinstance(found, int)]

    def mark_all(self) -> None:
        """Mark the data of all that nobody has looked at stale, without a look at any."""
        self.close()
        for bed in self._beds.values():
            bed.is_marked = True

    # -- coming and going

    def new_bed(self, pattern: Query[Any]) -> QueryBed:
        """A bed for some that are written now.

        Args:
            pattern: A query like those to come, without data, that is in no cache.

        Raises:
            LoopError: Another loop runs than the client's own.
        """
        self._number += 1
        bed = QueryBed(self, pattern, self._number)
        bed.begin()
        self._beds[bed.number] = bed
        return bed

    def open_bed(self, pattern: Query[Any]) -> QueryBed | None:
        """The same, and it stays open for what is written from now on; the one before is closed.

        Args:
            pattern: As for ``new_bed``.

        Returns:
            None if they are to be collected at once: that may be under way.

        Raises:
            LoopError: As for ``new_bed``.
        """
        self.close()
        if pattern.gc_time > 0:
            self.open = self.new_bed(pattern)
        return self.open

    def close(self) -> None:
        """Nothing more comes into the bed that is open."""
        bed, self.open = self.open, None
        if bed is not None and not bed.data:
            bed.emptied()

    def clear(self) -> None:
        """All queries leave the cache, where that is quiet."""
        self.open, self.may_be = None, False
        for bed in list(self._beds.values()):
            for query in bed.made():
                query._bucket = None
            bed.data.clear()
            bed.emptied()

    # -- what its beds tell it

    def collect(self, data: dict[str, Any], dates: dict[str, float]) -> None:
        """Have the first of those in a bed leave the cache, unless somebody uses them.

        Args:
            data: What the bed holds. Those that are through are taken out.
            dates: When the data is from.
        """
        queries = self._queries
        is_quiet = self._is_quiet()
        for query_hash in list(itertools.islice(data, AT_ONCE)):
            # one may have let go of another
            if query_hash not in data:
                continue
            if type(queries.get(query_hash)) is int:
                if is_quiet:
                    del data[query_hash], dates[query_hash], queries[query_hash]
                    continue
                self.get(query_hash)
            query: Query[Any] = data.pop(query_hash)
            query._bucket = None
            try:
                query._collect()
            except Exception as error:  # noqa: BLE001 - the next query is somebody else's
                report(f"{query!r} could not be collected", error)
            # which may have told somebody
            is_quiet = is_quiet and self._is_quiet()

    def drop(self, bed: QueryBed) -> None:
        """Forget a bed.

        Args:
            bed: One that holds nothing any more.
        """
        self._beds.pop(bed.number, None)
        if self.open is bed:
            self.open = None


class Members:
    """What a bed holds, as its collector sees it: queries leave it as they leave any bucket.

    Args:
        data: What it holds, by hashes.
    """

    __slots__ = ("_data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = data

    def __delitem__(self, query: Query[Any]) -> None:
        del self._data[query.query_hash]

    def __len__(self) -> int:
        return len(self._data)


class QueryBed(Bed):
    """What one client wrote with the same options, and what is to be collected together.

    Args:
        unread: Whose it is.
        pattern: A query like all of them, without data.
        number: What the cache files for them.

    Attributes:
        data: Their data by their hashes, in the order in which they came; or the query where there is one by now.
        dates: When the data is from. Such a dict is nothing to the garbage collector.
        keys: The packed keys of those that cannot be read from their texts; neither is this.
        pattern: The pattern.
        number: The number.
        client: Who wrote them.
        options: With which options.
        is_server: Whether that was on a server.
        is_marked: All that nobody has looked at are invalidated.
        until: Before which time, by ``monotonic``, another one would be due together with these.
    """

    __slots__ = (
        "_home",
        "_is_exact",
        "_loop",
        "_unread",
        "client",
        "clock",
        "data",
        "dates",
        "environment",
        "is_marked",
        "is_server",
        "keys",
        "monotonic",
        "number",
        "options",
        "pattern",
        "until",
    )

    def __init__(self, unread: UnreadQueries, pattern: Query[Any], number: int) -> None:
        self.data: Final[dict[str, Any]] = {}
        self.dates: Final[dict[str, float]] = {}
        self.keys: Final[dict[str, bytes]] = {}
        terms = pattern._terms
        self.environment: Final = terms.environment
        super().__init__(self.environment._collector, cast("Any", Members(self.data)))
        self._unread = unread
        self.pattern: Final = pattern
        self.number: Final = number
        self.client: Final[ClientLike] = terms.client
        self.options: Final[AnyQueryOptions] = pattern._options
        self.is_server: Final = self.environment.is_server
        self.is_marked: bool = False
        self.clock: Final = self.environment.timeout_manager._clock
        self._is_exact = not self.environment._collector.is_coarse
        # without the call
        self.monotonic: Final = self.clock.monotonic if self._is_exact else time.monotonic
        self.until: float = math.inf
        self._home: Bucket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self) -> None:
        """Set the time at which those in it are collected.

        Raises:
            LoopError: Another loop runs than the client's own.
        """
        delay = self.pattern.gc_time
        if delay < math.inf:
            self.environment.collect_later(self, delay)
        self._loop = asyncio._get_running_loop()
        home = self._home = self._bucket
        if home is not None and home.due is not None:
            self.until = math.nextafter(self.monotonic(), math.inf) if self._is_exact else home.due - delay

    def is_open(self) -> bool:
        """Whether what its client writes now with the same options would be collected together with these."""
        loop = asyncio._get_running_loop()
        home = self._home
        environment = self.environment
        return (
            self._bucket is home
            and (home is None or (loop is self._loop and loop is environment._ready_loop))
            and self.monotonic() < self.until
            and environment.timeout_manager._clock is self.clock
            and environment.is_server is self.is_server
            # by a clock that tells exactly, those that are due at one instant go in the order in which they came
            and (not self._is_exact or home is None or next(reversed(home.entries)) is self)
        )

    def make(self, query_hash: str) -> Query[Any]:
        """One of them as a query.

        Args:
            query_hash: The text it is filed under.
        """
        data, keys = self.data, self.keys
        # the text stands for the key
        key = keys.pop(query_hash, query_hash) if keys else query_hash
        query = self.pattern.sibling(key, query_hash, data[query_hash], self.dates.pop(query_hash))
        if self.is_marked:
            mark(query)
        if self._bucket is not None:
            data[query_hash] = query
            query._bucket = self
        else:
            # it stays for good
            del data[query_hash]
            if not data and self._unread.open is not self:
                self.emptied()
        return query

    def take_in(self, query: Query[Any]) -> None:
        """Another one comes as a query.

        Args:
            query: A sibling of the pattern.
        """
        if self._bucket is not None:
            self.data[query.query_hash] = query
            query._bucket = self

    def made(self) -> list[Query[Any]]:
        """Those of them that are queries by now."""
        dates = self.dates
        # as mostly
        if len(dates) == len(self.data):
            return []
        return [query for query_hash, query in self.data.items() if query_hash not in dates]

    def part_with_lasting(self) -> None:
        """Let go of those that are to be kept for longer by now: they begin to wait anew."""
        gc_time = self.pattern.gc_time
        for query in self.made():
            if query.gc_time != gc_time and query._bucket is self:
                query._schedule_gc()

    # -- as its collector sees it

    def collect(self) -> None:
        """Their time has come."""
        if self._unread.open is self:
            self._unread.open = None
        try:
            self._unread.collect(self.data, self.dates)
        finally:
            # also after a failed test or an exit in a listener
            if not self.data:
                self.emptied()

    def emptied(self) -> None:
        """Its last query has left."""
        self._leave()
        self._unread.drop(self)

    def each(self) -> Iterator[Query[Any]]:
        """All in it, for a list."""
        for query_hash in list(self.data):
            query = self._unread.get(query_hash)
            if query is not None:
                yield query
