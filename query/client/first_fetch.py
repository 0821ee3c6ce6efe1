"""The first fetch of a query that is not there yet, by options like most: what a miss costs beside the fetch itself.

The general way completes the options, has the cache make a query of them, and fetches it. Options that say little more
than how to fetch, under defaults that do not change that, need nothing of it at once: the query keeps them as they were
given and completes them when somebody asks, and all else it begins with is known. What comes of it is the same; tests
hold both ways against each other.
"""

from __future__ import annotations

import asyncio
import math
from types import FunctionType
from typing import Any, Final

from ..base.options import QueryOptions
from ..base.query_state import FIRST_FETCH, INITIAL_STATE, started
from ..base.types import UNSET, QueryDataT
from ..cache.fetch_run import FetchHandle, FetchRun
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
    terms = cache._first_terms
    if terms is None or terms.inherited is not inherited or terms.client is not client:
        terms = _first_terms(client, cache, inherited)
    gc_time = given.get("gc_time", UNSET)
    if gc_time is UNSET:
        gc_time = inherited.get("gc_time")
    if gc_time is None:
        gc_time = math.inf if environment.is_server else DEFAULT_GC_TIME
    # as QueryCache.make and its constructor do
    query: Query[QueryDataT] = _new(Query)
    query._bucket = None
    query.gc_time = gc_time
    query._key = options.query_key
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
