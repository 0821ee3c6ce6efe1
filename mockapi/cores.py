"""Requests of httpcore that no httpx sends: for programs that use its connection pools themselves.

A pool is caught like a transport. For the mocks the request is made into one of httpx (of httpx2 for httpcore2), and
the response is made httpcore's again.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from .handlers import PASSED, apass_on, pass_on
from .native import own_error
from .requests import RequestView
from .turns import Below, PassedOn, responder_of

LIBRARIES = {"httpcore": "httpx", "httpcore2": "httpx2"}
"""The libraries whose pools are caught, each with the one whose requests the mocks get."""

POOLS = {"ConnectionPool": "handle_request", "AsyncConnectionPool": "handle_async_request"}
"""Their pools, each with the method that sends. Those of proxies are subclasses."""


def sync_handler(original: Callable[..., Any], core: ModuleType) -> Callable[..., Any]:
    """What stands in the place of a pool's method.

    Args:
        original: The method.
        core: httpcore or httpcore2.
    """

    def handle_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        library, responder = _asked(core, request)
        if responder is None:
            return original(self, request)
        content = b"".join(request.stream)
        view = RequestView(_as_httpx(library, request, content), library.__name__, "ConnectionPool")
        try:
            response = responder.respond(view, library)
        except Exception as error:  # noqa: BLE001 - it is raised again, as httpcore's own
            raise own_error(core, error, request) from None
        if isinstance(response, (PassedOn, Below)):
            return pass_on(response, original, self, _again(core, request, content))
        return core.Response(
            response.status_code, headers=response.headers.raw, content=response.stream, extensions=response.extensions
        )

    return handle_request


def async_handler(original: Callable[..., Awaitable[Any]], core: ModuleType) -> Callable[..., Awaitable[Any]]:
    """What stands in the place of a pool's async method.

    Args:
        original: The method.
        core: httpcore or httpcore2.
    """

    async def handle_async_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        library, responder = _asked(core, request)
        if responder is None:
            return await original(self, request)
        content = b"".join([piece async for piece in request.stream])
        view = RequestView(_as_httpx(library, request, content), library.__name__, "AsyncConnectionPool")
        try:
            response = await responder.arespond(view, library)
        except Exception as error:  # noqa: BLE001 - it is raised again, as httpcore's own
            raise own_error(core, error, request) from None
        if isinstance(response, (PassedOn, Below)):
            return await apass_on(response, original, self, _again(core, request, content))
        return core.Response(
            response.status_code, headers=response.headers.raw, content=response.stream, extensions=response.extensions
        )

    return handle_async_request


def _asked(core: ModuleType, request: Any) -> tuple[Any, Any]:
    if PASSED in request.extensions:
        return None, None
    return importlib.import_module(LIBRARIES[core.__name__]), responder_of(request)


def _as_httpx(library: Any, request: Any, content: bytes) -> Any:
    url = request.url
    text = (
        f"{url.scheme.decode()}://{url.host.decode()}{'' if url.port is None else f':{url.port}'}{url.target.decode()}"
    )
    return library.Request(
        request.method.decode(), text, headers=request.headers, content=content, extensions=request.extensions
    )


def _again(core: Any, request: Any, content: bytes) -> Any:
    """The request once more, its body having been read."""
    return core.Request(
        request.method,
        request.url,
        headers=request.headers,
        content=content,
        extensions=request.extensions,
    )
