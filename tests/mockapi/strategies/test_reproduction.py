"""The same seed gives the same run, whoever runs the loop: answers, orders of tasks, time and what the cache did."""

from __future__ import annotations

import json

import pytest

SUITE = """
import asyncio
import json
import pathlib

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from mockapi.exploring import explore
from mockapi.strategies import equal_keys, exchanges, latencies, query_options_sets, responses, schedules
from query import query_options

# the first text of a process costs Hypothesis a second or so
RULES = settings(max_examples=8, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
told = []


@RULES
@given(script=exchanges(3, response=responses({"id": 1}, delay=latencies(600))), options=query_options_sets(2))
async def test_answers(mock_clock, mock_api_client, make_test_query_client, script, options):
    client = make_test_query_client(**{**options, "network_mode": "always"})
    mock_api_client.add_sequence("https://api.test/x/", *script)
    start = mock_clock.time()

    async def load(context):
        async with httpx.AsyncClient(timeout=None) as http:
            return (await http.get("https://api.test/x/")).raise_for_status().json()

    with mock_clock.jumping():
        try:
            got = repr(await client.query(query_options(query_key=("a",), query_fn=load)))
        except Exception as error:
            got = type(error).__name__
    told.append([repr(script), got, round(mock_clock.time() - start, 6)])


@RULES
@given(schedule=schedules(), keys=equal_keys())
def test_orders(schedule, keys):
    order = []

    async def one(name):
        for _ in range(3):
            await asyncio.sleep(0)
            order.append(name)

    async def scenario():
        await asyncio.gather(*map(one, "abc"))

    explore(scenario, schedule=schedule)
    told.append(["".join(order), repr(keys)])


def test_told():
    pathlib.Path("told.json").write_text(json.dumps(told))
"""

ASYNCIO = ["-o", "asyncio_default_fixture_loop_scope=function"]
RUNNERS = {
    "asyncio-auto": ("", ["-p", "no:anyio", *ASYNCIO, "-o", "asyncio_mode=auto"]),
    "asyncio-strict": ("@pytest.mark.asyncio\n", ["-p", "no:anyio", *ASYNCIO, "-o", "asyncio_mode=strict"]),
    "anyio": ("@pytest.mark.anyio\n", ["-p", "no:asyncio"]),
}


@pytest.fixture
def told(pytester):
    """Run the suite with a seed; gives what it wrote down."""

    def run(runner, seed):
        mark, options = RUNNERS[runner]
        pytester.makepyfile(test_suite=SUITE.replace("@RULES", f"{mark}@RULES", 1))
        pytester.makeconftest('import pytest\n@pytest.fixture(scope="module")\ndef anyio_backend(): return "asyncio"')
        arguments = ["-p", "no:cacheprovider", "-W", "error", f"--hypothesis-seed={seed}", *options]
        result = pytester.runpytest_subprocess(*arguments)
        result.assert_outcomes(passed=3)
        return json.loads((pytester.path / "told.json").read_text())

    return run


@pytest.mark.timeout(180)  # three processes, each of which loads all there is
def test_the_same_seed_gives_the_same_run_under_every_runner(told):
    """pytest-asyncio in both modes and anyio's plugin; another seed gives another."""
    first = told("asyncio-strict", 7)
    assert len(first) > 10
    assert told("anyio", 7) == first
    assert told("asyncio-auto", 8) != first
