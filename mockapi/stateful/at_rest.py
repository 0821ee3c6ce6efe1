"""What holds when nothing can run any more at this instant."""

from __future__ import annotations

import asyncio
from typing import Any

from query import QueryCancelledError
from query.base.types import UNSET, microseconds
from query.base.values import given
from query.cache.query_cache import QueryCache

from .entry import Entry, Waiter
from .model import Model
from .requests import Request


def check_entries(model: Model, cache: QueryCache, requests: list[Request], now: float, may_pause: bool) -> None:
    """Look at each entry; what is wrong is noted in the model.

    Args:
        model: The oracle.
        cache: The cache.
        requests: The open requests of queries.
        now: The time.
        may_pause: A fetch may wait: for the network, the focus, or a mutation that goes first.
    """
    queries = cache.get_all()
    if len(queries) != len(model.entries):
        model.wrong(f"the cache has {len(queries)} queries, by its events it has {len(model.entries)}")
    busy: dict[int, int] = {}
    for request in requests:
        fetch = request.fetch
        if fetch.end:
            model.wrong(f"request {request} is still under way, and its fetch has ended: {fetch.end}")
        busy[id(fetch)] = busy.get(id(fetch), 0) + 1
    for query in queries:
        entry = model.entries.get(query.query_hash)
        if entry is None or entry.query is not query:
            model.wrong(f"{query!r} is in the cache, and no event said so")
            continue
        _check_state(model, entry)
        _check_fetch(model, entry, busy, now, may_pause)
        if entry.unused_since is not None and entry.fetch is None and not query.observers:
            age = microseconds(now) - microseconds(entry.unused_since)
            if query.gc_time != float("inf") and age >= microseconds(query.gc_time):
                model.wrong(f"{entry} is unused for {age / 1e6:g} s and still there, gc_time is {query.gc_time:g} s")
        if entry.waiters:
            entry.waiters = [waiter for waiter in entry.waiters if not _is_settled(model, entry, waiter)]
    for entry in model.gone:
        entry.waiters = [waiter for waiter in entry.waiters if not _is_settled(model, entry, waiter)]
    if model.gone:
        model.gone = [entry for entry in model.gone if entry.waiters]


def _check_state(model: Model, entry: Entry) -> None:
    state: Any = entry.query.state
    if state is not entry.state:
        model.wrong(f"{entry} changed without an event: {entry.state!r} to {state!r}")
    has_data = state.data is not UNSET
    match state.status:
        case "success":
            fits = has_data and state.error is None
        case "pending":
            fits = not has_data and state.error is None
        case _:
            fits = state.error is not None and (state.fetch_status != "idle" or state.is_invalidated)
    if not fits:
        model.wrong(f"{entry} is {state.status!r} with data {state.data!r}, error {state.error!r}")
    if (state.fetch_failure_count > 0) != (state.fetch_failure_reason is not None):
        model.wrong(f"{entry} has {state.fetch_failure_count} failures, the last one {state.fetch_failure_reason!r}")


def _check_fetch(model: Model, entry: Entry, busy: dict[int, int], now: float, may_pause: bool) -> None:
    status, fetch = entry.query.state.fetch_status, entry.fetch
    if (status != "idle") != (fetch is not None):
        model.wrong(f"{entry} is {status!r}, and {'no' if fetch is None else 'a'} fetch of it is under way")
    if fetch is None or not fetch.is_held:
        return
    underway = busy.get(id(fetch), 0)
    if underway > 1:
        model.wrong(f"{entry} has {underway} requests under way for one fetch")
    if status == "fetching" and not underway:
        if fetch.due is None:
            model.wrong(f"{entry} is 'fetching', and nothing is under way for it")
        elif microseconds(now) >= microseconds(fetch.due):
            model.wrong(f"{entry} was to be tried again at {fetch.due:g}, and it is {now:g}")
    if status == "paused":
        if underway:
            model.wrong(f"{entry} is 'paused', and {underway} request(s) of it are under way")
        if not may_pause:
            model.wrong(f"{entry} is 'paused', and there is nothing to wait for")


def _is_settled(model: Model, entry: Entry, waiter: Waiter) -> bool:
    """Whether a waiter has got what it is to get, and needs no further look."""
    handle, task = waiter.handle, waiter.task
    if not handle.done():
        if entry.fetch is None:
            model.wrong(f"{entry}: somebody waits for a fetch that is over ({waiter.fetch and waiter.fetch.end})")
        return False
    try:
        fetch, error = waiter.fetch, handle.exception()
    except asyncio.CancelledError:
        model.wrong(f"{entry}: the outcome that all waiters share was cancelled")
        return True
    while fetch is not None and fetch.heir is not None:
        fetch = fetch.heir
    if fetch is not None and fetch.is_held:
        if fetch.end == "succeeded" and error is None and fetch.answer is not UNSET:
            got = handle.result()
            if got is not fetch.answer and not hasattr(got, "pages"):
                model.wrong(f"{entry}: a waiter got {got!r}, its fetch was answered {fetch.answer!r}")
        elif fetch.end == "succeeded" and error is not None:
            model.wrong(f"{entry}: a waiter got {error!r}, and its fetch succeeded")
        elif fetch.end == "failed" and error is not fetch.error:
            model.wrong(f"{entry}: a waiter got {error or handle.result()!r}, and its fetch failed: {fetch.error!r}")
        elif fetch.end == "removed" and not isinstance(error, QueryCancelledError):
            model.wrong(f"{entry}: a waiter of a removed query got {error or handle.result()!r}")
    if task is not None:
        if waiter.is_gone:
            return task.done()
        if not task.done():
            model.wrong(f"{entry}: a task waits for an outcome that is there")
        elif task.cancelled():
            model.wrong(f"{entry}: a waiter was cancelled, and nobody cancelled it")
        elif task.exception() is not error or (error is None and task.result() is not handle.result()):
            model.wrong(f"{entry}: two waiters of one fetch got different things")
    return True


def check_mutations(model: Model, cache: Any) -> None:
    """Look at the mutations; what is wrong is noted in the model.

    Args:
        model: The oracle.
        cache: The mutation cache.
    """
    scopes: dict[str, int] = {}
    for mutation in cache.get_all():
        state = mutation.state
        if state.status != "pending":
            continue
        scope = given(mutation.options.scope, None)
        if scope is not None and not state.is_paused:
            scopes[scope] = scopes.get(scope, 0) + 1
            if scopes[scope] == 2:
                model.wrong(f"two mutations of scope {scope!r} run at once")
