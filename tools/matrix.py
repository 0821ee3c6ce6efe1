"""Runs the suite under every supported Python that this machine has; ``make matrix``.

Each version gets an environment of its own, ``.venv-3.x``, from requirements.lock. What is named on PATH may be a shim
of a version that is gone, so every candidate is run before it is believed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

VERSIONS: Final = ("3.11", "3.12", "3.13")
ROOT: Final = Path(__file__).resolve().parent.parent
# one run each: the examples have settings of their own
SUITES: Final = ("tests", "examples/project_list", "examples/projects")

PROBE: Final = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


@dataclass(frozen=True, slots=True)
class Result:
    """How one version did.

    Attributes:
        version: Such as ``"3.12"``.
        outcome: "not found" is not a failure: the machine may have one version only.
        interpreter: Its path, if there is one.
        seconds: What the tests took, without the installation.
    """

    version: str
    outcome: Literal["passed", "failed", "not installed", "not found"]
    interpreter: Path | None = None
    seconds: float = 0.0


def candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Where an interpreter of this version may be, likeliest first; none of them need work.

    Args:
        version: Such as ``"3.12"``.
        environ: The environment, for PATH, HOME and PYENV_ROOT.
    """
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        yield Path(sys.executable)
    directories = [Path(entry) for entry in environ.get("PATH", "").split(os.pathsep) if entry]
    for name in (f"python{version}", "python3", "python"):
        yield from (directory / name for directory in directories)
    pyenv = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "~")).expanduser() / ".pyenv")
    # 3.12.10 before 3.12.9
    found = sorted((pyenv / "versions").glob(f"{version}*"), key=lambda path: [len(path.name), path.name], reverse=True)
    yield from (path / "bin" / "python3" for path in found)


def works(interpreter: Path, version: str) -> bool:
    """Whether the file runs, is that version, and can make environments.

    Args:
        interpreter: A candidate.
        version: Such as ``"3.12"``.
    """
    if not os.access(interpreter, os.X_OK) or interpreter.is_dir():
        return False
    try:
        done = subprocess.run([interpreter, "-c", PROBE], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def find(version: str, environ: Mapping[str, str]) -> Path | None:
    """The first candidate that works; None if none does.

    Args:
        version: Such as ``"3.12"``.
        environ: The environment, for PATH, HOME and PYENV_ROOT.
    """
    tried: set[Path] = set()
    for candidate in candidates(version, environ):
        if candidate not in tried and works(candidate, version):
            return candidate
        tried.add(candidate)
    return None


def install(interpreter: Path, version: str) -> Path:
    """Make ``.venv-3.x`` or bring it up to date.

    Args:
        interpreter: What to make it with.
        version: Its version.

    Returns:
        The environment's interpreter.

    Raises:
        subprocess.CalledProcessError: An installation failed.
    """
    directory = ROOT / f".venv-{version}"
    python = directory / "bin" / "python"
    lock = ROOT / "requirements.lock"
    inputs = lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + str(interpreter).encode()
    stamp, wanted = directory / ".matrix", hashlib.sha256(inputs).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and works(python, version):
        return python
    if not works(python, version):
        subprocess.run([interpreter, "-m", "venv", "--clear", directory], check=True)
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    stamp.write_text(wanted)
    return python


def run(version: str, environ: Mapping[str, str]) -> Result:
    """Find, install and test one version. What the tools print goes to the terminal.

    Args:
        version: Such as ``"3.12"``.
        environ: The environment, for PATH, HOME and PYENV_ROOT.
    """
    print(f"=== Python {version}", flush=True)
    interpreter = find(version, environ)
    if interpreter is None:
        print("no working interpreter on PATH, under $PYENV_ROOT or ~/.pyenv", flush=True)
        return Result(version, "not found")
    try:
        python = install(interpreter, version)
    except subprocess.CalledProcessError as error:
        print(f"the environment could not be made: {error}", flush=True)
        return Result(version, "not installed", interpreter)
    start = time.perf_counter()
    codes = [
        subprocess.run([python, "-m", "pytest", "-q", suite], cwd=ROOT, check=False).returncode for suite in SUITES
    ]
    outcome: Literal["passed", "failed"] = "failed" if any(codes) else "passed"
    return Result(version, outcome, interpreter, time.perf_counter() - start)


def table(results: Sequence[Result]) -> str:
    """The results as text, one line each, and a line about what was not found.

    Args:
        results: One a version.
    """
    lines = [
        f"{result.version:6} {result.outcome:14} {f'{result.seconds:.0f} s' if result.seconds else '-':>7}"
        f"  {result.interpreter or '-'}"
        for result in results
    ]
    missing = [result.version for result in results if result.outcome == "not found"]
    if missing:
        lines.append(f"not found on this machine, so not tested: {', '.join(missing)}")
    return "\n".join(lines)


def exit_code(results: Sequence[Result]) -> int:
    """1 if a version failed, or none could be tested.

    Args:
        results: One a version.
    """
    outcomes = {result.outcome for result in results}
    return 0 if "passed" in outcomes and not outcomes & {"failed", "not installed"} else 1


def main(versions: Sequence[str]) -> int:
    """Test the versions one after the other and print a table.

    Args:
        versions: Those to test; all supported ones if empty.
    """
    results = [run(version, os.environ) for version in versions or VERSIONS]
    print(f"\n{table(results)}")
    return exit_code(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
