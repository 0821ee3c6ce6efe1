"""Parameters of an operation, read from the texts that a request has for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from query.openapi.documents import Node

from .errors import DescriptionError
from .faults import Fault, shown
from .schemas import Schema, Schemas

_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")
_MAX_DEPTH = 12
_TEXT = frozenset(("string",))

# what these carry is said elsewhere in a description
_NOT_HEADERS = ("accept", "content-type", "authorization")


class Parameter:
    """One parameter.

    Args:
        node: Its place in the description.
        schemas: Makes validators for requests.
    """

    def __init__(self, node: Node, schemas: Schemas) -> None:
        self.node = node
        self.name: str = node.at("name").value
        self.place: str = node.at("in").value
        if not isinstance(self.name, str) or self.place not in _STYLES:
            raise DescriptionError(f"{node.where}: a parameter has a name, and is in one of {', '.join(_STYLES)}.")
        self.is_required = node.at("required").value is True or self.place == "path"
        self.style = node.at("style").value or _STYLES[self.place]
        explode = node.at("explode").value
        self.explode = explode if isinstance(explode, bool) else self.style in ("form", "deepObject")
        contents = node.mapping("content")
        self.is_json = bool(contents) and "json" in contents[0][0]
        self.schema = contents[0][1].at("schema") if contents else node.at("schema")
        self.is_plain = bool(contents) and not self.is_json
        self.reader = Reader(self.schema, schemas)
        self.kinds = self.reader.kinds
        self.properties = frozenset(_properties(self.schema)) if "object" in self.kinds else frozenset[str]()

    @property
    def key(self) -> tuple[str, str]:
        """Two parameters of the same key are the same one."""
        return self.place, self.name.lower() if self.place == "header" else self.name

    @property
    def is_looked_at(self) -> bool:
        """Whether it is more than a header that a description has other words for."""
        return self.place != "header" or self.name.lower() not in _NOT_HEADERS

    def owns(self, name: str) -> bool:
        """Whether a name in the query belongs to it.

        Args:
            name: The name.
        """
        if name == self.name:
            return True
        if self.style == "deepObject":
            return name.startswith(f"{self.name}[")
        if self._is_spread:
            return name in self.properties or self._is_open
        return name == f"{self.name}[]" and "array" in self.kinds

    @property
    def _is_spread(self) -> bool:
        """Whether it is an object each of whose properties is a parameter of its own."""
        return self.style == "form" and self.explode and "object" in self.kinds and not self.is_json

    @property
    def _is_open(self) -> bool:
        return not self.properties or self.schema.resolved.at("additionalProperties").value not in (None, False)

    def faults(self, sent: Mapping[str, Sequence[str]], known: frozenset[str] = frozenset()) -> list[Fault]:
        """What is wrong with it in a request.

        Args:
            sent: All texts of its kind, by name.
            known: The names of all parameters of its kind.
        """
        place = f"{self.place} {self.name}"
        value = self._value(sent, known)
        if value is None:
            if not self.is_required:
                return []
            return [Fault(place, f"is missing, and it is required ({self._wanted()})", self.node.where)]
        if isinstance(value, Fault):
            return [value]
        return self.reader.faults(value[0], place, self.name)

    def _wanted(self) -> str:
        return " or ".join(sorted(self.kinds)) if self.kinds else "a value"

    def _value(self, sent: Mapping[str, Sequence[str]], known: frozenset[str]) -> tuple[Any] | Fault | None:
        """What was sent, read by style and schema; None if nothing was."""
        if self.is_json or self.is_plain:
            texts = sent.get(self.name)
            if texts is None:
                return None
            if self.is_plain:
                return (texts[0],)
            try:
                return (json.loads(texts[0]),)
            except ValueError:
                text = f"{shown(texts[0], self.name)} is no JSON"
                return Fault(f"{self.place} {self.name}", text, self.node.where)
        if "object" in self.kinds and "array" not in self.kinds:
            found = self._object(sent, known)
            if found is not None or "string" not in self.kinds:
                return None if found is None else (self.reader.read(found),)
        texts = sent.get(self.name, sent.get(f"{self.name}[]") if "array" in self.kinds else None)
        if texts is None:
            return None
        return (self.reader.read(self._split(texts) if "array" in self.kinds else texts[0]),)

    def _split(self, texts: Sequence[str]) -> Any:
        """The items of an array."""
        if self.place == "query":
            if self.explode and self.style == "form":
                return list(texts)
            joined = [part for text in texts for part in text.split(_DELIMITERS.get(self.style, ","))]
            return joined if texts != [""] else []
        text = texts[0]
        if self.style == "label":
            return text.removeprefix(".").split("." if self.explode else ",")
        if self.style == "matrix":
            if not self.explode:
                return text.removeprefix(f";{self.name}=").split(",")
            return [part.partition("=")[2] for part in text.removeprefix(";").split(";")]
        # a header may have spaces after its commas
        return [part.strip() for part in text.split(",")]

    def _object(self, sent: Mapping[str, Sequence[str]], known: frozenset[str]) -> dict[str, Any] | None:
        if self.style == "deepObject":
            return _deep(self.name, sent)
        if self._is_spread and self.place in ("query", "cookie"):
            names = [
                name
                for name in sent
                if (name in self.properties or self._is_open) and (name == self.name or name not in known)
            ]
            return {name: sent[name][0] if len(sent[name]) == 1 else list(sent[name]) for name in names} or None
        texts = sent.get(self.name)
        if texts is None:
            return None
        text, delimiter = texts[0], _DELIMITERS.get(self.style, ",")
        if self.style == "label":
            text, delimiter = text.removeprefix("."), "." if self.explode else ","
        elif self.style == "matrix":
            text = text.removeprefix(";") if self.explode else text.removeprefix(f";{self.name}=")
            delimiter = ";" if self.explode else ","
        parts = text.split(delimiter)
        if self.explode:
            return {name: value for name, _, value in (part.partition("=") for part in parts)}
        return dict(zip(parts[::2], parts[1::2], strict=False))

    def decoded(self, raw: str) -> str:
        """The text of a path parameter, without the marks of its style if it is a plain value.

        Args:
            raw: As it was sent, percent-encoded.
        """
        text = unquote(raw)
        if self.kinds & {"array", "object"}:
            return text
        if self.style == "label":
            return text.removeprefix(".")
        return text.removeprefix(f";{self.name}=") if self.style == "matrix" else text


def _deep(name: str, sent: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """An object of ``filter[color]=red``, nested to any depth."""
    found: dict[str, Any] = {}
    for key, texts in sent.items():
        if not key.startswith(f"{name}[") or not key.endswith("]"):
            continue
        steps = key[len(name) + 1 : -1].split("][")
        holder = found
        for step in steps[:-1]:
            below = holder.setdefault(step, {})
            if not isinstance(below, dict):
                break
            holder = below
        holder[steps[-1]] = texts[0] if len(texts) == 1 else list(texts)
    return found or None


def kinds(schema: Node, depth: int = 0) -> frozenset[str]:
    """The types that a schema speaks of, also in its parts; empty if of none.

    Args:
        schema: The schema.
        depth: How deep it stands in the one that was asked about.
    """
    if depth > _MAX_DEPTH or not isinstance(schema.value, dict):
        return frozenset()
    node = schema.resolved
    given = node.value
    if not isinstance(given, dict):
        return frozenset()
    said = given.get("type")
    if isinstance(said, str):
        return frozenset((said, "null")) if given.get("nullable") is True else frozenset((said,))
    if isinstance(said, list):
        return frozenset(map(str, said))
    found: frozenset[str] = frozenset()
    for name in ("allOf", "anyOf", "oneOf"):
        for below in node.sequence(name):
            found |= kinds(below, depth + 1)
    if not found:
        if "properties" in given:
            return frozenset(("object",))
        if "items" in given:
            return frozenset(("array",))
        values = given.get("enum", [given["const"]] if "const" in given else [])
        return frozenset(_kind_of(value) for value in values)
    return found


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "integer", float: "number", str: "string", list: "array", dict: "object"}.get(type(value), "null")


def _properties(schema: Node, depth: int = 0) -> dict[str, Node]:
    node = schema.resolved
    found = dict(node.mapping("properties"))
    if depth < _MAX_DEPTH:
        for name in ("allOf", "anyOf", "oneOf"):
            for below in node.sequence(name):
                found = {**_properties(below, depth + 1), **found}
    return found


class Reader:
    """Reads texts as the data that a schema wants, as far as they can be it.

    Args:
        schema: The schema; its value is None for none.
        schemas: Makes validators.
    """

    def __init__(self, schema: Node, schemas: Schemas) -> None:
        self.schema = schema
        self.kinds = kinds(schema)
        self._schemas = schemas

    @cached_property
    def properties(self) -> dict[str, Reader]:
        """Those of the properties of an object."""
        found = _properties(self.schema) if isinstance(self.schema.value, dict) else {}
        return {name: Reader(node, self._schemas) for name, node in found.items()}

    @cached_property
    def _more(self) -> Reader:
        return Reader(self.schema.resolved.at("additionalProperties"), self._schemas)

    @cached_property
    def items(self) -> Reader | None:
        """That of the items of a list."""
        found = _items(self.schema)
        return None if found is None else Reader(found, self._schemas)

    @cached_property
    def validator(self) -> Schema:
        """That of the schema."""
        return self._schemas.schema(self.schema)

    def faults(self, value: Any, place: str, name: str) -> list[Fault]:
        """What is wrong with a value.

        Args:
            value: JSON data.
            place: What it is.
            name: The name under which it stands.
        """
        return [] if self.schema.value is None else self.validator.faults(value, place, name)

    def read(self, raw: Any) -> Any:
        """Texts as data.

        Args:
            raw: A text; or a list or dict of texts.
        """
        if not isinstance(self.schema.value, dict):
            return raw
        if isinstance(raw, list):
            return raw if self.items is None else [self.items.read(item) for item in raw]
        if isinstance(raw, dict):
            return {name: self.properties.get(name, self._more).read(value) for name, value in raw.items()}
        if not isinstance(raw, str) or self.kinds == _TEXT:
            return raw
        candidates = _candidates(raw, self.kinds)
        if len(candidates) > 1:
            return next((value for value in candidates if self.validator.fits(value)), candidates[0])
        return candidates[0]


def _items(schema: Node, depth: int = 0) -> Node | None:
    node = schema.resolved
    if isinstance(node.at("items").value, dict):
        return node.at("items")
    if depth < _MAX_DEPTH:
        for name in ("allOf", "anyOf", "oneOf"):
            for below in node.sequence(name):
                found = _items(below, depth + 1)
                if found is not None:
                    return found
    return None


def _candidates(text: str, said: frozenset[str]) -> list[Any]:
    """What a text may mean, what is most to the point first."""
    found: list[Any] = []
    if (not said or said & {"integer", "number"}) and _INTEGER.fullmatch(text):
        found.append(int(text))
    elif (not said or "number" in said) and _NUMBER.fullmatch(text):
        found.append(float(text))
    if (not said or "boolean" in said) and text in ("true", "false"):
        found.append(text == "true")
    if "null" in said and text in ("", "null"):
        found.append(None)
    if "array" in said:
        found.append([text])
    if not said or "string" in said or not found:
        found.append(text)
    return found
