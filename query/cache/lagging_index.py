"""Queries by names, of which the newest may still wait to be taken in.

An index over a full cache is not built at once, since the loop would stand still meanwhile: queries wait in a line,
oldest first, and each question takes some of them in and looks through the text of the rest. New ones go to the end
of that line, so that what an index holds is always older than what waits, and answers keep the order of the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias

from .query import Query

AnyQuery: TypeAlias = Query[Any]
Queries: TypeAlias = Mapping[str, AnyQuery]

SLICE: Final = 4_000
"""How many queries one question takes into an index: a few milliseconds."""

Bucket: TypeAlias = AnyQuery | dict[str, AnyQuery]
"""The queries of one name; one that is alone stands there itself, which takes no room."""


class LaggingIndex:
    """Queries by some names each, of which the newest may still wait to be taken in.

    Args:
        queries: What to hold, oldest first.
        renamed: Those of the cache that are filed under another text than that of their key.
    """

    __slots__ = ("_asked", "_buckets", "_renamed", "_text", "_waiting")

    def __init__(self, queries: Queries, renamed: Queries) -> None:
        self._waiting: dict[str, AnyQuery] = dict(queries)
        self._renamed = renamed
        self._buckets: dict[Hashable, Bucket] = {}
        self._text: str | None = None
        self._asked = False

    def add(self, query: AnyQuery) -> None:
        """Take in a query, later.

        Args:
            query: The newest query.
        """
        self._waiting[query.query_hash] = query
        self._text = None

    def remove(self, query: AnyQuery) -> None:
        """Forget a query.

        Args:
            query: A query.
        """
        if self._waiting and self._waiting.pop(query.query_hash, None) is not None:
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

    def _catch_up(self, needle: str, fits: Callable[[AnyQuery], bool]) -> list[AnyQuery]:
        """Take some queries in.

        Args:
            needle: What the text of a key contains if the query fits.
            fits: Whether a query fits, whose text contains it.

        Returns:
            Those that fit among the ones that still wait.
        """
        waiting = self._waiting
        if len(waiting) > SLICE:
            if self._asked:
                for query in list(islice(waiting.values(), SLICE)):
                    del waiting[query.query_hash]
                    self._take_in(query)
            self._asked = True
            if self._renamed:
                return [query for query in waiting.values() if fits(query)]
            if self._text is None:
                # one search through one text is far quicker than one through each
                self._text = "\n".join(("", *waiting, ""))
            # an answer of nearly all costs as much as the index
            if self._text.count(needle) * 4 < len(waiting):
                return [query for query in self._with_text(self._text, needle) if fits(query)]
        self._waiting = {}
        self._text = None
        for query in waiting.values():
            self._take_in(query)
        return []

    def _with_text(self, text: str, needle: str) -> Iterable[AnyQuery]:
        at = text.find(needle)
        while at >= 0:
            start = text.rfind("\n", 0, at + 1) + 1
            end = text.find("\n", start)
            query = self._waiting.get(text[start:end])
            if query is not None:
                yield query
            at = text.find(needle, end)

    def _take_in(self, query: AnyQuery) -> None:
        for name in self._names(query):
            _put(self._buckets, name, query)


def _put(buckets: dict[Hashable, Bucket], name: Hashable, query: AnyQuery) -> None:
    bucket = buckets.get(name)
    if bucket is None:
        buckets[name] = query
    elif isinstance(bucket, dict):
        bucket[query.query_hash] = query
    else:
        buckets[name] = {bucket.query_hash: bucket, query.query_hash: query}
