"""Queries by names, of which the newest may still wait to be taken in.

An index over a full cache is not built at once, since the loop would stand still meanwhile. The first question writes
the texts of all keys below each other, oldest first, and is answered from that text; each further one takes some of its
lines in and searches the rest. A text is nothing to the garbage collector, which a list of as many queries would keep
busy for longer than all else here takes. New queries wait apart, so that what an index holds is always older than what
waits, and answers keep the order of the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

from .query import Query
from .unread import UnreadQueries

AnyQuery: TypeAlias = Query[Any]
Queries: TypeAlias = Mapping[str, AnyQuery]

SLICE: Final = 1_000
"""How many queries one question takes into an index: few milliseconds, though most are no objects before."""
_AT_ONCE: Final = 500

Bucket: TypeAlias = AnyQuery | dict[str, AnyQuery]
"""The queries of one name; one that is alone stands there itself, which takes no room."""


class LaggingIndex:
    """Queries by some names each, of which the newest may still wait to be taken in.

    Args:
        queries: What to hold, oldest first: a dict of its own, or all of the cache.
        renamed: Those of the cache that are filed under another text than that of their key.
    """

    __slots__ = ("_all", "_buckets", "_gone", "_lines", "_newer", "_renamed", "_text", "_waiting")

    def __init__(self, queries: dict[str, AnyQuery] | UnreadQueries, renamed: Queries) -> None:
        # the first question must be answered at once, and to copy the dict would take half of that
        self._all = queries if isinstance(queries, UnreadQueries) else None
        # its own
        self._waiting: dict[str, AnyQuery] = {} if isinstance(queries, UnreadQueries) else queries
        self._renamed = renamed
        self._buckets: dict[Hashable, Bucket] = {}
        # the hashes of those that wait, one on a line, and how many there are; once there was a question
        self._text: str | None = None
        self._lines = 0
        # what came and what left since that was written
        self._newer: dict[str, AnyQuery] = {}
        self._gone: set[str] = set()

    def add(self, query: AnyQuery) -> None:
        """Take in a query, later.

        Args:
            query: The newest query.
        """
        if self._text is not None:
            self._newer[query.query_hash] = query
        elif self._all is None:
            self._waiting[query.query_hash] = query

    def remove(self, query: AnyQuery) -> None:
        """Forget a query.

        Args:
            query: A query.
        """
        query_hash = query.query_hash
        if self._newer.pop(query_hash, None) is not None:
            return
        if self._text is not None:
            # its line may be one of those to come, and by then another query may have this hash
            self._gone.add(query_hash)
        elif self._all is not None:
            return
        if self._waiting.pop(query_hash, None) is not None:
            return
        buckets = self._buckets
        for name in self._names(query):
            bucket = buckets.get(name)
            if bucket is query:
                del buckets[name]
            elif isinstance(bucket, dict):
                bucket.pop(query_hash, None)
                if not bucket:
                    del buckets[name]

    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self._waiting and not self._newer and not self._buckets

    def _names(self, query: AnyQuery) -> Iterable[Hashable]:
        """What a query is to be found by."""
        raise NotImplementedError

    def _catch_up(self, needles: Sequence[str], fits: Callable[[AnyQuery], bool]) -> list[AnyQuery]:
        """Take some queries in.

        Args:
            needles: What the text of a key contains, with the ends of the line around it, if the query fits: one of
                these.
            fits: Whether a query fits, whose text contains it.

        Returns:
            Those that fit among the ones that still wait.
        """
        if self._text is not None:
            self._take_in_slice()
        hashes = self._waiting if self._all is None else self._all.hashes
        if self._text is None and len(hashes) > SLICE:
            self._write_text(hashes)
        if self._text is not None:
            found = self._search(self._text, needles, fits)
            if found is not None:
                return found
            # an answer of nearly all costs as much as the index
        waiting = self._all_waiting()
        self._forget_text({})
        self._take_in(waiting)
        return []

    def _write_text(self, waiting: Collection[str]) -> None:
        """One search through one text is far quicker than one through each."""
        hashes, count = iter(waiting), len(waiting)
        # joining reads each twice: of so many, the second time while they are still in the cache of the processor
        lines = ["\n".join(islice(hashes, _AT_ONCE)) for _ in range(0, count, _AT_ONCE)]
        text = "\n".join(["", *lines, ""])
        # in no text of a key is a line break, but a hash may be anything
        if not self._renamed or text.count("\n") == count + 1:
            self._text, self._lines = text, count

    def _forget_text(self, waiting: dict[str, AnyQuery]) -> None:
        self._waiting, self._all = waiting, None
        self._text, self._newer = None, {}
        self._gone.clear()

    def _all_waiting(self) -> list[AnyQuery]:
        if self._text is None:
            return [*self._waiting.values()] if self._all is None else self._all.all()
        return [*self._queries_of(self._text.split("\n")), *self._newer.values()]

    def _queries_of(self, lines: Iterable[str]) -> list[AnyQuery]:
        if self._gone:
            lines = [line for line in lines if line not in self._gone]
        # Query has no truth value of its own
        return [*filter(None, map(self._waiting.get if self._all is None else self._all.get, lines))]

    def _search(self, text: str, needles: Sequence[str], fits: Callable[[AnyQuery], bool]) -> list[AnyQuery] | None:
        if self._renamed:
            return [query for query in self._all_waiting() if fits(query)]
        fitting = _lines_with(text, needles, self._lines // 4)
        if fitting is None:
            return None
        found = self._queries_of(fitting)
        if self._newer:
            lines = "\n".join(self._newer)
            found += [self._newer[line] for line in _lines_with(f"\n{lines}\n", needles, len(lines)) or ()]
        return [query for query in found if fits(query)]

    def _take_in_slice(self) -> None:
        assert self._text is not None
        _, *lines, rest = self._text.split("\n", SLICE + 1)
        taken = self._queries_of(lines)
        if self._all is None:
            for query in taken:
                del self._waiting[query.query_hash]
        if rest:
            self._text = f"\n{rest}"
            self._lines -= SLICE
        else:
            self._forget_text(self._newer)
        self._take_in(taken)

    def _take_in(self, queries: Iterable[AnyQuery]) -> None:
        for query in queries:
            for name in self._names(query):
                put(self._buckets, name, query)


def put(buckets: dict[Hashable, Bucket], name: Hashable, query: AnyQuery) -> None:
    """File a query under a name.

    Args:
        buckets: All by their names.
        name: The name.
        query: The newest query.
    """
    bucket = buckets.get(name)
    if bucket is None:
        buckets[name] = query
    elif isinstance(bucket, dict):
        bucket[query.query_hash] = query
    else:
        buckets[name] = {bucket.query_hash: bucket, query.query_hash: query}


def _lines_with(text: str, needles: Sequence[str], most: int) -> list[str] | None:
    """The lines in which one of *needles* begins, in their order; None if there are more than *most*."""
    starts: list[int] = []
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            start = text.rfind("\n", 0, at + 1) + 1
            starts.append(start)
            if len(starts) > most:
                return None
            at = text.find(needle, text.find("\n", start))
    return [text[start : text.find("\n", start)] for start in sorted(starts)]
