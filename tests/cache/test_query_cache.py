"""The query cache: what it holds, what it finds, and what it tells."""

from __future__ import annotations

import re

import pytest
from client_fixtures import FakeObserver, event_text

from query import (
    UNSET,
    OptionError,
    QueryCache,
    QueryClient,
    QueryFilters,
    QueryObserver,
    QueryOptions,
    UnknownOptionError,
)
from query.cache.query import Query
from query.cache.query_entry import Terms

Failed = pytest.fail.Exception


@pytest.fixture
def cache(client):
    """The client's query cache."""
    return client.get_query_cache()


@pytest.fixture
def heard(cache):
    """The events themselves."""
    events = []
    cache.subscribe(events.append)
    return events


# -- building, adding, removing


def test_a_query_is_made_once(build, cache):
    """Later options and states leave an existing query as it is."""
    query = build(meta={"a": 1})
    assert build(meta={"b": 2}) is query
    assert query.meta == {"a": 1}
    assert cache.get_all() == [query]


@pytest.mark.parity("QC-queryCache-013")
def test_the_hash_comes_from_the_key(build):
    """Keys that are equal are one entry."""
    assert build(query_key=["a", {"y": 1, "x": 2}]).query_hash == '["a",{"x":2,"y":1}]'


@pytest.mark.parity("QC-queryCache-014")
def test_a_given_hash_is_taken_as_it_is(build, cache):
    """And the query is filed under it."""
    query = build(query_hash="some hash")
    assert cache.get("some hash") is query


@pytest.mark.parametrize("options", [QueryOptions(retry=1), QueryOptions(query_hash="a hash alone")])
def test_options_without_a_key_are_refused(client, cache, options):
    """The text says what to pass."""
    with pytest.raises(OptionError, match=r'have no query_key.*Pass query_key=, a list or tuple such as \("projects"'):
        cache.build(client, options)
    assert cache.get_all() == []


@pytest.mark.parity("QC-queryCache-001", "QC-queryCache-002", "QC-queryCache-004", "QC-queryCache-005")
@pytest.mark.parametrize("more", [{}, {"initial_data": "initial"}], ids=["without data", "with initial data"])
@pytest.mark.parametrize("how", ["write", "prefetch", "observer"])
async def test_a_new_query_is_told_of_first(client, cache, heard, key, clock, how, more):
    """Whatever creates it; the event carries the very query."""
    options = QueryOptions(query_key=key, query_fn=lambda context: "data", **more)
    if how == "write":
        client.set_query_defaults(key, QueryOptions(**more))
        client.set_query_data(key, "written")
    elif how == "prefetch":
        client.prefetch_query(options)
    else:
        QueryObserver(client, options)
    query = cache.find(query_key=key)
    assert (heard[0].type, heard[0].query) == ("added", query)
    assert {event.query for event in heard} == {query}
    assert [event.type for event in heard].count("added") == 1
    await clock.settle()


def test_a_query_is_added_before_anybody_is_told(cache, build, heard):
    """The event carries it; adding it again is no news."""
    query = build()
    cache.add(query)
    assert [(event.type, event.query, event.action, event.observer) for event in heard] == [
        ("added", query, None, None)
    ]


def another(client, query):
    """A second query with the hash of the first."""
    return Query(
        terms=Terms(client, client.get_query_cache(), client.environment),
        query_key=query.query_key,
        query_hash=query.query_hash,
        options=query.options,
        default_options=QueryOptions(),
    )


@pytest.mark.parity("QC-queryCache-016")
def test_a_hash_that_is_taken_stays_with_its_query(client, cache, build, heard):
    """Another object with the same hash is not taken in."""
    query = build()
    heard.clear()
    cache.add(another(client, query))
    assert cache.get_all() == [query]
    assert heard == []


@pytest.mark.parity("QC-queryCache-015")
def test_only_the_very_query_that_is_stored_can_be_removed(client, cache, build, heard):
    """One that was replaced meanwhile does not take its successor with it."""
    query = build()
    heard.clear()
    cache.remove(another(client, query))
    assert cache.get_all() == [query]
    cache.remove(query)
    cache.remove(query)
    assert cache.get_all() == []
    assert [(event.type, event.query) for event in heard] == [("removed", query)]


def test_clear_removes_everything(cache, build, heard):
    """Each query is told of, and gone by then."""
    for name in "ab":
        build(query_key=[name])
    heard.clear()
    cache.clear()
    assert [event.type for event in heard] == ["removed", "removed"]
    assert cache.get_all() == []


def test_queries_are_listed_oldest_first_in_a_copy(cache, build):
    """Changing the list changes nothing."""
    queries = [build(query_key=[name]) for name in "bca"]
    cache.get_all().clear()
    assert cache.get_all() == queries
    assert repr(cache) == "<QueryCache with 3 queries>"


# -- finding


@pytest.mark.parity("QC-queryCache-007", "QC-queryCache-008")
def test_find_means_the_very_key(cache, build):
    """Unless told otherwise, a beginning is not enough."""
    query = build(query_key=["a", "b"])
    assert cache.find(query_key=["a", "b"]) is query
    assert cache.find(query_key=["a"]) is None
    assert cache.find(query_key=["a"], exact=False) is query
    assert cache.find(QueryFilters(query_key=["a"], exact=False)) is query
    assert cache.find(QueryFilters(query_key=["a"])) is None


@pytest.mark.parity("QC-queryCache-009", "QC-queryCache-010")
@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({}, "1 2 3 4"),
        ({"query_key": []}, "1 2 3 4"),
        ({"query_key": [], "exact": True}, ""),
        ({"query_key": ["a"]}, "1 2"),
        ({"query_key": ["a", {"page": 1}]}, "1"),
        ({"query_key": ["a", {"page": 2}], "exact": True}, "2"),
        ({"query_key": ["a", {"page": 2}], "exact": True, "type": "active"}, ""),
        ({"query_key": ["none"]}, ""),
        ({"type": "active"}, "3"),
        ({"type": "inactive"}, "1 2 4"),
        ({"type": "all"}, "1 2 3 4"),
        ({"stale": True}, "2 4"),
        ({"stale": False}, "1 3"),
        ({"stale": None, "fetch_status": None, "exact": None}, "1 2 3 4"),
        ({"fetch_status": "paused"}, "4"),
        ({"fetch_status": "idle"}, "1 2 3"),
        ({"predicate": lambda query: query.state.data == 3}, "3"),
        ({"query_key": ["a"], "predicate": lambda query: query.is_stale()}, "2"),
    ],
    ids=lambda value: re.sub(" at 0x[0-9a-f]+", "", str(value)),
)
def test_find_all_combines_its_filters(client, cache, build, fields, names):
    """A query must match all that are given; those that are None do not count."""
    queries = {
        "1": build(query_key=["a", {"page": 1, "size": 5}], initial_data=1),
        "2": build(query_key=["a", {"page": 2}], initial_data=2),
        "3": build(query_key=["b"], initial_data=3),
        "4": build(query_key=["c"]),
    }
    queries["2"].invalidate()
    queries["3"].add_observer(FakeObserver(client))
    queries["4"].set_state(fetch_status="paused")
    wanted = [queries[name] for name in names.split()]
    assert cache.find_all(**fields) == wanted
    assert cache.find_all(QueryFilters(**fields)) == wanted


def test_fields_narrow_filters_that_are_given_beside_them(cache, build):
    """Nothing of what was asked is dropped in silence."""
    build(query_key=["a", 1])
    build(query_key=["a", 2], initial_data="fresh")
    filters = QueryFilters(query_key=["a"])
    assert [query.state.data for query in cache.find_all(filters, stale=False)] == ["fresh"]
    assert cache.find(filters, exact=False, stale=False).state.data == "fresh"


def test_a_filter_that_does_not_exist_is_named_with_the_nearest_that_does(cache):
    """A misspelt filter would otherwise mean everything."""
    with pytest.raises(UnknownOptionError, match=r"has no option 'fetchstatus'. Did you mean 'fetch_status'\?"):
        cache.find_all(fetchstatus="idle")


def test_an_exact_filter_uses_the_hash_function_of_each_query(cache, build):
    """Two keys that a query calls equal are the same to it."""
    query = build(query_key=["A"], query_key_hash_fn=lambda key: str(key[0]).lower())
    assert cache.find(query_key=["a"]) is query


# -- events


def test_listeners_are_told_inside_the_change_in_the_order_of_their_coming(cache, build):
    """By then the state is the new one."""
    told = []
    query = build()
    cache.subscribe(lambda event: told.append(("first", event.query.state.data)))
    cache.subscribe(lambda event: told.append(("second", event.query.state.data)))
    query.set_data("data", manual=True)
    assert told == [("first", "data"), ("second", "data")]


def test_an_event_carries_what_it_is_about(client, cache, build, heard):
    """Query, action or observer."""
    query, observer = build(), FakeObserver(client)
    query.add_observer(observer)
    query.set_data("data", updated_at=5.0, manual=True)
    query.remove_observer(observer)
    cache.observer_options_updated(query, observer)
    cache.observer_results_updated(query)
    assert {event.query for event in heard} == {query}
    assert [(event_text(event), event.observer) for event in heard] == [
        ("added", None),
        ("observer_added", observer),
        ("updated:success", None),
        ("observer_removed", observer),
        ("observer_options_updated", observer),
        ("observer_results_updated", None),
    ]
    action = heard[2].action
    assert (action.data, action.updated_at, action.manual) == ("data", 5.0, True)


@pytest.mark.parity("QC-queryCache-006")
def test_a_listener_may_remove_other_queries(cache, build):
    """As one does that limits the size of the cache."""

    def keep_one(event):
        if event.type == "added":
            for query in cache.get_all():
                if query is not event.query:
                    cache.remove(query)

    cache.subscribe(keep_one)
    for name in "abc":
        build(query_key=[name])
    assert [query.query_key for query in cache.get_all()] == [("c",)]


def test_a_listener_that_has_unsubscribed_hears_no_more(cache, build, key):
    """Unsubscribing twice is no error."""
    heard = []
    unsubscribe = cache.subscribe(heard.append)
    build()
    unsubscribe()
    unsubscribe()
    build(query_key=[*key, "later"])
    assert len(heard) == 1


# -- focus and network


@pytest.mark.parametrize(("event", "wants"), [("on_focus", "wants_focus"), ("on_online", "wants_reconnect")])
def test_every_query_is_told_of_focus_and_network(client, cache, build, event, wants):
    """Each looks after its own observers."""
    observers = []
    for name in "ab":
        observers.append(FakeObserver(client))
        setattr(observers[-1], wants, True)
        build(query_key=[name]).add_observer(observers[-1])
    getattr(cache, event)()
    assert [len(observer.refetched) for observer in observers] == [1, 1]


@pytest.mark.parametrize("event", ["on_focus", "on_online"])
def test_an_observer_that_raises_keeps_no_other_query_from_refetching(client, cache, build, event, caplog):
    """Its error is reported, and the next query has its turn."""
    refusing, willing = FakeObserver(client), FakeObserver(client)
    for observer in (refusing, willing):
        observer.wants_focus = observer.wants_reconnect = True
    refusing.refetch = lambda **how: 1 / 0
    build(query_key=["refusing"]).add_observer(refusing)
    build(query_key=["willing"]).add_observer(willing)
    getattr(cache, event)()
    assert len(willing.refetched) == 1
    assert "ZeroDivisionError" in caplog.text


# -- callbacks of the cache


@pytest.fixture
def calls():
    """What the callbacks were called with."""
    return []


@pytest.fixture
async def told(clock, key, answering, calls):
    """Makes the query of a client whose cache notes its callbacks."""
    cache = QueryCache(
        on_success=lambda *args: calls.append(("on_success", *args)),
        on_error=lambda *args: calls.append(("on_error", *args)),
        on_settled=lambda *args: calls.append(("on_settled", *args)),
    )
    async with QueryClient(query_cache=cache, clock=clock) as client:
        yield lambda *answers, **options: cache.build(
            client, QueryOptions(query_key=key, query_fn=answering(*answers), retry=False, **options)
        )


@pytest.mark.parity("QC-queryCache-012")
async def test_the_cache_is_called_after_a_success(told, calls):
    """Once each, with the data and the query, whose state has it by then."""
    query = told("data")
    await query.fetch()
    assert calls == [("on_success", "data", query), ("on_settled", "data", None, query)]


@pytest.mark.parity("QC-queryCache-011")
@pytest.mark.parametrize("data", [UNSET, "initial"])
async def test_the_cache_is_called_after_a_failure(told, calls, data):
    """Once each, with the error and what data there is."""
    error = ValueError("failed")
    query = told(error, initial_data=data)
    with pytest.raises(ValueError, match="failed"):
        await query.fetch()
    assert calls == [("on_error", error, query), ("on_settled", data, error, query)]


async def test_the_cache_is_called_after_the_listeners(told, calls):
    """They are told of the state first."""
    query = told("data")
    query._terms.cache.subscribe(lambda event: calls.append((event_text(event),)))
    await query.fetch()
    assert [call[0] for call in calls] == ["updated:fetch", "updated:success", "on_success", "on_settled"]


async def test_a_plain_cancel_is_a_failure_to_the_cache(told, calls):
    """Its error is the cancellation."""
    query = told("data", initial_data="initial")
    query.fetch()
    await query.cancel()
    assert calls == [("on_error", query.state.error, query), ("on_settled", "initial", query.state.error, query)]


@pytest.mark.parametrize("how", [{"revert": True}, {"silent": True}], ids=str)
async def test_the_cache_is_not_called_when_nothing_came_of_a_fetch(told, calls, how):
    """It was taken back, or nobody was meant to see it."""
    query = told("data")
    query.fetch()
    await query.cancel(**how)
    assert calls == []


async def test_a_write_is_not_a_fetch(told, calls):
    """No callback is called for it."""
    told("data").set_data("written", manual=True)
    assert calls == []


@pytest.mark.parametrize("answer", ["data", ValueError("failed")], ids=["success", "failure"])
async def test_a_callback_that_raises_changes_nothing(clock, key, answering, reported, answer):
    """A good fetch stays one, and a bad one keeps its error; what the callback raised is reported."""

    def refuse(*args):
        raise RuntimeError("callback")

    cache = QueryCache(on_success=refuse, on_error=refuse, on_settled=refuse)
    async with QueryClient(query_cache=cache, clock=clock) as client:
        query = cache.build(client, QueryOptions(query_key=key, query_fn=answering(answer), retry=False))
        handle = query.fetch()
        await clock.settle()
    assert handle.exception() is (answer if isinstance(answer, Exception) else None)
    assert query.state.error is handle.exception()
    first = "on_success" if answer == "data" else "on_error"
    assert [context["message"] for context in reported] == [
        f"{first} of the query cache raised",
        "on_settled of the query cache raised",
    ]


@pytest.mark.parametrize("name", ["on_success", "on_error", "on_settled"])
def test_an_async_callback_is_refused(name):
    """Nobody would await it."""

    async def callback(*args):
        pass

    with pytest.raises(OptionError, match=f"{name} is the coroutine function .*callback.* Pass a plain function"):
        QueryCache(**{name: callback})


async def test_a_test_that_fails_in_a_callback_reaches_who_waits(clock, key, answering):
    """``pytest.fail`` in ``on_success`` fails the test that awaits, instead of leaving it waiting."""
    cache = QueryCache(on_success=lambda data, query: pytest.fail("unexpected data"))
    async with QueryClient(query_cache=cache, clock=clock) as client:
        query = cache.build(client, QueryOptions(query_key=key, query_fn=answering("data")))
        with pytest.raises(Failed, match="unexpected data"):
            await query.fetch()
