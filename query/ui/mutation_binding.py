"""Binds a component to mutations of one kind.

Source: react-query, useMutation.ts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

from ..base.mutation_options import MutationOptions
from ..base.mutation_state import ContextT, ResultT, VariablesT
from ..client.query_client import QueryClient
from ..observers.mutation_observer import MutationObserver
from ..observers.mutation_result import MutationObserverResult
from .binding import Binding
from .mutation_hook_result import StartMutation, UseMutationResult, forgetting, hook_result


class MutationBinding(Binding, Generic[VariablesT, ResultT, ContextT]):
    """Binds a component to mutations of one kind, of which it shows the latest.

    Args:
        redraw: Renders the component again.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        super().__init__(redraw)
        self._client: QueryClient | None = None
        self._observer: MutationObserver[VariablesT, ResultT, ContextT] | None = None
        self._mutate: StartMutation[VariablesT, ResultT, ContextT] | None = None
        self._options: MutationOptions[VariablesT, ResultT, ContextT] | None = None
        self._result: MutationObserverResult[VariablesT, ResultT, ContextT] | None = None
        self._shown: UseMutationResult[VariablesT, ResultT, ContextT] | None = None

    def show(
        self, client: QueryClient, options: MutationOptions[VariablesT, ResultT, ContextT]
    ) -> UseMutationResult[VariablesT, ResultT, ContextT]:
        """What to draw: how the latest mutation is doing. The same object for as long as nothing changes.

        Args:
            client: The client; with another one than before, the latest mutation is forgotten.
            options: The options, for the next mutation and for one that is under way.
        """
        observer = self._observer
        if observer is None or client is not self._client:
            observer = self._observer = MutationObserver(client, options)
            self._mutate = forgetting(observer)
            self._client, self._result = client, None
        self._options = options
        result = observer.get_current_result()
        if result is not self._result:
            assert self._mutate is not None
            self._result = result
            self._shown = hook_result(result, self._mutate)
        self._drawn(client)
        assert self._shown is not None
        return self._shown

    def get_observer(self) -> MutationObserver[VariablesT, ResultT, ContextT]:
        """The observer, once something was drawn."""
        assert self._observer is not None, "show() comes first"
        return self._observer

    def _settle(self) -> None:
        observer = self.get_observer()
        assert self._options is not None
        observer.set_options(self._options)
        self._listen_to(observer)
        self._look()

    def _differs(self) -> bool:
        return self.get_observer().get_current_result() is not self._result
