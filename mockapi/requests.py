"""A request as the mock sees it: the caller's own object, with its parts parsed once.

Duck-typed on purpose: httpx and httpx2 share this shape, and converting between them costs more than matching.
"""

from __future__ import annotations

import email.parser
import email.policy
import json
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, overload
from urllib.parse import parse_qsl, unquote

T = TypeVar("T")


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


class _Once(Generic[T]):
    """A property that is computed at its first use. Without functools' lock, which every request would pay for."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type[Any]) -> _Once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any]) -> T: ...
    def __get__(self, instance: object | None, owner: type[Any]) -> T | _Once[T]:
        if instance is None:
            return self
        value = self._compute(instance)
        # found there from now on: this class has no __set__
        instance.__dict__[self._name] = value
        return value


class RequestView:
    """The parts of one request, each parsed at its first use.

    Args:
        request: The caller's own request, body read.
        library: "httpx" or "httpx2".
        client: "Client" or "AsyncClient".
    """

    def __init__(self, request: RequestLike, library: str, client: str = "Client") -> None:
        self.request = request
        self.library = library
        self.client = client
        self.method: str = request.method.upper()

    @_Once
    def path(self) -> str:
        """The decoded path."""
        return str(self.request.url.path)

    @_Once
    def raw_path(self) -> str:
        """The path as it is sent, percent-encoded."""
        return bytes(self.request.url.raw_path).partition(b"?")[0].decode("ascii")

    @_Once
    def path_key(self) -> str:
        """The path as mocks are filed by it: see ``path_key``."""
        return path_key(self.raw_path)

    @_Once
    def origin(self) -> str:
        """Scheme, host and port, such as "https://api.test"."""
        url = self.request.url
        return f"{url.scheme}://{url.netloc.decode('ascii')}"

    @_Once
    def url(self) -> str:
        """The whole URL as text."""
        return str(self.request.url)

    @_Once
    def query(self) -> dict[str, list[str]]:
        """The query parameters, decoded: each name with its values in order."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.request.url.query.decode("ascii"), keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    @_Once
    def content_type(self) -> str:
        """The media type, without parameters, in lower case."""
        return str(self.request.headers.get("content-type", "")).split(";")[0].strip().lower()

    @_Once
    def json(self) -> Any:
        """The body as JSON, or ``NOT_JSON``."""
        try:
            return json.loads(self.request.content)
        except ValueError:
            return NOT_JSON

    @_Once
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


def path_key(raw_path: str) -> str:
    """A path, decoded but for slashes inside a segment: ``/a%20b%2Fc/`` and ``/a b%2Fc/`` are the same.

    Args:
        raw_path: A path, percent-encoded or not.
    """
    if "%" not in raw_path:
        return raw_path
    return "/".join(unquote(segment).replace("/", "%2F") for segment in raw_path.split("/"))


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
