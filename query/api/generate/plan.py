"""Names of what is written beside the types of the document: paths, queries and endpoints.

Messages of checkers show these names, often where they do not show the keys, so a TypedDict is named by its keys:
``OwnerRepoPath``. Equal ones are one.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from .model import Backend, Operation, Parameter, TypedDictClass, TypedField

NAMED_BY_KEYS: Final = 3
"""Queries of at most so many parameters are named by them, larger ones by the first operation that has them."""

WRITING: Final = ("POST", "PUT", "PATCH", "DELETE")
"""The methods that become attributes of an endpoint."""


class Url(msgspec.Struct, frozen=True, kw_only=True):
    """A URL and what is written for it.

    Attributes:
        pattern: The URL.
        path: The name of the TypedDict of its parameters; None if it has none.
        operations: Its operations by method, those that a table has.
        queries: The names of the TypedDicts of their query parameters, by method; None if it has none.
        class_name: The name of its own class; None if it is read only.
    """

    pattern: str
    path: str | None
    operations: dict[str, Operation]
    queries: dict[str, str | None]
    class_name: str | None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is written, named.

    Attributes:
        backend: What is known of the backend.
        urls: Its URLs, sorted.
        parameters: TypedDicts of paths and queries, sorted by name.
        paths: The names of those of paths.
        demanding: The names of those of queries that have a required key.
    """

    backend: Backend
    urls: tuple[Url, ...]
    parameters: tuple[TypedDictClass, ...]
    paths: frozenset[str]
    demanding: frozenset[str]


class Names:
    """Names that are taken, and new ones.

    Args:
        taken: Those that nothing else may have.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *dir(builtins)}

    def new(self, *wanted: str) -> str:
        """The first of the wanted names that is free, else the last one with a number.

        Args:
            *wanted: Names, the best first.
        """
        for name in wanted:
            if name not in self._taken:
                self._taken.add(name)
                return name
        number = 2
        while (name := f"{wanted[-1]}{number}") in self._taken:
            number += 1
        self._taken.add(name)
        return name


def make_plan(backend: Backend, *, without: Iterable[str] = (), reserved: Iterable[str] = ()) -> Plan:
    """Name everything.

    Args:
        backend: What is known of the backend.
        without: URLs that are left out.
        reserved: Names that nothing may get.
    """
    left_out = frozenset(without)
    names = Names([*reserved, *(one.name for one in backend.types)])
    by_url: dict[str, dict[str, Operation]] = {}
    for operation in backend.operations:
        if operation.pattern not in left_out and operation.method in ("GET", *WRITING):
            by_url.setdefault(operation.pattern, {})[operation.method] = operation
    parameters: dict[tuple[object, ...], TypedDictClass] = {}
    paths: set[str] = set()
    demanding: set[str] = set()
    urls: list[Url] = []
    for pattern in sorted(by_url):
        operations = by_url[pattern]
        path = _path(next(iter(operations.values())).path, parameters, names)
        if path is not None:
            paths.add(path)
        queries: dict[str, str | None] = {}
        for method, operation in operations.items():
            queries[method] = name = _query(operation, parameters, names)
            if name is not None and any(parameter.required for parameter in operation.query):
                demanding.add(name)
        own = names.new(f"{camel(re.sub(r'[$]', ' ', pattern))}Endpoint") if operations.keys() - {"GET"} else None
        urls.append(Url(pattern=pattern, path=path, operations=operations, queries=queries, class_name=own))
    return Plan(
        backend=backend,
        urls=tuple(urls),
        parameters=tuple(sorted(parameters.values(), key=lambda one: one.name)),
        paths=frozenset(paths),
        demanding=frozenset(demanding),
    )


def _path(
    given: tuple[Parameter, ...], parameters: dict[tuple[object, ...], TypedDictClass], names: Names
) -> str | None:
    if not given:
        return None
    fields = tuple(
        TypedField(name=one.name, type=_PATH_TYPES.get(one.type, one.type), required=True)
        for one in sorted(given, key=lambda one: one.name)
    )
    key = ("path", fields)
    if key not in parameters:
        name = names.new("".join(camel(field.name) for field in fields) + "Path")
        parameters[key] = TypedDictClass(name=name, fields=fields)
    return parameters[key].name


_PATH_TYPES: Final[Mapping[str, str]] = {"str": "PathValue", "str | int": "PathValue", "UUID": "UUID | str"}
"""What may stand for a parameter: whatever has the wanted text."""


def _query(operation: Operation, parameters: dict[tuple[object, ...], TypedDictClass], names: Names) -> str | None:
    if not operation.query:
        return None
    fields = tuple(
        TypedField(
            name=one.name,
            # None leaves a parameter out
            type=one.type if one.required or one.type.endswith("| None") else f"{one.type} | None",
            required=one.required,
            doc=one.doc,
        )
        for one in operation.query
    )
    key = ("query", *sorted((field.name, field.type, field.required) for field in fields))
    if key not in parameters:
        by_operation = f"{camel(operation.operation_id or f'{operation.method.lower()} {operation.pattern}')}Query"
        by_keys = "".join(camel(field.name) for field in sorted(fields, key=lambda field: field.name)) + "Query"
        wanted = [by_keys, by_operation] if len(fields) <= NAMED_BY_KEYS else [by_operation]
        parameters[key] = TypedDictClass(name=names.new(*wanted), fields=fields)
    return parameters[key].name


def camel(text: str) -> str:
    """*text* as the name of a class: "issue_id" is "IssueId".

    Args:
        text: Any text; what is neither letter nor digit parts words.
    """
    words = "".join(word[0].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", text) if word)
    return words if words and not words[0].isdigit() else f"X{words}"
