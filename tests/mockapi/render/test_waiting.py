"""Waiting until something holds."""

import asyncio
import math
import threading

import httpx
import pytest

from mockapi import MockApiClient
from mockapi.render import WaitTimeoutError, wait_for
from mockapi.render.commits import Commits, open_screens, screens_of
from mockapi.render.waiting import _turning


class FakeScreen:
    def __init__(self):
        self.commits = Commits()
        self.text = "(nothing)"

    def __str__(self):
        return self.text

    def show(self, text):
        self.text = text
        self.commits.commit()


@pytest.fixture
async def screen():
    screen = FakeScreen()
    open_screens.append(screen)
    yield screen
    open_screens.remove(screen)


async def test_what_holds_already_is_returned_at_once():
    turns = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    assert await wait_for(lambda: "value") == "value"
    assert turns == []


@pytest.mark.parametrize("result", [None, 0, "", True])
async def test_anything_but_false_holds(result):
    assert await wait_for(lambda: result) is result


async def test_a_condition_is_looked_at_after_each_commit_and_sees_that_very_state(screen):
    """A state that lasts for one turn of the loop is seen."""
    seen = []

    async def program():
        for number in range(5):
            screen.show(str(number))
            await asyncio.sleep(0)

    task = asyncio.create_task(program())
    assert await wait_for(lambda: seen.append(screen.text) or screen.text == "3") is True
    assert screen.text == "3"
    assert seen == ["(nothing)", "0", "1", "2", "3"]
    await task


async def test_a_commit_wakes_a_wait_that_would_sleep(screen):
    loop = asyncio.get_running_loop()
    woken = []

    async def later():
        await asyncio.sleep(0.01)
        screen.show("done")
        woken.append(loop.time())

    task = asyncio.create_task(later())
    await wait_for(lambda: screen.text == "done")
    assert len(woken) == 1
    await task


async def test_what_no_screen_shows_is_looked_at_when_the_loop_rests():
    """No timer is needed for what happens inside the loop."""
    done = []

    async def program():
        for _ in range(20):
            await asyncio.sleep(0)
        done.append(1)

    task = asyncio.create_task(program())
    await wait_for(lambda: bool(done))
    await task


async def test_assertions_and_lookups_are_tried_again_and_other_errors_are_not():
    results = iter([AssertionError("one"), KeyError("two"), None])

    def condition():
        result = next(results)
        if result is not None:
            raise result

    await wait_for(condition)
    with pytest.raises(ZeroDivisionError):
        await wait_for(lambda: 1 / 0)


async def test_a_coroutine_function_is_awaited():
    results = iter([False, "value"])

    async def condition():
        await asyncio.sleep(0)
        return next(results)

    assert await wait_for(condition) == "value"


async def test_time_goes_to_the_next_timer_when_it_is_virtual(mock_clock):
    done = []
    asyncio.get_running_loop().call_later(0.7, done.append, 1)
    await wait_for(lambda: bool(done))
    assert mock_clock.monotonic() == 0.7


async def test_virtual_time_stops_at_the_timeout(mock_clock):
    done = []
    timer = asyncio.get_running_loop().call_later(1.5, done.append, 1)
    with pytest.raises(WaitTimeoutError):
        await wait_for(lambda: bool(done))
    assert mock_clock.monotonic() == 1
    await wait_for(lambda: bool(done), timeout=0.5)
    assert mock_clock.monotonic() == 1.5
    timer.cancel()


async def test_a_thread_is_waited_for_when_time_is_virtual(mock_clock):
    done = []
    task = asyncio.create_task(asyncio.to_thread(done.append, 1))
    await wait_for(lambda: bool(done))
    assert mock_clock.monotonic() == 0
    await task


async def test_two_waits_at_once_both_end(mock_clock, screen):
    loop = asyncio.get_running_loop()
    loop.call_later(0.2, screen.show, "one")
    loop.call_later(0.4, screen.show, "two")
    await asyncio.gather(wait_for(lambda: screen.text == "one"), wait_for(lambda: screen.text == "two"))
    assert mock_clock.monotonic() == 0.4


async def test_a_failure_names_the_condition_the_last_error_and_the_screens(mock_clock, screen):
    screen.show("<p>Apollo</p>")

    def condition():
        assert screen.text == "", "not empty\nmore of it"

    with pytest.raises(WaitTimeoutError) as caught:
        await wait_for(condition, timeout=2)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("condition at ")
    assert lines[0].endswith("did not hold within 2 s. At last: AssertionError: not empty")
    assert lines[1:] == ["", "screen:", "  <p>Apollo</p>"]
    assert isinstance(caught.value.__cause__, AssertionError)
    assert caught.value.timeout == 2


async def test_a_condition_that_is_false_says_so(mock_clock):
    with pytest.raises(WaitTimeoutError, match="^the condition at .*At last: it returned False") as caught:
        await wait_for(lambda: False)
    assert caught.value.__cause__ is None


class Never:
    """A condition that is an object."""

    def __call__(self):
        return False

    def __repr__(self):
        return "<Never>"


async def test_a_condition_that_is_an_object_is_shown_as_it_is(mock_clock):
    with pytest.raises(WaitTimeoutError, match="^<Never> did not hold within 1 s"):
        await wait_for(Never())


async def test_an_error_of_the_program_ends_a_wait_at_once(mock_clock, screen):
    """Not even an error of the kind that a condition may raise is taken for one of its own."""
    error = KeyError("slug")
    asyncio.get_running_loop().call_soon(screen.commits.fail, error, "while ProjectList rendered")
    with pytest.raises(KeyError) as caught:
        await wait_for(lambda: False)
    assert caught.value is error
    assert error.__notes__ == ["raised while ProjectList rendered"]
    assert mock_clock.monotonic() == 0


async def test_a_failure_shows_what_was_sent_and_what_happened_to_the_queries(
    mock_clock, mock_api_client, make_test_query_client
):
    client = make_test_query_client()
    client.set_query_data(("projects",), ["Apollo"])
    mock_api_client.get("/projects/", [])
    with pytest.raises(WaitTimeoutError) as caught:
        await wait_for(lambda: False)
    assert "mockapi requests:\n  no request was sent" in str(caught.value)
    assert "mockapi queries:\n" in str(caught.value)
    assert 'data written: ["Apollo"]' in str(caught.value).replace("'", '"')


# -- in real time


async def test_a_condition_that_nothing_tells_of_is_looked_at_now_and_then():
    looks = []
    await wait_for(lambda: looks.append(1) or len(looks) > 3)
    assert len(looks) == 4


async def test_a_wait_in_real_time_ends_at_its_timeout():
    with pytest.raises(WaitTimeoutError, match="did not hold within 0.02 s"):
        await wait_for(lambda: False, timeout=0.02)


async def test_two_waits_for_one_commit_both_end(screen):
    asyncio.get_running_loop().call_later(0.01, screen.show, "done")
    await asyncio.gather(wait_for(lambda: screen.text == "done"), wait_for(lambda: screen.text == "done"))


async def test_commits_of_another_loop_wake_nobody_here(screen):
    """Each thread of tests that block has a loop of its own."""

    async def elsewhere():
        other = FakeScreen()
        open_screens.append(other)
        other.show("there")
        assert screens_of(asyncio.get_running_loop()) == [other]
        open_screens.remove(other)

    waiting = asyncio.create_task(wait_for(lambda: screen.text == "here"))
    await asyncio.to_thread(asyncio.run, elsewhere())
    screen.show("here")
    await waiting


def test_a_loop_that_does_not_show_what_it_runs_is_given_some_turns():
    with _turning(object()) as is_quiet:
        assert is_quiet() is None


# -- in virtual time


async def test_a_wait_follows_time_that_the_test_lets_pass(mock_clock, screen):
    asyncio.get_running_loop().call_later(3, screen.show, "done")
    await asyncio.gather(mock_clock.advance(5), wait_for(lambda: screen.text == "done", timeout=10))
    assert mock_clock.monotonic() == 5


async def test_a_thread_that_works_is_waited_for_without_time_passing(mock_clock):
    release, done = threading.Event(), []

    def work():
        release.wait()
        done.append(1)

    timer = threading.Timer(0.02, release.set)
    timer.start()
    task = asyncio.create_task(asyncio.to_thread(work))
    await wait_for(lambda: bool(done))
    assert mock_clock.monotonic() == 0
    await task
    timer.join()


async def test_a_wait_without_end_fails_when_nothing_can_come(mock_clock):
    with pytest.raises(WaitTimeoutError):
        await wait_for(lambda: False, timeout=math.inf)
    assert mock_clock.monotonic() == 0


async def test_a_failure_shows_the_requests_of_a_client_made_by_hand(mock_clock):
    with MockApiClient() as client:
        client.get("/projects/", [])
        async with httpx.AsyncClient() as http:
            await http.get("https://api.example.com/projects/")
        with pytest.raises(WaitTimeoutError, match="mockapi requests:\n  1  GET https://api.example.com/projects/"):
            await wait_for(lambda: False)


async def test_two_commits_of_one_turn_wake_a_wait_once(screen):
    def show_twice():
        screen.show("one")
        screen.show("two")

    asyncio.get_running_loop().call_later(0.01, show_twice)
    await wait_for(lambda: screen.text == "two")
