"""The files of a description, and places in them. References are followed here, also into other local files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import unquote, urldefrag

import msgspec

from .errors import DescriptionError, MissingExtraError

MAX_HOPS = 50
"""References that lead to references, beyond which they are taken for a circle."""


def require(package: str, purpose: str) -> Any:
    """A package of the extra "openapi".

    Args:
        package: What to import.
        purpose: What it is needed for, for the message.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtraError(
            f"{purpose} needs the package {package!r}, which is not installed. "
            "Install it with: pip install 'pytest-mockapi[openapi]'"
        ) from error


class Document:
    """One file of a description, or one that was given as a dict.

    Args:
        data: What is in it: a dict, or what ``read`` gives.
        path: Where it lies; None for a dict.
        files: The documents of the same description, by path.
    """

    def __init__(self, data: Any, path: Path | None, files: dict[Path, Document]) -> None:
        self.data: Any = _with_text_keys(data) if path is None else data
        self.path = path
        self._files = files
        self.followed: dict[str, Node] = {}
        if path is not None:
            files[path] = self

    @cached_property
    def name(self) -> str:
        """What to call it in messages."""
        return "the description" if self.path is None else self.path.name

    @property
    def root(self) -> Node:
        """The whole of it."""
        return Node(self, (), self.data)

    def other(self, name: str) -> Document:
        """The document that a reference names.

        Args:
            name: The part of the reference before its "#".

        Raises:
            DescriptionError: It is not a local file, or cannot be read.
        """
        if not name:
            return self
        if "://" in name:
            raise DescriptionError(
                f"{self.name} refers to {name!r}; only local files are followed. Put a copy beside it and "
                "refer to that."
            )
        if self.path is None:
            raise DescriptionError(
                f"a description that is a dict refers to the file {name!r}, and has no folder to look in. "
                "Give the path of the description instead."
            )
        path = (self.path.parent / unquote(name)).resolve()
        return self._files.get(path) or Document(read(path), path, self._files)

    @cached_property
    def anchors(self) -> dict[str, tuple[Any, ...]]:
        """The places of ``$anchor`` and ``$dynamicAnchor``."""
        return dict(_anchors(self.data, ()))


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value of a document is a JSON object.

    Args:
        value: The value.
    """
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a value of a document is a JSON array.

    Args:
        value: The value.
    """
    return isinstance(value, list)


def _anchors(value: Any, steps: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if is_object(value):
        for name in ("$anchor", "$dynamicAnchor"):
            if isinstance(value.get(name), str):
                yield value[name], steps
        for key, item in value.items():
            yield from _anchors(item, (*steps, key))
    elif is_list(value):
        for position, item in enumerate(value):
            yield from _anchors(item, (*steps, position))


class Node:
    """A place in a description, and what is there.

    Args:
        document: The file.
        steps: The keys and positions that lead there.
        value: What is there.
    """

    __slots__ = ("document", "steps", "value")

    def __init__(self, document: Document, steps: tuple[Any, ...], value: Any) -> None:
        self.document: Document = document
        self.steps: tuple[Any, ...] = steps
        self.value: Any = value

    @property
    def where(self) -> str:
        """File and JSON pointer, such as "shop.yaml#/components/schemas/Order"."""
        return f"{self.document.name}#{pointer(self.steps)}"

    @property
    def key(self) -> tuple[int, tuple[Any, ...]]:
        """What tells it from every other place."""
        return id(self.document), self.steps

    def at(self, *steps: Any) -> Node:
        """A place below, which need not be there: then its value is None.

        Args:
            *steps: Keys and positions.
        """
        node = self
        for step in steps:
            value = node.value
            if is_object(value):
                below = value.get(step)
            elif is_list(value) and isinstance(step, int) and step < len(value):
                below = value[step]
            else:
                below = None
            node = Node(node.document, (*node.steps, step), below)
        return node

    @property
    def resolved(self) -> Node:
        """The place itself, or the one that it refers to.

        Raises:
            DescriptionError: The reference leads nowhere, or in a circle.
        """
        node = self
        for _ in range(MAX_HOPS):
            ref = node.value.get("$ref") if is_object(node.value) else None
            if not isinstance(ref, str):
                return node
            node = node.follow(ref)
        raise DescriptionError(f"{self.where} refers to itself in a circle.", where=self.where)

    def follow(self, ref: str) -> Node:
        """The place that a reference names.

        Args:
            ref: Such as "#/components/schemas/Order", or "schemas.yaml#/Order".

        Raises:
            DescriptionError: There is nothing.
        """
        found = self.document.followed.get(ref)
        if found is None:
            found = self.document.followed[ref] = self._followed(ref)
        return found

    def _followed(self, ref: str) -> Node:
        name, fragment = urldefrag(ref)
        node = self.document.other(name).root
        if not fragment:
            return node
        if not fragment.startswith("/"):
            steps = node.document.anchors.get(fragment)
            if steps is None:
                raise self._nowhere(ref)
            return node.at(*steps)
        for part in fragment[1:].split("/"):
            step = unquote(part).replace("~1", "/").replace("~0", "~")
            if is_list(node.value) and step.isdigit():
                node = node.at(int(step))
            elif is_object(node.value) and step in node.value:
                node = node.at(step)
            else:
                raise self._nowhere(ref)
        return node

    def _nowhere(self, ref: str) -> DescriptionError:
        return DescriptionError(f"{self.where} refers to {ref!r}, and there is nothing there.", where=self.where)

    def mapping(self, *steps: Any) -> list[tuple[Any, Node]]:
        """The names and places in an object below; none if it is not there.

        Args:
            *steps: Keys and positions.

        Raises:
            DescriptionError: Something else is there.
        """
        node = self.at(*steps)
        if node.value is None:
            return []
        if not is_object(node.value):
            raise DescriptionError(
                f"{node.where} is {_kind(node.value)}; an object is expected there.", where=node.where
            )
        return [(name, Node(node.document, (*node.steps, name), value)) for name, value in node.value.items()]

    def sequence(self, *steps: Any) -> list[Node]:
        """The places in a list below; none if it is not there.

        Args:
            *steps: Keys and positions.

        Raises:
            DescriptionError: Something else is there.
        """
        node = self.at(*steps)
        if node.value is None:
            return []
        if not is_list(node.value):
            said = f"{node.where} is {_kind(node.value)}; a list is expected there."
            raise DescriptionError(said, where=node.where)
        return [Node(node.document, (*node.steps, place), value) for place, value in enumerate(node.value)]

    def __repr__(self) -> str:
        return f"<Node {self.where}>"


def _with_text_keys(value: Any) -> Any:
    """A copy in which every key is a text, as in JSON; YAML has numbers for keys, such as 200."""
    if _is_mapping(value):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    if _is_sequence(value):
        return [_with_text_keys(item) for item in value]
    return value


def _is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    return isinstance(value, Mapping)


def _is_sequence(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def _kind(value: Any) -> str:
    if is_object(value):
        return "an object"
    if is_list(value):
        return "a list"
    return "a text" if isinstance(value, str) else repr(value)


def pointer(steps: Sequence[Any]) -> str:
    """Keys and positions as a JSON pointer.

    Args:
        steps: Such as ("paths", "/orders", "get").
    """
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def read(path: Path) -> Any:
    """What is in a file of JSON or YAML.

    Args:
        path: The file.

    Raises:
        DescriptionError: It cannot be read, or is neither.
        MissingExtraError: It is YAML, and PyYAML is not installed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DescriptionError(f"the description {path} cannot be read: {error}") from None
    if path.suffix.lower() == ".json" or text.lstrip().startswith("{"):
        try:
            # ten times as fast, and stricter: what it refuses the standard library may still read, or says why not
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            pass
        try:
            return json.loads(text)
        except ValueError as error:
            raise DescriptionError(f"the description {path} is no JSON: {error}") from None
    yaml = require("yaml", f"the description {path.name}, which is YAML,")
    try:
        return _with_text_keys(yaml.load(text, Loader=_loader(yaml)))
    except yaml.YAMLError as error:
        raise DescriptionError(f"the description {path} is no YAML: {error}") from None


_loaders: dict[str, Any] = {}
_FALSE_AND_TRUE = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")


def _loader(yaml: Any) -> Any:
    """A loader, the faster one where there is one, for which dates are texts and "on" is one too, as in YAML 1.2."""
    if "made" not in _loaders:
        base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

        class Loader(base):  # type: ignore[misc]
            pass

        plain = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
        Loader.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in rules if tag not in plain]
            for first, rules in base.yaml_implicit_resolvers.items()
        }
        Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _FALSE_AND_TRUE, list("tTfF"))
        _loaders["made"] = Loader
    return _loaders["made"]
