"""Reads a backend from its OpenAPI document: the front door of the reading half."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...openapi.documents import Document, Node, is_list, is_object, read
from ...openapi.errors import DescriptionError
from ...openapi.paths import METHODS
from ...openapi.versions import checked_version
from .messages import Body, request_body, response_body, speaks_of_pages
from .model import Backend, Operation, Parameter
from .names import class_name
from .naming import Naming
from .parameters import WireParameter, declared_names, path_type, query_parameters, read_parameters
from .patterns import Pattern, read_pattern, with_prefix
from .schemas import SchemaReader
from .selection import Candidate, select
from .shapes import Fields, Type, first_line


def read_backend(
    source: Path | str | Mapping[str, Any],
    *,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    strip_prefix: str = "",
    add_prefix: str = "",
    name: str = "",
) -> Backend:
    """Read a backend from its description, which may be OpenAPI 3.0 or 3.1, in JSON or YAML.

    Args:
        source: The file; or the description itself as a dict, such as a FastAPI app's ``app.openapi()``.
        include: Globs of the operations to read: ``"/orders/*"`` of paths as the document has them, ``"tag:admin*"`` of
            tags. None at all reads everything.
        exclude: Globs of operations to leave out.
        strip_prefix: What the patterns leave out of the beginning of paths, such as ``"/api/0"``: what the client's
            ``base_url`` says already.
        add_prefix: What the patterns begin with in its place, such as the path of a server: ``"/v2"``.
        name: What to call the source in the result; by default the name of the file.

    Raises:
        DescriptionError: It cannot be read, is of another version, or is broken; the message names the place.
        MissingExtraError: It is YAML, and PyYAML is not installed.
        TypeError: *include* or *exclude* is a text instead of several.

    The same document gives the same backend, whatever the order of its paths and components.
    """
    if isinstance(source, Mapping):
        document = Document(source, None, {})
    else:
        path = Path(source).resolve()
        document = Document(read(path), path, {})
        name = name or path.name
    reading = _Reading(document, strip_prefix, add_prefix)
    return reading.backend(name, select(reading.candidates(), include, exclude))


class _Draft:
    """An operation whose types have no names yet."""

    def __init__(self, candidate: Candidate, pattern: Pattern) -> None:
        self.candidate = candidate
        self.pattern = pattern
        self.path: list[WireParameter] = []
        self.query: dict[str, WireParameter] = {}
        self.query_open = False
        self.body = Body(None)
        self.response = Body(None)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """What the names of its types may begin with."""
        named = self.candidate.node.at("operationId").value
        words = [self.candidate.method.lower()]
        for part in self.candidate.template.split("/"):
            bare = part.replace("{", " ").replace("}", " ").strip()
            words += (["by", bare] if "{" in part else [bare]) if bare else []
        by_path = class_name(" ".join(words))
        return (class_name(named), by_path) if isinstance(named, str) and named else (by_path,)


class _Reading:
    """The reading of one document."""

    def __init__(self, document: Document, strip_prefix: str, add_prefix: str) -> None:
        self._root = document.root
        version = checked_version(self._root)
        self._strip, self._add = strip_prefix, add_prefix
        for option, prefix in (("strip_prefix", strip_prefix), ("add_prefix", add_prefix)):
            if prefix and not prefix.startswith("/"):
                raise DescriptionError(f"{option}={prefix!r} does not begin with a slash; expected {'/' + prefix!r}.")
        self._schemas = SchemaReader(is_3_0=version.startswith("3.0"))

    def candidates(self) -> list[Candidate]:
        """The operations of the document, by path and method."""
        found: list[Candidate] = []
        for template, place in sorted(self._root.mapping("paths"), key=lambda one: str(one[0])):
            if template.startswith("x-"):
                continue
            item = place.resolved
            for method in sorted(METHODS):
                # a reference is not foreseen there, and common in documents of several files
                node = item.at(method).resolved
                if node.value is None:
                    continue
                if not is_object(node.value):
                    raise DescriptionError(
                        f"{node.where} is {node.value!r}; an operation is expected there.", where=node.where
                    )
                tags = node.at("tags").value
                known = tuple(str(tag) for tag in tags) if is_list(tags) else ()
                found.append(Candidate(template, method.upper(), item, node, known))
        if not found:
            raise DescriptionError(
                f"{self._root.document.name} has no paths, so there is nothing to read. Paths are expected below "
                f"{self._root.at('paths').where}.",
                where=self._root.at("paths").where,
            )
        return found

    def backend(self, name: str, candidates: list[Candidate]) -> Backend:
        """The backend with some of the operations.

        Args:
            name: What to call the source.
            candidates: The operations.
        """
        drafts = [self._draft(candidate) for candidate in candidates]
        _check_patterns(drafts)
        drafts.sort(key=lambda draft: (draft.pattern.text, draft.candidate.method))
        roots = [root for draft in drafts for root in _roots(draft)]
        naming = Naming(self._schemas.definitions, self._schemas.shapes, self._components(), roots)
        info = self._root.at("info")
        return Backend(
            title=str(info.at("title").value or self._root.document.name),
            version=str(info.at("version").value or ""),
            source=name,
            servers=tuple(str(server.at("url").value or "") for server in self._root.sequence("servers")),
            operations=tuple(_operation(draft, naming) for draft in drafts),
            types=naming.types(),
        )

    def _draft(self, candidate: Candidate) -> _Draft:
        node, method = candidate.node, candidate.method
        parameters = read_parameters(candidate.item, node)
        place = self._root.at("paths", candidate.template)
        pattern = read_pattern(place, candidate.template, declared_names(parameters))
        draft = _Draft(candidate, with_prefix(pattern, place, self._strip, self._add))
        for known, usable in pattern.names:
            declared = parameters.get(("path", known))
            if declared is None:
                raise DescriptionError(
                    f"{node.where}: the path has {{{known}}}, and no parameter of that name is declared. Add "
                    f'{{"name": "{known}", "in": "path", "required": true, "schema": ...}} to the parameters of the '
                    "operation or of its path.",
                    where=node.where,
                )
            doc = first_line(declared.at("description").value)
            if usable != known:
                doc = f"{known} in the document" + (f": {doc}" if doc else "")
            draft.path.append(WireParameter(usable, path_type(declared, self._schemas), True, doc))
        for name in sorted(declared_names(parameters) - {known for known, _ in pattern.names}):
            declared = parameters["path", name]
            raise DescriptionError(
                f"{declared.where} declares the parameter {name!r} of the path {candidate.template}, which has no "
                f"{{{name}}}. Correct its name, or take it out.",
                where=declared.where,
            )
        for (where, _), parameter in parameters.items():
            if where == "query":
                for one in query_parameters(parameter, self._schemas):
                    if one is None:
                        draft.query_open = True
                    else:
                        draft.query.setdefault(one.name, one)
        draft.body = request_body(node, self._schemas)
        draft.response = response_body(node, method, self._schemas)
        return draft

    def _components(self) -> dict[str, Fields]:
        """The components that no reference leads to: they have names for what was written out in their place."""
        found: dict[str, Fields] = {}
        known = {key[:2] for key in self._schemas.definitions}
        for name, node in sorted(self._root.at("components").mapping("schemas")):
            if node.key not in known:
                try:
                    body = self._schemas.fields(node, "response")
                except DescriptionError:
                    # nothing uses it, so nothing depends on it
                    continue
                if isinstance(body, Fields):
                    found[name] = body
        return found


def _roots(draft: _Draft) -> Iterable[tuple[tuple[str, ...], Type]]:
    names = draft.beginnings
    for parameter in (*draft.path, *draft.query.values()):
        yield tuple(f"{name}{class_name(parameter.name)}" for name in names), parameter.type
    for body, suffix in ((draft.body, "Body"), (draft.response, "Response")):
        if body.type is not None:
            yield tuple(f"{name}{suffix}" for name in names), body.type


def _check_patterns(drafts: list[_Draft]) -> None:
    """Refuse two paths that are the same pattern, or that no router can tell apart."""
    seen: dict[tuple[str, str], Candidate] = {}
    for draft in drafts:
        here = draft.candidate
        for same in (draft.pattern.text, draft.pattern.hierarchy):
            first = seen.setdefault((here.method, same), here)
            if first is not here and first.template != here.template:
                raise DescriptionError(
                    f"{here.node.where} and {first.node.where} are the same URL, {here.method} {draft.pattern.text}: "
                    "only the names of parameters differ. Keep one of them, or leave one out with exclude=.",
                    where=here.node.where,
                )


def _operation(draft: _Draft, naming: Naming) -> Operation:
    node = draft.candidate.node
    body, response = draft.body, draft.response
    return Operation(
        method=draft.candidate.method,
        pattern=draft.pattern.text,
        path=tuple(_parameter(one, naming) for one in draft.path),
        query=tuple(_parameter(one, naming) for one in draft.query.values()),
        query_open=draft.query_open,
        body=None if body.type is None else naming.write(body.type),
        body_required=body.required,
        body_media=body.media,
        response="object" if response.type is None else naming.write(response.type),
        response_status=response.status,
        response_media=response.media,
        pages=speaks_of_pages(node, set(draft.query)),
        operation_id=_text(node, "operationId"),
        summary=first_line(node.at("summary").value or node.at("description").value),
        deprecated=node.at("deprecated").value is True,
        place=node.where,
    )


def _parameter(one: WireParameter, naming: Naming) -> Parameter:
    return Parameter(name=one.name, type=naming.write(one.type), required=one.required, doc=one.doc)


def _text(node: Node, name: str) -> str:
    value = node.at(name).value
    return value if isinstance(value, str) else ""
