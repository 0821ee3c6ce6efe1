"""Telling many observers of one query: those that look alike see the same, so that it is worked out once.

A page may show one query in thousands of places. Observers with the same options that came at the same time get copies
of one result, each with its own ``refetch``: made by ``copy``, where the benchmark of ten thousand observers needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Generic, cast

from msgspec.structs import replace

from ..base.contracts import QueryObserverLike
from ..base.options import AnyQueryOptions
from ..base.query_state import QueryState
from ..base.types import UNSET, DataT, QueryDataT
from ..cache.crowd import Crowd
from ..cache.query import Query
from ..client.query_client import QueryClient
from ..runtime.reporting import report
from .fellows import Fellows
from .fetch_policy import is_stale
from .plain_result import settled_result
from .query_observer_base import QueryObserverBase
from .query_result import QueryObserverResult, SuccessResult, same_result
from .traits import AGELESS, ENABLED, FIXED, NO_TIMERS, PLAIN, QUICK, SETTLED, TELLS_ALL

_SUCCESS: Final[Any] = SuccessResult
"""The state says what the class says in types."""
_NOTHING: Final[Any] = object()
"""What no observer has a copy of, and no state of a query."""

_SHARES: Final = PLAIN | TELLS_ALL | FIXED
"""Who looks with the same options sees the same, and is told of the same."""
_TIMELESS: Final = ENABLED | AGELESS
_PLAINEST: Final = SETTLED | TELLS_ALL | NO_TIMERS | QUICK
"""A look at the state is all that there is to do, and to tell of it."""


class FellowObserver(QueryObserverBase[QueryDataT, DataT, QueryObserverResult[DataT]], Generic[QueryDataT, DataT]):
    """An observer among others of its query; see ``QueryObserver``."""

    __slots__ = ()

    def on_query_update(self) -> None:
        """The query's state changed: take it in; see ``QueryObserverBase.on_query_update``."""
        # what that comes to for nearly all observers that are alone, without the calls
        listener, query, client = self._listener, self._query, self._client
        # the state, without the call where it is at hand
        state = query._state if query._written_at is None else query.state
        if (
            listener is None
            or self._traits & _PLAINEST != _PLAINEST
            or state is self._state_shown
            or not client._environment.notify_manager.depth
        ):
            super().on_query_update()
            return
        previous = self._result or self.get_current_result()
        data, status = state.data, state.status
        has_data = data is not UNSET
        if has_data:
            self._last_query_with_data = query
        if status == "success" and has_data:
            # as in settled_result, without the call
            result: Any = _SUCCESS(
                state.fetch_status,
                data,
                True,
                state.data_updated_at,
                state.error,
                state.error_updated_at,
                state.fetch_failure_count,
                state.fetch_failure_reason,
                state.error_update_count,
                state.data_update_count > 0 or state.error_update_count > 0,
                state.data_update_count > self._data_updates_at_start
                or state.error_update_count > self._error_updates_at_start,
                False,
                state.is_invalidated,
                True,
                previous.refetch,
            )
        else:
            result = settled_result(state, self._data_updates_at_start, self._error_updates_at_start, previous.refetch)
        self._state_shown = state
        if result.data_updated_at == previous.data_updated_at and same_result(result, previous):
            return
        if self._model is not None:
            self._stand_out()
        self._result = result
        try:
            listener(result)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
            self._report(error)
        if self._listener is not listener:
            self._tell_late({listener}, result)
        if client._query_cache._listeners:
            client._query_cache.observer_results_updated(query)

    def tell_all(self, observers: Sequence[QueryObserverLike]) -> None:
        """The state of the query changed: let observers take it in, one after the other.

        Args:
            observers: All observers of the query; this is the first.
        """
        kind = self._alike
        query, cache = self._query, self._client._query_cache
        crowd = query._observers
        token: object = None
        if type(crowd) is Crowd:
            token = crowd.round = object()
        heard = cache._listeners
        seen: _Seen = _Seen(self._client, _NOTHING, self.options, 0, (0, 0))
        state = before = after = _NOTHING
        timeless = changed = gained = waits = False
        # Any: stand-ins among them are not of this kind
        for observer in cast("Sequence[Any]", observers):
            try:
                if type(observer) is not kind:
                    observer.on_query_update()
                # the state: what a listener wrote meanwhile, the last one had not seen
                elif observer._model is before and query._state is state and (timeless or seen.is_as_stale(query)):
                    # while it is known what it is a copy of
                    shown = observer.get_current_result() if observer._result is None else observer._result
                    observer._model = after
                    if gained:
                        observer._last_query_with_data = query
                    if changed:
                        observer._result = result = replace(after, refetch=shown.refetch)
                        listener = observer._listener
                        if listener is None:
                            observer._tell(result)
                        else:
                            # as there, for the one that there mostly is
                            try:
                                listener(result)
                            except Exception as error:  # noqa: BLE001
                                observer._report(error)
                            if observer._listener is not listener:
                                observer._tell_late({listener}, result)
                        if heard:
                            cache.observer_results_updated(observer._query)
                    if waits and observer.has_listeners():
                        observer._update_timers()
                else:
                    seen = observer._take_in(seen)
                    state, before, after, changed = seen.state, seen.before, seen.after, seen.changed
                    timeless, gained, waits = seen.timeless, seen.gained, seen.waits
            except Exception as error:  # noqa: BLE001 - an option function of one observer is not the others'
                report(f"an observer of query {query.query_hash} could not take in its new state", error)
        if type(crowd) is Crowd and crowd.round is token and timeless and not waits and not heard:
            self._note_fellows(crowd, observers, seen)

    def _note_fellows(self, crowd: Crowd, told: Sequence[QueryObserverLike], seen: _Seen) -> None:
        """Remember that all look alike, if they do.

        Args:
            crowd: All observers of the query.
            told: Those that were told.
            seen: What the last of them saw.
        """
        if len(told) != len(crowd):
            return
        kind, model = self._alike, seen.after
        # Any: stand-ins among them are not of this kind
        for observer in cast("Any", crowd):
            if type(observer) is not kind or observer._model is not model:
                return
            if observer._listener is None:
                return
        crowd.fellows = Fellows(crowd, self._query, seen.client, seen.updates_at_start, model)

    def _take_in(self, last: _Seen) -> _Seen:
        """Take in the state of the query, by looking closely.

        Args:
            last: What the observer before saw.

        Returns:
            What the next ones need not look at closely.
        """
        query, options, was = self._query, self.options, self._model
        may_share = self._traits & _SHARES == _SHARES and not self._tracked and not self._followers
        if not may_share or not self._client._environment.notify_manager.depth:
            self.on_query_update()
            return last
        previous = self.get_current_result()
        state, start = query.state, (self._data_updates_at_start, self._error_updates_at_start)
        if (
            last.state is state
            and last.options is options
            and last.client is self._client
            and last.updates_at_start == start
            and (last.timeless or last.is_as_stale(query))
        ):
            seen, result = last, replace(last.after, refetch=self._bound_refetch())
        else:
            result = self._create_result(query, options, previous)
            seen = _Seen(
                self._client, state, options, self._traits, (self._data_updates_at_start, self._error_updates_at_start)
            )
            # a model that carried it would keep this observer alive
            seen.after = replace(cast("Any", result), refetch=None)
        self._keep(result)
        changed = not same_result(result, previous)
        if seen.before is _NOTHING and was is not None:
            seen.before, seen.changed = was, changed
            seen.gained = state.data is not UNSET and not previous.has_data
        # the next change is seen by the model: nothing here is to keep the state of now alive
        self._state_shown = None
        self._model = seen.after if seen.waits or self._timers is None else None
        if changed:
            self._result = result
            self._publish(result, told=True)
        if self.has_listeners():
            self._update_timers()
        return seen


class _Seen:
    """What one observer saw of a change, for those that look alike.

    Attributes:
        before: What the results of those were copies of.
        after: What they are to be copies of.
        changed: Whether that is another.
        gained: It has data, and the one before had none.
        timeless: It stays so whatever the time.
        waits: There may be timers to set.
    """

    __slots__ = (
        "after",
        "before",
        "changed",
        "client",
        "gained",
        "options",
        "state",
        "timeless",
        "updates_at_start",
        "waits",
    )

    def __init__(
        self,
        client: QueryClient,
        state: QueryState[Any],
        options: AnyQueryOptions,
        traits: int,
        updates_at_start: tuple[int, int],
    ) -> None:
        self.client = client
        self.state = state
        self.options = options
        self.updates_at_start = updates_at_start
        self.before: Any = _NOTHING
        self.after: Any = _NOTHING
        self.changed = self.gained = False
        self.timeless = traits & _TIMELESS == _TIMELESS
        self.waits = not traits & NO_TIMERS

    def is_as_stale(self, query: Query[Any]) -> bool:
        """Whether the data is by now as stale as it was.

        Args:
            query: The query.
        """
        return is_stale(query, self.options) is self.after.is_stale
