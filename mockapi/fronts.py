"""The level of clients: requests are caught before any transport, also one of the client's own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .handlers import async_handler, sync_handler
from .turns import chosen

CLIENTS = ("Client", "AsyncClient")
"""The classes of a library that choose transports."""

CHOOSES = "_transport_for_url"
"""Their method for that."""


def choosing(original: Callable[..., Any], library: ModuleType) -> Callable[..., Any]:
    """The method of a client that chooses a transport for a URL: our front before it, if a mock client asks for that.

    Args:
        original: What was there.
        library: The client's library.
    """

    def choose(self: Any, url: Any) -> Any:
        transport = original(self, url)
        responder = chosen()
        if responder is None or responder.level != "client":
            return transport
        return _front_class(library)(transport)

    return choose


@functools.cache
def _front_class(library: ModuleType) -> type[Any]:
    """A transport that asks our clients first, and then the one that it stands before."""

    class Front(library.BaseTransport, library.AsyncBaseTransport):  # type: ignore[misc,name-defined]
        def __init__(self, inner: Any) -> None:
            self._inner = inner
            self._ask = sync_handler(_of(inner, "handle_request"), library)
            self._aask = async_handler(_of(inner, "handle_async_request"), library)

        def handle_request(self, request: Any) -> Any:
            return self._ask(self, request)

        async def handle_async_request(self, request: Any) -> Any:
            return await self._aask(self, request)

    return Front


def _of(inner: Any, method: str) -> Callable[..., Any]:
    def send(_: Any, request: Any) -> Any:
        return getattr(inner, method)(request)

    return send
