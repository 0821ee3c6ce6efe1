"""Which queries a key is the beginning of, without a look at the others.

Nothing is kept until somebody asks. Then there is one index for each length of prefix that is asked for, and one for
each dict that stands behind such a prefix; an answer costs what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

from ..base.key_prefix import (
    OWN_ATOMS,
    Atoms,
    are_atoms,
    atom_text,
    is_members,
    leading_atoms,
    member_atoms,
    prefix_of,
)
from ..base.key_text import string_text
from ..base.keys import partial_match_key
from ..base.query_key import parts_of_text
from .lagging_index import AnyQuery, Bucket, LaggingIndex, Queries, put
from .unread import UnreadQueries

FEW: Final = 16
"""Behind a prefix of so few queries, dicts are compared one by one."""


class PrefixIndex(LaggingIndex):
    """Queries by the first parts of their keys, of those keys that have so many atoms.

    Args:
        depth: How many parts.
        queries: The queries of the cache.
        renamed: Those that are filed under another text than that of their key.
    """

    __slots__ = ("_depth",)

    def __init__(self, depth: int, queries: UnreadQueries, renamed: Queries) -> None:
        super().__init__(queries, renamed)
        self._depth = depth

    def find(self, atoms: Atoms) -> list[AnyQuery]:
        """The queries whose keys begin so, oldest first.

        Args:
            atoms: So many as the index is deep.
        """
        waiting = self._rest(atoms) if self._waiting or self._newer or self._all is not None else None
        bucket = self._buckets.get(atoms)
        if bucket is None:
            found: list[AnyQuery] = []
        elif isinstance(bucket, dict):
            found = [*bucket.values()]
        else:
            found = [bucket]
        return found + waiting if waiting else found

    def forget(self, atoms: Atoms, count: int) -> bool:
        """Forget all queries whose keys begin so, without a look at each.

        Args:
            atoms: So many as the index is deep.
            count: How many there are.

        Returns:
            Whether that was possible: some may still wait to be taken in.
        """
        bucket = self._buckets.get(atoms)
        if self._all is not None or (len(bucket) if isinstance(bucket, dict) else bucket is not None) != count:
            return False
        self._buckets.pop(atoms, None)
        return True

    def _rest(self, atoms: Atoms) -> list[AnyQuery]:
        text = "\n[" + ",".join(map(atom_text, atoms))
        return self._catch_up((f"{text},", f"{text}]\n"), lambda query: atoms in self._names(query))

    def _take_in(self, queries: Iterable[AnyQuery]) -> None:
        # as the base does it, without its calls: the loop waits meanwhile
        buckets, depth = self._buckets, self._depth
        for query in queries:
            key = query._key
            parts = parts_of_text(key) if type(key) is str else query.parts_at_hand()
            atoms: Any = tuple(parts[:depth])
            if len(atoms) == depth:
                for part in atoms:
                    if type(part) not in OWN_ATOMS:
                        for name in self._names(query):
                            put(buckets, name, query)
                        break
                else:
                    bucket = buckets.get(atoms)
                    if type(bucket) is dict:
                        bucket[query.query_hash] = query
                    else:
                        put(buckets, atoms, query)

    def _names(self, query: AnyQuery) -> tuple[Atoms, ...]:
        parts = tuple(query.parts_at_hand()[: self._depth])
        for part in parts:
            if type(part) not in OWN_ATOMS:
                parts = leading_atoms(parts)
                break
        return (parts,) if len(parts) == self._depth else ()


class MemberIndex(LaggingIndex):
    """Queries by the members of the dict that stands at one place of their keys, at every depth of it.

    Args:
        place: The place.
        queries: What to hold, oldest first. Those with no dict there are found by nothing.
        renamed: Those that are filed under another text than that of their key.
    """

    __slots__ = ("_place",)

    def __init__(self, place: int, queries: dict[str, AnyQuery], renamed: Queries) -> None:
        super().__init__(queries, renamed)
        self._place = place

    def find(self, wanted: list[Atoms], parts: Sequence[object]) -> list[AnyQuery]:
        """The queries that have all of these members, oldest first.

        Args:
            wanted: The members of the dict in *parts* that can be looked up; at least one.
            parts: The beginning that is asked for; the newest queries are held against all of it.
        """
        waiting = self._rest(wanted, parts) if self._waiting or self._newer or self._all is not None else None
        found = self._with_all(wanted)
        return found + waiting if waiting else found

    def _with_all(self, wanted: list[Atoms]) -> list[AnyQuery]:
        buckets: list[Bucket] = []
        for name in wanted:
            bucket = self._buckets.get(name)
            if bucket is None:
                return []
            buckets.append(bucket)
        fewest = buckets[0] if len(buckets) == 1 else min(buckets, key=_size)
        found = [*fewest.values()] if isinstance(fewest, dict) else [fewest]
        return found if len(buckets) == 1 else [q for q in found if all(map(partial(_holds, q), buckets))]

    def _rest(self, wanted: list[Atoms], parts: Sequence[object]) -> list[AnyQuery]:
        needle = max((f"{string_text(str(name[-2]))}:{atom_text(name[-1])}" for name in wanted), key=len)
        return self._catch_up((needle,), lambda query: partial_match_key(query.parts_at_hand(), parts))

    def _names(self, query: AnyQuery) -> list[Atoms]:
        parts = query.parts_at_hand()
        part = parts[self._place] if len(parts) > self._place else None
        return member_atoms(part)[0] if is_members(part) else []


class QueryIndex:
    """All indexes of a cache.

    Args:
        queries: The queries of the cache.

    Attributes:
        is_asked: Whether any index is kept.
    """

    __slots__ = ("_by_members", "_by_prefix", "_queries", "_renamed", "is_asked")

    def __init__(self, queries: UnreadQueries) -> None:
        self._queries = queries
        self._renamed: dict[str, AnyQuery] = {}
        self._by_prefix: dict[int, PrefixIndex] = {}
        self._by_members: dict[Atoms, MemberIndex] = {}
        self.is_asked: bool = False

    def add(self, query: AnyQuery) -> None:
        """A query has come to the cache.

        Args:
            query: The query.
        """
        if not query.is_filed_by_text:
            self._renamed[query.query_hash] = query
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
        for index in self._by_prefix.values():
            index.remove(query)
        if self._by_members:
            for atoms, members in self._members_over(query):
                members.remove(query)
                if members.is_empty():
                    del self._by_members[atoms]

    def remove_found(self, found: Sequence[AnyQuery], meant: object) -> None:
        """Queries have left the cache that were found by what they begin with.

        Args:
            found: The queries.
            meant: What was asked for, as ``find_meant`` takes it; or anything else.
        """
        # Any: what was asked for is a key, since it found something by being one
        key: Any = meant
        kind: type[object] = type(meant)
        atoms: Atoms = tuple(key) if kind is list or kind is tuple else ()
        index = None
        if atoms and len(self._by_prefix) == 1 and not self._by_members and not self._renamed and are_atoms(atoms):
            index = self._by_prefix.get(len(atoms))
        if index is None or not index.forget(atoms, len(found)):
            for query in found:
                self.remove(query)

    def clear(self) -> None:
        """Forget all: what is still in the cache is found when somebody asks."""
        self._by_prefix.clear()
        self._by_members.clear()
        self.is_asked = False

    def emptied(self) -> None:
        """All queries have left the cache."""
        self.clear()
        self._renamed.clear()

    def find(self, parts: Sequence[object]) -> list[AnyQuery]:
        """The queries whose keys begin with *parts*, oldest first.

        Args:
            parts: Parts of a key, frozen or plain.
        """
        atoms = leading_atoms(parts)
        depth = len(atoms)
        if depth == len(parts):
            return self._beginning(atoms)
        part = parts[depth]
        wanted, says_all = member_atoms(part) if is_members(part) else ([], False)
        if wanted:
            index = self._by_members.get(atoms) or self._new_member_index(atoms)
            if index is not None:
                found = index.find(wanted, parts)
                if says_all and depth + 1 == len(parts):
                    return found
                return [query for query in found if partial_match_key(query.parts_at_hand(), parts)]
        return [query for query in self._beginning(atoms) if partial_match_key(query.parts_at_hand(), parts)]

    def find_meant(self, meant: object) -> list[AnyQuery] | None:
        """The same for a key as calls take it; None for what is no list, tuple or ``QueryKey``.

        Args:
            meant: What a call means. A plain list is not made a key for that.

        Raises:
            QueryKeyError: A part has no stable text.
        """
        kind: type[object] = type(meant)
        if kind is list or kind is tuple:
            # what most calls say is answered here, without another call
            key: Any = meant
            atoms: Atoms = tuple(key)
            for part in atoms:
                if type(part) not in OWN_ATOMS:
                    break
            else:
                index = self._by_prefix.get(len(atoms))
                return self._beginning(atoms) if index is None else index.find(atoms)
        parts = prefix_of(meant)
        return None if parts is None else self.find(parts)

    def _beginning(self, atoms: Atoms) -> list[AnyQuery]:
        depth = len(atoms)
        if not depth:
            return self._queries.all()
        index = self._by_prefix.get(depth)
        if index is None:
            index = self._by_prefix[depth] = PrefixIndex(depth, self._queries, self._renamed)
            self._is_asked_now()
        return index.find(atoms)

    def _new_member_index(self, atoms: Atoms) -> MemberIndex | None:
        """An index over the dicts behind a prefix, if there are enough to be worth one."""
        found = self._beginning(atoms)
        if len(found) <= FEW:
            return None
        index = MemberIndex(len(atoms), {query.query_hash: query for query in found}, self._renamed)
        self._by_members[atoms] = index
        self._is_asked_now()
        return index

    def _is_asked_now(self) -> None:
        self.is_asked = True
        # what comes from now on is to be taken in
        self._queries.close()

    def _members_over(self, query: AnyQuery) -> list[tuple[Atoms, MemberIndex]]:
        atoms = leading_atoms(query.parts_at_hand())
        beginnings = [atoms[:length] for length in range(len(atoms) + 1)]
        return [(atoms, self._by_members[atoms]) for atoms in beginnings if atoms in self._by_members]


def _size(bucket: Bucket) -> int:
    return len(bucket) if isinstance(bucket, dict) else 1


def _holds(query: AnyQuery, bucket: Bucket) -> bool:
    return query.query_hash in bucket if isinstance(bucket, dict) else query is bucket
