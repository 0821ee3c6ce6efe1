"""The event loop of a client: which it belongs to, being without one, and going from one to the next."""

from __future__ import annotations

import asyncio
import gc

import pytest

from query import (
    LoopError,
    MutationCache,
    MutationOptions,
    QueryCache,
    QueryCancelledError,
    QueryClient,
    QueryObserver,
    QueryOptions,
)


def test_a_client_belongs_to_the_loop_in_which_it_first_fetches():
    """Use in another one is refused, with advice, and changes nothing."""
    client = QueryClient()
    options = QueryOptions(query_key=["a"], query_fn=lambda context: "data")

    async def fetch():
        return await client.query(options)

    assert asyncio.run(fetch()) == "data"
    state = client.get_query_state(["a"])
    with pytest.raises(LoopError, match=r"belongs to another event loop.*Make one client for each.*async with client"):
        asyncio.run(fetch())
    assert client.get_query_state(["a"]) is state


def test_a_closed_client_may_begin_again_in_another_loop():
    """With the data that it has."""
    client = QueryClient()
    fetches = []
    options = QueryOptions(query_key=["a"], query_fn=lambda context: fetches.append(1) or "data", stale_time=100)

    async def main():
        async with client:
            return await client.query(options)

    assert [asyncio.run(main()), asyncio.run(main())] == ["data", "data"]
    assert len(fetches) == 1


@pytest.mark.parametrize("leave", ["aclose", "discard"])
def test_what_a_client_held_when_it_left_its_loop_is_collected_in_the_next(clock, leave):
    """Or a client that goes from loop to loop would only ever grow."""
    client = QueryClient(clock=clock)

    async def first():
        await client.query(QueryOptions(query_key=["a"], query_fn=lambda context: "data", gc_time=10))
        if leave == "aclose":
            await client.aclose()

    async def second():
        async with client:
            assert client.get_query_data(["a"]) == "data"
            await clock.advance(10)
            assert client.get_query_cache().get_all() == []

    asyncio.run(first())
    if leave == "discard":
        client.discard()
    assert (client.leaks(), clock.pending()) == ([], [])
    asyncio.run(second())


def test_data_can_be_read_and_written_without_a_loop(clock):
    """Collection begins as soon as the client is used within one."""
    client = QueryClient(clock=clock)
    client.set_query_data(["a"], "data")
    client.invalidate_queries(["a"], refetch_type="none")
    assert client.get_query_state(["a"]).is_invalidated
    assert len(client.leaks()) == 1
    assert clock.pending() == []

    async def main():
        async with client:
            assert clock.pending() == [300]
            await clock.advance(300)

    asyncio.run(main())
    assert client.get_query_cache().get_all() == []


def test_a_fetch_or_write_without_a_loop_is_refused():
    """The text says where to start it."""
    client = QueryClient()
    with pytest.raises(
        LoopError, match=r"while no event loop runs. Start it from a coroutine.*asyncio.run\(main\(\)\)"
    ):
        client.query(QueryOptions(query_key=["a"], query_fn=lambda context: "data"))
    assert client.is_fetching() == 0


async def test_two_clients_of_one_cache_know_their_own_options(clock, answering):
    """What is shared is the data."""
    queries, mutations = QueryCache(), MutationCache()
    async with (
        QueryClient(query_cache=queries, mutation_cache=mutations, clock=clock) as first,
        QueryClient(query_cache=queries, mutation_cache=mutations, clock=clock) as second,
    ):
        first.set_query_defaults(["a"], QueryOptions(query_fn=answering("first")))
        assert await first.query(QueryOptions(query_key=["a"])) == "first"
        assert second.get_query_defaults(["a"]).query_fn is not first.get_query_defaults(["a"]).query_fn
        assert second.get_query_data(["a"]) == "first"


def test_a_discarded_client_may_begin_again_in_another_loop(clock, focus):
    """When its own has ended without it being closed: it lets go, and keeps the data."""
    client = QueryClient(clock=clock, focus_manager=focus)
    client.mount()
    options = QueryOptions(query_key=["a"], query_fn=lambda context: "data", stale_time=100)

    async def fetch():
        return await client.query(options)

    assert asyncio.run(fetch()) == "data"
    assert client.discard() == []
    assert (client.leaks(), clock.pending(), focus.has_listeners()) == ([], [], False)
    assert asyncio.run(fetch()) == "data"


async def awaited(handle):
    """What comes of it, in a task of its own."""
    return await handle


class Abandoned:
    """A client whose loop ended amid its work: a first load, a refetch, a write, and one that waits for the network."""

    def __init__(self, clock, online):
        self.online = online
        self.client = QueryClient(clock=clock, online_manager=online)
        self.client.set_query_data(["old"], "old")
        self.loop = asyncio.new_event_loop()
        self.waiting = []
        self.held = []  # as a socket would hold what waits for it
        self.loop.run_until_complete(self.start())
        online.set_online(True)

    async def start(self):
        async def fetch(context):
            context.signal.add_listener(lambda: None)
            await self.for_ever()

        async def write(variables, context):
            if asyncio.get_running_loop() is self.loop:
                await self.for_ever()
            return variables

        for name in ("first", "old"):
            observer = QueryObserver(self.client, QueryOptions(query_key=[name], query_fn=fetch))
            unsubscribe = observer.subscribe(lambda result: None)
            await self.wait_for(observer.refetch(cancel_refetch=False, throw_on_error=True))
            unsubscribe()
        for name in ("begun", "paused"):
            mutation = self.client.get_mutation_cache().build(self.client, MutationOptions(mutation_fn=write))
            await self.wait_for(mutation.execute(name))
            self.online.set_online(False)

    def for_ever(self):
        self.held.append(self.loop.create_future())
        return self.held[-1]

    async def wait_for(self, handle):
        self.waiting.append(asyncio.ensure_future(awaited(handle)))
        for _ in range(3):
            await asyncio.sleep(0)

    async def go_on(self):
        """What was left undone, in another loop; returns what came of the writes."""
        async with self.client as client:
            for name in ("first", "old"):
                assert await client.query(QueryOptions(query_key=[name], query_fn=lambda context: "new")) == "new"
            await client.resume_paused_mutations()
        return self.writes()

    def writes(self):
        return [(m.state.variables, m.state.status) for m in self.client.get_mutation_cache().get_all()]

    def become_garbage(self):
        """All that lived in the loop is collected; asyncio's complaint of each pending task is its own affair."""
        task = None
        for task in asyncio.all_tasks(self.loop):
            task._log_destroy_pending = False
        del task
        self.waiting.clear()
        self.held.clear()
        self.loop.close()
        gc.collect()


@pytest.fixture
def abandoned(clock, online):
    """Such a client."""
    made = Abandoned(clock, online)
    yield made
    made.loop.close()


@pytest.mark.parametrize("first", ["garbage", "discard"])
def test_what_was_under_way_in_a_loop_that_has_ended_can_be_done_in_another(abandoned, first):
    """Queries are as before their fetches, a write that had not begun can be resumed, and one that had is gone.

    What is left of the dead loop is garbage, and touches nothing when it is collected.
    """
    client = abandoned.client
    if first == "garbage":
        abandoned.become_garbage()
    client.discard()
    assert [client.get_query_state([name]).fetch_status for name in ("first", "old")] == ["idle", "idle"]
    assert client.get_query_data(["old"]) == "old"
    assert abandoned.writes() == [("paused", "pending")]
    assert asyncio.run(abandoned.go_on()) == [("paused", "success")]
    if first == "discard":
        abandoned.become_garbage()
    assert client.get_query_data(["first"]) == "new"
    assert abandoned.writes() == [("paused", "success")]


def test_a_loop_that_was_given_up_may_still_be_wound_down(abandoned):
    """Who waits in it is told; what the client does in another loop by then is not touched."""
    abandoned.client.discard()
    assert asyncio.run(abandoned.go_on()) == [("paused", "success")]
    for task in asyncio.all_tasks(abandoned.loop) - set(abandoned.waiting):
        task.cancel()
    abandoned.loop.run_until_complete(asyncio.wait(abandoned.waiting))
    assert [type(task.exception()) for task in abandoned.waiting] == [QueryCancelledError] * 4
    assert [abandoned.client.get_query_data([name]) for name in ("first", "old")] == ["new", "new"]
    assert abandoned.writes() == [("paused", "success")]
    assert abandoned.client.leaks() == []


def test_those_who_waited_in_a_loop_that_has_ended_count_no_more(abandoned):
    """Neither do they keep a fetch that nobody else uses, nor does their end take one away from those who do."""
    client, options = abandoned.client, QueryOptions(query_key=["first"])
    client.discard()

    async def fetch(context):
        context.signal.add_listener(lambda: None)
        await asyncio.sleep(0.001)
        return "new"

    async def watch_and_leave(waits):
        async with client:
            handle = client.query(options.with_(query_fn=fetch))
            waiting = asyncio.ensure_future(awaited(handle)) if waits else None
            await asyncio.sleep(0)
            QueryObserver(client, options.with_(query_fn=fetch)).subscribe(lambda result: None)()
            fetches = client.is_fetching()
            abandoned.become_garbage()
            return fetches, (await waiting if waiting else None)

    assert asyncio.run(watch_and_leave(waits=False)) == (0, None)
    assert asyncio.run(watch_and_leave(waits=True)) == (1, "new")


def test_winding_down_a_loop_leaves_the_fetch_in_the_next_alone(abandoned):
    """It is another one by now."""
    abandoned.client.discard()
    following = asyncio.new_event_loop()
    gate = asyncio.Event()

    async def fetch(context):
        await gate.wait()
        return "new"

    async def start():
        handle = abandoned.client.query(QueryOptions(query_key=["old"], query_fn=fetch))
        return asyncio.ensure_future(awaited(handle))

    waiting = following.run_until_complete(start())
    for task in asyncio.all_tasks(abandoned.loop):
        task.cancel()
    abandoned.loop.run_until_complete(asyncio.wait(abandoned.waiting))
    assert abandoned.client.is_fetching() == 1
    gate.set()
    assert following.run_until_complete(waiting) == "new"
    following.run_until_complete(abandoned.client.aclose())
    following.close()


def test_a_discarded_client_lets_go_of_nothing_that_others_do_in_its_caches(clock, answering):
    """They have loops of their own."""
    queries, mutations = QueryCache(), MutationCache()
    discarded, other = (QueryClient(query_cache=queries, mutation_cache=mutations, clock=clock) for _ in range(2))

    async def main():
        async with other:
            handle = other.query(QueryOptions(query_key=["a"], query_fn=answering("data", after=1)))
            write = mutations.build(other, MutationOptions(mutation_fn=answering("written", after=1))).execute(None)
            await clock.settle()
            discarded.discard()
            await clock.advance(1)
            return await handle, await write, len(mutations.get_all()), other.get_query_data(["a"])

    assert asyncio.run(main()) == ("data", "written", 1, "data")


def test_discarding_names_what_the_loop_left_behind(clock):
    """Nobody can wait for it any more."""
    client = QueryClient(clock=clock)

    async def start():
        client.query(QueryOptions(query_key=["a"], query_fn=lambda context: clock.sleep(10)))

    loop = asyncio.new_event_loop()
    loop.run_until_complete(start())
    assert client.discard() == ['task: fetch of ["a"]']
    (task,) = asyncio.all_tasks(loop)
    task.cancel()
    loop.run_until_complete(asyncio.wait([task]))
    loop.close()
