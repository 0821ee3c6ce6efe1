"""A client in a world of its own, and what to look at it with. For the tests of cache, client and observers."""

from __future__ import annotations

import pytest

from query import (
    FocusManager,
    InfiniteQueryOptions,
    MutationOptions,
    OnlineManager,
    QueryClient,
    QueryObserver,
    QueryOptions,
)

GC_TIMER = "timer: garbage collection of "


class Answers:
    """A function for ``query_fn`` or ``mutation_fn``: gives one answer after the other, the last one for good.

    An answer that is an exception is raised. ``calls`` has the arguments of each call.
    """

    def __init__(self, clock, answers, after):
        self.clock = clock
        self.answers = answers
        self.after = after
        self.calls = []

    async def __call__(self, *args):
        answer = self.answers[min(len(self.calls), len(self.answers) - 1)]
        self.calls.append(args)
        if self.after:
            await self.clock.sleep(self.after)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class FakeObserver:
    """What a query knows of an observer, and no more."""

    def __init__(self, client, **options):
        self.options = client.default_query_options(QueryOptions(**options))
        self.updates = 0
        self.stale = False
        self.wants_focus = False
        self.wants_reconnect = False
        self.refetched = []
        self.on_update = lambda: None

    def on_query_update(self):
        self.updates += 1
        self.on_update()

    def is_result_stale(self):
        return self.stale

    def should_fetch_on_window_focus(self):
        return self.wants_focus

    def should_fetch_on_reconnect(self):
        return self.wants_reconnect

    def refetch(self, **how):
        self.refetched.append(how)


class FakeMutationObserver:
    """What a mutation knows of an observer, and no more."""

    def __init__(self, listened=True):
        self.actions = []
        self.listened = listened

    def has_listeners(self):
        return self.listened

    def on_mutation_update(self, action):
        self.actions.append(action.type)


def event_text(event):
    """An event of a cache as ``type`` or ``updated:action``."""
    return event.type if event.action is None else f"{event.type}:{event.action.type}"


def shown(result):
    """A result as (status, fetch_status, data)."""
    return (result.status, result.fetch_status, result.data)


def changes(states):
    """States as (status, fetch_status), one after the other."""
    return [(state.status, state.fetch_status) for state in states]


@pytest.fixture
def online():
    """The network of this test alone."""
    return OnlineManager()


@pytest.fixture
def focus():
    """The attention of this test alone."""
    return FocusManager()


@pytest.fixture
async def client(clock, online, focus, reported):
    """A mounted client. It must leave nothing behind but entries that wait to be collected, and report nothing.

    A test that expects reports takes them with ``reported.clear()``.
    """
    client = QueryClient(clock=clock, online_manager=online, focus_manager=focus)
    client.mount()
    yield client
    left = [line for line in client.leaks() if not line.startswith(GC_TIMER)]
    await client.aclose()
    assert left == []
    assert client.leaks() == []
    assert reported == []


@pytest.fixture
def answering(clock):
    """Makes functions for queries and mutations: ``answering("first", "later", after=seconds)``."""
    return lambda *answers, after=0.0: Answers(clock, answers, after)


@pytest.fixture
def events(client):
    """What both caches tell their listeners, as texts."""
    texts = []
    client.get_query_cache().subscribe(lambda event: texts.append(event_text(event)))
    client.get_mutation_cache().subscribe(lambda event: texts.append(event_text(event)))
    return texts


@pytest.fixture
def states(client):
    """The states of queries that follow from one another, as the cache's listeners see them."""
    seen = []
    client.get_query_cache().subscribe(lambda event: event.type == "updated" and seen.append(event.query.state))
    return seen


@pytest.fixture
def build(client, key):
    """Makes the query of ``key`` with some options."""
    return lambda **options: client.get_query_cache().build(client, QueryOptions(**{"query_key": key, **options}))


@pytest.fixture
def observe(client, key):
    """Makes an observer of ``key`` with some options."""
    return lambda **options: QueryObserver(client, QueryOptions(**{"query_key": key, **options}))


@pytest.fixture
def mutation_of(client):
    """Makes a mutation with some options."""
    return lambda **options: client.get_mutation_cache().build(client, MutationOptions(**options))


@pytest.fixture
def watch():
    """Subscribes to an observer until the test ends; returns the list of what it tells."""
    unsubscribes = []

    def watch(observer):
        told = []
        unsubscribes.append(observer.subscribe(told.append))
        return told

    yield watch
    for unsubscribe in reversed(unsubscribes):
        unsubscribe()


class Pages:
    """A function for the ``query_fn`` of an infinite query: page n is ``answers[n]`` if it is there, else "page n".

    An answer that is a list gives one after the other, the last one for good; an exception is raised.
    """

    def __init__(self, clock, answers, after):
        self.clock = clock
        self.answers = answers
        self.after = after
        self.contexts = []

    @property
    def asked(self):
        """The page params of all calls, in order."""
        return [context.page_param for context in self.contexts]

    async def __call__(self, context):
        self.contexts.append(context)
        answer = self.answers.get(context.page_param, f"page {context.page_param}")
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if self.after:
            await self.clock.sleep(self.after)
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
def paging(clock):
    """Makes functions for the pages of an infinite query: ``paging({2: error}, after=seconds)``."""
    return lambda answers=None, after=0.0: Pages(clock, answers or {}, after)


def until(last):
    """Page params up to *last*, each one more than the one before."""
    return lambda page, pages, param, params: param + 1 if param < last else None


def down_to(first):
    """Page params down to *first*, each one less than the one before."""
    return lambda page, pages, param, params: param - 1 if param > first else None


@pytest.fixture
def infinite(key):
    """Makes options of an infinite query of ``key``, from page 0 up to page 9."""
    return lambda **options: InfiniteQueryOptions(
        **{"query_key": key, "initial_page_param": 0, "get_next_page_param": until(9), **options}
    )
