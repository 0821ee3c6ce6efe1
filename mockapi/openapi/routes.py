"""Which operation of a description a URL means: its servers and its paths."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from query.openapi.documents import Node
from query.openapi.paths import METHODS, PARAM

from .errors import DescriptionError

Segment: TypeAlias = str | re.Pattern[str]
"""One part of a path: a text for itself, or a pattern with a group for each parameter."""

_PORTS = {"http": 80, "https": 443}


class Server:
    """Where the paths of a description begin.

    Args:
        node: The server; its value may be None for the one that goes without saying.
    """

    def __init__(self, node: Node) -> None:
        text = node.at("url").value if node.value is not None else "/"
        if not isinstance(text, str):
            raise DescriptionError(f"{node.where} has no url.")
        self.text = text
        scheme, separator, rest = text.partition("://")
        host, _, path = rest.partition("/") if separator else ("", "/", text.lstrip("/"))
        variables = {name: _values(variable) for name, variable in node.mapping("variables")} if node.value else {}
        self.origin = _pattern(f"{scheme}{separator}{host}", variables) if separator else None
        self.segments = [_segment(part, variables) for part in path.strip("/").split("/")] if path.strip("/") else []

    def is_at(self, origin: str) -> bool:
        """Whether it is at an origin such as "https://api.test"; one without a host is anywhere.

        Args:
            origin: Scheme, host and port.
        """
        return self.origin is None or bool(self.origin.fullmatch(_with_port(origin)) or self.origin.fullmatch(origin))


def _values(variable: Node) -> list[str]:
    """What a variable of a server may be; empty for anything."""
    given = variable.at("enum").value
    return [str(value) for value in given] if isinstance(given, list) else []


def _pattern(text: str, variables: dict[str, list[str]]) -> re.Pattern[str]:
    found, end = "", 0
    for match in PARAM.finditer(text):
        values = variables.get(match[1])
        found += re.escape(text[end : match.start()])
        found += f"({'|'.join(map(re.escape, values))})" if values else "([^/]+)"
        end = match.end()
    return re.compile(found + re.escape(text[end:]), re.IGNORECASE)


def _segment(part: str, variables: dict[str, list[str]]) -> Segment:
    return _pattern(part, variables) if PARAM.search(part) else unquote(part)


def _with_port(origin: str) -> str:
    parts = urlsplit(origin)
    return origin if parts.port is not None else f"{origin}:{_PORTS.get(parts.scheme, 0)}"


class Route:
    """A path of the description at one of its servers.

    Args:
        server: The server.
        template: The path, such as "/orders/{orderId}".
        methods: The operations, by method in capitals.
        item: The path's place in the description.
    """

    def __init__(self, server: Server, template: str, methods: dict[str, Node], item: Node) -> None:
        self.server = server
        self.template = template
        self.methods = methods
        self.item = item
        parts = [_segment(part, {}) for part in template.split("/")[1:]]
        self.segments: list[Segment] = [*server.segments, *parts]
        self.names = PARAM.findall(template)
        self.rank = tuple(isinstance(segment, re.Pattern) for segment in self.segments)

    @property
    def text(self) -> str:
        """The whole path, with what the server's URL adds to it."""
        path = urlsplit(self.server.text).path if "://" in self.server.text else self.server.text
        return f"/{path.strip('/')}{self.template}" if path.strip("/") else self.template

    def params(self, segments: Sequence[str]) -> dict[str, str] | None:
        """The values of the parameters in a path, still encoded; None if it is another path.

        Args:
            segments: The path, split at slashes.
        """
        if len(segments) != len(self.segments):
            return None
        found: list[str] = []
        at_server = len(self.server.segments)
        for position, (segment, text) in enumerate(zip(self.segments, segments, strict=True)):
            if isinstance(segment, str):
                if segment != text and segment != unquote(text):
                    return None
                continue
            match = segment.fullmatch(text)
            if match is None:
                return None
            if position >= at_server:
                found += match.groups()
        return dict(zip(self.names, found, strict=True))

    def known_params(self, segments: Sequence[Any]) -> dict[str, str]:
        """The values of those parameters for which a mock's template has a text.

        Args:
            segments: The template, split at slashes: texts for themselves, and patterns.
        """
        found: dict[str, str] = {}
        names = iter(self.names)
        for position, (mine, its) in enumerate(zip(self.segments, segments, strict=True)):
            if isinstance(mine, str) or position < len(self.server.segments):
                continue
            mine_names = [next(names) for _ in range(mine.groups)]
            match = mine.fullmatch(its) if isinstance(its, str) else None
            if match is not None:
                found.update(zip(mine_names, match.groups(), strict=True))
        return found

    def covers(self, segments: Sequence[Any]) -> bool:
        """Whether a mock's template may mean it.

        Args:
            segments: The template, split at slashes: texts for themselves, and patterns.
        """
        if len(segments) != len(self.segments):
            return False
        for mine, its in zip(self.segments, segments, strict=True):
            if isinstance(mine, str) and isinstance(its, str):
                if mine != its:
                    return False
            elif isinstance(mine, str):
                if not its.fullmatch(mine):
                    return False
            elif isinstance(its, str) and not mine.fullmatch(its):
                return False
        return True

    def likeness(self, segments: Sequence[Any]) -> int:
        """How many parts are a text in both, or a parameter in both.

        Args:
            segments: The template, split at slashes.
        """
        return sum(isinstance(a, str) == isinstance(b, str) for a, b in zip(self.segments, segments, strict=True))


class Routes:
    """All paths of a description.

    Args:
        root: The description.

    Attributes:
        servers: Its servers.
    """

    def __init__(self, root: Node) -> None:
        self.servers: list[Server] = []
        self.all: list[Route] = []
        self._by_length: dict[int, list[Route]] = {}
        for template, item in root.mapping("paths"):
            if template.startswith("x-"):
                continue
            if not template.startswith("/"):
                raise DescriptionError(f"{item.where}: the path {template!r} does not begin with a slash.")
            self._add(root, template, item.resolved)
        if not self.all:
            raise DescriptionError(f"{root.where} has no paths, so there is nothing to keep to.")
        for routes in self._by_length.values():
            # a text before a parameter, as the specification has it
            routes.sort(key=lambda route: route.rank)

    def _add(self, root: Node, template: str, item: Node) -> None:
        by_servers: dict[Any, tuple[Node, dict[str, Node]]] = {}
        for method in METHODS:
            operation = item.at(method)
            if isinstance(operation.value, dict):
                holder = next((n for n in (operation, item, root) if n.at("servers").value), root)
                by_servers.setdefault(holder.key, (holder, {}))[1][method.upper()] = operation
        for holder, methods in by_servers.values():
            nodes: Iterable[Node] = holder.sequence("servers") or [Node(root.document, ("servers", 0), None)]
            for node in nodes:
                server = Server(node)
                self.servers.append(server)
                route = Route(server, template, methods, item)
                self.all.append(route)
                self._by_length.setdefault(len(route.segments), []).append(route)

    def has_host(self, origin: str) -> bool:
        """Whether a server of the description is at an origin, by name.

        Args:
            origin: Scheme, host and port.
        """
        return any(server.origin is not None and server.is_at(origin) for server in self.servers)

    def find(self, raw_path: str) -> Iterator[tuple[Route, dict[str, str]]]:
        """The paths that a request may mean, the most exact first, each with its parameters, still encoded.

        Args:
            raw_path: The path, percent-encoded.
        """
        segments = raw_path.split("/")[1:]
        for route in self._by_length.get(len(segments), ()):
            params = route.params(segments)
            if params is not None:
                yield route, params

    def covering(self, segments: Sequence[Any]) -> list[Route]:
        """The paths that a mock's template may mean, the likeliest first.

        Args:
            segments: The template, split at slashes, without what is before the first.
        """
        found = [route for route in self._by_length.get(len(segments), ()) if route.covers(segments)]
        return sorted(found, key=lambda route: -route.likeness(segments))

    def nearest(self, path: str) -> list[str]:
        """The paths that look most like one that is not there.

        Args:
            path: The path, or the template.
        """
        texts = list(dict.fromkeys(route.text for route in self.all))
        slashed = [text for text in texts if text.rstrip("/") == path.rstrip("/")]
        return slashed or difflib.get_close_matches(path, texts, n=3, cutoff=0.4) or texts[:3]
