"""Where requests are caught: on the transports of httpx and httpx2. The only file that touches respx.

One respx ``Mocker`` of our own, on targets of our own, so that respx's fixtures and ours can be used side by side. It
is started once and held; which client answers is decided for each request, by context. With no client active a request
goes straight through.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from types import ModuleType
from typing import Any, ClassVar, Protocol

from respx.mocks import Mocker
from respx.models import AllMockedAssertionError

from . import messages
from .errors import SeveralClientsError
from .requests import RequestView

LIBRARIES = ("httpx", "httpx2")
_TRANSPORTS = ("HTTPTransport", "AsyncHTTPTransport")

PASS = object()
"""What a responder answers to let a request through."""


class Responder(Protocol):
    """Who answers requests: a mock client."""

    def respond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to a sync caller, or ``PASS``."""
        ...

    async def arespond(self, view: RequestView, library: ModuleType) -> Any:
        """The response to an async caller, or ``PASS``."""
        ...


current: ContextVar[Responder | None] = ContextVar("mockapi_client", default=None)
"""The client of this context."""

active: list[Responder] = []
"""All clients that are active, oldest first."""


class TransportMocker(Mocker):
    """Puts our handler in front of the transports of the libraries that are loaded."""

    name = "mockapi"
    targets: ClassVar[list[str]] = []
    target_methods: ClassVar[list[str]] = ["handle_request", "handle_async_request"]

    @classmethod
    def mock(cls, spec: Callable[..., Any]) -> Callable[..., Any]:
        """Our handler in the place of a transport's method.

        Args:
            spec: The method of the transport.
        """
        library = sys.modules[spec.__module__.split(".")[0]]
        if inspect.iscoroutinefunction(spec):
            return _async_handler(spec, library)
        return _sync_handler(spec, library)


def _sync_handler(original: Callable[..., Any], library: ModuleType) -> Callable[..., Any]:
    def handle_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = _responder(request)
        if responder is None:
            return original(self, request)
        request.read()
        response = responder.respond(RequestView(request, library.__name__), library)
        return original(self, request) if response is PASS else response

    return handle_request


def _async_handler(original: Callable[..., Awaitable[Any]], library: ModuleType) -> Callable[..., Awaitable[Any]]:
    async def handle_async_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = _responder(request)
        if responder is None:
            return await original(self, request)
        await request.aread()
        response = await responder.arespond(RequestView(request, library.__name__), library)
        return await original(self, request) if response is PASS else response

    return handle_async_request


def _responder(request: Any) -> Responder | None:
    """The client that answers here: that of the context, else the only one there is."""
    if not active:
        return None
    responder = current.get()
    if responder is not None and responder in active:
        return responder
    if len(active) == 1:
        return active[0]
    raise SeveralClientsError(messages.several_clients(request, len(active)))


def respx_would_answer() -> bool:
    """Whether a router of respx itself is active, so that a request without a mock is its to answer."""
    return any(mocker.routers for name, mocker in Mocker.registry.items() if name != TransportMocker.name)


AllMocked = AllMockedAssertionError
"""What respx raises for a request that it does not know."""


def intercept() -> None:
    """Catch the requests of every library that is loaded, and of those that are loaded later. Cheap when done."""
    for name in LIBRARIES:
        module = sys.modules.get(name)
        if module is None:
            _watch_for(name)
        elif module.__name__ == name:  # else it is an alias of the other one, which is caught already
            _catch(name)


def release() -> None:
    """Put the transports back as they were."""
    TransportMocker.stop(force=True)
    TransportMocker.targets.clear()
    for finder in [finder for finder in sys.meta_path if isinstance(finder, _Watcher)]:
        sys.meta_path.remove(finder)


def _catch(name: str) -> None:
    module = f"{name}._transports.default"
    if module not in sys.modules:
        return
    targets = [f"{module}.{transport}" for transport in _TRANSPORTS]
    if all(target in TransportMocker.targets for target in targets):
        return
    TransportMocker.stop(force=True)
    TransportMocker.targets.extend(targets)
    TransportMocker.start()


class _Watcher(importlib.abc.MetaPathFinder):
    """Sees a library being imported after a test began, and catches its requests from the start."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Catching(spec.loader, self.name)
        return spec


class _Catching(importlib.abc.Loader):
    """A loader that catches a library's requests once it is loaded."""

    def __init__(self, inner: Any, name: str) -> None:
        self._inner = inner
        self._name = name

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._inner.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        intercept()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _watch_for(name: str) -> None:
    if not any(isinstance(finder, _Watcher) and finder.name == name for finder in sys.meta_path):
        sys.meta_path.insert(0, _Watcher(name))
