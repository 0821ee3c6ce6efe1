"""One mutation of the cache, and the calls that run it.

Source: mutation.ts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeAlias, cast

import msgspec

from ..base.contexts import MutationFunctionContext
from ..base.contracts import MutationCacheLike, MutationStarterLike
from ..base.errors import QueryCancelledError
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import IDLE, ContextT, MutationState, ResultT, VariablesT
from ..runtime.environment import as_it_is
from ..runtime.handle import Handle, RunningHandle
from .mutation_course import MutationCourse
from .mutation_entry import NOBODY
from .mutation_run import MutationHandle, MutationRun
from .mutation_terms import MutationTerms

CacheOnMutate = Callable[[Any, "AnyMutation", MutationFunctionContext], object]
CacheOnSuccess = Callable[[Any, Any, Any, "AnyMutation", MutationFunctionContext], object]
CacheOnError = Callable[[Exception, Any, Any, "AnyMutation", MutationFunctionContext], object]
CacheOnSettled = Callable[[Any, "Exception | None", Any, Any, "AnyMutation", MutationFunctionContext], object]


class MutationCacheCallbacks(msgspec.Struct, frozen=True, kw_only=True):
    """What a mutation cache does around every mutation. All may be async, and are awaited.

    Attributes:
        on_mutate: Called first with (variables, mutation, context).
        on_success: Called with (data, variables, on_mutate_result, mutation, context).
        on_error: Called with (error, variables, on_mutate_result, mutation, context).
        on_settled: Called with (data, error, variables, on_mutate_result, mutation, context).
    """

    on_mutate: CacheOnMutate | None = None
    on_success: CacheOnSuccess | None = None
    on_error: CacheOnError | None = None
    on_settled: CacheOnSettled | None = None


class Mutation(MutationCourse[VariablesT, ResultT, ContextT], Generic[VariablesT, ResultT, ContextT]):
    """One write. Made by ``MutationCache.build``, usually through a ``MutationObserver``.

    Args:
        cache: The cache that holds it.
        callbacks: What the cache does around every mutation.
        mutation_id: Its number in its cache.
        terms: What its options come to, for the client that asked for it.
        state: A complete state to start with, of a mutation that was stored.
        observer: Who starts it, and is subscribed from the start.
        is_watched: Somebody listens to the observer.

    Attributes:
        mutation_id: Its number in its cache, from 1.
        options: The latest options set.
        state: Everything known of it. Replaced at each change.
    """

    __slots__ = ("__weakref__",)

    def __init__(
        self,
        cache: MutationCacheLike,
        callbacks: MutationCacheCallbacks,
        mutation_id: int,
        terms: MutationTerms,
        state: MutationState[VariablesT, ResultT, ContextT] | None = None,
        observer: MutationStarterLike | None = None,
        is_watched: bool = False,
    ) -> None:
        # every write makes one: what follows is what its bases would do, in one call instead of three
        self._environment = terms.environment
        self._bucket = None
        self._terms = terms
        self._cache = cache
        self._callbacks = callbacks
        self._retryer = None
        self._observers = NOBODY if observer is None else (observer,)
        self._overdue_since = None
        self._removed = False
        self._place = 0
        self._queue = None
        self.mutation_id = mutation_id
        self.options: AnyMutationOptions = terms.options
        self.state: MutationState[VariablesT, ResultT, ContextT] = IDLE if state is None else state
        gc_time = terms.gc_time
        if gc_time is None:
            self.gc_time: float = 0.0
            self.update_gc_time(None)
        else:
            self.gc_time = gc_time
        if not is_watched:
            self._schedule_gc()

    def leave(self) -> None:
        """The mutation has left its cache: nothing is left to collect, and no queue to wait in."""
        self._removed = True
        if self._bucket is not None:
            self._clear_gc()
        run = self._retryer
        if self.state.is_paused and run is not None:
            # Differs: upstream leaves a removed mutation that waits for its turn waiting for good. A stored one has no
            # run that could wait, and clearing a cache must not send what is in it.
            run.go_on()

    # -- running

    def continue_(self) -> Handle[ResultT] | Handle[None]:
        """Go on with a paused mutation, or run a restored one.

        Returns:
            What its function comes to, or a handle that is done if there is nothing to go on with.
        """
        run = self._retryer
        if run is not None:
            retryer = run.with_retries()
            run.go_on()
            return RunningHandle(retryer)
        if self.state.status == "pending":
            return self.execute(cast("VariablesT", self.state.variables))
        return Handle.of(None)

    def go_on(self) -> None:
        """The same, for who does not wait for it."""
        if self._retryer is not None:
            self._retryer.go_on()
        else:
            self.continue_()

    def execute(self, variables: VariablesT) -> Handle[ResultT]:
        """Run it: callbacks, the function with its retries, callbacks. The state is pending when this returns.

        Args:
            variables: What to call the function with.

        Returns:
            What the function delivers, or how it failed.

        Raises:
            LoopError: No loop runs, or another one than the client's.

        Source: mutation.ts, execute.
        """
        return self._start(self._environment.bind(), variables, None)

    def _start(
        self, loop: asyncio.AbstractEventLoop, variables: VariablesT, starter: MutationStarterLike | None
    ) -> Handle[ResultT]:
        terms, observers = self._terms, self._observers
        environment = terms.environment
        handle: MutationHandle[ResultT] = MutationHandle()
        run = MutationRun(
            self,
            terms,
            loop,
            variables,
            starter,
            observers if observers == (starter,) else None,
            environment._context.copy(),
            handle,
            terms.awaits_nothing and not self._cache._has_callbacks and environment.adapt is as_it_is,
        )
        handle._run = self._retryer = run
        if self.state.status == "pending":
            run.surroundings.run(self._prepare_stored, run)
            run.begin()
            return handle
        further = run.surroundings.run(self._prepare, run)
        if further is not None:
            run.run_part(further)
            if run.task is not None:
                return handle
        if run.stopped_by is not None:
            run.begin()
        else:
            # the function is never called inside the call that starts the mutation
            run.is_waiting = True
            environment.next_turn.put(loop, run)
        return handle

    def forsake(self) -> None:
        """Let go of a run whose event loop has ended: what had not begun can be resumed, what had leaves the cache."""
        run = self._retryer
        if run is not None:
            run.forsaken = True
            self._retryer = None
            if run.task is None and not run.loop.is_closed():
                # nothing of it is left in its loop that could be cancelled, if that is wound down
                run.fail(QueryCancelledError())
            if not self.state.is_paused:
                # pending for good, it would keep its scope waiting
                self._cache.remove(self)


AnyMutation: TypeAlias = Mutation[Any, Any, Any]
