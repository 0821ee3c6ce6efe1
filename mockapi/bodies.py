"""What a mock answers with: checked when it is registered, made into the caller's own response when it is asked for."""

from __future__ import annotations

import dataclasses
import inspect
import json
import math
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

import anyio
import msgspec

from query.base.types import UNSET

from .requests import NOT_JSON, RequestView

Body: TypeAlias = Any
"""Any of: UNSET (empty), None (JSON null), str or bytes, JSON data, a dataclass, msgspec or pydantic value, a Path, an
iterable or async iterable of bytes or str, an exception or its class, a response of httpx or httpx2, a function."""


class Content(msgspec.Struct, frozen=True):
    """A body that is the same each time.

    Attributes:
        data: The bytes.
        content_type: The media type; None for none.
    """

    data: bytes
    content_type: str | None = None


class Stream:
    """A body in pieces, which can be read any number of times, by sync and by async callers, also at once.

    The source is asked for each piece once; what it gave, and how it ended, is kept for every further reader.

    Args:
        source: An iterable or async iterable of bytes or str.
    """

    def __init__(self, source: Iterable[Any] | AsyncIterable[Any]) -> None:
        self.is_async = isinstance(source, AsyncIterable)
        self._source: Any = source
        self._rest: Any = None
        self._read: list[bytes] = []
        self._end: BaseException | None = None
        self._lock = threading.Lock()
        self._async_lock = anyio.Lock()

    def pieces(self) -> Iterator[bytes]:
        """The pieces, for a sync caller.

        Raises:
            TypeError: They come from an async iterable.
            Exception: Whatever the source raises, at the same piece for every reader.
        """
        if self.is_async:
            raise TypeError(
                "this mock's body is an async iterable, but a sync client asks for it. "
                "Give it a plain iterable: both kinds of clients can read that."
            )
        at = 0
        while True:
            with self._lock:
                if at == len(self._read) and self._end is None:
                    self._take()
            if at == len(self._read):
                self._finish()
                return
            yield self._read[at]
            at += 1

    async def apieces(self) -> AsyncIterator[bytes]:
        """The pieces, for an async caller.

        Raises:
            Exception: Whatever the source raises, at the same piece for every reader.
        """
        if not self.is_async:
            for piece in self.pieces():
                yield piece
            return
        at = 0
        while True:
            async with self._async_lock:
                if at == len(self._read) and self._end is None:
                    await self._atake()
            if at == len(self._read):
                self._finish()
                return
            yield self._read[at]
            at += 1

    def _take(self) -> None:
        try:
            if self._rest is None:
                self._rest = iter(self._source)
            self._read.append(_as_bytes(next(self._rest)))
        except Exception as end:  # noqa: BLE001 - every reader is to see it
            self._end = end

    async def _atake(self) -> None:
        try:
            if self._rest is None:
                self._rest = aiter(self._source)
            self._read.append(_as_bytes(await anext(self._rest)))
        except Exception as end:  # noqa: BLE001 - every reader is to see it
            self._end = end
        except BaseException:
            # a generator that was cancelled is over: the next reader must not take its end for that of the body
            self._end = RuntimeError("the mock's stream was cut short: a reader was cancelled during a piece")
            raise

    def _finish(self) -> None:
        if self._end is not None and not isinstance(self._end, (StopIteration, StopAsyncIteration)):
            raise self._end


class Failure(msgspec.Struct, frozen=True):
    """A body that is an exception.

    Attributes:
        error: What to raise: an instance, or a class to make one of.
    """

    error: BaseException | type[BaseException]


class Computed(msgspec.Struct, frozen=True):
    """A body that a function makes for each request.

    Attributes:
        function: Called with the request, then by name with those it has of json, query, path_params, data and call.
        names: Which of them it has.
    """

    function: Callable[..., Any]
    names: tuple[str, ...]


class Ready(msgspec.Struct, frozen=True):
    """A body that is a whole response already.

    Attributes:
        response: A response of httpx or httpx2.
    """

    response: Any


Prepared: TypeAlias = Content | Stream | Failure | Computed | Ready

_NAMES = ("json", "query", "path_params", "data", "form")


def prepare(body: Body) -> Prepared:
    """A body as it was registered, checked and copied.

    Args:
        body: Any of the kinds of ``Body``.

    Raises:
        TypeError: It cannot be a body; the message names the place.
    """
    if body is UNSET:
        return Content(b"")
    if isinstance(body, str):
        return Content(body.encode(), "text/plain; charset=utf-8")
    if isinstance(body, (bytes, bytearray)):
        return Content(bytes(body))
    if isinstance(body, BaseException) or (isinstance(body, type) and issubclass(body, BaseException)):
        return Failure(body)
    if isinstance(body, Path):
        return Content(body.read_bytes())
    if _is_response(body):
        return Ready(body)
    if isinstance(body, (AsyncIterable, Iterator)) or _is_generator(body):
        return Stream(cast("Iterable[Any]", body))
    if callable(body):
        return Computed(body, _names_of(body))
    return Content(_json(body), "application/json")


def call_with(computed: Computed, view: RequestView, path_params: Mapping[str, str]) -> Any:
    """Ask a function for the body.

    Args:
        computed: The function.
        view: The request.
        path_params: The values of the parameters in the URL.
    """
    offered = {
        "json": None if view.json is NOT_JSON else view.json,
        "query": {name: v[0] if len(v) == 1 else v for name, v in view.query.items()},
        "path_params": dict(path_params),
        "form": view.form,
        "data": view.form if view.form is not None else (None if view.json is NOT_JSON else view.json),
    }
    return computed.function(view.request, **{name: offered[name] for name in computed.names})


def _names_of(function: Callable[..., Any]) -> tuple[str, ...]:
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ()
    kinds = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    if not parameters or parameters[0].kind not in kinds:
        raise TypeError(
            f"the body function {function!r} takes no positional argument; expected one that takes the request, and "
            f"then by name any of {', '.join(_NAMES)}."
        )
    rest = parameters[1:]
    unknown = [p.name for p in rest if p.default is p.empty and p.kind in kinds[:2] and p.name not in _NAMES]
    unknown += [p.name for p in rest if p.default is p.empty and p.kind is p.KEYWORD_ONLY and p.name not in _NAMES]
    if unknown:
        raise TypeError(
            f"the body function {function!r} asks for {', '.join(unknown)}; it gets the request, and then by name any "
            f"of {', '.join(_NAMES)}."
        )
    return tuple(p.name for p in rest if p.name in _NAMES)


def _json(body: Any) -> bytes:
    plain = _plain(body, "body")
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any, place: str) -> Any:
    """*value* as JSON data, all of it checked."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _no_json(value, place)
        return value
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise TypeError(
                    f"{place} has the key {name!r}, a {type(name).__name__}; JSON objects have str keys. "
                    f"Write {str(name)!r}."
                )
        return {name: _plain(item, f"{place}[{name!r}]") for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, msgspec.Struct):
        return json.loads(msgspec.json.encode(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), f"{place}.{f.name}") for f in dataclasses.fields(value)}
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        return _plain(dump(mode="json"), place)
    raise _no_json(value, place)


def _no_json(value: Any, place: str) -> TypeError:
    return TypeError(
        f"{place} is {value!r}, a {type(value).__name__}, which JSON has no form for. Give str, int, float, bool, "
        "None, lists and dicts of them (a date as its isoformat()), or str or bytes for a body that is not JSON."
    )


def _is_response(body: Any) -> bool:
    return type(body).__name__ == "Response" and type(body).__module__.split(".")[0] in ("httpx", "httpx2")


def _is_generator(body: Any) -> bool:
    return inspect.isgenerator(body) or inspect.isasyncgen(body)


def _as_bytes(piece: Any) -> bytes:
    if isinstance(piece, str):
        return piece.encode()
    if isinstance(piece, (bytes, bytearray)):
        return bytes(piece)
    raise TypeError(f"a stream gave {piece!r}, a {type(piece).__name__}; expected pieces of bytes or str.")
