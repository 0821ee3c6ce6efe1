"""The first fetch of a query that is not there yet, by options like most: what a miss costs beside the fetch itself.

The general way completes the options, has the cache make a query of them, and fetches it. Options that say little more
than how to fetch, under defaults that do not change that, need nothing of it at once: the query keeps them as they were
given and completes them when somebody asks, and all else it begins with is known. What is given by name needs no check
but the few that are here, and no key is made of the parts before somebody asks for one. What comes of it is the same;
tests hold all ways against each other.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from types import FunctionType
from typing import Any, Final

from ..base.given_options import set_fields, set_remembered
from ..base.options import AnyQueryOptions, QueryOptions
from ..base.query_key import QueryKey
from ..base.query_state import FIRST_FETCH, INITIAL_STATE, started
from ..base.types import UNSET, QueryDataT
from ..cache.fetch_handle import FetchHandle
from ..cache.fetch_run import FetchRun
from ..cache.query import Query
from ..cache.query_cache import QueryCache
from ..cache.query_entry import NOBODY, ClientLike, Terms
from ..runtime.environment import Environment
from ..runtime.handle import Handle
from ..runtime.removable import DEFAULT_GC_TIME
from .defaults import NOT_LOOKED_AT, Defaults

_PLAIN: Final = NOT_LOOKED_AT | {"cancel_when_unused", "meta", "query_fn", "query_key", "structural_sharing"}
_new: Final[Any] = object.__new__


def first_fetch(
    options: QueryOptions[QueryDataT, Any],
    client: ClientLike,
    defaults: Defaults,
    cache: QueryCache,
    environment: Environment,
) -> Handle[QueryDataT] | None:
    """Fetch a query that is not in the cache, for a caller who is there to be told.

    Args:
        options: As people write them. No query is filed under the text of their key.
        client: The client, and what it consists of:
        defaults: its defaults,
        cache: its queries,
        environment: and its loop, clock and tasks.

    Returns:
        None, and nothing has happened, if it takes the general way.
    """
    query_hash = options._remembered
    inherited = defaults.inherited_apart
    loop = asyncio._get_running_loop()
    given = options.__dict__
    key: Any = options.query_key
    if (
        inherited is None
        # the text of the key, and there is none but that
        or type(query_hash) is not str
        or type(options) is not QueryOptions
        or type(given.get("query_fn")) is not FunctionType
        # mostly a key and a function are all
        or (len(given) > 2 and (not _PLAIN.issuperset(given) or callable(options.stale_time)))
        # nobody is told that it is made, and begins
        or cache.note is not None
        or cache._listeners
        # or the client is to be bound first
        or loop is None
        or loop is not environment._ready_loop
    ):
        return None
    gc_time = given.get("gc_time", UNSET)
    return _begun(key, query_hash, options, gc_time, inherited, loop, client, cache, environment)


def first_fetch_by_name(
    key: QueryKey[Any] | bytes | str,
    query_hash: str,
    query_fn: Any,
    stale_time: Any,
    client: ClientLike,
    defaults: Defaults,
    cache: QueryCache,
    environment: Environment,
) -> Handle[Any] | None:
    """The same for what is given by name, where that is all.

    Args:
        key: The key, packed.
        query_hash: Its text. No query is filed under it.
        query_fn: The query function, or whatever stands there.
        stale_time: The stale time, or whatever stands there.
        client: The client, and what it consists of:
        defaults: its defaults,
        cache: its queries,
        environment: and its loop, clock and tasks.

    Returns:
        None, and nothing has happened, if options are to be made of it, which say what is wrong.
    """
    inherited = defaults.inherited_apart
    loop = asyncio._get_running_loop()
    if (
        inherited is None
        # as in QueryOptions; a closure in a loop may bind what it needs as defaults
        or type(query_fn) is not FunctionType
        or (
            (count := (code := query_fn.__code__).co_argcount) != 1
            and not (count > 1 and count - len(query_fn.__defaults__ or ()) <= 1)
        )
        or code.co_kwonlyargcount
        or (
            stale_time is not UNSET
            and ((type(stale_time) is not float and type(stale_time) is not int) or not stale_time >= 0)
        )
        # as above
        or cache.note is not None
        or cache._listeners
        or loop is None
        or loop is not environment._ready_loop
    ):
        return None
    options: AnyQueryOptions = _new(QueryOptions)
    # without the key: the query has it, and gives it back when somebody asks for its options
    set_fields(
        options, {"query_fn": query_fn} if stale_time is UNSET else {"query_fn": query_fn, "stale_time": stale_time}
    )
    set_remembered(options, None)
    return _begun(key, query_hash, options, UNSET, inherited, loop, client, cache, environment)


def _begun(
    key: QueryKey[QueryDataT] | bytes | str,
    query_hash: str,
    options: QueryOptions[QueryDataT, Any],
    # Any: seconds, if they are given
    gc_time: Any,
    inherited: Mapping[str, Any],
    loop: asyncio.AbstractEventLoop,
    client: ClientLike,
    cache: QueryCache,
    environment: Environment,
) -> Handle[QueryDataT]:
    """The fetch of a query that is made for it."""
    terms = cache._first_terms
    if terms is None or terms.inherited is not inherited or terms.client is not client:
        terms = _first_terms(client, cache, inherited)
    if gc_time is UNSET:
        gc_time = inherited.get("gc_time")
    if gc_time is None:
        gc_time = math.inf if environment.is_server else DEFAULT_GC_TIME
    # as QueryCache.make and its constructor do
    query: Query[QueryDataT] = _new(Query)
    query._bucket = None
    query.gc_time = gc_time
    query._key = key
    query.query_hash = query_hash
    query._observers = NOBODY
    query._terms = terms
    query._options = options
    query._written_at = None
    query._answer = None
    query._json = None
    query._signal_consumed = False
    query._waiters = 0
    query._removed = False
    if gc_time < math.inf:
        environment._collector.hold(query, gc_time)
    cache._queries[query_hash] = query
    if cache._index.is_asked:
        cache._index.add(query)
    # as FetchingQuery.fetch does
    run: FetchRun[QueryDataT] = FetchRun(query, loop, options, None, None)
    run._inherited = inherited
    run.revert_state = INITIAL_STATE
    query._run = run
    if environment.online_manager.is_online():
        query._state = FIRST_FETCH
        cache._live.fetching[query_hash] = query
        run.start(may_start=True)
    else:
        query._state = started(INITIAL_STATE, False)
        cache.fetch_status_changed(query)
        run.start()
    return FetchHandle(run)


def _first_terms(client: ClientLike, cache: QueryCache, inherited: Any) -> Terms:
    completed = cache._terms
    if completed is None or completed.client is not client:
        completed = cache._terms = Terms(client, cache, client.environment)
    terms = Terms(client, cache, client.environment, inherited=inherited, completed=completed)
    cache._first_terms = terms
    return terms
