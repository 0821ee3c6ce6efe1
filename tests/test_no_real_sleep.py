"""No test of this project sleeps in real time, and the guard that says so can fail."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
import real_sleep


@pytest.fixture
def slept():
    """What the guard saw; this test's own guard stands outside, so a mark lets it pass."""
    with real_sleep.watched() as slept:
        yield slept


@pytest.mark.real_sleep("it is what is tested")
def test_a_sleeping_thread_is_seen(slept):
    """With its place; also in a thread that the test starts."""
    time.sleep(0.06)
    thread = threading.Thread(target=time.sleep, args=(0.051,))
    thread.start()
    thread.join()
    assert len(slept) == 2
    assert slept[0].startswith("time.sleep(0.06) in ")
    assert "test_no_real_sleep.py:" in slept[0]


@pytest.mark.real_sleep("it is what is tested")
async def test_a_loop_that_waits_for_a_timer_is_seen(slept):
    """Whoever set it."""
    await asyncio.sleep(0.06)
    (said,) = slept
    assert said.startswith("an event loop that waited 0.0")


async def test_a_loop_that_waits_for_a_thread_is_not_meant(slept):
    """Nor a timeout that is never reached."""
    async with asyncio.timeout(30):
        await asyncio.to_thread(sum, range(100))
    assert slept == []


def test_short_sleeps_are_allowed(slept):
    """Those that only let others go first."""
    time.sleep(0.001)
    asyncio.run(asyncio.sleep(0.001))
    assert slept == []


async def test_virtual_hours_are_no_sleep(slept, mock_clock):
    """However many pass."""
    task = asyncio.ensure_future(asyncio.sleep(7200))
    await mock_clock.advance(7200)
    assert task.done()
    assert slept == []


def test_what_is_watched_is_put_back():
    """After the block all is as it was."""
    before = time.sleep
    with real_sleep.watched():
        assert time.sleep is not before
    assert time.sleep is before


@pytest.mark.real_sleep("the test within does")
def test_the_guard_fails_a_test(pytester):
    """In its own name, and not one with the mark."""
    pytester.makeconftest(
        """
        import pytest, real_sleep
        from conftest_of_the_project import no_real_sleep
        """
    )
    pytester.makepyfile(
        conftest_of_the_project="""
        import importlib.util, pathlib
        import pytest, real_sleep
        source = pathlib.Path(real_sleep.__file__).parents[1] / "conftest.py"
        spec = importlib.util.spec_from_file_location("project_conftest", source)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        no_real_sleep = module.no_real_sleep
        """,
        test_it="""
        import time, pytest

        def test_sleeps():
            time.sleep(0.06)

        @pytest.mark.real_sleep("why not")
        def test_may():
            time.sleep(0.06)
        """,
    )
    pytester.makeini("[pytest]\nmarkers = real_sleep(reason): may\nasyncio_default_fixture_loop_scope = function\n")
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*the test sleeps in real time; use a clock that can be moved: time.sleep(0.06) in *"])
