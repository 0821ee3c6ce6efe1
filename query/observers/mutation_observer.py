"""Starts mutations of one kind and follows the latest.

Source: mutationObserver.ts.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, NamedTuple, overload

from ..base.contexts import MutationFunctionContext
from ..base.given_options import is_complete, same_options
from ..base.mutation_options import AnyMutationOptions, MutationOptions, OnError, OnSettled, OnSuccess
from ..base.mutation_state import (
    IDLE,
    AnyMutationAction,
    ContextT,
    MutationState,
    ResultT,
    VariablesT,
)
from ..base.types import UNSET
from ..base.values import given
from ..cache.mutation import Mutation
from ..cache.mutation_terms import MutationTerms, terms_of
from ..client.query_client import QueryClient
from ..runtime.handle import Handle
from ..runtime.reporting import report
from ..runtime.subscribable import Subscribable
from .mutation_result import (
    ErrorMutationResult,
    Mutate,
    MutationObserverResult,
    PendingMutationResult,
    SuccessMutationResult,
    result_of,
)


class _PerCall(NamedTuple, Generic[VariablesT, ResultT, ContextT]):
    """The callbacks of one call of ``mutate``."""

    on_success: OnSuccess[ResultT, VariablesT, ContextT] | None
    on_error: OnError[VariablesT, ContextT] | None
    on_settled: OnSettled[ResultT, VariablesT, ContextT] | None


class MutationObserver(
    Subscribable[[MutationObserverResult[VariablesT, ResultT, ContextT]]], Generic[VariablesT, ResultT, ContextT]
):
    """Starts mutations with one set of options, and shows how the latest is doing.

    Args:
        client: The client.
        options: The options.

    Attributes:
        options: The options in force, defaults filled in.
    """

    def __init__(self, client: QueryClient, options: MutationOptions[VariablesT, ResultT, ContextT]) -> None:
        super().__init__()
        # mostly there is one: a tuple is quicker to go through
        self._listeners = ()
        # the one, if there is one
        self._only: Callable[[Any], object] | None = None
        self._client = client
        self._environment = client.environment
        self._cache = client.get_mutation_cache()
        self._mutation: Mutation[VariablesT, ResultT, ContextT] | None = None
        self._per_call: _PerCall[VariablesT, ResultT, ContextT] | None = None
        self._mutate: Mutate[VariablesT, ResultT, ContextT] = self.mutate
        self._reset = self.reset
        self.options: AnyMutationOptions = client.default_mutation_options(options)
        # what was given, and the defaults then: a component gives the same whenever it is drawn
        self._given: tuple[AnyMutationOptions, object] = options, client._defaults.state_of_mutations
        # worked out when there is something to do
        self._terms: MutationTerms | None = None
        self._cache.observer_options_updated(None, self)
        # made when somebody looks, unless somebody listens
        self._result: MutationObserverResult[VariablesT, ResultT, ContextT] | None = None

    def get_current_result(self) -> MutationObserverResult[VariablesT, ResultT, ContextT]:
        """How the latest mutation is doing."""
        result = self._result
        if result is None:
            result = self._result = self._create_result()
        return result

    def set_options(self, options: MutationOptions[VariablesT, ResultT, ContextT]) -> None:
        """Use other options: for the next mutation, and for one that is under way.

        A changed ``mutation_key`` forgets the latest mutation.

        Args:
            options: All options anew.

        Source: mutationObserver.ts, setOptions.
        """
        given_before, defaults_before = self._given
        defaults = self._client._defaults.state_of_mutations
        if (
            defaults is defaults_before
            and type(options) is type(given_before)
            and not is_complete(options)
            and not is_complete(given_before)
            and same_options(options, given_before)
        ):
            # what they inherit is the same, too; but others may have given its mutation different ones
            if self._mutation is not None and self._mutation.state.status == "pending":
                self._mutation.set_options(self.options)
            return
        previous = self.options
        self.options = self._client.default_mutation_options(options)
        self._given = options, defaults
        self._terms = None
        if not same_options(self.options, previous):
            self._cache.observer_options_updated(self._mutation, self)
        old_key, new_key = given(previous.mutation_key, None), given(self.options.mutation_key, None)
        if old_key is not None and new_key is not None and old_key != new_key:
            self.reset()
        elif self._mutation is not None and self._mutation.state.status == "pending":
            self._mutation.set_options(self.options)

    @overload
    def mutate(
        self: MutationObserver[None, ResultT, ContextT],
        variables: None = ...,
        *,
        on_success: OnSuccess[ResultT, None, ContextT] | None = ...,
        on_error: OnError[None, ContextT] | None = ...,
        on_settled: OnSettled[ResultT, None, ContextT] | None = ...,
    ) -> Handle[ResultT]: ...
    @overload
    def mutate(
        self,
        variables: VariablesT,
        *,
        on_success: OnSuccess[ResultT, VariablesT, ContextT] | None = ...,
        on_error: OnError[VariablesT, ContextT] | None = ...,
        on_settled: OnSettled[ResultT, VariablesT, ContextT] | None = ...,
    ) -> Handle[ResultT]: ...
    def mutate(
        self,
        variables: Any = None,
        *,
        on_success: OnSuccess[ResultT, Any, ContextT] | None = None,
        on_error: OnError[Any, ContextT] | None = None,
        on_settled: OnSettled[ResultT, Any, ContextT] | None = None,
    ) -> Handle[ResultT]:
        """Start a mutation. It is pending when this returns; an earlier one goes on unwatched.

        The callbacks given here run after those of the options, only for the latest mutation and only while somebody is
        subscribed. They may be async; nothing waits for them.

        Args:
            variables: What to call the ``mutation_fn`` with; None for one that has no use for them.
            on_success: Called with (data, variables, on_mutate_result, context).
            on_error: Called with (error, variables, on_mutate_result, context).
            on_settled: Called with (data, error, variables, on_mutate_result, context).

        Returns:
            What the function delivers, or how it failed. A failure that nobody awaits is logged, unless somebody is
            subscribed and so sees it.

        Raises:
            LoopError: No loop runs, or another one than the client's.

        Source: mutationObserver.ts, mutate.
        """
        # before anything changes: a call that cannot run must leave no trace
        environment = self._environment
        loop = asyncio._get_running_loop()
        if loop is None or loop is not environment._ready_loop:
            # mostly there is nothing to do
            loop = environment.bind()
        self._per_call = (
            None
            if on_success is None and on_error is None and on_settled is None
            else _PerCall(on_success, on_error, on_settled)
        )
        former = self._mutation
        if former is not None:
            former.remove_observer(self)
        terms = self._terms
        if terms is None:
            terms = self._terms = terms_of(self._client, self.options)
        mutation: Mutation[VariablesT, ResultT, ContextT] = self._cache.build_for(
            terms, self, is_watched=bool(self._listeners)
        )
        self._mutation = mutation
        return mutation._start(loop, variables, self)

    def reset(self) -> None:
        """Forget the latest mutation; it goes on unwatched.

        Source: mutationObserver.ts, reset.
        """
        if self._mutation is not None:
            self._mutation.remove_observer(self)
        self._mutation = None
        result = self._result = self._create_result()
        with self._environment.notify_manager.batch():
            self._tell(result)

    def on_mutation_update(self, action: AnyMutationAction) -> None:
        """The latest mutation's state changed: per-call callbacks first, then the listeners. Within a batch.

        Args:
            action: What changed it; the state tells as much.
        """
        self.on_mutation_state(IDLE if self._mutation is None else self._mutation.state)

    def on_mutation_state(self, state: MutationState[VariablesT, ResultT, ContextT]) -> None:
        """The same, for who has the state at hand.

        Args:
            state: The state that the latest mutation has now.
        """
        if not self._listeners:
            self._result = None
            return
        # a callback may call mutate again: its successor's callbacks are not meant by this change
        per_call, only, status = self._per_call, self._only, state.status
        # the results of nearly all writes, with what their status says: as ``result_of`` makes them, without the call.
        # Any: the state says what the classes of results say in types
        result: Any
        variables: Any = state.variables
        kept: Any = state.context
        if kept is UNSET:
            kept = None
        if variables is UNSET or state.failure_count:
            result = self._create_result()
        elif status == "pending":
            paused, at = state.is_paused, state.submitted_at
            result = PendingMutationResult(
                None, False, None, variables, kept, 0, None, paused, at, self._mutate, self._reset
            )
        elif status == "success":
            result = SuccessMutationResult(
                state.data, True, None, variables, kept, 0, None, False, state.submitted_at, self._mutate, self._reset
            )
        else:
            result = self._create_result()
        self._result = result
        if per_call is not None:
            self._call_back(per_call, result)
            only = self._only
        if only is None:
            self._tell(result)
            return
        # as _tell does, without the calls: mostly there is one
        try:
            only(result)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the teller's
            self._report(error)
        if self._only is not only:
            self._tell_late({only}, result)

    def _on_subscribe(self) -> None:
        self._note_only()
        if len(self._listeners) == 1 and self._mutation is not None:
            self._mutation.add_observer(self)
            self._result = None

    def _on_unsubscribe(self) -> None:
        self._note_only()
        if not self._listeners and self._mutation is not None:
            # from now on it stays as it is
            self.get_current_result()
            self._mutation.remove_observer(self)

    def _note_only(self) -> None:
        # Any: a tuple, of which the base does not know
        listeners: Any = self._listeners
        self._only = listeners[0] if len(listeners) == 1 else None

    # all in the thread of the loop

    def _put(self, listener: Callable[[MutationObserverResult[VariablesT, ResultT, ContextT]], object]) -> None:
        if listener not in self._listeners:
            self._listeners = (*self._listeners, listener)

    def _drop(self, listener: Callable[[MutationObserverResult[VariablesT, ResultT, ContextT]], object]) -> None:
        if listener in self._listeners:
            self._listeners = tuple([other for other in self._listeners if other != listener])

    def _call_back(
        self,
        per_call: _PerCall[VariablesT, ResultT, ContextT],
        result: MutationObserverResult[VariablesT, ResultT, ContextT],
    ) -> None:
        context = MutationFunctionContext(
            self._client, given(self.options.meta, None), given(self.options.mutation_key, None)
        )
        variables: Any = result.variables
        kept = result.context
        on_success, on_error, on_settled = per_call
        if isinstance(result, SuccessMutationResult):
            data = result.data
            if on_success is not None:
                self._guard("on_success", lambda: on_success(data, variables, kept, context))
            if on_settled is not None:
                self._guard("on_settled", lambda: on_settled(data, None, variables, kept, context))
        elif isinstance(result, ErrorMutationResult):
            error = result.error
            if on_error is not None:
                self._guard("on_error", lambda: on_error(error, variables, kept, context))
            if on_settled is not None:
                self._guard("on_settled", lambda: on_settled(UNSET, error, variables, kept, context))

    def _guard(self, name: str, callback: Callable[[], object]) -> None:
        try:
            result = callback()
        except Exception as error:  # noqa: BLE001 - the listeners are still to be told
            report(f"{name} given to mutate raised", error)
            return
        if inspect.isawaitable(result):
            # not waited for, but it runs: its first step at once, as a plain function would
            self._environment.spawn(_finish(name, result), f"{name} given to mutate")

    def _create_result(self) -> MutationObserverResult[VariablesT, ResultT, ContextT]:
        state = IDLE if self._mutation is None else self._mutation.state
        return result_of(state, self._mutate, self._reset)

    def __repr__(self) -> str:
        return f"<MutationObserver {self.get_current_result().status}>"


async def _finish(name: str, result: Awaitable[object]) -> None:
    try:
        await result
    except Exception as error:  # noqa: BLE001 - nobody waits for it
        report(f"{name} given to mutate raised", error)
