"""Watches one query: fetches when it should, and publishes a result for each change.

Source: queryObserver.ts.
"""

from __future__ import annotations

import asyncio
from typing import Any, Generic, Literal, TypeVar, cast

from ..base.options import AnyQueryOptions, QueryOptions, same_options
from ..base.query_state import FetchMeta, QueryState
from ..base.structural_sharing import replace_data
from ..base.types import UNSET, DataT, Duration, QueryDataT, Unset, is_valid_timeout, seconds
from ..base.values import given, is_function, resolve_query_value, resolve_stale_time
from ..cache.query import Query
from ..client.query_client import QueryClient
from ..runtime.environment import Timer
from ..runtime.handle import Handle, mute
from ..runtime.subscribable import Subscribable
from .fetch_policy import is_enabled, is_stale, should_fetch_on, should_fetch_on_mount, should_fetch_optionally
from .query_result import QueryObserverResult, changed_any, same_result

STALE_MARGIN = 0.001
"""Seconds after the deadline at which staleness is told, so that the data is stale by any clock's reading."""

T = TypeVar("T")


class QueryObserver(Subscribable[[QueryObserverResult[DataT]]], Generic[QueryDataT, DataT]):
    """Looks at one query through one set of options.

    Making it creates the query but does not fetch; the first subscription does, if the options say so. ::

        observer = QueryObserver(client, projects_options)
        unsubscribe = observer.subscribe(lambda result: print(result.status, result.data))

    Args:
        client: The client.
        options: The options, with a key.

    Attributes:
        options: The options in force, defaults filled in.

    Raises:
        OptionError: The options have no key.
    """

    def __init__(self, client: QueryClient, options: QueryOptions[QueryDataT, DataT]) -> None:
        super().__init__()
        self._client = client
        self._environment = client.environment
        self._cache = client.get_query_cache()
        self._stale_timer: Timer | None = None
        self._interval_timer: Timer | None = None
        self._interval: float | Literal[False] = False
        self._select_fn: object = None
        self._select_result: Any = UNSET
        self._select_error: Exception | None = None
        self._last_query_with_data: Query[QueryDataT] | None = None
        # one bound method for good: each read of self.refetch would be another object, and every result new
        self._refetch = self.refetch
        self.options: AnyQueryOptions = client.default_query_options(options)
        self._query: Query[QueryDataT] = self._cache.build(client, self.options)
        self._state_at_start: QueryState[QueryDataT] = self._query.state
        self._query.set_options(self.options)
        self._result_options = self.options
        self._result_state: QueryState[QueryDataT] = self._query.state
        self._previous: QueryObserverResult[DataT] | None = None
        self._result: QueryObserverResult[DataT] = self._create_result()
        self._remember(self._result)
        self._cache.observer_results_updated(self._query)

    # -- what it shows

    def get_current_result(self) -> QueryObserverResult[DataT]:
        """The latest result. Without subscribers it stays as it was."""
        return self._result

    def get_current_query(self) -> Query[QueryDataT]:
        """The query that is looked at."""
        return self._query

    def is_result_stale(self) -> bool:
        """Whether the latest result says stale."""
        return self._result.is_stale

    # -- subscriptions

    def _on_subscribe(self) -> None:
        if len(self._listeners) == 1:
            self._query.add_observer(self)
            if should_fetch_on_mount(self._query, self.options):
                self._execute_fetch()
            else:
                self.update_result()
            self._update_timers()

    def _on_unsubscribe(self) -> None:
        if not self._listeners:
            self.destroy()

    def destroy(self) -> None:
        """Drop all listeners and timers and leave the query. The observer may be subscribed to again."""
        self._listeners.clear()
        self._clear_stale_timer()
        self._clear_interval()
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
        complete = self._client.default_query_options(options)
        # first: options that are refused must change nothing
        query: Query[QueryDataT] = self._cache.build(self._client, complete)
        self.options = complete
        self._move_to(query)
        query.set_options(complete)
        if not same_options(self.options, previous_options):
            self._cache.observer_options_updated(self._query, self)
        subscribed = self.has_listeners()
        if subscribed and should_fetch_optionally(self._query, previous_query, self.options, previous_options):
            self._execute_fetch()
        self.update_result()
        if not subscribed:
            return
        moved = query is not previous_query or is_enabled(query, self.options) != is_enabled(query, previous_options)
        if moved or resolve_stale_time(self.options.stale_time, query) != resolve_stale_time(
            previous_options.stale_time, query
        ):
            self._update_stale_timer()
        interval = self._compute_interval()
        if moved or (interval is not self._interval and interval != self._interval):
            self._update_interval(interval)

    def _move_to(self, query: Query[QueryDataT]) -> None:
        if query is self._query:
            return
        previous, self._query = self._query, query
        self._state_at_start = query.state
        if self.has_listeners():
            previous.remove_observer(self)
            query.add_observer(self)

    # -- fetching

    def refetch(
        self, *, throw_on_error: bool = False, cancel_refetch: bool = True
    ) -> Handle[QueryObserverResult[DataT]]:
        """Fetch now, whether enabled or not.

        Args:
            throw_on_error: Fail with the fetch's error; otherwise the result tells.
            cancel_refetch: Supersede a fetch under way, if there is data.

        Returns:
            The result after the fetch.

        Source: queryObserver.ts, refetch.
        """
        fetched = self._execute_fetch(cancel_refetch=cancel_refetch)
        after: asyncio.Future[QueryObserverResult[DataT]] = self._environment.bind().create_future()

        def finish(handle: Handle[Any]) -> None:
            error = handle.exception()
            if error is None or (isinstance(error, Exception) and not throw_on_error):
                try:
                    self.update_result()
                except BaseException as raised:  # noqa: BLE001 - an option function's, or a failed test: not to hang on
                    error = raised
                else:
                    after.set_result(self._result)
                    return
            after.set_exception(error)
            if isinstance(error, Exception):
                mute(after)

        fetched.add_done_callback(finish)
        return fetched.derive(after)

    def _execute_fetch(self, *, cancel_refetch: bool = False, meta: FetchMeta | None = None) -> Handle[QueryDataT]:
        # the query may have been removed from the cache meanwhile
        self._move_to(self._cache.build(self._client, self.options))
        return self._query.fetch(self.options, cancel_refetch=cancel_refetch, meta=meta)

    # -- timers

    def _may_wait(self, delay: object) -> bool:
        return not self._environment.is_server and is_enabled(self._query, self.options) and is_valid_timeout(delay)

    def _update_timers(self) -> None:
        self._update_stale_timer()
        self._update_interval(self._compute_interval())

    def _update_stale_timer(self) -> None:
        self._clear_stale_timer()
        stale_time = resolve_stale_time(self.options.stale_time, self._query)
        if self._result.is_stale or isinstance(stale_time, str) or not self._may_wait(stale_time):
            return
        delay = self._query.time_until_stale(stale_time) + STALE_MARGIN
        self._stale_timer = self._environment.set_timeout(
            self._on_stale, delay, f"staleness of {self._query.query_hash}"
        )

    def _on_stale(self) -> None:
        self._stale_timer = None
        if not self.is_result_stale():
            self.update_result()
            if self._result.has_data and not self.is_result_stale():
                # wall clock and loop clock drift apart: fired early, so wait for the rest
                self._update_stale_timer()

    def _clear_stale_timer(self) -> None:
        if self._stale_timer is not None:
            self._stale_timer.cancel()
            self._stale_timer = None

    def _compute_interval(self) -> float | Literal[False]:
        interval = resolve_query_value(
            self.options.refetch_interval, self._query, cast("Duration | Literal[False]", False)
        )
        return False if interval is False else seconds(interval)

    def _update_interval(self, interval: float | Literal[False]) -> None:
        self._clear_interval()
        self._interval = interval
        if interval and self._may_wait(interval):
            self._arm_interval(interval)

    def _arm_interval(self, interval: float) -> None:
        def tick() -> None:
            self._arm_interval(interval)
            if (
                given(self.options.refetch_interval_in_background, False)
                or self._environment.focus_manager.is_focused()
            ):
                self._execute_fetch()

        self._interval_timer = self._environment.set_timeout(
            tick, interval, f"refetch interval of {self._query.query_hash}"
        )

    def _clear_interval(self) -> None:
        if self._interval_timer is not None:
            self._interval_timer.cancel()
            self._interval_timer = None

    # -- results

    def on_query_update(self) -> None:
        """The query's state changed: recompute, tell the listeners, and set the timers anew."""
        self.update_result()
        if self._listeners:
            self._update_timers()

    def update_result(self) -> None:
        """Recompute the result, and tell the listeners if it differs.

        Source: queryObserver.ts, updateResult.
        """
        previous, result = self._result, self._create_result()
        self._remember(result)
        if same_result(result, previous):
            return
        self._result = result
        told = self._should_tell(previous)
        with self._environment.notify_manager.batch():
            if told:
                self._tell(result)
            self._cache.observer_results_updated(self._query)

    def _remember(self, result: QueryObserverResult[DataT]) -> None:
        self._previous = result
        self._result_state = self._query.state
        self._result_options = self.options
        if self._result_state.data is not UNSET:
            self._last_query_with_data = self._query

    def _should_tell(self, previous: QueryObserverResult[DataT]) -> bool:
        props = given(self.options.notify_on_change_props, None)
        names = props() if callable(props) else props
        if names is None or names == "all":
            return True
        if given(self.options.throw_on_error, False) and self._result.error is not previous.error:
            return True
        return changed_any(self._result, previous, names)

    def _create_result(self) -> QueryObserverResult[DataT]:
        query, options = self._query, self.options
        state = query.state
        status, error, error_updated_at = state.status, state.error, state.error_updated_at
        data: Any = state.data
        is_placeholder_data = skip_select = False
        if options.placeholder_data is not UNSET and data is UNSET and status == "pending":
            placeholder, skip_select = self._placeholder(options)
            if placeholder is not UNSET:
                status, is_placeholder_data = "success", True
                data = self._share(placeholder)
        select = given(options.select, None)
        if select is not None and data is not UNSET and not skip_select:
            data = self._select(select, data, state)
        elif data is UNSET:
            self._select_error = None
        if self._select_error is not None:
            error, data, status, is_placeholder_data = self._select_error, self._select_result, "error", False
            previous = self._previous
            error_updated_at = (
                previous.error_updated_at
                if previous is not None and previous.error is error
                else self._environment.now()
            )
        start = self._state_at_start
        return QueryObserverResult(
            status=status,
            fetch_status=state.fetch_status,
            data=None if data is UNSET else data,
            has_data=data is not UNSET,
            data_updated_at=state.data_updated_at,
            error=error,
            error_updated_at=error_updated_at,
            failure_count=state.fetch_failure_count,
            failure_reason=state.fetch_failure_reason,
            error_update_count=state.error_update_count,
            is_fetched=query.is_fetched(),
            is_fetched_after_mount=state.data_update_count > start.data_update_count
            or state.error_update_count > start.error_update_count,
            is_placeholder_data=is_placeholder_data,
            is_stale=is_stale(query, options),
            is_enabled=is_enabled(query, options),
            refetch=self._refetch,
        )

    def _placeholder(self, options: AnyQueryOptions) -> tuple[Any, bool]:
        """The placeholder to show, and whether ``select`` has been applied to it already."""
        previous = self._previous
        if (
            previous is not None
            and previous.is_placeholder_data
            and options.placeholder_data is self._result_options.placeholder_data
        ):
            return (previous.data if previous.has_data else UNSET), True
        value: Any = options.placeholder_data
        if not is_function(value):
            return value, False
        last = self._last_query_with_data
        known = None if last is None or isinstance(last.state.data, Unset) else last.state.data
        made = value(known, last)
        # a function that has nothing to show returns None, as it does by forgetting to return
        return (UNSET if made is None else made), False

    def _select(self, select: Any, data: Any, state: QueryState[QueryDataT]) -> Any:
        if self._previous is not None and data is self._result_state.data and select is self._select_fn:
            return self._select_result
        try:
            self._select_fn = select
            selected = self._share(select(data))
        except Exception as error:  # noqa: BLE001 - the user's function; its error is this observer's result
            self._select_error = error
            return data
        self._select_result = selected
        self._select_error = None
        return selected

    def _share(self, data: T) -> T:
        previous = self._previous
        shown = previous.data if previous is not None and previous.has_data else UNSET
        return cast("T", replace_data(shown, data, self.options.structural_sharing))

    def __repr__(self) -> str:
        return f"<QueryObserver of {self._query.query_hash}: {self._result.status}/{self._result.fetch_status}>"
