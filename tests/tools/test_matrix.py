"""The matrix believes no interpreter that it has not run, and hides no failure."""

from __future__ import annotations

import sys

import pytest

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def matrix(load_program):
    """The program."""
    return load_program("tools/matrix.py")


@pytest.fixture
def script(tmp_path):
    """Write an executable that stands for an interpreter."""

    def write(name, body):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    return write


def test_a_real_interpreter_works(matrix, script):
    """The probe runs Python code."""
    assert matrix.works(script("python3", f'exec {sys.executable} "$@"'), HERE)


@pytest.mark.parametrize(
    "body",
    ["echo 'pyenv: version not installed' >&2; exit 127", "echo 2.7", "exit 0", "echo 3.12; exit 1"],
)
def test_a_dead_shim_does_not_work(matrix, script, body):
    """Being on PATH is no proof: the right answer and a clean end are."""
    assert not matrix.works(script("python3.12", body), "3.12")


def test_what_is_no_program_does_not_work(matrix, tmp_path):
    """Missing files, folders and files of another format are passed over in silence."""
    (tmp_path / "python3.12").mkdir()
    (tmp_path / "python3").write_bytes(b"\x7fnonsense")
    (tmp_path / "python3").chmod(0o755)
    for name in ("python3.12", "python3", "python"):
        assert not matrix.works(tmp_path / name, "3.12")


def test_the_search_goes_on_behind_a_dead_shim(matrix, script, tmp_path):
    """PATH first, then pyenv's versions, the newest release of them."""
    script("shims/python9.1", "exit 127")
    script("pyenv/versions/9.1.9/bin/python3", "echo 9.1")
    newest = script("pyenv/versions/9.1.10/bin/python3", "echo 9.1")
    environ = {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert matrix.find("9.1", environ) == newest
    assert matrix.find("9.2", environ) is None
    on_path = script("bin/python3", "echo 9.1")
    assert matrix.find("9.1", environ | {"PATH": f"{tmp_path / 'shims'}:{tmp_path / 'bin'}"}) == on_path


def test_pyenv_is_looked_for_at_home(matrix, script, tmp_path):
    """Without PYENV_ROOT, it is ~/.pyenv."""
    python = script("home/.pyenv/versions/9.1.0/bin/python3", "echo 9.1")
    assert matrix.find("9.1", {"HOME": str(tmp_path / "home")}) == python


def test_the_running_interpreter_is_found_without_a_path(matrix):
    """It works, for it works right now."""
    assert str(matrix.find(HERE, {"HOME": "/nowhere"})) == sys.executable


def test_the_table_names_what_was_not_found(matrix, tmp_path):
    """A version that this machine lacks is said, so that nobody takes it for tested."""
    results = [matrix.Result("3.11", "passed", tmp_path / "python", 12.4), matrix.Result("3.13", "not found")]
    assert matrix.table(results).splitlines() == [
        f"3.11   passed            12 s  {tmp_path / 'python'}",
        "3.13   not found            -  -",
        "not found on this machine, so not tested: 3.13",
    ]


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (["passed", "passed"], 0),
        (["passed", "not found"], 0),
        (["passed", "failed"], 1),
        (["passed", "not installed"], 1),
        (["not found", "not found"], 1),
    ],
)
def test_any_failure_is_the_exit_code(matrix, outcomes, code):
    """Missing versions are no failure; no version at all is."""
    assert matrix.exit_code([matrix.Result("3.x", outcome) for outcome in outcomes]) == code
