"""Server-sent events, as a body in pieces."""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

from .answers import HeaderTypes, checked_headers

_TYPE = ("content-type", "text/event-stream; charset=utf-8")


class SseEvent:
    """One event of a stream of server-sent events.

    Args:
        data: The data: a str as it is, anything else as JSON. Not sent if not given.
        event: Its type.
        id: Its id.
        retry: After how many milliseconds a client shall come back; the one duration that is not in seconds, for it is
            what goes over the wire.
        comment: A comment before it; servers keep connections alive with those.

    Raises:
        ValueError: A line break in *event* or *id*, a negative *retry*, or nothing at all.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        event: str | None = None,
        id: str | None = None,
        retry: int | None = None,
        comment: str | None = None,
    ) -> None:
        for name, value in (("event", event), ("id", id)):
            if value is not None and ("\n" in value or "\r" in value):
                raise ValueError(f"{name}={value!r} has a line break, which ends the field; give it in one line.")
        if retry is not None and (type(retry) is not int or retry < 0):
            raise ValueError(f"retry={retry!r} is no number of milliseconds; expected an int of at least 0.")
        if data is None and event is None and id is None and retry is None and comment is None:
            raise ValueError(
                'SseEvent() says nothing; expected data, or one of event, id, retry, comment. JSON null is "null".'
            )
        self.text = "".join(
            f"{name}: {line}\n"
            for name, value in (
                ("", comment),
                ("event", event),
                ("id", id),
                ("retry", retry),
                ("data", data if data is None or isinstance(data, str) else json.dumps(data, ensure_ascii=False)),
            )
            if value is not None
            for line in str(value).splitlines() or [""]
        )

    def __bytes__(self) -> bytes:
        return f"{self.text}\n".encode()

    def __repr__(self) -> str:
        return f"<SseEvent {self.text!r}>"


def sse_body(events: Any, headers: HeaderTypes | None) -> tuple[Any, HeaderTypes]:
    """The body and headers of a stream of events.

    Args:
        events: An iterable or async iterable of events, or a function of the request that returns one.
        headers: Further headers.

    Raises:
        TypeError: *events* is none of these.
    """
    pairs = checked_headers(headers)
    if not any(name.lower() == "content-type" for name, _ in pairs):
        pairs = (*pairs, _TYPE)
    return _body(events), pairs


def _body(events: Any) -> Any:
    if isinstance(events, (str, bytes, Mapping, SseEvent)):
        raise TypeError(f"events={events!r} is one event; expected a list of them: [{events!r}].")
    if isinstance(events, AsyncIterable):
        return _apieces(events)
    if isinstance(events, Iterable):
        return _pieces(events)
    if callable(events):
        return _made_by(events)
    raise TypeError(f"events={events!r} are no events; expected an iterable or async iterable of them, or a function.")


def _made_by(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its events as a body. It is asked as a body function is, by its own parameters."""

    def body(*args: Any, **keywords: Any) -> Any:
        made = function(*args, **keywords)
        return _awaited(made) if inspect.isawaitable(made) else _body(made)

    async def _awaited(made: Any) -> Any:
        return _body(await made)

    body.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return body


def _pieces(events: Iterable[Any]) -> Iterator[bytes]:
    for event in events:
        yield _as_bytes(event)


async def _apieces(events: AsyncIterable[Any]) -> AsyncIterator[bytes]:
    async for event in events:
        yield _as_bytes(event)


def _as_bytes(event: Any) -> bytes:
    return bytes(event if isinstance(event, SseEvent) else SseEvent("null" if event is None else event))
