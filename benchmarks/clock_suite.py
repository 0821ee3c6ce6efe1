"""A suite of 300 tests with hours of simulated time, run through the plugin: how long it really takes.

Run with ``make bench-clock``. The suite is made for the run: tests of staleness, collection, retries, intervals, delays
of mocks and ``asyncio.sleep``, each of which lets some hours pass. Exits with 1 if the goal is missed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = 300
GOAL = 10.0
"""Seconds that the whole run may take, the start of Python and pytest included."""
HOURS = 4
"""Simulated hours of each test."""

HEAD = f"""
import asyncio

import httpx
import pytest

from query import QueryObserver, query_options

HOURS = {HOURS}


def counted(answers=None):
    calls = []

    def load(context):
        calls.append(context)
        answer = answers.pop(0) if answers else len(calls)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return calls, load
"""

KINDS = (
    """
async def test_interval_{n}(mock_clock, make_test_query_client):
    calls, load = counted()
    client = make_test_query_client()
    observer = QueryObserver(client, query_options(query_key=("a", {n}), query_fn=load, refetch_interval=60))
    unsubscribe = observer.subscribe(lambda result: None)
    await mock_clock.advance(HOURS * 3600)
    unsubscribe()
    assert len(calls) == HOURS * 60 + 1
""",
    """
async def test_stale_{n}(mock_clock, make_test_query_client):
    calls, load = counted()
    client = make_test_query_client(gc_time=1e9)
    options = query_options(query_key=("a", {n}), query_fn=load, stale_time=HOURS * 3600)
    await client.query(options)
    await mock_clock.advance(HOURS * 3600 - 0.001)
    await client.query(options)
    assert len(calls) == 1
    await mock_clock.advance(0.001)
    await client.query(options)
    assert len(calls) == 2
""",
    """
async def test_collection_{n}(mock_clock, make_test_query_client):
    client = make_test_query_client(gc_time=HOURS * 3600)
    client.set_query_data(("a", {n}), 1)
    await mock_clock.advance(HOURS * 3600 - 1)
    assert client.get_query_data(("a", {n})) == 1
    await mock_clock.advance(1)
    assert client.get_query_data(("a", {n})) is None
""",
    """
async def test_retries_{n}(mock_clock, make_test_query_client):
    calls, load = counted([ValueError()] * 8 + ["data"])
    client = make_test_query_client(retry=8, retry_delay=HOURS * 450)
    task = asyncio.ensure_future(client.query(query_options(query_key=("a", {n}), query_fn=load)))
    await mock_clock.advance(HOURS * 3600)
    assert await task == "data"
    assert len(calls) == 9
""",
    """
@pytest.mark.mock_clock(autojump=True)
async def test_polling_{n}(mock_clock, mock_api_client):
    mock_api_client.get("https://api.test/job/{n}/", {{"done": False}}, async_delay=5)
    start = mock_clock.time()
    async with httpx.AsyncClient(timeout=30) as client:
        for _ in range(10):
            await client.get("https://api.test/job/{n}/")
            await asyncio.sleep(HOURS * 360 - 5)
    assert mock_clock.time() - start == HOURS * 3600
""",
)


def main() -> int:
    """Make the suite, run it and print the figure; the exit code."""
    with tempfile.TemporaryDirectory(prefix="clock-suite-") as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text(
            "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
        )
        tests = [KINDS[number % len(KINDS)].format(n=number) for number in range(TESTS)]
        (folder / "test_clock_suite.py").write_text(HEAD + "\n".join(tests))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
        took = []
        for _ in range(3):
            began = time.perf_counter()
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            took.append(time.perf_counter() - began)
            if done.returncode or not re.search(rf"\b{TESTS} passed", done.stdout):
                print(done.stdout[-4000:], done.stderr[-2000:])
                return 1
    best = min(took)
    print(f"{TESTS} tests with virtual time, {TESTS * HOURS} simulated hours: {best:.1f} s (goal {GOAL:g} s): ", end="")
    print("met" if best < GOAL else "NOT MET", f"(runs: {', '.join(f'{one:.1f}' for one in took)})")
    return 0 if best < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
