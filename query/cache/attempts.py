"""What an attempt of a fetch does: call the query function with its context, through the persister if there is one.

Source: query.ts, fetch, fetchFn; utils.ts, ensureQueryFn; infiniteQueryBehavior.ts, onFetch.
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


def attempts_of(
    query: QueryEntry[QueryDataT],
    client: ClientLike,
    *,
    options: AnyQueryOptions,
    signal: AbortSignal,
    on_read: Callable[[bool], None],
    first: Awaitable[QueryDataT] | None,
    meta: FetchMeta | None,
) -> Callable[[], Awaitable[QueryDataT] | QueryDataT]:
    """A function that makes one attempt of a fetch of *query*.

    Args:
        query: The query, as it is when its fetch begins.
        client: Its client.
        options: Its options now: an infinite query keeps to them for the whole fetch.
        signal: Fires when the fetch is cancelled.
        on_read: Told True when the signal is read, and False when that begins to count anew.
        first: An awaitable that stands for the first attempt, and for the function if there is none.
        meta: What the fetch is for.
    """
    key = query.query_key

    def consume() -> AbortSignal:
        on_read(True)
        return signal

    def attempt() -> Awaitable[QueryDataT] | QueryDataT:
        # looked up at each attempt: a retry uses the newest function
        query_fn = _query_fn(query, client, query.options, first)
        on_read(False)
        context: QueryFunctionContext[QueryDataT] = QueryFunctionContext(key, client, query.meta, consume, signal)
        persister = given(query.options.persister, None)
        return query_fn(context) if persister is None else persister(query_fn, context, query)

    if query.query_type is None:
        return attempt
    # Differs: upstream never takes back that the signal of an infinite query was read, not even for the next fetch
    on_read(False)
    fetch = _query_fn(query, client, options, first)
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


def _query_fn(
    query: QueryEntry[QueryDataT], client: ClientLike, options: AnyQueryOptions, first: Awaitable[QueryDataT] | None
) -> QueryFunction[QueryDataT]:
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
