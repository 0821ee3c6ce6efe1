"""Schemas of a description as validators.

Whatever the version, a schema is rewritten as JSON Schema 2020-12, with everything that it refers to beside it. There
are two ways to read one: what a request may hold (nothing that is readOnly) and what a response may.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from query.openapi.documents import Node, pointer, require

from .errors import DescriptionError
from .faults import Fault, shown

Direction: TypeAlias = Literal["request", "response"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ONE = ("not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_KEPT = (
    "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
    "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties",
    "dependentRequired", "format", "default", "examples",
)  # fmt: skip
_INTEGERS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_VALUE = "\u241f"
"""Stands for the value in the words of the validator, which know nothing of secrets."""


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _nowhere(uri: str) -> Any:
    raise ValueError(f"{uri} is not followed")


_SETTINGS: dict[str, Any] = {"validate_formats": True, "formats": {"byte": _is_base64}, "retriever": _nowhere}


class Schema:
    """A validator of one schema.

    Args:
        node: The schema.
        bundle: The schema in 2020-12, all that it refers to below "$defs".
        places: Where each of the definitions stands in the description.
    """

    def __init__(self, node: Node, bundle: dict[str, Any], places: dict[str, Node]) -> None:
        library = require("jsonschema_rs", "checking against an OpenAPI description or a JSON schema")
        self._library = library
        self.node = node
        self.bundle = bundle
        self._places = places
        try:
            self._validator = library.Draft202012Validator(bundle, mask=_VALUE, **_SETTINGS)
        except (ValueError, library.ReferencingError) as error:
            raise DescriptionError(self._invalid(str(error))) from None

    def _invalid(self, text: str) -> str:
        """What is wrong with the schema itself."""
        where = self.node.where
        try:
            self._library.meta.validate(self.bundle)
        except self._library.ValidationError as error:
            where = self._node(list(error.instance_path)).where
            text = error.message
        except (ValueError, self._library.ReferencingError):
            pass
        return f"{where} is no valid schema: {_plainly(text)}"

    def fits(self, value: Any) -> bool:
        """Whether a value is as the schema says.

        Args:
            value: JSON data.
        """
        return bool(self._validator.is_valid(value))

    def part_fits(self, part: Any, value: Any) -> bool:
        """Whether a value is as a part of the schema says.

        Args:
            part: A schema that stands in this one's bundle, or is made of parts of it.
            value: JSON data.
        """
        if not isinstance(part, dict):
            return part is not False
        whole = {**part, "$defs": self.bundle["$defs"]} if "$ref" in repr(part) else part
        return bool(self._library.Draft202012Validator(whole, **_SETTINGS).is_valid(value))

    def faults(self, value: Any, place: str, name: str = "") -> list[Fault]:
        """What is wrong with a value.

        Args:
            value: JSON data.
            place: What it is: "body", "query limit".
            name: The name under which it stands.
        """
        if self._validator.is_valid(value):
            return []
        return [fault for error in self._validator.iter_errors(value) for fault in self._words(error, place, name)]

    def _words(self, error: Any, place: str, name: str) -> list[Fault]:
        at, steps = list(error.instance_path), list(error.schema_path)
        kind = type(error.kind).__name__.rpartition("_")[2]
        facts: dict[str, Any] = error.kind.as_dict()
        node = self._node(steps)
        if kind in ("AnyOf", "OneOfNotValid"):
            branch = self._meant(node, error.instance, facts["context"])
            if isinstance(branch, str):
                return [Fault(_below(place, at), branch, node.where)]
            if branch is not None:
                return [fault for inner in facts["context"][branch] for fault in self._words(inner, place, name)]
        last = at[-1] if at and isinstance(at[-1], str) else name
        if kind == "FalseSchema":
            given: dict[str, Any] = {}
            for one in (node.resolved, node):
                given = {**given, **one.value} if isinstance(one.value, dict) else given
            reason = (
                "readOnly: the server makes it, so a request does not have it"
                if given.get("readOnly")
                else "writeOnly: it is sent, and never answered"
                if given.get("writeOnly")
                else "must not be there"
            )
        elif kind == "Required":
            reason = f"{facts['property']!r} is missing"
        elif kind in ("AdditionalProperties", "UnevaluatedProperties"):
            reason = f"{', '.join(map(repr, facts['unexpected']))} must not be there"
            known = [key for key, _ in node.document.root.at(*node.steps[:-1]).mapping("properties")]
            reason += f"; there may be {', '.join(known)}" if known else ""
        else:
            reason = error.message.replace(_VALUE, shown(error.instance, last))
        return [Fault(_below(place, at), reason, node.where)]

    def _node(self, steps: list[Any]) -> Node:
        """The place in the description that a path of the bundle means."""
        node = self.node
        if steps[:1] == ["$defs"]:
            node, steps = self._places[steps[1]], steps[2:]
        while steps:
            if steps[0] == "anyOf" and is_wrapped(node.value) and len(steps) > 1:
                steps = steps[2:]
            else:
                node, steps = node.at(steps[0]), steps[1:]
        return node

    def _meant(self, node: Node, value: Any, context: list[list[Any]]) -> int | str | None:
        """Which of several schemas a value was meant for, or why it is none."""
        owner = node.document.root.at(*node.steps[:-1])
        tag = owner.at("discriminator", "propertyName").value
        if isinstance(tag, str) and isinstance(value, dict) and isinstance(value.get(tag), str):
            names = [branch_names(branch, owner) for branch in node.sequence()]
            for position, known in enumerate(names):
                if value[tag] in known and position < len(context):
                    return position
            return f"{tag!r} is {shown(value[tag], tag)}; expected one of {', '.join(n[0] for n in names if n)}"
        # of the right type, the deepest, with the fewest faults
        ranked = [
            (any(not list(e.instance_path) and _is_type(e) for e in errors), -_depth(errors), len(errors), position)
            for position, errors in enumerate(context)
            if errors
        ]
        right = [row for row in sorted(ranked) if not row[0]] or (ranked if len(ranked) == 1 else [])
        if not right or (len(right) > 1 and right[0][1:3] == right[1][1:3] and right[0][1] == 0 and len(right) > 3):
            return None
        return right[0][3]


def branch_names(branch: Node, owner: Node) -> list[str]:
    """The values of a discriminator that mean one of several schemas.

    Args:
        branch: One schema of ``oneOf`` or ``anyOf``.
        owner: The schema that has the discriminator.
    """
    ref = branch.at("$ref").value
    if not isinstance(ref, str):
        tag = owner.at("discriminator", "propertyName").value
        given = branch.at("properties", tag)
        return [str(v) for v in [given.at("const").value, *(given.at("enum").value or [])] if v is not None]
    short = ref.rpartition("/")[2]
    mapping = owner.at("discriminator", "mapping").value or {}
    mapped = [str(value) for value, target in mapping.items() if target in (ref, short)]
    return mapped or [short]


def _is_type(error: Any) -> bool:
    return type(error.kind).__name__.rpartition("_")[2] in ("Type", "Constant", "Enum")


def _depth(errors: list[Any]) -> int:
    return max((len(list(error.instance_path)) for error in errors), default=0)


def _below(place: str, steps: list[Any]) -> str:
    return f"{place} {pointer(steps)}" if steps else place


def _plainly(text: str) -> str:
    return text.replace(_VALUE, "it").splitlines()[0][:300]


class Schemas:
    """The validators of a description for one direction, each made when it is first asked for.

    Args:
        direction: Whether requests or responses are read.
        is_3_0: Whether the schemas are those of OpenAPI 3.0.
    """

    def __init__(self, direction: Direction, *, is_3_0: bool) -> None:
        self._direction = direction
        self._is_3_0 = is_3_0
        self._made: dict[Any, Schema] = {}
        self._definitions: dict[Any, tuple[Any, list[Node]]] = {}

    def schema(self, node: Node) -> Schema:
        """The validator of a schema.

        Args:
            node: The schema.

        Raises:
            DescriptionError: It is no valid schema, or refers to what is not there.
        """
        made = self._made.get(node.key)
        if made is None:
            made = self._made[node.key] = self._compiled(node)
        return made

    def _compiled(self, root: Node) -> Schema:
        names: dict[Any, str] = {root.key: "s0"}
        places: dict[str, Node] = {"s0": root}
        definitions: dict[str, Any] = {}
        waiting = [root]
        while waiting:
            node = waiting.pop()
            written, targets = self._written(node)
            for target in targets:
                if target.key not in names:
                    names[target.key] = f"s{len(names)}"
                    places[names[target.key]] = target
                    waiting.append(target)
            definitions[names[node.key]] = _with_refs(written, lambda key: f"#/$defs/{names[key]}")
        return Schema(root, {"$schema": DIALECT, "$ref": "#/$defs/s0", "$defs": definitions}, places)

    def _written(self, node: Node) -> tuple[Any, list[Node]]:
        """A schema in 2020-12, its references still open, and their targets."""
        known = self._definitions.get(node.key)
        if known is None:
            targets: list[Node] = []
            known = self._definitions[node.key] = (self._rewritten(node, targets, frozenset()), targets)
        return known

    def _rewritten(self, node: Node, targets: list[Node], exempt: frozenset[str]) -> Any:
        given = node.value
        if given is True or given is None:
            return {}
        if given is False:
            return False
        if not isinstance(given, dict):
            raise DescriptionError(f"{node.where} is {given!r}; a schema is expected there.")
        written: dict[str, Any] = {}
        ref = given.get("$ref", given.get("$dynamicRef"))
        if isinstance(ref, str):
            target = node.follow(ref)
            targets.append(target)
            written["$ref"] = _Open(target.key)
            if self._is_3_0:
                return written
        written.update({name: given[name] for name in _KEPT if name in given})
        exempt |= self._foreign(node)
        for name in _ONE:
            if name in given:
                written[name] = self._rewritten(node.at(name), targets, exempt)
        for name in _MANY:
            if name in given:
                written[name] = [self._rewritten(below, targets, exempt) for below in node.sequence(name)]
        for name in _NAMED:
            if name in given:
                written[name] = {
                    key: False if self._is_foreign(below) else self._rewritten(below, targets, frozenset())
                    for key, below in node.mapping(name)
                }
        for name in ("items", "additionalProperties"):
            if name in given:
                written[name] = self._rewritten(node.at(name), targets, frozenset())
        required = given.get("required")
        if isinstance(required, list):
            # readOnly properties are required of responses, writeOnly ones of requests
            written["required"] = [name for name in dict.fromkeys(required) if name not in exempt]
        if "type" in given:
            written["type"] = given["type"]
        if "enum" in given:
            written["enum"] = given["enum"]
        if "example" in given:
            written["examples"] = [given["example"], *written.get("examples", ())]
        self._bound(given, written)
        self._exclude(written)
        return self._nullable(given, written) if self._is_3_0 else written

    def _is_foreign(self, node: Node) -> bool:
        """Whether a property has no place in messages of this direction."""
        name = "readOnly" if self._direction == "request" else "writeOnly"
        given = node.value
        for _ in range(2):
            if not isinstance(given, dict):
                return False
            if given.get(name) is True:
                return True
            given = node.resolved.value
        return False

    def _foreign(self, node: Node) -> frozenset[str]:
        """The properties of an object, also of the schemas that it is made of, that have no place here."""
        found: set[str] = set()
        waiting, seen = [node], set[Any]()
        while waiting:
            one = waiting.pop().resolved
            if one.key in seen:
                continue
            seen.add(one.key)
            if isinstance(one.at("properties").value, dict):
                found.update(name for name, below in one.mapping("properties") if self._is_foreign(below))
            if isinstance(one.at("allOf").value, list):
                waiting += one.sequence("allOf")
        return frozenset(found)

    @staticmethod
    def _bound(given: dict[str, Any], written: dict[str, Any]) -> None:
        """The limits of int32 and int64, which say the same as numbers."""
        limits = _INTEGERS.get(given.get("format", ""))
        if limits is not None:
            for name, limit, tightest in (("minimum", limits[0], max), ("maximum", limits[1], min)):
                written[name] = tightest(limit, written[name]) if _is_number(written.get(name)) else limit

    @staticmethod
    def _exclude(written: dict[str, Any]) -> None:
        """Limits that are excluded by a bool, as in 3.0 and by mistake in 3.1, as limits of their own."""
        for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            exclusive = written.pop(name, None)
            if exclusive is True and limit in written:
                written[name] = written.pop(limit)
            elif _is_number(exclusive):
                written[name] = exclusive

    @staticmethod
    def _nullable(given: dict[str, Any], written: dict[str, Any]) -> dict[str, Any]:
        if given.get("nullable") is True and isinstance(written.get("type"), str):
            written["type"] = [written["type"], "null"]
            if "enum" in written and None not in written["enum"]:
                written["enum"] = [*written["enum"], None]
        return {"anyOf": [{"type": "null"}, written]} if is_wrapped(given) else written


def is_wrapped(given: Any) -> bool:
    """Whether a schema of 3.0 is nullable without having a type itself, such as allOf with a reference.

    Args:
        given: The schema.
    """
    return isinstance(given, dict) and given.get("nullable") is True and not isinstance(given.get("type"), str)


class _Open:
    """A reference whose name is not known yet."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = key


def _with_refs(value: Any, name: Callable[[Any], str]) -> Any:
    if isinstance(value, _Open):
        return name(value.key)
    if isinstance(value, dict):
        return {key: _with_refs(item, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_refs(item, name) for item in value]
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
