"""A query as one observer sees it: the options that it looks with, the latest result, and who is told of it.

Source: queryObserver.ts. Subscribing, fetching and timers are next door, in ``query_observer_base.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, cast

from msgspec import structs
from msgspec.structs import replace

from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_state import QueryState, started
from ..base.types import UNSET, DataT, Duration, NetworkMode, QueryDataT, Unset, Unsubscribe
from ..base.values import given
from ..cache.crowd import Crowd
from ..cache.query import Query
from ..client.completed import Completed
from ..client.query_client import QueryClient
from ..runtime.handle import Handle
from .fetch_policy import is_enabled, is_stale, should_fetch_on_mount, should_fetch_optionally
from .heard_by_few import HeardByFew
from .observer_timers import ObserverTimers
from .plain_result import plain_result, settled_result
from .query_result import ResultT, changed_any, same_result
from .result_stream import ResultStream
from .result_wait import described, first_result
from .shown_data import Shown, ShownData
from .tracked_result import TrackedResult
from .traits import AGELESS, ENABLED, PLAIN, QUICK, SETTLED, TELLS_ALL, traits_of


class ObservedQuery(HeardByFew[ResultT], Generic[QueryDataT, DataT, ResultT]):
    """The part of an observer that shows; see ``QueryObserver``.

    A subclass makes the results: ``_make_result``.
    """

    # a page has thousands: what few of them need is made when it is needed
    __slots__ = (
        "_client",
        "_data_updates_at_start",
        "_error_updates_at_start",
        "_followers",
        "_given",
        "_last_query_with_data",
        "_model",
        "_query",
        "_result",
        "_shown",
        "_state_shown",
        "_timers",
        "_tracked",
        "_traits",
        "options",
    )

    _makes_plain_results: ClassVar[bool] = False
    """Whether results have no more fields than a ``QueryResult``, so that they need not be made of named facts."""

    _alike: ClassVar[type[Any] | None] = None
    """Whose observers look alike: those of this class, and of no subclass, which may have overridden anything."""

    # None until somebody asks, if it follows from the state that is shown alone
    _result: ResultT | None
    # what the result is a copy of, shared by fellows that see the same; see fellow_observers.py
    _model: ResultT | None
    _query: Query[QueryDataT]
    # what the result was made of, or is to be made of, if that is a state alone
    _state_shown: QueryState[QueryDataT] | None

    def __init__(self, client: QueryClient, options: QueryOptions[QueryDataT, DataT]) -> None:
        # as in HeardByFew, without the call
        # Any: none
        nobody: Any = None
        self._listener = self._listeners = nobody
        self._client = client
        cache = client._query_cache
        # made when there is need: what select and placeholder remember, timers, what is read, who follows
        self._shown: ShownData[QueryDataT] | None = None
        self._timers: ObserverTimers | None = None
        self._tracked: set[str] | None = None
        self._followers: dict[Callable[[ResultT], object], None] | None = None
        self._last_query_with_data: Query[QueryDataT] | None = None
        self._result = self._model = None
        # what options were made complete last, once they are set anew: a component gives the same at each drawing
        self._given: AnyQueryOptions | None = None
        # a page makes thousands with the same options, which then remember what follows from them
        remembered = getattr(options, "_remembered", None)
        complete: AnyQueryOptions
        if type(remembered) is Completed and remembered.state is client._defaults.state:
            complete, traits = remembered._options or remembered.options, remembered.traits
            if traits < 0:
                traits = remembered.traits = traits_of(complete)
        else:
            complete = client.default_query_options(options)
            traits = traits_of(complete)
        self.options: AnyQueryOptions = complete
        kind = type(self)
        if kind._alike is not kind:
            traits &= ~QUICK if kind._makes_plain_results else ~(QUICK | PLAIN)
        self._traits = traits
        # Any: if it is no string, there is no such query
        query_hash: Any = complete.query_hash
        known: Any = cache._queries.get(query_hash)
        if type(known) is int:
            known = cache.get(query_hash)
        # as in _look_at
        query = self._query = self._query_of(complete) if known is None else known
        state = query._state if query._written_at is None else query.state
        self._data_updates_at_start: int = state.data_update_count
        self._error_updates_at_start: int = state.error_update_count
        if query._options is not complete or state.data is UNSET:
            query.set_options(complete)
            state = query.state
        # as in update_result
        self._state_shown = state
        if traits & SETTLED == SETTLED:
            if state.data is not UNSET:
                self._last_query_with_data = query
        else:
            result = self._result = self._create_result(query, complete, None)
            self._keep(result)
        if cache._listeners:
            cache.observer_results_updated(query)

    def _bound_refetch(self) -> Callable[..., Handle[ResultT]]:
        """The function that results carry: for good, since each read of a method is another object.

        A result that differs from the one before by nothing else would be new otherwise.
        """
        raise NotImplementedError

    def _query_of(self, options: AnyQueryOptions) -> Query[QueryDataT]:
        """The query of complete options, made if it is not there."""
        # Any: if it is no string, build says what is missing
        query_hash: Any = options.query_hash
        known = self._client._query_cache.get(query_hash)
        if known is None or isinstance(options.query_key, Unset):
            return self._client._query_cache.build(self._client, options)
        return known

    def _traits_of(self, options: AnyQueryOptions) -> int:
        traits, kind = traits_of(options), type(self)
        if kind._alike is not kind or self._tracked or self._followers or self._timers is not None:
            traits &= ~QUICK
        # what a select or a placeholder remembers stays, as upstream: an error of it is shown until there is new data
        return traits if self._makes_plain_results and self._shown is None else traits & ~PLAIN

    def _stand_out(self) -> None:
        """It is no copy of what others show any more, or told in another way."""
        if self._model is not None:
            # while it is known what it is a copy of
            self.get_current_result()
            self._model = None
        observers = self._query._observers
        if type(observers) is Crowd:
            observers.changed()

    def _look_at(self, query: Query[QueryDataT]) -> None:
        self._stand_out()
        self._query = query
        self._state_shown = None
        state = query.state
        self._data_updates_at_start = state.data_update_count
        self._error_updates_at_start = state.error_update_count

    # -- what it shows

    def get_current_result(self) -> ResultT:
        """The latest result. Without subscribers it stays as it was."""
        result = self._result
        if result is None and self._model is not None:
            model: Any = self._model
            turn = model.refetch
            if turn is not None and turn.owner is not None and turn.owner.observer is self:
                # the listener that looks has it
                result = turn.result
            else:
                result = replace(model, refetch=self._bound_refetch())
            self._result = result
        elif result is None:
            # nobody has seen it before
            state = cast("QueryState[QueryDataT]", self._state_shown)
            made: ResultT = settled_result(
                state, self._data_updates_at_start, self._error_updates_at_start, self._bound_refetch()
            )
            result = self._result = made
        return result

    def get_current_query(self) -> Query[QueryDataT]:
        """The query that is looked at."""
        return self._query

    def is_result_stale(self) -> bool:
        """Whether the latest result says stale."""
        return self.get_current_result().is_stale

    def track_result(self, result: ResultT, on_prop_tracked: Callable[[str], object] | None = None) -> ResultT:
        """A result that notes which of its fields are read.

        From then on listeners are told only when one of those changes, unless ``notify_on_change_props`` is given.

        Args:
            result: A result of this observer.
            on_prop_tracked: Called with the name of each field that is read.

        Source: queryObserver.ts, trackResult.
        """

        def on_read(name: str) -> None:
            self.track_prop(name)
            if on_prop_tracked is not None:
                on_prop_tracked(name)

        return cast("ResultT", TrackedResult(result, on_read))

    def track_prop(self, name: str) -> None:
        """Note that a field of a result was read, for good.

        Args:
            name: The name of the field.

        Source: queryObserver.ts, trackProp.
        """
        if self._tracked is None:
            self._tracked = set()
        self._stand_out()
        self._traits &= ~QUICK
        self._tracked.add(name)

    def results(self) -> ResultStream[ResultT]:
        """The results as an async iterator: the present one, then the newest at each step.

        It subscribes when the iteration begins, and leaves when it ends; see ``ResultStream``.
        """
        return ResultStream(self._client._environment, self.subscribe, self.get_current_result)

    async def wait_for(
        self,
        predicate: Callable[[ResultT], object],
        *,
        timeout: Duration | None = None,  # noqa: ASYNC109 - by the client's clock, which may be a virtual one
    ) -> ResultT:
        """The first result for which *predicate* holds, the present one included.

        Every result is looked at, whatever listeners are told of. It is subscribed to while waiting, which may start a
        fetch. ::

            result = await observer.wait_for(lambda result: result.is_success, timeout=5)

        Args:
            predicate: A function of a result.
            timeout: Seconds or a timedelta by the client's clock; for good by default.

        Raises:
            ResultTimeoutError: There was none in time; it says what the last one was.
            QueryCancelledError: The client was closed.
            OptionError: The predicate is a coroutine function, or the timeout is no duration.
        """
        return await first_result(self, self._client._environment, predicate, timeout)

    def _follow(self, look: Callable[[ResultT], object]) -> Unsubscribe:
        """Subscribe, and show *look* every result, whatever listeners are told of.

        Args:
            look: A function of a result.

        Returns:
            A function that ends it.
        """
        unsubscribe = self.subscribe(lambda _: None)
        followers = self._followers = {} if self._followers is None else self._followers
        followers[look] = None
        self._traits &= ~QUICK
        self._stand_out()

        def leave() -> None:
            followers.pop(look, None)
            unsubscribe()

        return leave

    def _describe(self) -> tuple[str, str]:
        """The hash of the query, and the latest result in words: for messages."""
        return self._query.query_hash, described(self.get_current_result())

    # -- computing and telling

    def update_result(self) -> None:
        """Recompute the result, and tell the listeners if it differs.

        Source: queryObserver.ts, updateResult.
        """
        query, traits = self._query, self._traits
        # as in _create_result and _keep, without the calls between: this runs at each change, once an observer
        if traits & SETTLED == SETTLED:
            state = query.state
            if state is self._state_shown:
                return
            previous = self.get_current_result() if self._result is None else self._result
            result: ResultT = settled_result(
                state,
                self._data_updates_at_start,
                self._error_updates_at_start,
                previous.refetch,
            )
            self._state_shown = state
            if result.has_data:
                self._last_query_with_data = query
        else:
            previous = self.get_current_result()
            result = self._create_result(query, self.options, previous)
            self._keep(result)
        if result.data_updated_at == previous.data_updated_at and same_result(result, previous):
            return
        if self._model is not None:
            self._stand_out()
        self._result = result
        told = self._should_tell(previous) if self._tracked or not traits & TELLS_ALL else True
        manager = self._client._environment.notify_manager
        if manager.depth:
            self._publish(result, told)
        else:
            with manager.batch():
                self._publish(result, told)

    def _publish(self, result: ResultT, told: bool) -> None:
        if told:
            self._tell(result)
        if self._followers:
            for look in list(self._followers):
                look(result)
        if self._client._query_cache._listeners:
            self._client._query_cache.observer_results_updated(self._query)

    def _keep(self, result: ResultT) -> None:
        query = self._query
        state = self._state_shown = query.state
        if self._shown is not None:
            self._shown.keep(result, state.data, self.options)
        if state.data is not UNSET:
            self._last_query_with_data = query

    def _should_tell(self, previous: ResultT) -> bool:
        props = given(self.options.notify_on_change_props, None)
        names = props() if callable(props) else props
        if names == "all" or (names is None and not self._tracked):
            return True
        result = self.get_current_result()
        if given(self.options.throw_on_error, False) and result.error is not previous.error:
            return True
        return changed_any(result, previous, self._tracked or () if names is None else names)

    def _create_result(self, query: Query[QueryDataT], options: AnyQueryOptions, previous: ResultT | None) -> ResultT:
        """The result of a query.

        Args:
            query: What is looked at.
            options: With which options.
            previous: The latest result; None if there is none.
        """
        real = query.state
        if query is self._query:
            data_updates, error_updates = self._data_updates_at_start, self._error_updates_at_start
        else:
            data_updates, error_updates = real.data_update_count, real.error_update_count
        traits = self._traits if options is self.options else self._traits_of(options)
        if traits & PLAIN:
            refetch = self._bound_refetch()
            plain: ResultT = plain_result(query, options, traits, data_updates, error_updates, refetch)
            return plain
        if self._shown is None:
            self._shown = ShownData(previous)
            self._traits &= ~PLAIN
        state = real if options._optimistic_results is None else self._state_to_show(query, options)
        shown = self._shown.of(state, options, self._client._environment.now(), self._last_query_with_data)
        # after select, which may have changed it
        real = query.state
        if traits & AGELESS and traits & ENABLED:
            enabled, stale = True, real.data is UNSET or real.is_invalidated
        else:
            stale, enabled = is_stale(query, options), is_enabled(query, options)
        # by place: names would cost as much again
        has_data = shown.data is not UNSET
        facts: list[Any] = [
            state.fetch_status,
            shown.data if has_data else None,
            has_data,
            state.data_updated_at,
            shown.error,
            shown.error_updated_at,
            state.fetch_failure_count,
            state.fetch_failure_reason,
            state.error_update_count,
            real.data_update_count + real.error_update_count > 0,
            state.data_update_count > data_updates or state.error_update_count > error_updates,
            shown.is_placeholder_data,
            stale,
            enabled,
            self._bound_refetch(),
        ]
        return self._make_result(shown, facts, query, options)

    def _state_to_show(self, query: Query[QueryDataT], options: AnyQueryOptions) -> QueryState[QueryDataT]:
        """The query's state; in a mode for drawing, the one that subscribing or these options would lead to."""
        state, mode = query.state, options._optimistic_results
        if self.has_listeners():
            would_fetch = should_fetch_optionally(query, self._query, options, self.options)
        else:
            would_fetch = should_fetch_on_mount(query, options)
        if would_fetch:
            network_mode: NetworkMode = given(query.options.network_mode, "online")
            state = started(state, self._client._environment.can_start(network_mode))
        return structs.replace(state, fetch_status="idle") if mode == "restoring" else state

    def _make_result(
        self, shown: Shown, facts: list[Any], query: Query[QueryDataT], options: AnyQueryOptions
    ) -> ResultT:
        """The result of these facts.

        Args:
            shown: Data and status.
            facts: The fields of a ``QueryResult``, in their order.
            query: What is looked at.
            options: With which options.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        name = type(self).__name__
        result = self.get_current_result()
        return f"<{name} of {self._query.query_hash}: {result.status}/{result.fetch_status}>"
