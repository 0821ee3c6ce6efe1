"""Starts mutations of one kind and follows the latest.

Source: mutationObserver.ts.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic

import msgspec
from typing_extensions import TypeVar

from ..base.contexts import MutationFunctionContext
from ..base.mutation_options import AnyMutationOptions, MutationOptions
from ..base.mutation_state import (
    AnyMutationAction,
    ContextT,
    MutationErrorAction,
    MutationState,
    MutationSuccessAction,
    ResultT,
    VariablesT,
)
from ..base.options import same_options
from ..base.types import UNSET, MutationStatus, Unset
from ..base.values import given
from ..cache.mutation import Mutation
from ..client.query_client import QueryClient
from ..runtime.handle import Handle
from ..runtime.reporting import report
from ..runtime.subscribable import Subscribable

V = TypeVar("V", default=Any)
R = TypeVar("R", default=Any)
C = TypeVar("C", default=Any)


class MutationObserverResult(msgspec.Struct, Generic[V, R, C], frozen=True, kw_only=True, eq=False):
    """The latest mutation as its observer shows it.

    Attributes:
        status: "idle" before the first, "pending", "success" or "error".
        data: What it delivered; None if it has not.
        has_data: Whether it has; None may be data too.
        error: Why it failed.
        variables: What it was called with; None before the first.
        context: What ``on_mutate`` returned, if anything.
        failure_count: Failed attempts so far.
        failure_reason: The error of the last of them.
        is_paused: It waits for the network, or for its turn in its scope.
        submitted_at: When it was called, in seconds since the epoch; 0.0 before the first.
        mutate: Start another; see ``MutationObserver.mutate``.
        reset: Forget the latest; see ``MutationObserver.reset``.
    """

    status: MutationStatus
    data: R | None
    has_data: bool
    error: Exception | None
    variables: V | None
    context: C | None
    failure_count: int
    failure_reason: Exception | None
    is_paused: bool
    submitted_at: float
    mutate: Callable[..., Handle[R]]
    reset: Callable[[], None]

    @property
    def is_idle(self) -> bool:
        """None was started, or the latest was forgotten."""
        return self.status == "idle"

    @property
    def is_pending(self) -> bool:
        """It is under way, or waits."""
        return self.status == "pending"

    @property
    def is_success(self) -> bool:
        """It succeeded."""
        return self.status == "success"

    @property
    def is_error(self) -> bool:
        """It failed."""
        return self.status == "error"


class _PerCall(msgspec.Struct, Generic[V, R, C], frozen=True):
    """The callbacks of one call of ``mutate``."""

    on_success: Callable[[R, V, C | None, MutationFunctionContext], object] | None
    on_error: Callable[[Exception, V, C | None, MutationFunctionContext], object] | None
    on_settled: Callable[[R | Unset, Exception | None, V, C | None, MutationFunctionContext], object] | None


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
        self._client = client
        self._cache = client.get_mutation_cache()
        self._mutation: Mutation[VariablesT, ResultT, ContextT] | None = None
        self._per_call: _PerCall[VariablesT, ResultT, ContextT] | None = None
        self._mutate = self.mutate
        self._reset = self.reset
        self.options: AnyMutationOptions = client.default_mutation_options(options)
        self._cache.observer_options_updated(None, self)
        self._result = self._create_result()

    def get_current_result(self) -> MutationObserverResult[VariablesT, ResultT, ContextT]:
        """How the latest mutation is doing."""
        return self._result

    def set_options(self, options: MutationOptions[VariablesT, ResultT, ContextT]) -> None:
        """Use other options: for the next mutation, and for one that is under way.

        A changed ``mutation_key`` forgets the latest mutation.

        Args:
            options: All options anew.

        Source: mutationObserver.ts, setOptions.
        """
        previous = self.options
        self.options = self._client.default_mutation_options(options)
        if not same_options(self.options, previous):
            self._cache.observer_options_updated(self._mutation, self)
        old_key, new_key = given(previous.mutation_key, None), given(self.options.mutation_key, None)
        if old_key is not None and new_key is not None and old_key != new_key:
            self.reset()
        elif self._mutation is not None and self._mutation.state.status == "pending":
            self._mutation.set_options(self.options)

    def mutate(
        self,
        variables: VariablesT,
        *,
        on_success: Callable[[ResultT, VariablesT, ContextT | None, MutationFunctionContext], object] | None = None,
        on_error: Callable[[Exception, VariablesT, ContextT | None, MutationFunctionContext], object] | None = None,
        on_settled: Callable[
            [ResultT | Unset, Exception | None, VariablesT, ContextT | None, MutationFunctionContext], object
        ]
        | None = None,
    ) -> Handle[ResultT]:
        """Start a mutation. It is pending when this returns; an earlier one goes on unwatched.

        The callbacks given here run after those of the options, only for the latest mutation and only while somebody is
        subscribed. They may be async; nothing waits for them.

        Args:
            variables: What to call the ``mutation_fn`` with.
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
        self._client.environment.bind()
        self._per_call = _PerCall(on_success, on_error, on_settled)
        if self._mutation is not None:
            self._mutation.remove_observer(self)
        mutation: Mutation[VariablesT, ResultT, ContextT] = self._cache.build(self._client, self.options)
        self._mutation = mutation
        mutation.add_observer(self)
        handle = mutation.execute(variables)
        handle.add_done_callback(self._note_failure)
        return handle

    def _note_failure(self, handle: Handle[ResultT]) -> None:
        if self.has_listeners():
            handle.exception()

    def reset(self) -> None:
        """Forget the latest mutation; it goes on unwatched.

        Source: mutationObserver.ts, reset.
        """
        if self._mutation is not None:
            self._mutation.remove_observer(self)
        self._mutation = None
        self._result = self._create_result()
        self._publish(None)

    def on_mutation_update(self, action: AnyMutationAction) -> None:
        """The latest mutation's state changed: per-call callbacks first, then the listeners.

        Args:
            action: What changed it.
        """
        self._result = self._create_result()
        self._publish(action)

    def _on_subscribe(self) -> None:
        if len(self._listeners) == 1 and self._mutation is not None:
            self._mutation.add_observer(self)
            self._result = self._create_result()

    def _on_unsubscribe(self) -> None:
        if not self._listeners and self._mutation is not None:
            self._mutation.remove_observer(self)

    def _publish(self, action: AnyMutationAction | None) -> None:
        # a callback may call mutate again: its successor's callbacks are not meant by this action
        per_call, result = self._per_call, self._result
        with self._client.environment.notify_manager.batch():
            if per_call is not None and self.has_listeners():
                self._call_back(per_call, action, result)
            self._tell(result)

    def _call_back(
        self,
        per_call: _PerCall[VariablesT, ResultT, ContextT],
        action: AnyMutationAction | None,
        result: MutationObserverResult[VariablesT, ResultT, ContextT],
    ) -> None:
        context = MutationFunctionContext(
            self._client, given(self.options.meta, None), given(self.options.mutation_key, None)
        )
        variables: Any = result.variables
        kept = result.context
        on_success, on_error, on_settled = per_call.on_success, per_call.on_error, per_call.on_settled
        if isinstance(action, MutationSuccessAction):
            data = action.data
            if on_success is not None:
                self._guard("on_success", lambda: on_success(data, variables, kept, context))
            if on_settled is not None:
                self._guard("on_settled", lambda: on_settled(data, None, variables, kept, context))
        elif isinstance(action, MutationErrorAction):
            error = action.error
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
            self._client.environment.spawn(_finish(name, result), f"{name} given to mutate")

    def _create_result(self) -> MutationObserverResult[VariablesT, ResultT, ContextT]:
        state: MutationState[VariablesT, ResultT, ContextT] = (
            MutationState() if self._mutation is None else self._mutation.state
        )
        return MutationObserverResult(
            status=state.status,
            data=None if isinstance(state.data, Unset) else state.data,
            has_data=state.data is not UNSET,
            error=state.error,
            variables=None if isinstance(state.variables, Unset) else state.variables,
            context=None if isinstance(state.context, Unset) else state.context,
            failure_count=state.failure_count,
            failure_reason=state.failure_reason,
            is_paused=state.is_paused,
            submitted_at=state.submitted_at,
            mutate=self._mutate,
            reset=self._reset,
        )

    def __repr__(self) -> str:
        return f"<MutationObserver {self._result.status}>"


async def _finish(name: str, result: Awaitable[object]) -> None:
    try:
        await result
    except Exception as error:  # noqa: BLE001 - nobody waits for it
        report(f"{name} given to mutate raised", error)
