"""The text of the types module: TypedDicts and aliases, as Python source.

The module is for type checkers, and for those who validate. Importing it is right, but the generated table never does:
a thousand TypedDicts take longer than everything else of a program's start.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from .docstrings import docstring
from .model import TypeAliasClass, TypedDictClass
from .plan import Plan

_WORD: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*")

_MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "typing": ("TYPE_CHECKING", "Literal", "TypeAlias"),
    "uuid": ("UUID",),
    "typing_extensions": ("NotRequired", "TypeAliasType", "TypedDict"),
    "query.api": ("PathValue",),
}
"""Where the names come from that the module uses beside its own."""

IMPORTED: Final = frozenset(name for names in _MODULES.values() for name in names)
"""Names that no type may have."""


def types_module(plan: Plan) -> str:
    """The text of the module, without its header.

    Args:
        plan: What is written, named.
    """
    types = [*plan.backend.types, *plan.parameters]
    classes = sorted((one for one in types if isinstance(one, TypedDictClass)), key=lambda one: one.name)
    aliases = [one for one in types if isinstance(one, TypeAliasClass)]
    circular, plain = _aliases(aliases)
    body = "\n".join([*circular, *map(_typed_dict, classes), *plain])
    used = {word for one in aliases for word in words_of(one.type)}
    used |= {word for one in classes for field in one.fields for word in words_of(field.type)}
    # what is not part of an expression of the document
    used |= {
        word
        for word in ("TYPE_CHECKING", "TypedDict", "TypeAlias", "TypeAliasType")
        if re.search(rf"\b{word}\b[() :]", body)
    }
    used |= {"NotRequired" for one in classes if not all(field.required for field in one.fields)}
    return f"from __future__ import annotations\n\n{_imports(used)}\n{body}"


def _imports(used: AbstractSet[str]) -> str:
    lines = [
        f"from {module} import {', '.join(name for name in names if name in used)}"
        for module, names in _MODULES.items()
        if not used.isdisjoint(names)
    ]
    return "".join(f"{line}\n" for line in lines)


def words_of(expression: str) -> list[str]:
    """The names in a type expression, without the texts of its literals.

    Args:
        expression: Such as ``'list[Project] | Literal["none"]'``.
    """
    return [word for word in _WORD.findall(expression) if word[0] not in "\"'"]


def renamed(expression: str, names: Mapping[str, str]) -> str:
    """A type expression with other names.

    Args:
        expression: The expression.
        names: New names by old ones.
    """
    return _WORD.sub(lambda match: names.get(match[0], match[0]), expression) if names else expression


def _typed_dict(one: TypedDictClass) -> str:
    fields = [(field, field.type if field.required else f"NotRequired[{field.type}]") for field in one.fields]
    used = {word for _, type_ in fields for word in words_of(type_)}
    # a key named like a type would hide that type from the lines of its class
    if all(_may_be_attribute(field.name) and field.name not in used for field, _ in fields):
        lines = "".join(f"    {field.name}: {type_}\n{docstring(field.doc)}" for field, type_ in fields)
        doc = docstring(one.doc)
        return f"class {one.name}(TypedDict):\n{doc}{lines or ('' if doc else '    pass' + chr(10))}"
    lines = "".join(f"        {json.dumps(field.name)}: {_quoted(type_)},\n" for field, type_ in fields)
    return f'{one.name} = TypedDict(\n    "{one.name}",\n    {{\n{lines}    }},\n)\n'


def _quoted(expression: str) -> str:
    """A type expression as a text, in the quotes that it does not have: ty takes none with backslashes in it."""
    return repr(expression) if '"' in expression else f'"{expression}"'


def _may_be_attribute(name: str) -> bool:
    # two leading underscores would be mangled
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__")


def _aliases(aliases: Iterable[TypeAliasClass]) -> tuple[list[str], list[str]]:
    """Aliases that use themselves, by expressions that are texts; and the others, after those that they use."""
    by_name = {one.name: one for one in sorted(aliases, key=lambda one: one.name)}
    types = _without_shared_circles({name: one.type for name, one in by_name.items()})
    uses = _uses(types)
    circular = {name for name in types if _reaches(name, name, uses)}
    texts = [
        # pyright loses its way in the one form, depending on where it comes from; pydantic needs it
        f"if TYPE_CHECKING:\n    {name}: TypeAlias = {_quoted(types[name])}\nelse:\n"
        f"    {name} = TypeAliasType({json.dumps(name)}, {_quoted(types[name])})\n{docstring(by_name[name].doc, '')}"
        for name in sorted(circular)
    ]
    plain: dict[str, str] = {}

    def write(name: str) -> None:
        if name in plain or name in circular:
            return
        for other in uses[name]:
            write(other)
        plain[name] = f"{name}: TypeAlias = {types[name]}\n{docstring(by_name[name].doc, '')}"

    for name in types:
        write(name)
    return texts, list(plain.values())


def _uses(types: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [word for word in words_of(type_) if word in types] for name, type_ in types.items()}


def _without_shared_circles(given: Mapping[str, str]) -> dict[str, str]:
    """The same aliases, where one leads back to itself by itself alone.

    Checkers disagree about aliases that need one another: one refuses one form of them, another never ends with the
    other. So an alias in such a circle is written out where the others use it.
    """
    types = dict(given)
    for name in given:
        uses = _uses(types)
        if name not in uses[name]:
            others = [other for other in given if name in uses[other] and _reaches(name, other, uses)]
            types |= {other: renamed(types[other], {name: types[name]}) for other in others}
    return types


def _reaches(start: str, goal: str, uses: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(uses[start])
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(uses[name])
    return False
