"""Waiting for several handles at once."""

from __future__ import annotations

import asyncio
import gc

import pytest

from query.runtime.following import FollowingHandle
from query.runtime.handle import Handle, RunningHandle
from query.runtime.outcome import Outcome
from query.runtime.waiting import all_done, settled, without_result

ERROR, OTHER = ValueError("mine"), KeyError("other")


class Failed(BaseException):
    """As a failed assertion of a test library, which no program catches."""


@pytest.fixture
async def futures():
    """Three calls under way."""
    return [asyncio.get_running_loop().create_future() for _ in range(3)]


async def turns():
    """Let callbacks run."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize("throw_on_error", [True, False])
def test_waiting_for_nothing_is_done(throw_on_error):
    """No loop is needed for what is there already."""
    assert all_done([], throw_on_error=throw_on_error).result() is None
    assert all_done([Handle.of(1), Handle.of(None)], throw_on_error=throw_on_error).result() is None


@pytest.mark.parametrize("throw_on_error", [True, False])
async def test_all_must_be_done(futures, throw_on_error):
    """In whatever order; the answer is None."""
    handle = all_done([Handle.of(0), *map(FollowingHandle, futures)], throw_on_error=throw_on_error)
    for future in reversed(futures):
        await turns()
        assert not handle.done()
        future.set_result("answer")
    assert await handle is None


async def test_one_handle_may_be_there_twice(futures):
    """It counts twice and comes twice."""
    one = FollowingHandle(futures[0])
    handle = all_done([one, one])
    futures[0].set_result(1)
    assert await handle is None


async def test_errors_are_not_passed_on_unless_asked_for(futures):
    """The others are waited for."""
    handle = all_done([Handle.failed(ERROR), *map(FollowingHandle, futures)])
    futures[0].set_exception(ERROR)
    futures[1].set_result(1)
    await turns()
    assert not handle.done()
    futures[2].set_exception(OTHER)
    assert await handle is None


async def test_the_first_error_comes_at_once_if_asked_for(futures):
    """The others go on, and their errors are nobody's news."""
    handle = all_done(list(map(FollowingHandle, futures)), throw_on_error=True)
    futures[1].set_exception(ERROR)
    await turns()
    assert handle.exception() is ERROR
    futures[0].set_exception(OTHER)
    futures[2].set_result(1)
    await turns()
    with pytest.raises(ValueError) as caught:
        await handle
    assert caught.value is ERROR


def test_an_error_that_is_there_already_comes_at_once():
    """The first in the order of the handles; no loop is needed."""
    handles = [Handle.of(1), Handle.failed(ERROR), Handle.failed(OTHER)]
    assert all_done(handles, throw_on_error=True).exception() is ERROR
    assert all_done(handles).exception() is None


async def test_an_error_that_is_there_already_does_not_wait_for_the_others(futures):
    """They go on."""
    handle = all_done([FollowingHandle(futures[0]), Handle.failed(ERROR)], throw_on_error=True)
    assert handle.exception() is ERROR
    assert not futures[0].done()


@pytest.mark.parametrize("throw_on_error", [True, False])
async def test_what_no_program_catches_is_passed_on_in_any_case(futures, throw_on_error):
    """No state tells of a failed test."""
    handle = all_done(list(map(FollowingHandle, futures)), throw_on_error=throw_on_error)
    futures[2].set_exception(Failed())
    with pytest.raises(Failed):
        await handle
    assert isinstance(all_done([Handle.failed(Failed())]).exception(), Failed)


async def test_an_error_that_nobody_awaits_leaves_no_warning(futures, reported):
    """It is told in the state; all handles were looked at."""
    handles = list(map(FollowingHandle, futures))
    kept = [all_done(handles, throw_on_error=True), all_done(handles)]
    for future in futures:
        future.set_exception(ValueError())
    await turns()
    handles = kept = future = None
    futures.clear()
    gc.collect()
    assert handles is kept is future is None
    assert reported == []


async def test_waiting_for_all_uses_none():
    """To look on is not to wait: a fetch can still be cancelled with its last user."""
    users = []

    class Counted(Outcome):
        def count(self, change):
            users.append(change)

    outcome = Counted(asyncio.get_running_loop())
    task = asyncio.create_task(all_done([RunningHandle(outcome)]))
    await turns()
    outcome.set_result(1)
    await task
    assert users == []


@pytest.mark.parametrize("error", [None, ERROR])
async def test_without_result_is_done_without_one(futures, error):
    """Or without the error."""
    handle = without_result(FollowingHandle(futures[0]))
    if error:
        futures[0].set_exception(error)
    else:
        futures[0].set_result("answer")
    assert await handle is None


async def test_a_value_that_may_be_on_its_way_is_there_in_the_end():
    """Plain values are passed on, awaitable ones awaited."""

    async def later():
        return 2

    assert [await settled(1), await settled(later())] == [1, 2]
