"""What an attempt of a fetch calls: the query function, or what fetches the pages of an infinite query.

Source: utils.ts, ensureQueryFn; infiniteQueryBehavior.ts, onFetch.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from ..base.contexts import InfiniteQueryFunctionContext, QueryFunctionContext
from ..base.errors import MissingQueryFnError
from ..base.options import AnyQueryOptions, QueryFunction
from ..base.query_state import FetchMeta
from ..base.types import UNSET, FetchDirection, QueryDataT, SkipToken
from ..base.values import given
from ..runtime.abort_signal import AbortSignal
from ..runtime.reporting import logger
from .infinite_query_behavior import PagesRun
from .query_entry import ClientLike, QueryEntry


def pages_of(
    query: QueryEntry[QueryDataT],
    client: ClientLike,
    *,
    options: AnyQueryOptions,
    signal: AbortSignal,
    consume: Callable[[], AbortSignal],
    first: Awaitable[QueryDataT] | None,
    meta: FetchMeta | None,
) -> Callable[[], Awaitable[QueryDataT] | QueryDataT]:
    """A function that makes one attempt of a fetch of an infinite query.

    Args:
        query: The query, as it is when its fetch begins.
        client: Its client.
        options: Its options now: it keeps to them for the whole fetch.
        signal: Fires when the fetch is cancelled.
        consume: Gives the signal to a function that reads it, and notes that.
        first: An awaitable that stands for the function if there is none.
        meta: What the fetch is for.
    """
    key = query.query_key
    fetch = function_of(query, client, options, first)
    own_meta = given(options.meta, None)
    whole: QueryFunctionContext[QueryDataT] = QueryFunctionContext(key, client, own_meta, consume, signal)

    def fetch_page(page_param: object, direction: FetchDirection) -> Awaitable[Any] | Any:
        context: InfiniteQueryFunctionContext[Any] = InfiniteQueryFunctionContext(
            key, client, own_meta, consume, signal, page_param=page_param, direction=direction
        )
        return fetch(context)

    run: PagesRun[Any, Any] = PagesRun(
        options=options,
        data=query.state.data,
        direction=None if meta is None else meta.direction,
        signal=signal,
        fetch_page=fetch_page,
    )

    def fetch_pages() -> Awaitable[QueryDataT] | QueryDataT:
        # without a function it fails, or an awaitable brings all pages at once
        return cast("Awaitable[QueryDataT]", run.attempt()) if callable(options.query_fn) else fetch(whole)

    persister = given(options.persister, None)
    return fetch_pages if persister is None else lambda: persister(lambda _: fetch_pages(), whole, query)


def function_of(
    query: QueryEntry[QueryDataT], client: ClientLike, options: AnyQueryOptions, first: Awaitable[QueryDataT] | None
) -> QueryFunction[QueryDataT]:
    """The query function to call; one that raises if there is none.

    Args:
        query: The query.
        client: Its client.
        options: The options that have the function.
        first: An awaitable that stands for the function if there is none.
    """
    query_fn = options.query_fn
    if isinstance(query_fn, SkipToken):
        logger.warning("query %s was asked to fetch while its query_fn is skip_token", query.query_hash)
    elif query_fn is not UNSET and query_fn is not None:
        return client.environment.adapt(query_fn)
    elif first is not None:
        return lambda _: first

    # a persister may have something without it
    def missing(_: object) -> QueryDataT:
        raise MissingQueryFnError(query.query_hash, skipped=isinstance(query_fn, SkipToken))

    return missing
