"""Makes a query load or fail without its server, and brings it back.

Source: query-devtools, Devtools.tsx. Differs: the state from before is kept beside the query and comes back, data
included; upstream forgets the data and fetches it anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

import msgspec

from ..base.given_options import replaced
from ..base.options import AnyQueryOptions
from ..base.query_state import QueryState, fields_of
from ..base.types import UNSET, SkipToken
from ..cache.query import Query

Trigger: TypeAlias = Literal["loading", "error"]
MakeError: TypeAlias = Callable[[Query[Any]], Exception]
"""Makes an error for a query that is to fail."""


class TriggeredError(Exception):
    """The error of a query that the devtools made fail."""


class _Before(msgspec.Struct, frozen=True, eq=False):
    trigger: Trigger
    state: QueryState[Any]
    options: AnyQueryOptions
    error: Exception | None = None
    # the fetch without end
    run: object = None


class Triggers:
    """The queries of a client that show what they were told to show."""

    def __init__(self) -> None:
        self._before: WeakKeyDictionary[Query[Any], _Before] = WeakKeyDictionary()

    def of(self, query: Query[Any]) -> Trigger | None:
        """What a query was told to show, if it still does.

        Args:
            query: The query.
        """
        before = self._before.get(query)
        if before is None:
            return None
        if query.state.data is UNSET and query.state.error is before.error and query._run is before.run:
            return before.trigger
        # something else has happened to it: a write, a fetch, a reset
        del self._before[query]
        return None

    def load(self, query: Query[Any]) -> None:
        """Let a query fetch without end.

        Args:
            query: The query.

        Raises:
            LoopError: No loop runs, or another one than the client's.
        """
        state, options = self._untriggered(query)
        query.cancel(silent=True)
        query.set_state(data=UNSET, status="pending", error=None, fetch_status="idle")
        fields: dict[str, Any] = {"query_fn": _never, "network_mode": "always", "retry": False, "persister": None}
        query.fetch(replaced(options, fields, complete=True))
        self._before[query] = _Before("loading", state, options, run=query._run)

    def fail(self, query: Query[Any], error: Exception) -> None:
        """Let a query be in error.

        Args:
            query: The query.
            error: The error.
        """
        state, options = self._untriggered(query)
        query.cancel(silent=True)
        query.set_state(data=UNSET, status="error", error=error, fetch_status="idle")
        self._before[query] = _Before("error", state, options, error)

    def restore(self, query: Query[Any]) -> None:
        """Bring back the state from before, and fetch anew what can be fetched and is in use or was being fetched.

        Args:
            query: The query. One that was not triggered is left alone.
        """
        before = self._before.pop(query, None)
        if before is None:
            return
        query.cancel(silent=True)
        query.set_options(before.options)
        query.set_state(**{**fields_of(before.state), "fetch_status": "idle"})
        query_fn = before.options.query_fn
        can_fetch = query_fn is not UNSET and query_fn is not None and not isinstance(query_fn, SkipToken)
        if can_fetch and (query.is_active() or before.state.fetch_status != "idle"):
            query.fetch()

    def _untriggered(self, query: Query[Any]) -> tuple[QueryState[Any], AnyQueryOptions]:
        before = self._before.get(query)
        return (query.state, query.options) if before is None else (before.state, before.options)


async def _never(context: object) -> Any:
    await asyncio.get_running_loop().create_future()
