"""QueryObserver for threads."""

from __future__ import annotations

import asyncio
import threading

import pytest
from signatures import observer_differences
from thread_fixtures import Told

import query
from query import Handle, QueryCancelledError, QueryOptions, ResultTimeoutError
from query.sync import QueryObserver


@pytest.fixture
def client(sync_client):
    """A client without a loop."""
    return sync_client


@pytest.fixture
def observe(client, key, gate):
    """Makes an observer of ``gate``."""
    return lambda **options: QueryObserver(client, QueryOptions(**{"query_key": key, "query_fn": gate, **options}))


def shown(results):
    return [(result.status, result.data) for result in results]


def test_every_method_is_there_with_the_same_parameters_and_types():
    """As the client's: Handle[T] is T, and what waits takes timeout=."""
    wrong = observer_differences(query.QueryObserver, QueryObserver)
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_subscription_fetches_and_listeners_are_told_in_order_in_their_own_thread(observe, gate):
    """Not in the loop, not in the thread that subscribed."""
    told = Told()
    unsubscribe = observe().subscribe(told)
    gate.opened.set()
    assert shown(told.wait(2)) == [("pending", None), ("success", "data")]
    assert told.threads == {"query listeners"}
    unsubscribe()
    unsubscribe()


def test_a_listener_may_block_and_use_the_client(client, observe, gate, key):
    """It waits for other queries, and nobody waits for it but other listeners."""
    gate.opened.set()
    told = Told()

    def listener(result):
        if result.is_success:
            told(client.query(QueryOptions(query_key=(*key, "other"), query_fn=lambda context: result)))

    unsubscribe = observe().subscribe(listener)
    assert shown(told.wait(1)) == [("success", "data")]
    unsubscribe()


def test_a_listener_that_raises_is_reported(observe, gate, caplog):
    """The others are told."""
    observer, told = observe(), Told()
    leave = [observer.subscribe(lambda result: 1 / 0), observer.subscribe(told)]
    # not before: a fetch that ended between the two would be news to the first alone
    gate.opened.set()
    told.wait(1)
    for unsubscribe in leave:
        unsubscribe()
    assert {record.getMessage() for record in caplog.records} == {"a listener raised"}
    caplog.clear()


def test_listeners_are_a_set(observe):
    """The same one twice is one subscription; the first unsubscribe ends it, and the query is left."""
    observer, told = observe(), Told()
    first, second = observer.subscribe(told), observer.subscribe(told)
    told.wait(1)
    assert observer.has_listeners()
    assert observer.get_current_query().get_observers_count() == 1
    first()
    assert not observer.has_listeners()
    assert observer.get_current_query().get_observers_count() == 0
    second()
    assert len(told.results) == 1


def test_after_unsubscribing_no_call_begins(client, observe, gate):
    """What was on its way to the listener is dropped."""
    reached, go_on = threading.Event(), threading.Event()
    observer, told = observe(), Told()

    def first(result):
        reached.set()
        assert go_on.wait(20)

    leave = observer.subscribe(first)
    leave_told = observer.subscribe(told)
    assert reached.wait(20)
    gate.opened.set()
    observer.wait_for(lambda result: result.is_success)
    leave_told()
    go_on.set()
    leave()
    client.close()
    assert told.results == []


def test_a_result_is_one_object_whose_refetch_waits(observe, gate):
    """A result keeps its identity; the functions it carries wait, and return a handle that is done."""
    gate.opened.set()
    observer, told = observe(), Told()
    unsubscribe = observer.subscribe(told)
    told.wait(2)
    result = observer.get_current_result()
    assert result is told.results[-1] is observer.get_current_result()
    handle = result.refetch()
    assert isinstance(handle, Handle)
    assert handle.result().data == "data"
    assert len(gate.calls) == 2
    unsubscribe()


def test_refetch_returns_the_result_or_fails_when_asked_to(observe, gate):
    """As in the loop."""
    gate.opened.set()
    observer = observe(retry=False)
    assert observer.refetch().data == "data"
    gate.answer = ValueError("no")
    assert observer.refetch().error is gate.answer
    with pytest.raises(ValueError, match="no"):
        observer.refetch(throw_on_error=True)


def test_refetch_stops_waiting_in_time(observe, client):
    """The fetch goes on."""
    observer = observe()
    with pytest.raises(TimeoutError):
        observer.refetch(timeout=0)
    assert client.is_fetching() == 1


def test_other_options_look_at_another_query(client, observe, gate, key):
    """set_options while subscribed fetches the new query."""
    gate.opened.set()
    observer, told = observe(), Told()
    unsubscribe = observer.subscribe(told)
    told.wait(2)
    observer.set_options(QueryOptions(query_key=(*key, 2), query_fn=gate, stale_time=60))
    result = observer.wait_for(lambda result: result.is_success)
    assert result.data == "data"
    assert observer.get_current_query().query_key == (*key, 2)
    assert observer.options.stale_time == 60
    assert not observer.is_result_stale()
    assert repr(observer).startswith("<QueryObserver of ")
    unsubscribe()


def test_destroy_drops_all_listeners(observe, gate):
    """And it may be subscribed to again."""
    gate.opened.set()
    observer, told, again = observe(), Told(), Told()
    observer.subscribe(told)
    told.wait(2)
    observer.destroy()
    assert not observer.has_listeners()
    unsubscribe = observer.subscribe(again)
    again.wait(2)
    unsubscribe()
    assert len(told.results) == 2


def test_waiting_for_a_result(observe, gate):
    """It subscribes meanwhile, which fetches."""
    gate.opened.set()
    observer = observe()
    assert observer.wait_for(lambda result: result.is_success).data == "data"
    assert not observer.has_listeners()


def test_waiting_in_vain_is_an_error(observe):
    """The time is measured by the client's clock."""
    with pytest.raises(ResultTimeoutError, match="fulfilled the predicate within 0 s"):
        observe().wait_for(lambda result: result.is_error, timeout=0)


def test_closing_the_client_ends_the_waiting_for_a_result(client, observe, gate, others):
    """Like that for a fetch."""
    waiting = others.start(observe().wait_for, lambda result: result.is_error)
    assert gate.entered.wait(20)
    gate.opened.set()
    client.close()
    with pytest.raises(QueryCancelledError):
        waiting()


def test_closing_the_client_ends_the_thread_of_listeners(client, observe, gate):
    """Also with a listener that nobody unsubscribed; to do so later is harmless."""
    gate.opened.set()
    told = Told()
    unsubscribe = observe().subscribe(told)
    told.wait(1)
    client.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "query listeners"]
    unsubscribe()


def test_a_listener_cannot_close_the_client(client, observe, gate, caplog):
    """Its thread would wait for itself."""
    gate.opened.set()
    said = threading.Event()

    def listener(result):
        try:
            client.close()
        finally:
            said.set()

    unsubscribe = observe().subscribe(listener)
    assert said.wait(20)
    unsubscribe()
    client.close()
    assert "cannot be closed by a function that it runs" in str(caplog.records[0].exc_info[1])
    caplog.clear()


async def test_threads_of_an_async_program_observe_through_threadsafe(key):
    """The observers of query.sync take client.threadsafe."""
    async with query.QueryClient() as client:
        options = QueryOptions(query_key=key, query_fn=lambda context: "data")

        def in_thread(threadsafe):
            observer, told = QueryObserver(threadsafe, options), Told()
            unsubscribe = observer.subscribe(told)
            seen = shown(told.wait(2))
            unsubscribe()
            return seen

        assert await asyncio.to_thread(in_thread, client.threadsafe) == [("pending", None), ("success", "data")]
