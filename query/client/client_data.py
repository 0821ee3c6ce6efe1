"""What a client reads and writes without fetching: data and states by key or by filters, and counts.

Source: queryClient.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast, overload

from typing_extensions import Unpack

from ..base.filters import (
    MutationFilterFields,
    MutationsMeant,
    QueriesMeant,
    QueryFilterFields,
)
from ..base.keys import hash_key
from ..base.known_texts import LIST, TUPLE, known_text, pack
from ..base.options import AnyQueryOptions
from ..base.query_key import AnyQueryKey, QueryKey, packed_key
from ..base.query_state import QueryState
from ..base.types import UNSET, KeyParts, Unset
from ..base.values import functional_update, is_function
from ..cache.query import Query
from ..cache.query_entry import MARKED
from .client_marks import ClientMarks

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")


class ClientData(ClientMarks):
    """The part of ``QueryClient`` that needs no event loop."""

    # -- counting

    def is_fetching(
        self,
        filters: QueriesMeant | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> int:
        """How many matching queries fetch right now; paused ones do not.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters. ``fetch_status`` is not looked at.
        """
        # what an indicator asks at each event, mostly while nothing is fetched
        if not fields and not self._fetching:
            if filters is None:
                return 0
            if type(filters) is list:
                # what cannot stand in a key is refused all the same
                parts: list[object] = filters
                for part in parts:
                    if type(part) is not str and type(part) is not int:
                        break
                else:
                    return 0
        return self._query_cache._count_fetching(filters, **fields)

    def is_mutating(self, filters: MutationsMeant | None = None, /, **fields: Unpack[MutationFilterFields]) -> int:
        """How many matching mutations are pending; paused ones are.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields. ``status`` is not looked at.
        """
        return self._mutation_cache._count_pending(filters, **fields)

    # -- reading

    @overload
    def get_query_data(self, query_key: QueryKey[T]) -> T | None: ...
    @overload
    def get_query_data(self, query_key: QueryKey[T], default: DefaultT) -> T | DefaultT: ...
    # Any: a key that carries no type says nothing of its data
    @overload
    def get_query_data(self, query_key: KeyParts, default: object = None) -> Any: ...
    def get_query_data(self, query_key: AnyQueryKey, default: object = None) -> Any:
        """The cached data of exactly this key.

        Args:
            query_key: The key; a ``QueryKey[T]``, such as ``options.query_key``, says what type comes back.
            default: What to return if there is no data. None may be data too: pass ``UNSET`` to tell them apart.

        Source: queryClient.ts, getQueryData.
        """
        if not self._defaults.hash_by_text:
            query_hash = self._defaults.hash_of(query_key)
        elif type(query_key) is LIST or type(query_key) is TUPLE:
            # hash_key(), without the call, for keys whose text is known
            try:
                text = known_text(pack(query_key))
                query_hash = (
                    text[2]
                    if text is not None and (text[0] == query_key or text[1] == query_key)
                    else hash_key(query_key)
                )
            except Exception:  # noqa: BLE001 - whatever packing or comparing raised: it says what is wrong
                query_hash = hash_key(query_key)
        else:
            query_hash = query_key.text if isinstance(query_key, QueryKey) else hash_key(query_key)
        query = self._filed(query_hash)
        if query is None:
            return default
        try:
            written_at = query._written_at
        except AttributeError:
            # nobody has looked at it yet, and a look at the data is no reason to make a query
            return self._query_cache._unread.data_of(query_hash, cast("int", query))
        if written_at is not None and written_at is not MARKED:
            # the data itself: a look at it is no reason to make a state
            return query._state
        data = query._state.data
        return default if data is UNSET else data

    def get_queries_data(
        self,
        filters: QueriesMeant | None = None,
        /,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]:
        """The keys and data of all matching queries; ``UNSET`` where there is no data.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            **fields: the fields of the filters.
        """
        return [(query.query_key, query.state.data) for query in self._query_cache.find_all(filters, **fields)]

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        query: Query[Any] | None = self._query_cache.get(self._defaults.hash_of(query_key))
        return UNSET if query is None else query.state

    # -- writing

    @overload
    def set_query_data(
        self, query_key: QueryKey[T], updater: Callable[[T | Unset], T | Unset], *, updated_at: float | None = None
    ) -> T | Unset: ...
    @overload
    def set_query_data(
        self, query_key: QueryKey[T], updater: T | Unset, *, updated_at: float | None = None
    ) -> T | Unset: ...
    @overload
    def set_query_data(self, query_key: KeyParts, updater: object, *, updated_at: float | None = None) -> Any: ...
    def set_query_data(self, query_key: Any, updater: Any, *, updated_at: float | None = None) -> Any:
        """Write data under this key. A fetch under way goes on and may overwrite it: cancel it first.

        Args:
            query_key: The key; a ``QueryKey[T]`` says what type the data must have.
            updater: The new data, or a function from the present data (``UNSET`` if there is none) to it. A function
                must return new data and leave the old as it is. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.

        Returns:
            What is stored now, ``UNSET`` if nothing was written.

        Source: queryClient.ts, setQueryData.
        """
        cache, defaults = self._query_cache, self._defaults
        # hash_of(), without the call
        query_hash = hash_key(query_key) if defaults.hash_by_text else defaults.hash_of(query_key)
        query: Any = cache._queries.get(query_hash)
        if type(query) is int:
            query = cache.get(query_hash)
        # most data cannot be called at all
        if callable(updater) and is_function(updater):
            data = updater(UNSET if query is None else query.state.data)
            # which may have done anything in between
            query = cache.get(query_hash)
        else:
            data = updater
        if data is UNSET:
            return UNSET
        if query is None:
            # for_any_key(), without the call where it is known
            options = defaults._for_any_key or defaults.for_any_key()
            if options is None:
                query = cache.build(self, self._of_key(query_key))
            else:
                key = packed_key(query_key, query_hash)
                if (
                    not cache._listeners
                    and options.initial_data is UNSET
                    and not callable(options.structural_sharing)
                    and (updated_at is None or cache.note is None)
                ):
                    # nobody sees it without data
                    at = self._environment.timeout_manager._clock.time() if updated_at is None else updated_at
                    cache.make_written(self, key, query_hash, options, data, at)
                    return data
                query = cache.make(self, key, query_hash, options)
        return query.set_data(data, updated_at=updated_at, manual=True)

    @overload
    def set_queries_data(
        self,
        filters: QueriesMeant | None,
        /,
        updater: Any,
        *,
        updated_at: float | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]: ...
    @overload
    def set_queries_data(
        self, /, *, updater: Any, updated_at: float | None = None, **fields: Unpack[QueryFilterFields]
    ) -> list[tuple[QueryKey[Any], Any]]: ...
    def set_queries_data(
        self,
        filters: QueriesMeant | None = None,
        /,
        updater: Any = UNSET,
        *,
        updated_at: float | None = None,
        **fields: Unpack[QueryFilterFields],
    ) -> list[tuple[QueryKey[Any], Any]]:
        """Write the data of all matching queries; none is created.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning; or
            updater: The new data, or a function from the present data to it. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.
            **fields: the fields of the filters.

        Returns:
            The keys with what is stored now, ``UNSET`` where nothing was written.

        Source: queryClient.ts, setQueriesData. Differs: a query that is filed under a hash of its own is written too,
            instead of a new one under the hash of its key.
        """

        def write(query: Query[Any]) -> Any:
            data = functional_update(updater, query.state.data)
            return UNSET if data is UNSET else query.set_data(data, updated_at=updated_at, manual=True)

        with self._environment.notify_manager.batch():
            return [(query.query_key, write(query)) for query in self._query_cache.find_all(filters, **fields)]

    def _of_key(self, query_key: AnyQueryKey) -> AnyQueryOptions:
        return self._defaults.of_key(query_key)
