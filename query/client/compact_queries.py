"""The queries of a client as columns, nearly all of them in one loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..base.infinite_data import InfiniteData
from ..base.long_lists import JSON_TYPES
from ..base.many_keys import are_said_by_texts, is_said_by_text
from ..base.query_key import json_parts
from ..base.views import QueryView
from ..cache.query import Query
from .compact_state import columns_of
from .dehydrated_state import CompactQueries, DehydratedQuery
from .plain_state import is_good, plain_data_type, plain_key
from .query_client import QueryClient
from .written_queries import WrittenQueries


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
    written = WrittenQueries(client, looks=takes_query is not None)
    for some_texts, some_data, some_dates, query in written.runs():
        texts += some_texts
        all_data += some_data
        dates += some_dates
        if query is None:
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
        written.resemble(query)
        if state.data_update_count != 1 or counts:
            counts += [1] * (len(texts) - len(counts))
            counts.append(state.data_update_count)
        if state.is_invalidated:
            marked.append(len(texts))
        texts.append(query.query_hash)
        all_data.append(state.data)
        dates.append(state.data_updated_at)
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
