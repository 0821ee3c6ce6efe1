"""What type checkers say to users: nothing about right code, and the right thing about mistakes.

The files in tests/typing are read by mypy, pyright, pyrefly and ty, never run. A line that must be refused ends in a
mark with a code of mypy and a rule of pyright: ``# error: arg-type | reportArgumentType``. pyrefly must refuse it too,
for whatever reason; a third part ``| -`` says that it has no rule for that. What ty does otherwise is written down in
tests/typing/ty.txt, so that a change is seen; ``python tests/test_typing.py`` writes it anew.

The blocks of the guide on APIs are right code, too, but for those that say otherwise. Arguments of their tests need no
types.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "tests" / "typing").glob("*.py"))
TY = ROOT / "tests" / "typing" / "ty.txt"
MARK = re.compile(r"# error: (?P<mypy>[\w-]+) \| (?P<pyright>\w+)(?: \| (?P<pyrefly>-))?$")
CHECKERS = ["mypy", "pyright", "pyrefly"]

GUIDE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"^(<!-- refused by type checkers -->\n\n)?```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LENIENT = "\n# pyright: basic\n# mypy: allow-untyped-defs, allow-untyped-calls\n"
EXAMPLE = ROOT / "examples" / "project_list"

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


def read_pyrefly(output):
    """The same from pyrefly's JSON."""
    errors = defaultdict(dict)
    for item in json.loads(output)["errors"]:
        errors[Path(item["path"]).name, item["line"]][item["name"]] = item["concise_description"]
    return errors


def read_ty(output):
    """The same from ty's lines, ``path:line:column: error[rule] text``."""
    errors = defaultdict(dict)
    for path, line, rule, text in re.findall(r"^(.+?):(\d+):\d+: \w+\[([\w-]+)\] (.*)$", output, re.MULTILINE):
        errors[Path(path).name, int(line)][rule] = text
    return errors


READERS = {"mypy": read_mypy, "pyright": read_pyright, "pyrefly": read_pyrefly, "ty": read_ty}


def write_guide(directory):
    """The blocks of the guide as files in *directory*, each line where the page has it."""
    directory.mkdir()
    page = GUIDE.read_text(encoding="utf-8")
    files = []
    for refused, code in BLOCK.findall(page):
        if not refused:
            line = page[: page.index(code)].count("\n")
            files.append(directory / f"guide_{line}.py")
            files[-1].write_text("\n" * line + code + LENIENT, encoding="utf-8")
    return files


def ask_checkers(directory):
    """What each checker says about all files: one process each, side by side."""
    guide = write_guide(directory / "guide")
    pyright = directory / "pyrightconfig.json"
    pyright.write_text(
        json.dumps(
            {
                "include": [os.path.relpath(FILES[0].parent, directory), "guide"],
                "extraPaths": [str(ROOT), str(EXAMPLE)],
                "pythonVersion": "3.11",
                "typeCheckingMode": "strict",
            }
        )
    )
    # without a preset it reports next to nothing; a handle is a coroutine that may be left alone
    pyrefly = directory / "pyrefly.toml"
    pyrefly.write_text(
        f'preset = "default"\npython-version = "3.11"\nsearch-path = {json.dumps([str(ROOT), str(EXAMPLE)])}\n'
        f"python-interpreter-path = {json.dumps(sys.executable)}\n[errors]\nunused-coroutine = false\n"
    )
    files = [str(path) for path in FILES]
    right = [*files, *map(str, guide)]
    commands = {
        "mypy": ["mypy", "--strict", "--python-version=3.11", "--no-error-summary", "--no-pretty", *right],
        "pyright": ["pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(pyright)],
        "pyrefly": ["pyrefly", "check", "--config", str(pyrefly), "--output-format=json", *right],
        "ty": ["ty", "check", "--output-format=concise", "--python-version=3.11", f"--python={sys.prefix}", *files],
    }
    environ = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "NO_COLOR": "1", "MYPYPATH": str(EXAMPLE)}
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
    return {name: READERS[name](output) for name, (output, _) in outputs.items()}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What each checker says, asked once."""
    return ask_checkers(tmp_path_factory.mktemp("checkers"))


def marked():
    """The lines that must be refused: {(file, line): mark}."""
    return {
        (path.name, number): mark
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (mark := MARK.search(line))
    }


def listed(errors):
    """Errors as readable lines."""
    return "\n".join(
        f"{name}:{line}: {text} [{code}]" for (name, line), of in errors.items() for code, text in of.items()
    )


def apart(errors):
    """Where ty does not agree with the marks: a line of code each, whose number may change."""
    sources = {path.name: path.read_text(encoding="utf-8").splitlines() for path in FILES}
    places = marked()
    lines = [("misses", place) for place in places if place not in errors]
    lines += [("refuses", place) for place in errors if place not in places]
    return [f"{what} {name}: {MARK.sub('', sources[name][line - 1]).strip()}\n" for what, (name, line) in sorted(lines)]


@pytest.mark.parametrize("checker", CHECKERS)
def test_right_code_passes(said, checker):
    """No line without a mark is complained about, in the files of both kinds."""
    places = marked()
    surplus = {place: errors for place, errors in said[checker].items() if place not in places}
    assert not surplus, f"\n{checker} refuses what users may write:\n{listed(surplus)}"


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_mistakes_are_refused(said, checker):
    """Each marked line is refused, for the reason of its mark."""
    wrong = [
        f"{name}:{line}: expected [{mark[checker]}], got {sorted(said[checker][name, line]) or 'no complaint'}"
        for (name, line), mark in marked().items()
        if mark[checker] not in said[checker][name, line]
    ]
    assert not wrong, f"\n{checker}:\n" + "\n".join(wrong)


def test_mistakes_are_refused_by_pyrefly(said):
    """Each marked line, for whatever reason, but for what it has no rule for."""
    wrong = [
        f"{name}:{line}: {'a complaint after all' if mark['pyrefly'] else 'no complaint'}"
        for (name, line), mark in marked().items()
        if bool(said["pyrefly"][name, line]) == (mark["pyrefly"] == "-")
    ]
    assert not wrong, "\npyrefly:\n" + "\n".join(wrong)


def test_what_ty_does_is_known(said):
    """Which mistakes it misses and which right lines it refuses: the table of this version of it."""
    before, now = TY.read_text(encoding="utf-8").splitlines(keepends=True), apart(said["ty"])
    changes = [f"+ {line}" for line in now if line not in before] + [f"- {line}" for line in before if line not in now]
    assert now == before, "\nty has changed; run python tests/test_typing.py and look at it:\n" + "".join(changes)


def test_the_guide_is_among_what_is_checked(tmp_path):
    """All of its blocks but those that show what is refused."""
    page = GUIDE.read_text(encoding="utf-8")
    checked = len(write_guide(tmp_path / "guide"))
    assert 20 <= checked == page.count("```python\n") - page.count("<!-- refused by type checkers -->")


def test_both_kinds_of_files_are_there():
    """Marks are in the files that are to fail, and only there; every mark is well formed."""
    assert {path.name.split("_")[0] for path in FILES} == {"pass", "fail"}
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        marks = [line for line in lines if "# error" in line]
        assert all(MARK.search(line) for line in marks), path.name
        assert bool(marks) == path.name.startswith("fail_"), path.name


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        TY.write_text("".join(apart(ask_checkers(Path(name))["ty"])), encoding="utf-8")
