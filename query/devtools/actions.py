"""What a viewer can do to a client, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..base.errors import LoopError
from ..cache.query import Query
from ..client.query_client import QueryClient
from .reading import find_query
from .triggers import MakeError, TriggeredError, Triggers


class ActionError(Exception):
    """An action that cannot be done. The message is for the viewer."""


class Actions:
    """Does what a viewer asks for.

    Args:
        client: The client.
        error_types: Errors that a query can be made to fail with, by the names under which they are offered.
    """

    def __init__(self, client: QueryClient, error_types: Mapping[str, MakeError]) -> None:
        self.error_types: Mapping[str, MakeError] = error_types
        self.triggers: Triggers = Triggers()
        self._client = client

    def do(self, name: str, target: str = "", value: str = "") -> None:
        """Do one thing. Called in the loop of the client.

        Args:
            name: What to do.
            target: The hash of the query, for what is done to one.
            value: The name of an error, for "trigger_error".

        Raises:
            ActionError: There is no such action or query, or it cannot be done now.
        """
        try:
            if name in _OF_CLIENT:
                _OF_CLIENT[name](self._client)
                return
            if name not in _OF_QUERY:
                raise ActionError(f"there is no action {name!r}")
            query = find_query(self._client, target)
            if query is None:
                raise ActionError("this query is no longer in the cache")
            _OF_QUERY[name](self, query, value)
        except LoopError as error:
            raise ActionError(str(error)) from None

    def refetch(self, query: Query[Any], value: str) -> None:
        """Fetch a query, whatever its state."""
        query.fetch()

    def invalidate(self, query: Query[Any], value: str) -> None:
        """Mark it stale, and fetch it if it is in use."""
        # Differs: upstream also means all queries whose keys begin with this one
        self._client.invalidate_queries(query_key=query.query_key, predicate=lambda other: other is query)

    def reset(self, query: Query[Any], value: str) -> None:
        """Back to its initial state, and fetch it if it is in use."""
        self._client.reset_queries(query_key=query.query_key, predicate=lambda other: other is query)

    def remove(self, query: Query[Any], value: str) -> None:
        """Out of the cache."""
        self._client.get_query_cache().remove(query)

    def trigger_loading(self, query: Query[Any], value: str) -> None:
        """Let it load without end."""
        self.triggers.load(query)

    def trigger_error(self, query: Query[Any], value: str) -> None:
        """Let it fail."""
        if value and value not in self.error_types:
            raise ActionError(f"there is no error {value!r}")
        make = self.error_types.get(value)
        self.triggers.fail(query, TriggeredError("made by the devtools") if make is None else make(query))

    def restore(self, query: Query[Any], value: str) -> None:
        """Let it be what it was before it was triggered."""
        self.triggers.restore(query)


def _set_online(online: bool) -> Callable[[QueryClient], None]:
    return lambda client: client.environment.online_manager.set_online(online)


_OF_CLIENT: Final[dict[str, Callable[[QueryClient], None]]] = {
    "clear_queries": lambda client: client.get_query_cache().clear(),
    "clear_mutations": lambda client: client.get_mutation_cache().clear(),
    "go_offline": _set_online(False),
    "go_online": _set_online(True),
}
_OF_QUERY: Final[dict[str, Callable[[Actions, Query[Any], str], None]]] = {
    "refetch": Actions.refetch,
    "invalidate": Actions.invalidate,
    "reset": Actions.reset,
    "remove": Actions.remove,
    "trigger_loading": Actions.trigger_loading,
    "restore_loading": Actions.restore,
    "trigger_error": Actions.trigger_error,
    "restore_error": Actions.restore,
}
