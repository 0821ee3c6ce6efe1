"""What is written to a query, whoever writes it: taken into the state, told to those who look, and answered from.

Source: query.ts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, cast

from ..base.contracts import FellowObserverLike, QueryObserverLike
from ..base.query_state import Action, SuccessAction, reduce_query_state, succeeded
from ..base.structural_sharing import replace_data, replace_equal_deep, share_dict, share_known
from ..base.types import UNSET, QueryDataT, Unset
from ..runtime.reporting import report
from .answer import Answer
from .crowd import Crowd
from .fetch_run import FetchOwner
from .query_entry import DUST

_DICT: Final[Any] = dict
"""Not narrowed to by checkers, which know no more of what is in it."""


# Any: of whatever kind it is
def _as_it_is(action: Any) -> Any:
    return action


class WrittenQuery(FetchOwner[QueryDataT]):
    """The part of a query that takes in data and actions; see ``Query``."""

    __slots__ = ("_answer", "_json")

    def _begin(self) -> None:
        # kept while the data stays, for those who ask again; with the data it would keep that alive
        self._answer: Answer[QueryDataT] | None = None
        # the long list that the data is, if it is known to be plain JSON
        self._json: object = None
        # nothing is under way yet
        self._run = None
        self._signal_consumed = False
        self._waiters = 0

    # -- taking in

    def set_data(self, data: QueryDataT, *, updated_at: float | None = None, manual: bool = False) -> QueryDataT:
        """Store data, sharing with the former what is equal.

        Args:
            data: The new data; not ``UNSET``.
            updated_at: When it is from, in seconds since the epoch; now by default.
            manual: Written by hand: a fetch under way goes on.

        Returns:
            What is stored.

        Raises:
            Exception: Whatever a ``structural_sharing`` function raises.
        """
        # the state, without the call where it is at hand
        before, terms = self._state if self._written_at is None else self.state, self._terms
        # Any: what is shared is of the same type
        stored: Any = data
        known: Any = before.data
        if type(data) is not _DICT or type(known) is not _DICT or self._options.structural_sharing is not UNSET:
            stored = self._shared(known, data)
        else:
            # as there, without the calls: most data is one record
            try:
                stored = share_dict(known, stored, 1)
            except RecursionError:
                stored = data
        at = terms.environment.timeout_manager._clock.time() if updated_at is None else updated_at
        self._state = state = succeeded(before, stored, at, manual)
        self._answer = None
        # a write during a fetch survives a reverting cancel
        if self._run is not None:
            self._run.revert_state = state if manual else None
        cache = terms.cache
        if not manual and before.fetch_status != "idle":
            cache.fetch_status_changed(self)
        note = cache.note
        if note is not None:
            note((self, manual, at if updated_at is None else terms.environment.now()))
        # nothing to tell, and nobody to be told
        if self._observers or cache._listeners:
            self._tell(SuccessAction, stored, at, manual)
        taken: QueryDataT = stored
        return taken

    def _shared(self, before: QueryDataT | Unset, data: QueryDataT) -> QueryDataT:
        sharing = self._options.structural_sharing
        # Any: what was shared is of the same type
        stored: Any = data
        if type(data) is not list or callable(sharing) or sharing is False:
            # the first data has nothing to share
            if sharing is UNSET:
                if before is not UNSET:
                    stored = replace_equal_deep(before, data)
            elif before is not UNSET or callable(sharing):
                stored = replace_data(before, data, sharing)
        else:
            stored, is_json = share_known(before, data, self._json is before)
            # the list itself, since other ways to change the data need not know of this
            self._json = stored if is_json else None
        shared: QueryDataT = stored
        return shared

    def _dispatch(self, action: Action[QueryDataT]) -> None:
        before = self.state.fetch_status
        self._state = reduce_query_state(self.state, action)
        self._answer = None
        if before != self.state.fetch_status:
            self._terms.cache.fetch_status_changed(self)
        note = self._terms.cache.note
        if note is not None:
            note((self, action, self._terms.environment.now()))
        if self._observers or self._terms.cache._listeners:
            self._tell(_as_it_is, action)

    def _tell(self, kind: Callable[..., Action[QueryDataT]], *facts: Any) -> None:
        """Tell the observers, and then the listeners of the cache.

        Args:
            kind: Makes the action that happened: mostly nobody listens to the cache, and there is none.
            *facts: Of these.
        """
        observers, terms = self._observers, self._terms
        cache, manager = terms.cache, terms.environment.notify_manager
        # a batch, without the calls of a context: this runs at each change of what is watched
        manager.depth += 1
        try:
            if observers:
                if type(observers) is tuple and len(observers) == 1:
                    # as mostly; and as below
                    try:
                        observers[0].on_query_update()
                    except Exception as error:  # noqa: BLE001
                        self._report_observer(error)
                else:
                    self._tell_observers(observers)
            if cache._listeners:
                cache.query_updated(self, kind(*facts))
        finally:
            # end_batch(), without the call
            manager.depth -= 1
            if not manager.depth and manager._queue:
                manager._flush()

    def _tell_observers(self, observers: tuple[QueryObserverLike, ...] | Crowd) -> None:
        if isinstance(observers, tuple):
            # which is replaced when an observer comes or leaves
            told = observers
        elif observers.fellows is not None:
            observers.fellows.tell()
            return
        else:
            told = tuple(observers)
        if len(told) > 1 and hasattr(told[0], "tell_all"):
            # those that look alike need not look each for itself
            cast("FellowObserverLike", told[0]).tell_all(told)
            return
        for observer in told:
            try:
                observer.on_query_update()
            except Exception as error:  # noqa: BLE001 - an option function of one observer is not the others'
                self._report_observer(error)

    def _report_observer(self, error: Exception) -> None:
        report(f"an observer of query {self.query_hash} could not take in its new state", error)

    # -- answering

    def answer_if_fresh(self, stale_time: float | str) -> Answer[QueryDataT] | None:
        """The data as the outcome of a fetch that was not needed; None if it is stale.

        Args:
            stale_time: Seconds, or "static".
        """
        state = self.state
        if state.data is UNSET:
            return None
        until = math.inf
        if not isinstance(stale_time, str):
            if state.is_invalidated or self._is_older_than(stale_time):
                return None
            until = state.data_updated_at + stale_time - DUST
        answer = cast("Answer[QueryDataT]", self.answer())
        answer.is_fresh_until(until, stale_time)
        return answer

    def answer(self) -> Answer[QueryDataT] | None:
        """The data, however old, as the outcome of a fetch that was not needed; None if there is none.

        The same for everybody until the state changes: a handle can be awaited by any number of tasks.
        """
        answer, state = self._answer, self.state
        if answer is None or answer.state is not state:
            if state.data is UNSET:
                return None
            answer = self._answer = Answer(state.data, state)
        return answer
