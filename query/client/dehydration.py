"""A client as plain data: its queries and mutations as dicts and lists.

Source: hydration.ts, dehydrate.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

from typing_extensions import Unpack

from ..base.errors import QueryCancelledError, RedactedError
from ..base.garbage import collection_paused
from ..base.given_options import merge_options
from ..base.infinite_data import InfiniteData
from ..base.long_lists import JSON_TYPES
from ..base.query_key import json_parts, parts_of_texts
from ..base.types import UNSET
from ..base.values import given
from ..base.views import MutationView, QueryView
from ..cache.mutation import AnyMutation
from ..cache.query import Query
from ..runtime.following import FollowingHandle, transformed
from ..runtime.handle import Handle
from ..runtime.reporting import logger
from .compact_queries import compact_queries
from .dehydrated_state import COMPACT_VERSION, FORMAT_VERSION, DehydratedMutation, DehydratedQuery, DehydratedState
from .hydration_options import DehydrateFields, DehydrateOptions, named_options
from .plain_state import (
    PLAIN_QUERY,
    PLAIN_SUCCESS,
    describe_error,
    is_good,
    plain_data,
    plain_data_type,
    plain_key,
    plain_mutation_state,
    plain_pages,
    plain_query_state,
)
from .query_client import QueryClient
from .written_queries import WrittenQueries


def default_should_dehydrate_query(query: QueryView) -> bool:
    """Whether a query has data and did not fail last.

    Args:
        query: The query.
    """
    return query.state.status == "success"


def default_should_dehydrate_mutation(mutation: MutationView) -> bool:
    """Whether a mutation is paused: it waits for the network, or for its turn.

    Args:
        mutation: The mutation.
    """
    return mutation.state.is_paused


def dehydrate(
    client: QueryClient, options: DehydrateOptions | None = None, /, **fields: Unpack[DehydrateFields]
) -> DehydratedState:
    """The queries and mutations of a client as plain dicts and lists.

    Options such as ``query_fn`` or ``gc_time`` are not in it: the client that is hydrated has its own. Data is neither
    copied nor changed, but for the records of this package: pages and API responses become dicts. ::

        text = json.dumps(dehydrate(client))

    Args:
        client: The client; it stays as it is.
        options: What to take along and how, or
        **fields: its fields. What neither says is taken from the client's ``DefaultOptions(dehydrate=...)``.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: hydration.ts, dehydrate.
    """
    wanted = merge_options(client.get_default_options().dehydrate, named_options(DehydrateOptions, options, fields))
    takes_mutation = given(wanted.should_dehydrate_mutation, default_should_dehydrate_mutation)
    with collection_paused():
        state: DehydratedState = {"version": FORMAT_VERSION, "queries": [], "mutations": []}
        # data that somebody serialises may become a record, which has no word in columns
        if given(wanted.compact, False) and given(wanted.serialize_data, None) is None:
            state["version"] = COMPACT_VERSION
            takes_query = given(wanted.should_dehydrate_query, None)
            state["queries"], state["compact"] = compact_queries(
                client, takes_query, lambda query: _plain_query(query, wanted)
            )
        else:
            state["queries"] = _plain_queries(client, wanted)
        state["mutations"] = [
            _plain_mutation(mutation, wanted)
            for mutation in client.get_mutation_cache().get_all()
            if takes_mutation(mutation)
        ]
        return state


def dehydrate_query(
    query: Query[Any], options: DehydrateOptions | None = None, /, **fields: Unpack[DehydrateFields]
) -> DehydratedQuery:
    """One query as plain data, whatever its status.

    Args:
        query: The query.
        options: How, or
        **fields: the fields of the options. Nothing is inherited from a client.

    Raises:
        UnknownOptionError: A name that is no option.
        OptionError: A value that cannot be right.

    Source: hydration.ts, dehydrateQuery.
    """
    return _plain_query(query, named_options(DehydrateOptions, options, fields))


def _plain_queries(client: QueryClient, options: DehydrateOptions) -> list[DehydratedQuery]:
    takes_query = given(options.should_dehydrate_query, None)
    as_it_is = given(options.serialize_data, None) is None
    environment, at = client.environment, client.environment.now()
    # copying a dict and changing some of it takes half as long as making one, and a third of the room
    # and Any says so without a cast(), which would be a call for each
    pattern: Any = PLAIN_QUERY.copy()
    pattern["dehydrated_at"] = at
    copy_query, copy_state = pattern.copy, PLAIN_SUCCESS.copy
    plain_queries: list[DehydratedQuery] = []
    add = plain_queries.append
    written = WrittenQueries(client, looks=takes_query is not None or not as_it_is)
    for texts, all_data, dates, query in written.runs():
        for text, parts, data, date in zip(texts, parts_of_texts(texts), all_data, dates, strict=True):
            plain_state: Any = copy_state()
            plain_state["data"] = data
            plain_state["data_updated_at"] = date
            quick: Any = copy_query()
            quick["query_key"] = parts
            quick["query_hash"] = text
            quick["state"] = plain_state
            add(quick)
        if query is None or (query.state.status != "success" if takes_query is None else not takes_query(query)):
            continue
        plain = _good_query(query, at) if as_it_is and query.environment is environment else None
        if plain and "meta" not in plain:
            written.resemble(query)
        add(plain or _plain_query(query, options))
    return plain_queries


def _good_query(query: Query[Any], at: float) -> DehydratedQuery | None:
    """What ``_plain_query`` says, in half the time, of a query with data of which nothing failed; None if it is none.

    Args:
        query: The query.
        at: The present, in seconds since the epoch.
    """
    state = query.state
    if query.query_type is not None or type(state.data) not in JSON_TYPES or not is_good(state):
        return None
    plain_state: Any = PLAIN_SUCCESS.copy()
    plain_state["data"] = state.data
    plain_state["data_updated_at"] = state.data_updated_at
    plain_state["data_update_count"] = state.data_update_count
    plain_state["is_invalidated"] = state.is_invalidated
    plain_state["fetch_status"] = state.fetch_status
    plain: DehydratedQuery = {
        "query_key": json_parts(query._key) or plain_key(query.query_key),
        "query_hash": query.query_hash,
        "state": plain_state,
        "dehydrated_at": at,
    }
    meta = query.meta
    if meta is not None:
        plain["meta"] = meta
    return plain


def _plain_query(query: Query[Any], options: DehydrateOptions) -> DehydratedQuery:
    serialize = given(options.serialize_data, _as_it_is)
    state = query.state
    data = state.data if state.data is UNSET else serialize(state.data)
    data_type = plain_data_type(data)
    plain: DehydratedQuery = {
        "query_key": plain_key(query.query_key),
        "query_hash": query.query_hash,
        "state": plain_query_state(state, plain_data(data), given(options.serialize_error, describe_error)),
        "dehydrated_at": query.environment.now(),
    }
    if state.status == "pending" and query.promise is not None and given(options.promises, False):
        # this does not leave the process, so records may stay what they are
        transport = functools.partial(_transported_data, serialize)
        plain["promise"] = _transported(query.query_hash, query.promise, transport, options)
    if query.meta is not None:
        plain["meta"] = query.meta
    # pages that were written by hand, before anybody said how to fetch them, are pages too
    if query.query_type is not None or isinstance(state.data, InfiniteData):
        plain["query_type"] = "infinite"
    if data_type is not None:
        plain["data_type"] = data_type
    return plain


def _as_it_is(data: Any) -> Any:
    return data


def _transported_data(serialize: Callable[[Any], Any], data: Any) -> Any:
    return plain_pages(serialize(data))


def _plain_mutation(mutation: AnyMutation, options: DehydrateOptions) -> DehydratedMutation:
    plain: DehydratedMutation = {
        "state": plain_mutation_state(mutation.state, given(options.serialize_error, describe_error))
    }
    if mutation.mutation_key is not None:
        plain["mutation_key"] = plain_key(mutation.mutation_key)
    if mutation.scope is not None:
        plain["scope"] = mutation.scope
    if mutation.meta is not None:
        plain["meta"] = mutation.meta
    return plain


def _transported(
    query_hash: str, promise: asyncio.Future[Any], serialize: Callable[[Any], Any], options: DehydrateOptions
) -> Handle[Any]:
    """A fetch under way for others: its data serialised, its error kept back."""
    may_be_told = given(options.should_redact_errors, None)

    def redact(error: Exception) -> Exception:
        if may_be_told is not None and may_be_told(error) is False:
            return error
        if not isinstance(error, QueryCancelledError):
            logger.warning(
                "the fetch of query %s was dehydrated while it was under way, and has failed now: %r. Whoever was "
                "given it is told a RedactedError; pass should_redact_errors= to let errors through.",
                query_hash,
                error,
            )
        return RedactedError()

    return transformed(FollowingHandle(promise), serialize, on_error=redact)
