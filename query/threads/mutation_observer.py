"""Starts mutations of one kind and follows the latest, for threads that wait."""

from __future__ import annotations

from typing import Any, Generic, overload

from ..base.mutation_options import AnyMutationOptions, MutationOptions, OnError, OnSettled, OnSuccess
from ..base.mutation_state import ContextT, ResultT, VariablesT
from ..base.types import Duration
from ..observers.mutation_observer import MutationObserver as AsyncMutationObserver
from ..observers.mutation_result import MutationObserverResult
from .client_base import BlockingClientBase
from .observer_base import ObserverBase


class MutationObserver(
    ObserverBase[MutationObserverResult[VariablesT, ResultT, ContextT]], Generic[VariablesT, ResultT, ContextT]
):
    """Starts mutations with one set of options, and shows how the latest is doing, from threads.

    Args:
        client: A ``query.sync.QueryClient``, or ``client.threadsafe`` of an asyncio program.
        options: The options.
    """

    def __init__(self, client: BlockingClientBase, options: MutationOptions[VariablesT, ResultT, ContextT]) -> None:
        observer = client._crossing.call(lambda: AsyncMutationObserver(client.loop_client, options))
        super().__init__(client, observer)
        self._observer = observer

    @property
    def options(self) -> AnyMutationOptions:
        """The options in force, defaults filled in."""
        return self._observer.options

    def get_current_result(self) -> MutationObserverResult[VariablesT, ResultT, ContextT]:
        """How the latest mutation is doing."""
        return self._show(self._crossing.call(self._observer.get_current_result))

    def set_options(self, options: MutationOptions[VariablesT, ResultT, ContextT]) -> None:
        """Use other options: for the next mutation, and for one that is under way.

        A changed ``mutation_key`` forgets the latest mutation.

        Args:
            options: All options anew.
        """
        self._crossing.call(lambda: self._observer.set_options(options))

    @overload
    def mutate(
        self: MutationObserver[None, ResultT, ContextT],
        variables: None = ...,
        *,
        on_success: OnSuccess[ResultT, None, ContextT] | None = ...,
        on_error: OnError[None, ContextT] | None = ...,
        on_settled: OnSettled[ResultT, None, ContextT] | None = ...,
        timeout: Duration | None = ...,
    ) -> ResultT: ...
    @overload
    def mutate(
        self,
        variables: VariablesT,
        *,
        on_success: OnSuccess[ResultT, VariablesT, ContextT] | None = ...,
        on_error: OnError[VariablesT, ContextT] | None = ...,
        on_settled: OnSettled[ResultT, VariablesT, ContextT] | None = ...,
        timeout: Duration | None = ...,
    ) -> ResultT: ...
    def mutate(
        self,
        variables: Any = None,
        *,
        on_success: OnSuccess[ResultT, Any, ContextT] | None = None,
        on_error: OnError[Any, ContextT] | None = None,
        on_settled: OnSettled[ResultT, Any, ContextT] | None = None,
        timeout: Duration | None = None,
    ) -> ResultT:
        """Do a mutation and wait for what it delivers; an earlier one goes on unwatched.

        The callbacks given here run after those of the options, only for the latest mutation and only while somebody is
        subscribed. They run in the event loop and may be async; nothing waits for them.

        Args:
            variables: What to call the ``mutation_fn`` with; None for one that has no use for them.
            on_success: Called with (data, variables, on_mutate_result, context).
            on_error: Called with (error, variables, on_mutate_result, context).
            on_settled: Called with (data, error, variables, on_mutate_result, context).
            timeout: How long to wait.

        Returns:
            What the function delivers.

        Raises:
            Exception: What the function, or a callback of the options, raised.
            TimeoutError: It took longer. The mutation goes on.
        """
        return self._crossing.wait(
            lambda: self._observer.mutate(variables, on_success=on_success, on_error=on_error, on_settled=on_settled),
            timeout,
        )

    def reset(self) -> None:
        """Forget the latest mutation; it goes on unwatched."""
        self._crossing.call(self._observer.reset)

    def __repr__(self) -> str:
        return repr(self._observer)
