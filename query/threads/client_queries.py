"""Fetching single queries, for threads that wait.

Types are written out, since a checker sees no others; ``tests/threads/test_client.py`` holds them to the client's own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, overload

from typing_extensions import Unpack

from ..base.contexts import QueryFunctionContext
from ..base.options import AnyQueryOptions, QueryFunction, QueryOptionFields, QueryOptions
from ..base.query_key import QueryKey
from ..base.types import UNSET, DataT, Duration, KeyParts, QueryDataT, SkipToken, StaleTime, Unset
from ..base.views import QueryView
from .client_data import BlockingClientData


class BlockingClientQueries(BlockingClientData):
    """The part of ``BlockingClient`` that fetches queries of one page."""

    @overload
    def query(
        self,
        options: QueryOptions[QueryDataT, DataT],
        *,
        timeout: Duration | None = None,
    ) -> DataT: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], DataT],
        timeout: Duration | None = None,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> DataT: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        timeout: Duration | None = None,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], DataT],
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> DataT: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    def query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        *,
        timeout: Duration | None = None,
        **fields: Any,
    ) -> Any:
        """The data of a query: from the cache while it is fresh, else fetched. ``select`` is applied.

        With the default ``stale_time`` of 0 it always fetches. A fetch under way is joined. ``enabled`` is not looked
        at. Nothing is retried unless the options or some default say so.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            timeout: How long to wait.
            **fields: The other options; see ``QueryOptions``.

        Returns:
            The data.

        Raises:
            Exception: What the query function, or ``select``, raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: There is no key, a field that cannot be right, or both options and fields.
        """
        start: Any = self._client.query
        return self._crossing.wait(
            lambda: start(options, query_key=query_key, query_fn=query_fn, stale_time=stale_time, **fields), timeout
        )

    @overload
    def fetch_query(
        self,
        options: QueryOptions[QueryDataT, Any],
        *,
        timeout: Duration | None = None,
    ) -> QueryDataT: ...
    @overload
    def fetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    @overload
    def fetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    def fetch_query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        *,
        timeout: Duration | None = None,
        **fields: Any,
    ) -> Any:
        """The same as ``query``, without ``select``.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            timeout: How long to wait.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            Exception: What the query function raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: There is no key, a field that cannot be right, or both options and fields.
        """
        start: Any = self._client.fetch_query
        return self._crossing.wait(
            lambda: start(options, query_key=query_key, query_fn=query_fn, stale_time=stale_time, **fields), timeout
        )

    @overload
    def prefetch_query(
        self,
        options: AnyQueryOptions,
        *,
        timeout: Duration | None = None,
    ) -> None: ...
    @overload
    def prefetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> None: ...
    @overload
    def prefetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> None: ...
    def prefetch_query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        *,
        timeout: Duration | None = None,
        **fields: Any,
    ) -> None:
        """Fetch so that the data is there later. Never fails: the state tells.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            timeout: How long to wait for it; 0 starts the fetch and returns.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            OptionError: There is no key, a field that cannot be right, or both options and fields.
        """
        start: Any = self._client.prefetch_query
        with contextlib.suppress(TimeoutError):
            self._crossing.wait(
                lambda: start(options, query_key=query_key, query_fn=query_fn, stale_time=stale_time, **fields), timeout
            )

    @overload
    def ensure_query_data(
        self,
        options: QueryOptions[QueryDataT, Any],
        *,
        revalidate_if_stale: bool = ...,
        timeout: Duration | None = ...,
    ) -> QueryDataT: ...
    @overload
    def ensure_query_data(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        revalidate_if_stale: bool = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    @overload
    def ensure_query_data(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        revalidate_if_stale: bool = ...,
        timeout: Duration | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> QueryDataT: ...
    def ensure_query_data(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        *,
        revalidate_if_stale: bool = False,
        timeout: Duration | None = None,
        **fields: Any,
    ) -> Any:
        """The cached data, however old; fetched only if there is none.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            revalidate_if_stale: Also fetch in the background if the data is stale.
            timeout: How long to wait.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            Exception: What the query function raised.
            TimeoutError: It took longer. The fetch goes on, and what it delivers will be in the cache.
            OptionError: There is no key, a field that cannot be right, or both options and fields.
        """
        more: Any = {"revalidate_if_stale": revalidate_if_stale, **fields}
        start: Any = self._client.ensure_query_data
        return self._crossing.wait(
            lambda: start(options, query_key=query_key, query_fn=query_fn, stale_time=stale_time, **more), timeout
        )
