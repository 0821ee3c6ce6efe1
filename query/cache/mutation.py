"""One mutation of the cache, and its run through callbacks and retries.

Source: mutation.ts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any, Generic, TypeAlias, cast

import msgspec

from ..base.contexts import MutationFunctionContext
from ..base.contracts import MutationCacheLike, MutationObserverLike
from ..base.errors import QueryCancelledError
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import (
    IDLE,
    ContextT,
    MutationContinueAction,
    MutationErrorAction,
    MutationPendingAction,
    MutationState,
    MutationSuccessAction,
    ResultT,
    VariablesT,
)
from ..base.types import UNSET
from ..base.values import given
from ..runtime.handle import Handle, RunningHandle
from ..runtime.reporting import report
from ..runtime.waiting import can_be_awaited, next_turn, settled
from .mutation_entry import NOBODY, MutationEntry
from .mutation_run import NOTHING, MutationHandle, MutationRun
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


class Mutation(MutationEntry[VariablesT, ResultT, ContextT], Generic[VariablesT, ResultT, ContextT]):
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

    __slots__ = ("__weakref__", "_callbacks", "_retryer")

    def __init__(
        self,
        cache: MutationCacheLike,
        callbacks: MutationCacheCallbacks,
        mutation_id: int,
        terms: MutationTerms,
        state: MutationState[VariablesT, ResultT, ContextT] | None = None,
        observer: MutationObserverLike | None = None,
        is_watched: bool = False,
    ) -> None:
        # every write makes one: what follows is what its bases would do, in one call instead of three
        self._environment = terms.environment
        self._bucket = None
        self._terms = terms
        self._cache = cache
        self._callbacks = callbacks
        self._retryer: MutationRun[ResultT] | None = None
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
        if self.state.is_paused and run is not None and run.retryer is not None:
            # Differs: upstream leaves a removed mutation that waits for its turn waiting for good. A stored one has no
            # run that could wait, and clearing a cache must not send what is in it.
            run.retryer.continue_()

    # -- running

    def continue_(self) -> Handle[ResultT] | Handle[None]:
        """Go on with a paused mutation, or run a restored one.

        Returns:
            What its function comes to, or a handle that is done if there is nothing to go on with.
        """
        if self._retryer is not None:
            retryer = self._retryer.with_retries()
            retryer.continue_()
            return RunningHandle(retryer)
        if self.state.status == "pending":
            return self.execute(cast("VariablesT", self.state.variables))
        return Handle.of(None)

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
        self, loop: asyncio.AbstractEventLoop, variables: VariablesT, starter: MutationObserverLike | None
    ) -> Handle[ResultT]:
        terms = self._terms
        handle: MutationHandle[ResultT] = MutationHandle()
        name = f"mutation {self.mutation_id}"
        surroundings = terms.environment._context.copy()
        run = MutationRun(self, terms, loop, variables, starter, surroundings, handle, name)
        handle._run = self._retryer = run
        is_restored = self.state.status == "pending"
        further = run.surroundings.run(self._prepare, run)
        if further is not None:
            run.run_part(further)
            if run.task is not None:
                return handle
        if is_restored or run.stopped_by is not None:
            run.begin()
        else:
            # the function is never called inside the call that starts the mutation
            handle._is_waiting = True
            terms.environment.next_turn.put(loop, run)
        return handle

    def forsake(self) -> None:
        """Let go of a run whose event loop has ended: what had not begun can be resumed, what had leaves the cache."""
        run = self._retryer
        if run is not None:
            run.forsaken = True
            self._retryer = None
            if not self.state.is_paused:
                # pending for good, it would keep its scope waiting
                self._cache.remove(self)

    def _prepare(self, run: MutationRun[ResultT]) -> Coroutine[Any, Any, None] | None:
        """What a run does in the call that starts it, and outside of any task: tell that it is pending, most of all.

        Returns:
            What is to follow in a task if there is something to wait for.
        """
        try:
            if self.state.status == "pending":  # restored
                self._dispatch(MutationContinueAction())
                return None
            is_paused = not run.can_start()
            variables = run.variables
            # the clock itself, and the state as the reducer makes it, without the calls between
            clock = self._environment.timeout_manager._clock
            at = clock.time()
            self._take_in(
                MutationState(UNSET, UNSET, None, 0, None, is_paused, "pending", variables, at),
                MutationPendingAction(variables, is_paused, at),
            )
            if self._callbacks.on_mutate is not None:
                return self._prepare_further(run, is_paused, None)
            on_mutate = self._terms.on_mutate
            if on_mutate is not None:
                kept: Any = on_mutate(variables, run.terms.context)
                # most are coroutines, which is seen without a call
                if kept.__class__ is CoroutineType or can_be_awaited(kept):
                    return self._prepare_further(run, is_paused, kept)
                if kept is not None:
                    self._dispatch(MutationPendingAction(variables, is_paused, clock.time(), kept))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the run's
            run.stopped_by = error
        return None

    async def _prepare_further(self, run: MutationRun[ResultT], is_paused: bool, kept: Any) -> None:
        try:
            on_cache_mutate = self._callbacks.on_mutate
            if on_cache_mutate is not None:
                await settled(on_cache_mutate(run.variables, self, run.terms.context))
                on_mutate = self._terms.on_mutate
                kept = None if on_mutate is None else on_mutate(run.variables, run.terms.context)
            if kept.__class__ is CoroutineType or can_be_awaited(kept):
                kept = await kept
            if kept is not None:
                variables, at = run.variables, self._environment.timeout_manager._clock.time()
                self._take_in(
                    MutationState(kept, UNSET, None, 0, None, is_paused, "pending", variables, at),
                    MutationPendingAction(variables, is_paused, at, kept),
                )
            if run.task is not None:
                await next_turn()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the run's
            run.stopped_by = error
        if run.task is None:
            # it waited for nothing: the call that starts the run goes on
            run.end_part()
        else:
            await self._run(run)

    async def _run(self, run: MutationRun[ResultT]) -> None:
        """The run from its turn on, in its task. One coroutine: every write comes by here."""
        failure: BaseException | None = None
        was_interrupted = is_closing = False
        try:
            try:
                if run.stopped_by is not None:
                    run.raise_stop()
                may_start = run.can_start()
                if may_start and self.state.is_paused:
                    self._dispatch(MutationContinueAction())
                    may_start = run.can_start()
                # Any: what the function returned, and then what it came to
                data: Any = UNSET
                if may_start:
                    try:
                        data = run.attempt()
                        # most are coroutines, which is seen without a call
                        if data.__class__ is CoroutineType or can_be_awaited(data):
                            data = await data
                    except GeneratorExit:
                        # of a coroutine that is thrown away: it can wait for nothing any more
                        raise
                    except BaseException as error:  # noqa: BLE001 - as a first attempt that came to this
                        run.stopped_by = error
                    else:
                        run.data = data
                        if run.retryer is not None:
                            run.retryer.deliver(data)
                if run.data is NOTHING:
                    retryer = run.with_retries()
                    await retryer._run()
                    run.data = data = retryer.result()
                if run.task is not None and run.task.cancelling():
                    # whatever the function made of that
                    raise asyncio.CancelledError
                variables, context, callbacks = run.variables, run.terms.context, self._callbacks
                # the option callbacks are read when their turn comes: an observer may have set others meanwhile
                if callbacks.on_success is not None:
                    await settled(callbacks.on_success(data, variables, self._on_mutate_result(), self, context))
                callback = self._terms.on_success
                if callback is not None:
                    kept = self.state.context
                    pending: Any = callback(data, variables, None if kept is UNSET else kept, context)
                    if pending.__class__ is CoroutineType or can_be_awaited(pending):
                        await pending
                if callbacks.on_settled is not None:
                    await settled(callbacks.on_settled(data, None, variables, self._on_mutate_result(), self, context))
                callback = self._terms.on_settled
                if callback is not None:
                    kept = self.state.context
                    pending = callback(data, None, variables, None if kept is UNSET else kept, context)
                    if pending.__class__ is CoroutineType or can_be_awaited(pending):
                        await pending
            except Exception as error:  # noqa: BLE001 - callbacks are part of the run: their errors are its error
                failure = error
                await self._fail(error, run.variables, run.terms.context)
                self._dispatch(MutationErrorAction(error))
            else:
                state = self.state
                self._take_in(
                    MutationState(
                        state.context, data, None, 0, None, False, "success", state.variables, state.submitted_at
                    ),
                    MutationSuccessAction(data),
                )
                handle = run.handle
                if handle is not None:
                    run.handle = None
                    handle._answer = data
                if run.outcome is not None:
                    run.outcome.set_result(data)
        except BaseException as stop:
            # a test fails inside a callback, the program ends, or the client closes: no state of a mutation
            if run.loop.is_closed():
                # garbage of a loop that has ended: there is nobody left to tell; see ``forsake``
                is_closing = True
                raise
            failure = stop
            # what had not begun can be resumed as if it had been stored, or has been, in another loop
            resumable = isinstance(stop, asyncio.CancelledError) and self.state.is_paused
            was_interrupted = not resumable and not run.forsaken
            if isinstance(stop, asyncio.CancelledError):
                is_closing = True
                failure = QueryCancelledError()
                failure.__cause__ = stop
                if run.retryer is not None:
                    run.retryer.cancel(cause=stop)
                raise
            if isinstance(stop, (KeyboardInterrupt, SystemExit)):
                raise
        finally:
            if self._retryer is run:
                self._retryer = None
            if failure is not None:
                run.fail(failure)
            if was_interrupted:
                # pending for good, it would keep its scope waiting
                self._cache.remove(self)
            if not is_closing:
                # a client that closes cancels the next one too; waking it would begin it anew
                if self._terms.scope is not None:
                    self._cache.run_next(self)
                if self._overdue_since is not None:
                    self._collect_if_overdue()
            run.end_part()

    async def _fail(self, error: Exception, variables: VariablesT, context: MutationFunctionContext) -> None:
        """The error callbacks: one that raises is reported and does not keep the others from running."""
        callbacks = self._callbacks
        if callbacks.on_error is not None:
            on_cache_error = callbacks.on_error
            await self._guard(
                "on_error of the mutation cache",
                lambda: on_cache_error(error, variables, self._on_mutate_result(), self, context),
            )
        if (on_error := given(self.options.on_error, None)) is not None:
            await self._guard(
                "on_error of a mutation", lambda: on_error(error, variables, self._on_mutate_result(), context)
            )
        if callbacks.on_settled is not None:
            on_cache_settled = callbacks.on_settled
            await self._guard(
                "on_settled of the mutation cache",
                lambda: on_cache_settled(UNSET, error, variables, self._on_mutate_result(), self, context),
            )
        if (on_settled := given(self.options.on_settled, None)) is not None:
            await self._guard(
                "on_settled of a mutation",
                lambda: on_settled(UNSET, error, variables, self._on_mutate_result(), context),
            )

    async def _guard(self, what: str, callback: Callable[[], object]) -> None:
        try:
            await settled(callback())
        except Exception as error:  # noqa: BLE001 - the first error is the mutation's
            report(f"{what} raised", error)

    def _on_mutate_result(self) -> ContextT | None:
        context = self.state.context
        return None if context is UNSET else context


AnyMutation: TypeAlias = Mutation[Any, Any, Any]
