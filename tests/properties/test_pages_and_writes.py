"""Infinite queries, mutations and hydration; the numbers are those of the list of invariants."""

from __future__ import annotations

import json as json_module

from hypothesis import given
from hypothesis import strategies as st
from stories import KEYS, Player, stories
from subjects import Failure, a_cache, few

from query import (
    InfiniteQueryObserver,
    MutationCache,
    MutationObserver,
    MutationOptions,
    dehydrate,
    hydrate,
    infinite_query_options,
    take_back,
    update_data,
)

KEY = ("a",)


# -- infinite queries


class Pages:
    """An infinite query of so many pages, observed."""

    def __init__(self, cache, there, max_pages=None, retries=0):
        self.cache = cache
        self.asked = []
        self.failing = 0
        options = infinite_query_options(
            query_key=KEY,
            query_fn=self._load,
            initial_page_param=0,
            get_next_page_param=lambda page, *_: page + 1 if page + 1 < there else None,
            get_previous_page_param=lambda page, *_: page - 1 if page > 0 else None,
            max_pages=max_pages,
            retry=retries,
            retry_delay=1,
            gc_time=50,
        )
        self.observer = InfiniteQueryObserver(cache.client, options)
        cache.left["pages"] = cache.do(lambda: self.observer.subscribe(lambda result: None))

    async def _load(self, context):
        self.asked.append(context.page_param)
        if self.failing and len(self.asked) == self.failing:
            raise Failure
        return context.page_param

    @property
    def data(self):
        return self.cache.client.get_query_data(KEY)


@few
@given(there=st.integers(1, 5), wanted=st.integers(0, 6))
def test_37_a_retry_goes_on_at_the_page_that_failed(there, wanted):
    """37. When a refetch fails at one page, the retry asks for that one again, and not for those before it."""
    with a_cache() as cache:
        pages = Pages(cache, there, retries=1)
        for _ in range(there - 1):
            cache.do(pages.observer.fetch_next_page)
        pages.asked.clear()
        pages.failing = 1 + wanted % there
        cache.do(pages.observer.refetch)
        cache.advance(1)
        failed = pages.failing - 1
        assert pages.asked == [*range(failed + 1), *range(failed, there)]


@few
@given(
    there=st.integers(1, 6),
    max_pages=st.sampled_from([None, 1, 2, 3]),
    steps=st.lists(st.sampled_from("npr"), max_size=8),
)
def test_64_pages_and_params_go_together(there, max_pages, steps):
    """64. There are as many params as pages, and never more than max_pages."""
    with a_cache() as cache:
        pages = Pages(cache, there, max_pages)
        for step in steps:
            method = {"n": "fetch_next_page", "p": "fetch_previous_page", "r": "refetch"}[step]
            cache.do(getattr(pages.observer, method))
            assert len(pages.data.pages) == len(pages.data.page_params)
            assert len(pages.data.pages) <= (max_pages or there)
            assert pages.data.pages == pages.data.page_params
            first = pages.data.pages[0]
            assert pages.data.pages == list(range(first, first + len(pages.data.pages)))


@few
@given(there=st.integers(1, 5), more=st.integers(0, 7))
def test_65_the_next_page_is_appended_while_there_is_one(there, more):
    """65. fetch_next_page appends one page; where there is none, it asks for nothing and changes nothing."""
    with a_cache() as cache:
        pages = Pages(cache, there)
        for _ in range(more):
            before, asked = pages.data, len(pages.asked)
            has_next = pages.observer.get_current_result().has_next_page
            cache.do(pages.observer.fetch_next_page)
            if has_next:
                assert pages.data.pages == [*before.pages, len(before.pages)]
            else:
                assert pages.data is before
                assert len(pages.asked) == asked


@few
@given(there=st.integers(1, 5), loaded=st.integers(0, 4))
def test_66_a_refetch_asks_for_as_many_pages_in_order(there, loaded):
    """66. A refetch asks for as many pages as there were, one after the other, from the first param on."""
    with a_cache() as cache:
        pages = Pages(cache, there)
        for _ in range(loaded):
            cache.do(pages.observer.fetch_next_page)
        count = len(pages.data.pages)
        pages.asked.clear()
        cache.do(pages.observer.refetch)
        assert pages.asked == list(range(count))


# -- mutations


class Writes:
    """Mutations that end when the test says so."""

    def __init__(self, cache, **options):
        self.cache = cache
        self.begun = []
        self.statuses = {}
        cache.client.get_mutation_cache().subscribe(self._note)
        self.options = MutationOptions(mutation_fn=self._write, gc_time=50, **options)
        self.handles = []

    def _note(self, event):
        if event.mutation is not None:
            self.statuses.setdefault(event.mutation.mutation_id, []).append(event.mutation.state.status)

    async def _write(self, variables, context):
        done = self.cache.loop.create_future()
        self.begun.append((variables, done))
        return await done

    def start(self, variables, **options):
        observer = MutationObserver(self.cache.client, self.options.with_(**options))
        self.handles.append(self.cache.run(self.cache.do(observer.mutate, variables)))

    def end(self, number, succeeds):
        done = self.begun[number][1]
        if not done.done():
            self.cache.do(lambda: done.set_result(number) if succeeds else done.set_exception(Failure(number)))

    def finish(self):
        """Let everything end that has begun, and what begins by that."""
        number = 0
        while number < len(self.begun):
            self.end(number, True)
            number += 1
        self.cache.client.get_mutation_cache()._listeners.pop(self._note, None)


outcomes = st.lists(st.booleans(), min_size=1, max_size=6)


@few
@given(outcomes=outcomes)
def test_67_a_mutation_only_goes_forward(outcomes):
    """67. The status of a mutation goes from idle over pending to one outcome, and never back."""
    rank = {"idle": 0, "pending": 1, "success": 2, "error": 2}
    with a_cache() as cache:
        writes = Writes(cache)
        for number, succeeds in enumerate(outcomes):
            writes.start(number)
            writes.end(number, succeeds)
        for statuses in writes.statuses.values():
            assert [rank[status] for status in statuses] == sorted(rank[status] for status in statuses)
            assert len({status for status in statuses if rank[status] == 2}) == 1
        writes.finish()


@few
@given(outcomes=outcomes, scopes=st.lists(st.sampled_from(["s", "t"]), min_size=6, max_size=6))
def test_68_one_at_a_time_in_a_scope_in_order(outcomes, scopes):
    """68. Of one scope at most one mutation runs, and they run in the order in which they were called."""
    with a_cache() as cache:
        writes = Writes(cache)
        for number in range(len(outcomes)):
            writes.start(number, scope=scopes[number])
        for step, succeeds in enumerate(outcomes):
            running = [n for n, (_, done) in enumerate(writes.begun) if not done.done()]
            names = [scopes[writes.begun[n][0]] for n in running]
            assert len(names) == len(set(names))
            if running:
                writes.end(running[step % len(running)], succeeds)
        writes.finish()
        for scope in "st":
            begun = [variables for variables, _ in writes.begun if scopes[variables] == scope]
            assert begun == [n for n in range(len(outcomes)) if scopes[n] == scope]


@few
@given(succeeds=st.booleans(), of_cache=st.booleans())
def test_69_callbacks_come_in_order(succeeds, of_cache):
    """69. on_mutate, the function, on_success or on_error, on_settled; the cache's own before those of the options."""
    told = []

    def note(name):
        return lambda *_: told.append(name)

    names = ("on_mutate", "on_success", "on_error", "on_settled")
    with a_cache() as cache:
        callbacks = {name: note(f"cache {name}") for name in names} if of_cache else {}
        cache.client._mutation_cache = MutationCache(**callbacks)
        writes = Writes(cache, **{name: note(name) for name in names})
        observer = MutationObserver(cache.client, writes.options)
        stop = cache.do(lambda: observer.subscribe(lambda result: None))
        per_call = {name: note(f"call {name}") for name in names[1:]}
        handle = cache.run(cache.do(lambda: observer.mutate(1, **per_call)))
        told.append("function")
        writes.end(0, succeeds)
        cache.do(stop)
        assert handle.done()
        outcome = "on_success" if succeeds else "on_error"
        expected = []
        for name in ("on_mutate", "function", outcome, "on_settled"):
            expected += [name] if name == "function" else [f"cache {name}"] * of_cache + [name]
        assert told == [*expected, f"call {outcome}", "call on_settled"]
        writes.finish()


@few
@given(before=st.none() | st.integers() | st.lists(st.integers()))
def test_70_a_rollback_brings_the_data_back(before):
    """70. If an optimistic update fails, the data after its rollback is that of the snapshot."""
    with a_cache() as cache:
        cache.write(KEY, before)

        def on_mutate(variables, context):
            snapshot = cache.client.get_query_data(KEY)
            cache.client.set_query_data(KEY, ["optimistic", variables])
            return (snapshot,)

        def on_error(error, variables, result, context):
            cache.client.set_query_data(KEY, result[0])

        writes = Writes(cache, on_mutate=on_mutate, on_error=on_error)
        writes.start(1)
        assert cache.client.get_query_data(KEY) == ["optimistic", 1]
        writes.end(0, False)
        assert cache.client.get_query_data(KEY) == before
        writes.finish()


@few
@given(touched=st.lists(st.sampled_from(KEYS), min_size=1, unique=True), newer=st.sets(st.sampled_from(KEYS)))
def test_70_a_rollback_takes_back_what_was_written_and_nothing_newer(touched, newer):
    """70. Taken back, optimistic writes of several queries are gone, but for data that came in since."""
    with a_cache() as cache:
        for key in KEYS:
            cache.write(key, ["before"])
            cache.fetch(key)

        def on_mutate(variables, context):
            return [update_data(context.client, cache.options(key).query_key, lambda old: [*old, 1]) for key in touched]

        writes = Writes(cache, on_mutate=on_mutate, on_error=take_back)
        writes.start(1)
        for number, (key, _, _) in enumerate(cache.asked):
            # the answer of a fetch that began before does not know of the write
            if key in touched:
                cache.answer(number, ["late"])
        optimistic = {key: ["before", *[1] * touched.count(key)] for key in KEYS}
        assert {key: cache.view(key).data for key in KEYS} == optimistic
        for key in newer:
            cache.write(key, ["newer"])
        writes.end(0, False)
        assert {key: cache.view(key).data for key in KEYS} == {
            key: ["newer"] if key in newer else ["before"] for key in KEYS
        }
        writes.finish()


@few
@given(value=st.integers())
def test_71_a_failing_on_mutate_writes_nothing(value):
    """71. If on_mutate fails, the function is not called, and on_error and on_settled get no context."""
    told = []

    def on_mutate(variables, context):
        raise Failure(value)

    with a_cache() as cache:
        writes = Writes(
            cache,
            on_mutate=on_mutate,
            on_error=lambda error, variables, result, context: told.append(("on_error", result)),
            on_settled=lambda data, error, variables, result, context: told.append(("on_settled", result)),
        )
        writes.start(1)
        assert writes.begun == []
        assert told == [("on_error", None), ("on_settled", None)]
        assert [m.state.status for m in cache.client.get_mutation_cache().get_all()] == ["error"]
        writes.finish()


@few
@given(n=st.integers(1, 4), scoped=st.booleans())
def test_72_offline_mutations_wait_and_go_on_once_in_order(n, scoped):
    """72. A mutation is not retried by default; offline it waits, and goes on exactly once, in order."""
    with a_cache() as cache:
        writes = Writes(cache, **({"scope": "s"} if scoped else {}))
        cache.set_online(False)
        for number in range(n):
            writes.start(number)
        assert writes.begun == []
        cache.set_online(True)
        writes.finish()
        assert [variables for variables, _ in writes.begun] == list(range(n))
        writes.start("failing")
        writes.end(n, False)
        cache.advance(100)
        assert len(writes.begun) == n + 1
        assert isinstance(writes.handles[-1].result()[1], Failure)


@few
@given(outcomes=outcomes)
def test_73_is_mutating_counts_what_is_pending(outcomes):
    """73. is_mutating is the number of pending mutations."""
    with a_cache() as cache:
        writes = Writes(cache)
        for number in range(len(outcomes)):
            writes.start(number)
            assert cache.client.is_mutating() == number + 1
        for number, succeeds in enumerate(outcomes):
            writes.end(number, succeeds)
            assert cache.client.is_mutating() == len(outcomes) - number - 1
        writes.finish()


# -- hydration


def states(client):
    """All states without what a client has for itself."""
    return {
        tuple(query.query_key): (
            query.state.data,
            query.state.status,
            query.state.data_update_count,
            query.state.data_updated_at,
            query.state.is_invalidated,
            query.state.fetch_status,
        )
        for query in client.get_query_cache().get_all()
    }


@few
@given(story=stories)
def test_74_hydrating_an_empty_client_is_the_identity(story):
    """74. A hydrated empty client has the same keys, data, statuses, counts and dates, and is idle."""
    with a_cache() as cache, a_cache() as other:
        player = Player(cache)
        for step in story:
            player.take(step)
        plain = cache.loop.call(lambda: dehydrate(cache.client))
        other.do(lambda: hydrate(other.client, plain))
        successes = {key: state for key, state in states(cache.client).items() if state[1] == "success"}
        assert states(other.client) == {key: (*state[:-1], "idle") for key, state in successes.items()}


@few
@given(story=stories, key=st.sampled_from(KEYS), age=st.integers(-5, 5))
def test_75_hydrating_replaces_nothing_newer_and_stops_no_fetch(story, key, age):
    """75. What is hydrated replaces older data alone, and a fetch under way goes on."""
    with a_cache() as cache, a_cache() as other:
        other.do(lambda: other.client.set_query_data(key, "hydrated", updated_at=other.now + age))
        plain = other.loop.call(lambda: dehydrate(other.client))
        player = Player(cache)
        for step in story:
            player.take(step)
        before = cache.view(key)
        cache.do(lambda: hydrate(cache.client, plain))
        after = cache.view(key)
        if before is not None:
            newer = other.now + age > before.updated_at
            assert after.data == ("hydrated" if newer else before.data)
            assert after.updated_at >= before.updated_at
            assert after.fetch_status == before.fetch_status


@few
@given(story=stories)
def test_76_dehydrated_state_survives_json(story):
    """76. What is dehydrated is the same after a journey as JSON, and when it is hydrated and dehydrated again."""
    with a_cache() as cache, a_cache() as other:
        player = Player(cache)
        for step in story:
            player.take(step)
        plain = cache.loop.call(lambda: dehydrate(cache.client))
        travelled = json_module.loads(json_module.dumps(plain))
        assert travelled == plain
        other.do(lambda: hydrate(other.client, travelled))
        again = other.loop.call(lambda: dehydrate(other.client))
        assert list(map(lasting, again["queries"])) == list(map(lasting, plain["queries"]))


def lasting(query):
    """A dehydrated query without what tells of the moment in which it was written."""
    return {**query, "dehydrated_at": None, "state": {**query["state"], "fetch_status": None, "fetch_meta": None}}
