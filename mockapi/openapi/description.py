"""A description: read once for a session, its operations prepared when they are first needed."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from query.openapi.documents import Document, read
from query.openapi.versions import checked_version

from .coverage import Coverage
from .errors import DescriptionError
from .operations import Operation, status_name
from .routes import Route, Routes
from .schemas import Schemas

Source: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Description"
"""A path, the description itself as a dict, or one that is loaded already."""

_read: dict[tuple[Path, int], Description] = {}
_last_read: dict[Path, tuple[Path, int]] = {}
_given: dict[int, tuple[Any, Any, Description]] = {}
MAX_REQUESTED = 1000
"""Requests whose operation is remembered, for a test suite sends much the same again and again."""
MAX_GIVEN = 8
"""Descriptions given as dicts that are kept."""


class Description:
    """An OpenAPI description of version 3.0 or 3.1. Make one with ``load_description``.

    Args:
        document: What was read.

    Attributes:
        name: What to call it in messages.
        title: Its title.
        coverage: Which of its operations were mocked and requested.
    """

    def __init__(self, document: Document) -> None:
        root = document.root
        version = checked_version(root)
        self.name = document.name
        self.title = str(root.at("info", "title").value or document.name)
        self.routes = Routes(root)
        is_3_0 = version.startswith("3.0")
        self._schemas = {
            "request": Schemas("request", is_3_0=is_3_0),
            "response": Schemas("response", is_3_0=is_3_0),
        }
        self._operations: dict[Any, Operation] = {}
        self._requested: dict[tuple[str, str, str], tuple[Operation, dict[str, str]] | list[Route]] = {}
        self.coverage = Coverage(self.name if document.path is not None else self.title)
        for route in self.routes.all:
            for method, node in route.methods.items():
                statuses = [status_name(status) for status, _ in node.mapping("responses")]
                self.coverage.declare(method, route.template, str(node.at("operationId").value or ""), statuses)

    def operation(self, route: Route, method: str) -> Operation:
        """An operation.

        Args:
            route: Its path.
            method: In capitals, one of the route's.
        """
        made = self._operations.get((route, method))
        if made is None:
            made = Operation(route, method, route.methods[method], self._schemas)
            self._operations[route, method] = made
        return made

    def requested(self, method: str, raw_path: str, origin: str) -> tuple[Operation, dict[str, str]] | list[Route]:
        """The operation that a request means with the parameters of its path, still encoded; else the paths that fit.

        Args:
            method: In capitals.
            raw_path: The path, percent-encoded.
            origin: Scheme, host and port.
        """
        key = (method, raw_path, origin)
        found = self._requested.get(key)
        if found is None:
            if len(self._requested) >= MAX_REQUESTED:
                self._requested.clear()
            found = self._requested[key] = self._looked_up(method, raw_path, origin)
        return found

    def _looked_up(self, method: str, raw_path: str, origin: str) -> tuple[Operation, dict[str, str]] | list[Route]:
        fitting = list(self.routes.find(raw_path))
        at_host = [found for found in fitting if found[0].server.is_at(origin)]
        for route, params in at_host or fitting:
            if method in route.methods:
                return self.operation(route, method), params
        return [route for route, _ in fitting]

    def __repr__(self) -> str:
        return f"<Description {self.name}>"


def load_description(source: Source) -> Description:
    """Read an OpenAPI description. A file is read once, and again when it has changed.

    Args:
        source: A path of JSON or YAML; or the description itself as a dict.

    Raises:
        DescriptionError: It cannot be read, or is not one of OpenAPI 3.0 or 3.1.
        MissingExtraError: It is YAML, and PyYAML is not installed.
    """
    if isinstance(source, Description):
        return source
    if isinstance(source, Mapping):
        held = _given.get(id(source))
        # the same dict comes with every test that its marker is on; it may have been changed between them
        if held is None or held[0] is not source or held[1] != source:
            held = (source, copy.deepcopy(source), Description(Document(source, None, {})))
            while len(_given) >= MAX_GIVEN:
                del _given[next(iter(_given))]
            _given[id(source)] = held
        return held[2]
    if not isinstance(source, (str, os.PathLike)):
        raise DescriptionError(f"openapi={source!r} is no description; expected a path, a dict, or a Description.")
    path = Path(source).resolve()
    try:
        key = (path, path.stat().st_mtime_ns)
    except OSError as error:
        raise DescriptionError(f"the description {path} cannot be read: {error.strerror}.") from None
    if key not in _read:
        _read.pop(_last_read.get(path, key), None)
        _read[key] = Description(Document(read(path), path, {}))
        _last_read[path] = key
    return _read[key]
