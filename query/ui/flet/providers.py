"""The components of Flet that give a client, or a word of it, to all below them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from ...face import QueryClient
from ..primitives import CLIENT, RESTORING
from .primitives import BOUND, provide

# Any: a component is a control to who places it, and what it draws is what a component may return


def QueryClientProvider(content: Callable[[], Any], *, client: QueryClient, key: str | int | None = None) -> Any:  # noqa: N802
    """A component that gives a client to all below it, and keeps it mounted while it is there.

    Args:
        content: A component, or a function that calls components: it returns what is drawn. The client is for the
            components, not for hooks that such a function calls itself.
        client: The client.
        key: The key of this component among its siblings.

    Source: react-query, QueryClientProvider. Differs: contexts of Flet want a function, not children.
    """
    place: Any = _client_provider
    return place(content, client, key=key)


def IsRestoringProvider(content: Callable[[], Any], *, value: bool, key: str | int | None = None) -> Any:  # noqa: N802
    """A component that says to all below it whether a stored cache is being restored: until it is, none fetches.

    Args:
        content: A component, or a function that calls components.
        value: Whether it is.
        key: The key of this component among its siblings.

    Source: react-query, IsRestoringProvider. Differs: contexts of Flet want a function, not children.
    """
    place: Any = _restoring_provider
    return place(content, value, key=key)


@ft.component
def _client_provider(content: Callable[[], Any], client: QueryClient) -> Any:
    BOUND.use_mounted_client(client)
    return provide(CLIENT, content, client)


@ft.component
def _restoring_provider(content: Callable[[], Any], value: bool) -> Any:
    return provide(RESTORING, content, value)
