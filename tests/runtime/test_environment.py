"""What one client runs in: its loop, clock, signals, tasks and timers."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from query.base.errors import LoopError
from query.runtime.environment import Environment
from query.runtime.focus_manager import FocusManager, focus_manager
from query.runtime.notify_manager import NotifyManager, notify_manager
from query.runtime.online_manager import OnlineManager, online_manager
from query.runtime.timeout_manager import timeout_manager

variable = contextvars.ContextVar("variable", default="unset")


@pytest.fixture
def environment(clock):
    """An environment with a clock that stands still."""
    return Environment(clock=clock, online=OnlineManager(), focus=FocusManager(), notify=NotifyManager())


def test_what_is_not_given_is_the_process_wide_one():
    """Many clients share a network."""
    environment = Environment()
    assert environment.timeout_manager is timeout_manager
    assert environment.online_manager is online_manager
    assert environment.focus_manager is focus_manager
    assert environment.notify_manager is notify_manager
    assert environment.is_server is False


def test_what_is_given_is_used(clock):
    """By this client alone."""
    online, focus, notify = OnlineManager(), FocusManager(), NotifyManager()
    environment = Environment(clock=clock, online=online, focus=focus, notify=notify, is_server=True)
    assert environment.timeout_manager.clock is clock
    assert environment.online_manager is online
    assert environment.focus_manager is focus
    assert environment.notify_manager is notify
    assert environment.is_server is True


# -- time


async def test_time_and_sleep_are_the_clock_s(environment, clock):
    """Nothing else is asked."""
    task = asyncio.create_task(environment.sleep(2))
    before = environment.now()
    await clock.advance(2)
    assert task.done()
    assert environment.now() == before + 2 == clock.time()


async def test_a_timer_fires_once_at_its_time(environment, clock):
    """And no longer counts as a leak."""
    fired = []
    environment.set_timeout(lambda: fired.append(clock.monotonic()), 2.5, "a test")
    assert environment.leaks() == ["timer: a test, set for 2.5 s"]
    await clock.advance(10)
    assert (fired, environment.leaks()) == ([2.5], [])


async def test_a_cancelled_timer_does_not_fire(environment, clock):
    """Cancelling again is harmless, also after it has fired."""
    fired = []
    cancelled = environment.set_timeout(lambda: fired.append(1), 1, "a test")
    kept = environment.set_timeout(lambda: fired.append(2), 2, "a test")
    cancelled.cancel()
    cancelled.cancel()
    assert clock.pending() == [2.0]
    await clock.advance(5)
    kept.cancel()
    assert (fired, environment.leaks()) == ([2], [])


def test_a_timer_without_a_loop_waits_for_one(environment, clock):
    """Its delay begins when the client comes to its loop, and then in the order of setting."""
    fired = []
    environment.set_timeout(lambda: fired.append("first"), 1, "first")
    environment.set_timeout(lambda: fired.append("second"), 1, "second")
    environment.set_timeout(lambda: fired.append("cancelled"), 1, "third").cancel()
    assert environment.leaks() == ["timer: first, set for 1 s", "timer: second, set for 1 s"]

    async def main():
        await clock.advance(1)
        assert fired == []
        environment.bind()
        environment.bind()
        assert clock.pending() == [1.0, 1.0]
        await clock.advance(1)

    asyncio.run(main())
    assert (fired, environment.leaks()) == (["first", "second"], [])


def test_a_new_timer_arms_those_that_wait(environment, clock):
    """Setting one is a use of the client."""
    fired = []
    environment.set_timeout(lambda: fired.append(1), 1, "early")

    async def main():
        environment.set_timeout(lambda: fired.append(2), 1, "late")
        await clock.advance(1)

    asyncio.run(main())
    assert fired == [1, 2]


# -- signals


@pytest.mark.parametrize(
    ("online", "mode", "expected"),
    [
        (True, "online", True),
        (True, "always", True),
        (True, "offline_first", True),
        (False, "online", False),
        (False, "always", True),
        (False, "offline_first", True),
    ],
)
@pytest.mark.parametrize("focused", [True, False])
def test_a_first_attempt_needs_a_network_only_in_mode_online(environment, online, mode, expected, focused):
    """Focus never holds it back."""
    environment.online_manager.set_online(online)
    environment.focus_manager.set_focused(focused)
    assert environment.can_start(mode) is expected


@pytest.mark.parametrize(
    ("online", "mode", "expected"),
    [
        (True, "online", True),
        (True, "always", True),
        (True, "offline_first", True),
        (False, "online", False),
        (False, "always", True),
        (False, "offline_first", False),
    ],
)
def test_a_further_attempt_needs_a_network_and_focus(environment, online, mode, expected):
    """In mode always, only focus."""
    environment.online_manager.set_online(online)
    assert environment.can_continue(mode) is expected
    environment.focus_manager.set_focused(False)
    assert environment.can_continue(mode) is False


# -- the loop


def test_starting_something_without_a_loop_says_where_to_start_it(environment):
    """And leaves no coroutine that was never awaited."""

    async def work(): ...

    for attempt in (environment.bind, lambda: environment.spawn(work(), "work")):
        with pytest.raises(LoopError) as caught:
            attempt()
        assert str(caught.value) == (
            "a fetch or mutation was started while no event loop runs. Start it from a coroutine, "
            "for example inside asyncio.run(main()); or use query.sync.QueryClient."
        )


def test_a_client_belongs_to_its_first_loop(environment):
    """Whatever needs a loop is refused in another one, with what to do about it."""

    async def bind():
        return environment.bind()

    asyncio.run(bind())

    async def work(): ...

    async def use():
        for attempt in (
            environment.bind,
            lambda: environment.set_timeout(print, 1, "a test"),
            lambda: environment.spawn(work(), "work"),
        ):
            with pytest.raises(LoopError) as caught:
                attempt()
            assert str(caught.value) == (
                "this client belongs to another event loop than the one that runs now. Make one client for each "
                "loop, or leave the first loop with 'async with client:' or 'await client.aclose()'."
            )
        assert environment.leaks() == []

    asyncio.run(use())


def test_a_client_that_left_its_loop_can_enter_another(environment):
    """After ``aclose`` it is as new."""

    async def use():
        loop = environment.bind()
        await environment.aclose()
        return loop

    assert asyncio.run(use()) is not asyncio.run(use())


# -- tasks


async def test_a_task_s_first_step_has_run_when_spawn_returns(environment):
    """It is owned until it is done."""
    gate, seen = asyncio.get_running_loop().create_future(), []

    async def work():
        seen.append("begun")
        return await gate

    task = environment.spawn(work(), "work")
    assert seen == ["begun"]
    assert environment.leaks() == ["task: work"]
    gate.set_result("answer")
    assert await task == "answer"
    await asyncio.sleep(0)
    assert environment.leaks() == []
    assert environment._tasks == set()


async def test_what_ends_in_its_first_step_is_not_kept(environment):
    """There is nothing to own, a turn later at the latest."""

    async def work():
        return "answer"

    task = environment.spawn(work(), "work")
    assert await task == "answer"
    await asyncio.sleep(0)
    assert environment.leaks() == []


async def test_a_task_runs_in_the_context_of_the_client(clock):
    """What the first caller is logged in as must not leak into a fetch that others share."""
    variable.set("when the client was made")
    environment = Environment(clock=clock)
    variable.set("caller")
    seen = []

    async def work():
        seen.append(variable.get())
        variable.set("of the task alone")
        await asyncio.sleep(0)
        seen.append(variable.get())

    await environment.spawn(work(), "first")
    await environment.spawn(work(), "second")
    assert seen == ["when the client was made", "of the task alone"] * 2
    assert variable.get() == "caller"


async def test_closing_cancels_timers_and_tasks_and_waits_for_the_tasks(environment, clock):
    """Nothing of the client is left."""
    seen = []

    async def work():
        try:
            await environment.sleep(60)
        finally:
            await asyncio.sleep(0)
            seen.append("cleaned up")

    task = environment.spawn(work(), "work")
    environment.set_timeout(lambda: seen.append("fired"), 1, "a test")
    await environment.aclose()
    assert task.cancelled()
    assert (seen, environment.leaks(), clock.pending()) == (["cleaned up"], [], [])


async def test_closing_takes_along_what_starts_meanwhile(environment, clock):
    """A task or timer that is begun while another one ends."""
    seen = []

    async def last():
        try:
            await environment.sleep(60)
        finally:
            seen.append("last")

    async def work():
        try:
            await environment.sleep(60)
        finally:
            environment.spawn(last(), "last")
            environment.set_timeout(lambda: seen.append("fired"), 1, "a test")

    environment.spawn(work(), "work")
    await environment.aclose()
    assert (seen, environment.leaks(), clock.pending()) == (["last"], [], [])


async def test_closing_takes_along_what_the_end_of_a_task_sets_off(environment, clock):
    """A query that hears of its cancelled fetch wants to be collected one day."""
    outcome = asyncio.get_running_loop().create_future()
    outcome.add_done_callback(lambda _: environment.set_timeout(print, 60, "collection"))

    async def work():
        try:
            await environment.sleep(60)
        finally:
            outcome.set_result(None)

    environment.spawn(work(), "work")
    await environment.aclose()
    await clock.settle()
    assert outcome.done()
    assert (environment.leaks(), clock.pending()) == ([], [])


async def test_closing_waits_for_what_must_finish(environment, clock):
    """A write is not cut off; everything else is."""
    done = []

    async def write():
        await clock.sleep(1)
        done.append("written")

    environment.spawn(write(), "write", must_finish=True)
    other = environment.spawn(clock.sleep(1), "other")
    closing = asyncio.create_task(environment.aclose())
    await clock.advance(0.5)
    assert (other.cancelled(), closing.done(), environment.leaks()) == (True, False, ["task: write"])
    await clock.advance(0.5)
    assert (closing.done(), done, environment.leaks()) == (True, ["written"], [])


async def test_closing_does_not_mind_tasks_that_fail(environment):
    """Whoever started them knows."""

    async def work():
        try:
            await environment.sleep(60)
        finally:
            raise ValueError("mine")

    task = environment.spawn(work(), "work")
    await environment.aclose()
    assert isinstance(task.exception(), ValueError)


def test_closing_in_another_loop_says_what_to_do(environment):
    """The tasks of the first one would be waited for in vain."""
    loop = asyncio.new_event_loop()

    async def work():
        await environment.sleep(60)

    async def spawn():
        return environment.spawn(work(), "work")

    task = loop.run_until_complete(spawn())
    with pytest.raises(LoopError) as caught:
        asyncio.run(environment.aclose())
    assert str(caught.value) == (
        "this client still has tasks in another event loop than the one that runs now. Close it in its own "
        "loop, or call client.discard() if that loop has ended."
    )
    assert not task.cancelling()
    loop.run_until_complete(environment.aclose())
    assert task.cancelled()
    loop.close()


def test_closing_in_another_loop_is_fine_when_nothing_is_left(environment):
    """The client is free for the next one."""

    async def bind():
        environment.bind()

    asyncio.run(bind())
    asyncio.run(environment.aclose())
    asyncio.run(bind())


async def test_a_task_may_close_its_own_client(environment):
    """It does not wait for itself, nor cancel itself."""

    async def work():
        await asyncio.sleep(0)
        await environment.aclose()
        return "closed"

    assert await environment.spawn(work(), "work") == "closed"


async def test_closing_can_be_cancelled(environment):
    """Also while a task refuses to end."""
    gate = asyncio.get_running_loop().create_future()

    async def stubborn():
        while not gate.done():
            try:
                await asyncio.wait([gate])
            except asyncio.CancelledError:
                pass

    task = environment.spawn(stubborn(), "stubborn")
    closing = asyncio.create_task(environment.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    gate.set_result(None)
    await task


def test_a_loop_that_has_ended_is_let_go(environment, clock):
    """Timers are forgotten, and the tasks that it left behind are named."""
    loop = asyncio.new_event_loop()

    async def work():
        await environment.sleep(60)

    async def main():
        environment.set_timeout(print, 1, "a test")
        return environment.spawn(work(), "work")

    task = loop.run_until_complete(main())
    assert environment.leaks() == ["task: work", "timer: a test, set for 1 s"]
    assert environment.discard() == ["task: work"]
    assert environment.leaks() == environment.discard() == []
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()

    async def bind():
        return environment.bind()

    assert asyncio.run(bind()) is not loop


async def test_what_waits_is_called_when_the_client_closes(environment):
    """Unless it was forgotten; before the loop is let go."""
    called = []
    environment.on_close(lambda: called.append(environment.bind() is asyncio.get_running_loop()))
    forget = environment.on_close(lambda: called.append("forgotten"))
    forget()
    forget()
    await environment.aclose()
    assert called == [True]


def test_what_waited_in_a_loop_that_ended_is_not_called(environment):
    """Nothing can be woken there."""
    environment.on_close(lambda: pytest.fail("called"))
    environment.discard()
    asyncio.run(environment.aclose())


def test_an_environment_knows_whether_it_has_a_loop(clock):
    """Its own, or the first that runs; not another one."""
    environment = Environment(clock=clock)
    assert not environment.has_loop()

    async def ask(*, bind=False):
        if bind:
            environment.bind()
        return environment.has_loop()

    assert asyncio.run(ask())
    assert asyncio.run(ask(bind=True))
    assert not asyncio.run(ask())
