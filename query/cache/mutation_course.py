"""What a mutation does from its call to its end: callbacks, the function, callbacks.

Source: mutation.ts, execute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any, Generic

from ..base.contexts import MutationFunctionContext
from ..base.errors import QueryCancelledError
from ..base.mutation_state import (
    CONTINUED,
    ContextT,
    MutationErrorAction,
    MutationPendingAction,
    MutationState,
    MutationSuccessAction,
    ResultT,
    VariablesT,
)
from ..base.types import UNSET
from ..base.values import given
from ..runtime.environment import as_it_is
from ..runtime.reporting import report
from ..runtime.waiting import can_be_awaited, next_turn, settled
from .mutation_entry import MutationEntry
from .mutation_run import MutationRun


class MutationCourse(MutationEntry[VariablesT, ResultT, ContextT], Generic[VariablesT, ResultT, ContextT]):
    """A mutation as its runs see it; see ``Mutation``."""

    __slots__ = ("_callbacks", "_retryer")

    state: MutationState[VariablesT, ResultT, ContextT]
    # Any: the callbacks of the cache, whose types name the class of the file above this one
    _callbacks: Any
    _retryer: MutationRun[ResultT] | None

    # -- inside the call that starts it

    def _prepare(self, run: MutationRun[ResultT]) -> Coroutine[Any, Any, None] | None:
        """What a run does in the call that starts it, and outside of any task: tell that it is pending, most of all.

        Returns:
            What is to follow in a task if there is something to wait for.
        """
        try:
            terms, variables, environment = run.terms, run.variables, self._environment
            # as ``can_start`` says, without the call; the clock itself, and the state as the reducer makes it
            is_paused = (terms.needs_network and not environment.online_manager.is_online()) or (
                terms.scope is not None and not self._cache.can_run(self)
            )
            clock = environment.timeout_manager._clock
            at = clock.time()
            state: MutationState[Any, Any, Any] = MutationState(
                UNSET, UNSET, None, 0, None, is_paused, "pending", variables, at
            )
            if not self._take_in_plainly(run, state):
                self._take_in(state, MutationPendingAction(variables, is_paused, at))
            if self._callbacks.on_mutate is not None:
                return self._prepare_further(run, is_paused, None)
            on_mutate = self._terms.on_mutate
            if on_mutate is not None:
                kept: Any = on_mutate(variables, terms.context)
                # most are coroutines, which is seen without a call
                if kept.__class__ is CoroutineType:
                    if not run.is_brief or asyncio.current_task() is None:
                        return self._prepare_further(run, is_paused, kept)
                    try:
                        kept.send(None)
                    except StopIteration as end:
                        kept = end.value
                elif can_be_awaited(kept):
                    return self._prepare_further(run, is_paused, kept)
                if kept is not None:
                    self._keep(run, is_paused, kept)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the run's
            run.stopped_by = error
        return None

    def _prepare_stored(self, run: MutationRun[ResultT]) -> None:
        """The same for one that was pending when it was stored: nothing but to tell that it goes on."""
        try:
            self._dispatch(CONTINUED)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the run's
            run.stopped_by = error

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
                self._keep(run, is_paused, kept)
            if run.task is not None:
                await next_turn()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the run's
            run.stopped_by = error
        if run.task is None or (run.stopped_by is None and not run.may_begin()):
            # it waited for nothing, and the call that starts the run goes on; or is to wait for its turn without a task
            run.end_part()
        else:
            await self._run(run)

    def _keep(self, run: MutationRun[ResultT], is_paused: bool, kept: Any) -> None:
        variables, at = run.variables, self._environment.timeout_manager._clock.time()
        state: MutationState[Any, Any, Any] = MutationState(
            kept, UNSET, None, 0, None, is_paused, "pending", variables, at
        )
        if not self._take_in_plainly(run, state):
            self._take_in(state, MutationPendingAction(variables, is_paused, at, kept))

    # -- from its turn on

    async def _run(self, run: MutationRun[ResultT]) -> None:
        """The run from its turn on, in its task. One coroutine: every write comes by here."""
        failure: BaseException | None = None
        was_interrupted = is_closing = False
        try:
            try:
                if run.stopped_by is not None:
                    run.raise_stop()
                variables, context, callbacks = run.variables, run.terms.context, self._callbacks
                # Any: what the function returned, and then what it came to
                data: Any = None
                try:
                    mutation_fn = self._terms.mutation_fn
                    if mutation_fn is None or run.terms.environment.adapt is not as_it_is:
                        data = run.attempt()
                    else:
                        # as that does, without the call
                        data = mutation_fn(variables, context)
                    # most are coroutines, which is seen without a call
                    if data.__class__ is CoroutineType or can_be_awaited(data):
                        data = await data
                except GeneratorExit:
                    # of a coroutine that is thrown away: it can wait for nothing any more
                    raise
                except BaseException as error:  # noqa: BLE001 - as a first attempt that came to this
                    run.stopped_by = error
                else:
                    if run.retryer is not None:
                        run.retryer.deliver(data)
                if run.stopped_by is not None:
                    retryer = run.with_retries()
                    await retryer._run()
                    data = retryer.result()
                run.data = data
                if run.task is not None and run.task.cancelling():
                    # whatever the function made of that
                    raise asyncio.CancelledError
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
                before = self.state
                state = MutationState(
                    before.context, data, None, 0, None, False, "success", before.variables, before.submitted_at
                )
                if not self._take_in_plainly(run, state):
                    self._take_in(state, MutationSuccessAction(data))
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
            run.is_through = True
            if run.task is not None:
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

    # -- taking in

    def _take_in_plainly(self, run: MutationRun[ResultT], state: MutationState[VariablesT, ResultT, ContextT]) -> bool:
        """Take a state of a run in as ``_take_in`` does, if the observer that started the run is all who hears of it.

        Mostly it is, and it has no use for an action.

        Args:
            run: The run.
            state: The state.

        Returns:
            Whether it was taken in.
        """
        cache, starter = self._cache, run.starter
        if starter is None or self._observers is not run.alone or cache._listeners or cache.note is not None:
            return False
        was, self.state = self.state.status, state
        status = state.status
        # identical for all that the cache makes itself; to take the same in again would change nothing
        if status is not was:
            if self._queue is not None:
                cache.status_changed(self)
            elif status != "pending":
                cache._pending.pop(self, None)
            elif self in cache._mutations:
                cache._pending[self] = None
        manager = self._environment.notify_manager
        manager.depth += 1
        try:
            starter.on_mutation_state(state)
        finally:
            manager.depth -= 1
            if not manager.depth and manager._queue:
                manager._flush()
        return True
