"""Where requests are caught: on the transports of httpx and httpx2. The only file that touches respx.

One respx ``Mocker`` of our own, on targets of our own, so that respx's fixtures and ours can be used side by side. It
is held for the session; which client answers is decided for each request, by context. With no client active a request
goes straight through.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from respx.mocks import Mocker
from respx.models import AllMockedAssertionError

from . import leaks, tls
from .requests import RequestView
from .turns import Below, PassedOn, Recorder, active, chosen, responder_of

LIBRARIES = ("httpx", "httpx2")
_TRANSPORTS = ("HTTPTransport", "AsyncHTTPTransport")
_CLIENTS = ("Client", "AsyncClient")
_CHOOSES = "_transport_for_url"
# in the extensions of a request that was caught at its client already
_PASSED = "mockapi.passed"
# what the transports hand requests to, and where respx sits. Its mocker "httpx" sits above the transports: what reaches
# them has passed it
_CORES = {"httpx": "httpcore", "httpx2": "httpcore2"}


extra_transports: dict[type[Any], ModuleType] = {}
"""Transports of other packages that are caught too, each with the library whose requests it sends."""

shares_tls = True
"""Whether clients that are made while requests are mocked share their default TLS context."""

recorder: Recorder | None = None
"""Who records; None in all sessions but those that were asked to."""


class TransportMocker(Mocker):
    """Puts our handler in front of the transports of the libraries that are loaded.

    Not by respx's own ``start``, which goes by names: another fixture may patch the same method above or below us, and
    a module may be imported anew, so classes and functions count here.
    """

    name = "mockapi"
    targets: ClassVar[list[str]] = [f"{library}.{transport}" for library in LIBRARIES for transport in _TRANSPORTS]
    target_methods: ClassVar[list[str]] = ["handle_request", "handle_async_request"]
    _caught: ClassVar[list[tuple[type[Any], str, Callable[..., Any], Callable[..., Any]]]] = []
    _left: ClassVar[list[tuple[Mapping[str, Any], str, Any]]] = []
    _left_with: ClassVar[tuple[bool, int, bool]] = (False, 0, False)
    _with_fronts: ClassVar[bool] = False

    @classmethod
    def want_fronts(cls) -> None:
        """Stand before the transports of clients too, from the next start on: every request pays for that."""
        cls._with_fronts = True

    @classmethod
    def start(cls) -> None:
        """Catch what is loaded and not caught yet."""
        if cls._is_as_it_was_left():
            return
        for name in LIBRARIES:
            library = sys.modules.get(name)
            if library is None:
                continue
            for transport in _TRANSPORTS:
                owner = getattr(library, transport, None)
                if owner is not None:
                    cls.catch(owner, library)
            for client in _CLIENTS if cls._with_fronts else ():
                cls._front(getattr(library, client, None), library)
            if shares_tls:
                tls.share(library, _is_mocking)
        for owner, library in extra_transports.items():
            cls.catch(owner, library)
        cls._leave()

    @classmethod
    def _is_as_it_was_left(cls) -> bool:
        """Whether there is nothing to do: each test asks, so this is quick."""
        if not cls._left or cls._left_with != (shares_tls, len(extra_transports), cls._with_fronts):
            return False
        # a loop: half the price of all() with a generator
        for names, name, value in cls._left:  # noqa: SIM110
            if names.get(name) is not value:
                return False
        return True

    @classmethod
    def _leave(cls) -> None:
        """Note all that ``start`` looks at as it is now."""
        left: list[tuple[Mapping[str, Any], str, Any]] = []
        for name in LIBRARIES:
            library = sys.modules.get(name)
            left.append((sys.modules, name, library))
            if library is not None:
                left += [(vars(library), one, vars(library).get(one)) for one in (*_TRANSPORTS, *_CLIENTS)]
                left += tls.state(library)
        left += [(vars(owner), method, vars(owner).get(method)) for owner, method, _, _ in cls._caught]
        cls._left[:] = left
        cls._left_with = (shares_tls, len(extra_transports), cls._with_fronts)

    @classmethod
    def catch(cls, owner: type[Any], library: ModuleType) -> None:
        """Put our handler in front of the methods that a transport defines.

        Args:
            owner: The class of the transport.
            library: Whose requests it sends.
        """
        for method in cls.target_methods:
            original = vars(owner).get(method)
            if original is not None and not getattr(original, "is_of_mockapi", False):
                make = _async_handler if inspect.iscoroutinefunction(original) else _sync_handler
                cls._replace(owner, method, original, make(original, library))

    @classmethod
    def _front(cls, owner: type[Any] | None, library: ModuleType) -> None:
        """Put our front before whatever transport a client chooses, for mock clients at the level of clients."""
        original = vars(owner).get(_CHOOSES) if owner is not None else None
        if owner is not None and original is not None and not getattr(original, "is_of_mockapi", False):
            cls._replace(owner, _CHOOSES, original, _choosing(original, library))

    @classmethod
    def _replace(
        cls, owner: type[Any], method: str, original: Callable[..., Any], replacement: Callable[..., Any]
    ) -> None:
        replacement.is_of_mockapi = True  # type: ignore[attr-defined]
        setattr(owner, method, replacement)
        cls._caught.append((owner, method, original, replacement))

    @classmethod
    def stop(cls, force: bool = False) -> None:
        """Put back what was there, unless somebody else has replaced it since.

        Args:
            force: Also while a client is active.
        """
        if active and not force:
            return
        cls._left.clear()
        cls._with_fronts = False
        while cls._caught:
            owner, method, original, replacement = cls._caught.pop()
            if vars(owner).get(method) is replacement:
                setattr(owner, method, original)


def _sync_handler(original: Callable[..., Any], library: ModuleType) -> Callable[..., Any]:
    def handle_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = None if _PASSED in request.extensions else responder_of(request)
        if responder is None:
            return original(self, request)
        request.read()
        response = responder.respond(RequestView(request, library.__name__), library)
        if isinstance(response, PassedOn):
            try:
                real = original(self, request)
            except BaseException as error:
                response.on_error(error)
                raise
            response.on_response(real)
            return real
        if isinstance(response, Below):
            try:
                return original(self, request)
            except AllMockedAssertionError:
                raise response.refuse() from None
        return response

    return handle_request


def _async_handler(original: Callable[..., Awaitable[Any]], library: ModuleType) -> Callable[..., Awaitable[Any]]:
    async def handle_async_request(self: Any, request: Any) -> Any:
        __tracebackhide__ = True
        responder = None if _PASSED in request.extensions else responder_of(request)
        if responder is None:
            return await original(self, request)
        await request.aread()
        response = await responder.arespond(RequestView(request, library.__name__, "AsyncClient"), library)
        if isinstance(response, PassedOn):
            try:
                real = await original(self, request)
            except BaseException as error:
                response.on_error(error)
                raise
            response.on_response(real)
            return real
        if isinstance(response, Below):
            try:
                return await original(self, request)
            except AllMockedAssertionError:
                raise response.refuse() from None
        return response

    return handle_async_request


def _choosing(original: Callable[..., Any], library: ModuleType) -> Callable[..., Any]:
    """The method of a client that chooses a transport for a URL, with our front before it if a client asks for that."""

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
            self._ask = _sync_handler(_passed_to(inner, "handle_request"), library)
            self._aask = _async_handler(_passed_to(inner, "handle_async_request"), library)

        def handle_request(self, request: Any) -> Any:
            return self._ask(self, request)

        async def handle_async_request(self, request: Any) -> Any:
            return await self._aask(self, request)

    return Front


def _passed_to(inner: Any, method: str) -> Callable[..., Any]:
    """The method of a transport, with a mark on the request: it has been looked at."""

    def send(_: Any, request: Any) -> Any:
        request.extensions = {**request.extensions, _PASSED: True}
        return getattr(inner, method)(request)

    return send


def _is_mocking() -> bool:
    return shares_tls and bool(active)


def respx_would_answer(library: str) -> bool:
    """Whether a router of respx itself is active below this library, so that what has no mock is its to answer.

    Args:
        library: The caller's: "httpx" or "httpx2". A router for the other one would let its requests through to the
            network.
    """
    return any(mocker.routers and _is_below(mocker, library) for mocker in Mocker.registry.values())


def _is_below(mocker: type[Mocker], library: str) -> bool:
    core = sys.modules.get(_CORES[library])
    # by module and not by name: httpx2.alias_httpx() makes two names one
    return core is not None and any(sys.modules.get(target.partition(".")[0]) is core for target in mocker.targets)


# -- holding


def intercept() -> None:
    """Catch the requests of every library that is loaded, and of those that are loaded later. Cheap when done."""
    for client in active:
        if client.blocks_network:
            leaks.guard(chosen)
        if client.level == "client":
            TransportMocker.want_fronts()
    TransportMocker.start()
    if _watcher not in sys.meta_path:
        sys.meta_path.insert(0, _watcher)


def release() -> None:
    """Put the transports back as they were. Does nothing while a client is active."""
    if active:
        return
    TransportMocker.stop()
    tls.release()
    leaks.release()
    if _watcher in sys.meta_path:
        sys.meta_path.remove(_watcher)


class _Watcher(importlib.abc.MetaPathFinder):
    """Sees a library being imported after a test began, and catches its requests from the start."""

    def __init__(self) -> None:
        self._looking_for: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in LIBRARIES or fullname in self._looking_for:
            return None
        # the other finders do the work; we stay, because who asks for a spec need not import
        self._looking_for.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._looking_for.discard(fullname)
        if spec is not None and spec.loader is not None and not isinstance(spec.loader, _Catching):
            spec.loader = _Catching(spec.loader)
        return spec


_watcher = _Watcher()


class _Catching(importlib.abc.Loader):
    """A loader that catches a library's requests once it is loaded."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._inner.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        if module.__spec__ is not None and module.__spec__.loader is self:
            # it has done its work, and nobody need ever see it
            module.__spec__.loader = module.__loader__ = self._inner
        TransportMocker.start()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
