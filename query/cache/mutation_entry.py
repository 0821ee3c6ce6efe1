"""What a mutation is: its options, state and observers, and for how long it is kept.

Source: mutation.ts. How it runs is next door, in ``mutation_run.py`` and ``mutation.py``.
"""

from __future__ import annotations

import math
from collections.abc import Coroutine
from typing import Any, Final, Generic

from ..base.contracts import MutationCacheLike, MutationObserverLike
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import (
    AnyMutationAction,
    ContextT,
    MutationState,
    ResultT,
    VariablesT,
    reduce_mutation_state,
)
from ..base.query_key import QueryKey
from ..base.types import Meta, microseconds
from ..base.values import given
from ..runtime.removable import Removable
from .mutation_scope import MutationScope
from .mutation_terms import MutationTerms, terms_of

NOBODY: Final[tuple[MutationObserverLike, ...]] = ()
"""The observers of a mutation that nobody watches."""


class MutationEntry(Removable, Generic[VariablesT, ResultT, ContextT]):
    """The lasting part of a mutation; see ``Mutation``.

    Attributes:
        mutation_id: Its number in its cache, from 1.
        options: The latest options set.
        state: Everything known of it. Replaced at each change.
    """

    # every write makes one, in one call: see ``Mutation``
    __slots__ = (
        "_cache",
        "_observers",
        "_overdue_since",
        "_place",
        "_queue",
        "_removed",
        "_terms",
        "mutation_id",
        "options",
        "state",
    )

    mutation_id: int
    options: AnyMutationOptions
    state: MutationState[VariablesT, ResultT, ContextT]
    _cache: MutationCacheLike
    # what the options come to
    _terms: MutationTerms
    # a tuple, replaced when one comes or leaves: mostly there is one
    _observers: tuple[MutationObserverLike, ...]
    _overdue_since: int | None
    _removed: bool
    # kept by the cache: its place among all, and the queue of the scope that it had when it came
    _place: int
    _queue: MutationScope[Any] | None

    @property
    def meta(self) -> Meta | None:
        """What its options attached."""
        return given(self.options.meta, None)

    @property
    def mutation_key(self) -> QueryKey[Any] | None:
        """Its key, if its options have one."""
        return given(self.options.mutation_key, None)

    @property
    def scope(self) -> str | None:
        """The scope in which mutations run one after the other."""
        return given(self.options.scope, None)

    def set_options(self, options: AnyMutationOptions) -> None:
        """Replace the options: functions and callbacks are read when they are needed.

        Args:
            options: Options with the client's defaults filled in.
        """
        self.options = options
        self._terms = terms_of(self._terms.client, options)
        self.update_gc_time(options.gc_time)

    # -- observers and collection

    def add_observer(self, observer: MutationObserverLike) -> None:
        """Subscribe an observer; the mutation is then kept for as long as anyone listens to it.

        Does nothing if it is subscribed.

        Args:
            observer: The observer.

        Source: mutation.ts, addObserver. Differs: upstream keeps a mutation for any observer, also for one that only
            started it and was forgotten, which is how programs without a user interface write.
        """
        if observer not in self._observers:
            self._observers = (*self._observers, observer)
            if observer.has_listeners():
                self._clear_gc()
            self._cache.observer_added(self, observer)

    def remove_observer(self, observer: MutationObserverLike) -> None:
        """Unsubscribe an observer. A mutation under way goes on.

        Args:
            observer: The observer.
        """
        observers = self._observers
        if len(observers) == 1 and observers[0] is observer:
            self._observers = NOBODY
        else:
            self._observers = tuple([other for other in observers if other is not observer])
        if not self._removed:
            if 0 <= self.gc_time < math.inf:
                # as _schedule_gc does, without the calls
                self._environment.collect_later(self, self.gc_time)
            else:
                self._schedule_gc()
        cache = self._cache
        if cache._listeners or cache.note is not None:
            cache.observer_removed(self, observer)

    def _is_watched(self) -> bool:
        return any(observer.has_listeners() for observer in self._observers)

    def _optional_remove(self) -> None:
        if self._observers and self._is_watched():
            return
        if self.state.status == "pending":
            # Differs: upstream asks again every gc_time, which for 0 seconds is a busy loop
            self._overdue_since = microseconds(self._environment.now())
        else:
            self._cache.remove(self)

    def _collect_if_overdue(self) -> None:
        if self._overdue_since is None or self._is_watched() or self._removed:
            return
        waited = microseconds(self._environment.now()) - self._overdue_since
        self._overdue_since = None
        period = microseconds(self.gc_time)
        self._schedule_gc((period - waited % period) / 1_000_000 if period else 0.0)

    # -- running

    # Any: the run is of the file above this one
    def _run(self, run: Any) -> Coroutine[Any, Any, None]:
        raise NotImplementedError

    # -- taking in

    def _dispatch(self, action: AnyMutationAction) -> None:
        self._take_in(reduce_mutation_state(self.state, action), action)

    def _take_in(self, state: MutationState[VariablesT, ResultT, ContextT], action: AnyMutationAction) -> None:
        before, self.state = self.state, state
        cache = self._cache
        if state.status != before.status:
            # as ``status_changed`` says, without the call: every write comes by here twice
            if self._queue is not None:
                cache.status_changed(self)
            elif state.status != "pending":
                cache._pending.pop(self, None)
            elif self in cache._mutations:
                cache._pending[self] = None
        if cache.note is not None:
            cache.note((self, action, self._environment.now()))
        observers = self._observers
        if not observers and not cache._listeners:
            return
        manager = self._environment.notify_manager
        # a batch, without the calls of a context
        manager.depth += 1
        try:
            for observer in observers:
                observer.on_mutation_update(action)
            if cache._listeners:
                cache.mutation_updated(self, action)
        finally:
            manager.depth -= 1
            if not manager.depth and manager._queue:
                manager._flush()

    def __repr__(self) -> str:
        paused = ", paused" if self.state.is_paused else ""
        return f"<Mutation {self.mutation_id} {self.state.status}{paused}>"
