"""What a closing client does to mutations that wait for one another."""

import asyncio

import pytest

from query import MutationObserver, MutationOptions, OnlineManager, QueryCancelledError, QueryClient


@pytest.mark.parametrize("online", [True, False])
async def test_closing_with_a_queue_in_one_scope_ends(online):
    """Each cancelled mutation would wake its successor, and so on in a ring; offline, all of them still wait."""
    client = QueryClient(online_manager=OnlineManager(online=online))
    options = MutationOptions(mutation_fn=lambda variables, context: asyncio.sleep(60), scope="queue")
    for number in range(3):
        MutationObserver(client, options).mutate(number)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await client.aclose()
    assert client.leaks() == []


async def test_closing_ends_a_function_that_runs_without_a_network():
    """What it came to is no reason to wait for the network before another attempt."""
    online = OnlineManager()
    client = QueryClient(online_manager=online)
    options = MutationOptions(mutation_fn=lambda variables, context: asyncio.sleep(60))
    MutationObserver(client, options).mutate(1)
    await asyncio.sleep(0)
    online.set_online(False)
    async with asyncio.timeout(5):
        await client.aclose()
    assert client.leaks() == []


async def test_who_resumed_a_mutation_hears_of_the_end():
    """The client closes before it is through: what waits for all resumed mutations does not wait for ever."""
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["message"]))
    online = OnlineManager(online=False)
    client = QueryClient(online_manager=online)
    options = MutationOptions(mutation_fn=lambda variables, context: asyncio.sleep(60))
    MutationObserver(client, options).mutate(1)
    await asyncio.sleep(0.001)
    online.set_online(True)
    resumed = client.resume_paused_mutations()
    await client.aclose()
    async with asyncio.timeout(5):
        assert await resumed is None
    assert reported == []


async def test_an_async_callback_of_one_call_runs_and_may_fail_alone(key):
    """Nothing waits for it, and its error is reported to the loop."""
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reported.append(context["message"]))
    steps = []

    async def on_success(*args):
        steps.append("begun")
        await asyncio.sleep(0)
        steps.append("done")

    async def on_settled(*args):
        raise ValueError("mine")

    async with QueryClient() as client:
        observer = MutationObserver(client, MutationOptions(mutation_fn=lambda variables, context: variables))
        observer.subscribe(lambda result: None)
        assert await observer.mutate(1, on_success=on_success, on_settled=on_settled) == 1
        await asyncio.sleep(0.001)
    assert steps == ["begun", "done"]
    assert reported == ["on_settled given to mutate raised"]


async def test_a_write_that_does_not_heed_the_end_is_no_success_and_wakes_nobody():
    """The client closes: what the function makes of that comes too late, and the next of its scope is not begun."""
    client, begun = QueryClient(), []

    async def write(variables, context):
        begun.append(variables)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "done all the same"

    options = MutationOptions(mutation_fn=write, scope="queue")
    handles = [MutationObserver(client, options).mutate(number) for number in range(2)]
    while not begun:
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await client.aclose()
    assert [type(handle.exception()) for handle in handles] == [QueryCancelledError] * 2
    assert begun == [0]
    assert [mutation.state.status for mutation in client.get_mutation_cache().get_all()] == ["pending"]


@pytest.mark.parametrize("suspends", [False, True])
async def test_a_waiter_that_is_cancelled_at_once_leaves_the_write_alone(suspends):
    """Whether its function waits for something or not."""

    async def write(variables, context):
        if suspends:
            await asyncio.sleep(0)
        return variables

    handles = []
    async with QueryClient() as client:

        async def write_and_wait():
            handles.append(MutationObserver(client, MutationOptions(mutation_fn=write)).mutate(1))
            return await handles[0]

        waiting = asyncio.ensure_future(write_and_wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        # what waits for nothing is written before its waiter could be cancelled
        assert waiting.cancelled() is suspends
        assert await handles[0] == 1


async def test_what_has_not_begun_is_named_among_the_leaks_and_ends_with_its_client():
    """A mutation has no task before its turn, and is under way all the same."""
    called = []
    client = QueryClient()
    handle = MutationObserver(client, MutationOptions(mutation_fn=lambda *_: called.append(1), gc_time=60)).mutate(1)
    assert "task: mutation 1" in client.leaks()
    async with asyncio.timeout(5):
        await client.aclose()
    assert isinstance(handle.exception(), QueryCancelledError)
    assert (called, client.leaks(), client.get_mutation_cache().get_all()) == ([], [], [])


async def test_a_write_that_waits_for_nothing_is_done_when_it_is_awaited():
    """As after a microtask of JavaScript: not in the call that starts it, and before the loop does anything else."""
    order = []
    asyncio.get_running_loop().call_soon(order.append, "turn")
    async with QueryClient() as client:
        handle = MutationObserver(client, MutationOptions(mutation_fn=lambda *_: order.append("write"))).mutate(1)
        assert order == []
        await handle
        assert order == ["write"]
        await asyncio.sleep(0)
    assert order == ["write", "turn"]


async def test_mutations_that_await_one_another_do_not_pile_up_on_the_stack():
    """Hundreds of them, each within the function of the one before."""

    async def write(variables, context):
        return variables if not variables else await observer.mutate(variables - 1)

    async with QueryClient() as client:
        observer = MutationObserver(client, MutationOptions(mutation_fn=write))
        assert await observer.mutate(500) == 0


async def test_what_waits_for_its_turn_needs_no_task():
    """It is under way all the same: the client knows of it, and ends it."""
    client, gate = QueryClient(), asyncio.get_running_loop().create_future()
    options = MutationOptions(mutation_fn=lambda *_: gate, scope="queue")
    handles = [MutationObserver(client, options).mutate(number) for number in range(3)]
    others = len(asyncio.all_tasks())
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == others + 1
    assert [line for line in client.leaks() if "task" in line] == [f"task: mutation {number}" for number in (1, 2, 3)]
    async with asyncio.timeout(5):
        await client.aclose()
    assert [type(handle.exception()) for handle in handles] == [QueryCancelledError] * 3
    # the first had begun: whether it was done nobody knows. The others can be resumed
    waiting = client.get_mutation_cache().get_all()
    assert [mutation.state.is_paused for mutation in waiting] == [True, True]
    assert client.leaks() == []


def test_what_waits_in_a_loop_that_ends_can_be_resumed_in_another():
    """Its waiting ends with the loop, and leaves nothing behind."""
    online, called = OnlineManager(online=False), []
    client = QueryClient(online_manager=online)
    options = MutationOptions(mutation_fn=lambda variables, context: called.append(variables))

    async def begin():
        MutationObserver(client, options).mutate(1)
        await asyncio.sleep(0)

    async def resume():
        await client.resume_paused_mutations()

    asyncio.run(begin())
    assert client.discard() == ["task: mutation 1"]
    online.set_online(True)
    asyncio.run(resume())
    assert called == [1]
    assert client.discard() == []
