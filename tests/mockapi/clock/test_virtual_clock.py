"""A clock that moves only when a test says so."""

import asyncio
import math
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import anyio
import httpx
import pytest

from mockapi import (
    EndlessTimersError,
    MockApiClient,
    RealTimeError,
    TimeStandsStillError,
    UnsupportedLoopError,
    VirtualClock,
)
from query import QueryClient, QueryOptions


@pytest.fixture
def clock():
    return VirtualClock()


@asynccontextmanager
async def background(coroutine):
    """A task that is gone after the block."""
    task = asyncio.create_task(coroutine)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_wait_ends_at_its_instant_and_not_before(clock):
    """One microsecond earlier it goes on."""
    async with clock, background(asyncio.sleep(30)) as task:
        await clock.advance(29.999999)
        assert not task.done()
        await clock.advance(0.000001)
        assert task.done()


async def test_tenths_add_up(clock):
    """Three tenths are not 0.30000000000000004."""
    async with clock, background(asyncio.sleep(0.3)) as task:
        for _ in range(2):
            await clock.advance(0.1)
            assert not task.done()
        await clock.advance(timedelta(milliseconds=100))
        assert task.done()
        assert clock.monotonic() == 0.3


async def test_a_chain_plays_out_within_one_advance(clock):
    """Each link begins at its own instant."""
    seen = []

    async def retries():
        for wait in (1, 2, 4, 8):
            await asyncio.sleep(wait)
            seen.append(clock.monotonic())

    async with clock, background(retries()):
        await clock.advance(10)
        assert seen == [1, 3, 7]
        assert clock.monotonic() == 10
        await clock.advance(5)
        assert seen == [1, 3, 7, 15]


async def test_timers_of_one_instant_fire_in_the_order_they_were_set(clock):
    """asyncio's own heap has no such order."""
    seen = []
    async with clock:
        loop = asyncio.get_running_loop()
        for number in range(10):
            loop.call_later(1, seen.append, number)
        for number in range(10):
            clock.call_later(2, seen.append, number)
        await clock.advance(2)
    assert seen == [*range(10), *range(10)]


async def test_timers_of_the_clock_and_of_the_loop_share_one_time(clock):
    """Whoever set them."""
    seen = []
    async with clock:
        loop = asyncio.get_running_loop()
        loop.call_later(2, seen.append, "loop 2")
        clock.call_later(1, seen.append, "clock 1")
        clock.call_later(3, seen.append, "clock 3")
        loop.call_later(2.5, seen.append, "loop 2.5")
        assert [wait for wait, _ in clock.pending_timers()] == [1, 2, 2.5, 3]
        await clock.advance(3)
    assert seen == ["clock 1", "loop 2", "loop 2.5", "clock 3"]


async def test_a_timer_without_delay_needs_no_advance(clock):
    """As with asyncio's own: it fires on a turn of the loop."""
    seen = []
    clock.call_later(0, seen.append, "now")
    clock.call_later(1, seen.append, "later")
    await asyncio.sleep(0)
    assert seen == ["now"]


async def test_a_cancelled_timer_does_not_fire(clock):
    """Nor does one at infinity ever come."""
    seen = []
    clock.call_later(1, seen.append, "cancelled").cancel()
    clock.call_later(math.inf, seen.append, "never")
    assert clock.pending_timers() == [(math.inf, "list.append")]
    assert await clock.run_until_idle() == 0
    await clock.advance(1e9)
    assert seen == []


async def test_unattached_it_moves_its_own_timers_alone(clock):
    """For a loop whose time cannot be taken over: the loop's own timers stay real."""
    real = asyncio.get_running_loop().time
    async with background(clock.sleep(10)) as task:
        await clock.advance(10)
        assert task.done()
        assert not clock.is_attached
        assert asyncio.get_running_loop().time == real


async def test_jumping_ends_every_wait_at_once(clock):
    """In virtual time, in which timeouts still come first or last."""
    async with clock:
        with clock.jumping():
            await asyncio.sleep(3600)
            await clock.sleep(3600)
            async with asyncio.timeout(9):
                await asyncio.sleep(1)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await asyncio.sleep(2)
            with anyio.move_on_after(5) as scope:
                await anyio.sleep_forever()
        assert scope.cancelled_caught
        assert clock.monotonic() == 7207
        assert not clock.autojump


async def test_advance_to_next_says_how_long_it_was(clock):
    """Without a timer no time passes."""
    async with clock, background(asyncio.sleep(2.5)) as task:
        assert await clock.advance_to_next() == 2.5
        assert task.done()
        assert await clock.advance_to_next() == 0


async def test_run_until_idle_goes_from_timer_to_timer(clock):
    """And says how long that took."""

    async def twice():
        await asyncio.sleep(60)
        await asyncio.sleep(3600)

    async with clock, background(twice()) as task:
        assert await clock.run_until_idle() == 3660
        assert task.done()


async def test_run_until_idle_tells_of_timers_without_an_end(clock):
    """It names what sets them."""

    def again():
        clock.call_later(60, again)

    again()
    with pytest.raises(EndlessTimersError, match=r"timers are left after 150 s: .*again in 60 s\. Stop what sets"):
        await clock.run_until_idle(150)
    assert clock.monotonic() == 120


async def test_a_storm_of_timers_is_told(clock):
    """A timer that sets itself anew without delay would hang the test."""
    clock.reset(max_timers=100)

    def again():
        clock.call_later(0.001, again)

    again()
    with pytest.raises(EndlessTimersError, match=r"more than 100 timers fired in one go, .*again in 0\.001 s"):
        await clock.advance(1)


async def test_a_task_that_never_waits_is_told(clock, monkeypatch):
    """The loop would never come to rest."""
    monkeypatch.setattr("mockapi.clock.virtual_clock._MOST_TURNS", 100)

    async def busy():
        while True:
            await asyncio.sleep(0)

    async with background(busy()):
        with pytest.raises(EndlessTimersError, match="did not come to rest in 100 turns"):
            await clock.settle()


async def test_one_task_advances_at_a_time(clock):
    """Two would not know how much time passed."""
    async with clock:

        async def inner():
            await asyncio.sleep(1)
            await clock.advance(1)

        async with background(inner()) as task:
            await clock.advance(2)
            with pytest.raises(RuntimeError, match="another task is advancing this clock"):
                task.result()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"real_timeout": 0}, "real_timeout=0 is no time to wait"),
        ({"max_timers": 0}, "max_timers=0 lets no timer fire"),
        ({"start": math.nan}, "a duration is nan"),
    ],
)
def test_what_cannot_be_is_refused(options, text):
    """Before anything begins."""
    with pytest.raises(ValueError, match=text):
        VirtualClock(**options)


async def test_time_does_not_go_back(clock):
    """The wall clock may."""
    with pytest.raises(ValueError, match=r"time does not go back by -1; set_time\(\) sets the wall clock back"):
        await clock.advance(-1)


async def test_the_loop_settles_between_two_timers(clock):
    """A task woken by one timer is at its next wait before the next timer fires."""
    seen = []

    async def sleeper():
        await clock.sleep(1)
        for _ in range(20):
            await asyncio.sleep(0)
        seen.append(("task", clock.monotonic()))

    task = asyncio.create_task(sleeper())
    await clock.settle()
    clock.call_later(1, lambda: seen.append(("timer", clock.monotonic())))
    await clock.advance(5)
    await task
    assert seen == [("task", 1.0), ("timer", 1.0)]


async def test_a_cancelled_sleep_leaves_no_timer(clock):
    """The sleeper takes its timer along."""
    task = asyncio.create_task(clock.sleep(5))
    await clock.settle()
    task.cancel()
    await clock.settle()
    assert clock.pending_timers() == []


async def test_what_a_callback_raises_comes_out_of_advance(clock):
    """A mistake in a timer fails the test that made time pass."""
    clock.call_later(1, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await clock.advance(1)


# -- the wall clock


async def test_the_wall_clock_moves_with_time(clock):
    """From a fixed day on, unless another is given."""
    assert clock.now == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    await clock.advance(10)
    assert clock.time() == 1_700_000_010
    assert VirtualClock(datetime(2026, 1, 1, tzinfo=UTC)).now == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("instant", [545_043_434_730_483, 4_000_000_000_000_001, 1_764_000_000_123_457])
def test_the_wall_clock_says_the_very_microsecond_that_it_was_set_to(instant):
    """Also where floats of seconds have more dust than a duration may have."""
    clock = VirtualClock(0.0)
    clock.set_time(instant / 1e6)
    assert round(clock.time() * 1e6) == instant
    assert VirtualClock(instant / 1e6).time() == instant / 1e6


async def test_setting_the_wall_clock_fires_nothing(clock):
    """Delays are measured by the other clock."""
    async with clock, background(asyncio.sleep(10)) as task:
        clock.set_time(clock.time() - 3600)
        await clock.advance(9)
        assert not task.done()
        clock.set_time(datetime(2030, 1, 1, tzinfo=UTC))
        await clock.settle()
        assert not task.done()
        await clock.advance(1)
        assert task.done()
        assert clock.now == datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC)


async def test_other_clocks_are_dragged_along(clock):
    """Until that is ended, and only when time passes."""
    seen = []
    stop = clock.on_move(seen.append)
    await clock.advance(2)
    await clock.settle()
    stop()
    stop()
    await clock.advance(3)
    assert seen == [2]


# -- what only reality brings


async def test_a_worker_thread_is_waited_for(clock):
    """Time neither jumps past a thread nor stands in its way, of asyncio's pool and of anyio's."""
    async with clock:
        for run in (asyncio.to_thread, anyio.to_thread.run_sync):
            gate = threading.Event()
            timer = threading.Timer(0.02, gate.set)
            timer.start()
            with clock.jumping():
                async with asyncio.timeout(1):
                    await run(gate.wait)
            async with background(run(gate.wait)) as task:
                await clock.settle()
                assert task.done()
            timer.join()
        assert clock.monotonic() == 0


async def test_a_thread_that_does_not_end_is_told(clock):
    """Within bounded real time."""
    clock.reset(real_timeout=0.02)
    gate = threading.Event()
    async with clock, background(asyncio.to_thread(gate.wait)):
        await asyncio.sleep(0)
        with pytest.raises(RealTimeError, match=r"1 worker thread\(s\) still run after 0\.02 real seconds"):
            await clock.settle()
        gate.set()


async def test_a_foreign_thread_may_wake_the_loop(clock):
    """One that the loop knows nothing of."""
    async with clock:
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        timer = threading.Timer(0.01, lambda: loop.call_soon_threadsafe(woken.set_result, "woken"))
        timer.start()
        assert await woken == "woken"
        timer.join()


@asynccontextmanager
async def connected(answer):
    """A connection to a server on a real socket, which answers each line."""
    served = asyncio.get_running_loop().create_future()

    async def serve(reader, writer):
        await reader.readline()
        if answer is not None:
            writer.write(answer)
        served.set_result(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"ping\n")
    try:
        yield reader
    finally:
        for one in (writer, await served):
            one.close()
            await one.wait_closed()
        server.close()
        await server.wait_closed()


async def test_a_real_socket_is_waited_for(clock):
    """A timeout of a second does not come before its answer."""
    async with connected(b"pong\n") as reader, clock:
        with clock.jumping():
            async with asyncio.timeout(1):
                assert await reader.readline() == b"pong\n"
        assert clock.monotonic() == 0


async def test_a_server_that_never_answers_is_told(clock):
    """Within bounded real time; or a timeout of the program passes, if time may jump."""
    clock.reset(real_timeout=0.05)
    async with connected(None) as reader, clock:
        with clock.jumping(), pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await reader.readline()
        assert clock.monotonic() == 30
        with pytest.raises(RealTimeError, match=r"nothing came from outside within 0\.05 real seconds, .* 3 socket"):
            await reader.readline()


# -- attaching


async def test_what_waits_before_is_taken_over(clock):
    """With what it still has to wait."""
    async with background(asyncio.sleep(5)) as task:
        await asyncio.sleep(0)
        async with clock:
            await clock.advance(4.9)
            assert not task.done()
            await clock.advance(0.11)
            assert task.done()


async def test_what_waits_after_keeps_what_is_left(clock):
    """The loop's own time is back."""
    async with background(asyncio.sleep(3600.01)) as task:
        async with clock:
            await clock.advance(3600)
            assert not task.done()
        assert not task.done()
        await task


async def test_attaching_twice_is_once(clock):
    """An inner block does not end the outer one."""
    async with clock:
        with clock.attached() as same:
            assert same is clock
        assert clock.is_attached
        with pytest.raises(RuntimeError, match="another virtual clock tells this loop's time already"):
            VirtualClock().attach()
    assert not clock.is_attached


def test_one_clock_tells_the_time_of_one_loop(clock):
    """It may go to the next one after that."""

    async def attach():
        clock.attach()

    async def refuse():
        with pytest.raises(RuntimeError, match="this clock tells another loop's time"):
            clock.attach()

    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(attach())
        second.run(refuse())
        clock.detach()
        second.run(attach())
        clock.detach()


def test_a_loop_that_was_closed_is_let_go(clock):
    """A test may end its loop without a farewell."""

    async def attach():
        clock.attach()

    asyncio.run(attach())
    clock.detach()
    assert not clock.is_attached


def test_without_a_loop_there_is_no_time_to_take_over(clock):
    """Trio's included."""
    with pytest.raises(UnsupportedLoopError, match=r"no asyncio loop runs here.*Under trio, use trio\.testing"):
        clock.attach()


async def test_a_loop_of_another_kind_is_named(clock, monkeypatch):
    """Such as uvloop's, which shows nothing of its inside."""
    monkeypatch.delattr(asyncio.get_running_loop(), "_internal_fds")
    with pytest.raises(UnsupportedLoopError, match=r"the time of a asyncio\..* cannot be taken over; .*clock=clock"):
        clock.attach()


# -- standing still


async def test_a_wait_that_only_time_can_end_fails_at_its_line(clock):
    """And says which timer comes next, and what to do."""
    async with clock:
        with pytest.raises(TimeStandsStillError) as told:
            await asyncio.sleep(30)
    text = str(told.value)
    assert "the next timer fires in 30 s, but time stands still" in text
    assert "await mock_clock.advance(30)" in text
    assert "test_virtual_clock.py" in text
    assert told.traceback[0].name == "test_a_wait_that_only_time_can_end_fails_at_its_line"


async def test_a_wait_that_nothing_can_end_fails(clock):
    """Also in the middle of other tasks, and whatever the program does with exceptions."""

    async def swallowing():
        try:
            await asyncio.gather(asyncio.Event().wait(), asyncio.sleep(0))
        except Exception:
            return "swallowed"

    async with clock:
        for waiting in (asyncio.Event().wait(), swallowing()):
            with pytest.raises(TimeStandsStillError, match="can never come: no timer is set"):
                await waiting
        with pytest.raises(TimeStandsStillError, match=r"in 3 s: asyncio\.sleep"):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(asyncio.sleep(3))
        task.cancel()


async def test_the_message_names_the_first_timers_and_tasks(clock):
    """Not hundreds of them."""
    async with clock:
        tasks = [asyncio.create_task(asyncio.sleep(10 + number), name=f"waiter {number}") for number in range(8)]
        with pytest.raises(TimeStandsStillError) as told:
            await asyncio.Event().wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    lines = str(told.value).splitlines()
    assert sum(line.startswith("  in ") for line in lines) == 5
    assert "  and 3 more timers" in lines
    assert "  and 4 more tasks" in lines
    # the one of the test comes first
    assert "test_the_message_names" in next(line for line in lines if " waits at " in line)


def test_a_loop_without_a_test_fails_itself():
    """Nobody is there to be told."""

    async def main(clock):
        clock.attach()

    clock = VirtualClock()
    with asyncio.Runner() as runner:
        runner.run(main(clock))
        with pytest.raises(TimeStandsStillError, match="the next timer fires in 5 s"):
            runner.run(asyncio.sleep(5))
        clock.detach()


# -- with mocks and query clients


async def test_a_slow_mock_is_slow_in_virtual_time(clock):
    """And ends in the caller's own timeout, where that is shorter."""
    with MockApiClient() as mock:
        mock.add_mock_response("/slow/", body=1, async_delay=4)
        async with clock, httpx.AsyncClient(base_url="https://api.test", timeout=5) as client:
            async with background(client.get("/slow/")) as task:
                await clock.advance(3.999)
                assert not task.done()
                await clock.advance(0.001)
                assert task.result().json() == 1
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/slow/", timeout=1)


async def test_a_query_client_goes_by_it(clock):
    """Staleness, retries and collection, by the exact second."""
    calls = []

    async def fetch(context):
        calls.append(clock.monotonic())
        if len(calls) < 3:
            raise OSError("down")
        return len(calls)

    async with clock, QueryClient(clock=clock) as client:
        options = QueryOptions(query_key=("k",), query_fn=fetch, retry=3, stale_time=30)
        async with background(client.fetch_query(options)) as task:
            await clock.advance(10)
            # retried after one second, then after two
            assert calls == [0, 1, 3]
            assert task.result() == 3
        assert await client.fetch_query(options) == 3
        await clock.advance(30)
        assert await client.fetch_query(options) == 4
        assert [what for _, what in clock.pending_timers()]
        await clock.run_until_idle()
        assert client.get_query_cache().get_all() == []
