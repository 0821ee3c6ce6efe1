"""Responses and errors in the caller's own library: httpx gets httpx's, httpx2 gets httpx2's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any, cast

from .bodies import Content, Failure, Ready, Stream
from .responses import Answer

FAMILIES = ("httpx", "httpx2", "httpcore", "httpcore2")

_stream_classes: dict[str, type[Any]] = {}


def make_response(library: ModuleType, answer: Answer, body: Content | Stream | Ready, request: Any) -> Any:
    """A response of the caller's library.

    Args:
        library: httpx or httpx2.
        answer: Status and headers.
        body: The body.
        request: The caller's request.
    """
    if isinstance(body, Ready):
        return _converted(library, body.response, request)
    headers = list(answer.headers)
    if isinstance(body, Content):
        named = {name.lower() for name, _ in headers}
        if body.content_type is not None and "content-type" not in named:
            headers.append(("content-type", body.content_type))
        if "content-length" not in named and answer.status_code not in (204, 304):
            headers.append(("content-length", str(len(body.data))))
        body = Stream([body.data] if body.data else [])
    # never content=: a response off the network is not read yet, and a program may depend on that
    stream = _stream_class(library)(body, library, request)
    return library.Response(answer.status_code, headers=headers, stream=stream, request=request)


def make_error(library: ModuleType, failure: Failure, request: Any) -> BaseException:
    """The exception to raise at a caller: one of the httpx family becomes the caller's own.

    Args:
        library: httpx or httpx2.
        failure: What was registered.
        request: The caller's request, which the exception then names.
    """
    error = failure.error
    kind = error if isinstance(error, type) else type(error)
    own = getattr(library, kind.__name__, None) if kind.__module__.split(".")[0] in FAMILIES else None
    if isinstance(own, type) and issubclass(own, library.RequestError):
        text = str(error) if isinstance(error, BaseException) else f"{kind.__name__} of a mock"
        return cast("BaseException", own(text, request=request))
    if isinstance(error, type):
        return error()
    return error


def _converted(library: ModuleType, response: Any, request: Any) -> Any:
    return library.Response(
        response.status_code, headers=response.headers.raw, content=response.read(), request=request
    )


def _stream_class(library: ModuleType) -> type[Any]:
    """A byte stream that sync and async callers of this library can read."""
    made = _stream_classes.get(library.__name__)
    if made is None:

        class MockStream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc,name-defined]
            def __init__(self, body: Stream, library: ModuleType, request: Any) -> None:
                self._body = body
                self._library = library
                self._request = request

            def __iter__(self) -> Iterator[bytes]:
                try:
                    yield from self._body.pieces()
                except Exception as error:  # noqa: BLE001 - whatever the source raises, as the caller knows it
                    raise make_error(self._library, Failure(error), self._request) from error.__cause__

            async def __aiter__(self) -> AsyncIterator[bytes]:
                try:
                    async for piece in self._body.apieces():
                        yield piece
                except Exception as error:  # noqa: BLE001 - whatever the source raises, as the caller knows it
                    raise make_error(self._library, Failure(error), self._request) from error.__cause__

            def close(self) -> None:
                """Nothing is held open."""

            async def aclose(self) -> None:
                """Nothing is held open."""

        made = _stream_classes[library.__name__] = MockStream
    return made
