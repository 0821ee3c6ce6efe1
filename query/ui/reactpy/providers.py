"""The components of ReactPy that give a client, or a word of it, to all below them."""

from __future__ import annotations

from typing import Any

import reactpy
from reactpy.types import Component

from ...face import QueryClient
from ..primitives import CLIENT, RESTORING
from .primitives import BOUND, provide


def QueryClientProvider(*children: Any, client: QueryClient, key: str | int | None = None) -> Component:  # noqa: N802
    """A component that gives a client to all below it, and keeps it mounted while it is there.

    Args:
        *children: Components and elements.
        client: The client.
        key: The key of this component among its siblings.

    Source: react-query, QueryClientProvider.
    """
    return _client_provider(*children, client=client, key=key)


def IsRestoringProvider(*children: Any, value: bool, key: str | int | None = None) -> Component:  # noqa: N802
    """A component that says to all below it whether a stored cache is being restored: until it is, none fetches.

    Args:
        *children: Components and elements.
        value: Whether it is.
        key: The key of this component among its siblings.

    Source: react-query, IsRestoringProvider.
    """
    return provide(RESTORING, *children, value=value, key=key)


@reactpy.component
def _client_provider(*children: Any, client: QueryClient) -> Component:
    BOUND.use_mounted_client(client)
    return provide(CLIENT, *children, value=client)
