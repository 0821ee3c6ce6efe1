"""One operation of a description: what it takes and what it answers. Each part is prepared when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from query.openapi.documents import Node

from ..requests import NOT_JSON, RequestView
from .content import FORMS, Content, is_json
from .faults import Fault, listed, shown
from .parameters import Parameter, Reader
from .routes import Route
from .schemas import Schemas

NO_BODY = (204, 205, 304)
"""Statuses whose responses have no body."""


class Operation:
    """A method of a path.

    Args:
        route: Its path, at one of its servers.
        method: In capitals.
        node: Its place in the description.
        schemas: Makes validators, by direction.
    """

    def __init__(self, route: Route, method: str, node: Node, schemas: Mapping[str, Schemas]) -> None:
        self.route = route
        self.method = method
        self.node = node
        self._schemas = schemas
        self._responses: dict[int, Response | None] = {}

    @property
    def id(self) -> str:
        """Its operationId; empty if it has none."""
        return str(self.node.at("operationId").value or "")

    @property
    def name(self) -> str:
        """What to call it in messages: "POST /orders (createOrder)"."""
        return f"{self.method} {self.route.template}" + (f" ({self.id})" if self.id else "")

    @cached_property
    def parameters(self) -> list[Parameter]:
        """Its parameters; its own replace those of the path."""
        found: dict[tuple[str, str], Parameter] = {}
        for holder in (self.route.item, self.node):
            for node in holder.sequence("parameters"):
                parameter = Parameter(node.resolved, self._schemas["request"])
                found[parameter.key] = parameter
        return [parameter for parameter in found.values() if parameter.is_looked_at]

    @cached_property
    def body(self) -> Node:
        """The place of what it says of a request's body."""
        return self.node.at("requestBody").resolved

    @cached_property
    def content(self) -> Content:
        """The media types of a request's body."""
        return Content(self.body, self._schemas["request"])

    @cached_property
    def _in(self) -> dict[str, list[Parameter]]:
        return {
            place: [p for p in self.parameters if p.place == place] for place in ("path", "query", "header", "cookie")
        }

    @cached_property
    def _query_names(self) -> frozenset[str]:
        return frozenset(parameter.name for parameter in self._in["query"])

    @cached_property
    def _keys_in_query(self) -> frozenset[str]:
        """Names of API keys that are sent in the query."""
        schemes = dict(self.node.document.root.at("components").mapping("securitySchemes"))
        nodes = [scheme.resolved for scheme in schemes.values()]
        return frozenset(str(n.at("name").value) for n in nodes if n.at("in").value == "query")

    # -- requests

    def request_faults(self, view: RequestView, params: Mapping[str, str]) -> list[Fault]:
        """What is wrong with a request.

        Args:
            view: The request.
            params: The parameters of its path, still encoded.
        """
        found = self.path_faults(params)
        query, sorted_in = view.query, self._in
        for parameter in sorted_in["query"]:
            found += parameter.faults(query, self._query_names)
        for name in query:
            if name in self._query_names or name in self._keys_in_query:
                continue
            if not any(parameter.owns(name) for parameter in sorted_in["query"]):
                known = listed(parameter.name for parameter in sorted_in["query"])
                found.append(Fault(f"query {name}", f"is no parameter; there are: {known}", self.node.where))
        headers = view.request.headers
        for parameter in sorted_in["header"]:
            value = headers.get(parameter.name)
            found += parameter.faults({} if value is None else {parameter.name: [str(value)]})
        if sorted_in["cookie"]:
            for parameter in sorted_in["cookie"]:
                found += parameter.faults(view.cookies)
        return found + self._body_faults(view)

    def path_faults(self, params: Mapping[str, str]) -> list[Fault]:
        """What is wrong with the parameters of a path.

        Args:
            params: Those that are known, still encoded.
        """
        found: list[Fault] = []
        for parameter in self._in["path"]:
            if parameter.name in params:
                found += parameter.faults({parameter.name: [parameter.decoded(params[parameter.name])]})
        return found

    def _body_faults(self, view: RequestView) -> list[Fault]:
        content = self.content
        if not view.request.content:
            if self.body.at("required").value is True:
                return [Fault("body", f"is missing, and it is required ({content.names})", self.body.where)]
            return []
        if self.body.value is None:
            return [Fault("body", "must not be there: the operation has no requestBody", self.node.where)]
        media = content.of_type(view.content_type)
        if media is None:
            if not content.media:
                return []
            given = shown(view.content_type) if view.content_type else "no content type"
            return [Fault("header content-type", f"{given}; expected {content.names}", self.body.at("content").where)]
        if view.content_type in FORMS:
            return media.form_faults(view.form or {})
        if is_json(media.name) and view.json is not NOT_JSON:
            return media.value_faults(view.json)
        return media.faults(view.request.content)

    # -- responses

    @property
    def statuses(self) -> list[str]:
        """The statuses that it answers: "200", "4XX", "default"."""
        names = [status_name(status) for status, _ in self.node.mapping("responses")]
        return [name for name in names if not name.startswith("X-")]

    def response(self, status_code: int) -> Response | None:
        """What it says of a status; None if nothing.

        Args:
            status_code: The status.
        """
        if status_code not in self._responses:
            known = {status_name(status): node for status, node in self.node.mapping("responses")}
            names = (str(status_code), f"{status_code // 100}XX", "default")
            name = next((name for name in names if name in known), None)
            made = None if name is None else Response(self, name, known[name].resolved)
            self._responses[status_code] = made
        return self._responses[status_code]

    @property
    def response_schemas(self) -> Schemas:
        """Makes validators for responses."""
        return self._schemas["response"]


class Response:
    """What an operation says of one status.

    Args:
        operation: The operation.
        status: "200", "4XX" or "default".
        node: Its place in the description.
    """

    def __init__(self, operation: Operation, status: str, node: Node) -> None:
        self.operation = operation
        self.status = status
        self.node = node
        self.content = Content(node, operation.response_schemas)
        self.headers = [(name, below.resolved) for name, below in node.mapping("headers")]
        schemas = operation.response_schemas
        self._readers = {name: Reader(below.at("schema"), schemas) for name, below in self.headers}

    def faults(
        self, status_code: int, headers: Sequence[tuple[str, str]], content_type: str | None, data: bytes | None
    ) -> list[Fault]:
        """What is wrong with a response.

        Args:
            status_code: Its status.
            headers: Its headers.
            content_type: Its media type, without parameters; None if it has none.
            data: Its body; None if that is not known yet.
        """
        return self._header_faults(headers) + self._body_faults(status_code, content_type, data)

    def _header_faults(self, headers: Sequence[tuple[str, str]]) -> list[Fault]:
        found: list[Fault] = []
        sent = {name.lower(): value for name, value in headers}
        for name, node in self.headers:
            value = sent.get(name.lower())
            if name.lower() == "content-type":
                continue
            if value is None:
                if node.at("required").value is True:
                    found.append(Fault(f"header {name}", "is missing, and it is required", node.where))
            else:
                reader = self._readers[name]
                found += reader.faults(reader.read(value), f"header {name}", name)
        return found

    def _body_faults(self, status_code: int, content_type: str | None, data: bytes | None) -> list[Fault]:
        content = self.content
        if data == b"" and content_type is None:
            if not content.media or status_code in NO_BODY or self.operation.method == "HEAD":
                return []
            reason = f"is empty; expected {content.names}. body=mockapi.EXAMPLE makes one"
            return [Fault("body", reason, content.node.at("content").where)]
        if not content.media:
            return [Fault("body", "must not be there: the description gives this status none", self.node.where)]
        if content_type is None:
            # bytes and files come without a type: they may be any that fits
            tried = [[] if data is None else media.faults(data) for media in content.media]
            return min(tried, key=len)
        media = content.of_type(content_type)
        if media is None:
            given = f"{content_type!r} is not among the media types; expected {content.names}"
            hint = ""
            if content_type == "text/plain":
                wants_json = any(is_json(m.name) for m in content.media)
                hint = (
                    ". Give data instead of a str, which is sent as text"
                    if wants_json
                    else f". Say so: headers={{'content-type': {content.media[0].name!r}}}"
                )
            return [Fault("header content-type", given + hint, content.node.at("content").where)]
        return [] if data is None else media.faults(data)


def status_name(status: str) -> str:
    """A status as it is called here, however it is written: "200", "4XX", "default".

    Args:
        status: As the description has it.
    """
    return status if status == "default" else status.upper()
