"""A query in readable lines, for messages."""

from __future__ import annotations

import difflib
import functools
import inspect
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from query import Query, QueryCache
from query.base.types import UNSET, is_valid_timeout, seconds
from query.base.values import given, resolve_query_value, resolve_stale_time
from query.observers.query_observer_base import QueryObserverBase

from ..differences import shown
from .cached_data import plain

_WIDTH = 12
_NEAREST = 3


def query_name(query: Query[Any]) -> str:
    """A query as messages call it.

    Args:
        query: The query.
    """
    return f"query {key_text(query.query_key.parts)}"


def key_text(parts: Any) -> str:
    """A key as messages show it, without secrets.

    Args:
        parts: Its parts.
    """
    return shown(list(parts))


def described(query: Query[Any]) -> list[str]:
    """Everything that is known of a query, one line for each subject.

    Args:
        query: The query.
    """
    return [f"{name:{_WIDTH}}{text}" for name, text in _lines(query)]


def age(query: Query[Any], then: float) -> str:
    """How long ago an instant was, by the clock of the query's client.

    Args:
        query: The query.
        then: Seconds since the epoch.
    """
    passed = query.environment.now() - then
    return f"{duration(passed)} ago" if passed >= 0 else f"{duration(-passed)} in the future"


def duration(length: float) -> str:
    """A duration in seconds, rounded to microseconds.

    Args:
        length: Seconds.
    """
    return "inf" if length == math.inf else f"{round(length, 6):.10g} s"


def stale_by_time(query: Query[Any], stale_time: Any) -> tuple[bool, str]:
    """Whether a query is stale by a stale time, and why.

    Args:
        query: The query.
        stale_time: Seconds, a timedelta or "static".
    """
    state = query.state
    if state.data is UNSET:
        return True, "there is no data"
    is_stale = query.is_stale_by_time(stale_time)
    limit = stale_time if isinstance(stale_time, str) else duration(seconds(stale_time))
    if state.is_invalidated and is_stale:
        return True, "it is invalidated"
    if limit == "static":
        return False, "stale_time is 'static'"
    old = duration(max(0.0, query.environment.now() - state.data_updated_at))
    return is_stale, f"the data is {old} old, stale_time is {limit}"


def staleness(query: Query[Any]) -> tuple[bool, str]:
    """Whether a query is stale, and why: as its observers see it, else by its own options.

    Args:
        query: The query.
    """
    observers = [observer for observer in query.observers if isinstance(observer, QueryObserverBase)]
    if not observers:
        return stale_by_time(query, resolve_stale_time(query.options.stale_time, query))
    found: list[tuple[bool, str]] = []
    for observer in observers:
        if resolve_query_value(observer.options.enabled, query, True) is False:
            found.append((False, "a disabled observer calls nothing stale"))
        else:
            # what the observer shows counts: it is told when its time has come
            _, why = stale_by_time(query, resolve_stale_time(observer.options.stale_time, query))
            found.append((observer.is_result_stale(), why))
    return next((one for one in found if one[0]), found[0])


def nearest(cache: QueryCache, query_key: Any) -> list[str]:
    """The keys of a cache that are most like one that is not there, the nearest first.

    Args:
        cache: The cache.
        query_key: The key that was looked for.
    """

    def likeness(query: Query[Any]) -> tuple[int, float]:
        both = zip(query.query_key.parts, query_key.parts, strict=False)
        same = 0
        for mine, wanted in both:
            if mine != wanted:
                break
            same += 1
        return same, difflib.SequenceMatcher(None, query.query_key.text, query_key.text).ratio()

    queries = sorted(cache.get_all()[:1000], key=likeness, reverse=True)
    return [key_text(query.query_key.parts) for query in queries[:_NEAREST]]


def function_text(function: object) -> str:
    """A function by its name and place.

    Args:
        function: Any callable.
    """
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    name = name.replace("<locals>.", "")
    code = getattr(inspect.unwrap(function) if callable(function) else function, "__code__", None)
    return name if code is None else f"{name} ({Path(code.co_filename).name}:{code.co_firstlineno})"


def _lines(query: Query[Any]) -> Iterator[tuple[str, str]]:
    state = query.state
    marks = ", invalidated" if state.is_invalidated else ""
    yield "status", f"{state.status}, {state.fetch_status}{marks}"
    if state.data is UNSET:
        yield "data", "none"
    else:
        times = state.data_update_count
        yield "data", f"from {age(query, state.data_updated_at)}, updated {times} time(s): {shown(plain(state.data))}"
    is_stale, why = staleness(query)
    yield "stale", f"{'yes' if is_stale else 'no'}: {why}"
    if state.error is not None:
        yield "error", f"{shown(state.error)}, {age(query, state.error_updated_at)}"
    if state.error_update_count:
        yield "failed", f"{state.error_update_count} fetch(es) for good"
    if state.fetch_failure_count:
        yield "attempts", f"{state.fetch_failure_count} of this fetch failed, last: {shown(state.fetch_failure_reason)}"
    yield "observers", _observers(query)
    yield "fetched by", _function(given(query.options.query_fn, None))
    yield "collected", _collection(query)


def _observers(query: Query[Any]) -> str:
    count = query.get_observers_count()
    if not count:
        return "none"
    enabled = sum(resolve_query_value(one.options.enabled, query, True) is not False for one in query.observers)
    return f"{count}, {enabled} of them enabled"


def _function(function: Callable[..., Any] | object | None) -> str:
    if function is None:
        return "nothing: it has no query_fn"
    return function_text(function) if callable(function) else "nothing: its query_fn is skip_token"


def _collection(query: Query[Any]) -> str:
    after = duration(query.gc_time)
    if query.get_observers_count():
        return f"not while it is observed; then after {after}"
    if not is_valid_timeout(query.gc_time):
        return "never"
    return f"{after} after its last use"
