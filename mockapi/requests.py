"""A request as the mock sees it: the caller's own object, with its parts parsed once.

Duck-typed on purpose: httpx and httpx2 share this shape, and converting between them costs more than matching.
"""

from __future__ import annotations

import email.parser
import email.policy
import json
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl


class RequestLike(Protocol):
    """A request of httpx or httpx2, body read."""

    method: str
    url: Any
    headers: Any
    extensions: Any

    @property
    def content(self) -> bytes:
        """The body."""
        ...


NOT_JSON = object()
"""The body is not JSON."""


class RequestView:
    """The parts of one request, each parsed at its first use.

    Args:
        request: The caller's own request, body read.
        library: "httpx" or "httpx2".
    """

    def __init__(self, request: RequestLike, library: str) -> None:
        self.request = request
        self.library = library
        self.method: str = request.method.upper()

    @cached_property
    def path(self) -> str:
        """The decoded path."""
        return str(self.request.url.path)

    @cached_property
    def raw_path(self) -> str:
        """The path as it is sent, percent-encoded."""
        return bytes(self.request.url.raw_path).split(b"?", 1)[0].decode("ascii")

    @cached_property
    def origin(self) -> str:
        """Scheme, host and port, such as "https://api.test"."""
        url = self.request.url
        return f"{url.scheme}://{url.netloc.decode('ascii')}"

    @cached_property
    def url(self) -> str:
        """The whole URL as text."""
        return str(self.request.url)

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """The query parameters, decoded: each name with its values in order."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.request.url.query.decode("ascii"), keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def content_type(self) -> str:
        """The media type, without parameters, in lower case."""
        return str(self.request.headers.get("content-type", "")).split(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or ``NOT_JSON``."""
        try:
            return json.loads(self.request.content)
        except ValueError:
            return NOT_JSON

    @cached_property
    def form(self) -> dict[str, Any] | None:
        """The body as a form, a list where a name repeats; None if it is none. A file is its bytes."""
        pairs: list[tuple[str, Any]]
        if self.content_type == "application/x-www-form-urlencoded":
            pairs = list(parse_qsl(self.request.content.decode("utf-8", "replace"), keep_blank_values=True))
        elif self.content_type == "multipart/form-data":
            pairs = _multipart(str(self.request.headers.get("content-type")), self.request.content)
        else:
            return None
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                held = found[name]
                found[name] = [*held, value] if isinstance(held, list) else [held, value]
            else:
                found[name] = value
        return found


def _multipart(content_type: str, content: bytes) -> list[tuple[str, Any]]:
    """The fields of a multipart form in order: text, or bytes for a file."""
    head = f"content-type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + content)
    found: list[tuple[str, Any]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found.append((name, payload if part.get_filename() is not None else payload.decode("utf-8", "replace")))
    return found
