"""What the functions of users receive: the client as they see it, and the context of one call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, overload

import msgspec
from typing_extensions import TypeVar

from .filters import MutationsMeant, QueriesMeant
from .query_key import QueryKey
from .query_state import QueryState
from .types import FetchDirection, KeyParts, Meta, QueryDataT, Unset
from .views import AbortSignalView, QueryView

T = TypeVar("T")
DefaultT = TypeVar("DefaultT")
PageParamT_co = TypeVar("PageParamT_co", default=Any, covariant=True)


class QueryClientView(Protocol):
    """The client as a query_fn, a mutation_fn or a callback sees it: reading and writing the cache."""

    @overload
    def get_query_data(self, query_key: QueryKey[T]) -> T | None: ...
    @overload
    def get_query_data(self, query_key: QueryKey[T], default: DefaultT) -> T | DefaultT: ...
    # Any: a key that carries no type says nothing of its data
    @overload
    def get_query_data(self, query_key: KeyParts, default: object = None) -> Any: ...
    def get_query_data(self, query_key: QueryKey[Any] | KeyParts, default: object = None) -> Any:
        """The cached data of exactly this key.

        Args:
            query_key: The key; a ``QueryKey[T]`` says what type comes back.
            default: What to return if there is no data.
        """
        ...

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
            query_key: The key; a ``QueryKey[T]`` says what type the data must have.
            updater: The new data, or a function from the present data (``UNSET`` if there is none) to it.
            updated_at: When the data is from, in seconds since the epoch; now by default.
        """
        ...

    def invalidate_queries(self, filters: QueriesMeant | None = None, /) -> Awaitable[None]:
        """Mark matching queries stale and refetch those that are in use.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        ...

    def cancel_queries(self, filters: QueriesMeant | None = None, /) -> Awaitable[None]:
        """Cancel the fetches of matching queries, and put them back to their states from before.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        ...

    def is_mutating(self, filters: MutationsMeant | None = None, /) -> int:
        """How many matching mutations are pending; the one that asks is among them.

        Args:
            filters: The filters; or a key, or options, whose key is meant as a beginning. None means all.
        """
        ...

    def get_query_state(self, query_key: QueryKey[T] | KeyParts) -> QueryState[T] | Unset:
        """The state of exactly this key, ``UNSET`` if there is no such query.

        Args:
            query_key: The key.
        """
        ...


class Abortable(Protocol):
    """Something that may be cancelled, for those who only look."""

    @property
    def aborted(self) -> bool:
        """Whether it was."""
        ...


class QueryFunctionContext(Generic[QueryDataT]):
    """What a query_fn is called with.

    Attributes:
        query_key: The key of the query; ``context.query_key[1]["page"]`` reads a part of it.
        client: The client that fetches.
        meta: What the query's options attached.
    """

    __slots__ = ("_fetch_signal", "_query", "_signal", "client", "meta", "query_key")

    query_key: QueryKey[QueryDataT]

    def __init__(
        self,
        query_key: QueryKey[QueryDataT] | None,
        client: QueryClientView,
        meta: Meta | None,
        signal: Callable[[], AbortSignalView],
        fetch_signal: Abortable | None = None,
        query: QueryView | None = None,
    ) -> None:
        if query_key is not None:
            self.query_key = query_key
        # who has the key, if it is still to be made: most functions know what they fetch, and do not ask
        self._query = query
        self.client: QueryClientView = client
        self.meta: Meta | None = meta
        self._signal = signal
        # what wrappers of a query_fn look at, who declare nothing by that
        self._fetch_signal = fetch_signal

    if not TYPE_CHECKING:  # a type checker knows that the key is there

        def __getattr__(self, name: str) -> QueryKey[QueryDataT]:
            # called for what is not there
            if name != "query_key":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            key = self.query_key = self._query.query_key
            return key

    @property
    def signal(self) -> AbortSignalView:
        """Fires when the fetch is cancelled.

        Reading it declares that this function heeds it: the fetch is then cancelled when the query's last user
        leaves, instead of being left to finish.
        """
        return self._signal()

    def __repr__(self) -> str:
        return f"<QueryFunctionContext of {self.query_key!r}>"


class InfiniteQueryFunctionContext(QueryFunctionContext[Any], Generic[PageParamT_co]):
    """What the query_fn of an infinite query is called with, once for each page.

    Attributes:
        query_key: The key of the query.
        client: The client that fetches.
        meta: What the query's options attached.
        page_param: What to ask for the page with: ``initial_page_param``, or what ``get_next_page_param`` returned.
        direction: "backward" for a page before the first one, otherwise "forward".

    Source: types.ts, QueryFunctionContext with TPageParam.
    """

    __slots__ = ("direction", "page_param")

    def __init__(
        self,
        query_key: QueryKey[Any],
        client: QueryClientView,
        meta: Meta | None,
        signal: Callable[[], AbortSignalView],
        fetch_signal: Abortable | None = None,
        *,
        page_param: PageParamT_co,
        direction: FetchDirection,
    ) -> None:
        super().__init__(query_key, client, meta, signal, fetch_signal)
        self.page_param: PageParamT_co = page_param
        self.direction: FetchDirection = direction

    def __repr__(self) -> str:
        return f"<InfiniteQueryFunctionContext of {self.query_key!r}, page_param={self.page_param!r}>"


# not frozen: who calls a function in another thread gives it a copy with a client for that thread
class MutationFunctionContext(msgspec.Struct, eq=False):
    """What a mutation_fn and the callbacks of a mutation receive beside its variables.

    Attributes:
        client: The client that runs the mutation.
        meta: What the mutation's options attached.
        mutation_key: The mutation's key, if its options have one.
    """

    client: QueryClientView
    meta: Meta | None
    mutation_key: QueryKey[Any] | None

    def __repr__(self) -> str:
        return f"<MutationFunctionContext of {self.mutation_key!r}>"
