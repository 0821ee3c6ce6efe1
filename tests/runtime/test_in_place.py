"""Async functions that await nothing, run without a task."""

from __future__ import annotations

import asyncio
import contextvars
import functools

import pytest

from query.runtime.in_place import awaits_nothing, run_in_place

NAME = contextvars.ContextVar("name", default="nobody")


async def plain(*_):
    return [number * 2 for number in range(3)]


async def awaiting(*_):
    await asyncio.sleep(0)


async def with_block(*_):
    async with asyncio.timeout(1):
        pass


async def loop_over(some):
    async for _ in some:
        pass


async def generator():
    yield 1


def ordinary(*_):
    return None


class Methods:
    async def plain(self):
        return None

    async def awaiting(self):
        await asyncio.sleep(0)


@pytest.mark.parametrize("function", [plain, Methods().plain, Methods.plain], ids=lambda f: f.__qualname__)
def test_an_async_function_without_an_await_awaits_nothing(function):
    """Also a method."""
    assert awaits_nothing(function)


@pytest.mark.parametrize(
    "function",
    [
        awaiting,
        with_block,
        loop_over,
        generator,
        ordinary,
        print,
        Methods().awaiting,
        functools.partial(plain),
        lambda: plain(),
    ],
    ids=["await", "async with", "async for", "generator", "plain", "builtin", "method", "partial", "lambda"],
)
def test_of_any_other_function_nothing_is_known(function):
    """It may return something to await, or await in one of its lines."""
    assert not awaits_nothing(function)


async def test_what_awaits_nothing_is_through_when_the_call_returns():
    """In the context variables that it was given, and within the task of the caller."""
    seen = []

    async def work():
        NAME.set("mine")
        seen.append((NAME.get(), asyncio.current_task()))

    context = contextvars.copy_context()
    assert run_in_place(work(), context) is None
    assert seen == [("mine", asyncio.current_task())]
    assert (NAME.get(), context[NAME]) == ("nobody", "mine")


async def test_what_it_raises_is_raised():
    """By the call."""

    async def work():
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        run_in_place(work(), contextvars.copy_context())


@pytest.mark.parametrize("waits_for", ["turn", "future"])
async def test_what_awaits_something_after_all_goes_on_in_a_task(waits_for):
    """From where it was, also with what it waited for."""
    steps, gate = [], asyncio.get_running_loop().create_future()

    async def work():
        steps.append("begun")
        steps.append(await (asyncio.sleep(0, "turn") if waits_for == "turn" else gate))
        await asyncio.sleep(0)
        steps.append("done")

    rest = run_in_place(work(), contextvars.copy_context())
    assert steps == ["begun"]
    task = asyncio.ensure_future(rest)
    await asyncio.sleep(0)
    gate.set_result("future")
    await task
    assert steps == ["begun", waits_for, "done"]


async def test_a_cancellation_reaches_what_goes_on_in_a_task():
    """It is raised where it waits, and may be handled there."""
    steps = []

    async def work():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            steps.append("cancelled")
            await asyncio.sleep(0)
            steps.append("cleaned up")
            raise

    task = asyncio.ensure_future(run_in_place(work(), contextvars.copy_context()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["cancelled", "cleaned up"]


async def test_a_rest_that_is_thrown_away_is_closed():
    """As any coroutine is."""
    steps = []

    async def work():
        try:
            await asyncio.sleep(0)
        finally:
            steps.append("closed")

    rest = run_in_place(work(), contextvars.copy_context())
    rest.send(None)
    rest.close()
    assert steps == ["closed"]
