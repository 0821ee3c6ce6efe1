"""What a query is: its key, options, state and observers, and the questions that can be asked of it.

Source: query.ts. What happens to it is next door: ``written_query.py``, ``fetching_query.py`` and ``query.py``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Generic, Literal, Protocol, cast

import msgspec
from msgspec.structs import replace

from ..base.contracts import QueryCacheLike, QueryClientLike, QueryObserverLike
from ..base.given_options import merge_options, options_of, replaced
from ..base.infinite_options import InfiniteQueryOptions
from ..base.options import NO_OPTIONS, AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey, key_of_packed, parts_at_hand, parts_of_packed, parts_of_text
from ..base.query_state import INITIAL_STATE, Action, QueryState, SetStateAction, state_with_data, written
from ..base.types import UNSET, Meta, QueryDataT, SkipToken, StaleTime, Unset, microseconds, seconds
from ..base.values import given, is_function, resolve_query_value, resolve_stale_time
from ..runtime.collector import Bucket
from ..runtime.environment import Environment, EnvironmentOwner
from ..runtime.removable import Expiring
from .crowd import Crowd


class ClientLike(QueryClientLike, EnvironmentOwner, Protocol):
    """The client as its caches and their entries see it."""


DUST: Final = 0.00001
"""Seconds by which instants must differ to be compared as floats: far more than rounding ever comes to."""

MARKED: Final = float("nan")
"""Stands in ``_written_at`` of a query that was invalidated and not looked at since; compared by identity."""

NOBODY: Final[tuple[QueryObserverLike, ...]] = ()
"""The observers of a query that nobody watches."""


class Terms(msgspec.Struct, frozen=True, eq=False):
    """What a query was made with, and keeps: for nearly all queries of a client the same record.

    Whatever a query refers to costs each full garbage collection a look, so that it refers to all of this at once.

    Attributes:
        client: The client that asked for it.
        cache: The cache that holds it.
        environment: The loop, clock, signals and tasks of that client.
        default_options: What was registered for its key then; later options go on top of it.
        query_type: What kind of query it is.
        reset_state: The state that a reset goes back to.
        inherited: What its options inherit, by name, if it keeps them as they were given; None if they are complete.
        completed: The same with complete options; None if they are.
    """

    client: ClientLike
    cache: QueryCacheLike
    environment: Environment
    default_options: AnyQueryOptions = NO_OPTIONS
    query_type: Literal["infinite"] | None = None
    reset_state: QueryState[Any] = INITIAL_STATE
    inherited: Mapping[str, Any] | None = None
    completed: Terms | None = None


def completed_by(inherited: Mapping[str, Any] | None, options: AnyQueryOptions, query_hash: str) -> AnyQueryOptions:
    """Options that were kept as they were given, with what they inherit.

    Args:
        inherited: That, by name.
        options: Options of a first fetch.
        query_hash: The text that their key gives.
    """
    fields = {**(inherited or {}), **options.__dict__, "query_hash": query_hash}
    return options_of(QueryOptions, fields, complete=True)


class QueryEntry(Expiring, Generic[QueryDataT]):
    """The lasting part of a query; see ``Query``.

    Args:
        terms: Those of a plain query of its client, which inherits nothing by its key and has no initial data.
        query_key: The key; or packed, while nobody asks for it, if its hash is its text.
        query_hash: The text it is filed under.
        options: Its options, defaults filled in. Without a key and a hash they may be those of other queries, too.
        default_options: What is registered for its key now; later options go on top of it.
        state: A complete state to start with, instead of the one that the options give.

    Attributes:
        query_hash: The text it is filed under.
    """

    # a cache holds many of them, and most do nothing: without a dict of their own they take a fifth of the room
    __slots__ = (
        "_key",
        "_observers",
        "_options",
        "_state",
        "_terms",
        "_written_at",
        "query_hash",
    )

    _state: QueryState[QueryDataT]
    # when not None, what stands in _state is no state yet, and nobody has looked. It is the data of a query that a
    # write made: a state is the greater half of such a query, for the memory as for the garbage collector. Or, if this
    # is MARKED, it is the state from before an invalidation: a prefix may mean ten of a hundred thousand, whose states
    # are in no cache of the processor
    _written_at: float | None

    def __init__(
        self,
        terms: Terms,
        query_key: QueryKey[QueryDataT] | bytes | str,
        query_hash: str,
        options: AnyQueryOptions,
        default_options: AnyQueryOptions,
        state: QueryState[QueryDataT] | None = None,
    ) -> None:
        # a cache makes many: what follows is what its bases would do, in one call instead of four
        self._bucket: Bucket | None = None
        self.gc_time: float = 0.0
        self._key: QueryKey[QueryDataT] | bytes | str = query_key
        self.query_hash: str = query_hash
        # a tuple while there are few, so that a query that nobody watches has nothing of its own
        self._observers: tuple[QueryObserverLike, ...] | Crowd = NOBODY
        self._terms = terms
        self._options: AnyQueryOptions = options
        if default_options is not NO_OPTIONS:
            self._terms = Terms(terms.client, terms.cache, terms.environment, default_options)
            self._options = merge_options(default_options, options)
        self._note_options()
        reset_state = self._state_of_options()
        if reset_state is not INITIAL_STATE:
            # A given state is used as it is, but a reset goes back to what the options say.
            self._terms = replace(self._terms, reset_state=reset_state)
        self._state = reset_state if state is None else state
        self._written_at = None

    # -- what it is

    @property
    def environment(self) -> Environment:
        """The loop, clock, signals and tasks of the client that made it: several clients may share a cache."""
        return self._terms.environment

    @property
    def state(self) -> QueryState[QueryDataT]:
        """Everything known of it. Replaced at each change."""
        written_at = self._written_at
        if written_at is not None:
            # from now on it is one object for all who ask
            self._written_at = None
            if written_at is not MARKED:
                self._state = written(cast("QueryDataT", self._state), written_at)
            elif not self._state.is_invalidated:
                self._state = replace(self._state, is_invalidated=True)
        return self._state

    @property
    def query_key(self) -> QueryKey[QueryDataT]:
        """The key."""
        key = self._key
        if type(key) is bytes or type(key) is str:
            key = self._key = key_of_packed(key, self.query_hash)
        return cast("QueryKey[QueryDataT]", key)

    @property
    def is_filed_by_text(self) -> bool:
        """Whether its hash is the text of its key."""
        key = self._key
        return type(key) is str or type(key) is bytes or self.query_key.text == self.query_hash

    def parts_at_hand(self) -> Sequence[object]:
        """The parts of its key for one look: they may be lists, and changing them is nothing."""
        key = self._key
        if type(key) is str:
            return parts_of_text(key)
        return parts_of_packed(key) if type(key) is bytes else parts_at_hand(self.query_key)

    @property
    def options(self) -> AnyQueryOptions:
        """The latest options set."""
        options, terms = self._options, self._terms
        if terms.completed is not None:
            # mostly nobody asks for those that it was first fetched with
            options = self._options = completed_by(terms.inherited, options, self.query_hash)
            self._terms = terms.completed
        if isinstance(options.query_key, Unset):
            # those of a query that a write made belong to all of them; most keys are never looked at
            fields = {"query_key": self.query_key, "query_hash": self.query_hash}
            options = self._options = replaced(options, fields, complete=True)
        return options

    @property
    def meta(self) -> Meta | None:
        """What its options attached."""
        return given(self._options.meta, None)

    @property
    def query_type(self) -> Literal["infinite"] | None:
        """What kind of query it is: "infinite" once it was given such options, and for good."""
        return self._terms.query_type

    def _note_options(self) -> None:
        options = self._options
        hash_fn = options.query_key_hash_fn
        if hash_fn is not UNSET and hash_fn is not None:
            self._terms.cache.hash_function_given()
        if isinstance(options, InfiniteQueryOptions) and self._terms.query_type is None:
            self._terms = replace(self._terms, query_type="infinite")
        self.update_gc_time(options.gc_time)

    @property
    def reset_state(self) -> QueryState[QueryDataT]:
        """The state that a reset goes back to."""
        return self._terms.reset_state

    @property
    def observers(self) -> list[QueryObserverLike]:
        """The subscribed observers, in the order in which they came."""
        return list(self._observers)

    def hash_of(self, query_key: QueryKey[Any]) -> str:
        """The hash that *query_key* would have by this query's own hash function.

        Args:
            query_key: Any key.
        """
        hash_fn = given(self._options.query_key_hash_fn, None)
        return query_key.text if hash_fn is None else hash_fn(query_key)

    def get_observers_count(self) -> int:
        """How many observers are subscribed."""
        return len(self._observers)

    def is_active(self) -> bool:
        """Whether an enabled observer is subscribed."""
        return bool(self._observers) and any(
            resolve_query_value(o.options.enabled, self, True) is not False for o in self.observers
        )

    def is_disabled(self) -> bool:
        """Whether it will not fetch by itself: no observer is enabled, or there is none and it never fetched."""
        if self._observers:
            return not self.is_active()
        return isinstance(self._options.query_fn, SkipToken) or not self.is_fetched()

    def is_fetched(self) -> bool:
        """Whether data or an error ever came in; a write counts."""
        return self.state.data_update_count + self.state.error_update_count > 0

    def is_static(self) -> bool:
        """Whether it has data, and an observer calls it static."""
        return self.state.data is not UNSET and any(
            resolve_stale_time(o.options.stale_time, self) == "static" for o in self.observers
        )

    def is_stale(self) -> bool:
        """Whether an observer calls it stale; without observers, whether it has no data or was invalidated."""
        if self._observers:
            return any(observer.is_result_stale() for observer in self.observers)
        return self.state.data is UNSET or self.state.is_invalidated

    def is_stale_by_time(self, stale_time: StaleTime = 0.0) -> bool:
        """Whether the data is older than *stale_time*; of that very age counts as older.

        Args:
            stale_time: Seconds or a timedelta. 0.0 is always stale, ``math.inf`` only after an invalidation,
                "static" never.

        No data is stale whatever the time.
        Source: query.ts, isStaleByTime. Differs: seconds, not ms.
        """
        state = self.state
        if state.data is UNSET:
            return True
        if isinstance(stale_time, str):
            return False
        if state.is_invalidated:
            return True
        return self._is_older_than(seconds(stale_time))

    def _is_older_than(self, stale_time: float) -> bool:
        if stale_time == math.inf:
            return False
        left = self.state.data_updated_at + stale_time - self._terms.environment.now()
        if -DUST < left < DUST:
            # so near to the deadline the dust of float arithmetic would decide
            return self.time_until_stale(stale_time) == 0
        return left < 0

    def time_until_stale(self, stale_time: float) -> float:
        """Seconds until the data is older than *stale_time*, at least 0.

        Args:
            stale_time: Seconds, may be ``math.inf``.

        Source: utils.ts, timeUntilStale.
        """
        if stale_time == math.inf:
            return math.inf
        now = self._terms.environment.now()
        left = microseconds(self.state.data_updated_at) + microseconds(stale_time) - microseconds(now)
        return max(left, 0) / 1_000_000

    # -- options

    def set_options(self, options: AnyQueryOptions) -> None:
        """Replace the options. The last writer wins: an observer, or a fetch with options.

        Late initial data is taken in if there is no data yet.

        Args:
            options: Options with the client's defaults filled in.

        Source: query.ts, setOptions.
        """
        terms = self._terms
        if (
            options is self._options
            and terms.completed is None
            and (self.state.data is not UNSET or options.initial_data is UNSET)
        ):
            # the next of many observers that share their options, or the fetch for which it was made
            return
        if terms.completed is not None:
            self._terms = terms.completed
        self._options = merge_options(terms.default_options, options)
        self._note_options()
        if self.state.data is UNSET:
            fresh = self._state_of_options()
            if fresh.data is not UNSET:
                # the fetch under way and the update count are left alone
                self.set_state(
                    data=fresh.data,
                    data_updated_at=fresh.data_updated_at,
                    error=None,
                    is_invalidated=False,
                    status="success",
                )
                self._terms = replace(self._terms, reset_state=fresh)

    def _state_of_options(self) -> QueryState[QueryDataT]:
        initial = self._options.initial_data
        if initial is UNSET:
            return INITIAL_STATE
        data: QueryDataT | Unset = cast("Any", initial)() if is_function(initial) else cast("Any", initial)
        if data is UNSET:
            return INITIAL_STATE
        updated_at = given(self._options.initial_data_updated_at, None)
        if callable(updated_at):
            updated_at = updated_at()
        return state_with_data(data, self._terms.environment.now() if updated_at is None else float(updated_at))

    def set_state(self, **changes: Any) -> None:
        """Overwrite fields of the state: for persistence and devtools.

        Args:
            **changes: New values by the names of the fields of ``QueryState``.
        """
        self._dispatch(SetStateAction(changes))

    def _dispatch(self, action: Action[QueryDataT]) -> None:
        """Take an action into the state and tell everyone."""
        raise NotImplementedError
