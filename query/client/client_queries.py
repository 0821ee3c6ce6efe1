"""Fetching single queries: by options, or by the fields of options that are given in the call.

Source: queryClient.ts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, overload

from typing_extensions import Unpack

from ..base.contexts import QueryFunctionContext
from ..base.known_texts import LIST, TUPLE, known_text, pack, text_at_a_glance
from ..base.options import AnyQueryOptions, QueryFunction, QueryOptionFields, QueryOptions
from ..base.query_key import QueryKey
from ..base.types import UNSET, DataT, KeyParts, QueryDataT, SkipToken, StaleTime, Unset
from ..base.views import QueryView
from ..cache.answer import NEVER
from ..runtime.following import transformed
from ..runtime.handle import Handle
from ..runtime.waiting import without_result
from .client_fetching import ClientFetching, both_given, options_by_name


class ClientQueries(ClientFetching):
    """The part of ``QueryClient`` that fetches queries of one page.

    Each method takes options, or their fields by name: ``client.query(query_key=("projects",), query_fn=load)`` is
    ``client.query(QueryOptions(query_key=("projects",), query_fn=load))``, and needs no options for data that is there
    and fresh.
    """

    # What is named in the signatures of these methods themselves may be given by name only, as their overloads say: but
    # Python takes longer to find that such a parameter was left out than for all the others together.

    @overload
    def query(self, options: QueryOptions[QueryDataT, DataT]) -> Handle[DataT]: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], DataT],
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[DataT]: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], DataT],
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[DataT]: ...
    @overload
    def query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    def query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        **fields: Any,
    ) -> Handle[Any]:
        """The data of a query: from the cache while it is fresh, else fetched. ``select`` is applied.

        With the default ``stale_time`` of 0 it always fetches. A fetch under way is joined. ``enabled`` is not looked
        at. Nothing is retried unless the options or some default say so.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            **fields: The other options; see ``QueryOptions``.

        Returns:
            The data. It fails with what the query function, or ``select``, raised.

        Raises:
            OptionError: There is no key, a field that cannot be right, or both options and fields.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, query.
        """
        # Any: what else is given than may be is refused further on
        wanted: Any = options
        function: Any = query_fn
        handle: Handle[Any] | None = None
        if options is UNSET:
            query_hash = ""
            if type(query_key) is LIST or type(query_key) is TUPLE:
                # Who asks as the last one did is answered here, without a call: hardly any hit is another. What he gave
                # was looked at then; see _asked(). And the answer is dropped as soon as there is another state.
                try:
                    text = known_text(pack(query_key))
                    if text is not None and (text[0] == query_key or text[1] == query_key):
                        query_hash = text[2]
                        query = self._filed(query_hash)
                        if (
                            query is not None
                            and (answer := query._answer) is not None
                            and answer.asked is stale_time
                            and answer.code is function.__code__
                            and answer.kind is type(function)
                            and answer.defaults is self._defaults.state
                            and not fields
                            and not self._defaults.give_select
                            and (
                                answer.until == NEVER or self._environment.timeout_manager._clock.time() < answer.until
                            )
                        ):
                            return answer
                except Exception:  # noqa: BLE001 - making options says what is wrong with it
                    pass
            wanted = self._asked("query", query_key, query_fn, stale_time, fields, query_hash)
            if type(wanted) is not QueryOptions:
                fresh: Handle[Any] = wanted
                if not self._defaults.give_select:
                    return fresh
                handle = fresh
                wanted = options_by_name("query", query_key, query_fn, stale_time, fields)
        elif fields or not (query_key is query_fn is stale_time is UNSET):
            raise both_given("query")
        else:
            # what _fetch() begins with, without the call, for options that were made before
            try:
                query = self._filed(wanted._remembered)
                if (
                    query is not None
                    and (answer := query._answer) is not None
                    and answer.options is wanted
                    and answer.defaults is self._defaults.state
                    and (answer.until == NEVER or self._environment.timeout_manager._clock.time() < answer.until)
                ):
                    handle = answer
            except AttributeError:
                # no options; completing them says so
                pass
        if handle is None:
            handle = self._fetch(wanted)
        select = wanted.select
        if select is UNSET:
            if not self._defaults.give_select:
                return handle
            select = self._defaults.of_query(wanted).select
        return handle if select is UNSET or select is None else transformed(handle, select)

    @overload
    def fetch_query(self, options: QueryOptions[QueryDataT, Any]) -> Handle[QueryDataT]: ...
    @overload
    def fetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    @overload
    def fetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    def fetch_query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        **fields: Any,
    ) -> Handle[Any]:
        """The same as ``query``, without ``select``.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            OptionError: There is no key, a field that cannot be right, or both options and fields.
            LoopError: A fetch is needed, and no loop runs, or another one than the client's.

        Source: queryClient.ts, fetchQuery.
        """
        # Any: as in query()
        wanted: Any = options
        function: Any = query_fn
        if options is UNSET:
            query_hash = ""
            if type(query_key) is LIST or type(query_key) is TUPLE:
                # Who asks as the last one did is answered here, without a call: hardly any hit is another. What he gave
                # was looked at then; see _asked(). And the answer is dropped as soon as there is another state.
                try:
                    text = known_text(pack(query_key))
                    if text is not None and (text[0] == query_key or text[1] == query_key):
                        query_hash = text[2]
                        query = self._filed(query_hash)
                        if (
                            query is not None
                            and (answer := query._answer) is not None
                            and answer.asked is stale_time
                            and answer.code is function.__code__
                            and answer.kind is type(function)
                            and answer.defaults is self._defaults.state
                            and not fields
                            and (
                                answer.until == NEVER or self._environment.timeout_manager._clock.time() < answer.until
                            )
                        ):
                            return answer
                except Exception:  # noqa: BLE001 - making options says what is wrong with it
                    pass
            wanted = self._asked("fetch_query", query_key, query_fn, stale_time, fields, query_hash)
            if type(wanted) is not QueryOptions:
                fresh: Handle[Any] = wanted
                return fresh
        elif fields or not (query_key is query_fn is stale_time is UNSET):
            raise both_given("fetch_query")
        else:
            # what _fetch() begins with, without the call, for options that were made before
            try:
                query = self._filed(wanted._remembered)
                if (
                    query is not None
                    and (answer := query._answer) is not None
                    and answer.options is wanted
                    and answer.defaults is self._defaults.state
                    and (answer.until == NEVER or self._environment.timeout_manager._clock.time() < answer.until)
                ):
                    return answer
            except AttributeError:
                # no options; completing them says so
                pass
        return self._fetch(wanted)

    @overload
    def prefetch_query(self, options: AnyQueryOptions) -> Handle[None]: ...
    @overload
    def prefetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[None]: ...
    @overload
    def prefetch_query(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[None]: ...
    def prefetch_query(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        **fields: Any,
    ) -> Handle[None]:
        """Fetch so that the data is there later. Never fails: the state tells.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            OptionError: There is no key, a field that cannot be right, or both options and fields.

        Source: queryClient.ts, prefetchQuery.
        """
        wanted: Any = options
        if options is UNSET:
            wanted = self._asked("prefetch_query", query_key, query_fn, stale_time, fields, text_at_a_glance(query_key))
        elif fields or not (query_key is query_fn is stale_time is UNSET):
            raise both_given("prefetch_query")
        if options is UNSET and type(wanted) is not QueryOptions:
            fresh: Handle[Any] = wanted
            return without_result(fresh)
        return without_result(self._fetch(wanted))

    @overload
    def ensure_query_data(
        self,
        options: QueryOptions[QueryDataT, Any],
        *,
        revalidate_if_stale: bool = ...,
    ) -> Handle[QueryDataT]: ...
    @overload
    def ensure_query_data(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: Callable[[QueryFunctionContext[QueryDataT]], Awaitable[QueryDataT]],
        select: Callable[[QueryDataT], Any] | None = ...,
        revalidate_if_stale: bool = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    @overload
    def ensure_query_data(
        self,
        *,
        query_key: QueryKey[QueryDataT] | KeyParts,
        query_fn: QueryFunction[QueryDataT] | SkipToken | None = ...,
        select: Callable[[QueryDataT], Any] | None = ...,
        revalidate_if_stale: bool = ...,
        **fields: Unpack[QueryOptionFields[QueryDataT]],
    ) -> Handle[QueryDataT]: ...
    def ensure_query_data(
        self,
        options: AnyQueryOptions | Unset = UNSET,
        query_key: QueryKey[Any] | KeyParts | Unset = UNSET,
        query_fn: QueryFunction[Any] | SkipToken | Unset | None = UNSET,
        stale_time: StaleTime | Callable[[QueryView], StaleTime] | Unset | None = UNSET,
        *,
        revalidate_if_stale: bool = False,
        **fields: Any,
    ) -> Handle[Any]:
        """The cached data, however old; fetched only if there is none.

        Args:
            options: The options, with a key; or
            query_key: their fields: the key,
            query_fn: Fetches the data.
            stale_time: For how long data counts as fresh.
            revalidate_if_stale: Also fetch in the background if the data is stale.
            **fields: The other options; see ``QueryOptions``.

        Raises:
            OptionError: There is no key, a field that cannot be right, or both options and fields.

        Source: queryClient.ts, ensureQueryData.
        """
        wanted: Any = options
        if options is UNSET:
            wanted = self._asked(
                "ensure_query_data", query_key, query_fn, stale_time, fields, text_at_a_glance(query_key)
            )
            if type(wanted) is not QueryOptions:
                fresh: Handle[Any] = wanted
                return fresh
        elif fields or not (query_key is query_fn is stale_time is UNSET):
            raise both_given("ensure_query_data")
        defaults = self._defaults
        try:
            remembered = wanted._remembered
        except AttributeError:
            # no options; completing them says so
            remembered = None
        if type(remembered) is str and defaults.hash_by_text:
            query_hash = remembered
        else:
            query_hash = defaults.completed(wanted).query_hash
        query: Any = self._query_cache._queries.get(query_hash)
        if query is None:
            query = self._query_cache.build(self, defaults.of_query(wanted))
        elif type(query) is int:
            query = self._query_cache.get(query_hash)
        answer = query._answer
        if answer is None:
            answer = query.answer()
        if answer is None:
            return self._fetch(wanted)
        if revalidate_if_stale:
            self._fetch(wanted)  # which looks whether it is stale
        found: Handle[Any] = answer
        return found
