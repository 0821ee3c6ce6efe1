"""What a closing client does to mutations that wait for one another."""

import asyncio

import pytest

from query import MutationObserver, MutationOptions, OnlineManager, QueryClient


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
