"""The cache with the face of the model, so that one property can be asked of both."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager

import model
import pytest
from hypothesis import settings
from model import NOTHING, Model, View

from mockapi import assert_no_leaks, check_invariants
from mockapi.exploring import DeterministicLoop
from mockapi.invariants import InvariantWatch
from query import UNSET, FocusManager, OnlineManager, QueryClient, QueryObserver, QueryOptions

START = 1000


class Failure(Exception):
    """What an attempt fails with."""


class LoopClock:
    """A clock that follows a loop."""

    def __init__(self, loop):
        self._loop = loop
        self.shift = 0

    def time(self):
        return START + self._loop.time() + self.shift

    def monotonic(self):
        return self._loop.time()

    def call_later(self, delay, callback, *args):
        return self._loop.call_later(delay, callback, *args)

    async def sleep(self, delay):
        await asyncio.sleep(delay)


class Cache:
    """A client on a loop of its own, whose query function waits for ``answer`` or ``fail``."""

    def __init__(self, retries=0, **options):
        self.loop = DeterministicLoop(autojump=False)
        self.online = OnlineManager()
        self.focus = FocusManager()
        self.clock = LoopClock(self.loop)
        self.client = QueryClient(clock=self.clock, online_manager=self.online, focus_manager=self.focus)
        self.asked = []
        self.left = {}
        self.seen = {}
        self.handles = []
        self._options = {
            "query_fn": self._load,
            "retry": retries,
            "retry_delay": model.RETRY_DELAY,
            "gc_time": model.GC_TIME,
            **options,
        }
        self.watch = InvariantWatch(self.client)
        self.do(self.watch.start)
        self.do(self.client.mount)

    # -- how it is driven

    def do(self, function, *args):
        """Call a function in the loop, and let happen what follows at this instant."""
        result = self.loop.call(function, *args)
        self.loop.run_until_idle()
        return result

    def run(self, awaitable):
        """The outcome of an awaitable: (value, None) or (None, error); None while there is none."""

        async def outcome():
            try:
                return await awaitable, None
            except Exception as error:  # noqa: BLE001 - it is looked at
                return None, error

        task = self.do(lambda: self.loop.create_task(outcome()))
        return task

    def options(self, key, **options):
        """Options of a query."""
        return QueryOptions(query_key=key, **{**self._options, **options})

    async def _load(self, context):
        answer = self.loop.create_future()
        self.asked.append((tuple(context.query_key), answer, self.now))
        return await answer

    def close(self):
        """End everything, and find that nothing is left."""
        self.watch.check()
        self.loop.call(check_invariants, self.client)
        self.do(self.watch.stop)
        for name in list(self.left):
            self.unobserve(name)
        self.do(self.client.clear)
        for _, answer, _ in self.asked:
            # nobody waits for them any more
            self.do(answer.cancel)
        self.loop.call(lambda: assert_no_leaks(self.client, empty=True))
        self.do(self.client.unmount)
        assert self.loop.leaks() == []
        assert not self.online.has_listeners()
        assert not self.focus.has_listeners()

    # -- the face of the model

    @property
    def now(self):
        return START + self.loop.time()

    def query(self, key):
        """The query."""
        return self.client.get_query_cache().find(key)

    def view(self, key):
        query = self.query(key)
        if query is None:
            return None
        state = query.state
        return View(
            data=NOTHING if state.data is UNSET else state.data,
            updates=state.data_update_count,
            updated_at=state.data_updated_at,
            error=state.error,
            errors=state.error_update_count,
            failures=state.fetch_failure_count,
            invalidated=state.is_invalidated,
            status=state.status,
            fetch_status=state.fetch_status,
        )

    def keys(self):
        return [tuple(query.query_key) for query in self.client.get_query_cache().get_all()]

    @property
    def attempts(self):
        return self.asked

    def calls(self, key):
        return sum(asked == key for asked, _, _ in self.asked)

    def observers(self, key):
        query = self.query(key)
        return 0 if query is None else query.get_observers_count()

    def fetch(self, key, stale_time=0):
        self.do(lambda: self.client.fetch_query(self.options(key, stale_time=stale_time)))

    def observe(self, name, key, enabled=True, stale_time=0, **options):
        def begin():
            observer = QueryObserver(self.client, self.options(key, enabled=enabled, stale_time=stale_time, **options))
            self.seen[name] = []
            self.left[name] = observer.subscribe(self.seen[name].append)
            return observer

        return self.do(begin)

    def unobserve(self, name):
        if name in self.left:
            self.do(self.left.pop(name))

    def write(self, key, data):
        # as a fetch or an observer would make it: one that is only written gets the default gc_time
        self.do(lambda: self.client.get_query_cache().build(self.client, self.options(key)))
        self.do(lambda: self.client.set_query_data(key, data))

    def invalidate(self, prefix, refetch=True):
        self.do(lambda: self.client.invalidate_queries(prefix, refetch_type=None if refetch else "none"))

    def cancel(self, prefix):
        self.do(lambda: self.client.cancel_queries(prefix))

    def reset(self, prefix):
        self.do(lambda: self.client.reset_queries(prefix))

    def remove(self, prefix):
        self.do(lambda: self.client.remove_queries(prefix))

    def answer(self, number, data):
        self._settle(number, lambda future: future.set_result(data))

    def fail(self, number, error):
        self._settle(number, lambda future: future.set_exception(error))

    def _settle(self, number, settle):
        future = self.asked[number][1]
        if not future.done():
            self.do(settle, future)

    def advance(self, seconds):
        self.loop.advance(seconds)

    def set_online(self, online):
        self.do(self.online.set_online, online)


@contextmanager
def a_cache(**options):
    """A cache, closed at the end: which proves that its state can be and that nothing is left."""
    cache = Cache(**options)
    try:
        yield cache
        cache.close()
    finally:
        cache.loop.end()


@contextmanager
def a_model(**options):
    """The model."""
    yield Model(**options)


on_both = pytest.mark.parametrize("subject", [a_cache, a_model], ids=["cache", "model"])
"""Asks a property of the cache and of the model."""

few = settings(max_examples=30, deadline=None, database=None, derandomize=True)
"""For a property with a number: the same examples each time."""
many = settings(max_examples=60, deadline=None, database=None, derandomize=True)
"""For the comparison with the model, and for what only long stories break."""
