"""Who stops waiting takes nothing away from those who stay, however many they are and whenever it happens."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from virtual_clock import VirtualClock

from query import FocusManager, OnlineManager, QueryClient, QueryObserver, query_options

STEP = 0.5  # an attempt takes two steps, and so does the pause before the next
COPIES = 40  # of 25 different callers make 1,000


class Refused(Exception):
    """What a failing fetch fails with."""


@dataclass(frozen=True)
class Caller:
    """One who wants the data.

    Attributes:
        asks: Through which method.
        arrives: At which step: 0 starts the fetch, 1 joins it.
        leaves: How: not at all, by a cancelled task, or by a timeout.
        at: At which step, counted from the arrival.
        turns: So many turns of the loop after that step began.
    """

    asks: str
    arrives: int = 0
    leaves: str | None = None
    at: int = 0
    turns: int = 0


@dataclass
class World:
    """One fetch of one key, and all its callers."""

    script: list[bool]
    goes_online_at: int | None
    clock: VirtualClock = field(default_factory=VirtualClock)
    calls: int = 0
    data: object = field(default_factory=object)
    error: Exception = field(default_factory=Refused)

    async def load(self, context):
        """Succeeds or fails as the script says."""
        self.calls += 1
        succeeds = self.script[self.calls - 1]
        await self.clock.sleep(2 * STEP)
        if not succeeds:
            raise self.error
        return self.data

    def ask(self, client, options, caller):
        """The call that a caller awaits."""
        if caller.asks == "refetch":
            return QueryObserver(client, options).refetch(throw_on_error=True)
        return getattr(client, caller.asks)(options)

    def expected(self, caller):
        """What a caller gets who stays, as (kind, value)."""
        if not self.script[-1] and caller.asks != "prefetch_query":
            return ("raises", self.error)
        return ("gets", None if caller.asks == "prefetch_query" else self.data)


async def wait(handle, entered):
    """Wait for a handle as people do, and say how it ended. A timeout can be set off from outside."""
    try:
        async with asyncio.timeout(None) as timeout:
            entered(timeout)
            value = await handle
    except TimeoutError:
        return ("left", None)
    except Refused as error:
        return ("raises", error)
    return ("gets", getattr(value, "data", value))


class Complaints(logging.Handler):
    """What the loop's exception handler is given, and whatever else is logged as a warning or worse."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        self.found.append(record.getMessage())

    def __enter__(self):
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.found.append(context))
        logging.getLogger().addHandler(self)
        return self.found

    def __exit__(self, *error):
        logging.getLogger().removeHandler(self)


async def run(world, callers):
    """Play one fetch; returns how each caller fared and what there was to complain of."""
    with Complaints() as complaints:
        outcomes = await play(world, callers)
        # its frames hold the fetch, and asyncio complains of a failure that nobody took only when that is collected
        world.error.__traceback__ = None
        gc.collect()
        await asyncio.sleep(0)
    return outcomes, complaints


async def play(world, callers):
    """Play one fetch; returns how each caller fared."""
    loop = asyncio.get_running_loop()
    online = OnlineManager(online=world.goes_online_at is None)
    client = QueryClient(clock=world.clock, online_manager=online, focus_manager=FocusManager())
    options = query_options(
        query_key=("shared",),
        query_fn=world.load,
        retry=len(world.script) - 1,
        retry_delay=2 * STEP,
        stale_time=float("inf"),
    )
    tasks = [None] * len(callers)
    timeouts = [None] * len(callers)

    def leave(number):
        if callers[number].leaves == "cancelled":
            tasks[number].cancel()
        elif timeouts[number] is not None:
            timeouts[number].reschedule(loop.time() - 1)

    def later(turns, number):
        if turns:
            loop.call_soon(later, turns - 1, number)
        elif not tasks[number].done():
            leave(number)

    client.mount()
    for step in range(4 * len(world.script) + 4):
        for number, caller in enumerate(callers):
            if caller.arrives == step:
                handle = world.ask(client, options, caller)
                entered = lambda timeout, number=number: timeouts.__setitem__(number, timeout)  # noqa: E731
                tasks[number] = asyncio.create_task(wait(handle, entered))
            if caller.leaves is not None and caller.arrives + caller.at == step:
                # during the advance below: before its first turn, or between any two of the turns that it takes
                loop.call_soon(later, caller.turns, number)
        if step == world.goes_online_at:
            online.set_online(True)
        await world.clock.advance(STEP)
    outcomes = [("left", None) if task.cancelled() else task.result() for task in tasks]

    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"still there: {left}"
    assert all("garbage collection" in line for line in client.leaks()), client.leaks()
    assert client.is_fetching() == 0
    await client.aclose()
    return outcomes


CALLERS = st.builds(
    Caller,
    asks=st.sampled_from(["query", "fetch_query", "ensure_query_data", "prefetch_query", "refetch"]),
    arrives=st.integers(0, 1),
    leaves=st.sampled_from([None, "cancelled", "timeout"]),
    at=st.integers(0, 12),
    turns=st.integers(0, 8),
)
THOUSAND = [
    Caller(("query", "fetch_query", "refetch")[number % 3], number % 2, leaves, number % 7, number % 5)
    for number, leaves in enumerate([None, "cancelled", "timeout", "cancelled", None] * 5)
]


@pytest.mark.timeout(300)  # thousands of tasks, on a machine that may be busy
@settings(max_examples=120, deadline=None)
@given(
    callers=st.lists(CALLERS, min_size=1, max_size=25),
    copies=st.sampled_from([1, 1, 1, 1, COPIES]),
    script=st.sampled_from([[True], [False], [False, True], [False, False, True], [False, False]]),
    goes_online_at=st.sampled_from([None, None, 2]),
)
@example(callers=THOUSAND, copies=COPIES, script=[True], goes_online_at=None)
@example(callers=THOUSAND, copies=COPIES, script=[False, False, True], goes_online_at=None)
@example(callers=THOUSAND, copies=COPIES, script=[False, False], goes_online_at=2)
@example(callers=[Caller("query", 0, "cancelled", 0, 0)] * 25, copies=COPIES, script=[True], goes_online_at=None)
@example(callers=[Caller("query", 0, "timeout", 1, 0)] * 5, copies=1, script=[False, False], goes_online_at=None)
def test_any_callers_may_leave_at_any_point_and_the_others_get_the_data(callers, copies, script, goes_online_at):
    """Of up to 1,000 callers any may be cancelled or time out: one fetch, everyone else is served, nothing is left."""
    everyone = callers * copies
    world = World(script, goes_online_at)
    # the fetch begins with somebody, or there is nothing to see
    everyone[0] = Caller(everyone[0].asks, 0, everyone[0].leaves, everyone[0].at, everyone[0].turns)
    outcomes, complaints = asyncio.run(run(world, everyone))

    assert world.calls == len(script), "who leaves neither stops the fetch nor starts another"
    for caller, (kind, value) in zip(everyone, outcomes, strict=True):
        expected = world.expected(caller)
        assert (kind, value) == expected or (caller.leaves is not None and kind == "left")
    assert complaints == []
