"""Schemas as types, from the bottom up. References are kept as references; nothing has a name yet."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

from msgspec import structs

from ...openapi.documents import Node, is_list, is_object
from ...openapi.errors import DescriptionError
from .facts import Facts, is_nullable, parts, pure_reference
from .names import source
from .shapes import (
    NONE,
    OBJECT,
    Definition,
    Direction,
    Field,
    Fields,
    Key,
    Listed,
    Literals,
    Mapped,
    Plain,
    Referred,
    Shaped,
    Type,
    first_line,
    union,
)

MAX_CHOICES: Final = 24
"""Combinations of branches that are written out; beyond them the properties of all branches are optional."""

_PLAIN: Final = {
    "string": Plain("str"),
    "integer": Plain("int"),
    "number": Plain("float"),
    "boolean": Plain("bool"),
    "null": NONE,
}
_NO_PLAIN: Final = frozenset(("enum", "const", "allOf", "anyOf", "oneOf", "$ref", "$dynamicRef"))


class SchemaReader:
    """Reads the schemas of a description.

    Args:
        is_3_0: Whether they are those of OpenAPI 3.0.

    Attributes:
        definitions: What references lead to.
        shapes: The objects that no reference leads to, each once.
    """

    def __init__(self, *, is_3_0: bool) -> None:
        self._is_3_0 = is_3_0
        self.definitions: dict[Key, Definition] = {}
        self.shapes: list[Fields] = []
        self._numbers: dict[frozenset[tuple[str, Type, bool]], int] = {}
        self._directed: dict[Any, tuple[bool, list[Node]]] = {}
        self._depends: dict[Any, bool] = {}
        self._merging: set[frozenset[Any]] = set()

    def read(self, node: Node, direction: Direction) -> Type:
        """The type of what a schema allows.

        Args:
            node: The schema.
            direction: For what it is read.

        Raises:
            DescriptionError: It is no schema, or refers to what is not there.
        """
        given = node.value
        if is_object(given):
            kind = given.get("type")
            if isinstance(kind, str) and kind in _PLAIN and _NO_PLAIN.isdisjoint(given):
                # most schemas of a document are no more than that
                plain = _PLAIN[kind]
                return union((plain, NONE)) if self._is_3_0 and is_nullable(given) else plain
        return self._type(self._read([node], direction))

    def define(self, node: Node, direction: Direction) -> Definition:
        """What stands at a place that references lead to.

        Args:
            node: The place.
            direction: For what it is read.

        Raises:
            DescriptionError: It is no schema, or refers to what is not there.
        """
        if direction == "request" and not self._depends_on_direction(node):
            direction = "response"
        key = (*node.key, direction)
        made = self.definitions.get(key)
        if made is None:
            made = self.definitions[key] = Definition(node, direction)
            made.body = self._read([node], direction)
            given = node.value
            if is_object(given):
                made.doc = first_line(given.get("description") or given.get("title"))
        return made

    def fields(self, node: Node, direction: Direction) -> Fields | Type:
        """What a schema allows; its keys if it is an object with known ones.

        Args:
            node: The schema.
            direction: For what it is read.
        """
        found = self._read([node], direction)
        if isinstance(found, Referred):
            body = self.definitions[found.key].body
            return body if isinstance(body, Fields) else found
        return found

    def _type(self, read: Type | Fields) -> Type:
        if not isinstance(read, Fields):
            return read
        number = self._numbers.setdefault(read.identity, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append(read)
        elif read.title and read.title < (self.shapes[number].title or "\U0010ffff"):
            # the same title whichever place is read first, for it may become a name
            self.shapes[number] = structs.replace(self.shapes[number], title=read.title)
        return Shaped(number)

    def _read(self, nodes: list[Node], direction: Direction) -> Type | Fields:
        """The type of what several schemas allow that must hold together."""
        for node in nodes:
            if not is_object(node.value) and node.value not in (True, False, None):
                raise DescriptionError(f"{node.where} is {node.value!r}; a schema is expected there.", where=node.where)
        said = parts(nodes, is_3_0=self._is_3_0)
        if not said:
            return OBJECT
        forced_null = self._is_3_0 and any(is_nullable(node.value) for node in nodes)
        found: Type | Fields
        ref = pure_reference(said[0].value, is_3_0=self._is_3_0) if len(said) == 1 else None
        if ref is not None:
            found = self._referred(said[0].follow(ref), direction)
            forced_null = forced_null or (self._is_3_0 and is_nullable(said[0].value))
        else:
            forced_null = forced_null or (
                self._is_3_0 and all(is_nullable(node.value) or is_nullable(node.resolved.value) for node in said)
            )
            keys = frozenset((*node.key, direction) for node in said)
            if keys in self._merging:
                # two schemas that lead to each other only by being merged have no place to be named by
                return OBJECT if len(keys) > 1 else self._circular(said[0], direction)
            self._merging.add(keys)
            try:
                facts = Facts(is_3_0=self._is_3_0)
                for node in nodes:
                    facts.add(node)
                found = self._of_facts(facts, direction)
            finally:
                self._merging.discard(keys)
        return union((self._type(found), NONE)) if forced_null and found != NONE else found

    def _circular(self, node: Node, direction: Direction) -> Type:
        """A schema that leads to itself though nothing refers to it: it was merged into what it leads to."""
        key: Key = (*node.key, direction)
        if key not in self.definitions:
            made = self.definitions[key] = Definition(node, direction)
            self._merging.discard(frozenset((key,)))
            made.body = self._read([node], direction)
            self._merging.add(frozenset((key,)))
        return Referred(key)

    def _referred(self, target: Node, direction: Direction) -> Type:
        given = target.value
        if self._is_3_0 or (is_object(given) and len(given) == 1):
            target = target.resolved
        definition = self.define(target, direction)
        if isinstance(definition.body, Plain):
            # a name for a text says less than "str"
            return definition.body
        return Referred((*target.key, definition.direction))

    def _of_facts(self, facts: Facts, direction: Direction) -> Type | Fields:
        if facts.choices:
            return self._of_choices(facts, direction)
        if facts.values is not None:
            return _of_values(facts)
        if facts.kinds == []:
            # nothing fits, so nothing can be said
            return OBJECT
        found: list[Type | Fields] = []
        for kind in facts.known_kinds:
            if kind == "object":
                found.append(self._of_object(facts, direction))
            elif kind == "array":
                found.append(Listed(self._of_items(facts, direction)))
            else:
                found.append(_PLAIN[kind])
        if len(found) == 1:
            return found[0]
        return union([self._type(one) for one in found])

    def _of_choices(self, facts: Facts, direction: Direction) -> Type | Fields:
        choices, facts.choices = facts.choices, []
        if len(choices) == 1 and not facts.has_parts and facts.values is None:
            # the branches say it all, and keep their names
            return union([self._of_branch(facts, branch, direction) for branch in choices[0]])
        count = 1
        for branches in choices:
            count *= len(branches)
        if count > MAX_CHOICES:
            return self._loosely(facts, choices, direction)
        found: list[Type] = []
        for combination in product(*choices):
            merged = facts.copy()
            for branch in combination:
                merged.add(branch)
            if merged.kinds != []:
                found.append(self._type(self._of_facts(merged, direction)))
        return union(found)

    def _of_branch(self, facts: Facts, branch: Node, direction: Direction) -> Type:
        given = branch.value
        if facts.kinds is None or (
            is_object(given) and not {"type", "$ref", "oneOf", "anyOf", "allOf"}.isdisjoint(given)
        ):
            return self.read(branch, direction)
        merged = facts.copy()
        merged.add(branch)
        return self._type(self._of_facts(merged, direction))

    def _loosely(self, facts: Facts, choices: list[list[Node]], direction: Direction) -> Type | Fields:
        """What any of very many combinations may be: what only some branches have may be missing."""
        merged = facts.copy()
        required = dict(merged.required)
        for branches in choices:
            for branch in branches:
                one = Facts(is_3_0=self._is_3_0)
                one.seen = set(facts.seen)
                one.add(branch)
                for name, nodes in one.properties.items():
                    merged.properties.setdefault(name, nodes)
        merged.required = required
        return self._of_facts(merged, direction)

    def _of_object(self, facts: Facts, direction: Direction) -> Type | Fields:
        fields: list[Field] = []
        for name, nodes in facts.properties.items():
            if len(nodes) == 1:
                if _is_foreign(nodes[0], direction):
                    continue
                kind = self.read(nodes[0], direction)
            else:
                if any(_is_foreign(node, direction) for node in nodes):
                    continue
                kind = self._type(self._read(nodes, direction))
            first = nodes[0].value
            doc = first_line(first.get("description")) if is_object(first) else ""
            fields.append(Field(name, kind, name in facts.required, doc))
        if facts.properties:
            fields += [Field(name, OBJECT, True) for name in facts.required if name not in facts.properties]
        if fields:
            return Fields(tuple(fields), facts.title, first_line(facts.doc))
        if facts.extra:
            return Mapped(union([self.read(node, direction) for node in facts.extra]))
        return Mapped(OBJECT)

    def _of_items(self, facts: Facts, direction: Direction) -> Type:
        """What is in an array. A tuple would be a promise that JSON does not keep: it is read as a list."""
        items = facts.items
        found = [self.read(node, direction) for node in facts.prefix]
        if facts.is_open or not found:
            found.append(
                self.read(items[0], direction) if len(items) == 1 else self._type(self._read(items, direction))
            )
        return union(found)

    def _depends_on_direction(self, node: Node) -> bool:
        """Whether a schema, or one that it leads to, has properties that only one direction knows."""
        known = self._depends.get(node.key)
        if known is None:
            waiting, seen = [node], {node.key}
            known = False
            while waiting and not known:
                one = waiting.pop()
                if one.key not in self._directed:
                    refs: list[str] = []
                    is_directed = _scan(one.value, refs)
                    self._directed[one.key] = is_directed, [one.follow(ref) for ref in dict.fromkeys(refs)]
                known, targets = self._directed[one.key]
                for target in targets:
                    if target.key not in seen:
                        seen.add(target.key)
                        waiting.append(target)
            self._depends[node.key] = known
            if not known:
                # then none of those that it leads to does
                self._depends.update(dict.fromkeys(seen, False))
        return known


def _is_foreign(node: Node, direction: Direction) -> bool:
    """Whether a property has no place in messages of a direction."""
    name = "readOnly" if direction == "request" else "writeOnly"
    given = node.value
    for _ in range(2):
        if not is_object(given):
            return given is False
        if given.get(name) is True:
            return True
        if "$ref" not in given:
            return False
        given = node.resolved.value
    return False


def _scan(value: Any, refs: list[str]) -> bool:
    """Whether a schema itself speaks of directions, and the references in it."""
    found = False
    if is_object(value):
        for name, item in value.items():
            if name == "$ref" and isinstance(item, str):
                refs.append(item)
            elif name in ("readOnly", "writeOnly") and item is True:
                found = True
            elif name == "properties" and is_object(item):
                # these names are no words of the specification, whatever they are
                for below in item.values():
                    found = _scan(below, refs) or found
            elif name not in ("example", "examples", "default", "enum", "const"):
                found = _scan(item, refs) or found
    elif is_list(value):
        for item in value:
            found = _scan(item, refs) or found
    return found


def _of_values(facts: Facts) -> Type:
    values = facts.values or []
    found: list[Type] = []
    for value in values:
        if value is None:
            found.append(NONE)
        elif isinstance(value, (str, int)):
            found.append(Literals((source(value),)))
        else:
            found.append(
                Plain("float") if isinstance(value, float) else Listed(OBJECT) if is_list(value) else Mapped(OBJECT)
            )
    return union(found)
