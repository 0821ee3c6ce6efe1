"""What the plugin costs ``pytest --collect-only -q`` on an empty file, beside other mock libraries.

Each round runs all in another order; plugins that are not named are off. The run that the others are compared with
loads a plugin that is empty: to look for a name among all that is installed is pytest's own work, and what each run
does that loads plugins by itself. Byte code is kept, as in any installation. Measured is the CPU time of the child,
since wall time on a shared machine says little. Run::

    python benchmarks/startup.py [--rounds 31] [--check 1.03]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HEAVY = ("httpx", "httpx2", "respx", "deepdiff", "hypothesis", "query")
"""The modules that a run which asks for nothing must not load."""

WITHOUT = ("-p", "startup_nothing")
WITH = ("-p", "mockapi.plugin")
VARIANTS = {
    "no plugin": WITHOUT,
    "mockapi": WITH,
    "respx": ("-p", "respx.plugin"),
    "pytest-httpx": ("-p", "pytest_httpx"),
    "pytest-httpx2": ("-p", "pytest_httpx2"),
}

LIMIT = 1.03
"""What the ratio may be at most."""

PROBE = f"""
import sys

def pytest_sessionfinish():
    print("loaded:", *sorted(set(sys.modules) & set({HEAVY!r})))
"""


def collect(directory: Path, options: Sequence[str]) -> str:
    """Collect the empty test file in a new pytest process.

    Args:
        directory: Where the file is.
        options: Further options of pytest.

    Returns:
        What pytest printed.

    Raises:
        RuntimeError: pytest failed otherwise than by collecting nothing.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ["PYTHONPYCACHEPREFIX"] = str(directory / "byte-code")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
    # 5: no tests collected
    if done.returncode != 5:
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare(directory: Path) -> None:
    """Write the empty test file, settings of its own, an empty plugin, and the probe that looks into ``sys.modules``.

    Args:
        directory: An empty directory.
    """
    (directory / "test_empty.py").touch()
    (directory / "pytest.ini").write_text("[pytest]\n")
    (directory / "startup_nothing.py").touch()
    (directory / "startup_probe.py").write_text(PROBE)


def loaded_modules(directory: Path, options: Sequence[str] = WITH) -> list[str]:
    """Which of the heavy modules are in ``sys.modules`` after the empty file was collected.

    Args:
        directory: What ``prepare`` has filled.
        options: Options of pytest that choose the plugins.
    """
    (line,) = [
        line
        for line in collect(directory, [*options, "-p", "startup_probe"]).splitlines()
        if line.startswith("loaded:")
    ]
    return line.split()[1:]


def cpu_seconds(directory: Path, options: Sequence[str]) -> float:
    """The CPU time of one collection, in seconds.

    Args:
        directory: What ``prepare`` has filled.
        options: Options of pytest that choose the plugins.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    collect(directory, options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(directory: Path, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each variant, one figure a round.

    Args:
        directory: What ``prepare`` has filled.
        rounds: How many; each begins with another variant.
    """
    names = list(VARIANTS)
    for name in names:
        # byte code and file cache
        collect(directory, VARIANTS[name])
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        at = number % len(names)
        for name in (*names[at:], *names[:at]):
            taken[name].append(cpu_seconds(directory, VARIANTS[name]))
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a heavy module was loaded, or the ratio is above ``--check``.
    """
    # here: what looks into the other functions need not have this folder in its path
    from goals import Goal, judge, spread

    parser = argparse.ArgumentParser(description="What the plugin costs pytest at start-up.")
    parser.add_argument("--rounds", type=int, default=31, help="rounds; fewer than the 31 of the default say little")
    parser.add_argument("--check", type=float, metavar="RATIO", help="fail if the median ratio is above this")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        directory = Path(name)
        prepare(directory)
        heavy = loaded_modules(directory)
        taken = measure(directory, given.rounds)
    bare = taken["no plugin"]
    print(f"pytest --collect-only on an empty file, CPU time, medians of {given.rounds} rounds")
    print(f"  {'':16} {'a run':>10} {'added':>12} {'ratio':>8}   half of the rounds")
    ratios: dict[str, float] = {}
    for name, seconds in taken.items():
        # of the same round: a shared machine is not equally fast all the time
        added = statistics.median(a - b for a, b in zip(seconds, bare, strict=True)) * 1e3
        low, ratios[name], high = spread([a / b for a, b in zip(seconds, bare, strict=True)])
        more = f"{added:+9.1f} ms {ratios[name]:8.3f}   {low:.3f} to {high:.3f}" if seconds is not bare else ""
        print(f"  {name:16} {statistics.median(seconds) * 1e3:7.1f} ms {more}")
    print(f"  heavy modules that mockapi loads: {', '.join(heavy) or 'none'}")
    judge(
        [
            Goal("the start with mockapi, over the start without", ratios["mockapi"], given.check or LIMIT),
            Goal("heavy modules loaded", len(heavy), 0),
        ]
    )
    slow = given.check is not None and ratios["mockapi"] > given.check
    if slow:
        print(f"the ratio is above {given.check}: see what mockapi/plugin.py imports with python -X importtime")
    return 1 if slow or heavy else 0


if __name__ == "__main__":
    sys.exit(main())
