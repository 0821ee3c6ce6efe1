"""What observers of one query do, whatever the class of their results: subscribe, fetch, and watch the clock.

Source: queryObserver.ts. What they show is next door, in ``observed_query.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from ..base.given_options import COMPLETE, same_options
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_state import FetchMeta
from ..base.types import UNSET, DataT, QueryDataT
from ..base.values import given, resolve_query_value, resolve_stale_time
from ..cache.query import Query
from ..cache.query_events import QueryCacheEvent
from ..client.completed import Completed
from ..runtime.handle import Handle
from ..runtime.outcome import DerivedOutcome, Outcome
from .fetch_policy import should_fetch_on, should_fetch_on_mount, should_fetch_optionally
from .observed_query import ObservedQuery
from .observer_timers import ObserverTimers, interval_of
from .own_refetch import OwnRefetch
from .query_result import ResultT, same_result
from .traits import MOUNTS_AS_USUAL, NO_TIMERS, QUICK, SETTLED

T = TypeVar("T")

_STEADY: Final = SETTLED | MOUNTS_AS_USUAL
"""The same state gives the same result, and a subscription fetches only if that says so."""


class QueryObserverBase(ObservedQuery[QueryDataT, DataT, ResultT], Generic[QueryDataT, DataT, ResultT]):
    """Looks at one query through one set of options; see ``QueryObserver``.

    A subclass makes the results: ``_make_result``. It may add ways to fetch, on ``_fetch_and_show``.
    """

    __slots__ = ()

    def _bound_refetch(self) -> Callable[..., Handle[ResultT]]:
        # Any: the one of this very observer
        result: Any = self._result
        refetch: Callable[..., Handle[ResultT]] = OwnRefetch(self) if result is None else result.refetch
        return refetch

    # -- subscriptions

    def _on_subscribe(self) -> None:
        if self._listener is None and len(self._listeners) != 1:
            return
        query = self._query
        query.add_observer(self)
        state = query._state if query._written_at is None else query.state
        if (
            self._state_shown is state
            and self._traits & _STEADY == _STEADY
            and state.data is not UNSET
            and not state.is_invalidated
        ):
            # as below, at a glance: neither anything to fetch nor to tell, and nothing to wait for
            if self._timers is None and self._traits & NO_TIMERS:
                return
        elif should_fetch_on_mount(query, self.options):
            self._execute_fetch()
        else:
            self.update_result()
        # the listener may have left again when it was told
        if self.has_listeners():
            self._update_timers()

    def _leave(self, listener: Callable[[ResultT], object]) -> None:
        if self._listener is listener and self._timers is None:
            # as below, at a glance
            self._listener = None
            self._query.remove_observer(self)
        else:
            super()._leave(listener)

    def _on_unsubscribe(self) -> None:
        if not self.has_listeners():
            self.destroy()

    def destroy(self) -> None:
        """Drop all listeners and timers and leave the query. The observer may be subscribed to again."""
        # Any: none
        others: Any = None
        self._listener, self._listeners = None, others
        if self._timers is not None:
            self._timers.clear()
        self._query.remove_observer(self)

    def should_fetch_on_window_focus(self) -> bool:
        """Whether a regained focus is a reason to fetch."""
        return should_fetch_on(self._query, self.options, self.options.refetch_on_window_focus)

    def should_fetch_on_reconnect(self) -> bool:
        """Whether a regained network is a reason to fetch."""
        return should_fetch_on(self._query, self.options, self.options.refetch_on_reconnect)

    # -- options

    def set_options(self, options: QueryOptions[QueryDataT, DataT]) -> None:
        """Look with other options, at another query if the key differs.

        While subscribed, fetches if the query changed or was disabled before, and its data is stale.

        Args:
            options: All options anew, with a key.

        Raises:
            OptionError: The options have no key.

        Source: queryObserver.ts, setOptions.
        """
        previous_options, previous_query = self.options, self._query
        complete = previous_options if self._is_given(options) else self._client.default_query_options(options)
        # first: options that are refused must change nothing
        query = self._query_of(complete)
        if complete is not previous_options:
            self._given = options
            traits = self._traits_of(complete)
            if self._traits & traits & SETTLED != SETTLED:
                # what is shown is what the options before made of the state
                self.get_current_result()
                self._state_shown = None
            self._stand_out()
            self.options = complete
            self._traits = traits
        self._move_to(query)
        query.set_options(complete)
        cache = self._client._query_cache
        if cache._listeners and not same_options(complete, previous_options):
            cache.observer_options_updated(self._query, self)
        if self.has_listeners() and should_fetch_optionally(
            self._query, previous_query, self.options, previous_options
        ):
            self._execute_fetch()
        self.update_result()
        if self.has_listeners():
            self._update_timers_if_others(previous_query, previous_options)

    def _is_given(self, options: AnyQueryOptions) -> bool:
        """Whether the options in force were made of the same as these, by the same defaults, or are the same."""
        given, defaults = self._given, self._client._defaults
        if getattr(options, "_remembered", None) is COMPLETE:
            return type(options) is type(self.options) and same_options(options, self.options)
        if given is None or type(given) is not type(options):
            return False
        remembered = given._remembered
        return type(remembered) is Completed and remembered.state is defaults.state and same_options(given, options)

    def _update_timers_if_others(self, previous_query: Query[QueryDataT], previous_options: AnyQueryOptions) -> None:
        query, options = self._query, self.options
        if self._timers is None and self._traits & NO_TIMERS:
            return
        timers = self._timers = self._timers or self._make_timers()
        # not given is another value than True here, as upstream: it begins the interval anew
        enabled, was_enabled = (resolve_query_value(o.enabled, query, None) for o in (options, previous_options))
        moved = query is not previous_query or enabled is not was_enabled
        if moved or resolve_stale_time(options.stale_time, query) != resolve_stale_time(
            previous_options.stale_time, query
        ):
            timers.set_stale(query, options, self.is_result_stale())
        interval = interval_of(query, options)
        if moved or timers.has_other_interval(interval):
            timers.set_interval(query, options, interval)

    def _move_to(self, query: Query[QueryDataT]) -> None:
        if query is self._query:
            return
        # while it is known what it was made of
        self.get_current_result()
        previous = self._query
        self._look_at(query)
        if self.has_listeners():
            previous.remove_observer(self)
            query.add_observer(self)

    def get_optimistic_result(self, options: QueryOptions[QueryDataT, DataT]) -> ResultT:
        """What would be shown with other options, which need not be set yet. For what draws results.

        It counts as the current result from then on: what comes next is shared with it. The query is created.

        Args:
            options: The options, with a key.

        Raises:
            OptionError: The options have no key.

        Source: queryObserver.ts, getOptimisticResult.
        """
        complete = self._client.default_query_options(options)
        previous = self.get_current_result()
        result = self._create_result(self._query_of(complete), complete, previous)
        if not same_result(result, previous):
            self._stand_out()
            self._result = result
            # it may be of other options
            self._state_shown = None
            if self._shown is not None:
                self._shown.keep(result, self._query.state.data, self.options)
        return result

    # -- fetching

    def refetch(self, *, throw_on_error: bool = False, cancel_refetch: bool = True) -> Handle[ResultT]:
        """Fetch now, whether enabled or not.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.

        Returns:
            The result after the fetch.

        Source: queryObserver.ts, refetch.
        """
        return self._fetch_and_show(throw_on_error=throw_on_error, cancel_refetch=cancel_refetch)

    def fetch_optimistic(self, options: QueryOptions[QueryDataT, DataT]) -> Handle[ResultT]:
        """Fetch with other options, which need not be set yet; nothing is told to anybody here.

        Args:
            options: The options, with a key.

        Returns:
            The result with those options, as soon as the query is known to have data: at its next change if it has
            some already, else at the end of the fetch. It fails with the fetch's error.

        Raises:
            OptionError: The options have no key.

        Source: queryObserver.ts, fetchOptimistic.
        """
        complete = self._client.default_query_options(options)
        query = self._query_of(complete)
        after: DerivedOutcome[ResultT] = DerivedOutcome(self._client._environment.bind())

        def show() -> None:
            if not after.is_done:
                _settle(after, lambda: self._create_result(query, complete, self.get_current_result()))

        def look(event: QueryCacheEvent) -> None:
            if event.type == "updated" and event.query.query_hash == query.query_hash and query.state.data is not UNSET:
                show()

        unsubscribe = self._client._query_cache.subscribe(look)
        try:
            fetched = query.fetch(complete)
        except BaseException:
            unsubscribe()
            raise
        after.add_done_callback(lambda _: unsubscribe(), None)

        def finish(handle: Handle[QueryDataT]) -> None:
            error = handle.exception()
            if error is None:
                show()
            elif not after.is_done:
                _fail(after, error)

        fetched.add_done_callback(finish)
        return fetched.derive(after)

    def _fetch_and_show(
        self, *, throw_on_error: bool, cancel_refetch: bool, meta: FetchMeta | None = None
    ) -> Handle[ResultT]:
        """Fetch, and then show the result of it.

        Args:
            throw_on_error: Fail with the fetch's error.
            cancel_refetch: Supersede a fetch under way, if there is data.
            meta: What the fetch is for.
        """
        fetched = self._execute_fetch(cancel_refetch=cancel_refetch, meta=meta)
        after: DerivedOutcome[ResultT] = DerivedOutcome(self._client._environment.bind())

        def show() -> ResultT:
            self.update_result()
            return self.get_current_result()

        def finish(handle: Handle[QueryDataT]) -> None:
            error = handle.exception()
            if error is None or (isinstance(error, Exception) and not throw_on_error):
                _settle(after, show)
            else:
                _fail(after, error)

        fetched.add_done_callback(finish)
        return fetched.derive(after)

    def _execute_fetch(self, *, cancel_refetch: bool = False, meta: FetchMeta | None = None) -> Handle[QueryDataT]:
        # the query may have been removed from the cache meanwhile
        self._move_to(self._query_of(self.options))
        return self._query.fetch(self.options, cancel_refetch=cancel_refetch, meta=meta)

    # -- the query and the clock

    def on_query_update(self) -> None:
        """The query's state changed: recompute, tell the listeners, and set the timers anew."""
        self.update_result()
        if self.has_listeners() and (self._timers is not None or not self._traits & NO_TIMERS):
            self._update_timers()

    def _update_timers(self) -> None:
        if self._timers is None:
            if self._traits & NO_TIMERS:
                return
            self._timers = self._make_timers()
        self._timers.set_stale(self._query, self.options, self.is_result_stale())
        self._timers.set_interval(self._query, self.options, interval_of(self._query, self.options))

    def _make_timers(self) -> ObserverTimers:
        self._stand_out()
        self._traits &= ~QUICK
        return ObserverTimers(self._client._environment, self._on_stale, self._on_interval)

    def _on_stale(self, timers: ObserverTimers) -> None:
        if not self.is_result_stale():
            self.update_result()
            if self.get_current_result().has_data and not self.is_result_stale():
                # wall clock and loop clock drift apart: fired early, so wait for the rest
                timers.set_stale(self._query, self.options, is_stale=False)

    def _on_interval(self) -> None:
        in_background = given(self.options.refetch_interval_in_background, False)
        if in_background or self._client._environment.focus_manager.is_focused():
            self._execute_fetch()


def _settle(outcome: Outcome[T], make: Callable[[], T]) -> None:
    try:
        result = make()
    except BaseException as error:  # noqa: BLE001 - an option function's, or a failed test: who waits must not hang
        _fail(outcome, error)
    else:
        outcome.set_result(result)


def _fail(outcome: Outcome[Any], error: BaseException) -> None:
    # of an Exception the state tells
    outcome.set_exception(error, is_told=isinstance(error, Exception))
