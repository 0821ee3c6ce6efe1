"""Where requests are caught: on the transports of httpx and httpx2.

One respx ``Mocker`` of our own, on targets of our own, so that respx's fixtures and ours can be used side by side. It
is held for the session; which client answers is decided for each request, by context. With no client active a request
goes straight through.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from respx.mocks import Mocker

from . import cores, fronts, leaks, tls
from .handlers import async_handler, sync_handler
from .turns import Recorder, active, chosen

LIBRARIES = ("httpx", "httpx2")
_TRANSPORTS = ("HTTPTransport", "AsyncHTTPTransport")
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
    _left_with: ClassVar[tuple[bool, int, frozenset[str]]] = (False, 0, frozenset())
    _levels: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def want(cls, level: str) -> None:
        """Catch requests at another level too, from the next start on.

        Args:
            level: "client", for which every request pays, or "httpcore".
        """
        cls._levels |= {level}

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
            if "client" in cls._levels:
                for client in fronts.CLIENTS:
                    cls._catch(getattr(library, client, None), fronts.CHOOSES, fronts.choosing, library)
            core = sys.modules.get(_CORES[name])
            if core is not None and "httpcore" in cls._levels:
                cls._catch(core.ConnectionPool, "handle_request", cores.sync_handler, core)
                cls._catch(core.AsyncConnectionPool, "handle_async_request", cores.async_handler, core)
            if shares_tls:
                tls.share(library, _is_mocking)
        for owner, library in extra_transports.items():
            cls.catch(owner, library)
        cls._leave()

    @classmethod
    def _is_as_it_was_left(cls) -> bool:
        """Whether there is nothing to do: each test asks, so this is quick."""
        if not cls._left or cls._left_with != (shares_tls, len(extra_transports), cls._levels):
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
                left += [(vars(library), one, vars(library).get(one)) for one in (*_TRANSPORTS, *fronts.CLIENTS)]
                left += tls.state(library)
        left += [(vars(owner), method, vars(owner).get(method)) for owner, method, _, _ in cls._caught]
        cls._left[:] = left
        cls._left_with = (shares_tls, len(extra_transports), cls._levels)

    @classmethod
    def catch(cls, owner: type[Any], library: ModuleType) -> None:
        """Put our handler in front of the methods that a transport defines.

        Args:
            owner: The class of the transport.
            library: Whose requests it sends.
        """
        for method in cls.target_methods:
            make = async_handler if inspect.iscoroutinefunction(vars(owner).get(method)) else sync_handler
            cls._catch(owner, method, make, library)

    @classmethod
    def _catch(
        cls, owner: type[Any] | None, method: str, make: Callable[[Any, ModuleType], Any], library: ModuleType
    ) -> None:
        """Put what *make* makes of a method in its place, unless that is there already."""
        original = vars(owner).get(method) if owner is not None else None
        if owner is not None and original is not None and not getattr(original, "is_of_mockapi", False):
            replacement = make(original, library)
            replacement.is_of_mockapi = True
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
        cls._levels = frozenset()
        while cls._caught:
            owner, method, original, replacement = cls._caught.pop()
            if vars(owner).get(method) is replacement:
                setattr(owner, method, original)


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
        if client.level != "transport":
            TransportMocker.want(client.level)
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
