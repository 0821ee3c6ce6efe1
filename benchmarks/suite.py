"""What a whole suite costs: 400 tests, each with one mock and one ``httpx.get``, which makes a client of its own.

Most of the time of such a test goes into the TLS context of its client, which no mocked request ever needs. Measured is
the CPU time of a whole pytest run, less that of a run of as many empty tests; each run loads the one plugin that it
needs. Run::

    python benchmarks/suite.py [--tests 400] [--rounds 5] [--check]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from goals import Goal, command_line, environ_of_child, exit_code, shown


class Variant(NamedTuple):
    """One way to write the suite.

    Attributes:
        name: What is used.
        plugin: The plugin to load; empty for none.
        test: The source of the test, which gets its number as ``i``.
    """

    name: str
    plugin: str
    test: str


ASK = "    assert httpx.get(f'https://api.test/{i}').json() == {'i': i}\n"

# httpcore loads trio where it is installed, as it is here for the tests of this project; such a suite has none
NO_TRIO = "import sys\n\nsys.modules['trio'] = None\n"

EMPTY = Variant("empty tests", "", "def test(i):\n    pass\n")
OURS = Variant(
    "mockapi",
    "mockapi.plugin",
    "def test(i, mock_api_client):\n    mock_api_client.add_mock_response(f'https://api.test/{i}', body={'i': i})\n"
    + ASK,
)
RESPX = Variant(
    "respx",
    "respx.plugin",
    "def test(i, respx_mock):\n    respx_mock.get(f'https://api.test/{i}').respond(json={'i': i})\n" + ASK,
)
PYTEST_HTTPX = Variant(
    "pytest-httpx",
    "pytest_httpx",
    "def test(i, httpx_mock):\n    httpx_mock.add_response(url=f'https://api.test/{i}', json={'i': i})\n" + ASK,
)
BY_HAND = Variant(
    "a client with MockTransport",
    "",
    "def test(i):\n    answer = lambda request: httpx.Response(200, json={'i': i})\n"
    "    with httpx.Client(transport=httpx.MockTransport(answer)) as client:\n"
    "        assert client.get(f'https://api.test/{i}').json() == {'i': i}\n",
)
VARIANTS = (EMPTY, OURS, RESPX, PYTEST_HTTPX, BY_HAND)


def cpu_seconds(directory: Path, variant: Variant, tests: int) -> float:
    """The CPU time of one run of the suite.

    Args:
        directory: Where its file is written.
        variant: How it is written.
        tests: How many tests.

    Raises:
        RuntimeError: A test failed.
    """
    head = NO_TRIO + f"import httpx\nimport pytest\n\n\n@pytest.mark.parametrize('i', range({tests}))\n"
    (directory / "test_suite.py").write_text(head + variant.test)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-p", variant.plugin] if variant.plugin else []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=directory, env=environ_of_child(directory), capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"the suite of {variant.name} failed:\n{done.stdout}{done.stderr}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(tests: int, rounds: int) -> dict[Variant, float]:
    """Seconds that one test costs beyond an empty one, the median of the rounds.

    Args:
        tests: How many tests a suite has.
        rounds: How many runs of each, in turn.
    """
    runs: dict[Variant, list[float]] = {variant: [] for variant in VARIANTS}
    with tempfile.TemporaryDirectory(prefix="suite-") as name:
        directory = Path(name)
        (directory / "pytest.ini").write_text("[pytest]\n")
        for variant in VARIANTS:
            # byte code and file cache
            cpu_seconds(directory, variant, 1)
        for number in range(rounds):
            # another first one each time
            at = number % len(VARIANTS)
            for variant in (*VARIANTS[at:], *VARIANTS[:at]):
                runs[variant].append(cpu_seconds(directory, variant, tests))
    empty = runs[EMPTY]
    return {
        variant: statistics.median(a - b for a, b in zip(taken, empty, strict=True)) / tests
        for variant, taken in runs.items()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a goal is not met and ``--check`` was given.
    """
    parser = command_line(
        "What a mocked suite costs when each test makes a client.", 5, "runs of each suite, of which the median counts"
    )
    parser.add_argument("--tests", type=int, default=400, help="tests in a suite")
    given = parser.parse_args(arguments)
    cost = measure(given.tests, given.rounds)
    print(f"{given.tests} tests, each with one mock and one httpx.get: CPU time a test, less that of an empty test,")
    print(f"medians of {given.rounds} runs")
    for variant, seconds in cost.items():
        if variant is not EMPTY:
            times = "" if variant is OURS else f"   {shown(seconds / cost[OURS])} times ours"
            print(f"  {variant.name:28} {seconds * 1e3:8.3f} ms{times}")
    goals = [Goal(f"mockapi, part of {peer.name}", cost[OURS] / cost[peer], 0.05) for peer in (RESPX, PYTEST_HTTPX)]
    return exit_code(goals, given)


if __name__ == "__main__":
    sys.exit(main())
