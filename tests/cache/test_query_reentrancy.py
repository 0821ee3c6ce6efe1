"""What listeners, observers and functions do to a query inside a change of that query."""

from __future__ import annotations

import pytest

from query import QueryCancelledError, QueryObserver, QueryOptions
from query.base.types import UNSET

ACTIONS = {
    "fetch": lambda client, query: query.fetch(),
    "refetch": lambda client, query: client.refetch_queries(),
    "cancel": lambda client, query: query.cancel(),
    "revert": lambda client, query: client.cancel_queries(),
    "remove": lambda client, query: client.remove_queries(),
    "clear": lambda client, query: client.clear(),
    "reset": lambda client, query: client.reset_queries(),
    "write": lambda client, query: client.set_query_data(query.query_key, "written"),
    "invalidate": lambda client, query: client.invalidate_queries(),
}


def once(action, do):
    """A listener of the cache that acts in the first change of this kind."""
    acted = []

    def listener(event):
        if event.type == "updated" and event.action.type == action and not acted:
            acted.append(action)
            do(event.query)

    return listener


def aborting(clock, do, calls):
    """A query function whose first call acts when its signal fires."""

    async def query_fn(context):
        calls.append(context)
        if len(calls) == 1:
            context.signal.add_listener(do)
        await clock.sleep(1)
        return f"data {len(calls)}"

    return query_fn


# -- inside the start of a fetch


async def test_a_listener_that_fetches_inside_the_start_of_a_fetch_joins_it(client, build, answering, clock, events):
    """One call for both."""
    joined = []
    client.get_query_cache().subscribe(once("fetch", lambda query: joined.append(query.fetch())))
    fetch = answering("data", after=1)
    handle = build(query_fn=fetch).fetch()
    await clock.advance(1)
    assert [await handle, await joined[0]] == ["data", "data"]
    assert len(fetch.calls) == 1
    assert events == ["added", "updated:fetch", "updated:success"]


@pytest.mark.parametrize("how", ["cancel", "revert", "remove", "clear", "reset"])
async def test_what_is_cancelled_inside_its_start_never_begins(client, build, answering, clock, how):
    """The function is not called, and who waits is told."""
    client.get_query_cache().subscribe(once("fetch", lambda query: ACTIONS[how](client, query)))
    fetch = answering("data")
    query = build(query_fn=fetch)
    handle = query.fetch()
    with pytest.raises(QueryCancelledError):
        await handle
    await clock.advance(10)
    assert fetch.calls == []
    assert query.state.data is UNSET


async def test_a_paused_start_that_is_cancelled_inside_itself_is_not_told_of(client, build, answering, online, events):
    """No pause follows."""
    online.set_online(False)
    client.get_query_cache().subscribe(once("fetch", lambda query: query.cancel(revert=True)))
    with pytest.raises(QueryCancelledError):
        await build(query_fn=answering("data")).fetch()
    assert events == ["added", "updated:fetch", "updated:set_state"]


async def test_an_exit_inside_the_start_of_a_fetch_leaves_nothing_to_join(client, build, answering):
    """It comes out of the call, and the next fetch is a new one."""

    class Exit(BaseException):
        pass

    def leave(query):
        raise Exit

    unsubscribe = client.get_query_cache().subscribe(once("fetch", leave))
    query = build(query_fn=answering("data"))
    with pytest.raises(Exit):
        query.fetch()
    unsubscribe()
    assert query.state.fetch_status == "idle"
    assert await query.fetch() == "data"


# -- when the signal fires


async def test_a_fetch_that_a_superseded_one_starts_is_new_enough(build, clock):
    """The refetch that superseded it joins, instead of starting a third."""
    calls, handles = [], []
    query = build(initial_data="old")
    query.set_options(query.options.with_(query_fn=aborting(clock, lambda: handles.append(query.fetch()), calls)))
    handles += [query.fetch(), query.fetch(cancel_refetch=True)]
    await clock.advance(1)
    assert [await handle for handle in handles] == ["data 2"] * 3
    assert len(calls) == 2


async def test_a_query_that_is_removed_while_it_is_removed_is_removed_once(client, build, clock, events):
    """By the listener of its signal."""
    build(query_fn=aborting(clock, client.remove_queries, [])).fetch()
    client.remove_queries()
    assert client.get_query_cache().get_all() == []
    assert events.count("removed") == 1


async def test_what_is_written_while_the_query_is_removed_is_not_lost(client, build, key, clock):
    """It is a new entry by then."""
    query = build(query_fn=aborting(clock, lambda: client.set_query_data(key, "written"), []))
    query.fetch()
    client.remove_queries()
    assert client.get_query_data(key) == "written"
    assert client.get_query_cache().find(query_key=key) is not query


async def test_a_fetch_that_a_reset_sets_off_stays_under_way(build, clock):
    """The state says so, and others join it."""
    calls, handles = [], []
    query = build()
    query.set_options(query.options.with_(query_fn=aborting(clock, lambda: handles.append(query.fetch()), calls)))
    handles.append(query.fetch())
    query.reset()
    assert (query.state.status, query.state.fetch_status) == ("pending", "fetching")
    handles.append(query.fetch())
    await clock.advance(1)
    assert [await handle for handle in handles] == ["data 2"] * 3
    assert len(calls) == 2


async def test_a_fetch_that_late_initial_data_sets_off_is_the_one(client, build, answering, clock):
    """A listener that is told of the data fetches; the call that brought the data joins."""
    client.get_query_cache().subscribe(once("set_state", lambda query: query.fetch()))
    fetch = answering("data", after=1)
    query = build(query_fn=fetch)
    handle = query.fetch(query.options.with_(initial_data="initial"))
    await clock.advance(1)
    assert (await handle, len(fetch.calls)) == ("data", 1)


# -- inside any change


def test_enabled_may_subscribe_others_while_it_is_asked(client, key):
    """The observers are asked from a copy."""
    others = []

    def enabled(query):
        if not others:
            others.append(QueryObserver(client, QueryOptions(query_key=key, enabled=False)))
            others[0].subscribe(lambda result: None)
        return False

    observer = QueryObserver(client, QueryOptions(query_key=key, enabled=False))
    unsubscribe = observer.subscribe(lambda result: None)
    query = observer.get_current_query()
    observer.options = observer.options.with_(enabled=enabled)
    assert not query.is_active()
    assert query.get_observers_count() == 2
    unsubscribe()
    others[0].destroy()


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("do", ACTIONS)
@pytest.mark.parametrize("action", ["fetch", "failed", "pause", "continue", "success", "error", "set_state"])
async def test_whatever_a_listener_does_inside_a_change_everybody_is_answered(
    client, key, answering, clock, online, action, do, watched
):
    """No caller waits for ever, no fetch stays behind, and the query ends idle or is gone."""
    fetch = answering("first", ValueError("retried"), ValueError("final"), "last", after=1)
    options = QueryOptions(query_key=key, query_fn=fetch, retry=1, retry_delay=1, network_mode="offline_first")
    observer = QueryObserver(client, options)
    unsubscribe = observer.subscribe(lambda result: None) if watched else lambda: None
    client.get_query_cache().subscribe(once(action, lambda query: ACTIONS[do](client, query)))

    handles = [client.query(options)]  # success
    await clock.advance(1)
    handles.append(client.query(options))  # failed, pause, continue, error
    await clock.advance(1)
    online.set_online(False)
    await clock.advance(1)
    online.set_online(True)
    await clock.advance(1)
    handles.append(client.query(options))
    client.cancel_queries()  # set_state
    await clock.advance(60)

    assert all(handle.done() for handle in handles)
    unsubscribe()
    assert client.is_fetching() == 0
    assert [line for line in client.leaks() if line.startswith("task")] == []
    assert len(fetch.calls) <= 6
