"""The mutation cache: every mutation, their scopes, and what happens to them as events.

Source: mutationCache.ts.
"""

from __future__ import annotations

from typing import Any, cast

from msgspec import structs
from typing_extensions import Unpack

from ..base.contracts import MutationObserverLike, MutationStarterLike
from ..base.filters import MutationFilterFields, MutationsMeant, match_mutation, mutation_filters
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import AnyMutationAction, MutationState
from ..base.views import MutationView
from ..runtime.handle import Handle
from ..runtime.notify_manager import NotifyManager
from ..runtime.notify_manager import notify_manager as default_notify_manager
from ..runtime.subscribable import Subscribable
from ..runtime.waiting import all_done
from .mutation import (
    AnyMutation,
    CacheOnError,
    CacheOnMutate,
    CacheOnSettled,
    CacheOnSuccess,
    Mutation,
    MutationCacheCallbacks,
)
from .mutation_events import MutationCacheEvent
from .mutation_scope import MutationScope, place_of
from .mutation_terms import MutationTerms, terms_of
from .noting import Noting
from .query_entry import ClientLike


class MutationCache(Noting, Subscribable[[MutationCacheEvent]]):
    """Holds the mutations of one client, or of several that share it. Subscribe to it for events.

    The callbacks run around every mutation; they may be async, are awaited, and an error of ``on_mutate``,
    ``on_success`` or ``on_settled`` after a success makes the mutation fail.

    Args:
        on_mutate: Called first with (variables, mutation, context).
        on_success: Called with (data, variables, on_mutate_result, mutation, context).
        on_error: Called with (error, variables, on_mutate_result, mutation, context).
        on_settled: Called with (data, error, variables, on_mutate_result, mutation, context); data is ``UNSET``
            after an error.
        notify_manager: Who delivers deferred notifications.
    """

    def __init__(
        self,
        *,
        on_mutate: CacheOnMutate | None = None,
        on_success: CacheOnSuccess | None = None,
        on_error: CacheOnError | None = None,
        on_settled: CacheOnSettled | None = None,
        notify_manager: NotifyManager | None = None,
    ) -> None:
        super().__init__()
        self._callbacks = MutationCacheCallbacks(
            on_mutate=on_mutate, on_success=on_success, on_error=on_error, on_settled=on_settled
        )
        self._has_callbacks: bool = any((on_mutate, on_success, on_error, on_settled))
        self._notify_manager = notify_manager or default_notify_manager
        self._mutations: dict[AnyMutation, None] = {}
        # those of them that are pending: kept as it changes, so that nobody looks through the rest to count them
        self._pending: dict[AnyMutation, None] = {}
        self._scopes: dict[str, MutationScope[AnyMutation]] = {}
        self._last_id = 0
        self._last_place = 0

    # -- what it holds

    def build(
        self, client: ClientLike, options: AnyMutationOptions, state: MutationState[Any, Any, Any] | None = None
    ) -> AnyMutation:
        """A new mutation, taken in.

        Args:
            client: The client that asks.
            options: Its options.
            state: A complete state, of a mutation that was stored.
        """
        terms = terms_of(client, client.default_mutation_options(options))
        self._last_id += 1
        mutation: AnyMutation = Mutation(self, self._callbacks, self._last_id, terms, state)
        self.add(mutation)
        return mutation

    def build_for(self, terms: MutationTerms, observer: MutationStarterLike, *, is_watched: bool) -> AnyMutation:
        """A new mutation, taken in, with an observer.

        Args:
            terms: What its options come to.
            observer: Who is about to start it.
            is_watched: Somebody listens to the observer.
        """
        self._last_id = number = self._last_id + 1
        mutation: AnyMutation = Mutation(self, self._callbacks, number, terms, None, observer, is_watched)
        if terms.scope is None and self.note is None and not self._listeners:
            # as ``add`` does, without what there is no need for
            self._mutations[mutation] = None
            self._last_place = mutation._place = self._last_place + 1
            return mutation
        self.add(mutation)
        if self.note is not None:
            self.note((mutation, "observer_added", terms.environment.now()))
        if self._listeners:
            self._tell(MutationCacheEvent("observer_added", mutation, observer=observer))
        return mutation

    def add(self, mutation: AnyMutation) -> None:
        """Take a mutation in, at the end of its scope's queue.

        Args:
            mutation: The mutation.
        """
        if mutation not in self._mutations:
            self._mutations[mutation] = None
            self._last_place += 1
            mutation._place = self._last_place
            scope = mutation._terms.scope
            if scope is not None:
                queue = self._scopes.get(scope)
                if queue is None:
                    queue = self._scopes[scope] = MutationScope(scope)
                queue.size += 1
                mutation._queue = queue
            if mutation.state.status == "pending":
                self.status_changed(mutation)
        if self.note is not None:
            self.note((mutation, "added", mutation.environment.now()))
        if self._listeners:
            self._tell(MutationCacheEvent("added", mutation))

    def remove(self, mutation: MutationView) -> None:
        """Take a mutation out. If it is under way, it goes on.

        Args:
            mutation: The mutation.
        """
        own = _own(mutation)
        stored = own in self._mutations
        if stored:
            del self._mutations[own]
            self._pending.pop(own, None)
            queue = own._queue
            if queue is not None:
                own._queue = None
                queue.drop(own)
                if not queue.size:
                    del self._scopes[queue.name]
        if self.note is not None:
            self.note((own, "removed", own.environment.now()))
        if self._listeners:
            self._tell(MutationCacheEvent("removed", own))
        if stored:
            own.leave()

    def clear(self) -> None:
        """Take all mutations out."""
        with self._notify_manager.batch():
            mutations = self.get_all()
            self._mutations.clear()
            self._pending.clear()
            self._scopes.clear()
            for mutation in mutations:
                mutation._queue = None
            if self.note is not None:
                for mutation in mutations:
                    self.note((mutation, "removed", mutation.environment.now()))
            if self._listeners:
                for mutation in mutations:
                    self._tell(MutationCacheEvent("removed", mutation))
            for mutation in mutations:
                mutation.leave()

    def get_all(self) -> list[AnyMutation]:
        """All mutations, oldest first."""
        return list(self._mutations)

    def find(
        self, filters: MutationsMeant | None = None, /, **fields: Unpack[MutationFilterFields]
    ) -> AnyMutation | None:
        """The first mutation that matches; the key is meant exactly unless ``exact=False``.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields.
        """
        wanted = mutation_filters(filters, fields)
        if wanted.exact is None:
            wanted = structs.replace(wanted, exact=True)
        return next((mutation for mutation in self.get_all() if match_mutation(wanted, mutation)), None)

    def find_all(
        self, filters: MutationsMeant | None = None, /, **fields: Unpack[MutationFilterFields]
    ) -> list[AnyMutation]:
        """All mutations that match, oldest first; without filters, all.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields.
        """
        wanted = mutation_filters(filters, fields)
        mutations = self._get_pending() if wanted.status == "pending" else self.get_all()
        return [mutation for mutation in mutations if match_mutation(wanted, mutation)]

    def _count_pending(self, filters: MutationsMeant | None = None, /, **fields: Unpack[MutationFilterFields]) -> int:
        """How many of those that match are pending; their number is at hand.

        Args:
            filters: The filters; or a key, or options; or
            **fields: their fields. ``status`` is not looked at.
        """
        if filters is None and not fields:
            return len(self._pending)
        wanted = structs.replace(mutation_filters(filters, fields), status="pending")
        return sum([match_mutation(wanted, mutation) for mutation in self._get_pending()])

    def _get_pending(self) -> list[AnyMutation]:
        """The pending ones, oldest first."""
        return sorted(self._pending, key=place_of)

    # -- scopes and pauses

    def can_run(self, mutation: MutationView) -> bool:
        """Whether nothing pending of the mutation's scope came before it.

        Args:
            mutation: The mutation; one that has left the cache has no queue to wait in.
        """
        # Any: the cache made it. As ``scope`` says, without the calls: one that waits asks again and again
        own: Any = mutation
        scope = own._terms.scope
        if scope is None or own not in self._mutations:
            return True
        queue = self._scopes.get(scope)
        first = None if queue is None else queue.first()
        return first is None or first is own

    def run_next(self, mutation: MutationView) -> None:
        """Go on with the first other paused mutation of the scope.

        Args:
            mutation: The one that is done.
        """
        own = _own(mutation)
        queue = self._scopes.get(own._terms.scope or "")
        if queue is not None:
            following = next((m for m in queue.pending() if m is not own and m.state.is_paused), None)
            if following is not None:
                following.go_on()

    def resume_paused_mutations(self) -> Handle[None]:
        """Go on with every paused mutation.

        Returns:
            A handle that is done, without error, when all of them are, also those that may not run yet.
        """
        with self._notify_manager.batch():
            handles = [mutation.continue_() for mutation in self.get_all() if mutation.state.is_paused]
        return all_done(handles)

    # -- what its mutations and observers tell it

    def status_changed(self, mutation: MutationView) -> None:
        """Keep count of those that are pending.

        Args:
            mutation: One whose status changed. One that is not in the cache is not counted.
        """
        # Any: the cache made it. No call to say so: every write comes by here twice
        own: Any = mutation
        if own.state.status != "pending":
            self._pending.pop(own, None)
        elif own in self._mutations:
            self._pending[own] = None
        if own._queue is not None:
            own._queue.note(own)

    def mutation_updated(self, mutation: MutationView, action: AnyMutationAction) -> None:
        """Tell the listeners that a mutation's state changed.

        Args:
            mutation: The mutation.
            action: What changed it.
        """
        if self._listeners:
            self._tell(MutationCacheEvent("updated", _own(mutation), action=action))

    def observer_added(self, mutation: MutationView, observer: MutationObserverLike) -> None:
        """Tell the listeners that an observer subscribed.

        Args:
            mutation: The mutation.
            observer: The observer.
        """
        if self.note is not None:
            self.note((mutation, "observer_added", _own(mutation).environment.now()))
        if self._listeners:
            self._tell(MutationCacheEvent("observer_added", _own(mutation), observer=observer))

    def observer_removed(self, mutation: MutationView, observer: MutationObserverLike) -> None:
        """Tell the listeners that an observer left.

        Args:
            mutation: The mutation.
            observer: The observer.
        """
        if self.note is not None:
            self.note((mutation, "observer_removed", _own(mutation).environment.now()))
        if self._listeners:
            self._tell(MutationCacheEvent("observer_removed", _own(mutation), observer=observer))

    def observer_options_updated(self, mutation: MutationView | None, observer: MutationObserverLike) -> None:
        """Tell the listeners that an observer has other options.

        Args:
            mutation: The observer's mutation, if it has one.
            observer: The observer.
        """
        if self._listeners:
            own = None if mutation is None else _own(mutation)
            self._tell(MutationCacheEvent("observer_options_updated", own, observer=observer))

    def __repr__(self) -> str:
        return f"<MutationCache with {len(self._mutations)} mutations>"


def _own(mutation: MutationView) -> AnyMutation:
    # the cache made it; the views of the floor below only hide how much more it is
    return cast("AnyMutation", mutation)
