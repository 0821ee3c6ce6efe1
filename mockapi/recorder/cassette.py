"""Cassettes of vcrpy, as YAML or JSON, as exchanges."""

from __future__ import annotations

import base64
from importlib import import_module
from typing import Any

import httpx
import msgspec

from .capturing import decoded
from .exchange import Reply
from .har import HarEntry, exchange_of


class _Request(msgspec.Struct):
    method: str
    uri: str
    body: Any = None
    headers: dict[str, Any] | None = None


class _Status(msgspec.Struct):
    code: int


class _Response(msgspec.Struct):
    status: _Status | None = None
    headers: dict[str, Any] | None = None
    body: Any = None
    # as older versions had it for httpx
    status_code: int | None = None
    content: Any = None

    def __post_init__(self) -> None:
        if self.status is None and self.status_code is None:
            raise ValueError("Object missing required field `status`")


class _Interaction(msgspec.Struct):
    request: _Request
    response: _Response


def read_cassette(data: Any, name: str, base_url: str | None) -> list[HarEntry]:
    """The interactions of a cassette, in order.

    Args:
        data: The cassette, parsed.
        name: What to call it in messages.
        base_url: Where the paths of the mock client belong.

    Raises:
        ValueError: An interaction is not as it should be; the message has its place.
    """
    return [_entry(raw, f"{name}: interactions[{number}]", base_url) for number, raw in enumerate(data["interactions"])]


def parsed_yaml(text: bytes, name: str) -> Any:
    """A YAML file as plain data.

    Args:
        text: The file.
        name: What to call it in messages.

    Raises:
        ImportError: PyYAML is not installed.
        ValueError: It is no YAML.
    """
    try:
        # without its types, which are another distribution's
        yaml: Any = import_module("yaml")
    except ImportError:
        raise ImportError(f"{name} is YAML, which needs PyYAML: pip install pyyaml.") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{name} is no YAML: {error}") from None


def _entry(raw: Any, place: str, base_url: str | None) -> HarEntry:
    try:
        found = msgspec.convert(raw, _Interaction, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"{place}: {error}. Expected a request and a response, as vcrpy writes them.") from None

    def exchange() -> Any:
        request, response = found.request, found.response
        # most cassettes have bodies as they came, compressed
        headers = _pairs(response.headers)
        content, headers = decoded(httpx, headers, _bytes(response.content or response.body))
        reply = Reply(
            status_code=response.status_code or 0 if response.status is None else response.status.code,
            headers=[pair for pair in headers if pair[0] != "content-encoding"],
            content=content,
        )
        sent = _bytes(request.body)
        where = f"{place} ({request.method} {request.uri})"
        return exchange_of(
            request.method, request.uri, _pairs(request.headers), sent, reply, place=where, base_url=base_url
        )

    return HarEntry(place=place, method=found.request.method.upper(), url=found.request.uri, exchange=exchange)


def _pairs(headers: dict[str, Any] | None) -> list[tuple[str, str]]:
    return [
        (name.lower(), str(value))
        for name, values in (headers or {}).items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _bytes(body: Any) -> bytes:
    """A body in any of the forms that vcrpy has had: text, bytes, or an object around one."""
    if isinstance(body, dict):
        if "base64_string" in body:
            return base64.b64decode(body["base64_string"])
        return _bytes(body.get("string"))
    if isinstance(body, bytes):
        return body
    return b"" if body is None else str(body).encode()
