"""Which queries a key is the beginning of, without a look at the others.

Nothing is kept until somebody asks. Then there is one index for each length of prefix that is asked for, and one for
each dict that stands behind such a prefix; an answer costs what it finds.

An index over a full cache is not built at once, since the loop would stand still meanwhile: queries wait in a line,
oldest first, and each question takes some of them in and looks through the text of the rest. New ones go to the end
of that line, so that what an index holds is always older than what waits, and answers keep the order of the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias

from ..base.key_prefix import Atoms, are_atoms, atom_text, is_members, leading_atoms, member_atoms
from ..base.key_text import string_text
from ..base.keys import partial_match_key
from ..base.query_key import QueryKey, as_query_key, parts_at_hand
from .query import Query

AnyQuery: TypeAlias = Query[Any]
Queries: TypeAlias = Mapping[str, AnyQuery]

SLICE: Final = 4_000
"""How many queries one question takes into an index: a few milliseconds."""
FEW: Final = 16
"""Behind a prefix of so few queries, dicts are compared one by one."""

# a query that is alone under its name stands there itself, which takes no room
_Buckets: TypeAlias = dict[Hashable, AnyQuery | dict[str, AnyQuery]]


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
        self._buckets: _Buckets = {}
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
        if self._waiting.pop(query.query_hash, None) is None:
            for name in self._names(query):
                _drop(self._buckets, name, query)

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


class PrefixIndex(LaggingIndex):
    """Queries by the first parts of their keys, of those keys that have so many atoms.

    Args:
        depth: How many parts.
        queries: What to hold, oldest first.
        renamed: Those that are filed under another text than that of their key.
    """

    __slots__ = ("_depth",)

    def __init__(self, depth: int, queries: Queries, renamed: Queries) -> None:
        super().__init__(queries, renamed)
        self._depth = depth

    def find(self, atoms: Atoms) -> list[AnyQuery]:
        """The queries whose keys begin so, oldest first.

        Args:
            atoms: So many as the index is deep.
        """
        waiting = self._rest(atoms) if self._waiting else None
        bucket = self._buckets.get(atoms)
        if bucket is None:
            return waiting or []
        found = [*bucket.values()] if isinstance(bucket, dict) else [bucket]
        return found + waiting if waiting else found

    def _rest(self, atoms: Atoms) -> list[AnyQuery]:
        needle = "\n[" + ",".join(map(atom_text, atoms))
        return self._catch_up(needle, lambda query: atoms in self._names(query))

    def _names(self, query: AnyQuery) -> tuple[Atoms, ...]:
        atoms = leading_atoms(parts_at_hand(query.query_key)[: self._depth])
        return (atoms,) if len(atoms) == self._depth else ()


class MemberIndex(LaggingIndex):
    """Queries by the members of the dict that stands at one place of their keys, at every depth of it.

    Args:
        place: The place.
        queries: What to hold, oldest first. Those with no dict there are found by nothing.
        renamed: Those that are filed under another text than that of their key.
    """

    __slots__ = ("_place",)

    def __init__(self, place: int, queries: Queries, renamed: Queries) -> None:
        super().__init__(queries, renamed)
        self._place = place

    def find(self, wanted: list[Atoms], parts: tuple[object, ...]) -> list[AnyQuery]:
        """Queries among which are all whose keys begin with *parts*, oldest first.

        Args:
            wanted: The members of the dict in *parts* that can be looked up; at least one.
            parts: The beginning.
        """
        waiting = self._rest(wanted, parts) if self._waiting else []
        buckets: list[dict[str, AnyQuery]] = []
        for name in wanted:
            bucket = self._buckets.get(name)
            if bucket is None:
                return waiting
            if not isinstance(bucket, dict):
                return [bucket, *waiting]
            buckets.append(bucket)
        return [*min(buckets, key=len).values(), *waiting]

    def _rest(self, wanted: list[Atoms], parts: tuple[object, ...]) -> list[AnyQuery]:
        needle = max((f"{string_text(str(name[-2]))}:{atom_text(name[-1])}" for name in wanted), key=len)
        return self._catch_up(needle, lambda query: partial_match_key(parts_at_hand(query.query_key), parts))

    def _names(self, query: AnyQuery) -> list[Atoms]:
        parts = parts_at_hand(query.query_key)
        part = parts[self._place] if len(parts) > self._place else None
        return member_atoms(part) if is_members(part) else []


class QueryIndex:
    """All indexes of a cache.

    Args:
        queries: The queries of the cache by their hashes, oldest first.
    """

    __slots__ = ("_by_members", "_by_prefix", "_queries", "_renamed")

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._renamed: dict[str, AnyQuery] = {}
        self._by_prefix: dict[int, PrefixIndex] = {}
        self._by_members: dict[Atoms, MemberIndex] = {}

    def add(self, query: AnyQuery) -> None:
        """A query has come to the cache.

        Args:
            query: The query.
        """
        if query.query_key.text != query.query_hash:
            self._renamed[query.query_hash] = query
        if self._by_prefix:
            for index in self._by_prefix.values():
                index.add(query)
        if self._by_members:
            for _, members in self._members_over(query):
                members.add(query)

    def remove(self, query: AnyQuery) -> None:
        """A query has left the cache.

        Args:
            query: The query.
        """
        if self._renamed:
            self._renamed.pop(query.query_hash, None)
        if self._by_prefix:
            for index in self._by_prefix.values():
                index.remove(query)
        if self._by_members:
            for atoms, members in self._members_over(query):
                members.remove(query)
                if members.is_empty():
                    del self._by_members[atoms]

    def clear(self) -> None:
        """Forget all: what is still in the cache is found when somebody asks."""
        self._by_prefix.clear()
        self._by_members.clear()

    def find(self, parts: tuple[object, ...]) -> list[AnyQuery]:
        """The queries whose keys begin with *parts*, oldest first.

        Args:
            parts: Parts of a key: frozen, or atoms all.
        """
        if are_atoms(parts):
            return self._beginning(parts)
        atoms = leading_atoms(parts)
        if len(atoms) == len(parts):
            return self._beginning(atoms)
        part = parts[len(atoms)]
        found = self._with_members(atoms, part, parts) if is_members(part) else self._beginning(atoms)
        return [query for query in found if partial_match_key(parts_at_hand(query.query_key), parts)]

    def find_meant(self, meant: object) -> list[AnyQuery] | None:
        """The same for a key as calls take it; None for what is no list, tuple or ``QueryKey``.

        Args:
            meant: What a call means. A list of atoms is not made a key for that.

        Raises:
            QueryKeyError: A part has no stable text.
        """
        kind: type[object] = type(meant)
        key: Any = meant
        if kind is list or kind is tuple:
            parts: tuple[object, ...] = tuple(key)
            if not are_atoms(parts):
                return self.find(as_query_key(parts).parts)
            index = self._by_prefix.get(len(parts))
            return self._beginning(parts) if index is None else index.find(parts)
        return self.find(key.parts) if kind is QueryKey else None

    def _beginning(self, atoms: Atoms) -> list[AnyQuery]:
        depth = len(atoms)
        if not depth:
            return list(self._queries.values())
        index = self._by_prefix.get(depth)
        if index is None:
            index = self._by_prefix[depth] = PrefixIndex(depth, self._queries, self._renamed)
        return index.find(atoms)

    def _with_members(self, atoms: Atoms, part: dict[str, object], parts: tuple[object, ...]) -> list[AnyQuery]:
        wanted = member_atoms(part)
        if not wanted:
            return self._beginning(atoms)
        index = self._by_members.get(atoms)
        if index is None:
            found = self._beginning(atoms)
            if len(found) <= FEW:
                return found
            index = MemberIndex(len(atoms), {query.query_hash: query for query in found}, self._renamed)
            self._by_members[atoms] = index
        return index.find(wanted, parts)

    def _members_over(self, query: AnyQuery) -> list[tuple[Atoms, MemberIndex]]:
        atoms = leading_atoms(parts_at_hand(query.query_key))
        beginnings = [atoms[:length] for length in range(len(atoms) + 1)]
        return [(atoms, self._by_members[atoms]) for atoms in beginnings if atoms in self._by_members]


def _put(buckets: _Buckets, name: Hashable, query: AnyQuery) -> None:
    bucket = buckets.get(name)
    if bucket is None:
        buckets[name] = query
    elif isinstance(bucket, dict):
        bucket[query.query_hash] = query
    else:
        buckets[name] = {bucket.query_hash: bucket, query.query_hash: query}


def _drop(buckets: _Buckets, name: Hashable, query: AnyQuery) -> None:
    bucket = buckets.get(name)
    if bucket is query:
        del buckets[name]
    elif isinstance(bucket, dict):
        bucket.pop(query.query_hash, None)
        if not bucket:
            del buckets[name]
