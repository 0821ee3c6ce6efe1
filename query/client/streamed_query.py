"""Query functions whose data comes in pieces: each piece is shown as it arrives.

Source: streamedQuery.ts. Differs: a stream that is stopped is closed at once, by cancelling the fetch's own task.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, Literal, TypeAlias, cast, overload

from typing_extensions import TypeVar

from ..base.contexts import QueryFunctionContext
from ..base.errors import OptionError
from ..base.lists import add_to_end
from ..base.option_checks import function_of, refuse
from ..base.query_state import fields_of
from ..base.types import UNSET, Unset
from .query_client import QueryClient

T = TypeVar("T")
ChunkT = TypeVar("ChunkT")

RefetchMode: TypeAlias = Literal["reset", "append", "replace"]
StreamFunction: TypeAlias = Callable[
    [QueryFunctionContext[Any]], AsyncIterable[ChunkT] | Awaitable[AsyncIterable[ChunkT]]
]
"""Opens a stream: an async generator function, or a function that returns or awaits an async iterable."""

_MODES: Final = ("reset", "append", "replace")
_STREAM_FN: Final = function_of(1, "stream_fn(context)")
_REDUCER: Final = function_of(2, "reducer(data, chunk)", sync=True)


@overload
def streamed_query(
    stream_fn: StreamFunction[ChunkT], *, refetch_mode: RefetchMode = ..., initial_value: list[ChunkT] = ...
) -> Callable[[QueryFunctionContext[list[ChunkT]]], Coroutine[Any, Any, list[ChunkT]]]: ...
@overload
def streamed_query(
    stream_fn: StreamFunction[ChunkT],
    *,
    refetch_mode: RefetchMode = ...,
    reducer: Callable[[T, ChunkT], T],
    initial_value: T,
) -> Callable[[QueryFunctionContext[T]], Coroutine[Any, Any, T]]: ...
def streamed_query(
    stream_fn: StreamFunction[Any],
    *,
    refetch_mode: RefetchMode = "reset",
    reducer: Callable[[Any, Any], Any] | Unset = UNSET,
    initial_value: Any = UNSET,
) -> Callable[[QueryFunctionContext[Any]], Coroutine[Any, Any, Any]]:
    """A ``query_fn`` that reads a stream: its data is the list of all chunks so far, or what *reducer* makes of them.

    The query is pending until the first chunk, then successful, and fetches until the stream ends. A cancelled fetch
    closes the stream, and what it delivered so far stays. When the last observer leaves, a stream that read
    ``context.signal`` is cancelled; any other goes on to its end. ::

        async def tokens(context):
            async for event in ask_model(context.query_key[1]):
                yield event.text


        answer = QueryOptions(query_key=("answer", question), query_fn=streamed_query(tokens))

    The chunks are written by the query's key, so it must be filed under the hash that the client gives that key.

    Args:
        stream_fn: Opens the stream; called with the context.
        refetch_mode: What a further fetch does: "reset" (default) goes back to the initial state first; "append" adds
            to what is there; "replace" shows what is there until the stream has ended.
        reducer: Makes new data of the data before and a chunk, and leaves the data before as it is.
        initial_value: The data before the first chunk, and of a stream without any; an empty list by default.

    Raises:
        OptionError: A value that cannot be right, or a reducer without ``initial_value``.

    Source: streamedQuery.ts, streamedQuery.
    """
    if refetch_mode not in _MODES:
        raise refuse("refetch_mode", refetch_mode, '"reset", "append" or "replace".')
    _STREAM_FN("stream_fn", stream_fn)
    if isinstance(reducer, Unset):
        take: Callable[[Any, Any], Any] = _append
    else:
        take = _REDUCER("reducer", reducer)
        if initial_value is UNSET:
            raise OptionError(
                "a reducer needs the data to begin with. Pass initial_value=, such as {} or 0.", option="initial_value"
            )

    async def query_fn(context: QueryFunctionContext[Any]) -> Any:
        # a list of its own for each fetch: what nobody gave, nobody else may change
        start: Any = [] if initial_value is UNSET else initial_value
        if _is_stopped(context):
            return start
        # the client made the context; its view only hides how much more it is
        client, key = cast("QueryClient", context.client), context.query_key
        query = client.get_query_cache().find(query_key=key)
        is_refetch = query is not None and query.is_fetched()
        if query is not None and is_refetch and refetch_mode == "reset":
            query.set_state(**{**fields_of(query.reset_state), "fetch_status": "fetching"})
        replaces = is_refetch and refetch_mode == "replace"
        gathered = start

        def write(chunk: Any) -> None:
            nonlocal gathered
            if replaces:
                gathered = take(gathered, chunk)
            else:
                client.set_query_data(key, lambda before: take(start if before is UNSET else before, chunk))

        await _each(stream_fn, context, write)
        if replaces and not _is_stopped(context):
            client.set_query_data(key, lambda _: gathered)
        return client.get_query_data(key, start)

    return query_fn


def _append(data: object, chunk: Any) -> list[Any]:
    if not isinstance(data, (list, tuple)):
        raise OptionError(
            f"the chunks of a stream go to the end of a list, but the data of this query is a {type(data).__name__}. "
            "Pass reducer= and initial_value= for other data.",
            option="reducer",
        )
    return add_to_end(cast("Sequence[Any]", data), chunk)


def _is_stopped(context: QueryFunctionContext[Any]) -> bool:
    # looked at, not read: whether the stream heeds the signal is for stream_fn to declare
    signal = context._fetch_signal
    return signal is not None and signal.aborted


async def _each(
    stream_fn: StreamFunction[Any], context: QueryFunctionContext[Any], write: Callable[[Any], None]
) -> None:
    """Write every chunk until the stream ends or the fetch is cancelled; then the stream is closed."""
    opened: object = stream_fn(context)
    stream = await opened if inspect.isawaitable(opened) else opened
    if not isinstance(stream, AsyncIterable):
        raise OptionError(
            f"stream_fn of {context.query_key!r} returned a {type(stream).__name__}; expected an async iterable, such "
            "as an async generator makes.",
            option="stream_fn",
        )
    chunks = aiter(stream)
    try:
        async for chunk in chunks:
            if _is_stopped(context):
                break
            write(chunk)
            # a listener may have cancelled: the task that runs it is this one, which nobody interrupts
            if _is_stopped(context):
                break
    finally:
        close = getattr(chunks, "aclose", None)
        if close is not None:
            await close()
