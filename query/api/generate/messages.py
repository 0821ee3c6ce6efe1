"""What an operation takes and answers: which body, in which media type."""

from __future__ import annotations

from typing import Final

import msgspec

from ...openapi.documents import Node, is_object
from .schemas import SchemaReader
from .shapes import NONE, OBJECT, Plain, Type, union

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
    """What an operation answers: status and media type of its first 2xx, and the types of all that it describes.

    A status without a described body adds nothing to those that have one; 204 adds None.

    Args:
        operation: Its place.
        method: In capitals.
        schemas: Reads schemas.
    """
    found = [_answer(status, holder, method, schemas) for status, holder in successes(operation)]
    if not found:
        return Body(OBJECT)
    first = found[0]
    if first.type == OBJECT or (first.media and not is_json(first.media)):
        return first
    more = [one.type for one in found if one.type is not None and (is_json(one.media) or one.type == NONE)]
    return msgspec.structs.replace(first, type=union(kind for kind in more if kind != OBJECT))


def _answer(status: str, holder: Node, method: str, schemas: SchemaReader) -> Body:
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


def successes(operation: Node) -> list[tuple[str, Node]]:
    """The 2xx statuses that an operation describes, with their places; else "default", else none.

    Args:
        operation: Its place.
    """
    responses = {status.upper(): node for status, node in operation.mapping("responses")}
    found = sorted(status for status in responses if status.isdigit() and status.startswith("2"))
    found += [status for status in ("2XX",) if status in responses]
    if not found and "DEFAULT" in responses:
        return [("default", responses["DEFAULT"].resolved)]
    return [(status, responses[status].resolved) for status in found]


def speaks_of_pages(operation: Node, query: set[str]) -> bool:
    """Whether the document speaks of pages: by a ``Link`` header of the answer, or a parameter of the query.

    Args:
        operation: Its place.
        query: The names of its parameters.
    """
    if not _PAGE_NAMES.isdisjoint(query):
        return True
    answers = successes(operation)
    headers = answers[0][1].at("headers").value if answers else None
    return is_object(headers) and any(name.lower() == "link" for name in headers)
