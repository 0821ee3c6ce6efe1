"""What to call things by where they stand: the place that a reference leads to, and the shapes in a type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ...openapi.documents import Node
from .names import class_name
from .shapes import Fields, Listed, Literals, Mapped, Referred, Shaped, Type, United

_STRUCTURE: Final = frozenset(
    (
        *("components", "schemas", "properties", "items", "definitions", "$defs", "schema", "content", "responses"),
        *("paths", "parameters", "requestBodies", "allOf", "oneOf", "anyOf", "additionalProperties"),
        "application/json",
    )
)
"""Keys on the way to a schema that say nothing about it."""


def place_name(node: Node) -> str:
    """What the place of a schema is called: the names that lead there, else the name of the file.

    Args:
        node: The place.
    """
    steps = [step for step in node.steps if isinstance(step, str) and step not in _STRUCTURE]
    if steps:
        return " ".join(steps)
    path = node.document.path
    return path.stem if path is not None else "Type"


def parts(kind: Type) -> Iterator[Referred | Shaped]:
    """The references and shapes in a type.

    Args:
        kind: The type.
    """
    match kind:
        case Referred() | Shaped():
            yield kind
        case Listed(item=below) | Mapped(value=below):
            yield from parts(below)
        case United(members=members):
            for member in members:
                yield from parts(member)
        case _:
            return


def labelled(kind: Type, label: str, shapes: Sequence[Fields]) -> Iterator[tuple[int, str]]:
    """The numbers of the shapes in a type, each with what to call it there.

    Args:
        kind: The type.
        label: What to call the whole: the key under which it stands.
        shapes: The shapes by number.
    """
    match kind:
        case Shaped(number=number):
            yield number, label
        case Listed(item=item):
            yield from labelled(item, label if label.endswith("Item") else f"{label}Item", shapes)
        case Mapped(value=value):
            yield from labelled(value, label if label.endswith("Value") else f"{label}Value", shapes)
        case United(members=members):
            numbers = [member.number for member in members if isinstance(member, Shaped)]
            marks = _marks({number: shapes[number] for number in numbers})
            for member in members:
                if isinstance(member, Shaped):
                    yield member.number, label + marks[member.number]
                else:
                    yield from labelled(member, label, shapes)
        case _:
            return


def _marks(shapes: dict[int, Fields]) -> dict[int, str]:
    """What tells the shapes of a union apart: a tag, their titles, or a key that only one has."""
    if len(shapes) == 1:
        return dict.fromkeys(shapes, "")
    tags = [_tags(shape) for shape in shapes.values()]
    for name in sorted(tags[0]) if tags else ():
        values = [class_name(found[name]) if name in found else "" for found in tags]
        if all(values) and len(set(values)) == len(values):
            return dict(zip(shapes, values, strict=True))
    titles = [class_name(shape.title) if shape.title else "" for shape in shapes.values()]
    if all(titles) and len(set(titles)) == len(titles):
        return dict(zip(shapes, titles, strict=True))
    marks: dict[int, str] = {}
    for number, shape in shapes.items():
        others = {field.name for other, its in shapes.items() if other != number for field in its.fields}
        own = sorted((not one.required, one.name) for one in shape.fields if one.name not in others)
        marks[number] = f"With{class_name(own[0][1])}" if own else ""
    return marks


def _tags(shape: Fields) -> dict[str, str]:
    """The keys of a shape that have but one value."""
    return {
        field.name: field.type.sources[0].strip('"')
        for field in shape.fields
        if isinstance(field.type, Literals) and len(field.type.sources) == 1
    }
