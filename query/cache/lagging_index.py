"""Queries by names, of which the newest may still wait to be taken in.

An index over a full cache is not built at once, since the loop would stand still meanwhile: queries wait in a line,
oldest first, and each question takes some of them in and looks through the text of the rest. New ones go to the end
of that line, so that what an index holds is always older than what waits, and answers keep the order of the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

from .query import Query

AnyQuery: TypeAlias = Query[Any]
Queries: TypeAlias = Mapping[str, AnyQuery]

SLICE: Final = 5_000
"""How many queries one question takes into an index: a few milliseconds."""

Bucket: TypeAlias = AnyQuery | dict[str, AnyQuery]
"""The queries of one name; one that is alone stands there itself, which takes no room."""


class LaggingIndex:
    """Queries by some names each, of which the newest may still wait to be taken in.

    Args:
        queries: What to hold, oldest first: a dict of its own, or that of the cache.
        renamed: Those of the cache that are filed under another text than that of their key.
        is_own: Whether it is a dict of its own.
    """

    __slots__ = ("_asked", "_buckets", "_is_own", "_renamed", "_text", "_waiting")

    def __init__(self, queries: dict[str, AnyQuery], renamed: Queries, *, is_own: bool) -> None:
        self._waiting = queries
        # the first question must be answered at once, and to copy the dict would take half of that
        self._is_own = is_own
        self._renamed = renamed
        self._buckets: dict[Hashable, Bucket] = {}
        self._text: str | None = None
        self._asked = False

    def add(self, query: AnyQuery) -> None:
        """Take in a query, later.

        Args:
            query: The newest query.
        """
        self._text = None
        if self._is_own:
            self._waiting[query.query_hash] = query

    def remove(self, query: AnyQuery) -> None:
        """Forget a query.

        Args:
            query: A query.
        """
        if not self._is_own or (self._waiting and self._waiting.pop(query.query_hash, None) is not None):
            return
        buckets = self._buckets
        for name in self._names(query):
            bucket = buckets.get(name)
            if bucket is query:
                del buckets[name]
            elif isinstance(bucket, dict):
                bucket.pop(query.query_hash, None)
                if not bucket:
                    del buckets[name]

    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self._waiting and not self._buckets

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
        if len(self._waiting) > SLICE:
            if self._asked:
                self._take_in_slice()
            self._asked = True
            if self._renamed:
                return [query for query in self._waiting.values() if fits(query)]
            if self._text is None:
                # one search through one text is far quicker than one through each
                lines = "\n".join(self._waiting)
                self._text = f"\n{lines}\n"
            fitting = _lines_with(self._text, needles, len(self._waiting) // 4)
            if fitting is not None:
                held = map(self._waiting.get, fitting)
                return [query for query in held if query is not None and fits(query)]
            # an answer of nearly all costs as much as the index
        waiting = [*self._waiting.values()]
        self._waiting, self._is_own = {}, True
        self._text = None
        self._take_in(waiting)
        return []

    def _take_in_slice(self) -> None:
        if not self._is_own:
            # which takes as long as the slice
            self._waiting, self._is_own = self._waiting.copy(), True
            return
        taken = [*islice(self._waiting.values(), SLICE)]
        for query in taken:
            del self._waiting[query.query_hash]
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
