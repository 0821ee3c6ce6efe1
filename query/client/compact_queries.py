"""The queries of a client as columns, nearly all of them in one loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..base.infinite_data import InfiniteData
from ..base.long_lists import JSON_TYPES
from ..base.many_keys import are_said_by_texts, is_said_by_text
from ..base.options import AnyQueryOptions
from ..base.query_key import json_parts
from ..base.views import QueryView
from ..cache.query import Query
from ..cache.query_entry import Terms
from .compact_state import columns_of
from .dehydrated_state import CompactQueries, DehydratedQuery
from .plain_state import is_good, plain_data_type, plain_key
from .query_client import QueryClient


def compact_queries(
    client: QueryClient, takes_query: Callable[[QueryView], bool] | None, plain: Callable[[Query[Any]], DehydratedQuery]
) -> tuple[list[DehydratedQuery], CompactQueries]:
    """The queries of a client as columns.

    Args:
        client: The client; nobody serialises its data.
        takes_query: Whether to take a query along; None for those with status "success".
        plain: Makes a dict of one, if columns do not say all of it.

    Returns:
        Those of which a dict was made, and the columns of the others.
    """
    environment, at = client.environment, client.environment.now()
    texts: list[str] = []
    all_data: list[Any] = []
    dates: list[float] = []
    # those of the first queries that came in once each are left out until there is another
    counts: list[int] = []
    marked: list[int] = []
    others: list[DehydratedQuery] = []
    places: list[int] = []
    # nearly all queries of a client share both, and these have no word in the columns
    terms: Terms | None = None
    shared: AnyQueryOptions | None = None
    add_text, add_data, add_date = texts.append, all_data.append, dates.append
    for query in client.get_query_cache().get_all():
        data: object = query._state
        kind: type[object] = type(data)
        # as in dehydration.py: nobody has looked at it since it was written
        if (
            query._options is shared
            and query._terms is terms
            and type(query._key) is str
            and (kind is dict or kind in JSON_TYPES)
        ):
            add_text(query.query_hash)
            add_data(data)
            # Any: there is a date where there is no state
            date: Any = query._written_at
            add_date(date)
            continue
        if query.state.status != "success" if takes_query is None else not takes_query(query):
            continue
        state = query.state
        if (
            query.environment is not environment
            or query.query_type is not None
            or query.meta is not None
            or not _is_plain(state.data)
            or state.fetch_status != "idle"
            or not is_good(state)
            or not _is_said_by_hash(query)
        ):
            places.append(len(texts) + len(others))
            others.append(plain(query))
            continue
        if takes_query is None:
            terms, shared = query._terms, query._options
        if state.data_update_count != 1 or counts:
            counts += [1] * (len(texts) - len(counts))
            counts.append(state.data_update_count)
        if state.is_invalidated:
            marked.append(len(texts))
        add_text(query.query_hash)
        add_data(state.data)
        add_date(state.data_updated_at)
    if counts:
        counts += [1] * (len(texts) - len(counts))
    return others, columns_of(texts, all_data, dates, counts, marked, places, at)


def _is_plain(data: object) -> bool:
    return type(data) in JSON_TYPES or (plain_data_type(data) is None and not isinstance(data, InfiniteData))


def _is_said_by_hash(query: Query[Any]) -> bool:
    key = query._key
    if type(key) is str:
        return True
    query_hash = query.query_hash
    # a hash function of its own may write keys in another way
    if not query.is_filed_by_text:
        return False
    parts = json_parts(key)
    if parts is None:
        return are_said_by_texts([plain_key(query.query_key)], [query_hash])
    return is_said_by_text(parts, query_hash)
