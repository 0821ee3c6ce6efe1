"""A call under way: any number of waiters, none of which can harm another."""

from __future__ import annotations

import asyncio
import collections.abc
import gc
import inspect

import anyio
import pytest

from query.runtime.following import FollowingHandle, mute, transformed
from query.runtime.handle import Handle, RunningHandle
from query.runtime.outcome import DerivedOutcome, Outcome


class Counted(Outcome):
    """An outcome that notes how many waiters came and left, and is asked as a future is."""

    def __init__(self):
        super().__init__(asyncio.get_running_loop())
        self.counts = []

    def count(self, change):
        self.counts.append(change)

    def done(self):
        return self.is_done


@pytest.fixture(params=["outcome", "future"])
async def future(request):
    """What all handles of a test share: an outcome of ours, or a future."""
    return Counted() if request.param == "outcome" else asyncio.get_running_loop().create_future()


@pytest.fixture
async def outcome():
    """An outcome of ours, whose waiters are counted."""
    return Counted()


def handle_of(future):
    """A handle of either."""
    return RunningHandle(future) if isinstance(future, Outcome) else FollowingHandle(future)


async def waiters(*awaitables):
    """Tasks that wait, and have come to their wait."""

    async def wait(awaitable):
        return await awaitable

    tasks = [asyncio.create_task(wait(awaitable)) for awaitable in awaitables]
    await asyncio.sleep(0)
    return tasks


# -- the outcome


async def test_a_handle_of_a_value_is_done():
    """Awaiting it takes no turn, as often as one likes."""
    handle = Handle.of("answer")
    assert (handle.done(), handle.result(), handle.exception()) == (True, "answer", None)
    assert [await handle, await handle] == ["answer", "answer"]
    with pytest.raises(StopIteration):
        handle.send(None)


async def test_a_handle_of_a_failure_is_done():
    """Every waiter gets the exception, and it needs no loop."""
    error = ValueError("mine")
    handle = Handle.failed(error)
    assert (handle.done(), handle.exception(), repr(handle)) == (True, error, "<Handle failed with ValueError('mine')>")
    for wait in (lambda: handle, lambda: asyncio.create_task(handle)):
        with pytest.raises(ValueError) as caught:
            await wait()
        assert caught.value is error
    with pytest.raises(ValueError, match="mine"):
        handle.result()


async def test_none_and_falsy_values_are_answers():
    """As any other."""
    assert [await Handle.of(value) for value in (None, 0, "")] == [None, 0, ""]


async def test_a_handle_shows_how_its_call_stands(future):
    """Pending, done or failed."""
    handle, failed = handle_of(future), Handle.failed(ValueError("mine"))
    assert (handle.done(), repr(handle)) == (False, "<Handle pending>")
    with pytest.raises(asyncio.InvalidStateError):
        handle.result()
    with pytest.raises(asyncio.InvalidStateError):
        handle.exception()
    future.set_result("answer")
    assert (handle.done(), handle.result(), handle.exception()) == (True, "answer", None)
    assert repr(handle) == "<Handle result='answer'>"
    assert repr(failed) == "<Handle failed with ValueError('mine')>"
    with pytest.raises(ValueError, match="mine"):
        failed.result()


async def test_every_waiter_gets_the_outcome(future):
    """The very object, before and after it is there."""
    handle, answer = handle_of(future), object()
    tasks = await waiters(handle, handle, handle)
    future.set_result(answer)
    assert [await task is answer for task in tasks] == [True] * 3
    assert await handle is answer


async def test_every_waiter_gets_the_failure(future):
    """The very exception."""
    handle, error = handle_of(future), ValueError("mine")
    tasks = await waiters(handle, handle)
    future.set_exception(error)
    assert await asyncio.gather(*tasks, return_exceptions=True) == [error, error]
    with pytest.raises(ValueError, match="mine"):
        await handle


async def test_a_handle_that_nobody_awaits_leaves_no_warning(future, reported):
    """Neither "coroutine was never awaited" nor, once muted, "exception was never retrieved"."""
    future.set_exception(ValueError("mine"))
    mute(future)
    handle = handle_of(future)
    handle = future = None
    gc.collect()
    assert handle is future is None
    assert reported == []


# -- waiters do not harm one another


async def test_a_cancelled_waiter_harms_nobody(future):
    """Neither the work nor the others."""
    handle = handle_of(future)
    tasks = await waiters(handle, handle, handle)
    tasks[1].cancel()
    await asyncio.sleep(0)
    assert [task.done() for task in tasks] == [False, True, False]
    assert not future.done()
    future.set_result("answer")
    assert [await tasks[0], await tasks[2]] == ["answer", "answer"]
    assert tasks[1].cancelled()


async def test_all_waiters_may_leave(future):
    """The work goes on, for whoever comes later."""
    handle = handle_of(future)
    for task in await waiters(handle, handle):
        task.cancel()
    await asyncio.sleep(0)
    assert not future.done()
    future.set_result("answer")
    assert await handle == "answer"


async def test_a_waiter_that_times_out_harms_nobody(future):
    """By asyncio's means or anyio's."""
    handle = handle_of(future)
    (task,) = await waiters(handle)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await handle
    with pytest.raises(TimeoutError), anyio.fail_after(0):
        await handle
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(handle, 0)
    assert not future.done()
    future.set_result("answer")
    assert await task == "answer"


async def test_a_waiter_cancelled_in_the_turn_of_the_outcome_is_cancelled(future):
    """The other gets its answer."""
    handle = handle_of(future)
    first, second = await waiters(handle, handle)
    first.cancel()
    future.set_result("answer")
    assert await second == "answer"
    assert first.cancelled()


async def test_a_waiter_cancelled_after_it_was_woken_is_cancelled(future):
    """It has not run yet."""
    handle = handle_of(future)
    (task,) = await waiters(handle)
    future.set_result("answer")
    if asyncio.isfuture(future):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_waiter_that_has_left_is_forgotten(outcome):
    """A long fetch does not collect those who gave up."""
    handle = RunningHandle(outcome)
    for _ in range(3):
        (task,) = await waiters(handle)
        task.cancel()
        await asyncio.sleep(0)
    assert not outcome._waiters


# -- who waits is a user


async def test_those_who_wait_are_counted(outcome):
    """From the moment they wait until they leave, however they leave."""
    handle = RunningHandle(outcome)
    first, second = await waiters(handle, handle)
    assert outcome.counts == [1, 1]
    first.cancel()
    await asyncio.sleep(0)
    assert outcome.counts == [1, 1, -1]
    outcome.set_result("answer")
    await second
    assert outcome.counts == [1, 1, -1, -1]
    await handle
    assert outcome.counts == [1, 1, -1, -1]


async def test_who_waits_for_what_is_near_is_counted(outcome):
    """Although he has no future; and once without a break, whether it comes in time or not."""
    outcome.is_near = True
    (task,) = await waiters(RunningHandle(outcome))
    assert outcome.counts == [1]
    await asyncio.sleep(0)
    assert outcome.counts == [1, 1, -1]
    outcome.set_result("answer")
    assert await task == "answer"
    assert outcome.counts == [1, 1, -1, -1]


async def test_who_waits_for_what_is_near_may_leave(outcome):
    """As anybody who waits."""
    outcome.is_near = True
    (task,) = await waiters(RunningHandle(outcome))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert outcome.counts == [1, -1]


async def test_who_comes_later_is_not_served_before(outcome):
    """What is near is so for the first only: those who have a future are woken in their turn."""
    served = []

    async def wait():
        await RunningHandle(outcome)
        served.append("later")

    outcome.is_near = True
    outcome.join().add_done_callback(lambda _: served.append("first"))
    later = asyncio.create_task(wait())
    asyncio.get_running_loop().call_soon(outcome.set_result, "answer")
    await later
    assert served == ["first", "later"]


async def test_to_look_on_is_not_to_wait(outcome):
    """Neither holding a handle nor a callback makes a user."""
    seen = []
    handle = RunningHandle(outcome)
    handle.add_done_callback(seen.append)
    outcome.set_result("answer")
    await asyncio.sleep(0)
    assert seen == [handle]
    assert outcome.counts == []


async def test_a_callback_comes_on_a_turn_of_its_own(future):
    """Also when the answer is there already."""
    seen = []
    Handle.of(1).add_done_callback(lambda handle: seen.append(handle.result()))
    assert seen == []
    await asyncio.sleep(0)
    assert seen == [1]


async def test_who_waits_for_a_derived_handle_uses_the_same_fetch(outcome):
    """As those who wait for the first one."""
    after = DerivedOutcome(outcome.loop)
    derived = RunningHandle(outcome).derive(after)
    (task,) = await waiters(derived)
    assert outcome.counts == [1]
    after.set_result("later")
    assert await task == "later"
    assert outcome.counts == [1, -1]


# -- a handle where asyncio wants a coroutine


async def test_a_handle_is_a_coroutine_to_asyncio(future):
    """And awaitable to everybody."""
    handle = handle_of(future)
    assert asyncio.iscoroutine(handle)
    assert isinstance(handle, collections.abc.Coroutine)
    assert inspect.isawaitable(handle)
    future.set_result(1)


async def test_a_handle_can_be_a_task(future):
    """As often as one likes; cancelling the task harms nobody."""
    handle = handle_of(future)
    first, second = asyncio.create_task(handle), asyncio.create_task(handle)
    third = asyncio.ensure_future(handle)
    await asyncio.sleep(0)
    assert "Handle" in repr(first)
    first.cancel()
    await asyncio.sleep(0)
    assert first.cancelled()
    future.set_result("answer")
    assert [await second, await third, await asyncio.create_task(handle)] == ["answer"] * 3


async def test_a_task_cancelled_before_its_first_step_is_cancelled(future):
    """The handle has not begun to wait yet."""
    handle = handle_of(future)
    task = asyncio.create_task(handle)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    future.set_result("answer")
    assert await handle == "answer"


async def test_gather_takes_handles(future):
    """The same one twice, a finished one, and a failed one."""
    error, failed = ValueError("mine"), asyncio.get_running_loop().create_future()
    failed.set_exception(error)
    handle = handle_of(future)
    gathered = asyncio.gather(handle, handle, Handle.of(2), handle_of(failed), return_exceptions=True)
    await asyncio.sleep(0)
    future.set_result(1)
    assert await gathered == [1, 1, 2, error]


async def test_a_cancelled_gather_harms_nobody(future):
    """The work goes on."""
    handle = handle_of(future)
    (task,) = await waiters(handle)
    gathered = asyncio.gather(handle, Handle.of(1))
    await asyncio.sleep(0)
    gathered.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gathered
    future.set_result("answer")
    assert await task == "answer"


async def test_wait_for_takes_a_handle(future):
    """In time."""
    asyncio.get_running_loop().call_soon(future.set_result, "answer")
    assert await asyncio.wait_for(handle_of(future), 60) == "answer"


async def test_a_task_group_takes_handles(future):
    """One that fails ends the group, and not the work of the other."""
    handle, failing = handle_of(future), asyncio.get_running_loop().create_future()
    error = ValueError("mine")
    asyncio.get_running_loop().call_soon(failing.set_exception, error)
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as group:
            group.create_task(handle)
            group.create_task(handle_of(failing))
    assert caught.value.exceptions == (error,)
    assert not future.done()
    future.set_result("answer")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(handle)
    assert task.result() == "answer"


async def test_shield_and_as_completed_take_handles(future):
    """Whatever wraps coroutines in tasks does."""
    handle = handle_of(future)
    asyncio.get_running_loop().call_soon(future.set_result, "answer")
    assert await asyncio.shield(handle) == "answer"
    assert [await first for first in asyncio.as_completed([handle])] == ["answer"]


async def test_two_tasks_can_drive_one_handle_while_others_await_it(future):
    """Each has its own steps; one ends without the other."""
    handle = handle_of(future)
    driven = [asyncio.create_task(handle), asyncio.create_task(handle)]
    awaiting = await waiters(handle, handle)
    assert len(handle._driven) == 2
    driven[0].cancel()
    awaiting[0].cancel()
    await asyncio.sleep(0)
    assert list(handle._driven) == [driven[1]]
    future.set_result("answer")
    assert [await driven[1], await awaiting[1]] == ["answer", "answer"]
    assert handle._driven is None


async def test_anyio_s_task_group_runs_who_awaits_a_handle(future):
    """Its cancellation is a waiter's."""
    handle, seen = handle_of(future), []

    async def wait():
        seen.append(await handle)

    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        await asyncio.sleep(0)
        group.cancel_scope.cancel()
    async with anyio.create_task_group() as group:
        group.start_soon(wait)
        await asyncio.sleep(0)
        future.set_result("answer")
    assert seen == ["answer"]


# -- the face of a coroutine, driven by hand


@pytest.mark.parametrize("arguments", [(ValueError("mine"),), (ValueError, ValueError("mine")), (ValueError, None)])
async def test_throwing_ends_the_current_task_s_waiting(outcome, arguments):
    """In all forms of an exception; the next step begins anew."""
    handle = RunningHandle(outcome)
    handle.send(None)
    with pytest.raises(ValueError):
        handle.throw(*arguments)
    assert (outcome.counts, handle._driven) == ([1, -1], {})
    assert not outcome.is_done


async def test_closing_ends_the_current_task_s_waiting(outcome):
    """And only that; closing what does not wait is harmless."""
    handle = RunningHandle(outcome)
    handle.close()
    (task,) = await waiters(handle)
    handle.send(None)
    handle.close()
    handle.close()
    assert outcome.counts == [1, 1, -1]
    outcome.set_result("answer")
    assert await task == "answer"


def test_without_a_loop_an_answer_can_be_taken_by_hand():
    """What was answered at once needs none."""
    handle = Handle.of("answer")
    with pytest.raises(StopIteration) as end:
        handle.send(None)
    assert end.value.value == "answer"


# -- handles of what follows


async def test_a_transformed_handle_has_the_function_s_result(future):
    """Called once, however many wait."""
    calls = []
    handle = transformed(handle_of(future), lambda value: calls.append(value) or value * 2)
    tasks = await waiters(handle, handle)
    future.set_result(21)
    assert await asyncio.gather(*tasks) == [42, 42]
    assert await handle == 42
    assert calls == [21]


def test_an_answer_that_is_there_is_transformed_at_once():
    """No loop is needed; what the function raises is the failure of the handle, not of the call."""
    assert transformed(Handle.of(21), lambda value: value * 2).result() == 42
    assert isinstance(transformed(Handle.of(0), lambda value: 1 / value).exception(), ZeroDivisionError)


def test_a_failure_that_is_there_is_passed_on_at_once():
    """The function is not called."""
    error = ValueError("mine")
    assert transformed(Handle.failed(error), print).exception() is error


async def test_a_transformed_handle_fails_with_the_first_failure(future, reported):
    """The function is not called; nobody hears of a failure that is told elsewhere."""
    handle, calls = transformed(handle_of(future), lambda value: calls.append(value)), []
    future.set_exception(ValueError("mine"))
    await asyncio.sleep(0)
    assert repr(handle) == "<Handle failed with ValueError('mine')>"
    with pytest.raises(ValueError, match="mine"):
        await handle
    assert (calls, reported) == ([], [])


async def test_what_the_function_raises_is_the_transformed_handle_s_failure(future):
    """The first handle has its answer."""
    first = handle_of(future)
    second = transformed(first, lambda value: 1 / value)
    future.set_result(0)
    with pytest.raises(ZeroDivisionError):
        await second
    assert await first == 0


async def test_who_waits_for_a_transformed_handle_uses_the_same_fetch(outcome):
    """Counted at the first one."""
    (task,) = await waiters(transformed(RunningHandle(outcome), str))
    assert outcome.counts == [1]
    task.cancel()
    await asyncio.sleep(0)
    assert outcome.counts == [1, -1]
    outcome.set_result(1)


class Failed(BaseException):
    """As a failed assertion of a test library, which no program catches."""


async def test_what_no_program_catches_reaches_who_waits(future):
    """A test that fails inside the function must not hang its waiters."""

    def fail(value):
        raise Failed

    handle = transformed(handle_of(future), fail)
    future.set_result(1)
    with pytest.raises(Failed):
        await handle


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_transformed_error_is_what_the_caller_made_of_it(is_done):
    """Whether the outcome failed or the function that was applied to it."""

    def fail(_):
        raise OSError("function")

    first, second = OSError("outcome"), asyncio.get_running_loop().create_future()
    source = Handle.failed(first) if is_done else handle_of(second)
    applied = Handle.of(1) if is_done else handle_of(asyncio.ensure_future(asyncio.sleep(0, 1)))
    if not is_done:
        second.set_exception(first)
    wrapped = [
        transformed(handle, function, on_error=lambda error: ValueError(str(error)))
        for handle, function in ((source, str), (applied, fail))
    ]
    for handle, text in zip(wrapped, ("outcome", "function"), strict=True):
        with pytest.raises(ValueError, match=text):
            await handle


async def test_the_transformed_outcome_of_a_cancelled_future_is_cancelled():
    """Rather than never there."""
    source = asyncio.get_running_loop().create_future()
    handle = transformed(handle_of(source), str)
    source.cancel()
    with pytest.raises(asyncio.CancelledError):
        await handle


async def test_a_handle_knows_the_loop_in_which_its_outcome_comes():
    """One that was answered at once needs none."""
    loop = asyncio.get_running_loop()
    assert handle_of(loop.create_future()).get_loop() is loop
    assert Handle.of(1).get_loop() is None
