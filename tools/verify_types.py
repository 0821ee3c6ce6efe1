"""Asks pyright how much of the public types of ``query`` is known: ``python tools/verify_types.py``.

pyright's check wants an installed package. This lays a copy into an environment of its own, beside what the running
one has installed, and exits with 1 unless every public symbol has a type that all checkers read alike.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent


def install(directory: Path, source: Path) -> Path:
    """An environment with a copy of the package in it.

    Args:
        directory: Where to make it; empty.
        source: The package's folder.

    Returns:
        Its folder of programs, to be put on ``PATH``.
    """
    venv.create(directory, with_pip=False)
    (site,) = directory.glob("lib/python*/site-packages")
    shutil.copytree(source, site / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    (site / "rest.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return directory / "bin"


def ask(source: Path, directory: Path) -> dict[str, Any]:
    """What pyright says of the package.

    Args:
        source: The package's folder.
        directory: Where to work, outside the repository; empty.

    Raises:
        RuntimeError: pyright said something else.
    """
    package = source.name
    # the first Python on PATH is the one that is looked into
    path = f"{install(directory / 'environment', source)}{os.pathsep}{os.environ.get('PATH', '')}"
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environ |= {"PATH": path, "VIRTUAL_ENV": str(directory / "environment")}
    command = [sys.executable, "-m", "pyright", "--verifytypes", package, "--ignoreexternal", "--outputjson"]
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    except (ValueError, KeyError) as error:
        raise RuntimeError(f"pyright gave no report on {package}:\n{done.stdout}{done.stderr}") from error
    return report


def faults(report: Mapping[str, Any]) -> list[str]:
    """A line for each public symbol whose type is not known.

    Args:
        report: What ``ask`` returned.
    """
    if not report["symbols"]:
        return [f"{report['packageName']}: nothing was found"]
    lines: list[str] = []
    for symbol in report["symbols"]:
        if symbol["isExported"] and not symbol["isTypeKnown"]:
            lines += [f"{symbol['name']}: {said['message'].splitlines()[0]}" for said in symbol["diagnostics"]]
    return lines


def main(packages: list[str]) -> int:
    """Check packages; the exit code."""
    wrong: list[str] = []
    for package in packages or ["query"]:
        with tempfile.TemporaryDirectory() as directory:
            report = ask(ROOT / package, Path(directory))
        wrong += faults(report)
        print(f"{package}: {report['completenessScore']:.1%} of {len(report['symbols'])} symbols have a known type")
    print("\n".join(wrong), end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
