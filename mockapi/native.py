"""Responses and errors in the caller's own library: httpx gets httpx's, httpx2 gets httpx2's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from types import ModuleType
from typing import Any, cast

from .answers import PreparedAnswer
from .bodies import Content, Failure, Ready
from .streams import Stream

FAMILIES = ("httpx", "httpx2", "httpcore", "httpcore2")
"""The packages whose exceptions mean the same under the same name."""

# a body is given on decoded, and with a length of its own
_OF_THE_WIRE = (b"content-encoding", b"content-length", b"transfer-encoding")

_stream_classes: dict[str, type[Any]] = {}


def make_response(library: ModuleType, answer: PreparedAnswer, body: Content | Stream | Ready, request: Any) -> Any:
    """A response of the caller's library, its body not read yet: the client does that, or streams it.

    Args:
        library: httpx or httpx2.
        answer: Status and headers.
        body: The body.
        request: The caller's request.
    """
    if isinstance(body, Ready):
        return _converted(library, body.response, request)
    if isinstance(body, Stream):
        stream = _stream_class(library)(body, request)
        return library.Response(answer.status_code, headers=list(answer.headers), stream=stream, request=request)
    # the same each time, unless a function makes the body
    headers = answer.made_headers.get(library) if body is answer.body else None
    if headers is None:
        headers = _headers(library, answer, body)
        if body is answer.body:
            answer.made_headers[library] = headers
    # what a HEAD request is told about, but not sent
    data = b"" if request.method == "HEAD" else body.data
    return library.Response(answer.status_code, headers=headers, stream=library.ByteStream(data), request=request)


def _headers(library: ModuleType, answer: PreparedAnswer, body: Content) -> Any:
    """The headers of an answer with a whole body. A response copies them."""
    headers = list(answer.headers)
    named = {name.lower() for name, _ in headers}
    if body.content_type is not None and "content-type" not in named:
        headers.append(("content-type", body.content_type))
    if "content-length" not in named and answer.status_code not in (204, 304):
        headers.append(("content-length", str(len(body.data))))
    return library.Headers(headers)


def make_error(library: ModuleType, failure: Failure, request: Any) -> BaseException:
    """The exception to raise at a caller: one of the httpx family becomes the caller's own.

    Args:
        library: httpx or httpx2.
        failure: What was registered.
        request: The caller's request, which the exception then names.
    """
    error = failure.error
    if isinstance(error, type):
        own = _own_class(library, error)
        # also of the nearest base, where the caller's library has no such class: nobody said how to make one
        if own is not None and _is_of_family(error):
            return _made(own, f"{error.__name__} of a mock", request)
        error = error()
    elif (own := _own_class(library, type(error))) is type(error):
        # a new one for each call: two callers must not share the request that it names
        return _made(own, str(error), request, getattr(error, "response", None))
    # else its traceback would grow with every call
    return own_error(library, error.with_traceback(None), request)


def own_error(library: ModuleType, error: BaseException, request: Any) -> BaseException:
    """*error* as the caller may expect it: one of another library of the family becomes the caller's own.

    Args:
        library: httpx or httpx2.
        error: Anything that a body raised.
        request: The caller's request, which the exception then names.
    """
    own = _own_class(library, type(error))
    if own is None:
        return error
    if not isinstance(error, own):
        response = getattr(error, "response", None)
        if response is not None:
            response = _converted(library, response, request)
            response.read()
        return _made(own, str(error), request, response)
    if isinstance(error, library.RequestError) and getattr(error, "_request", None) is None:
        cast("Any", error).request = request
    return error


def _own_class(library: ModuleType, kind: type[BaseException]) -> type[BaseException] | None:
    """The class of the caller's library that says the same as *kind*, or as the nearest of its bases."""
    for base in kind.__mro__:
        if _is_of_family(base):
            own = getattr(library, base.__name__, None)
            if isinstance(own, type) and issubclass(own, BaseException):
                return own
    return None


def _is_of_family(kind: type[BaseException]) -> bool:
    return kind.__module__.split(".")[0] in FAMILIES


def _made(own: type[Any], text: str, request: Any, response: Any = None) -> BaseException:
    attempts: list[tuple[tuple[str, ...], dict[str, Any]]] = [((text,), {"request": request}), ((text,), {}), ((), {})]
    if response is not None:
        attempts.insert(0, ((text,), {"request": request, "response": response}))
    for args, keywords in attempts:
        with contextlib.suppress(TypeError):
            return cast("BaseException", own(*args, **keywords))
    raise TypeError(f"{own.__name__} cannot be made from a text and a request; let a function raise it instead.")


def _converted(library: ModuleType, response: Any, request: Any) -> Any:
    content = response.read()
    headers = [(name, value) for name, value in response.headers.raw if name.lower() not in _OF_THE_WIRE]
    headers += [(b"content-length", str(len(content)).encode())] if content else []
    stream = library.ByteStream(content)
    return library.Response(response.status_code, headers=headers, stream=stream, request=request)


def _stream_class(library: ModuleType) -> type[Any]:
    """A byte stream that sync and async callers of this library can read."""
    made = _stream_classes.get(library.__name__)
    if made is None or not issubclass(made, library.SyncByteStream):

        class MockStream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc,name-defined]
            def __init__(self, body: Stream, request: Any) -> None:
                self._body = body
                self._request = request
                self._reading: Any = None

            def __iter__(self) -> Iterator[bytes]:
                reading = self._reading = self._pieces()
                return reading

            def __aiter__(self) -> AsyncIterator[bytes]:
                reading = self._reading = self._apieces()
                return reading

            def _pieces(self) -> Iterator[bytes]:
                try:
                    yield from self._body.pieces()
                except Exception as error:
                    own = own_error(library, error, self._request)
                    if own is error:
                        raise
                    raise own from error

            async def _apieces(self) -> AsyncIterator[bytes]:
                pieces = self._body.apieces()
                try:
                    async for piece in pieces:
                        yield piece
                except Exception as error:
                    own = own_error(library, error, self._request)
                    if own is error:
                        raise
                    raise own from error
                finally:
                    await cast("Any", pieces).aclose()

            def close(self) -> None:
                """Stop reading, for a caller who left early."""
                if self._reading is not None:
                    self._reading.close()

            async def aclose(self) -> None:
                """Stop reading, for a caller who left early."""
                if self._reading is not None:
                    # "already running": another task reads, and ends it
                    with contextlib.suppress(RuntimeError):
                        await self._reading.aclose()

        made = _stream_classes[library.__name__] = MockStream
    return made
