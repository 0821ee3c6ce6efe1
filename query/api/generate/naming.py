"""Names for what was read, and the types with their names.

What a reference leads to has the name of its place: ``#/components/schemas/order-line`` is ``OrderLine``. An object
that no reference leads to has the name of a component of the same shape, else of the place where it is used: the name
of what it is in, and the key. Of several places the shortest name is taken, whatever their order in the document, so
that a new use seldom changes a name; a small object that several operations share is called by its keys. Numbers are
the last resort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

import msgspec

from .labels import labelled, parts, place_name
from .model import TypeAliasClass, TypedDictClass, TypeDefinition, TypedField
from .names import MAX_NAME, Names, class_name, spelled_out
from .shapes import (
    Definition,
    Fields,
    Key,
    Listed,
    Literals,
    Mapped,
    Plain,
    Referred,
    Shaped,
    Type,
    United,
    flat,
    union,
)

NAMED_BY_KEYS: Final = 40
"""Characters up to which the keys of an object that several operations share are its name."""

Owner: TypeAlias = Key | int | str
"""What an object is in: a definition, a shape by its number, or an operation by the name that its parts begin with."""


class Use(msgspec.Struct, frozen=True):
    """A place where a shape is used.

    Attributes:
        owner: What it is in.
        label: How it is called there: the key, with "Item" in a list.
    """

    owner: Owner
    label: str


class Wanted(NamedTuple):
    """A name that a shape may have; the smaller, the better.

    Attributes:
        later: 0, or more for a way to name operations that is only the second best.
        by_operation: Whether it begins with the name of an operation.
        length: How long it is.
        name: The name.
        root: What it begins with.
        user: The operation or definition that it is in.
    """

    later: int
    by_operation: bool
    length: int
    name: str
    root: str
    user: str


class Naming:
    """Gives each type a name, and writes types with those names.

    Args:
        definitions: What references lead to.
        shapes: The objects that no reference leads to.
        components: Components that no reference leads to, by name: they name what has their shape.
        roots: What operations use: the beginnings of their names, the best first, and the type.
    """

    def __init__(
        self,
        definitions: Mapping[Key, Definition],
        shapes: list[Fields],
        components: Mapping[str, Fields],
        roots: Iterable[tuple[tuple[str, ...], Type]],
    ) -> None:
        self._definitions = definitions
        self._shapes = shapes
        self._names = Names()
        self._of_definition: dict[Key, str] = {}
        self._of_shape: dict[int, str] = {}
        self._outermost: dict[int, Wanted] = {}
        self._same: dict[int, Key] = {}
        self._written: dict[Type, str] = {}
        self._roots = list(roots)
        self._used = self._reachable()
        self._break_circles()
        self._name_definitions()
        self._name_by_components(components)
        self._name_by_use()

    # -- what is used

    def _reachable(self) -> dict[Key | int, None]:
        """The definitions and shapes that operations use."""
        found: dict[Key | int, None] = {}
        waiting = [kind for _, kind in reversed(self._roots)]
        while waiting:
            kind = waiting.pop()
            for one in parts(kind):
                key = one.key if isinstance(one, Referred) else one.number
                if key not in found:
                    found[key] = None
                    waiting += [below for _, below in self._below(key)]
        return found

    def _below(self, key: Key | int) -> list[tuple[str, Type]]:
        """The types in a definition or shape, each with the key under which it stands."""
        body = self._shapes[key] if isinstance(key, int) else self._definitions[key].body
        if isinstance(body, Fields):
            return [(field.name, field.type) for field in body.fields]
        return [] if body is None else [("", body)]

    def _break_circles(self) -> None:
        """Take out of unions what leads back to them without anything between: it says nothing."""
        done: set[Key] = set()

        def visit(key: Key, path: tuple[Key, ...]) -> None:
            definition = self._definitions[key]
            body = definition.body
            if key in done or body is None or isinstance(body, Fields):
                return
            kept: list[Type] = []
            for member in flat([body]):
                if isinstance(member, Referred):
                    if member.key == key or member.key in path:
                        continue
                    visit(member.key, (*path, key))
                kept.append(member)
            definition.body = union(kept)
            done.add(key)

        for key in self._used:
            if not isinstance(key, int):
                visit(key, ())

    # -- names

    def _name_definitions(self) -> None:
        used = [key for key in self._used if not isinstance(key, int)]
        places: dict[tuple[int, tuple[object, ...]], list[Key]] = {}
        for key in used:
            places.setdefault(key[:2], []).append(key)
        texts = {place: place_name(self._definitions[keys[0]].node) for place, keys in places.items()}
        # what is an identifier already keeps its name before others that would become the same
        order = sorted(places, key=lambda place: (class_name(texts[place]) != texts[place], texts[place]))
        for place in order:
            name = self._names.take((class_name(texts[place]), spelled_out(texts[place])))
            for key in places[place]:
                self._of_definition[key] = name
        for place in order:
            keys = places[place]
            if len(keys) > 1:
                name = self._of_definition[keys[0]]
                request = next(key for key in keys if key[2] == "request")
                self._of_definition[request] = self._names.take((f"{name}Request", f"{name}Input"))

    def _name_by_components(self, components: Mapping[str, Fields]) -> None:
        numbers = {self._shapes[number].identity: number for number in self._used if isinstance(number, int)}
        for key, name in sorted(self._of_definition.items(), key=lambda item: (len(item[1]), item[1])):
            body = self._definitions[key].body
            number = numbers.pop(body.identity, None) if isinstance(body, Fields) else None
            if number is not None:
                self._same[number] = key
                self._of_shape[number] = name
        for text in sorted(components, key=lambda text: (len(text), text)):
            number = numbers.get(components[text].identity)
            if number is not None and number not in self._of_shape:
                self._of_shape[number] = self._names.take((class_name(text), spelled_out(text)))

    def _name_by_use(self) -> None:
        uses: dict[int, dict[Use, None]] = {}
        beginnings: dict[str, tuple[str, ...]] = {}

        def note(owner: Owner, key: str, kind: Type) -> None:
            for number, label in labelled(kind, class_name(key) if key else "", self._shapes):
                if number not in self._of_shape:
                    uses.setdefault(number, {})[Use(owner, label)] = None

        for key in self._used:
            for name, kind in self._below(key):
                note(key, name, kind)
        for names, kind in self._roots:
            # the last is made of method and path, so it is the operation's own
            beginnings[names[-1]] = names
            note(names[-1], "", kind)
        while uses:
            ready = {
                number: sorted(wanted for use in uses[number] for wanted in self._wanted(use, beginnings))
                for number, places in uses.items()
                if all(not isinstance(use.owner, int) or use.owner in self._of_shape for use in places)
            }
            for number in ready:
                del uses[number]
            for number in sorted(ready, key=lambda number: (ready[number], sorted(self._keys(number)))):
                best = ready[number][0]
                found = [*(wanted.name for wanted in ready[number]), f"{best.name}Object"]
                by_keys = f"{class_name(' '.join(sorted(self._keys(number))))}Object"
                users = {wanted.user for wanted in ready[number]}
                if best.by_operation and len(users) > 1 and len(by_keys) <= NAMED_BY_KEYS:
                    # several operations share it: the name of one would be wrong for the others
                    found.insert(0, by_keys)
                self._of_shape[number] = self._names.take(found)
                self._outermost[number] = best

    def _keys(self, number: int) -> list[str]:
        return [field.name for field in self._shapes[number].fields]

    def _wanted(self, use: Use, beginnings: Mapping[str, tuple[str, ...]]) -> Iterator[Wanted]:
        """The names that a shape may have by one of its uses."""
        if isinstance(use.owner, str):
            for later, root in enumerate(beginnings[use.owner]):
                yield Wanted(later, True, len(root), f"{root}{use.label}", root, _operation(use.owner))
            return
        if isinstance(use.owner, int):
            owner = self._of_shape[use.owner]
            outer = self._outermost.get(use.owner)
            known = (False, owner, owner) if outer is None else (outer.by_operation, outer.root, outer.user)
            by_operation, root, user = known
        else:
            owner = root = user = self._of_definition[use.owner]
            by_operation = False
        # without a label it is all of a definition but None
        name = f"{owner}{use.label}" if use.label else owner.removeprefix("Nullable") or owner
        if len(name) > MAX_NAME:
            name = f"{root}{use.label}"
        yield Wanted(0, by_operation, len(name), name, root, user)

    # -- types with names

    def write(self, kind: Type) -> str:
        """A type as Python writes it.

        Args:
            kind: The type.
        """
        text = self._written.get(kind)
        if text is None:
            text = self._written[kind] = self._text(kind)
        return text

    def _text(self, kind: Type) -> str:
        match kind:
            case Plain(name=name):
                return name
            case Literals(sources=sources):
                return f"Literal[{', '.join(sources)}]"
            case Listed(item=item):
                return f"list[{self.write(item)}]"
            case Mapped(value=value):
                return f"dict[str, {self.write(value)}]"
            case United(members=members):
                return " | ".join(dict.fromkeys(self.write(member) for member in members))
            case Referred(key=key):
                body = self._definitions[key].body
                # what is left of a circle may be as plain as a text
                return body.name if isinstance(body, Plain) else self._of_definition[key]
            case Shaped(number=number):
                return self._of_shape[number]

    def types(self) -> tuple[TypeDefinition, ...]:
        """All types that are used, by name."""
        found: dict[str, TypeDefinition] = {}
        for key in self._used:
            if isinstance(key, int):
                if key not in self._same:
                    found[self._of_shape[key]] = self._class(self._of_shape[key], self._shapes[key])
                continue
            name, definition = self._of_definition[key], self._definitions[key]
            body = definition.body
            if isinstance(body, Fields):
                found[name] = self._class(name, body, definition.doc)
            elif body is not None and not isinstance(body, Plain):
                found[name] = TypeAliasClass(name=name, type=self.write(body), doc=definition.doc)
        return tuple(found[name] for name in sorted(found))

    def _class(self, name: str, shape: Fields, doc: str = "") -> TypedDictClass:
        fields = tuple(
            TypedField(name=field.name, type=self.write(field.type), required=field.required, doc=field.doc)
            for field in shape.fields
        )
        return TypedDictClass(name=name, fields=fields, doc=doc or shape.doc)


def _operation(beginning: str) -> str:
    """What the names of all types of an operation begin with."""
    return beginning.removesuffix("Body").removesuffix("Response")
