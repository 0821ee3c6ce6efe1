"""One mutation of the cache: its state, its observers, and its run through callbacks and retries.

Source: mutation.ts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeAlias, cast

import msgspec

from ..base.contexts import MutationFunctionContext
from ..base.contracts import MutationCacheLike, MutationObserverLike
from ..base.errors import MissingMutationFnError, QueryCancelledError
from ..base.mutation_options import AnyMutationOptions
from ..base.mutation_state import (
    AnyMutationAction,
    ContextT,
    MutationContinueAction,
    MutationErrorAction,
    MutationPendingAction,
    MutationState,
    MutationSuccessAction,
    ResultT,
    VariablesT,
    reduce_mutation_state,
)
from ..base.query_key import QueryKey
from ..base.types import UNSET, Meta, Unset, microseconds
from ..base.values import given
from ..runtime.handle import Handle, RunningHandle
from ..runtime.outcome import Outcome
from ..runtime.reporting import report
from ..runtime.waiting import settled
from .mutation_run import MutationOwner, MutationRun
from .query_entry import ClientLike

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


class Mutation(MutationOwner, Generic[VariablesT, ResultT, ContextT]):
    """One write. Made by ``MutationCache.build``, usually through a ``MutationObserver``.

    Args:
        client: The client that asked for it.
        cache: The cache that holds it.
        callbacks: What the cache does around every mutation.
        mutation_id: Its number in its cache.
        options: Its options, defaults filled in.
        state: A complete state to start with, of a mutation that was stored.

    Attributes:
        mutation_id: Its number in its cache, from 1.
        options: The latest options set.
        state: Everything known of it. Replaced at each change.
    """

    def __init__(
        self,
        *,
        client: ClientLike,
        cache: MutationCacheLike,
        callbacks: MutationCacheCallbacks,
        mutation_id: int,
        options: AnyMutationOptions,
        state: MutationState[VariablesT, ResultT, ContextT] | None = None,
    ) -> None:
        super().__init__(client.environment)
        self.mutation_id = mutation_id
        self._client = client
        self._cache = cache
        self._callbacks = callbacks
        self._observers: dict[MutationObserverLike, None] = {}
        self._retryer: MutationRun[ResultT] | None = None
        self._forsaken: MutationRun[ResultT] | None = None
        self._overdue_since: int | None = None
        self._removed = False
        self.state: MutationState[VariablesT, ResultT, ContextT] = MutationState() if state is None else state
        self.options: AnyMutationOptions = options
        self.set_options(options)
        self._schedule_gc()

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
            self._observers[observer] = None
            if observer.has_listeners():
                self._clear_gc()
            self._cache.observer_added(self, observer)

    def remove_observer(self, observer: MutationObserverLike) -> None:
        """Unsubscribe an observer. A mutation under way goes on.

        Args:
            observer: The observer.
        """
        self._observers.pop(observer, None)
        if not self._removed:
            self._schedule_gc()
        self._cache.observer_removed(self, observer)

    def leave(self) -> None:
        """The mutation has left its cache: nothing is left to collect, and no queue to wait in."""
        self._removed = True
        self._clear_gc()
        if self.state.is_paused and self._retryer is not None:
            # Differs: upstream leaves a removed mutation that waits for its turn waiting for good. A stored one has no
            # run that could wait, and clearing a cache must not send what is in it.
            self._retryer.continue_()

    def _is_watched(self) -> bool:
        return any(observer.has_listeners() for observer in self._observers)

    def _optional_remove(self) -> None:
        if self._is_watched():
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

    def continue_(self) -> Handle[ResultT] | Handle[None]:
        """Go on with a paused mutation, or run a restored one.

        Returns:
            What its function comes to, or a handle that is done if there is nothing to go on with.
        """
        if self._retryer is not None:
            self._retryer.continue_()
            return RunningHandle(self._retryer)
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
        loop = self._environment.bind()
        context = MutationFunctionContext(self._client, self.meta, self.mutation_key)
        run: MutationRun[ResultT] = MutationRun(self, loop, variables, context)
        self._retryer = run
        whole: Outcome[ResultT] = Outcome(loop)
        self._environment.spawn(self._run(run, whole), run.name)
        return RunningHandle(whole)

    def forsake(self) -> None:
        """Let go of a run whose event loop has ended: what had not begun can be resumed, what had leaves the cache."""
        if self._retryer is not None:
            self._forsaken, self._retryer = self._retryer, None
            if not self.state.is_paused:
                # pending for good, it would keep its scope waiting
                self._cache.remove(self)

    def _attempt(self, variables: VariablesT, context: MutationFunctionContext) -> Awaitable[ResultT] | ResultT:
        mutation_fn = given(self.options.mutation_fn, None)
        if mutation_fn is None:
            raise MissingMutationFnError
        return cast("Awaitable[ResultT] | ResultT", self._environment.adapt(mutation_fn)(variables, context))

    def _can_run(self) -> bool:
        return self._cache.can_run(self)

    async def _run(self, retryer: MutationRun[ResultT], outcome: Outcome[ResultT]) -> None:
        variables, context = retryer.variables, retryer.context
        failure: BaseException | None = None
        was_interrupted = is_closing = False
        try:
            try:
                data = await self._succeed(variables, context, retryer)
            except Exception as error:  # noqa: BLE001 - callbacks are part of the run: their errors are its error
                failure = error
                await self._fail(error, variables, context)
                self._dispatch(MutationErrorAction(error))
            else:
                self._dispatch(MutationSuccessAction(data))
                outcome.set_result(data)
        except BaseException as stop:
            # a test fails inside a callback, the program ends, or the client closes: no state of a mutation
            if outcome.loop.is_closed():
                # garbage of a loop that has ended: there is nobody left to tell; see ``forsake``
                is_closing = True
                raise
            failure = stop
            # what had not begun can be resumed as if it had been stored, or has been, in another loop
            resumable = isinstance(stop, asyncio.CancelledError) and self.state.is_paused
            was_interrupted = not resumable and retryer is not self._forsaken
            if isinstance(stop, asyncio.CancelledError):
                is_closing = True
                failure = QueryCancelledError()
                failure.__cause__ = stop
                retryer.cancel(cause=stop)
                raise
            if isinstance(stop, (KeyboardInterrupt, SystemExit)):
                raise
        finally:
            if self._retryer is retryer:
                self._retryer = None
            if failure is not None:
                outcome.set_exception(failure, is_told=isinstance(failure, QueryCancelledError))
            # the error's traceback holds this frame: asyncio could not complain of a lost write before the error goes
            del outcome
            if was_interrupted:
                # pending for good, it would keep its scope waiting
                self._cache.remove(self)
            if not is_closing:
                # a client that closes cancels the next one too; waking it would begin it anew
                self._cache.run_next(self)
                self._collect_if_overdue()

    async def _succeed(
        self, variables: VariablesT, context: MutationFunctionContext, retryer: MutationRun[ResultT]
    ) -> ResultT:
        """Everything from the pending state to the last success callback."""
        if self.state.status == "pending":  # restored
            self._dispatch(MutationContinueAction())
        else:
            is_paused = not retryer.can_start()
            self._dispatch(MutationPendingAction(variables, is_paused, self._environment.now()))
            if self._callbacks.on_mutate is not None:
                await settled(self._callbacks.on_mutate(variables, self, context))
            on_mutate = given(self.options.on_mutate, None)
            kept: ContextT | None = None
            if on_mutate is not None:
                kept = cast("ContextT | None", await settled(on_mutate(variables, context)))
            if kept is not None:
                self._dispatch(MutationPendingAction(variables, is_paused, self._environment.now(), kept))
            # the function is never called inside the call that starts the mutation
            await asyncio.sleep(0)
        if self.state.is_paused and retryer.can_start():
            self._dispatch(MutationContinueAction())
        # by a handle: were this task cancelled in the future itself, those who resumed the mutation would never hear
        retryer.start()
        data = await RunningHandle(retryer)
        # the option callbacks are read when their turn comes: an observer may have set others meanwhile
        callbacks = self._callbacks
        if callbacks.on_success is not None:
            await settled(callbacks.on_success(data, variables, self._on_mutate_result(), self, context))
        if (on_success := given(self.options.on_success, None)) is not None:
            await settled(on_success(data, variables, self._on_mutate_result(), context))
        if callbacks.on_settled is not None:
            await settled(callbacks.on_settled(data, None, variables, self._on_mutate_result(), self, context))
        if (on_settled := given(self.options.on_settled, None)) is not None:
            await settled(on_settled(data, None, variables, self._on_mutate_result(), context))
        return data

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
        return None if isinstance(context, Unset) else context

    def _dispatch(self, action: AnyMutationAction) -> None:
        before = self.state.status
        self.state = reduce_mutation_state(self.state, action)
        if before != self.state.status:
            self._cache.status_changed(self)
        with self._environment.notify_manager.batch():
            for observer in list(self._observers):
                observer.on_mutation_update(action)
            self._cache.mutation_updated(self, action)

    def __repr__(self) -> str:
        paused = ", paused" if self.state.is_paused else ""
        return f"<Mutation {self.mutation_id} {self.state.status}{paused}>"


AnyMutation: TypeAlias = Mutation[Any, Any, Any]
