"""Counting, reading and writing what a client holds, for threads that wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from typing_extensions import Unpack

from ..base.filters import MutationFilterFields, MutationsMeant, QueriesMeant, QueryFilterFields
from ..base.query_key import AnyQueryKey, QueryKey
from ..base.query_state import QueryState
from ..base.types import UNSET, KeyParts, Unset
from .client_base import BlockingClientBase

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")


class BlockingClientData(BlockingClientBase):
    """The part of ``BlockingClient`` that needs no fetch."""

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
        return self._crossing.call(lambda: self._client.is_fetching(filters, **fields))

    def is_mutating(self, filters: MutationsMeant | None = None, /, **fields: Unpack[MutationFilterFields]) -> int:
        """How many matching mutations are pending; paused ones are.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields. ``status`` is not looked at.
        """
        return self._crossing.call(lambda: self._client.is_mutating(filters, **fields))

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
        """
        return self._crossing.call(lambda: self._client.get_query_data(query_key, default))

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
        return self._crossing.call(lambda: self._client.get_queries_data(filters, **fields))

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        return self._crossing.call(lambda: self._client.get_query_state(query_key))

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
                must return new data and leave the old as it is; nobody else writes meanwhile. ``UNSET`` writes nothing.
            updated_at: When the data is from, in seconds since the epoch; now by default.

        Returns:
            What is stored now, ``UNSET`` if nothing was written.
        """
        return self._crossing.call(lambda: self._client.set_query_data(query_key, updater, updated_at=updated_at))

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
        """
        return self._crossing.call(
            lambda: self._client.set_queries_data(filters, updater, updated_at=updated_at, **fields)
        )
