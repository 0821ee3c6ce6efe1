"""A key as the house keeps it: frozen, hashed once, and carrying the type of its data."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast, overload

import msgspec

from .errors import QueryKeyError
from .key_text import encode_json
from .keys import hash_key, is_plain, normalize_key, partial_match_key, plain_text
from .types import KeyParts

# Invariant on purpose: a key read as QueryKey[object] would let anything be written under it.
T = TypeVar("T")

Source: TypeAlias = bytes | tuple[object, ...]
"""What the parts of a key can be had from: themselves, or the bytes of ``marshal``, a third of their size."""

# Plain keys, most of which are asked for again and again. marshal writes each value in one way and tells apart what
# differs by its exact type, so that a member of a StrEnum is never mixed up with its value.
KNOWN_KEYS: Final[dict[bytes, QueryKey[Any]]] = {}
_MOST_KNOWN: Final = 4096
_LONGEST: Final = 512


class QueryKey(Generic[T]):
    """The name of one entry of the cache.

    Made from a list or tuple wherever one is accepted; made by hand to say what type the cached data has::

        PROJECTS = QueryKey[list[Project]]("projects", {"page": 1})
        client.get_query_data(PROJECTS)  # list[Project] | None

    It is no tuple, since a sequence of anything would hide a wrong type of data from the type checker. It reads
    like one: ``key[0]``, ``len(key)``, ``for part in key``. It equals lists and tuples with the same parts.

    Args:
        *parts: What distinguishes the entry: str, int, float, bool, None, and dicts, lists and tuples of them, also
            Enum, UUID, dates, Decimal and others that have a stable text. Copied, so that a later change of
            the caller's list or dict cannot reach the key.

    Raises:
        QueryKeyError: A part has no stable text; the message names the place.
    """

    __slots__ = ("__weakref__", "_source", "text")

    text: str
    """The canonical text of the key: equal for equal keys."""

    _source: Source

    def __init__(self, *parts: object) -> None:
        known: QueryKey[T] = as_query_key(parts)
        self.text, self._source = known.text, known._source

    @property
    def parts(self) -> tuple[object, ...]:
        """The parts, frozen. Made when somebody asks: the cache itself works with the text."""
        source = self._source
        if type(source) is not bytes:
            return cast("tuple[object, ...]", source)
        loaded = marshal.loads(source)
        parts: tuple[object, ...] = tuple(loaded) if self.text.count("[") == 1 else normalize_key(loaded)
        if "{" not in self.text:
            # many hold this key: it keeps nothing that one of them could change for the others
            self._source = parts
        return parts

    def startswith(self, prefix: AnyQueryKey) -> bool:
        """Whether this key begins with *prefix*, as filters understand it.

        Args:
            prefix: A shorter or equal key; dicts in it need only be a part of this key's dicts.
        """
        return partial_match_key(self.parts, as_query_key(prefix).parts)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, index: int | slice) -> Any:
        return self.parts[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, QueryKey):
            return self.text == other.text
        if isinstance(other, (list, tuple)):
            try:
                return self.text == hash_key([*other])
            except QueryKeyError:
                return False  # what cannot be a key equals none
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"QueryKey{self.parts!r}" if len(self.parts) != 1 else f"QueryKey({self.parts[0]!r})"

    def __copy__(self) -> QueryKey[T]:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> QueryKey[T]:
        return self

    def __reduce__(self) -> tuple[type[QueryKey[Any]], tuple[object, ...]]:
        return QueryKey, self.parts


AnyQueryKey: TypeAlias = QueryKey[Any] | KeyParts
"""A key in either form. An API that reads or writes data takes ``QueryKey[T]`` to keep its type."""


def as_query_key(key: QueryKey[T] | KeyParts) -> QueryKey[T]:
    """*key* as a ``QueryKey``: itself if it is one.

    Args:
        key: A ``QueryKey``, a list or a tuple.

    Raises:
        QueryKeyError: Anything else (a plain string, a dict, ...), or a part without a stable text.
    """
    if isinstance(key, QueryKey):
        return key
    packed: bytes | None = None
    try:
        packed = marshal.dumps(key, 0)
    except ValueError:
        # no plain key
        pass
    else:
        known = KNOWN_KEYS.get(packed)
        if known is not None:
            return known
    return read_key(key, packed)


def parts_at_hand(key: QueryKey[Any]) -> Sequence[object]:
    """The parts of a key for one look: the key does not keep them, they may be lists, and changing them is nothing.

    Args:
        key: The key.
    """
    source: Any = key._source
    # no cast(), which would be a call for each key that an index takes in
    parts: Sequence[object] = marshal.loads(source) if type(source) is bytes else source
    return parts


def packed_key(key: QueryKey[T] | KeyParts, text: str) -> QueryKey[T] | bytes | str:
    """*key* for a cache that may never be asked for it: a third of its size, and nothing for the garbage collector.

    Args:
        key: A ``QueryKey``, a list or a tuple.
        text: Its text, as ``hash_key`` gave it; ``key_of_packed`` wants it back.

    Returns:
        The text, if the key can be read from it just as it was given; else bytes, or the key.
    """
    if isinstance(key, QueryKey):
        return key
    if _is_said_by_text(key, text):
        return text
    # hash_key has taken it, so it is no record and nothing else that marshal would not know again
    return marshal.dumps(key, 0) if is_plain(key) else key_of_packed(normalize_key(key), text)


# Any: a list or tuple
def packed_plain_key(key: Any, text: str) -> bytes | str:
    """The same for a key that is known to be plain JSON, without a look at its parts.

    Args:
        key: The key.
        text: Its text.
    """
    # as given it reads as the text does: so its dicts have their members in that order
    if len(text) <= _LONGEST and "\\" not in text and _encode_as_given(key).decode() == text:
        return text
    return marshal.dumps(key, 0)


_encode_as_given: Final = msgspec.json.Encoder().encode


# Any: whatever people write
def _is_said_by_text(key: Any, text: str) -> bool:
    """Whether a key is short plain JSON of which the text keeps the order: no dict in it has two members."""
    # a text with escapes, or that is very long, may stand for what JSON has no words for
    if type(key) not in _KEYS or len(text) > _LONGEST or "\\" in text:
        return False
    for part in key:
        if type(part) not in _ATOMS:
            members: Any = part
            if type(part) is not dict or len(members) > 1:
                return False
            for name in members:
                if type(name) is not str or type(members[name]) not in _ATOMS:
                    return False
    return True


_KEYS: Final[frozenset[object]] = frozenset({list, tuple})
_ATOMS: Final = frozenset({str, int, bool, type(None)})


def key_of_packed(packed: Source | str, text: str) -> QueryKey[Any]:
    """The key that ``packed_key`` packed, or one whose frozen parts are at hand.

    Args:
        packed: What that returned, or the parts.
        text: Its text.
    """
    made: QueryKey[Any] = _new(QueryKey)
    made.text = text
    made._source = marshal.dumps(_decode(text), 0) if type(packed) is str else cast("Source", packed)
    return made


# Any: checkers know no plain function in a decoder
_DECODER: Final[Any] = msgspec.json.Decoder()
_decode: Final = _DECODER.decode
_decode_lines: Final = _DECODER.decode_lines


_new: Final[Any] = object.__new__


parts_of_packed: Final[Callable[[bytes], Sequence[object]]] = marshal.loads
"""The parts of a key that ``packed_key`` packed, for one look: no function of ours, which would be a call for each."""
parts_of_text: Final[Callable[[str], Sequence[object]]] = _decode
"""The same of a key of which it returned the text."""


def parts_of_texts(texts: Sequence[str]) -> list[list[Any]]:
    """The same of many keys, in one call.

    Args:
        texts: The texts.
    """
    parts: list[list[Any]] = _decode_lines("\n".join(texts))
    return parts


def json_parts(key: Any) -> list[Any] | None:
    """The parts of a key of plain JSON as lists and dicts, made anew; None if they must be looked at one by one.

    Args:
        key: The ``QueryKey``; or packed, as ``packed_key`` gave it.
    """
    if type(key) is str:
        said: list[Any] = _decode(key)
        return said
    # no cast(), which would be a call for each key that is written
    source: Any = key if type(key) is bytes else key._source
    if type(source) is not bytes:
        return None
    if _TUPLE not in source:
        parts: list[Any] = marshal.loads(source)
        return parts
    # marshal writes a bracket for each tuple; one in a string does no harm
    return list(marshal.loads(source)) if source[0] == _TUPLE and source.count(_TUPLE) == 1 else None


_TUPLE: Final = ord("(")
_SET: Final = ord("<")
_FROZENSET: Final = ord(">")


def packed_once(parts: Any, text: str) -> bytes | None:
    """The key that *parts* are, packed, for those who read many that they do not expect to see again.

    Args:
        parts: What may be a key.
        text: What its text probably is.

    Returns:
        None if it is no list of plain JSON of few levels with that text, but something for ``as_query_key``.
    """
    try:
        plain = msgspec.convert(parts, _PlainKey)
        # which takes nothing for JSON that only passes for it: no member of an enum, no named tuple
        packed = marshal.dumps(parts, 0)
        # what is read as JSON takes a set for a list; the same marks in a string do no harm
        if _SET in packed or _FROZENSET in packed:
            return None
        return packed if encode_json(plain).decode() == text else None
    except (ValueError, TypeError, RecursionError):
        return None


_Scalar: TypeAlias = str | int | bool | None
_Part: TypeAlias = _Scalar | list[_Scalar] | dict[str, _Scalar]
_OuterPart: TypeAlias = _Scalar | list[_Part] | dict[str, _Part]
_PlainKey: TypeAlias = list[_Scalar | list[_OuterPart] | dict[str, _OuterPart]]


def read_key(key: KeyParts, packed: bytes | None) -> QueryKey[Any]:
    """A key that was not found among those that are known.

    Args:
        key: What should be one.
        packed: Its bytes as ``marshal`` writes them; None if it does not.

    Raises:
        QueryKeyError: It is none.
    """
    if packed is not None and (type(key) is list or type(key) is tuple):
        text = plain_text(key)
        if text is not None:
            made = key_of_packed(packed, text)
            if len(packed) <= _LONGEST:
                if len(KNOWN_KEYS) >= _MOST_KNOWN:
                    KNOWN_KEYS.clear()
                KNOWN_KEYS[packed] = made
            return made
    parts = normalize_key(key)
    return key_of_packed(parts, hash_key(parts))
