"""What an operation takes and answers: which body, in which media type."""

from __future__ import annotations

from typing import Final

import msgspec

from ...openapi.documents import Node, is_object
from .schemas import SchemaReader
from .shapes import NONE, OBJECT, Plain, Type

NO_BODY: Final = ("204", "205", "304")
_PAGE_NAMES: Final = frozenset(("cursor", "page"))


class Body(msgspec.Struct, frozen=True):
    """A body of a request or response.

    Attributes:
        type: What is in it; None if that is no JSON.
        media: Its media type; empty if there is none.
        required: Whether it must be there.
        status: The status of the response; empty for a request.
    """

    type: Type | None
    media: str = ""
    required: bool = False
    status: str = ""


def is_json(media: str) -> bool:
    """Whether a media type is JSON, or may be: ``"application/json"``, ``"application/problem+json"``, ``"*/*"``.

    Args:
        media: The media type, with or without parameters.
    """
    name = media.partition(";")[0].strip().lower()
    return name in ("*/*", "application/*") or name.endswith(("/json", "+json"))


def _rank(media: str) -> int:
    """Plain JSON before its relatives, and those before anything else."""
    name = media.partition(";")[0].strip().lower()
    if name == "application/json":
        return 0
    return 1 if name.endswith(("/json", "+json")) else 2 if is_json(name) else 3


def _media(holder: Node) -> tuple[str, Node] | None:
    contents = holder.mapping("content")
    return min(contents, key=lambda one: _rank(one[0])) if contents else None


def request_body(operation: Node, schemas: SchemaReader) -> Body:
    """The body that an operation takes.

    Args:
        operation: Its place.
        schemas: Reads schemas.
    """
    holder = operation.at("requestBody").resolved
    found = _media(holder)
    if found is None:
        return Body(None)
    media, node = found
    required = holder.at("required").value is True
    if not is_json(media):
        return Body(None, media, required)
    return Body(schemas.read(node.at("schema"), "request"), media, required)


def response_body(operation: Node, method: str, schemas: SchemaReader) -> Body:
    """What an operation answers with its first 2xx status.

    Args:
        operation: Its place.
        method: In capitals.
        schemas: Reads schemas.
    """
    status, holder = success(operation)
    if holder is None:
        return Body(OBJECT)
    if method == "HEAD" or status in NO_BODY:
        return Body(NONE, status=status)
    found = _media(holder)
    if found is None:
        # a status without content: none, or nobody wrote it down
        return Body(OBJECT, status=status)
    media, node = found
    if is_json(media):
        return Body(schemas.read(node.at("schema"), "response"), media, status=status)
    return Body(Plain("str" if media.lower().startswith("text/") else "bytes"), media, status=status)


def success(operation: Node) -> tuple[str, Node | None]:
    """The first 2xx status that an operation describes, with its place; else "default", else none.

    Args:
        operation: Its place.
    """
    responses = {status.upper(): node for status, node in operation.mapping("responses")}
    exact = sorted(status for status in responses if status.isdigit() and status.startswith("2"))
    for status in (*exact, "2XX", "DEFAULT"):
        if status in responses:
            return status.lower() if status == "DEFAULT" else status, responses[status].resolved
    return "", None


def speaks_of_pages(operation: Node, query: set[str]) -> bool:
    """Whether the document speaks of pages: by a ``Link`` header of the answer, or a parameter of the query.

    Args:
        operation: Its place.
        query: The names of its parameters.
    """
    if not _PAGE_NAMES.isdisjoint(query):
        return True
    holder = success(operation)[1]
    headers = None if holder is None else holder.at("headers").value
    return is_object(headers) and any(name.lower() == "link" for name in headers)
