"""What is saved of a client, and who saves it.

Source: query-persist-client-core, persist.ts.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol, TypedDict

from .dehydrated_state import DehydratedState


class PersistedClient(TypedDict):
    """A client as it is saved: ``dehydrate`` at a time.

    ``buster`` is a text of the program's own: what was saved with another one is thrown away.
    """

    timestamp: float
    buster: str
    client_state: DehydratedState


class Persister(Protocol):
    """Saves a client somewhere. Every method may be plain or async.

    One that has an attribute ``throttle_time`` (seconds) is asked to save at most once in that time.
    """

    def persist_client(self, persisted_client: PersistedClient, /) -> Awaitable[Any] | Any:
        """Save in place of what was saved before.

        Args:
            persisted_client: What to save.
        """
        ...

    def restore_client(self) -> Awaitable[PersistedClient | None] | PersistedClient | None:
        """What was saved last, None if nothing was."""
        ...

    def remove_client(self) -> Awaitable[Any] | Any:
        """Throw away what was saved."""
        ...
