"""What stands in the place of a transport's method: asks a mock client, and sends for real what it passes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

from respx.models import AllMockedAssertionError

from .requests import RequestView
from .turns import Below, PassedOn, responder_of

PASSED = "mockapi.passed"
"""In the extensions of a request that was asked for already, on its way through a client or a transport."""


def sync_handler(original: Callable[..., Any], library: ModuleType) -> Callable[..., Any]:
    """The method of a transport.

    Args:
        original: What was there.
        library: Whose requests it sends.
    """

    def handle_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = None if PASSED in request.extensions else responder_of(request)
        if responder is None:
            return original(self, request)
        request.read()
        response = responder.respond(RequestView(request, library.__name__), library)
        if isinstance(response, (PassedOn, Below)):
            return pass_on(response, original, self, request)
        return response

    return handle_request


def async_handler(original: Callable[..., Awaitable[Any]], library: ModuleType) -> Callable[..., Awaitable[Any]]:
    """The async method of a transport.

    Args:
        original: What was there.
        library: Whose requests it sends.
    """

    async def handle_async_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = None if PASSED in request.extensions else responder_of(request)
        if responder is None:
            return await original(self, request)
        await request.aread()
        response = await responder.arespond(RequestView(request, library.__name__, "AsyncClient"), library)
        if isinstance(response, (PassedOn, Below)):
            return await apass_on(response, original, self, request)
        return response

    return handle_async_request


def pass_on(passing: PassedOn | Below, original: Callable[..., Any], owner: Any, request: Any) -> Any:
    """Send a request for real, and show what comes of it to the one who passed it on.

    Args:
        passing: Who wants to see.
        original: The method that sends.
        owner: Its transport.
        request: The request. It is marked, so that nobody below asks again.
    """
    __tracebackhide__ = True
    before = request.extensions
    request.extensions = {**before, PASSED: True}
    try:
        real = original(owner, request)
    except BaseException as error:
        _tell(passing, error)
        raise
    finally:
        # the same request may come again: some kinds of authentication do that
        request.extensions = before
    if isinstance(passing, PassedOn):
        passing.on_response(real)
    return real


async def apass_on(passing: PassedOn | Below, original: Callable[..., Awaitable[Any]], owner: Any, request: Any) -> Any:
    """The same for an async method.

    Args:
        passing: Who wants to see.
        original: The method that sends.
        owner: Its transport.
        request: The request. It is marked, so that nobody below asks again.
    """
    __tracebackhide__ = True
    before = request.extensions
    request.extensions = {**before, PASSED: True}
    try:
        real = await original(owner, request)
    except BaseException as error:
        _tell(passing, error)
        raise
    finally:
        request.extensions = before
    if isinstance(passing, PassedOn):
        passing.on_response(real)
    return real


def _tell(passing: PassedOn | Below, error: BaseException) -> None:
    __tracebackhide__ = True
    if isinstance(passing, PassedOn):
        passing.on_error(error)
    elif isinstance(error, AllMockedAssertionError):
        # respx below does not know the request either
        raise passing.refuse() from None
