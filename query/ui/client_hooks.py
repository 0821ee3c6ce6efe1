"""The hooks that all others stand on: which client, and what a hook keeps from render to render.

Source: react-query, QueryClientProvider.tsx and IsRestoringProvider.ts.
"""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import TypeVar

from ..base.errors import MissingQueryClientError
from ..face import QueryClient
from .binding import Binding
from .primitives import CLIENT, RESTORING, Primitives, Ref

BindingT = TypeVar("BindingT", bound=Binding)


class MountBinding(Binding):
    """Keeps a client mounted while a component is: paused work and stale queries go on when they can.

    Args:
        redraw: Not called: nothing is shown.
    """

    def __init__(self, redraw: Callable[[], object]) -> None:
        super().__init__(redraw)
        self._wanted: QueryClient | None = None
        self._kept: QueryClient | None = None

    def show(self, client: QueryClient) -> None:
        """Keep this client mounted from now on.

        Args:
            client: The client.
        """
        self._wanted = client
        self._drawn(client)

    def unmount(self) -> None:
        """The component goes, and with it one mount of the client. May be called more than once."""
        super().unmount()
        self._keep(None)

    def _settle(self) -> None:
        self._keep(self._wanted)

    def _keep(self, client: QueryClient | None) -> None:
        if client is not self._kept:
            if self._kept is not None:
                self._kept.unmount()
            self._kept = client
            if client is not None:
                client.mount()


class ClientHooks:
    """The hooks about the client itself.

    Args:
        primitives: The hooks of the framework.
    """

    def __init__(self, primitives: Primitives) -> None:
        self._primitives = primitives

    def use_query_client(self, client: QueryClient | None = None) -> QueryClient:
        """The client of the nearest ``QueryClientProvider``.

        Args:
            client: A client to take instead.

        Raises:
            MissingQueryClientError: There is no provider above this component.

        Source: react-query, useQueryClient.
        """
        # always asked for, since hooks must be called in the same order at each render
        provided = self._primitives.use_context(CLIENT)
        found = provided if client is None else client
        if found is None:
            raise MissingQueryClientError
        return found

    def use_is_restoring(self) -> bool:
        """Whether a stored cache is being restored, so that nothing fetches yet; see ``IsRestoringProvider``.

        Source: react-query, useIsRestoring.
        """
        return self._primitives.use_context(RESTORING)

    def use_mounted_client(self, client: QueryClient) -> None:
        """Keep a client mounted while the component is; what ``QueryClientProvider`` does.

        Args:
            client: The client.
        """
        self._use_binding(MountBinding).show(client)

    def _use_binding(self, make: Callable[[Callable[[], object]], BindingT]) -> BindingT:
        """What this call of a hook keeps: made at the first render, mounted while the component is.

        Args:
            make: Called with a function that renders the component again.
        """
        primitives = self._primitives
        ref: Ref[BindingT | None] = primitives.use_ref(None)
        change = primitives.use_state(0)
        binding = ref.current
        if binding is None:
            binding = ref.current = make(lambda: change(_next))
        primitives.use_effect(binding.mount, ())
        return binding


def _next(number: int) -> int:
    return number + 1
