"""The client as a plain query_fn or mutation_fn sees it, from the worker thread in which it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, overload

from typing_extensions import TypeVar

from ..base.contexts import QueryClientView
from ..base.filters import MutationsMeant, QueriesMeant
from ..base.query_key import QueryKey
from ..base.query_state import QueryState
from ..base.types import KeyParts, Unset
from ..threads.crossing import Crossing

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")


class FunctionClient(QueryClientView):
    """Does in the loop what it is asked for, and waits for nothing: who waits in a fetch may wait for himself.

    Args:
        client: The client as a function in the loop sees it.
        crossing: The way into the loop.
    """

    def __init__(self, client: QueryClientView, crossing: Crossing) -> None:
        self._client = client
        self._crossing = crossing

    @property
    def loop_client(self) -> QueryClientView:
        """The client in the loop, which is what things are filed under: such as its API client."""
        return self._client

    @overload
    def get_query_data(self, query_key: QueryKey[T]) -> T | None: ...
    @overload
    def get_query_data(self, query_key: QueryKey[T], default: DefaultT) -> T | DefaultT: ...
    @overload
    def get_query_data(self, query_key: KeyParts, default: object = None) -> Any: ...
    def get_query_data(self, query_key: QueryKey[Any] | KeyParts, default: object = None) -> Any:
        """The cached data of exactly this key.

        Args:
            query_key: The key.
            default: What to return if there is no data.
        """
        return self._crossing.call_in_loop(lambda: self._client.get_query_data(query_key, default))

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
        """Write data under this key.

        Args:
            query_key: The key.
            updater: The new data, or a function from the present data to it.
            updated_at: When the data is from, in seconds since the epoch; now by default.
        """
        return self._crossing.call_in_loop(
            lambda: self._client.set_query_data(query_key, updater, updated_at=updated_at)
        )

    def invalidate_queries(self, filters: QueriesMeant | None = None, /) -> Awaitable[None]:
        """Mark matching queries stale and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        return self._crossing.call_in_loop(lambda: self._client.invalidate_queries(filters))

    def cancel_queries(self, filters: QueriesMeant | None = None, /) -> Awaitable[None]:
        """Cancel the fetches of matching queries, and put them back to their states from before.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        return self._crossing.call_in_loop(lambda: self._client.cancel_queries(filters))

    def is_mutating(self, filters: MutationsMeant | None = None, /) -> int:
        """How many matching mutations are pending; the one that asks is among them.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        return self._crossing.call_in_loop(lambda: self._client.is_mutating(filters))

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        return self._crossing.call_in_loop(lambda: self._client.get_query_state(query_key))
