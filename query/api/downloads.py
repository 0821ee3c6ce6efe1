"""Answers too big to be held: written to a file as they come, or read with a look at how far they are."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias, overload

from ..base.contexts import QueryClientView
from .http import ApiClient, get_api_client
from .request import ApiRequest

Progress: TypeAlias = Callable[[int, int | None], object]
"""Called with the bytes that are there and those that there will be; None if the server does not say."""


@overload
async def api_download(
    request: ApiRequest | str,
    to: str | os.PathLike[str],
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> Path: ...
@overload
async def api_download(
    request: ApiRequest | str,
    to: None = None,
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> bytes: ...
async def api_download(
    request: ApiRequest | str,
    to: str | os.PathLike[str] | None = None,
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> Path | bytes:
    """Load a file, piece by piece.

    The file appears under its name when all of it is there. Until then it has another name beside it, which goes if
    the download fails or is cancelled; what was there before stays.

    Args:
        request: The call, or its URL.
        to: Where to write it; its folder must exist. None returns the bytes.
        client: The query client whose API client is to be used, such as ``context.client``.
        progress: Told after each piece; in a thread, if the API client has an HTTP client that blocks.

    Returns:
        The path of the file; or the bytes.

    Raises:
        RequestError: The server answered with an error, or the connection broke.
        OSError: The file cannot be written.
    """
    api = get_api_client(client)
    if api.blocks:
        stop = threading.Event()
        try:
            return await asyncio.to_thread(_load, api, request, to, progress, stop)
        except asyncio.CancelledError:
            # a thread cannot be stopped, but it looks whether it should at each piece
            stop.set()
            raise
    with _Sink(to, progress) as sink:
        # the pieces are closed here: those of a download that is given up would be closed some time later
        async with api.stream(_call(request)) as response, aclosing(response.aiter_bytes()) as pieces:
            total = _total(response)
            async for piece in pieces:
                sink.write(piece, total)
        return sink.finish()


@overload
def api_download_sync(
    request: ApiRequest | str,
    to: str | os.PathLike[str],
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> Path: ...
@overload
def api_download_sync(
    request: ApiRequest | str,
    to: None = None,
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> bytes: ...
def api_download_sync(
    request: ApiRequest | str,
    to: str | os.PathLike[str] | None = None,
    *,
    client: QueryClientView | None = None,
    progress: Progress | None = None,
) -> Path | bytes:
    """The same as ``api_download`` without an event loop.

    Args:
        request: The call, or its URL.
        to: Where to write it; its folder must exist. None returns the bytes.
        client: The query client whose API client is to be used, such as ``context.client``.
        progress: Told after each piece.

    Returns:
        The path of the file; or the bytes.

    Raises:
        RequestError: The server answered with an error, or the connection broke.
        OSError: The file cannot be written.
    """
    return _load(get_api_client(client), request, to, progress, threading.Event())


def _load(
    api: ApiClient,
    request: ApiRequest | str,
    to: str | os.PathLike[str] | None,
    progress: Progress | None,
    stop: threading.Event,
) -> Path | bytes:
    with _Sink(to, progress) as sink:
        with api.stream_sync(_call(request)) as response:
            total = _total(response)
            for piece in response.iter_bytes():
                if stop.is_set():
                    break
                sink.write(piece, total)
        # given up at the very end, it is given up all the same; nobody sees what is returned then
        return b"" if stop.is_set() else sink.finish()


class _Sink:
    """A file under a name for the time being, or bytes."""

    def __init__(self, to: str | os.PathLike[str] | None, progress: Progress | None) -> None:
        self._progress = progress
        self._target = None if to is None else Path(to)
        self._pieces: list[bytes] = []
        self._count = 0
        self._file: Any = None
        if self._target is not None:
            # in the same folder, since moving it is one step only within a file system
            self._part = self._target.with_name(f".{self._target.name}.{os.urandom(6).hex()}.part")
            self._file = self._part.open("xb")

    def write(self, piece: bytes, total: int | None) -> None:
        if self._file is None:
            self._pieces.append(piece)
        else:
            self._file.write(piece)
        self._count += len(piece)
        if self._progress is not None:
            self._progress(self._count, total)

    def finish(self) -> Path | bytes:
        if self._target is None:
            return b"".join(self._pieces)
        self._file.close()
        self._part.replace(self._target)
        self._file = None
        return self._target

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)


def _call(request: ApiRequest | str) -> ApiRequest:
    return ApiRequest(url=request) if isinstance(request, str) else request


def _total(response: Any) -> int | None:
    length = response.headers.get("content-length", "")
    # the length is that of the packed bytes
    return int(length) if length.isdecimal() and "content-encoding" not in response.headers else None
