"""Bodies in pieces, read by sync and async callers, any number of times; and async code for sync callers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable, AsyncIterator, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar, cast

import anyio

T = TypeVar("T")


class Stream:
    """A body in pieces, which can be read any number of times, by sync and by async callers.

    The pieces are read from the source as they are asked for, each once, and kept. An error of the source is raised
    at every caller who gets that far.

    Args:
        source: An iterable or async iterable of bytes or str.
    """

    def __init__(self, source: Iterable[Any] | AsyncIterable[Any]) -> None:
        self.is_async = isinstance(source, AsyncIterable)
        self._source = source
        self._rest: Any = None
        self._read: list[bytes] = []
        self._is_ended = False
        self._error: BaseException | None = None
        # two locks: a thread may wait in the first, a task must not
        self._lock = threading.Lock()
        self._async_lock = anyio.Lock()

    def __repr__(self) -> str:
        return f"pieces of {self._source!r}"

    def pieces(self) -> Iterator[bytes]:
        """The pieces, for a sync caller. An async source runs on an event loop of its own."""
        loop = asyncio.new_event_loop() if self.is_async and not self._is_ended else None
        try:
            at = 0
            while True:
                with self._lock:
                    if at == len(self._read) and not self._is_over():
                        if loop is None:
                            self._next()
                        else:
                            run_blocking(self._anext(), loop)
                    if at == len(self._read):
                        return
                    piece = self._read[at]
                yield piece
                at += 1
        finally:
            if loop is not None:
                loop.close()

    async def apieces(self) -> AsyncIterator[bytes]:
        """The pieces, for an async caller."""
        if not self.is_async:
            for piece in self.pieces():
                yield piece
            return
        at = 0
        while True:
            async with self._async_lock:
                if at == len(self._read) and not self._is_over():
                    await self._anext()
            if at == len(self._read):
                return
            yield self._read[at]
            at += 1

    def _is_over(self) -> bool:
        if self._error is not None:
            raise self._error.with_traceback(None)
        return self._is_ended

    def _next(self) -> None:
        if self._rest is None:
            self._rest = iter(cast("Iterable[Any]", self._source))
        try:
            self._read.append(_as_bytes(next(self._rest)))
        except StopIteration:
            self._is_ended = True
        except Exception as error:
            self._error = error
            raise

    async def _anext(self) -> None:
        if self._rest is None:
            self._rest = aiter(cast("AsyncIterable[Any]", self._source))
        try:
            self._read.append(_as_bytes(await anext(self._rest)))
        except StopAsyncIteration:
            self._is_ended = True
        except Exception as error:
            self._error = error
            raise
        except BaseException:
            # the source was cancelled along with its reader; without this the next one would find a body cut short
            self._error = RuntimeError(
                "the async iterable of this mock's body was cancelled while an earlier caller waited for its next "
                "piece, so it cannot go on. Give a function that makes a new one for each request: body=make_pieces."
            )
            raise


def run_blocking(coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop | None = None) -> T:
    """Run *coroutine* to its end for a sync caller, on another event loop than the one that may run here.

    Args:
        coroutine: What to run.
        loop: The loop to run it on; by default one that is made for it and closed again.
    """
    if loop is None:
        loop = asyncio.new_event_loop()
        try:
            return run_blocking(coroutine, loop)
        finally:
            loop.close()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return loop.run_until_complete(coroutine)
    # a sync client inside a coroutine: this thread's loop is held up by the very call, so another thread has to run it
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, loop.run_until_complete, coroutine).result()


def _as_bytes(piece: Any) -> bytes:
    if isinstance(piece, str):
        return piece.encode()
    if isinstance(piece, (bytes, bytearray)):
        return bytes(piece)
    raise TypeError(f"a stream gave {piece!r}, a {type(piece).__name__}; expected pieces of bytes or str.")
