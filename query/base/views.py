"""What callbacks of users may see of the house: read-only faces of queries, mutations and signals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .mutation_state import MutationState
from .query_key import QueryKey
from .query_state import QueryState
from .types import Meta, StaleTime


class AbortSignalView(Protocol):
    """Tells a query_fn that nobody wants its result any more.

    Reading it from the context is a promise to heed it: a query whose signal was read is cancelled when its last
    observer leaves, others are left to finish.
    """

    @property
    def aborted(self) -> bool:
        """Whether the fetch was cancelled."""
        ...

    @property
    def reason(self) -> Exception | None:
        """Why, once it was."""
        ...

    def add_listener(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call *listener* once when the fetch is cancelled; at once if it was.

        Args:
            listener: A function without arguments.

        Returns:
            A function that forgets the listener.
        """
        ...

    def raise_if_aborted(self) -> None:
        """Raise the reason if the fetch was cancelled."""
        ...

    async def wait(self) -> None:
        """Return when the fetch is cancelled."""
        ...


class QueryView(Protocol):
    """A query as callbacks see it: ``enabled=``, ``stale_time=``, ``predicate=`` and the like receive one."""

    @property
    def query_key(self) -> QueryKey[Any]:
        """The key."""
        ...

    @property
    def query_hash(self) -> str:
        """The text under which the cache files it."""
        ...

    @property
    def state(self) -> QueryState[Any]:
        """The state now."""
        ...

    @property
    def meta(self) -> Meta | None:
        """What its options attached."""
        ...

    def hash_of(self, query_key: QueryKey[Any]) -> str:
        """The hash that *query_key* would have by this query's own hash function.

        Args:
            query_key: Any key.
        """
        ...

    def get_observers_count(self) -> int:
        """How many observers are subscribed."""
        ...

    def is_active(self) -> bool:
        """Whether an enabled observer is subscribed."""
        ...

    def is_disabled(self) -> bool:
        """Whether it will not fetch by itself."""
        ...

    def is_fetched(self) -> bool:
        """Whether data or an error ever came in."""
        ...

    def is_stale(self) -> bool:
        """Whether an observer calls it stale; without observers, whether it has no data or was invalidated."""
        ...

    def is_static(self) -> bool:
        """Whether it has data that an observer calls static."""
        ...

    def is_stale_by_time(self, stale_time: StaleTime = 0.0) -> bool:
        """Whether the data is at least this old, invalidated or missing.

        Args:
            stale_time: Seconds, a timedelta, ``math.inf`` or "static".
        """
        ...


class MutationView(Protocol):
    """A mutation as callbacks see it."""

    @property
    def mutation_id(self) -> int:
        """Its number in its cache, from 1."""
        ...

    @property
    def mutation_key(self) -> QueryKey[Any] | None:
        """Its key, if its options have one."""
        ...

    @property
    def state(self) -> MutationState[Any, Any, Any]:
        """The state now."""
        ...

    @property
    def meta(self) -> Meta | None:
        """What its options attached."""
        ...
