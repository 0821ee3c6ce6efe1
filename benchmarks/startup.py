"""What the plugin costs ``pytest --collect-only -q`` on an empty file.

Pairs of runs, with the plugin and without, in alternating order; other plugins are off. Measured is the CPU time of the
child, since wall time on a shared machine says little. Run::

    python benchmarks/startup.py [--rounds 31] [--check 1.05]
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

WITH = ("-p", "mockapi.plugin")
WITHOUT = ("-p", "no:mockapi")

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
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
    # 5: no tests collected
    if done.returncode != 5:
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare(directory: Path) -> None:
    """Write the empty test file, settings of its own, and the probe that looks into ``sys.modules``.

    Args:
        directory: An empty directory.
    """
    (directory / "test_empty.py").touch()
    (directory / "pytest.ini").write_text("[pytest]\n")
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


def measure(directory: Path, rounds: int) -> list[tuple[float, float]]:
    """CPU seconds without and with the plugin, one pair a round.

    Args:
        directory: What ``prepare`` has filled.
        rounds: How many pairs; every second one runs in the other order.
    """
    for options in (WITHOUT, WITH):
        # byte code and file cache
        collect(directory, options)
    pairs: list[tuple[float, float]] = []
    for number in range(rounds):
        order = (WITHOUT, WITH) if number % 2 == 0 else (WITH, WITHOUT)
        taken = {options: cpu_seconds(directory, options) for options in order}
        pairs.append((taken[WITHOUT], taken[WITH]))
    return pairs


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and judge.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code: 1 if a heavy module was loaded, or the ratio is above ``--check``.
    """
    parser = argparse.ArgumentParser(description="What the plugin costs pytest at start-up.")
    parser.add_argument(
        "--rounds", type=int, default=31, help="pairs of runs; fewer than the 31 of the default say little"
    )
    parser.add_argument("--check", type=float, metavar="RATIO", help="fail if the median ratio is above this")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="startup-") as name:
        directory = Path(name)
        prepare(directory)
        heavy = loaded_modules(directory)
        pairs = measure(directory, given.rounds)
    without, with_plugin = (statistics.median(times) * 1e3 for times in zip(*pairs, strict=True))
    ratios = sorted(b / a for a, b in pairs)
    low, ratio, high = statistics.quantiles(ratios, n=4)
    added = statistics.median(b - a for a, b in pairs) * 1e3
    print(f"pytest --collect-only on an empty file, CPU time, medians of {len(pairs)} pairs")
    print(f"  without the plugin {without:8.1f} ms")
    print(f"  with the plugin    {with_plugin:8.1f} ms   ({added:+.1f} ms, median of the differences)")
    print(f"  ratio              {ratio:8.3f}      (half of the pairs: {low:.3f} to {high:.3f})")
    print(f"  heavy modules loaded: {', '.join(heavy) or 'none'}")
    slow = given.check is not None and ratio > given.check
    if slow:
        print(f"the ratio is above {given.check}: see what mockapi/plugin.py imports with python -X importtime")
    return 1 if slow or heavy else 0


if __name__ == "__main__":
    sys.exit(main())
