"""Mutations whose functions await nothing: they need no task, and come to the same as those that have one."""

from __future__ import annotations

import asyncio
import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query import MutationObserver, MutationOptions, QueryCancelledError, QueryClient
from query.base.query_state import fields_of
from query.observers.mutation_result import result_of

FUNCTIONS = ["mutation_fn", "on_mutate", "on_success", "on_error", "on_settled"]

stories = st.fixed_dictionaries(
    {
        "present": st.sets(st.sampled_from(FUNCTIONS[1:])),
        "raising": st.sets(st.sampled_from(FUNCTIONS)),
        "error": st.sampled_from([ValueError, asyncio.CancelledError, pytest.fail.Exception]),
        "kept": st.sampled_from([None, "kept"]),
        "is_heard": st.booleans(),
        "is_told": st.booleans(),
        "is_awaited": st.booleans(),
        "retry": st.sampled_from([0, 1]),
    }
)


def function_of(name, story, trace, kept=None):
    """An async function that awaits nothing, and does what the story says."""

    async def function(*arguments):
        trace.append((name, *[repr(one) for one in arguments[:-1]]))
        if name in story["raising"]:
            raise story["error"](name)
        return kept

    return function


async def told(story, wrap):
    """All that happens in a story."""
    trace = []
    async with QueryClient() as client:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: trace.append(context["message"]))
        kept = {"mutation_fn": "data", "on_mutate": story["kept"]}
        options = MutationOptions(
            retry=story["retry"],
            retry_delay=0,
            **{
                name: wrap(function_of(name, story, trace, kept.get(name)))
                for name in FUNCTIONS
                if name == "mutation_fn" or name in story["present"]
            },
        )
        if story["is_told"]:
            client.get_mutation_cache().subscribe(
                lambda event: trace.append((event.type, None if event.action is None else event.action.type))
            )
        observer = MutationObserver(client, options)
        if story["is_heard"]:

            def listener(result):
                shown = fields_of(result) | {"status": result.status}
                assert shown == fields_of(expected(observer)) | {"status": result.status}
                trace.append([shown[name] for name in ("status", "data", "variables", "context", "failure_count")])

            observer.subscribe(listener)
        handle = observer.mutate("variables")
        trace.append(observer.get_current_result().status)
        try:
            trace.append(await handle if story["is_awaited"] else await asyncio.ensure_future(handle))
        except (ValueError, QueryCancelledError, pytest.fail.Exception) as error:
            trace.append(repr(error))
        trace.append((observer.get_current_result().status, client.is_mutating(), client.leaks() == []))
    return trace


def expected(observer):
    """The result of the state that the latest mutation has, as it is made for all states."""
    return result_of(observer._mutation.state, observer.mutate, observer.reset)


@given(story=stories)
def test_with_and_without_a_task_the_same_happens(story):
    """A partial function hides what awaits nothing."""
    assert asyncio.run(told(story, lambda function: function)) == asyncio.run(told(story, functools.partial))


async def test_functions_that_await_nothing_run_within_the_task_that_awaits_the_mutation():
    """One of their own would take longer than all else."""
    tasks = []

    async def function(*_):
        tasks.append(asyncio.current_task())
        return "data"

    async with QueryClient() as client:
        options = MutationOptions(mutation_fn=function, on_mutate=function, on_success=function, on_settled=function)
        observer = MutationObserver(client, options)
        assert await observer.mutate(1) == "data"
        assert tasks == [asyncio.current_task()] * 4
        # begun by the loop itself they have one, so that there always is one
        tasks.clear()
        handle = observer.mutate(2)
        await asyncio.sleep(0)
        assert handle.done()
        assert [task.get_name() for task in tasks[1:]] == ["mutation 2"] * 3


async def test_new_options_under_way_may_await_something():
    """What is left of the mutation gets a task, once it awaits."""
    steps = []

    async def write(variables, context):
        observer.set_options(MutationOptions(mutation_fn=write, on_success=on_success))
        return variables

    async def on_success(*_):
        await asyncio.sleep(0)
        steps.append(asyncio.current_task().get_name())

    async with QueryClient() as client:
        observer = MutationObserver(client, MutationOptions(mutation_fn=write))
        assert await observer.mutate(1) == 1
        assert steps == ["mutation 1"]
        assert client.leaks() == [line for line in client.leaks() if line.startswith("timer")]


async def test_new_options_before_its_turn_are_looked_at():
    """They decide whether there is to be a task."""
    names = []

    async def write(variables, context):
        names.append(asyncio.current_task().get_name())
        await asyncio.sleep(0)

    async def brief(variables, context):
        return None

    async with QueryClient() as client:
        observer = MutationObserver(client, MutationOptions(mutation_fn=brief))
        handle = observer.mutate(1)
        observer.set_options(MutationOptions(mutation_fn=write))
        await handle
    assert names == ["mutation 1"]


@pytest.mark.parametrize("where", ["cache", "adapt"])
async def test_what_else_runs_in_a_mutation_may_await_something(where):
    """Callbacks of the cache, and what a function is replaced with."""
    names = []

    async def waiting(*_):
        names.append(asyncio.current_task().get_name())
        await asyncio.sleep(0)

    async def brief(variables, context):
        return None

    client = QueryClient()
    if where == "adapt":
        client.environment.adapt = lambda function: waiting
    else:
        client = QueryClient(mutation_cache=type(client.get_mutation_cache())(on_success=waiting))
    async with client:
        await MutationObserver(client, MutationOptions(mutation_fn=brief)).mutate(1)
    assert names == ["mutation 1"]
