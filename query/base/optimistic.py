"""Optimistic writes: show the outcome of a mutation at once, take it back if it fails, and ask the server at the end.

For example::

    def show_already(name, context):
        return update_data(context.client, projects, lambda rows: [*rows, name])


    adding = mutation_options(
        mutation_fn=add, on_mutate=show_already, on_error=take_back, on_settled=invalidates(projects)
    )
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

from .contexts import MutationFunctionContext
from .errors import OptionError
from .filters import QueriesMeant, QueryFilters, query_filters
from .option_checks import check_arity, refuse_async
from .options import QueryOptions
from .query_key import QueryKey, as_query_key
from .structural_sharing import replace_equal_deep
from .types import UNSET

T = TypeVar("T")


class WritableCache(Protocol):
    """A client as these functions see it: that of a context, one of an event loop, or one of threads."""

    def get_query_state(self, query_key: QueryKey[Any], /) -> Any:
        """The state of a query."""
        ...

    def set_query_data(self, query_key: QueryKey[Any], updater: Any, /, *, updated_at: float | None = None) -> Any:
        """Write data."""
        ...

    def cancel_queries(self, filters: QueriesMeant | None = None, /) -> object:
        """Cancel fetches."""
        ...


class Undo:
    """Takes one write back when it is called.

    It does nothing if the query has other data by now, from the server or from another write: that is newer. It does
    nothing a second time, and nothing where nothing was written.

    Attributes:
        before: The data from before the write; ``UNSET`` if nothing was written.
    """

    __slots__ = ("_client", "_key", "_updated_at", "_written", "_written_at", "before")

    def __init__(
        self, client: WritableCache, key: QueryKey[Any], before: Any, written: Any, updated_at: float | None
    ) -> None:
        self._client = client
        self._key = key
        self._written = written
        self._written_at: float | None = None if written is UNSET else client.get_query_state(key).data_updated_at
        self._updated_at = updated_at
        self.before: Any = before

    def __call__(self) -> None:
        """Take it back."""
        if self._written is UNSET:
            return
        state = self._client.get_query_state(self._key)
        if state is not UNSET and self._is_mine(state):
            self._client.set_query_data(self._key, _always(self.before), updated_at=self._updated_at)
        self._written = UNSET

    def _is_mine(self, state: Any) -> bool:
        """Whether the data is still what this wrote, or is that again since a later write was taken back."""
        if state.data is self._written:
            return True
        # taken back is a copy, of the same age
        return state.data_updated_at == self._written_at and (
            replace_equal_deep(self._written, state.data) is self._written
        )

    def __repr__(self) -> str:
        return f"<Undo of a write to {self._key!r}>"


def update_data(client: WritableCache, query: QueryOptions[T, Any] | QueryKey[T], change: Callable[[T], T], /) -> Undo:
    """Change the cached data of one query at once.

    A fetch under way is cancelled, for its answer would not know of the change. Where nothing is cached, nothing is
    done.

    Args:
        client: The client, such as ``context.client``.
        query: The options of the query, or its key.
        change: A function from the present data to new data. It must leave the old as it is; ``UNSET`` writes nothing.

    Returns:
        A function that takes the change back: return it from ``on_mutate``, and let ``on_error`` be ``take_back``.

    Raises:
        OptionError: *change* is no plain function of one argument, or the options have no key.
    """
    check_change("update_data", change)
    filters = query_filters(query, {"exact": True})
    key = as_query_key(filters.query_key or ())
    state = client.get_query_state(key)
    if state is UNSET or state.data is UNSET:
        return Undo(client, key, UNSET, UNSET, None)
    # puts the query back to its state from before the fetch: what is changed is what was there
    client.cancel_queries(QueryFilters(query_key=key, exact=True))
    state = client.get_query_state(key)
    data = change(state.data)
    # as a function, for data that can be called would be
    written = client.set_query_data(key, _always(data))
    return Undo(client, key, UNSET if written is UNSET else state.data, written, state.data_updated_at)


def _always(data: Any) -> Callable[[object], Any]:
    def updater(present: object) -> Any:
        return data

    return updater


def check_change(name: str, change: Any) -> None:
    """Refuse what cannot make new data of old.

    Args:
        name: Who was given it.
        change: What was given.

    Raises:
        OptionError: It is no plain function of one argument.
    """
    if not callable(change):
        raise OptionError(
            f"{name} was given {change!r}; expected a function from the present data to new data. To write a value "
            "whatever is there, use set_query_data.",
            option=name,
        )
    refuse_async(name, change)
    check_arity(name, change, 1, "change(data)")


def take_back(
    error: Exception, variables: object, undo: Undo | Sequence[Undo] | None, context: MutationFunctionContext, /
) -> None:
    """An ``on_error`` that takes back what ``on_mutate`` did.

    Args:
        error: What the mutation failed with.
        variables: What it was given.
        undo: What ``on_mutate`` returned: one ``Undo`` or several; None if it did not get that far.
        context: The context of the mutation.
    """
    for one in reversed((undo,) if isinstance(undo, Undo) else (undo or ())):
        one()


QueriesAfter: TypeAlias = QueriesMeant | Callable[[Any], QueriesMeant]
"""Which queries a mutation changes: those, or a function of its variables that tells."""


class MutationCallback(Protocol):
    """What fits wherever mutation options take a callback; of anything, so that it says nothing about their types."""

    def __call__(self, *arguments: object) -> Awaitable[None]:
        """Called by the mutation."""
        ...


def invalidates(*queries: QueriesAfter) -> MutationCallback:
    """A callback that invalidates queries: an ``on_settled``, ``on_success`` or ``on_error`` of mutation options.

    The mutation is pending until those that are in use are fetched again::

        mutation_options(mutation_fn=rename, on_settled=invalidates(projects, lambda rename: project(rename["slug"])))

    Args:
        *queries: Options, keys or filters; a key or options mean all keys that begin so. Or functions from the
            variables to one of these.

    Raises:
        OptionError: Nothing is given, or an async function.
    """
    if not queries:
        raise OptionError(
            "invalidates() was given nothing; expected options, keys or filters. QueryFilters() means all queries.",
            option="invalidates",
        )
    for one in queries:
        if callable(one):
            refuse_async("invalidates", one)
        else:
            # what cannot be is said here, and not after the first write
            query_filters(one, {})

    async def invalidate(*arguments: Any) -> None:
        # on_success and on_error have four arguments, on_settled five: these are last in each
        variables, _, context = arguments[-3:]
        meant: list[QueriesMeant] = [one(variables) if callable(one) else one for one in queries]
        # all are under way before the first is waited for
        for refetches in [context.client.invalidate_queries(one) for one in meant]:
            await refetches

    return invalidate
