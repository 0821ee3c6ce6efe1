"""What all tests share: a key of their own, a clock of their own, and the promise to leave no task behind."""

from __future__ import annotations

import asyncio
import gc
import itertools
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# no test is timed: how long an example takes says more about the machine than about the code
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# tests are imported one by one, without packages: their helpers need an address
sys.path.insert(0, str(Path(__file__).parent / "support"))

import real_sleep  # noqa: E402
from virtual_clock import VirtualClock  # noqa: E402 - the line above is what makes it importable

pytest_plugins = ["pytester"]

_numbers = itertools.count(1)


@pytest.fixture
def key():
    """A query key that no other test has."""
    return ("key", next(_numbers))


@pytest.fixture
def clock():
    """A clock that stands still until ``await clock.advance(seconds)``."""
    return VirtualClock()


@pytest.fixture
async def reported():
    """What the loop's exception handler is given during the test, as a list of contexts."""
    loop = asyncio.get_running_loop()
    contexts = []
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: contexts.append(context))
    yield contexts
    loop.set_exception_handler(before)


@pytest.fixture(autouse=True)
def no_task_left_behind(request):
    """A test fails if a task is still pending after it and its fixtures are done."""
    # through a second fixture, so that tests without a loop need not be given one
    if request.node.get_closest_marker("asyncio"):
        request.getfixturevalue("_no_task_left_behind")


@pytest.fixture
async def _no_task_left_behind():
    before = asyncio.all_tasks()
    yield
    for _ in range(5):
        await asyncio.sleep(0)  # what was cancelled last may still be unwinding
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    if left:
        pytest.fail("the test left tasks behind: " + ", ".join(sorted(map(repr, left))), pytrace=False)


@pytest.fixture
def told_of_lost_tasks():
    """asyncio complains of tasks that an exit left behind when the test is over, not in the middle of a later one.

    A traceback that is written while a file is read as Python source fails that reading on CPython 3.11.
    """
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def no_real_sleep(request):
    """A test fails if it sleeps in real time, unless a mark ``real_sleep`` says why it must."""
    if request.node.get_closest_marker("real_sleep"):
        yield
        return
    with real_sleep.watched() as slept:
        yield
    if slept:
        pytest.fail("the test sleeps in real time; use a clock that can be moved: " + "; ".join(slept), pytrace=False)


@pytest.fixture(autouse=True)
def same_report_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pytest that a test runs inside prints longer summaries where these are set; its words are compared."""
    for name in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """pytest in a directory of its own. Without pytest-randomly, unless a test means to run beside it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:randomly")
    return pytester
