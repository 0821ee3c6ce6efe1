"""Plain functions of users run in worker threads, async ones in the loop."""

from __future__ import annotations

import contextvars
import functools
import threading

import pytest

from query import MutationObserver, MutationOptions, QueryOptions
from query.sync.workers import SEATS

LOOP, WORKER = "query loop", "query worker_"


def name_of_thread(*args):
    return threading.current_thread().name


async def name_of_thread_async(*args):
    return threading.current_thread().name


class AsyncCallable:
    async def __call__(self, context):
        return threading.current_thread().name


@pytest.mark.parametrize(
    ("function", "where"),
    [
        (name_of_thread, WORKER),
        (functools.partial(name_of_thread), WORKER),
        (name_of_thread_async, LOOP),
        (functools.partial(name_of_thread_async, 1), LOOP),
        (AsyncCallable(), LOOP),
        (lambda context: name_of_thread_async(), LOOP),
    ],
)
def test_where_a_query_fn_runs(client, key, function, where):
    """What may block runs in a worker thread; what that returns, if it can be awaited, is awaited in the loop."""
    assert client.query(QueryOptions(query_key=key, query_fn=function)).startswith(where)


@pytest.mark.parametrize(("function", "where"), [(name_of_thread, WORKER), (name_of_thread_async, LOOP)])
def test_where_a_mutation_fn_and_its_callbacks_run(client, function, where):
    """Callbacks run in the loop."""
    seen = []
    options = MutationOptions(mutation_fn=function, on_success=lambda *args: seen.append(name_of_thread()))
    observer = client.call(MutationObserver, client.loop_client, options)
    assert client.call(observer.mutate, 1).startswith(where)
    assert seen == [LOOP]


def test_a_blocking_function_does_not_stop_others(client, key, gate):
    """The loop and other fetches go on."""
    client.prefetch_query(QueryOptions(query_key=(*key, 1), query_fn=gate), timeout=0)
    assert gate.entered.wait(20)
    assert client.query(QueryOptions(query_key=(*key, 2), query_fn=name_of_thread)).startswith(WORKER)


def test_context_variables_are_those_from_when_the_client_was_made(make_client, key):
    """In a worker thread as in the loop; what a function sets is seen by nobody else."""
    variable = contextvars.ContextVar("variable", default="default")
    variable.set("made")
    client = make_client()
    variable.set("asked")

    def load(context):
        before = variable.get()
        variable.set("changed")
        return before

    options = QueryOptions(query_key=key, query_fn=load)
    assert [client.query(options), client.query(options)] == ["made", "made"]
    assert variable.get() == "asked"


def test_a_cancelled_fetch_ends_at_once_and_its_function_is_told(client, key, gate):
    """A thread cannot be stopped: what it returns is dropped, and it may look at its signal."""
    options = QueryOptions(query_key=key, query_fn=lambda context: gate(context.signal))
    client.prefetch_query(options, timeout=0)
    assert gate.entered.wait(20)
    client.cancel_queries(key)
    ((signal,),) = gate.calls
    assert signal.aborted
    assert client.is_fetching() == 0
    gate.opened.set()
    client.close()
    assert client.get_query_data(key) is None


@pytest.mark.parametrize("error", [StopIteration("end"), SystemExit(3), KeyboardInterrupt()])
def test_an_unusual_error_reaches_the_caller_and_leaves_the_client_usable(client, key, error):
    """A StopIteration is wrapped, as in a generator; an exit is for whoever asked, and does not end the loop."""

    def fail(context):
        raise error

    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    with pytest.raises(expected):
        client.query(QueryOptions(query_key=key, query_fn=fail))
    assert client.query(QueryOptions(query_key=key, query_fn=name_of_thread)).startswith(WORKER)


def test_a_retry_calls_the_function_again(client, key):
    """Retries and their delays are the client's own."""
    calls = []

    def load(context):
        calls.append(context)
        return 1 / (len(calls) - 1)

    assert client.query(QueryOptions(query_key=key, query_fn=load, retry=1, retry_delay=0)) == 1


def test_functions_may_ask_the_client_for_other_queries(client, key):
    """However many wait for others: one that waits gives its seat away, so that the others find one."""
    arrived = threading.Barrier(SEATS, timeout=20)

    def parent(number, context):
        arrived.wait()
        return client.query(QueryOptions(query_key=(*key, "child", number), query_fn=lambda context: number))

    for number in range(SEATS):
        query_fn = functools.partial(parent, number)
        client.prefetch_query(QueryOptions(query_key=(*key, number), query_fn=query_fn), timeout=0)
    total = [client.query(QueryOptions(query_key=(*key, number), stale_time=60)) for number in range(SEATS)]
    assert total == list(range(SEATS))
    assert client.call(lambda: client._thread.workers._seats.total_tokens) == SEATS


def test_no_more_functions_run_at_once_than_there_are_seats(client, key, gate, monkeypatch):
    """The next one waits for a seat, also for that of a function whose fetch was cancelled."""
    client.call(lambda: client._thread.workers._add_seats(1 - SEATS))
    client.prefetch_query(QueryOptions(query_key=(*key, 1), query_fn=gate), timeout=0)
    assert gate.entered.wait(20)
    client.cancel_queries()
    client.prefetch_query(QueryOptions(query_key=(*key, 2), query_fn=gate), timeout=0)
    assert len(gate.calls) == 1
    gate.opened.set()
    assert client.query(QueryOptions(query_key=(*key, 2), query_fn=gate)) == "data"
    assert len(gate.calls) == 2
