"""Many callers, one fetch: what one of them does harms nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import gc

import pytest
from client_fixtures import FakeObserver
from hypothesis import given, settings
from hypothesis import strategies as st

from query import QueryCancelledError, QueryClient, QueryOptions


def options_of(key, query_fn, **more):
    return QueryOptions(query_key=key, query_fn=query_fn, **more)


async def wait_plainly(handle):
    return await handle


async def wait_with_deadline(handle):
    return await asyncio.wait_for(handle, 3600)


async def wait_in_group(handle):
    async with asyncio.TaskGroup() as group:
        task = group.create_task(handle)
    return task.result()


async def wait_among_others(handle):
    return (await asyncio.gather(handle, asyncio.sleep(0)))[0]


WAYS = [wait_plainly, wait_with_deadline, wait_in_group, wait_among_others]


class Caller:
    """When somebody asks, in which way, and in which turn of the loop they give up, if they do."""

    def __init__(self, way, comes, leaves):
        self.way, self.comes, self.leaves = way, comes, leaves

    def __repr__(self):
        return f"{self.way.__name__} from turn {self.comes}, cancelled in turn {self.leaves}"


callers = st.lists(
    st.builds(Caller, st.sampled_from(WAYS), st.integers(0, 5), st.none() | st.integers(0, 12)), min_size=1, max_size=6
)


async def run_callers(callers, turns, answer):
    """Let *callers* ask for one key while its function takes *turns* turns; returns calls, outcomes and reports."""
    calls, reports = [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context["message"]))

    async def query_fn(context):
        calls.append(1)
        for _ in range(turns):
            await asyncio.sleep(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def call(client, caller):
        for _ in range(caller.comes):
            await asyncio.sleep(0)
        return await caller.way(client.query(options_of(["shared"], query_fn, stale_time=1e6)))

    async with QueryClient() as client:
        tasks = [asyncio.create_task(call(client, caller)) for caller in callers]
        for turn in range(40):
            for caller, task in zip(callers, tasks, strict=True):
                if caller.leaves == turn:
                    task.cancel()
            await asyncio.sleep(0)
        assert all(task.done() for task in tasks)
        assert [line for line in client.leaks() if line.startswith("task")] == []
        outcomes = [None if task.cancelled() else task.exception() or task.result() for task in tasks]
    del tasks
    gc.collect()
    return len(calls), outcomes, reports


@pytest.mark.timeout(300)  # a garbage collection an example, on a machine that may be busy
@settings(max_examples=60, deadline=None)
@given(callers=callers, turns=st.integers(6, 10))
def test_whoever_is_cancelled_the_others_get_the_data_of_one_call(callers, turns):
    """Of any number of callers of one key, any may give up at any time.

    The function is called once, all others get its data, no task is left, and asyncio has nothing to complain about.
    """
    calls, outcomes, reports = asyncio.run(run_callers(callers, turns, "data"))
    asked = [caller for caller in callers if caller.leaves is None or caller.leaves > caller.comes]
    assert calls == 1 if asked else calls <= 1
    for caller, outcome in zip(callers, outcomes, strict=True):
        assert outcome == "data" or (caller.leaves is not None and outcome is None)
    assert reports == []


@pytest.mark.timeout(300)
@settings(max_examples=30, deadline=None)
@given(callers=callers, turns=st.integers(6, 10))
def test_whoever_is_cancelled_the_others_get_the_failure_of_one_call(callers, turns):
    """A failure is shared like data, and nobody who has left is missed."""
    error = ValueError("failed")
    calls, outcomes, reports = asyncio.run(run_callers(callers, turns, error))
    for caller, outcome in zip(callers, outcomes, strict=True):
        causes = outcome.exceptions if isinstance(outcome, ExceptionGroup) else (outcome,)
        assert causes == (error,) or (caller.leaves is not None and outcome is None)
    assert calls <= 1
    assert reports == []


@pytest.mark.parity("QX-025")
async def test_cancelling_one_waiter_leaves_the_fetch_and_the_others_alone(build, answering, clock):
    """A timeout around one call is that caller's affair."""
    query = build(query_fn=answering("data", after=1))
    impatient = asyncio.create_task(wait_plainly(query.fetch()))
    patient = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert await patient == "data"


async def test_a_fetch_goes_on_when_its_only_waiter_gives_up(build, answering, clock):
    """The result is there for whoever asks next."""
    query = build(query_fn=answering("data", after=1))
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    waiter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiter
    await clock.advance(1)
    assert query.state.data == "data"


# -- waiters are users, as observers are


def heeding(answers):
    """A query function that reads its signal, and so agrees to be cancelled."""

    def query_fn(context):
        assert not context.signal.aborted
        return answers(context)

    return query_fn


@pytest.mark.parity("QX-006")
async def test_a_waiter_keeps_the_fetch_when_the_last_observer_leaves(client, build, answering, clock):
    """Somebody else's leaving does not take the data away from who awaits it."""
    query, observer = build(query_fn=heeding(answering("data", after=1))), FakeObserver(client)
    query.add_observer(observer)
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    query.remove_observer(observer)
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert await waiter == "data"


async def test_the_fetch_is_cancelled_when_the_last_waiter_follows_the_last_observer(client, build, answering, clock):
    """Nobody is left who wants it, and its function heeds the signal."""
    query, observer = build(query_fn=heeding(answering("data", after=1))), FakeObserver(client)
    query.add_observer(observer)
    waiters = [asyncio.create_task(wait_plainly(query.fetch())) for _ in range(2)]
    await clock.settle()
    query.remove_observer(observer)
    for waiter, fetch_status in zip(waiters, ["fetching", "idle"], strict=True):
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter
        assert query.state.fetch_status == fetch_status


async def test_an_observer_that_comes_back_keeps_the_fetch_when_the_waiter_goes(client, build, answering, clock):
    """It counts again."""
    query, observer = build(query_fn=heeding(answering("data", after=1))), FakeObserver(client)
    query.add_observer(observer)
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    query.remove_observer(observer)
    query.add_observer(observer)
    waiter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiter
    assert query.state.fetch_status == "fetching"
    await clock.advance(1)
    assert query.state.data == "data"


async def test_a_fetch_that_nobody_ever_watched_is_not_cancelled_by_its_waiter(build, answering, clock):
    """A call with a timeout still fills the cache, signal read or not."""
    query = build(query_fn=heeding(answering("data", after=1)))
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    waiter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiter
    await clock.advance(1)
    assert query.state.data == "data"


async def test_an_observer_of_long_ago_does_not_give_a_later_fetch_away(client, build, answering, clock):
    """Only who left this fetch counts as having left it."""
    query, observer = build(query_fn=heeding(answering("data", after=1))), FakeObserver(client)
    query.add_observer(observer)
    query.remove_observer(observer)
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await clock.settle()
    waiter.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiter
    await clock.advance(1)
    assert query.state.data == "data"


async def test_a_handle_that_nobody_awaits_does_not_keep_the_fetch(client, build, answering):
    """To hold it is not to wait."""
    query, observer = build(query_fn=heeding(answering("data", after=1))), FakeObserver(client)
    query.add_observer(observer)
    handle = query.fetch()
    query.remove_observer(observer)
    with pytest.raises(QueryCancelledError):
        await handle


async def test_only_a_fetch_under_way_can_be_joined(build, answering):
    """Neither none, nor one that is cancelled; who joins allows retries again."""
    query = build(query_fn=answering("data"))
    assert query.join() is None
    handle = query.fetch()
    query._run.cancel_retry()
    joined = query.join()
    assert not query._run._retry_cancelled
    assert [await joined, await handle] == ["data", "data"]
    assert query.join() is None
    query.fetch()
    query.cancel()
    assert query.join() is None
    await query.cancel()


# -- when they are told


@pytest.mark.parametrize(("gives_way", "told"), [(0, 0), (1, 0), (2, 1)])
async def test_the_first_who_waits_is_told_within_the_turn_of_the_end(build, gives_way, told):
    """Unless the function goes on after a turn: what it waits for then may take long, and a future is made."""
    turns = []

    async def count():
        while True:
            await asyncio.sleep(0)
            turns.append(None)

    async def query_fn(_):
        for _ in range(gives_way):
            await asyncio.sleep(0)
        ended.append(len(turns))
        return "data"

    ended = []
    query, counting = build(query_fn=query_fn), asyncio.create_task(count())
    await asyncio.sleep(0)
    assert await query.fetch() == "data"
    # what ends at once is taken in a turn later
    assert len(turns) - max(ended[0], 1) == told
    counting.cancel()


async def test_who_waits_for_a_turn_keeps_a_fetch_that_takes_longer(client, build):
    """From the first turn to the next a waiter stays a user, although nobody watches any more."""
    gate = asyncio.get_running_loop().create_future()

    async def query_fn(context):
        assert not context.signal.aborted
        await asyncio.sleep(0)
        return await gate

    query, observer = build(query_fn=query_fn), FakeObserver(client)
    query.add_observer(observer)
    waiter = asyncio.create_task(wait_plainly(query.fetch()))
    await asyncio.sleep(0)
    query.remove_observer(observer)
    for _ in range(3):
        await asyncio.sleep(0)
    assert query.state.fetch_status == "fetching"
    gate.set_result("data")
    assert await waiter == "data"
    assert not query._waiters
