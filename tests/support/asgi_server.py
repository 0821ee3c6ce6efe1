"""Serves an ASGI app on this machine, in the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import uvicorn


@contextlib.asynccontextmanager
async def served(app):
    """Serve an app within the block; gives its URL, without a slash at the end.

    Args:
        app: The app. Its lifespan begins and ends with the block.
    """
    with socket.socket() as where:
        where.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5))
        serving = asyncio.create_task(server.serve(sockets=[where]))
        while not server.started:
            # a server that cannot start says why
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{where.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
