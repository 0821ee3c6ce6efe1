"""``check_invariants``: all that must hold of a client at any time, whatever was done to it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from query import Query, QueryClient
from query.observers.query_observer_base import QueryObserverBase

from .mutation_invariants import of_mutation, of_mutations
from .observer_invariants import Observed, of_observer
from .query_invariants import of_query, of_state
from .table import BrokenInvariant, InvariantError, checked_names, key_text

_FILED: Final = "query_is_filed_under_its_hash"
_STATEMENT: Final = "Each query of a cache is found by its own hash, so no two have equal keys."

INVARIANTS: Final[dict[str, str]] = {
    **{
        invariant.name: invariant.statement
        for kind in (of_state, of_query, of_observer, of_mutation, of_mutations)
        for invariant in kind.table.values()
    },
    _FILED: _STATEMENT,
}
"""The statement of each invariant, by its name."""


def check_invariants(client: QueryClient, *, skip: Collection[str] = ()) -> None:
    """Fail if the state of a client cannot be right. Cheap, and allowed at any time outside the client's own callbacks.

    It looks at every query, observer and mutation: that status, data, errors and counts go together, that what says
    "fetching" does fetch, that observers show what their query says, that what nobody uses will be collected, and so
    on. ``INVARIANTS`` has the list. It is on at the end of each test that uses ``make_test_query_client``.

    Args:
        client: The client.
        skip: Names of invariants that are not looked at.

    Raises:
        InvariantError: Something does not hold. It names each invariant, where, what was and what must be.
        UnknownOptionError: There is no invariant of a name in *skip*.
    """
    __tracebackhide__ = True
    broken = broken_invariants(client, skip=skip)
    if broken:
        raise InvariantError(broken)


def broken_invariants(client: QueryClient, *, skip: Collection[str] = ()) -> list[BrokenInvariant]:
    """What does not hold of a client; see ``check_invariants``.

    Args:
        client: The client.
        skip: Names of invariants that are not looked at.

    Raises:
        UnknownOptionError: There is no invariant of a name in *skip*.
    """
    left_out = checked_names(skip, INVARIANTS) if skip else frozenset[str]()
    queries, mutations = client.get_query_cache(), client.get_mutation_cache()
    found: list[BrokenInvariant] = []
    for query in queries.get_all():
        found += of_query_and_observers(query, left_out)
        stored = queries.get(query.query_hash)
        if stored is not query and _FILED not in left_out:
            found.append(BrokenInvariant(_FILED, _STATEMENT, query_name(query), f"found {stored!r}", "itself"))
    for mutation in mutations.get_all():
        found += of_mutation.broken(mutation, _named(mutation.mutation_id), left_out)
    found += of_mutations.broken(mutations, lambda: "the mutations", left_out)
    return found


def of_query_and_observers(query: Query[Any], skip: Collection[str]) -> list[BrokenInvariant]:
    """What does not hold of one query and those who observe it.

    Args:
        query: The query.
        skip: Names of invariants that are not looked at.
    """

    def name() -> str:
        return query_name(query)

    found = of_state.broken(query, name, skip) + of_query.broken(query, name, skip)
    for number, observer in enumerate(query.observers, 1):
        # a stand-in that a test wrote shows nothing
        if isinstance(observer, QueryObserverBase):
            seen = Observed(query, observer, observer.get_current_result())
            found += of_observer.broken(seen, _numbered(number, name), skip)
    return found


def query_name(query: Query[Any]) -> str:
    """A query as messages call it.

    Args:
        query: The query.
    """
    return f"query {key_text(query.query_key.parts)}"


def _named(mutation_id: int) -> Callable[[], str]:
    return lambda: f"mutation {mutation_id}"


def _numbered(number: int, name: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"observer {number} of {name()}"
