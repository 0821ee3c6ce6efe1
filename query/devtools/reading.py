"""What the page shows of a client: its queries by state, found, sorted, and no more of them than people read.

Source: query-devtools, utils.tsx and Devtools.tsx.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, Literal, TypeAlias

import msgspec

from ..cache.mutation import AnyMutation
from ..cache.query import Query
from ..client.query_client import QueryClient

MAX_ROWS: Final = 200
"""Rows of a table that are shown; the filter finds the others."""

QueryLabel: TypeAlias = Literal["fresh", "fetching", "paused", "stale", "inactive"]
MutationLabel: TypeAlias = Literal["paused", "pending", "success", "error", "idle"]
Tab: TypeAlias = Literal["queries", "mutations", "events"]
Sort: TypeAlias = Literal["status", "hash", "updated"]

QUERY_LABELS: Final[tuple[QueryLabel, ...]] = ("fresh", "fetching", "paused", "stale", "inactive")
"""The states of queries, in the order in which they are counted."""
MUTATION_LABELS: Final[tuple[MutationLabel, ...]] = ("paused", "pending", "success", "error")


class View(msgspec.Struct, frozen=True):
    """What one viewer wants to see.

    Attributes:
        tab: Which table.
        filter: What the hash of a query, or the key of a mutation, must contain, in any case; all words of it.
        sort: By what: "status" and then the newest first, "hash" (of mutations: the order in which they came), or
            "updated", the newest first.
        reverse: The other way round.
        hide_disabled: Leave out queries that will not fetch by themselves.
        selected: The hash of the query, or the number of the mutation, whose details are shown.
    """

    tab: Tab = "queries"
    filter: str = ""
    sort: Sort = "status"
    reverse: bool = False
    hide_disabled: bool = False
    selected: str = ""


class Queries(msgspec.Struct, frozen=True):
    """The table of queries.

    Attributes:
        counts: How many are in which state, of all.
        rows: Those to show with their states, in order.
        found: How many the filter found.
    """

    counts: dict[QueryLabel, int]
    rows: list[tuple[Query[Any], QueryLabel]]
    found: int


class Mutations(msgspec.Struct, frozen=True):
    """The table of mutations; see ``Queries``."""

    counts: dict[MutationLabel, int]
    rows: list[tuple[AnyMutation, MutationLabel]]
    found: int


def query_label(query: Query[Any]) -> QueryLabel:
    """The one word for the state of a query.

    Args:
        query: The query.

    Source: query-devtools, utils.tsx, getQueryStatusLabel.
    """
    fetch_status = query.state.fetch_status
    if fetch_status == "fetching":
        return "fetching"
    if not query.get_observers_count():
        return "inactive"
    if fetch_status == "paused":
        return "paused"
    return "stale" if _is_stale(query) else "fresh"


def mutation_label(mutation: AnyMutation) -> MutationLabel:
    """The one word for the state of a mutation.

    Args:
        mutation: The mutation.
    """
    return "paused" if mutation.state.is_paused else mutation.state.status


def read_queries(client: QueryClient, view: View = View(), limit: int = MAX_ROWS) -> Queries:  # noqa: B008 - frozen
    """The queries of a client as one viewer wants to see them.

    Args:
        client: The client.
        view: What to show.
        limit: Rows to show.
    """
    queries = client.get_query_cache().get_all()
    labelled: list[tuple[Query[Any], QueryLabel]] = [(query, query_label(query)) for query in queries]
    counts: Counter[QueryLabel] = Counter(label for _, label in labelled)
    words = view.filter.lower().split()
    found: list[tuple[Query[Any], QueryLabel]] = [
        (query, label)
        for query, label in labelled
        if all(word in query.query_hash.lower() for word in words) and not (view.hide_disabled and is_disabled(query))
    ]
    if view.sort == "hash":
        found.sort(key=lambda row: row[0].query_hash)
    else:
        found.sort(key=lambda row: -row[0].state.data_updated_at)
        if view.sort == "status":
            found.sort(key=lambda row: _query_rank(*row))
    if view.reverse:
        found.reverse()
    return Queries({label: counts[label] for label in QUERY_LABELS}, found[:limit], len(found))


def read_mutations(client: QueryClient, view: View = View(), limit: int = MAX_ROWS) -> Mutations:  # noqa: B008
    """The mutations of a client as one viewer wants to see them.

    Args:
        client: The client.
        view: What to show.
        limit: Rows to show.
    """
    mutations = client.get_mutation_cache().get_all()
    labelled: list[tuple[AnyMutation, MutationLabel]] = [(mutation, mutation_label(mutation)) for mutation in mutations]
    counts: Counter[MutationLabel] = Counter(label for _, label in labelled)
    words = view.filter.lower().split()
    found = [row for row in labelled if all(word in mutation_name(row[0]).lower() for word in words)]
    if view.sort != "hash":
        found.sort(key=lambda row: -row[0].state.submitted_at)
        if view.sort == "status":
            found.sort(key=lambda row: _MUTATION_RANKS[row[1]])
    if view.reverse:
        found.reverse()
    return Mutations({label: counts[label] for label in MUTATION_LABELS}, found[:limit], len(found))


def mutation_name(mutation: AnyMutation) -> str:
    """The key of a mutation as text, or its number.

    Args:
        mutation: The mutation.
    """
    key = mutation.mutation_key
    return f"mutation {mutation.mutation_id}" if key is None else key.text


def find_query(client: QueryClient, query_hash: str) -> Query[Any] | None:
    """The query with this hash.

    Args:
        client: The client.
        query_hash: Its hash.
    """
    return client.get_query_cache().get(query_hash)


def find_mutation(client: QueryClient, number: str) -> AnyMutation | None:
    """The mutation with this number.

    Args:
        client: The client.
        number: The number, as text.
    """
    mutations = client.get_mutation_cache().get_all()
    return next((mutation for mutation in mutations if str(mutation.mutation_id) == number), None)


_MUTATION_RANKS: Final[dict[MutationLabel, int]] = {"paused": 0, "pending": 1, "error": 2, "success": 3, "idle": 4}


def _query_rank(query: Query[Any], label: QueryLabel) -> int:
    if query.state.fetch_status != "idle":
        return 0
    return {"fresh": 1, "stale": 2}.get(label, 3)


def _is_stale(query: Query[Any]) -> bool:
    try:
        return query.is_stale()
    except Exception:  # noqa: BLE001 - an option function of the user must not end the page
        return True


def is_disabled(query: Query[Any]) -> bool:
    """Whether a query will not fetch by itself.

    Args:
        query: The query.
    """
    try:
        return query.is_disabled()
    except Exception:  # noqa: BLE001 - an option function of the user must not end the page
        return False
