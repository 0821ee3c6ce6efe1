"""The guard of the other ways to the network: names the client that got past the mock.

It stands at the sockets and at the look-up of names, where every client in Python comes by, and lets through this
machine, what is allowed, and what the mock itself sends for real. A client whose event loop is not Python's own
(uvloop) passes it by.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

from .errors import LeakError
from .places import is_users, sent_from

_MAX_FRAMES = 200
_UNKNOWN = "a client that cannot be told, in a thread of its own,"
_BARE = "a socket"


class Blocker(Protocol):
    """Who closes the network: a mock client.

    Attributes:
        unmatched: Errors that fail its test.
    """

    unmatched: list[Any]

    @property
    def blocks_network(self) -> bool:
        """Whether it does."""
        ...

    def lets_through(self, host: str) -> bool:
        """Whether a host may be reached all the same."""
        ...


class _Guard:
    """What is put in front of sockets and look-ups."""

    def __init__(self, blocker: Callable[[], Blocker | None]) -> None:
        self._blocker = blocker
        self._known: set[str] = set()
        self._put: list[tuple[Any, str, Any, Any]] = []

    def install(self) -> None:
        """Stand in front wherever we do not: other plugins put their own in our place, or take ours away."""
        standing = [piece for piece in self._put if vars(piece[0]).get(piece[1]) is piece[2]]
        places = [(owner, name) for owner, name, *_ in standing]
        self._put = standing
        for owner, name, make in (
            (socket, "getaddrinfo", self._looking_up),
            (asyncio.base_events.BaseEventLoop, "getaddrinfo", self._looking_up_in_loop),
            (_SOCKET, "connect", self._connecting),
            (_SOCKET, "connect_ex", self._connecting),
        ):
            if (owner, name) not in places:
                own = vars(owner).get(name)
                replacement = make(getattr(owner, name))
                setattr(owner, name, replacement)
                self._put.append((owner, name, replacement, own))

    def remove(self) -> None:
        """Step aside, where nobody has taken our place."""
        while self._put:
            owner, name, replacement, own = self._put.pop()
            if vars(owner).get(name) is replacement:
                if own is None:
                    delattr(owner, name)
                else:
                    setattr(owner, name, own)

    def _looking_up(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def getaddrinfo(host: Any, port: Any, *args: Any, **keywords: Any) -> Any:
            allowed = self.check(host, port)
            found = original(host, port, *args, **keywords)
            if allowed:
                # the addresses of an allowed name are allowed too
                self._known.update(str(entry[4][0]) for entry in found)
            return found

        return getaddrinfo

    def _looking_up_in_loop(self, original: Callable[..., Any]) -> Callable[..., Any]:
        guard = self

        async def getaddrinfo(self: Any, host: Any, port: Any, **keywords: Any) -> Any:
            # here the caller's frames are on the stack, which they are not in the thread that looks up
            guard.check(host, port)
            return await original(self, host, port, **keywords)

        return getaddrinfo

    def _connecting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        guard = self

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                try:
                    guard.check(address[0], address[1])
                except LeakError:
                    # who connects expects an OSError, and closes only then
                    self.close()
                    raise
            return original(self, address)

        return connect

    def check(self, host: Any, port: Any) -> bool:
        """Whether a host is one of those that are allowed by name.

        Args:
            host: A name or an address.
            port: A number or the name of a service.

        Raises:
            LeakError: The network is closed for it.
        """
        blocker = self._blocker()
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        if blocker is None or not blocker.blocks_network or _is_here(name) or name in self._known:
            return False
        if blocker.lets_through(name):
            return True
        client, transport = _client()
        error = LeakError(_text(client, transport, name, port), name, port)
        blocker.unmatched.append(error)
        raise error


_SOCKET = socket.socket
_guards: list[_Guard] = []


def guard(blocker: Callable[[], Blocker | None]) -> None:
    """Stand in front of the network, wherever we do not yet.

    Args:
        blocker: Who closes the network now, if anybody does.
    """
    if not _guards:
        _guards.append(_Guard(blocker))
    _guards[0].install()


def release() -> None:
    """Step aside."""
    while _guards:
        _guards.pop().remove()


def _is_here(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(host.partition("%")[0])
        return address.is_loopback or address.is_unspecified
    return False


def _client() -> tuple[str, str | None]:
    """The package whose client comes by here, and its transport if it is one of httpx without our handler."""
    packages: list[str] = []
    transport: str | None = None
    is_reached = False
    frame: FrameType | None = sys._getframe(2)
    for _ in range(_MAX_FRAMES):
        if frame is None:
            break
        is_reached = is_reached or is_users(frame.f_code)
        package = str(frame.f_globals.get("__name__", "")).split(".")[0]
        if not is_reached and (package not in sys.stdlib_module_names or package in ("urllib", "http")):
            packages.append(package)
        kind = type(frame.f_locals.get("self"))
        if transport is None and _TRANSPORTS.intersection(base.__name__ for base in kind.__mro__):
            transport = f"{kind.__module__}:{kind.__qualname__}"
        frame = frame.f_back
    clients = [name for name in dict.fromkeys(packages) if name not in _NO_CLIENTS]
    if not clients:
        return _BARE if is_reached else _UNKNOWN, transport
    *through, client = clients
    return f"{client} (through {', '.join(reversed(through))})" if through else client, transport


# what stands between a client and the socket
_NO_CLIENTS = frozenset(("anyio", "trio", "mockapi", "sniffio", "greenlet"))
_TRANSPORTS = frozenset(("BaseTransport", "AsyncBaseTransport"))


def _text(client: str, transport: str | None, host: str, port: Any) -> str:
    lines = [
        f"{client} was about to reach {host}:{port} over the network, past the mock",
        f"  sent from  {sent_from()}",
    ]
    if transport is not None:
        lines.append(
            f"  Its transport {transport} is none that the mock knows. Catch it with this line of the ini file:\n"
            f"    mockapi_transports = {transport}"
        )
    else:
        lines.append(
            f'  Replace what it sends, or let it through: mockapi_allow = {host} in the ini file, allow=["{host}"] for '
            "a test."
        )
    return "\n".join(lines)
