"""A coroutine started inside the call that asks for it: the same on every version of Python."""

from __future__ import annotations

import asyncio
import contextvars

import anyio
import pytest

from query.runtime.eager import _Begun, goes_on_by_itself, start_eagerly

variable = contextvars.ContextVar("variable", default="unset")


def start(coroutine, context=None, name=None):
    """Start *coroutine* in the running loop."""
    return start_eagerly(
        coroutine, loop=asyncio.get_running_loop(), context=context or contextvars.copy_context(), name=name
    )


# -- the first step


async def test_the_first_step_has_run_when_the_call_returns():
    """Up to the first await that really waits."""
    seen, gate = [], asyncio.get_running_loop().create_future()

    async def work():
        seen.append("begun")
        return await gate

    task = start(work(), name="work")
    assert seen == ["begun"]
    assert task.get_name() == "work"
    assert not task.done()
    gate.set_result("answer")
    assert await task == "answer"


async def test_awaiting_what_is_done_belongs_to_the_first_step():
    """Nothing has to be waited for."""
    done, seen = asyncio.get_running_loop().create_future(), []
    done.set_result("there")

    async def work():
        seen.append(await done)

    await_me = start(work())
    assert seen == ["there"]
    await await_me


async def test_a_return_in_the_first_step_is_the_result():
    """A turn later at the latest."""

    async def work():
        return "answer"

    task = start(work())
    await asyncio.sleep(0)
    assert task.done()
    assert task.result() == "answer"


@pytest.mark.parametrize("error", [ValueError("mine"), StopAsyncIteration("mine"), asyncio.CancelledError("mine")])
async def test_an_exception_in_the_first_step_belongs_to_the_task(error):
    """The caller goes on; who awaits the task gets it."""

    async def work():
        raise error

    task = start(work())
    with pytest.raises(type(error), match="mine"):
        await task
    assert task.cancelled() is isinstance(error, asyncio.CancelledError)


async def test_what_no_program_catches_belongs_to_the_task_as_well():
    """A test that fails inside a fetch is no exception of the fetch's caller."""

    class Failed(BaseException):
        pass

    async def work():
        raise Failed

    task = start(work())
    with pytest.raises(Failed):
        await task


async def test_the_task_is_current_inside_its_first_step():
    """And the caller's task again after it, whatever happened inside."""
    caller, seen = asyncio.current_task(), []

    async def work(error=None):
        seen.append(asyncio.current_task())
        if error:
            raise error
        await asyncio.sleep(0)
        seen.append(asyncio.current_task())

    task = start(work())
    assert asyncio.current_task() is caller
    await task
    assert seen == [task, task]
    failed = start(work(ValueError()))
    assert asyncio.current_task() is caller
    await asyncio.gather(failed, return_exceptions=True)
    assert seen[2] is failed


async def test_it_can_be_started_from_a_plain_callback():
    """Where no task is current before and none after."""
    seen, gate = [], asyncio.get_running_loop().create_future()

    async def work():
        seen.append(asyncio.current_task())

    def callback():
        before = asyncio.current_task()
        task = start(work())
        gate.set_result((before, task, asyncio.current_task()))

    asyncio.get_running_loop().call_soon(callback)
    before, task, after = await gate
    await task
    assert (before, after) == (None, None)
    assert seen == [task]


async def test_one_can_be_started_inside_the_first_step_of_another():
    """Each is current in its own step."""
    seen = []

    async def inner():
        seen.append(("inner", asyncio.current_task()))
        await asyncio.sleep(0)
        return "inner"

    async def outer():
        task = start(inner())
        seen.append(("outer", asyncio.current_task()))
        return task, await task

    task = start(outer())
    names = [name for name, _ in seen]
    started, answer = await task
    assert names == ["inner", "outer"]
    assert seen == [("inner", started), ("outer", task)]
    assert answer == "inner"


# -- what is waited for


async def test_a_step_that_only_gives_way_goes_on():
    """``sleep(0)`` waits for nothing."""

    async def work():
        for _ in range(3):
            await asyncio.sleep(0)
        return "answer"

    assert await start(work()) == "answer"


async def test_a_step_that_gives_way_goes_on_with_the_next_turn():
    """Before what was asked for later, and not a turn after it."""
    steps = []

    async def work():
        await asyncio.sleep(0)
        steps.append("work")

    task = start(work())
    asyncio.get_running_loop().call_soon(steps.append, "asked for later")
    await asyncio.sleep(0)
    assert steps == ["work", "asked for later"]
    await task


async def test_who_only_gave_way_is_told_from_who_waits():
    """The one goes on with the next turn, whatever happens; the other when what he waits for is there."""
    gate = asyncio.get_running_loop().create_future()

    async def wait():
        await gate

    gives_way, waits = start(asyncio.sleep(0)), start(wait())
    assert (goes_on_by_itself(gives_way), goes_on_by_itself(waits)) == (True, False)
    gate.set_result(None)
    await asyncio.gather(gives_way, waits)


async def test_several_may_wait_for_one_future_in_their_first_steps():
    """It wakes all of them, and those that came otherwise."""
    shared = asyncio.get_running_loop().create_future()

    async def work():
        return await shared

    ordinary = asyncio.create_task(work())
    tasks = [start(work()), start(work()), ordinary]
    await asyncio.sleep(0)
    tasks.append(start(work()))
    shared.set_result("answer")
    assert await asyncio.gather(*tasks) == ["answer"] * 4


async def test_what_is_waited_for_may_come_before_the_second_step():
    """In the same turn, also as a failure."""
    futures = [asyncio.get_running_loop().create_future() for _ in range(2)]

    async def work(future):
        return await future

    tasks = [start(work(future)) for future in futures]
    futures[0].set_result("answer")
    futures[1].set_exception(ValueError("mine"))
    assert await tasks[0] == "answer"
    with pytest.raises(ValueError, match="mine"):
        await tasks[1]


# -- cancellation


async def test_a_cancellation_before_the_second_step_reaches_the_coroutine():
    """At its first await, with the message; it can clean up."""
    seen = []

    async def work():
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError as error:
            seen.append(error.args)
            raise
        finally:
            await asyncio.sleep(0)
            seen.append("cleaned up")

    task = start(work())
    assert task.cancel("enough") is True
    assert task.cancelling() == 1
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [("enough",), "cleaned up"]
    assert task.cancelled()


@pytest.mark.parametrize("wait", [lambda: asyncio.sleep(0), lambda: asyncio.sleep(60)], ids=["giving way", "sleeping"])
async def test_a_cancellation_can_be_caught(wait):
    """And the task has a result."""

    async def work():
        try:
            await wait()
        except asyncio.CancelledError:
            return "caught"

    task = start(work())
    task.cancel()
    assert await task == "caught"


async def test_a_cancellation_before_the_second_step_cancels_what_is_waited_for():
    """As it does for any task that awaits another one; its end is awaited."""
    seen = []

    async def inner():
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            seen.append("inner")

    async def work(task):
        try:
            await task
        finally:
            seen.append("outer")

    waited_for = asyncio.create_task(inner())
    await asyncio.sleep(0)
    task = start(work(waited_for))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["inner", "outer"]
    assert waited_for.cancelled()


async def test_a_cancellation_after_what_was_waited_for_still_counts():
    """The future is done, the coroutine is cancelled all the same."""
    future = asyncio.get_running_loop().create_future()

    async def work():
        return await future

    task = start(work())
    future.set_result("too late")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_by_itself_in_the_first_step_comes_at_its_first_await():
    """What it does before, it does."""
    seen = []

    async def work():
        asyncio.current_task().cancel()
        seen.append("before")
        await asyncio.sleep(0)
        seen.append("after")

    task = start(work())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["before"]


@pytest.mark.parametrize("error", [None, ValueError("mine")])
async def test_what_ended_in_its_first_step_cannot_be_cancelled(error):
    """The outcome stands."""

    async def work():
        if error:
            raise error
        return "answer"

    task = start(work())
    task.cancel()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    assert outcome == (error or "answer")


async def test_a_cancellation_in_a_later_step_is_an_ordinary_one():
    """The first step is over."""
    seen = []

    async def work():
        await asyncio.sleep(0)
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    task = start(work())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled"]


# -- timeouts and scopes entered in the first step


async def test_asyncio_s_timeout_works_from_the_first_step_on():
    """It cancels this task, not the caller's, and turns that into its own error."""
    seen = []

    async def work():
        async with asyncio.timeout(0):
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                seen.append(asyncio.current_task().cancelling())

    task = start(work())
    with pytest.raises(TimeoutError):
        await task
    assert seen == [1]
    assert task.cancelling() == 0
    assert asyncio.current_task().cancelling() == 0


async def test_a_timeout_that_is_not_reached_leaves_no_trace():
    """The rest of the coroutine runs as ever."""

    async def work():
        async with asyncio.timeout(60):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        return "answer"

    assert await start(work()) == "answer"


async def test_anyio_s_timeout_works_from_the_first_step_on():
    """The scope belongs to this task."""

    async def work():
        with anyio.fail_after(0):
            await anyio.sleep(60)

    with pytest.raises(TimeoutError):
        await start(work())


async def test_anyio_s_scope_can_be_cancelled_before_the_second_step():
    """And only what is inside it."""
    scopes = []

    async def work():
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await anyio.sleep(60)
        return scope.cancelled_caught

    task = start(work())
    scopes[0].cancel()
    assert await task is True


async def test_anyio_s_task_group_works_from_the_first_step_on():
    """Its children are cancelled with it."""
    seen = []

    async def child():
        try:
            await anyio.sleep(60)
        finally:
            seen.append("child")

    async def work():
        async with anyio.create_task_group() as group:
            group.start_soon(child)
            await anyio.sleep(0)
            group.cancel_scope.cancel()

    await start(work())
    assert seen == ["child"]


# -- context variables


async def test_context_variables_are_isolated():
    """It sees those of its context, in every step, and the caller sees none of its own."""
    context = contextvars.copy_context()
    context.run(variable.set, "given")
    seen = []

    async def work():
        seen.append(variable.get())
        variable.set("changed")
        await asyncio.sleep(0)
        seen.append(variable.get())

    variable.set("caller")
    task = start(work(), context)
    assert variable.get() == "caller"
    await task
    assert seen == ["given", "changed"]
    assert (variable.get(), context[variable]) == ("caller", "changed")


# -- how a task shows itself


async def test_the_task_shows_the_coroutine_that_it_runs():
    """In messages about leaks, and in stacks."""

    async def work():
        await asyncio.get_running_loop().create_future()

    task = start(work())
    await asyncio.sleep(0)
    assert "work() running at" in repr(task)
    assert [frame.f_code.co_name for frame in task.get_stack()] == ["work"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# -- the coroutine whose first step was run ahead


@pytest.mark.parametrize("arguments", [(ValueError("mine"),), (ValueError, ValueError("mine")), (ValueError, None)])
def test_throwing_takes_all_forms_of_an_exception(arguments):
    """As coroutines do."""
    seen = []

    async def work():
        try:
            await asyncio.sleep(0)
        except ValueError as error:
            seen.append(error.args)

    begun = _Begun(work())
    begun.begin()
    with pytest.raises(StopIteration):
        begun.throw(*arguments)
    assert seen == [("mine",) if any(isinstance(part, ValueError) for part in arguments) else ()]


def test_closing_closes_the_coroutine():
    """Its ``finally`` runs."""
    seen = []

    async def work():
        try:
            await asyncio.sleep(0)
        finally:
            seen.append("closed")

    begun = _Begun(work())
    begun.begin()
    begun.close()
    assert seen == ["closed"]


def test_it_is_for_a_task_to_drive():
    """Awaiting it would run the first step twice."""

    async def work(): ...

    begun = _Begun(work())
    with pytest.raises(TypeError, match="for a task to drive, not to await"):
        begun.__await__()
    begun.close()


@pytest.mark.parametrize("how", ["return", "raise", "wait", "give way", "cancelled", "cancelled too late"])
def test_it_repeats_to_a_task_what_the_first_step_came_to(how):
    """By hand, so that it is tried on every version: newer ones do not need it."""

    async def main():
        future = asyncio.get_running_loop().create_future()

        async def work():
            if how == "return":
                return "answer"
            if how == "raise":
                raise ValueError("mine")
            if how == "give way":
                await asyncio.sleep(0)
                return "answer"
            return await future

        begun = _Begun(work())
        begun.begin()
        task = asyncio.create_task(begun)
        if how.startswith("cancelled"):
            if how == "cancelled too late":
                future.set_result("late")
            task.cancel()
        else:
            future.set_result("answer")
        (outcome,) = await asyncio.gather(task, return_exceptions=True)
        return type(outcome) if isinstance(outcome, BaseException) else outcome

    expected = {"raise": ValueError, "cancelled": asyncio.CancelledError, "cancelled too late": asyncio.CancelledError}
    assert asyncio.run(main()) == expected.get(how, "answer")


@pytest.mark.parametrize("outcome", ["return", "raise"])
async def test_an_end_in_the_first_step_stands_against_what_is_thrown(outcome):
    """A task that was cancelled in the turn of its start has its outcome."""

    async def work():
        if outcome == "raise":
            raise ValueError("mine")
        return "answer"

    begun = _Begun(work())
    begun.begin()
    with pytest.raises(StopIteration if outcome == "return" else ValueError) as caught:
        begun.throw(asyncio.CancelledError())
    assert caught.value.args == (("answer",) if outcome == "return" else ("mine",))
