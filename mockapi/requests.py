"""A request as the mock sees it: the caller's own object, with its parts parsed once.

Duck-typed on purpose: httpx and httpx2 share this shape, and converting between them costs more than matching.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar, overload
from urllib.parse import parse_qsl, unquote

from .forms import SentFile, multipart

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


_CHARSET = re.compile(r"""charset=["']?([^\s"';]+)""", re.IGNORECASE)

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
        # at once: every look-up begins with them
        raw_path: str = request.url.raw_path.partition(b"?")[0].decode("ascii")
        self.raw_path = raw_path
        """The path as it is sent, percent-encoded."""
        self.path_key = raw_path if "%" not in raw_path else path_key(raw_path)
        """The path as mocks are filed by it: see ``path_key``."""

    @_Once
    def path(self) -> str:
        """The decoded path."""
        return str(self.request.url.path)

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
        return _grouped(parse_qsl(self.request.url.query.decode("ascii"), keep_blank_values=True))

    @_Once
    def headers(self) -> dict[str, list[str]]:
        """The headers: each name, in lower case, with its values in order."""
        return _grouped((name.lower(), value) for name, value in self.request.headers.multi_items())

    @_Once
    def cookies(self) -> dict[str, list[str]]:
        """The cookies: each name with its values in order, as they are sent but for quotes around them."""
        pairs = [pair.partition("=") for line in self.headers.get("cookie", ()) for pair in line.split(";")]
        return _grouped((name.strip(), _unquoted(value.strip())) for name, equals, value in pairs if equals)

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
    def charset(self) -> str:
        """The charset of the content type; "utf-8" if it names none."""
        match = _CHARSET.search(str(self.request.headers.get("content-type", "")))
        return match[1] if match else "utf-8"

    @_Once
    def text(self) -> str | None:
        """The body as text; None if it is none."""
        return as_text(self.request.content, self.charset)

    @_Once
    def parts(self) -> list[tuple[str, str | SentFile]] | None:
        """The fields and files of the body in order; None if it is no form."""
        if self.content_type == "application/x-www-form-urlencoded":
            return list(parse_qsl(self.request.content.decode("utf-8", "replace"), keep_blank_values=True))
        if self.content_type == "multipart/form-data":
            return multipart(str(self.request.headers.get("content-type")), self.request.content)
        return None

    @_Once
    def form(self) -> dict[str, Any] | None:
        """The body as a form, a list where a name repeats; None if it is none. A file is its bytes."""
        if self.parts is None:
            return None
        found = _grouped((name, part if isinstance(part, str) else part.content) for name, part in self.parts)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    @_Once
    def fields(self) -> dict[str, list[str]] | None:
        """The text fields of a form: each name with its values in order; None if the body is no form."""
        if self.parts is None:
            return None
        return _grouped((name, part) for name, part in self.parts if isinstance(part, str))

    @_Once
    def files(self) -> dict[str, list[SentFile]] | None:
        """The files of a form: each field with its files in order; None if the body is no form."""
        if self.parts is None:
            return None
        return _grouped((name, part) for name, part in self.parts if isinstance(part, SentFile))


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def as_text(content: bytes, charset: str = "utf-8") -> str | None:
    """Bytes as text; None if they are none.

    Args:
        content: The bytes.
        charset: How text is encoded in them; one that nobody knows is taken for UTF-8.
    """
    try:
        return content.decode(charset)
    except LookupError:
        return as_text(content)
    except UnicodeDecodeError:
        return None


def path_key(raw_path: str) -> str:
    """A path, decoded but for slashes inside a segment: ``/a%20b%2Fc/`` and ``/a b%2Fc/`` are the same.

    Args:
        raw_path: A path, percent-encoded or not.
    """
    if "%" not in raw_path:
        return raw_path
    return "/".join(unquote(segment).replace("/", "%2F") for segment in raw_path.split("/"))
