"""The one door to httpx and httpx2, which are loaded when a call is made: whose client is it, and who may know it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final, Literal, NamedTuple, Protocol, TypeAlias

from ..base.errors import OptionError

LIBRARIES: Final = ("httpx", "httpx2")

Library: TypeAlias = Literal["httpx", "httpx2"]

SHARED_HEADERS: Final = frozenset({"accept", "accept-encoding", "accept-language", "connection", "user-agent"})
"""Headers of a client that say nothing of who it is: they go to any server."""


class HttpClient(Protocol):
    """A client of httpx or httpx2: ``AsyncClient``, or ``Client``, which blocks."""

    @property
    def request(self) -> Callable[..., Any]:
        """Sends a request that is made from its parts."""
        ...

    @property
    def send(self) -> Callable[..., Any]:
        """Sends a request that is made already."""
        ...

    @property
    def headers(self) -> Any:
        """What goes with every request."""
        ...


class HttpKind(NamedTuple):
    """What kind of client one is.

    Attributes:
        library: The library that it is of.
        blocks: Whether it is a ``Client``; an ``AsyncClient`` does not block.
    """

    library: str
    blocks: bool


def http_kind(http: object) -> HttpKind:
    """What kind of client this is.

    Args:
        http: A client of one of the two libraries, or of a class that extends one.

    Raises:
        OptionError: Something else.
    """
    # by its base classes: clients with a login of their own extend one of the two
    for base in type(http).__mro__:
        library = base.__module__.split(".")[0]
        if library in LIBRARIES and base.__name__ in ("AsyncClient", "Client"):
            return HttpKind(library, base.__name__ == "Client")
    raise OptionError(
        f"http= is a {type(http).__module__}.{type(http).__qualname__}; expected an AsyncClient or a Client of httpx "
        "or httpx2.",
        option="http",
    )


def load(library: str) -> Any:
    """The library itself.

    Args:
        library: Its name.
    """
    return import_module(library)


def bare_request(library: Any, client: Any, method: str, url: str, options: Mapping[str, Any]) -> Any:
    """A request with nothing of the client in it that could tell who the client is: for servers that it does not trust.

    Args:
        library: The library of the client.
        client: The client that is to send it.
        method: The method.
        url: The whole URL.
        options: Headers, query parameters and body of the call.
    """
    shared = {name: value for name, value in client.headers.items() if name.lower() in SHARED_HEADERS}
    given: Mapping[str, str] = options.get("headers") or {}
    own = {name.lower(): value for name, value in given.items()}
    return library.Request(method, url, **{**options, "headers": {**shared, **own}})
