"""The HTTP clients that an ``ApiClient`` makes for itself: one for each event loop, and one that blocks."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import AsyncGenerator, Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from .http_library import load


class MadeClients:
    """Makes HTTP clients when they are needed, and closes them with their loop.

    Args:
        library: The library to make them with.
        options: What it is given for each.
        check: Called with each request before it is sent, also with each that follows a redirect. It must not hold
            what holds this, or the connections would be closed at exit only.
    """

    def __init__(self, library: str, options: dict[str, Any], check: Callable[[Any], None]) -> None:
        self._library = library
        self._options = options
        self._check = check
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _OpenClient] = WeakKeyDictionary()
        self._blocking: Any = None
        self._farewell: Callable[[], object] = lambda: None
        self._lock = threading.Lock()
        self._ssl: Any = None

    async def of_loop(self) -> Any:
        """The asynchronous client of the running loop."""
        loop = asyncio.get_running_loop()
        opened = self._clients.get(loop)
        if opened is None:
            for old in [old for old in self._clients if old.is_closed()]:
                # closed without a farewell: connections left open would hold it for ever
                del self._clients[old]

            async def check(request: Any) -> None:
                self._check(request)

            client = self._make("AsyncClient", check)
            opened = self._clients[loop] = _OpenClient(client, _closing(client))
            await anext(opened.closing)
        return opened.client

    def blocking(self) -> Any:
        """The client that blocks; threads share it."""
        with self._lock:
            if self._blocking is None:
                self._blocking = self._make("Client", self._check)
                # also at exit, and when the API client is forgotten
                self._farewell = weakref.finalize(self, self._blocking.close)
            return self._blocking

    async def aclose(self) -> None:
        """Close the client of the running loop, and the one that blocks."""
        opened = self._clients.pop(asyncio.get_running_loop(), None)
        if opened is not None:
            await opened.closing.aclose()
        self.close()

    def close(self) -> None:
        """Close the client that blocks."""
        with self._lock:
            self._blocking = None
            self._farewell()

    def _make(self, name: str, check: Callable[[Any], Any]) -> Any:
        library = load(self._library)
        if self._ssl is None:
            # the dear part of a client, and the same for every loop
            self._ssl = library.create_ssl_context()
        make = getattr(library, name)
        return make(verify=self._ssl, follow_redirects=True, event_hooks={"request": [check]}, **self._options)


class _OpenClient(NamedTuple):
    client: Any
    closing: AsyncGenerator[None, None]


async def _closing(client: Any) -> AsyncGenerator[None, None]:
    # A loop that ends in good order finishes the asynchronous generators that were begun in it. That is its only
    # word of farewell, and without it connections would be left open under a loop that is gone.
    try:
        yield
    finally:
        await client.aclose()
