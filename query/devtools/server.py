"""The page by itself: a server on loopback, beside the program, in the event loop of its client."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator, Mapping
from types import TracebackType
from typing import Any, Final, Self, overload

import uvicorn

from ..cache.event_log import SIZE
from ..client.query_client import QueryClient
from ..threads.client import BlockingClient
from .app import Devtools
from .triggers import MakeError

HOST: Final = "127.0.0.1"
GRACE: Final = 1
"""Seconds that a viewer who does not read may keep the server from stopping."""


class _Server(uvicorn.Server):
    """A server that leaves the signals of the process to the program."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    started_event: asyncio.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.started_event.set()


class DevtoolsServer:
    """The page of a client on a port of its own; made by ``serve_devtools``. Await it, or enter it.

    Attributes:
        page: The app that it serves.
    """

    def __init__(self, page: Devtools, port: int) -> None:
        self.page: Devtools = page
        self._port = port
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address to open, with the token.

        Raises:
            RuntimeError: It has not been started.
        """
        if self._socket is None:
            raise RuntimeError("the devtools have not been started. Await serve_devtools(...), or enter it by 'with'.")
        return self.page.url(f"http://{HOST}:{self._socket.getsockname()[1]}")

    async def start(self) -> Self:
        """Serve from now on, in this loop.

        Raises:
            OSError: The port is taken.
        """
        if self._task is not None:
            return self
        self._socket = socket.create_server((HOST, self._port))
        config = uvicorn.Config(
            self.page,
            lifespan="off",
            ws="none",
            # that a viewer did not read to the end is no error of the program
            log_level="critical",
            # it would write down the token
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = server = _Server(config)
        server.started_event = asyncio.Event()
        self._task = asyncio.create_task(server.serve([self._socket]), name="query devtools")
        await server.started_event.wait()
        return self

    @property
    def is_serving(self) -> bool:
        """Whether it answers now."""
        return self._task is not None and self._task.get_loop().is_running() and not self._task.done()

    def forget(self) -> None:
        """Let go of what a loop that has ended cannot close any more."""
        self.page.close()
        self._task = None
        if self._socket is not None:
            self._socket.close()

    async def aclose(self) -> None:
        """Serve no more, and note nothing more. May be called more than once."""
        task = self._task
        if task is not None and self._server is not None:
            self.page.end_streams()
            self._server.should_exit = True
            # how it ends is nobody's concern now
            await asyncio.wait({task})
        self.forget()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.start().__await__()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


class BlockingDevtoolsServer:
    """The same for a program without an event loop: served in the client's own thread.

    Attributes:
        page: The app that it serves.
    """

    def __init__(self, server: DevtoolsServer, client: BlockingClient) -> None:
        self.page: Devtools = server.page
        self._server = server
        self._client = client

    @property
    def url(self) -> str:
        """The address to open, with the token.

        Raises:
            RuntimeError: It has not been started.
        """
        return self._server.url

    def start(self) -> Self:
        """Serve from now on.

        Raises:
            OSError: The port is taken.
        """
        self._client._crossing.wait(self._server.start)
        return self

    def close(self) -> None:
        """Serve no more, and note nothing more. May be called more than once, and after the client was closed."""
        if self._server.is_serving:
            self._client._crossing.wait(self._server.aclose)
        self._server.forget()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@overload
def serve_devtools(
    client: BlockingClient,
    *,
    port: int = 0,
    token: str | None = None,
    error_types: Mapping[str, MakeError] | None = None,
    events: int = SIZE,
) -> BlockingDevtoolsServer: ...
@overload
def serve_devtools(
    client: QueryClient,
    *,
    port: int = 0,
    token: str | None = None,
    error_types: Mapping[str, MakeError] | None = None,
    events: int = SIZE,
) -> DevtoolsServer: ...
def serve_devtools(
    client: QueryClient | BlockingClient,
    *,
    port: int = 0,
    token: str | None = None,
    error_types: Mapping[str, MakeError] | None = None,
    events: int = SIZE,
) -> DevtoolsServer | BlockingDevtoolsServer:
    """Serve the live page of a client on a port of 127.0.0.1, which no other machine reaches.

    For example::

        async with serve_devtools(client) as page:
            print(page.url)

    ``page = await serve_devtools(client)`` does without the block, until ``await page.aclose()``. With a client of
    ``query.sync`` it is ``with serve_devtools(client) as page:``, or ``.start()`` and ``.close()``.

    Args:
        client: The client.
        port: The port; one that is free by default.
        token: What a request must know; a random one by default.
        error_types: Errors that a query can be made to fail with, by name: functions of the query.
        events: How many events to keep.

    Raises:
        ValueError: The token is empty.
    """
    server = DevtoolsServer(Devtools(client, token=token, error_types=error_types, events=events), port)
    return BlockingDevtoolsServer(server, client) if isinstance(client, BlockingClient) else server
