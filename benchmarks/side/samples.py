"""The keys and data that rows work on; node/data.mjs has the same."""

from __future__ import annotations

import math
from typing import Any

from query import DefaultOptions, Query, QueryClient, QueryOptions

from .row import same

FIVE_MINUTES = 300.0
FOREVER = math.inf

Key = list[Any]


def typical_key(cursor: object = "x") -> Key:
    """The key of an endpoint: its path, and an object with the query.

    Args:
        cursor: Which page.
    """
    return ["/projects/", {"query": {"cursor": cursor, "per_page": 25}}]


def item(number: int) -> dict[str, Any]:
    """A small JSON object.

    Args:
        number: Its id.
    """
    return {"id": number, "name": "item", "done": False}


def items(revision: int) -> list[dict[str, Any]]:
    """A list of 1,000 nested objects; lists of different revisions differ in one of them.

    Args:
        revision: Which.
    """
    return [
        {
            "id": i,
            "name": f"item {i}",
            "done": i % 2 == 0,
            "tags": ["a", "b"],
            "owner": {"id": i % 7, "login": f"u{i % 7}"},
            "rev": revision if i == 500 else 0,
        }
        for i in range(1000)
    ]


def new_client(gc_time: float = FIVE_MINUTES) -> QueryClient:
    """A client without defaults, unless its queries are to live for another time than usual.

    Args:
        gc_time: Seconds that an unused query lives.
    """
    if gc_time == FIVE_MINUTES:
        return QueryClient()
    return QueryClient(default_options=DefaultOptions(queries=QueryOptions(gc_time=gc_time)))


def numbered_key(number: int) -> Key:
    """The key of a query.

    Args:
        number: Which.
    """
    return ["todos", number, {"page": 1}]


def how_many(client: QueryClient) -> int:
    """How many queries a client has, without a look at any: from the first look on, a written one is an object.

    Args:
        client: Whose.
    """
    return len(client.get_query_cache()._queries)


def filled(numbers: range, gc_time: float = FIVE_MINUTES) -> QueryClient:
    """A client with queries that have keys and data of their own.

    Args:
        numbers: Of which items.
        gc_time: Seconds that an unused query lives.
    """
    client = new_client(gc_time)
    for i in numbers:
        client.set_query_data(numbered_key(i), item(i))
    same(how_many(client), len(numbers), "queries")
    return client


def prove_filled(client: QueryClient, size: int) -> None:
    """Check that a client has such queries, and no others.

    Args:
        client: The client.
        size: How many.

    Raises:
        WrongResultError: It has not.
    """
    same(how_many(client), size, "queries")
    key = numbered_key(7)
    same(client.get_query_data(key), item(7), "the data of one")


def invalid(client: QueryClient) -> list[Query[Any]]:
    """The queries that are marked.

    Args:
        client: Whose.
    """
    return [query for query in client.get_query_cache().get_all() if query.state.is_invalidated]


def unmark(client: QueryClient) -> None:
    """Mark no query, so that each sample has the same to do.

    Args:
        client: Whose.
    """
    for query in invalid(client):
        query.set_state(is_invalidated=False)


class Loader:
    """A query function that counts its calls.

    Args:
        number: Of which item.
    """

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.calls = 0

    async def load(self, _: object) -> dict[str, Any]:
        """The item."""
        self.calls += 1
        return item(self.number)
