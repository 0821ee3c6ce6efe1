"""What type checkers say to users: nothing about right code, and the right thing about mistakes.

The files in tests/typing are read by mypy and pyright, never run. A line that must be refused ends in a mark with a
code of mypy and a rule of pyright: ``# error: arg-type | reportArgumentType``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "tests" / "typing").glob("*.py"))
MARK = re.compile(r"# error: (?P<mypy>[\w-]+) \| (?P<pyright>\w+)$")
CHECKERS = ["mypy", "pyright"]

# what the checkers say is asked once: one process has all of these tests
pytestmark = pytest.mark.xdist_group("typing")


def read_mypy(output):
    """The errors in mypy's lines, ``path:line: error: text  [code]``: {(file, line): {code: text}}."""
    errors = defaultdict(dict)
    for path, line, text, code in re.findall(r"^(.+?):(\d+): error: (.*?)(?:  \[([\w-]+)\])?$", output, re.MULTILINE):
        errors[Path(path).name, int(line)][code] = text
    return errors


def read_pyright(output):
    """The same from pyright's JSON."""
    errors = defaultdict(dict)
    for item in json.loads(output)["generalDiagnostics"]:
        if item["severity"] != "information":
            place = Path(item["file"]).name, item["range"]["start"]["line"] + 1
            errors[place][item.get("rule", "")] = item["message"]
    return errors


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each checker says about all files: one process each, side by side."""
    settings = tmp_path_factory.mktemp("pyright") / "pyrightconfig.json"
    settings.write_text(
        json.dumps(
            {
                "include": [os.path.relpath(path.parent, settings.parent) for path in FILES[:1]],
                "extraPaths": [str(ROOT)],
                "pythonVersion": "3.11",
                "typeCheckingMode": "strict",
            }
        )
    )
    commands = {
        "mypy": ["mypy", "--strict", "--python-version=3.11", "--no-error-summary", "--no-pretty", *map(str, FILES)],
        "pyright": ["pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(settings)],
    }
    environ = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for name, command in commands.items()
    }
    outputs = {name: process.communicate() for name, process in running.items()}
    for name, process in running.items():
        assert process.returncode in (0, 1), f"{name} could not work:\n{''.join(outputs[name])}"
    return {"mypy": read_mypy(outputs["mypy"][0]), "pyright": read_pyright(outputs["pyright"][0])}


def marks(checker):
    """What *checker* must say: {(file, line): code}."""
    return {
        (path.name, number): mark[checker]
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := MARK.search(line))
    }


def listed(errors):
    """Errors as readable lines."""
    return "\n".join(
        f"{name}:{line}: {text} [{code}]" for (name, line), of in errors.items() for code, text in of.items()
    )


@pytest.mark.parametrize("checker", CHECKERS)
def test_right_code_passes(said, checker):
    """No line without a mark is complained about, in the files of both kinds."""
    expected = marks(checker)
    surplus = {place: errors for place, errors in said[checker].items() if place not in expected}
    assert not surplus, f"\n{checker} refuses what users may write:\n{listed(surplus)}"


@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_are_refused(said, checker):
    """Each marked line is refused, for the reason of its mark."""
    wrong = [
        f"{name}:{line}: expected [{code}], got {sorted(said[checker][name, line]) or 'no complaint'}"
        for (name, line), code in marks(checker).items()
        if code not in said[checker][name, line]
    ]
    assert not wrong, f"\n{checker}:\n" + "\n".join(wrong)


def test_both_kinds_of_files_are_there():
    """Marks are in the files that are to fail, and only there; every mark is well formed."""
    assert {path.name.split("_")[0] for path in FILES} == {"pass", "fail"}
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        marked = [line for line in lines if "# error" in line]
        assert all(MARK.search(line) for line in marked), path.name
        assert bool(marked) == path.name.startswith("fail_"), path.name
