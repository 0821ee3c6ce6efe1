"""The life of a client: mounting, focus and network, closing, and the loop it belongs to."""

from __future__ import annotations

import asyncio
import gc

import pytest
from client_fixtures import FakeObserver
from virtual_clock import VirtualClock

from query import (
    FocusManager,
    Handle,
    MutationCache,
    MutationOptions,
    MutationState,
    NotifyManager,
    OnlineManager,
    QueryCache,
    QueryCancelledError,
    QueryClient,
    QueryOptions,
)


@pytest.fixture
def resumed(client, monkeypatch):
    """Notes that mutations are resumed, and that the query cache is told of focus and network."""
    calls = []
    mutations, queries = client.get_mutation_cache(), client.get_query_cache()
    resume = mutations.resume_paused_mutations
    monkeypatch.setattr(mutations, "resume_paused_mutations", lambda: calls.append("resumed") or resume())
    monkeypatch.setattr(queries, "on_focus", lambda: calls.append("on_focus"))
    monkeypatch.setattr(queries, "on_online", lambda: calls.append("on_online"))
    return calls


# -- what it is made of


def test_a_client_makes_its_own_caches():
    """Unless it is given some, which may be shared."""
    first = QueryClient()
    assert first.get_query_cache().get_all() == []
    second = QueryClient(query_cache=first.get_query_cache(), mutation_cache=first.get_mutation_cache())
    second.set_query_data(["a"], "data")
    assert first.get_query_data(["a"]) == "data"
    assert second.get_mutation_cache() is first.get_mutation_cache()
    assert QueryClient().get_query_cache() is not first.get_query_cache()


def test_what_is_given_is_used():
    """Clock, signals and notifications may be this client's alone."""
    given = {
        "online_manager": OnlineManager(),
        "focus_manager": FocusManager(),
        "notify_manager": NotifyManager(),
        "is_server": True,
    }
    environment = QueryClient(clock=(clock := VirtualClock()), **given).environment
    assert {name: getattr(environment, name) for name in given} == given
    assert environment.timeout_manager.clock is clock


def test_deferred_notifications_go_through_the_clients_own_manager():
    """Its caches use it for their batches."""
    manager = NotifyManager()
    client = QueryClient(notify_manager=manager)
    client.set_query_data(["a"], "data")
    delivered = []
    manager.set_scheduler(lambda deliver: deliver())
    client.get_query_cache().subscribe(manager.batch_calls(lambda event: delivered.append(event.type)))

    def notice(event):
        assert delivered == []

    client.get_query_cache().subscribe(notice)
    client.get_query_cache().clear()
    assert delivered == ["removed"]


def test_clear_empties_both_caches(client, mutation_of):
    """Everything is forgotten."""
    client.set_query_data(["a"], "data")
    mutation_of()
    client.clear()
    assert (client.get_query_cache().get_all(), client.get_mutation_cache().get_all()) == ([], [])


# -- focus and network


@pytest.mark.parity("QC-queryClient-145", "QC-queryClient-146")
@pytest.mark.parametrize("manager", ["focus", "online"])
async def test_what_comes_back_resumes_mutations_and_then_tells_the_queries(
    client, resumed, focus, online, clock, manager
):
    """Once each; what goes away does nothing."""
    turn = {"focus": focus.set_focused, "online": online.set_online}[manager]
    turn(False)
    await clock.settle()
    assert resumed == []
    turn(True)
    await clock.settle()
    assert resumed == ["resumed", f"on_{manager}"]


@pytest.mark.parity("QC-queryClient-153", "QC-queryClient-154")
async def test_a_client_is_mounted_as_long_as_anyone_needs_it(client, resumed, focus, clock):
    """Mounts are counted."""
    client.mount()
    client.unmount()
    focus.set_focused(True)
    await clock.settle()
    assert resumed == ["resumed", "on_focus"]
    client.unmount()
    focus.set_focused(False)
    focus.set_focused(True)
    await clock.settle()
    assert len(resumed) == 2


async def test_one_unmount_too_many_does_nothing(client, resumed, focus, clock):
    """The next mount follows focus and network as ever."""
    for _ in range(3):
        client.unmount()
    client.mount()
    focus.set_focused(True)
    await clock.settle()
    assert resumed == ["resumed", "on_focus"]


@pytest.mark.parity("QX-031")
async def test_without_a_mount_nothing_goes_on(client, build, answering, online, clock):
    """A paused fetch waits for somebody to follow the network."""
    client.unmount()
    online.set_online(False)
    query = build(query_fn=answering("data"))
    query.fetch()
    online.set_online(True)
    await clock.advance(10)
    assert query.state.fetch_status == "paused"
    await query.cancel(revert=True)


@pytest.mark.parity("QC-queryClient-152")
async def test_refetches_wait_for_the_resumed_writes(client, build, mutation_of, answering, online, clock):
    """Those queued behind others in their scope too: a refetch before them would bring back what they change."""
    query, observer = build(), FakeObserver(client)
    observer.wants_reconnect = True
    query.add_observer(observer)
    online.set_online(False)
    for _ in range(2):
        mutation_of(scope="s", mutation_fn=answering("data", after=1)).execute(None)
    await clock.settle()
    online.set_online(True)
    await clock.advance(1)
    assert (client.is_mutating(), observer.refetched) == (1, [])
    await clock.advance(1)
    assert (client.is_mutating(), len(observer.refetched)) == (0, 1)


@pytest.mark.parity("QC-queryClient-150", "QC-queryClient-151")
async def test_resuming_while_offline_does_nothing(client, mutation_of, answering, online, clock):
    """What waits goes on when the network is back, stored mutations too."""
    online.set_online(False)
    writes = [answering("data"), answering("stored")]
    mutation_of(mutation_fn=writes[0]).execute(None)
    state = MutationState(status="pending", is_paused=True, variables="stored")
    client.get_mutation_cache().build(client, MutationOptions(mutation_fn=writes[1]), state)
    await clock.settle()
    assert client.resume_paused_mutations().done()
    assert [write.calls for write in writes] == [[], []]
    online.set_online(True)
    await clock.settle()
    assert [len(write.calls) for write in writes] == [1, 1]


def test_a_signal_outside_of_any_loop_is_reported_and_harms_nobody(caplog, focus):
    """Nothing can be resumed there, and no coroutine is left behind that was never awaited."""
    client = QueryClient(focus_manager=focus)
    client.mount()
    focus.set_focused(True)
    gc.collect()
    assert "no event loop runs" in caplog.text
    client.unmount()


# -- closing


async def test_leaving_the_client_cancels_its_fetches(clock, answering):
    """Who waits is told; the data stays readable."""
    async with QueryClient(clock=clock) as client:
        client.set_query_data(["old"], "old")
        options = QueryOptions(query_fn=answering("new", after=1))
        first = client.fetch_query(options.with_(query_key=["first"]))
        refetch = client.fetch_query(options.with_(query_key=["old"]))
    with pytest.raises(QueryCancelledError):
        await first
    assert await refetch == "old"
    assert client.get_query_data(["old"]) == "old"
    assert client.is_fetching() == 0


@pytest.mark.parity("QX-027")
async def test_a_client_is_mounted_between_entering_and_leaving(clock, focus, online):
    """It follows focus and network, so that what is paused goes on."""
    async with QueryClient(clock=clock, focus_manager=focus, online_manager=online):
        assert (focus.has_listeners(), online.has_listeners()) == (True, True)
    assert (focus.has_listeners(), online.has_listeners()) == (False, False)


async def test_leaving_the_client_leaves_nothing_behind(clock, answering, online):
    """Neither timers nor tasks, whatever was under way."""
    async with QueryClient(clock=clock, online_manager=online) as client:
        fetch = answering(ValueError(), after=1)
        client.get_query_cache().build(client, QueryOptions(query_key=["retrying"], query_fn=fetch)).fetch()
        client.query(QueryOptions(query_key=["running"], query_fn=answering("data", after=9)))
        await clock.advance(1)
        online.set_online(False)
        client.query(QueryOptions(query_key=["paused"], query_fn=fetch))
        client.query(QueryOptions(query_key=["done"], query_fn=lambda context: "data", network_mode="always"))
        assert len(client.leaks()) > 4
    assert client.leaks() == []
    assert clock.pending() == []
    assert not online.has_listeners()


async def test_a_query_function_that_cleans_up_is_waited_for(clock):
    """The client is closed when its tasks have ended, not before."""
    cleaned = []

    async def query_fn(context):
        try:
            await clock.sleep(10)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    async with QueryClient(clock=clock) as client:
        client.query(QueryOptions(query_key=["a"], query_fn=query_fn))
    assert cleaned == [True]


async def test_who_waits_is_told_before_a_slow_clean_up_has_ended(clock):
    """Only the closing itself waits for it."""
    told = []

    async def query_fn(context):
        try:
            await clock.sleep(10)
        finally:
            await clock.sleep(1)
            told.append("cleaned up")

    async def wait(handle):
        with pytest.raises(QueryCancelledError):
            await handle
        told.append("cancelled")

    client = QueryClient(clock=clock)
    waiting = asyncio.ensure_future(wait(client.query(QueryOptions(query_key=["a"], query_fn=query_fn))))
    await clock.settle()
    closing = asyncio.ensure_future(client.aclose())
    await clock.advance(1)
    await closing
    await waiting
    assert told == ["cancelled", "cleaned up"]


async def test_closing_undoes_every_mount_and_may_be_repeated(clock, focus):
    """There is nothing left to close the second time."""
    client = QueryClient(clock=clock, focus_manager=focus)
    client.mount()
    client.mount()
    await client.aclose()
    await client.aclose()
    assert not focus.has_listeners()


async def test_leaving_with_an_error_lets_it_through(clock):
    """Closing is not catching."""
    with pytest.raises(ValueError, match="from inside"):
        async with QueryClient(clock=clock):
            raise ValueError("from inside")


async def test_a_write_that_waits_for_the_network_outlives_the_closing(clock, answering, online):
    """It has not begun, so it can be resumed as if it had been stored."""
    online.set_online(False)
    write = answering("data")
    async with QueryClient(clock=clock, online_manager=online) as client:
        options = MutationOptions(mutation_fn=write)
        mutation = client.get_mutation_cache().build(client, options)
        handle = mutation.execute("variables")
        await clock.settle()
    with pytest.raises(QueryCancelledError):
        await handle
    assert (mutation.state.status, mutation.state.is_paused) == ("pending", True)
    online.set_online(True)
    async with client:
        await client.resume_paused_mutations()
    assert (write.calls[0][0], mutation.state.data) == ("variables", "data")


async def test_leaks_names_what_is_alive(client, answering):
    """A readable line for each task and timer."""
    options = QueryOptions(query_key=["a"], query_fn=answering("data", after=1), gc_time=7)
    client.query(options)
    assert client.leaks() == [
        'task: fetch of ["a"]',
        'timer: garbage collection of <Query ["a"] pending/fetching>, set for 7 s',
    ]
    await client.cancel_queries()


async def test_closing_leaves_the_fetches_of_others_alone(clock, answering, caplog):
    """Two clients may share their caches; each stops only what it runs itself."""
    queries, mutations = QueryCache(), MutationCache()
    closed, other = (QueryClient(query_cache=queries, mutation_cache=mutations, clock=clock) for _ in range(2))
    async with other:
        handle = other.query(QueryOptions(query_key=["a"], query_fn=answering("data", after=1)))
        write = mutations.build(other, MutationOptions(mutation_fn=answering("written", after=1))).execute(None)
        await closed.aclose()
        await clock.advance(1)
        assert (await handle, await write) == ("data", "written")
    assert "while 1 mutation" not in caplog.text


# -- what ends with a client


class Attached:
    """Notes how it ends."""

    def __init__(self, client):
        self.client = client
        self.ended = []

    def stop(self):
        self.ended.append(("stop", self.client.is_fetching()))
        return Handle.of(None)

    def discard(self):
        self.ended.append("discard")


async def test_what_is_attached_is_stopped_before_the_fetches_are_cancelled(clock, answering):
    """It may still want to see them."""
    client = QueryClient(clock=clock)
    attached, let_go = Attached(client), Attached(client)
    client.attach(attached)
    let_go_of = client.attach(let_go)
    let_go_of()
    let_go_of()
    client.prefetch_query(QueryOptions(query_key=["a"], query_fn=answering(1, after=9)))
    await client.aclose()
    assert (attached.ended, let_go.ended) == ([("stop", 1)], [])


def test_what_is_attached_is_told_that_the_loop_has_ended():
    """It can wait for nothing then."""
    client = QueryClient()
    attached = Attached(client)
    client.attach(attached)
    client.discard()
    assert attached.ended == ["discard"]
