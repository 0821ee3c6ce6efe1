"""Paths of a document as patterns: ``/orders/{orderId}`` becomes ``/orders/$orderId``.

The rules: ``{name}`` becomes ``$name``, or ``${name}`` before a letter, digit or underscore; ``$`` becomes ``$$``. A
name that is no identifier has each other character replaced by an underscore, and one before a leading digit;
``{path:path}``, as routers write it, is the parameter ``path``. If two names of a path become one, the later gets
``_2``; a name that is an identifier keeps it in any case.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from ...openapi.documents import Node
from ...openapi.errors import DescriptionError
from ...openapi.paths import PARAM

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_]")
_CONTINUES: Final = re.compile(r"[A-Za-z0-9_]")
_BRACE: Final = re.compile(r"[{}]")
CONVERTERS: Final = frozenset(("path", "str", "int", "float", "uuid", "string"))
"""What may stand behind a colon in the parameters of routers, and is no part of the name."""


class Pattern(msgspec.Struct, frozen=True):
    """A path as a pattern.

    Attributes:
        text: The pattern.
        names: The parameters in their order: the document's name, and the name in the pattern.
        hierarchy: The path without names: two of the same hierarchy are the same to a router.
    """

    text: str
    names: tuple[tuple[str, str], ...]
    hierarchy: str


def read_pattern(node: Node, template: str, declared: Collection[str]) -> Pattern:
    """A path as a pattern.

    Args:
        node: The place of the path.
        template: The path.
        declared: The names that the document declares as parameters of it.

    Raises:
        DescriptionError: It begins with no slash, or has braces that enclose no name.
    """
    if not template.startswith("/"):
        raise DescriptionError(
            f"{node.where}: the path {template!r} does not begin with a slash. Write {'/' + template!r}.",
            where=node.where,
        )
    if _BRACE.search(PARAM.sub("", template)):
        raise DescriptionError(
            f"{node.where}: the path {template!r} has braces that enclose no parameter. A parameter is a name without "
            "slashes, such as {orderId}.",
            where=node.where,
        )
    given = list(dict.fromkeys(_name(name, declared) for name in PARAM.findall(template)))
    named = _identifiers(given)

    def parameter(match: re.Match[str]) -> str:
        name = named[_name(match[1], declared)]
        follows = template[match.end() : match.end() + 1]
        return f"${{{name}}}" if _CONTINUES.match(follows) else f"${name}"

    text, end = "", 0
    for match in PARAM.finditer(template):
        text += template[end : match.start()].replace("$", "$$") + parameter(match)
        end = match.end()
    text += template[end:].replace("$", "$$")
    return Pattern(text, tuple((name, named[name]) for name in given), PARAM.sub("{}", template))


def _name(written: str, declared: Collection[str]) -> str:
    """The document's name of a parameter, without the converter of a router."""
    name, colon, converter = written.rpartition(":")
    return name if colon and written not in declared and (converter in CONVERTERS or name in declared) else written


def _identifiers(names: list[str]) -> Mapping[str, str]:
    found = {name: name for name in names if _IDENTIFIER.fullmatch(name)}
    for name in names:
        if name in found:
            continue
        stem = _OTHER.sub("_", name)
        stem = f"_{stem}" if stem[:1].isdigit() else stem
        usable, number = stem, 2
        while usable in found.values():
            usable, number = f"{stem}_{number}", number + 1
        found[name] = usable
    return found


def with_prefix(pattern: Pattern, node: Node, strip: str, add: str) -> Pattern:
    """A pattern without one beginning, and with another.

    Args:
        pattern: The pattern.
        node: The place of its path.
        strip: What it begins with; empty for nothing.
        add: What to put there; empty for nothing.

    Raises:
        DescriptionError: It does not begin with *strip*.
    """
    text = pattern.text
    if strip:
        beginning = strip.rstrip("/").replace("$", "$$")
        rest = text.removeprefix(beginning) or "/"
        if not text.startswith(beginning) or not rest.startswith("/"):
            raise DescriptionError(
                f"{node.where} does not begin with strip_prefix={strip!r}. Give a prefix that all paths have, or leave "
                "this one out with exclude=.",
                where=node.where,
            )
        text = rest
    if add:
        text = add.rstrip("/").replace("$", "$$") + text
    return msgspec.structs.replace(pattern, text=text)
