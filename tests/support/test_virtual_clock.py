"""The tests' clock, and the check for tasks left behind."""

from __future__ import annotations

import math


async def test_pending_are_the_waits_alone(clock):
    """What they are for is of no interest here."""
    clock.call_later(math.inf, print)
    clock.call_later(2, print)
    assert clock.pending() == [2.0, math.inf]


def test_a_task_left_behind_fails_its_test(pytester, request):
    """And the message names it."""
    pytester.makeconftest((request.config.rootpath / "tests/conftest.py").read_text())
    pytester.mkdir("support")
    support = request.config.rootpath / "tests/support/virtual_clock.py"
    (pytester.path / "support/virtual_clock.py").write_text(support.read_text())
    pytester.makepyfile(
        """
        import asyncio

        async def wait():
            await asyncio.Event().wait()

        async def test_leaks():
            asyncio.create_task(wait(), name="forgotten")
            await asyncio.sleep(0)

        async def test_cleans_up():
            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            task.cancel()
        """
    )
    result = pytester.runpytest(
        "--asyncio-mode=auto", "-o", "asyncio_default_fixture_loop_scope=function", "-p", "no:mockapi"
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["the test left tasks behind: *forgotten*"])
