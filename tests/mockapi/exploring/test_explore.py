"""Running a coroutine under a schedule, and finding what only some orders show."""

import asyncio

import httpx
import pytest
from hypothesis import given, settings

from mockapi import MockApiClient
from mockapi.exploring import DeadlockError, LeftoverError, Schedule, explore, schedules
from query import QueryClient, QueryOptions


class Counter:
    """A program with a race: it reads, waits, and writes."""

    def __init__(self):
        self.value = 0

    async def add(self, save):
        seen = self.value
        await save()
        self.value = seen + 1


async def racing():
    """Two at once, of which the first to begin is done before the second in asyncio's own order."""
    counter = Counter()

    async def one():
        await counter.add(lambda: asyncio.sleep(0))

    async def other():
        await asyncio.sleep(0)
        await counter.add(lambda: asyncio.sleep(0))

    await asyncio.gather(one(), other())
    assert counter.value == 2


def test_asyncios_own_order_shows_nothing():
    """The race is there, and no test sees it."""
    explore(racing)


def test_another_order_shows_it_again_and_again():
    """A schedule is a run; and a failure says how to repeat it."""
    failing = []
    for seed in range(1, 30):
        try:
            explore(racing, schedule=seed)
        except AssertionError as error:
            failing.append((seed, error.__notes__[-1]))
    assert failing
    for seed, note in failing:
        with pytest.raises(AssertionError) as told:
            explore(racing, schedule=seed)
        assert told.value.__notes__[-1] == note
        replay = eval(note.partition("schedule=")[2][:-1])
        with pytest.raises(AssertionError, match="assert 1 == 2"):
            explore(racing, schedule=replay)


@pytest.mark.parametrize("max_choices", [0, 20])
def test_hypothesis_finds_it(max_choices):
    """By seeds, and by single choices, which it shrinks."""
    found = []

    @settings(database=None, deadline=None, max_examples=200)
    @given(schedules(max_choices=max_choices))
    def search(schedule):
        try:
            explore(racing, schedule=schedule)
        except AssertionError:
            found.append(schedule)
            raise

    with pytest.raises(AssertionError, match="assert 1 == 2"):
        search()
    if max_choices:
        assert len(found[-1].choices) <= 4


def test_it_returns_what_the_coroutine_returns_after_virtual_hours():
    """Query clients without a clock of their own go by it."""

    async def main():
        calls = []

        async def fetch(context):
            calls.append(asyncio.get_running_loop().time())
            if len(calls) == 1:
                raise OSError("down")
            return len(calls)

        options = QueryOptions(query_key=("k",), query_fn=fetch, retry=1, stale_time=3600, gc_time=7200)
        async with QueryClient() as client:
            assert await client.fetch_query(options) == 2
            await asyncio.sleep(3599)
            assert await client.fetch_query(options) == 2
            await asyncio.sleep(1)
            return await client.fetch_query(options), calls

    assert explore(main) == (3, [0, 1, 3601])


@settings(deadline=None, max_examples=30)
@given(schedules())
def test_one_request_for_many_callers_in_any_order(schedule):
    """What the cache promises holds whoever goes first; mocks answer there, too."""

    async def main():
        with MockApiClient() as mock:
            projects = mock.get("/projects/", ["Apollo"], async_delay=1)

            async def fetch(context):
                async with httpx.AsyncClient(base_url="https://api.test") as http:
                    return (await http.get("/projects/")).json()

            async with QueryClient() as client:
                options = QueryOptions(query_key=("projects",), query_fn=fetch)
                waiting = [asyncio.ensure_future(client.fetch_query(options)) for _ in range(3)]
                assert await asyncio.gather(*waiting) == [["Apollo"]] * 3
            assert projects.call_count == 1

    explore(main, schedule=schedule)


def test_what_is_left_is_told():
    """Unless it may be."""

    async def main():
        asyncio.get_running_loop().create_task(asyncio.sleep(3600), name="forgotten")
        return "done"

    with pytest.raises(LeftoverError, match=r"1 thing\(s\) of it did not:\n  the task forgotten") as told:
        explore(main)
    assert len(told.value.left) == 1
    assert explore(main, leftovers=True) == "done"


def test_a_deadlock_is_told_with_its_schedule():
    """In no time."""

    async def main():
        first, second = asyncio.Lock(), asyncio.Lock()

        async def take(one, other):
            async with one:
                await asyncio.sleep(0)
                async with other:
                    pass

        await asyncio.gather(take(first, second), take(second, first))

    with pytest.raises(DeadlockError) as told:
        explore(main, schedule=3)
    assert told.value.__notes__[-1].startswith("to repeat this run: explore(..., schedule=Schedule(")


async def test_it_does_not_run_within_a_loop():
    """It has one of its own, and says so before anything begins."""
    with pytest.raises(RuntimeError, match="call it from a test that is no coroutine"):
        explore(racing)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Schedule(1, choices=[1]), "a schedule has a seed or choices; got both"),
        (lambda: Schedule(choices=[0, -1]), "has a number below 0"),
        (lambda: schedules(max_choices=-1), "max_choices=-1 is below 0"),
    ],
)
def test_what_cannot_be_a_schedule_is_refused(make, text):
    """Before anything runs."""
    with pytest.raises(ValueError, match=text):
        make()
