"""Values that a schema allows: the examples of the description, or else made by rule, the same ones each time."""

from __future__ import annotations

import json
from typing import Any

from query.openapi.documents import Node

from .content import is_json
from .errors import ExampleError
from .faults import rows
from .maker import EndlessError, Maker
from .operations import Response
from .schemas import Schema, Schemas

MAX_TRIES = 60
"""Values that are tried where a schema gives a choice."""


def body_example(response: Response, content_type: str) -> tuple[bytes, str | None]:
    """A body for a response, and its media type.

    Args:
        response: What the description says of the response.
        content_type: The media type that is wanted; empty for JSON if there is JSON, else the first.

    Raises:
        ExampleError: None could be made.
    """
    content = response.content
    if not content.media:
        return b"", None
    media = content.of_type(content_type) if content_type else content.preferred
    if media is None:
        raise ExampleError(f"{content.node.where} has no {content_type}; it has {content.names}.")
    value = example_of(media.node, response.operation.response_schemas)
    if is_json(media.name):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), media.name
    if isinstance(value, str) and "*" not in media.name:
        return value.encode(), media.name
    raise ExampleError(
        f"{media.node.where} is {media.name}, which nothing can be made for. Give the mock a body of your own."
    )


def header_example(response: Response) -> list[tuple[str, str]]:
    """The headers that a response must have.

    Args:
        response: What the description says of the response.

    Raises:
        ExampleError: None could be made.
    """
    found: list[tuple[str, str]] = []
    for name, node in response.headers:
        if node.at("required").value is True and name.lower() != "content-type":
            value = example_of(node, response.operation.response_schemas)
            found.append((name, value if isinstance(value, str) else json.dumps(value)))
    return found


def example_of(media: Node, schemas: Schemas) -> Any:
    """A value for a body: the description's own example, or else one that is made.

    Args:
        media: The media type's place in the description.
        schemas: Makes validators.

    Raises:
        ExampleError: No value could be made that the schema allows.
    """
    given = [media.at("example").value] if "example" in media.value else []
    for _, node in media.mapping("examples"):
        value = node.resolved.value
        if isinstance(value, dict) and "value" in value:
            given.append(value["value"])
    if media.at("schema").value is None:
        if given:
            return given[0]
        raise ExampleError(f"{media.where} has neither a schema nor an example. Give the mock a body of your own.")
    schema = schemas.schema(media.at("schema"))
    # an example that the schema forbids is no example
    for value in given:
        if schema.fits(value):
            return value
    return made(schema)


def made(schema: Schema) -> Any:
    """A value that a schema allows, always the same.

    Args:
        schema: The schema.

    Raises:
        ExampleError: None could be made.
    """
    maker = Maker(schema)
    last: Any = None
    try:
        for number, value in enumerate(maker.values({"$ref": "#/$defs/s0"})):
            if schema.fits(value):
                return value
            last = value if number == 0 else last
            if number >= MAX_TRIES:
                break
    except EndlessError:
        raise ExampleError(
            f"{schema.node.where} has no value with an end: it must hold itself. Give the mock a body of your own."
        ) from None
    why = "\n".join(rows(schema.faults(last, "made up")))
    raise ExampleError(
        f"no value could be made that {schema.node.where} allows:\n{why}\n"
        "  Give the mock a body of your own, or the description an example."
    )
