"""Apps as mocks: an ASGI or WSGI app answers in this process, without a server."""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self, TypeAlias
from urllib.parse import urlsplit

import anyio.to_thread

App: TypeAlias = Callable[..., Awaitable[None]] | Callable[..., Iterable[bytes]]
"""An ASGI app, of three parameters and async; or a WSGI app, of two."""

_ASGI_PARAMETERS = 3


def mounted(url_prefix: Any, app: Any) -> tuple[re.Pattern[str], Callable[..., Awaitable[Any]]]:
    """The URLs below a prefix, and a body function that lets the app answer.

    Args:
        url_prefix: A whole URL or a path.
        app: An ASGI or WSGI app.

    Raises:
        TypeError: *app* is neither.
        ValueError: *url_prefix* is neither a path nor a whole URL, or has a query.
    """
    if not isinstance(url_prefix, str) or not ("://" in url_prefix or url_prefix.startswith("/")):
        raise ValueError(f"url_prefix={url_prefix!r} is neither a path nor a whole URL, such as 'https://api.test/v1'.")
    parts = urlsplit(url_prefix)
    if parts.query or parts.fragment:
        raise ValueError(f"url_prefix={url_prefix!r} has a query or fragment; an app answers all of a path.")
    root = parts.path.rstrip("/")
    start = url_prefix.rstrip("/")
    pattern = re.compile(f"{re.escape(start)}(?:[/?].*)?", re.DOTALL)
    if _is_asgi(app):
        return pattern, functools.partial(_ask_asgi, app, root)
    return pattern, functools.partial(_ask_wsgi, _below(app, root), root)


class _OnePiece:
    """The body of a request. No generator: an app that does not read to the end would leave one in its loop.

    Args:
        data: The body.
    """

    def __init__(self, data: bytes) -> None:
        self._left = [data]

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()


async def _ask_asgi(app: Any, root: str, request: Any) -> Any:
    library = _library(request)
    body = type("Body", (_OnePiece, library.AsyncByteStream), {})(request.content)
    sent = library.Request(
        request.method, request.url, headers=request.headers, stream=body, extensions=request.extensions
    )
    response = await library.ASGITransport(app=app, root_path=root).handle_async_request(sent)
    await response.aread()
    response.request = request
    return response


async def _ask_wsgi(app: Any, root: str, request: Any) -> Any:
    transport = _library(request).WSGITransport(app=app, script_name=root)

    def ask() -> Any:
        response = transport.handle_request(request)
        response.read()
        return response

    return await anyio.to_thread.run_sync(ask)


def _library(request: Any) -> Any:
    return sys.modules[type(request).__module__.split(".")[0]]


def _is_asgi(app: Any) -> bool:
    call = app if inspect.isroutine(app) else getattr(app, "__call__", None)  # noqa: B004 - its signature is looked at
    if isinstance(app, type) or call is None:
        raise _no_app(app)
    if inspect.iscoroutinefunction(call):
        return True
    try:
        wanted = [p for p in inspect.signature(call).parameters.values() if p.default is p.empty and _is_positional(p)]
    except (TypeError, ValueError):
        raise _no_app(app) from None
    if len(wanted) not in (2, _ASGI_PARAMETERS):
        raise _no_app(app)
    return len(wanted) == _ASGI_PARAMETERS


def _is_positional(parameter: inspect.Parameter) -> bool:
    return parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)


def _no_app(app: Any) -> TypeError:
    return TypeError(
        f"app={app!r} is no app; expected an ASGI app, async def app(scope, receive, send), or a WSGI app, "
        "def app(environ, start_response)."
    )


def _below(app: Any, root: str) -> Any:
    """A WSGI app that finds its path below *root*; the transport gives the whole of it."""

    def below(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        return app({**environ, "PATH_INFO": path.removeprefix(root)}, start_response)

    return below
