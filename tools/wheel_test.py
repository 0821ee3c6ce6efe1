"""Builds the wheel, looks into it, installs it into an empty environment and uses it from there; ``make wheel``.

Whatever the repository has and the wheel lacks (a file, a dependency, the entry point) shows here and nowhere else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

ROOT: Final = Path(__file__).resolve().parent.parent
ENTRY_POINT: Final = "[pytest11]\nmockapi = mockapi.plugin"

DOWNSTREAM: Final = """
import httpx
import query
import query.api

def test_the_mock_answers(mock_api_client):
    mock = mock_api_client.add_mock_response(url="https://example.com/projects/", body=[{"slug": "apollo"}])
    assert httpx.get("https://example.com/projects/").json() == [{"slug": "apollo"}]
    assert mock.call_count == 1

def test_the_packages_are_the_installed_ones():
    for package in (query, query.api):
        assert "site-packages" in package.__file__, package.__file__
    assert query.QueryClient and query.api.api_options
"""


class WheelError(Exception):
    """A step failed; the message says which way."""


def run(command: Sequence[str | Path], directory: Path) -> str:
    """Run a program.

    Args:
        command: The program and its arguments.
        directory: Where.

    Returns:
        What it printed.

    Raises:
        WheelError: It failed.
    """
    # what the repository or the caller set up must not help the wheel
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST_"))}
    environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelError(f"{' '.join(map(str, command))} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build(directory: Path) -> Path:
    """Build the wheel of this repository with the installed hatchling.

    Args:
        directory: Where to put it.

    Raises:
        WheelError: The build failed, or made no wheel.
    """
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    run([*command, "--wheel-dir", directory, ROOT], directory)
    wheels = list(directory.glob("*.whl"))
    if len(wheels) != 1:
        raise WheelError(f"expected one wheel in {directory}, found {[wheel.name for wheel in wheels]}.")
    return wheels[0]


def faults(names: Iterable[str], read: Callable[[str], str], sources: Iterable[str]) -> list[str]:
    """What is wrong with the contents of a wheel.

    Args:
        names: The files in it.
        read: Gives the text of one of them.
        sources: The files of the two packages in the repository; each must be there.
    """
    files = set(names)
    wrong = [f"{name} is missing" for name in sorted({*sources, "query/py.typed", "mockapi/py.typed"} - files)]
    info = next((top for name in files if (top := name.split("/")[0]).endswith(".dist-info")), "")
    if not any(name.startswith(f"{info}/") and name.endswith("/LICENSE") for name in files):
        wrong.append("LICENSE is missing")
    entry_points = f"{info}/entry_points.txt"
    if entry_points not in files or ENTRY_POINT not in read(entry_points):
        wrong.append(f"the entry point is missing: {ENTRY_POINT!r}")
    foreign = sorted({name.split("/")[0] for name in files} - {"query", "mockapi", info})
    wrong += [f"{name} does not belong into the wheel" for name in foreign]
    wrong += [f"{name} is a test" for name in sorted(files) if Path(name).name.startswith(("test_", "conftest"))]
    return wrong


def inspect(wheel: Path) -> None:
    """Check the contents of the wheel.

    Args:
        wheel: Its path.

    Raises:
        WheelError: Something is missing, or too much.
    """
    sources = [
        path.relative_to(ROOT).as_posix() for package in ("query", "mockapi") for path in (ROOT / package).rglob("*.py")
    ]
    with zipfile.ZipFile(wheel) as archive:
        wrong = faults(archive.namelist(), lambda name: archive.read(name).decode(), sources)
    if wrong:
        raise WheelError(f"{wheel.name}:\n" + "\n".join(wrong))


def install(wheel: Path, directory: Path) -> Path:
    """Install the wheel and what it depends on into a new environment.

    Args:
        wheel: Its path.
        directory: Where to make the environment.

    Returns:
        The environment's interpreter.

    Raises:
        WheelError: The installation failed.
    """
    run([sys.executable, "-m", "venv", directory], wheel.parent)
    python = directory / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", wheel], wheel.parent)
    return python


def use(python: Path, directory: Path) -> None:
    """Run a test of somebody who has only installed the wheel.

    Args:
        python: The environment's interpreter.
        directory: An empty directory outside the repository.

    Raises:
        WheelError: The test failed, or did not run.
    """
    (directory / "test_downstream.py").write_text(DOWNSTREAM)
    output = run([python, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"], directory)
    if "2 passed" not in output:
        raise WheelError(f"expected 2 passed tests:\n{output}")


def main() -> int:
    """Do it all, one line a step, and clean up.

    Returns:
        The exit code: 1 if a step failed.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-test-") as name:
        directory = Path(name)
        for part in ("dist", "outside"):
            (directory / part).mkdir()

        def step(words: str, action: Callable[[], T]) -> T:
            start = time.perf_counter()
            print(f"{words} ...", end=" ", flush=True)
            try:
                result = action()
            except WheelError as error:
                print(f"FAILED\n{error}")
                raise
            print(f"ok ({time.perf_counter() - start:.1f} s)")
            return result

        try:
            wheel = step("build the wheel", lambda: build(directory / "dist"))
            step(f"check the contents of {wheel.name}", lambda: inspect(wheel))
            python = step("install it into an empty environment", lambda: install(wheel, directory / "venv"))
            step("run a test that uses it", lambda: use(python, directory / "outside"))
        except WheelError:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
