"""Sees a request go out and what comes back, without changing what the program gets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any

import httpx

from query.base.types import UNSET

from ..body_matchers import data_of
from ..native import FAMILIES
from ..requests import NOT_JSON, RequestView
from ..turns import PassedOn
from .exchange import Breakdown, Exchange, Reply

_tees: dict[str, type[Any]] = {}


class Capture:
    """One request on its way, and what has come of it so far.

    Args:
        view: The request.
        library: httpx or httpx2.
        base_url: Where the paths of the mock client belong.
    """

    def __init__(self, view: RequestView, library: ModuleType, base_url: str | None) -> None:
        self._view = view
        self._library = library
        self._base_url = base_url
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._pieces: list[bytes] = []
        self._is_whole = False
        self._content: bytes | None = None
        self._error: BaseException | None = None

    def passed_on(self) -> PassedOn:
        """How to send the request so that this sees what comes of it."""
        return PassedOn(self._responded, self.failed)

    def exchange(self) -> Exchange | None:
        """What there is to record; None if there is nothing: no answer yet, or an error that no service causes."""
        outcome = self._outcome()
        if outcome is None:
            return None
        view = self._view
        data = data_of(view) if view.request.content else NOT_JSON
        return Exchange(
            method=view.method,
            origin=view.origin,
            path=view.raw_path,
            query=view.query,
            headers=[(name.lower(), value) for name, value in view.request.headers.multi_items()],
            data=UNSET if data is NOT_JSON else data,
            content=view.request.content,
            outcome=outcome,
            base_url=self._base_url,
        )

    def _outcome(self) -> Reply | Breakdown | None:
        if self._error is not None:
            name = _name_in_httpx(type(self._error))
            return None if name is None else Breakdown(name=name)
        # no answer yet; or the beginning of another protocol
        if self._status < 200:
            return None
        if self._content is not None:
            # made by a transport of the program's own, with its body read and decoded
            kept = [pair for pair in self._headers if pair[0] != "content-encoding"]
            return Reply(status_code=self._status, headers=kept, content=self._content)
        content, headers = decoded(self._library, self._headers, b"".join(self._pieces))
        return Reply(status_code=self._status, headers=headers, content=content, is_whole=self._is_whole)

    # -- what the stream and the transport tell

    def _responded(self, response: Any) -> None:
        self._status = response.status_code
        self._headers = [(name.lower(), value) for name, value in response.headers.multi_items()]
        try:
            self._content = response.content
        except self._library.ResponseNotRead:
            response.stream = _tee_class(self._library)(self, response.stream)

    def read(self, piece: bytes) -> None:
        """A piece of the body was read.

        Args:
            piece: The bytes as they came, compressed if they are.
        """
        self._pieces.append(piece)

    def ended(self) -> None:
        """The body was read to its end."""
        self._is_whole = True

    def failed(self, error: BaseException) -> None:
        """The transport raised, before the response or in the middle of its body.

        Args:
            error: What it raised.
        """
        self._error = error


def decoded(library: ModuleType, headers: list[tuple[str, str]], raw: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """A body without its compression, and the headers that are then true.

    A body that this library cannot decode stays as it came, with its header: the program saw it so, too.

    Args:
        library: httpx or httpx2.
        headers: Names in lower case and values.
        raw: The body as it came.
    """
    coding = [(name, value) for name, value in headers if name == "content-encoding"]
    if not coding or not raw:
        return raw, headers
    try:
        content: bytes = library.Response(200, headers=coding, content=raw).content
    except library.DecodingError:
        return raw, headers
    if content == raw:
        return raw, headers
    return content, [pair for pair in headers if pair[0] != "content-encoding"]


def _name_in_httpx(kind: type[BaseException]) -> str | None:
    """What httpx calls an error of the family, or the nearest of its bases; None for one of another kind."""
    for base in kind.__mro__:
        if base.__module__.split(".")[0] in FAMILIES and isinstance(getattr(httpx, base.__name__, None), type):
            return base.__name__
    return None


def _tee_class(library: ModuleType) -> type[Any]:
    """A stream of that library which tells a capture what is read from it. It is sync and async, as the real one is."""
    made = _tees.get(library.__name__)
    if made is None:

        class Tee(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc,name-defined]
            def __init__(self, capture: Capture, inner: Any) -> None:
                self._capture = capture
                self._inner = inner

            def __iter__(self) -> Iterator[bytes]:
                try:
                    for piece in self._inner:
                        self._capture.read(piece)
                        yield piece
                except Exception as error:
                    self._capture.failed(error)
                    raise
                self._capture.ended()

            async def __aiter__(self) -> AsyncIterator[bytes]:
                try:
                    async for piece in self._inner:
                        self._capture.read(piece)
                        yield piece
                except Exception as error:
                    self._capture.failed(error)
                    raise
                self._capture.ended()

            def close(self) -> None:
                self._inner.close()

            async def aclose(self) -> None:
                await self._inner.aclose()

        made = _tees[library.__name__] = Tee
    return made
