"""Types while they are read: built from the bottom up, equal if they say the same, and still without names.

An object with known keys is a shape. Equal shapes are one, wherever they stand in a document; ``naming`` gives each a
name once all of them are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import msgspec

from ...openapi.documents import Node

Direction: TypeAlias = Literal["request", "response"]
"""Whether a schema is read for what is sent or for what comes back: readOnly and writeOnly make a difference."""

Key: TypeAlias = tuple[int, tuple[object, ...], Direction]
"""A place that references lead to, read for one direction."""


class Plain(msgspec.Struct, frozen=True):
    """A type that needs no import and no name.

    Attributes:
        name: ``"str"``, ``"int"``, ``"float"``, ``"bool"``, ``"object"`` or ``"None"``.
    """

    name: str


class Literals(msgspec.Struct, frozen=True):
    """One of several values.

    Attributes:
        sources: The values as Python writes them. As texts, for True and 1 would be equal.
    """

    sources: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True):
    """A list.

    Attributes:
        item: What is in it.
    """

    item: Type


class Mapped(msgspec.Struct, frozen=True):
    """An object whose keys are not known.

    Attributes:
        value: What is under each key.
    """

    value: Type


class United(msgspec.Struct, frozen=True):
    """One of several types; made by ``union``.

    Attributes:
        members: At least two, none of them a union.
    """

    members: tuple[Type, ...]


class Referred(msgspec.Struct, frozen=True):
    """What a reference leads to.

    Attributes:
        key: The place.
    """

    key: Key


class Shaped(msgspec.Struct, frozen=True):
    """An object with known keys that no reference leads to.

    Attributes:
        number: Which of the reader's shapes.
    """

    number: int


Type: TypeAlias = Plain | Literals | Listed | Mapped | United | Referred | Shaped

OBJECT: Final = Plain("object")
NONE: Final = Plain("None")


class Field(msgspec.Struct, frozen=True):
    """A key of a shape.

    Attributes:
        name: The key.
        type: The type of its values.
        required: Whether it must be there.
        doc: What the document says of it.
    """

    name: str
    type: Type
    required: bool
    doc: str = ""


class Fields(msgspec.Struct, frozen=True):
    """A shape: an object with known keys.

    Attributes:
        fields: The keys, in the order of the document.
        title: What the document calls it; empty if nothing.
        doc: What the document says of it; empty if nothing.
    """

    fields: tuple[Field, ...]
    title: str = ""
    doc: str = ""

    @property
    def identity(self) -> frozenset[tuple[str, Type, bool]]:
        """What makes two shapes the same: neither the order of the keys nor what is said of them."""
        return frozenset((field.name, field.type, field.required) for field in self.fields)


class Definition:
    """What stands at a place that references lead to. Its body comes later: it may refer to itself.

    Args:
        node: The place.
        direction: For what it is read.

    Attributes:
        body: The type, or the shape of an object; None until it is known.
        doc: What the document says of it.
    """

    __slots__ = ("body", "direction", "doc", "node")

    def __init__(self, node: Node, direction: Direction) -> None:
        self.node: Node = node
        self.direction: Direction = direction
        self.body: Type | Fields | None = None
        self.doc: str = ""


def union(types: Iterable[Type]) -> Type:
    """One of several types: each once, values joined, None at the end. What is not known makes all of it unknown.

    Args:
        types: The types; none at all is anything.
    """
    found: dict[Type, None] = {}
    values: dict[str, None] = {}
    for member in flat(types):
        if isinstance(member, Literals):
            values.update(dict.fromkeys(member.sources))
            found.setdefault(_VALUES)
        else:
            found.setdefault(member)
    if OBJECT in found or not found:
        return OBJECT
    is_nullable = NONE in found
    found.pop(NONE, None)
    members = [Literals(tuple(values)) if member is _VALUES else member for member in found]
    if is_nullable:
        members.append(NONE)
    return members[0] if len(members) == 1 else United(tuple(members))


_VALUES: Final = Literals(())


def flat(types: Iterable[Type]) -> Iterator[Type]:
    """The types, with the members of unions in their places.

    Args:
        types: The types.
    """
    for one in types:
        if isinstance(one, United):
            yield from one.members
        else:
            yield one


def first_line(text: object, limit: int = 200) -> str:
    """What a document says of something, as one line.

    Args:
        text: Its description; anything but a text is nothing.
        limit: How many characters there may be.
    """
    if not isinstance(text, str) or not text:
        return ""
    line = " ".join(text.lstrip().partition("\n\n")[0].split())
    return line if len(line) <= limit else f"{line[: limit - 3].rstrip()}..."
