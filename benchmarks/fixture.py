"""What the fixture costs each test: setting it up and tearing it down, with all that the plugin's hooks do for it.

A test that asks for the fixture and does nothing runs again and again in one pytest process, as pytest runs it; shown
is what that takes beyond an empty test in a process without a plugin. Each library has processes of its own, in turn,
since the hooks of all that are loaded count. Judged are the plugin's own hooks, called by pluggy for one test as pytest
does it, but without the hooks of others. Measured is CPU time, and of each process the best hundred tests in a row:
whoever else uses the machine makes it slower, never faster. Run::

    python benchmarks/fixture.py [--runs 1500] [--rounds 9] [--profile] [--check]
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from goals import Goal, command_line, environ_of_child, exit_code, spread


class Variant(NamedTuple):
    """What is measured.

    Attributes:
        name: The library.
        plugin: Its plugin; empty for none.
        fixture: Its fixture; empty for a test without one.
    """

    name: str
    plugin: str = ""
    fixture: str = ""


EMPTY = Variant("an empty test")
NOTHING = Variant("a fixture without a body", "", "nothing")
OURS = Variant("mockapi", "mockapi.plugin", "mock_api_client")
UNUSED = Variant("mockapi, not asked for", "mockapi.plugin")
RESPX = Variant("respx", "respx.plugin", "respx_mock")
PYTEST_HTTPX = Variant("pytest-httpx", "pytest_httpx", "httpx_mock")
PYTEST_HTTPX2 = Variant("pytest-httpx2", "pytest_httpx2", "httpx2_mock")
VARIANTS = (EMPTY, NOTHING, OURS, UNUSED, RESPX, PYTEST_HTTPX, PYTEST_HTTPX2)

PROBE = """
import cProfile, gc, json, os, pstats, time
from _pytest.runner import runtestprotocol

def hooks_alone(item, runs):
    import _pytest.hookspec, pluggy, mockapi.plugin

    alone = pluggy.PluginManager("pytest")
    alone.add_hookspecs(_pytest.hookspec)
    alone.register(mockapi.plugin)
    blocks = []
    for _ in range(runs // 100):
        begin = time.process_time()
        for _ in range(100):
            alone.hook.pytest_runtest_setup(item=item)
            alone.hook.pytest_runtest_call(item=item)
            alone.hook.pytest_runtest_teardown(item=item, nextitem=None)
        blocks.append((time.process_time() - begin) / 100)
    return min(blocks)

def pytest_runtestloop(session):
    runs = int(os.environ["FIXTURE_RUNS"])
    first, second = session.items

    def run(count):
        # two in turn: pytest tears nothing down for a test that follows itself
        for _ in range(count):
            for item, following in ((first, second), (second, first)):
                item._initrequest()
                reports = runtestprotocol(item, log=False, nextitem=following)
                assert all(report.passed for report in reports), reports

    run(100)
    if os.environ["FIXTURE_PROFILE"]:
        profile = cProfile.Profile()
        profile.runcall(run, runs // 2)
        pstats.Stats(profile).sort_stats("tottime").print_stats("mockapi", 25)
        return True
    gc.collect()
    gc.disable()
    blocks = []
    for _ in range(runs // 100):
        begin = time.process_time()
        run(50)
        blocks.append((time.process_time() - begin) / 100)
    print("measured:", json.dumps(min(blocks)))
    if "mock_api_client" in first.fixturenames:
        print("hooks:", json.dumps(hooks_alone(first, runs)))
    return True
"""


def run(directory: Path, variant: Variant, runs: int, *, profile: bool = False) -> str:
    """What a pytest process prints that runs one test again and again.

    Args:
        directory: Where its files are written.
        variant: The library.
        runs: How often.
        profile: Whether to print where the time goes, instead of the time.

    Raises:
        RuntimeError: pytest failed.
    """
    head = "import pytest\n\n\n@pytest.fixture(scope='session')\ndef nothing():\n    pass\n\n\n"
    tests = "".join(f"def test_{name}({variant.fixture}):\n    pass\n\n\n" for name in ("first", "second"))
    (directory / "test_fixture.py").write_text(head + tests)
    (directory / "fixture_probe.py").write_text(PROBE)
    (directory / "pytest.ini").write_text("[pytest]\n")
    environ = environ_of_child(directory)
    environ |= {"PYTHONHASHSEED": "0", "FIXTURE_RUNS": str(runs), "FIXTURE_PROFILE": "yes" if profile else ""}
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "fixture_probe"]
    command += ["-p", variant.plugin] if variant.plugin else []
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
    # 5: "no tests ran", for ours is another loop
    if done.returncode not in (0, 5):
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def measure(runs: int, rounds: int) -> tuple[dict[Variant, list[float]], list[float]]:
    """Seconds a test, one figure a round; and those of our hooks alone.

    Args:
        runs: How often a process runs its test.
        rounds: How many processes of each.
    """
    taken: dict[Variant, list[float]] = {variant: [] for variant in VARIANTS}
    hooks: list[float] = []
    with tempfile.TemporaryDirectory(prefix="fixture-") as name:
        for number in range(rounds):
            at = number % len(VARIANTS)
            for variant in (*VARIANTS[at:], *VARIANTS[:at]):
                printed = run(Path(name), variant, runs)
                for line in printed.splitlines():
                    for mark, figures in (("measured:", taken[variant]), ("hooks:", hooks)):
                        if mark in line:
                            figures.append(json.loads(line.partition(mark)[2]))
    return taken, hooks


def beyond(taken: dict[Variant, list[float]], variant: Variant, other: Variant) -> float:
    """Microseconds that one takes more than another, the median of the rounds.

    Args:
        taken: Seconds of each, one a round.
        variant: The one.
        other: The other.
    """
    # of the same round: a shared machine is not equally fast all the time
    return statistics.median(a - b for a, b in zip(taken[variant], taken[other], strict=True)) * 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if the goal is not met and ``--check`` was given.
    """
    parser = command_line("What the fixture costs each test.", 9, "processes of each, of which the median counts")
    parser.add_argument("--runs", type=int, default=1500, help="tests in a process")
    parser.add_argument("--profile", action="store_true", help="print where the time goes in our own code, no more")
    given = parser.parse_args(arguments)
    if given.profile:
        with tempfile.TemporaryDirectory(prefix="fixture-") as name:
            print(run(Path(name), OURS, given.runs, profile=True))
        return 0
    taken, hooks = measure(given.runs, given.rounds)
    print(f"a test that asks for the fixture, CPU time, medians of {given.rounds} processes of {given.runs} tests")
    print(f"  {'':26} {'a test':>10} {'beyond empty':>14}   half of the processes")
    for variant, seconds in taken.items():
        low, middle, high = (value * 1e6 for value in spread(seconds))
        more = "" if variant is EMPTY else f"{beyond(taken, variant, EMPTY):+.1f} us"
        print(f"  {variant.name:26} {middle:7.1f} us {more:>14}   {low:.1f} to {high:.1f}")
    return exit_code(
        [Goal("the fixture's hooks, set-up to tear-down", statistics.median(hooks) * 1e6, 25.0, " us")], given
    )


if __name__ == "__main__":
    sys.exit(main())
