"""Parameters of paths and queries, typed by what can be sent: texts, numbers, and lists of them.

Keys of a query are those that go over the wire. An object of style ``deepObject`` is listed key by key,
``filter[state]``, one of style ``form`` by its properties. A list is sent by repeating its key; where the document
wants one text with commas, the parameter is that text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from ...openapi.documents import Node
from ...openapi.errors import DescriptionError
from .schemas import SchemaReader
from .shapes import (
    NONE,
    OBJECT,
    Fields,
    Listed,
    Literals,
    Mapped,
    Plain,
    Referred,
    Shaped,
    Type,
    first_line,
    flat,
    union,
)

PLACES: Final = ("path", "query", "header", "cookie")
_DELIMITERS: Final = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_STR: Final = Plain("str")
_SCALARS: Final = (_STR, Plain("int"), Plain("float"), Plain("bool"))
MAX_DEPTH: Final = 5
"""Objects in objects of a query, beyond which their keys are not listed."""


class WireParameter(msgspec.Struct, frozen=True):
    """A parameter, or a key of one that is an object.

    Attributes:
        name: The key on the wire.
        type: What may be sent.
        required: Whether it must be.
        doc: What the document says of it.
    """

    name: str
    type: Type
    required: bool
    doc: str


def read_parameters(item: Node, operation: Node) -> dict[tuple[str, str], Node]:
    """The parameters of an operation by place and name: its own in the place of those of its path.

    Args:
        item: The path.
        operation: The operation.

    Raises:
        DescriptionError: One has no name, or no place that is known.
    """
    found: dict[tuple[str, str], Node] = {}
    for holder in (item, operation):
        for one in holder.sequence("parameters"):
            node = one.resolved
            name, place = node.at("name").value, node.at("in").value
            if not isinstance(name, str) or place not in PLACES:
                raise DescriptionError(
                    f"{node.where}: a parameter has a name, and is in one of {', '.join(PLACES)}.", where=node.where
                )
            found[place, name] = node
    return found


def path_type(node: Node, schemas: SchemaReader) -> Type:
    """What may stand for a parameter of a path: no bool, float or None, for they have no one spelling in a URL.

    Args:
        node: The parameter.
        schemas: Reads its schema.
    """
    schema = _schema(node)
    if schema.at("format").value == "uuid" or _formats(schema) == {"uuid"}:
        return union((_STR, Plain("UUID")))
    return _in_path(schemas.read(schema, "request"), schemas)


def _formats(schema: Node) -> set[Any]:
    schema = schema.resolved
    branches = schema.sequence("anyOf") or schema.sequence("oneOf") or [schema]
    return {branch.resolved.at("format").value for branch in branches}


def _in_path(kind: Type, schemas: SchemaReader) -> Type:
    found: list[Type] = []
    for member in flat([kind]):
        match member:
            case Plain(name="int"):
                found.append(member)
            case Plain(name="bool"):
                found.append(Literals(('"true"', '"false"')))
            case Plain(name="None"):
                continue
            case Literals(sources=sources):
                lower = {"True": '"true"', "False": '"false"'}
                found.append(Literals(tuple(lower.get(source, source) for source in sources)))
            case Referred(key=key):
                body = schemas.definitions[key].body
                if isinstance(body, Literals):
                    found.append(member)
                elif body is None or isinstance(body, Fields):
                    found += _TEXT
                else:
                    found.append(_in_path(body, schemas))
            case _:
                found += _TEXT
    return union(found) if found else union(_TEXT)


_TEXT: Final[tuple[Type, ...]] = (_STR, Plain("int"))


def query_parameters(node: Node, schemas: SchemaReader) -> Iterator[WireParameter | None]:
    """What a parameter of a query puts there; None for keys that cannot be listed.

    Args:
        node: The parameter.
        schemas: Reads its schema.
    """
    name = str(node.at("name").value)
    required = node.at("required").value is True
    doc = first_line(node.at("description").value)
    if node.mapping("content"):
        yield WireParameter(name, _STR, required, _with(doc, "JSON as text"))
        return
    style = node.at("style").value or "form"
    explode = node.at("explode").value
    explode = explode if isinstance(explode, bool) else style in ("form", "deepObject")
    whole = schemas.fields(_schema(node), "request")
    if style == "deepObject":
        yield from _deep(name, whole, required, doc, schemas)
        return
    scalars: list[Type] = []
    for member in _members(whole, schemas):
        if isinstance(member, (Fields, Mapped)):
            if explode and style == "form":
                yield from _spread(member, required and not scalars, schemas)
            else:
                scalars.append(_STR)
                doc = _with(doc, "keys and values as one text, key,value,key,value")
        elif isinstance(member, Listed) and not explode:
            scalars.append(_STR)
            doc = _with(doc, f"several as one text, with {_DELIMITERS.get(style, ',')!r} between them")
        elif isinstance(member, Listed):
            scalars.append(Listed(_scalar(member.item, schemas)))
        else:
            scalars.append(_scalar(member, schemas))
    if [kind for kind in scalars if kind != NONE]:
        yield WireParameter(name, union(scalars), required, doc)


def _spread(member: Fields | Mapped, required: bool, schemas: SchemaReader) -> Iterator[WireParameter | None]:
    """An object whose properties are parameters of their own."""
    if isinstance(member, Mapped):
        yield None
        return
    for field in member.fields:
        yield WireParameter(field.name, _value(field.type, schemas), required and field.required, field.doc)


def _deep(
    name: str, kind: Type | Fields, required: bool, doc: str, schemas: SchemaReader, depth: int = 0
) -> Iterator[WireParameter | None]:
    """An object whose keys stand in brackets."""
    scalars: list[Type] = []
    members = list(_members(kind, schemas))
    for member in members:
        if isinstance(member, Fields) and depth < MAX_DEPTH:
            must = required and len(members) == 1
            for field in member.fields:
                below = f"{name}[{field.name}]"
                yield from _deep(below, field.type, must and field.required, field.doc, schemas, depth + 1)
        elif isinstance(member, (Fields, Mapped)):
            yield None
        elif isinstance(member, Listed):
            # no specification says how; servers that know brackets read empty ones as a list
            item = list(_members(member.item, schemas))
            if any(isinstance(one, (Fields, Mapped, Listed)) for one in item):
                yield None
            else:
                must = required and len(members) == 1
                yield WireParameter(f"{name}[]", Listed(_scalar(member.item, schemas)), must, doc)
        else:
            scalars.append(_scalar(member, schemas))
    if [one for one in scalars if one != NONE]:
        yield WireParameter(name, union(scalars), required and len(scalars) == len(members), doc)


def _members(kind: Type | Fields, schemas: SchemaReader, seen: tuple[Any, ...] = ()) -> Iterator[Type | Fields]:
    """The types of a union, with what is behind names that do not go over the wire."""
    if isinstance(kind, Fields):
        yield kind
        return
    for member in flat([kind]):
        if isinstance(member, Shaped):
            yield schemas.shapes[member.number]
        elif isinstance(member, Referred):
            body = schemas.definitions[member.key].body
            if body is None or member.key in seen or isinstance(body, Literals):
                # a name for several values is a good one
                yield member
            else:
                yield from _members(body, schemas, (*seen, member.key))
        else:
            yield member


def _value(kind: Type, schemas: SchemaReader) -> Type:
    """What may be under one key: a scalar, or a list of scalars."""
    return union(
        Listed(_scalar(member.item, schemas)) if isinstance(member, Listed) else _scalar(member, schemas)
        for member in _members(kind, schemas)
    )


def _scalar(kind: Type | Fields, schemas: SchemaReader) -> Type:
    found: list[Type] = []
    for member in _members(kind, schemas):
        if (isinstance(member, Plain) and member != OBJECT) or isinstance(member, (Literals, Referred)):
            found.append(member)
        elif member == OBJECT:
            found += _SCALARS
        else:
            # lists and objects in lists have no form in a query
            found.append(_STR)
    return union(found) if found else _STR


def _with(doc: str, hint: str) -> str:
    return f"{doc} ({hint})" if doc else hint


def _schema(node: Node) -> Node:
    contents = node.mapping("content")
    return contents[0][1].at("schema") if contents else node.at("schema")


def declared_names(parameters: dict[tuple[str, str], Node]) -> set[str]:
    """The names of those in the path.

    Args:
        parameters: What ``read_parameters`` found.
    """
    return {name for place, name in parameters if place == "path"}
