"""query.sync.QueryClient: the same client, for programs that block."""

from __future__ import annotations

import asyncio
import gc
import inspect
import os
import signal
import subprocess
import sys
import textwrap
import threading
import weakref

import pytest

import query
from query import UNSET, LoopError, NotifyManager, OptionError, QueryCache, QueryCancelledError, QueryOptions
from query.sync import MutationObserver, QueryClient, QueryObserver


async def load_async(context):
    return threading.current_thread()


def run_program(source):
    """A program in a process of its own; its output."""
    # newer versions of Python warn of a fork beside threads, which is what is looked at
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(source)]
    # debug mode would tell of callbacks that are slow because the machine is
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environ)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout.split()


# -- what methods return


def test_a_fetch_returns_the_data(client, key):
    """No handle, no await."""
    assert client.query(QueryOptions(query_key=key, query_fn=lambda context: ["Apollo"])) == ["Apollo"]
    assert client.get_query_data(key) == ["Apollo"]


def test_fresh_data_comes_from_the_cache(client, key, gate):
    """The function is called once."""
    gate.opened.set()
    options = QueryOptions(query_key=key, query_fn=gate, stale_time=60, select=str.upper)
    assert [client.query(options), client.query(options), client.fetch_query(options)] == ["DATA", "DATA", "data"]
    assert len(gate.calls) == 1


def test_an_error_of_the_function_is_raised(client, key, gate):
    """The very error, in the thread that asked."""
    gate.answer = ValueError("no")
    gate.opened.set()
    with pytest.raises(ValueError, match="no") as caught:
        client.query(QueryOptions(query_key=key, query_fn=gate))
    assert caught.value is gate.answer
    assert client.get_query_state(key).error is gate.answer


def test_a_wrong_option_is_refused_as_ever(client):
    """Errors of the synchronous part come too."""
    with pytest.raises(OptionError, match="no query_key"):
        client.query(QueryOptions(query_fn=load_async))


def test_reading_and_writing(client, key):
    """Data methods return what the client's own return."""
    assert client.get_query_state(key) is UNSET
    assert client.set_query_data(key, lambda old: [old]) == [UNSET]
    assert client.get_queries_data() == [(key, [UNSET])]
    assert client.set_queries_data(query.QueryFilters(), 7) == [(key, 7)]
    assert client.ensure_query_data(QueryOptions(query_key=key)) == 7
    client.remove_queries(key)
    assert client.get_query_data(key, "gone") == "gone"


def test_marking_waits_for_the_refetch(client, key, gate):
    """invalidate_queries returns when the data is there."""
    gate.opened.set()
    client.set_query_defaults(key, QueryOptions(query_fn=gate))
    client.set_query_data(key, "old")
    client.invalidate_queries(key, refetch_type="all")
    assert client.get_query_data(key) == "data"
    client.set_query_data(key, "old")
    client.refetch_queries(key)
    assert client.get_query_data(key) == "data"
    client.reset_queries(key)
    assert client.get_query_data(key) is None


def test_a_prefetch_never_fails(client, key, gate):
    """Neither with the function's error nor for want of time: with timeout 0 it only starts the fetch."""
    options = QueryOptions(query_key=key, query_fn=gate)
    client.prefetch_query(options, timeout=0)
    assert client.is_fetching() == 1
    gate.answer = ValueError("no")
    gate.opened.set()
    client.prefetch_query(options)
    assert client.get_query_state(key).error is gate.answer


def test_defaults(client, key):
    """Set and read as ever, whether the loop runs or not."""
    client.set_default_options(query.DefaultOptions(queries=QueryOptions(retry=1)))
    client.set_query_defaults(key, QueryOptions(gc_time=7))
    client.set_mutation_defaults(key, query.MutationOptions(retry=2))
    assert client.get_default_options().queries.retry == 1
    assert client.get_query_defaults(key).gc_time == 7
    assert client.get_mutation_defaults(key).retry == 2
    client.query(QueryOptions(query_key=key, query_fn=load_async))
    complete = client.default_query_options(QueryOptions(query_key=key))
    assert (complete.retry, complete.gc_time) == (1, 7)
    assert client.default_mutation_options(query.MutationOptions(mutation_key=key)).retry == 2


def test_clearing(client, key, gate):
    """Fetches are cancelled."""
    client.prefetch_query(QueryOptions(query_key=key, query_fn=gate), timeout=0)
    client.clear()
    assert client.get_query_cache().get_all() == []
    assert client.is_fetching() == 0


def test_paused_mutations_go_on(make_client, gate):
    """resume_paused_mutations waits for them."""
    network = query.OnlineManager(online=False)
    gate.opened.set()
    client = make_client(online_manager=network)
    observer = MutationObserver(client, query.MutationOptions(mutation_fn=gate))
    with pytest.raises(TimeoutError):
        observer.mutate(1, timeout=0)
    for _ in range(3):
        client.call(asyncio.sleep, 0)  # it waits from the next turn of the loop on
    # not mounted: nobody else tells them
    network.set_online(True)
    client.resume_paused_mutations()
    assert len(gate.calls) == 1


def test_what_is_attached_ends_with_the_client(make_client):
    """In the loop, unless it was let go."""
    stopped = []

    class Attached:
        def stop(self):
            stopped.append(threading.current_thread().name)
            return query.Handle.of(None)

        def discard(self):
            """Harmless after a stop."""

    with make_client() as client:
        client.attach(Attached())
        client.attach(Attached())()
        client.query(QueryOptions(query_key=(1,), query_fn=load_async))
    assert stopped == ["query loop"]


def test_mounting_is_counted(make_client, key):
    """As in the loop."""
    focus = query.FocusManager()
    client = make_client(focus_manager=focus)
    client.mount()
    client.mount()
    client.unmount()
    assert focus.has_listeners()
    client.unmount()
    assert not focus.has_listeners()


def test_call_reaches_what_lives_in_the_loop(client, key):
    """Plain functions and async ones, with arguments."""
    events = []
    unsubscribe = client.call(client.get_query_cache().subscribe, events.append)
    client.set_query_data(key, 1)
    client.call(unsubscribe)
    client.set_query_data(key, 2)
    assert [event.type for event in events] == ["added", "updated"]
    assert client.call(asyncio.sleep, 0, result="slept") == "slept"
    with pytest.raises(ZeroDivisionError):
        client.call(lambda: 1 / 0)


def test_the_repr_is_that_of_the_client(client, key):
    """It says how much it holds."""
    client.set_query_data(key, 1)
    assert repr(client) == "<QueryClient with 1 queries>"


# -- several threads


def test_threads_share_one_fetch(client, key, gate, others):
    """Any number of threads may ask at once; the function is called once."""
    options = QueryOptions(query_key=key, query_fn=gate, stale_time=60)
    asked = [others.start(client.query, options) for _ in range(8)]
    assert gate.entered.wait(20)
    gate.opened.set()
    assert [finish() for finish in asked] == ["data"] * 8
    assert len(gate.calls) == 1


def test_threads_write_one_after_the_other(client, key, others):
    """An updater sees what the last one wrote."""
    client.set_query_data(key, 0)

    def count():
        for _ in range(200):
            client.set_query_data(key, lambda old: old + 1)

    for finish in [others.start(count) for _ in range(4)]:
        finish()
    assert client.get_query_data(key) == 800


def test_a_timeout_ends_the_waiting_and_not_the_fetch(client, key, gate, others):
    """The others get the data, and the cache has it."""
    options = QueryOptions(query_key=key, query_fn=gate)
    patient = others.start(client.query, options)
    assert gate.entered.wait(20)
    with pytest.raises(TimeoutError, match="no result within 0 s. The call itself goes on"):
        client.query(options, timeout=0)
    gate.opened.set()
    assert patient() == "data"
    assert len(gate.calls) == 1


def test_a_timeout_of_the_function_is_told_from_one_of_the_caller(client, key, gate):
    """TimeoutError from query_fn is the query's error."""
    gate.answer = TimeoutError("of the function")
    gate.opened.set()
    with pytest.raises(TimeoutError, match="of the function"):
        client.query(QueryOptions(query_key=key, query_fn=gate), timeout=20)


def test_what_is_there_at_once_comes_whatever_the_timeout(client, key):
    """The time counts from the start of the call in the loop."""
    client.set_query_data(key, 1)
    assert client.query(QueryOptions(query_key=key, stale_time=60), timeout=0) == 1


def look_and_leave(client, options):
    """Subscribe an observer and unsubscribe it, in the loop."""
    observer = client.call(query.QueryObserver, client.loop_client, options)
    client.call(client.call(observer.subscribe, lambda result: None))


@pytest.mark.parametrize(("timeout", "fetching"), [(None, 1), (0, 0)])
def test_a_thread_uses_the_query_as_long_as_it_waits(client, key, gate, others, timeout, fetching):
    """A fetch whose signal is read goes on while somebody waits, and is cancelled when the last user leaves."""
    options = QueryOptions(query_key=key, query_fn=lambda context: gate(context.signal))
    waiting = others.start(client.query, options, timeout=timeout)
    assert gate.entered.wait(20)
    if timeout is not None:
        with pytest.raises(TimeoutError):
            waiting()
    look_and_leave(client, options)
    assert client.is_fetching() == fetching
    gate.opened.set()
    if timeout is None:
        assert waiting() == "data"


def test_an_interrupt_ends_the_waiting_and_leaves_the_client_usable(client, key, gate, others):
    """Ctrl-C while the main thread waits: the fetch goes on, the next call joins it."""
    options = QueryOptions(query_key=key, query_fn=gate, stale_time=60)

    def interrupt():
        assert gate.entered.wait(20)
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    # a suite that a shell starts in the background is started with this signal ignored
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        interrupted = others.start(interrupt)
        with pytest.raises(KeyboardInterrupt):
            client.query(options)
    finally:
        signal.signal(signal.SIGINT, before)
    interrupted()
    assert client.is_fetching() == 1
    gate.opened.set()
    assert client.query(options) == "data"
    assert len(gate.calls) == 1


# -- event loops


async def test_a_running_event_loop_is_refused(make_client, key):
    """It would stand still; the error says what to use."""
    client = make_client()
    for call in (lambda: client.query(QueryOptions(query_key=key)), lambda: client.get_query_data(key), client.mount):
        with pytest.raises(LoopError, match=r"Use query.QueryClient there.*asyncio.to_thread\(client.query, options"):
            call()
    client.close()


async def test_a_worker_thread_of_an_async_program_may_use_it(make_client, key):
    """What the error advises works."""
    client = make_client()
    options = QueryOptions(query_key=key, query_fn=lambda context: 1)
    assert await asyncio.to_thread(client.query, options) == 1
    await asyncio.to_thread(client.close)


def test_a_callback_may_read_and_write_and_must_not_wait(make_client, key):
    """Callbacks run in the client's loop: data methods answer there, others would wait for themselves."""
    seen = []

    def on_success(data, query):
        client.set_query_data((*key, "copy"), data)
        seen.append(client.get_query_data((*key, "copy")))
        try:
            client.invalidate_queries(key)
        except LoopError as error:
            seen.append(str(error))

    client = make_client(query_cache=QueryCache(on_success=on_success))
    client.query(QueryOptions(query_key=key, query_fn=lambda context: 1))
    assert seen[0] == 1
    assert "would wait for itself for ever. Use context.client there" in seen[1]


# -- the process-wide managers


def test_signals_may_come_from_any_thread(make_client, key, gate):
    """A paused fetch goes on when the main thread says that the network is back."""
    network = query.OnlineManager(online=False)
    gate.opened.set()
    with make_client(online_manager=network) as client:
        options = QueryOptions(query_key=key, query_fn=gate)
        client.prefetch_query(options, timeout=0)
        assert client.get_query_state(key).fetch_status == "paused"
        network.set_online(True)
        assert client.query(options) == "data"


def test_a_regained_focus_refetches_what_is_watched(make_client, key, gate):
    """The focus manager is told by the main thread."""
    focus = query.FocusManager(focused=False)
    gate.opened.set()
    with make_client(focus_manager=focus) as client:
        observer = client.call(query.QueryObserver, client.loop_client, QueryOptions(query_key=key, query_fn=gate))
        leave = client.call(observer.subscribe, lambda result: None)
        client.refetch_queries(key, cancel_refetch=False)
        gate.entered.clear()
        focus.set_focused(True)
        assert gate.entered.wait(20)
        client.call(leave)


def test_batches_are_not_counted_with_those_of_other_threads(make_client):
    """The process-wide notify manager belongs to the loop of an async program; a manager may be given."""
    mine = NotifyManager()
    assert make_client().environment.notify_manager is not query.notify_manager
    assert make_client(notify_manager=mine).environment.notify_manager is mine


def test_a_cache_may_be_given(make_client, key):
    """Its callbacks are called."""
    seen = []
    client = make_client(query_cache=QueryCache(on_error=lambda error, query: seen.append(str(error))))
    client.prefetch_query(QueryOptions(query_key=key))
    assert client.get_query_cache().get_all()[0].query_key == key
    assert client.get_mutation_cache().get_all() == []
    assert "has no query_fn" in seen[0]


# -- the end


def test_without_a_fetch_there_is_no_thread(make_client, key, no_thread_left):
    """Defaults and data may be set when a module is imported, before a server forks."""
    before = threading.enumerate()
    client = make_client()
    client.set_query_data(key, 1)
    client.set_query_defaults(key, QueryOptions(stale_time=60))
    assert client.get_query_data(key) == 1
    assert threading.enumerate() == before
    assert client.query(QueryOptions(query_key=key)) == 1


def test_the_end_of_with_closes(make_client, key, gate):
    """Threads end; data stays readable; a fetch is refused with what to do."""
    gate.opened.set()
    with make_client() as client:
        client.query(QueryOptions(query_key=key, query_fn=gate))
        assert len(client.leaks()) == 1
    assert client.leaks() == []
    assert not any(thread.is_alive() for thread in gate.threads)
    assert client.get_query_data(key) == "data"
    assert client.set_query_data(key, "new") == "new"
    with pytest.raises(LoopError, match="closed, and can only be read. Make another"):
        client.query(QueryOptions(query_key=key, query_fn=gate))


def test_closing_tells_those_who_wait(client, key, gate, others):
    """They get a QueryCancelledError; what the function returns later is dropped."""
    waiting = others.start(client.query, QueryOptions(query_key=key, query_fn=gate))
    assert gate.entered.wait(20)
    closing = others.start(client.close)
    with pytest.raises(QueryCancelledError):
        waiting()
    gate.opened.set()
    closing()
    assert client.get_query_data(key) is None


def test_close_may_be_called_again_and_by_several(client, key, others):
    """The second call has nothing to do."""
    client.query(QueryOptions(query_key=key, query_fn=load_async))
    for finish in [others.start(client.close) for _ in range(3)]:
        finish()
    client.close()


def test_a_function_of_the_client_cannot_close_it(client, key):
    """It would wait for itself: in the loop, and in a worker thread."""

    async def in_loop(context):
        client.close()

    for close in (in_loop, lambda context: client.close()):
        with pytest.raises(LoopError, match="cannot be closed by a function that it runs"):
            client.query(QueryOptions(query_key=key, query_fn=close))


def test_a_forgotten_client_ends_its_thread(key, no_thread_left, caplog):
    """Without close: the loop and its tasks end when nobody has the client any more."""
    client = QueryClient()
    thread = client.query(QueryOptions(query_key=key, query_fn=load_async))
    ended = [weakref.ref(client), weakref.ref(client.loop_client)]
    del client
    gc.collect()
    thread.join(20)
    gc.collect()
    assert [reference() for reference in ended] == [None, None]
    assert not thread.is_alive()
    assert caplog.records == []


def test_what_comes_from_a_client_keeps_it(key, no_thread_left):
    """An observer, or an iteration, of a client that nobody else has."""
    options = QueryOptions(query_key=key, query_fn=load_async)
    observer = QueryObserver(QueryClient(), options)
    gc.collect()
    assert observer.refetch().is_success
    results = QueryClient().watch(options)
    next(results)
    gc.collect()
    assert next(results).is_success
    threads = [observer.get_current_result().data, next(QueryObserver(observer._client, options).results()).data]
    threads += [thread for thread in threading.enumerate() if thread.name == "query loop"]
    del observer, results
    gc.collect()
    for thread in threads:
        thread.join(20)


def test_the_interpreter_exits_with_a_client_that_is_not_closed():
    """Also while a fetch runs; nothing is printed."""
    printed = run_program("""
        import asyncio
        from query import QueryOptions
        from query.sync import MutationObserver, QueryClient, QueryObserver

        async def load(context):
            await asyncio.sleep(3600)

        client = QueryClient()
        client.mount()
        assert client.query(QueryOptions(query_key=(1,), query_fn=lambda context: 1)) == 1
        client.prefetch_query(QueryOptions(query_key=(2,), query_fn=load), timeout=0)
        print("end")
    """)
    assert printed == ["end"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_after_a_fork_a_client_in_use_is_refused_and_an_unused_one_works():
    """The loop's thread lives in the parent only; the parent's client is not touched."""
    printed = run_program("""
        import os, sys
        from query import LoopError, QueryOptions
        from query.sync import MutationObserver, QueryClient, QueryObserver

        options = QueryOptions(query_key=(1,), query_fn=lambda context: 1)
        used, unused = QueryClient(), QueryClient()
        used.query(options)
        child = os.fork()
        if not child:
            try:
                used.query(options)
            except LoopError as error:
                assert "Make a client after the fork" in str(error), error
                print("refused")
            used.close()
            print(unused.query(options))
            sys.exit()
        os.waitpid(child, 0)
        print(used.query(options), unused.query(options))
    """)
    assert printed == ["refused", "1", "1", "1"]


def test_the_signature_is_that_of_the_async_client():
    """Whatever an async client is made with makes a sync one."""
    assert inspect.signature(QueryClient) == inspect.signature(query.QueryClient)
