"""Makes values for schemas: objects and lists with what stands in them, and an end to those that hold themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from .merging import merged
from .patterns import text_of
from .plain_values import kind_of, number_value, text_value
from .schemas import Schema

MAX_REPEATS = 1
"""How often a schema may stand within itself before what can be left out is left out."""
MAX_DEPTH = 40
"""Schemas within schemas beyond which there seems to be no end."""
MAX_CHOICES = 60
"""Choices of one schema that are tried."""

Flat: TypeAlias = tuple[dict[str, Any], tuple[str, ...]]
"""A schema without references and choices, and the names of the definitions in which it stands."""


class EndlessError(Exception):
    """A value that would have to hold itself."""


class Maker:
    """Makes values for one schema.

    Args:
        schema: The schema.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._definitions: dict[str, Any] = schema.bundle["$defs"]
        self._shortest = False

    def values(self, given: Any) -> Iterator[Any]:
        """Values for a schema, the fullest first.

        Args:
            given: The schema.
        """
        endless, some = 0, 0
        for shortest in (False, True):
            self._shortest = shortest
            for number in range(3):
                found = 0
                for flat, inside in islice(self._flattened(given, (), 0), MAX_CHOICES):
                    try:
                        yield self._plain(flat, inside, number, "")
                        found += 1
                    except EndlessError:
                        endless += 1
                some += found
        if endless and not some:
            raise EndlessError

    def _value(self, given: Any, around: tuple[str, ...], number: int, name: str) -> Any:
        """A value; *around* are the definitions in which it stands, *number* tells the items of a list apart."""
        if len(around) > MAX_DEPTH:
            raise EndlessError
        made: list[Any] = []
        choices = list(islice(self._flattened(given, around, 0), MAX_CHOICES))
        for flat, inside in choices:
            try:
                made.append(self._plain(flat, inside, number, name))
            except EndlessError:
                continue
            if len(choices) == 1 or self._schema.part_fits(given, made[-1]):
                return made[-1]
        if not made:
            raise EndlessError
        # perhaps another number, or the shortest value, will do
        return made[0]

    # -- choosing

    def _flattened(self, given: Any, around: tuple[str, ...], depth: int) -> Iterator[Flat]:
        """A schema without references and choices, once for each choice, the first of the description first."""
        if given is True or given == {}:
            yield {}, around
            return
        if given is False or depth > MAX_DEPTH:
            return
        parts: list[Any] = []
        inside = around
        own = dict(given)
        ref = own.pop("$ref", None)
        if ref is not None:
            key = ref.removeprefix("#/$defs/")
            inside = (*inside, key)
            parts.append(self._definitions[key])
        parts += own.pop("allOf", ())
        choices = [own.pop(name) for name in ("oneOf", "anyOf") if name in own]
        if "then" in own:
            # whether "if" holds is seen when the whole is checked
            choices.append([{}, own["then"]])
        if "else" in own:
            choices.append([{}, own["else"]])
        yield from self._combined(own, parts, choices, inside, depth)

    def _combined(
        self, flat: dict[str, Any], parts: list[Any], choices: list[Any], inside: tuple[str, ...], depth: int
    ) -> Iterator[Flat]:
        if parts:
            for below, deeper in self._flattened(parts[0], inside, depth + 1):
                both = merged(flat, below)
                if both is not None:
                    yield from self._combined(both, parts[1:], choices, deeper, depth)
            return
        if choices:
            branches = sorted(choices[0], key=lambda branch: branch == {"type": "null"})
            for branch in branches:
                if branch is not False:
                    yield from self._combined(flat, [branch], choices[1:], inside, depth)
            return
        yield flat, inside

    # -- making

    def _plain(self, flat: dict[str, Any], around: tuple[str, ...], number: int, name: str) -> Any:
        if "const" in flat:
            return flat["const"]
        examples = flat.get("examples")
        if isinstance(examples, list) and not self._shortest:
            fitting = [value for value in examples if self._schema.part_fits(flat, value)]
            if number < len(fitting):
                return fitting[number]
        if flat.get("enum"):
            values = [value for value in flat["enum"] if value is not None] or flat["enum"]
            return values[number % len(values)]
        kind = kind_of(flat)
        if kind in ("object", "array") and max(map(around.count, around), default=0) > MAX_DEPTH // 2:
            raise EndlessError
        if kind == "object":
            return self._object(flat, around, number)
        if kind == "array":
            return self._array(flat, around, number, name)
        if kind == "string":
            return text_value(flat, number, name)
        if kind in ("integer", "number"):
            return number_value(flat, kind, number)
        return number % 2 == 0 if kind == "boolean" else None

    def _object(self, flat: dict[str, Any], around: tuple[str, ...], number: int) -> dict[str, Any]:
        properties: dict[str, Any] = flat.get("properties", {})
        required = [name for name in flat.get("required", ()) if isinstance(name, str)]
        most = flat.get("maxProperties", math.inf)
        found: dict[str, Any] = {}
        for name, given in properties.items():
            is_required = name in required
            if given is False or (not is_required and (self._shortest or self._repeats(given, around))):
                continue
            if not is_required and len(found) + len([r for r in required if r not in found]) >= most:
                continue
            try:
                found[name] = self._value(given, around, number, name)
            except EndlessError:
                if is_required:
                    raise
        more = flat.get("additionalProperties", True)
        for name in required:
            if name not in found:
                found[name] = self._value(_of_pattern(flat, name, more), around, number, name)
        wanted = flat.get("minProperties", 0)
        if (
            not properties
            and isinstance(more, dict)
            and more
            and not self._shortest
            and not self._repeats(more, around)
        ):
            wanted = max(wanted, 1)
        at = 1
        while len(found) < wanted and at < 1000:
            pattern = next(iter(flat.get("patternProperties", {})), None)
            names = flat.get("propertyNames")
            key = f"key{at}"
            if pattern is not None and more is False:
                key = text_of(pattern, 0, None, at - 1) or key
            elif isinstance(names, dict):
                key = str(self._value({"type": "string", **names}, around, at - 1, "key"))
            at += 1
            if key not in found:
                found[key] = self._value(_of_pattern(flat, key, more), around, number, key)
        return found

    def _array(self, flat: dict[str, Any], around: tuple[str, ...], number: int, name: str) -> list[Any]:
        first = flat.get("prefixItems", ())
        items = flat.get("items", {})
        least, most = flat.get("minItems", 0), flat.get("maxItems", math.inf)
        wanted = least
        if not self._shortest:
            fullest = 0 if items is False or self._repeats(items, around) else min(1, most)
            wanted = max(least, fullest, len(first))
        if "contains" in flat:
            wanted = max(wanted, flat.get("minContains", 1))
        found: list[Any] = []
        for position in range(int(min(wanted, most))):
            given = first[position] if position < len(first) else items
            if "contains" in flat and position < flat.get("minContains", 1):
                given = {"allOf": [given, flat["contains"]]}
            at = position if flat.get("uniqueItems") or position else number
            try:
                found.append(self._value(given, around, at, name))
            except EndlessError:
                if position < least:
                    raise
                break
        return found

    def _repeats(self, given: Any, around: tuple[str, ...]) -> bool:
        """Whether a schema stands within itself already, so that it had better be left out."""
        if not isinstance(given, dict):
            return False
        ref = given.get("$ref")
        if isinstance(ref, str):
            return around.count(ref.removeprefix("#/$defs/")) >= MAX_REPEATS or len(around) > MAX_DEPTH // 2
        below = [part for key in ("allOf", "oneOf", "anyOf") for part in given.get(key, ())]
        return bool(below) and any(self._repeats(part, around) for part in below)


def _of_pattern(flat: dict[str, Any], name: str, more: Any) -> Any:
    """The schema of a property that is not among the named ones."""
    for pattern, given in flat.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return given
    return {} if more is False else more
