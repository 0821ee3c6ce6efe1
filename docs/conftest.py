"""Runs every ```python block of the pages, so that they stay true.

A block with test functions is a test module: pytest runs it as a reader would, in an empty directory with the
installed plugin (and pytest-asyncio in its auto mode). Every other block is a program: it runs by itself, in a fresh
``__main__``, so nothing that an earlier block defined helps it. Blocks of other languages are text.
"""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys
import tempfile
import types
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser

# programs that the pages may import: one with a table of endpoints, one with user interfaces
EXAMPLES = [str(Path(__file__).resolve().parent.parent / "examples" / name) for name in ("project_list", "projects")]
sys.path.extend(path for path in EXAMPLES if path not in sys.path)

SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


class PythonBlocks(CodeBlockParser):
    """The blocks that are fenced as ``python``; other spellings are refused, for they would never run."""

    language = "python"

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self.lexers(document):
            language = region.lexemes["arguments"].strip()
            if language != "python" and language.lower().startswith("py"):
                where = document.line_column(region.start)
                message = (
                    f"{document.path}, {where}: a block is fenced as {language!r} and would not run: write python."
                )
                raise pytest.Collector.CollectError(message)
        yield from super().__call__(document)

    def evaluate(self, example: Example) -> None:
        __tracebackhide__ = True
        if has_tests(example):
            check_tests(example)
        else:
            run_program(example)


def padded(example: Example) -> str:
    """The block with as many empty lines above it as the page has, so that line numbers are those of the page."""
    source: str = example.parsed
    return "\n" * example.line + source


def has_tests(example: Example) -> bool:
    """Whether pytest would collect something from the block."""
    try:
        body = ast.parse(example.parsed).body
    except SyntaxError:
        # shown when it runs as a program
        return False
    return any(
        (isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"))
        or (isinstance(node, ast.ClassDef) and node.name.startswith("Test"))
        for node in body
    )


def run_program(example: Example) -> None:
    """Run the block as the main program, in this process."""
    __tracebackhide__ = True
    main = types.ModuleType("__main__")
    main.__file__ = example.path
    outside = sys.modules["__main__"]
    # dataclasses and msgspec look the names of annotations up in sys.modules
    sys.modules["__main__"] = main
    try:
        exec(compile(padded(example), example.path, "exec", dont_inherit=True), main.__dict__)
    finally:
        sys.modules["__main__"] = outside


def check_tests(example: Example) -> None:
    """Look up what pytest said about the block."""
    __tracebackhide__ = True
    outcomes, output = run_tests(example.document)
    found = outcomes.get(module_name(example), [])
    if not found:
        pytest.fail(
            f"pytest collected no test from the block in line {example.line}. It said:\n{output}", pytrace=False
        )
    faults = [text for outcome, text in found if outcome != "passed"]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


@functools.cache
def run_tests(document: Document) -> tuple[dict[str, list[tuple[str, str]]], str]:
    """Run all test modules of a page in one pytest process.

    Returns:
        The outcomes by module name, each "passed" or something else and its text; and all that pytest printed.
    """
    with tempfile.TemporaryDirectory(prefix="doc-examples-") as name:
        directory = Path(name)
        (directory / "pytest.ini").write_text(SETTINGS)
        for example in document.examples():
            if has_tests(example):
                (directory / f"{module_name(example)}.py").write_text(padded(example), encoding="utf-8")
        options = ["-q", "-W", "error", "--continue-on-collection-errors", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, "--junitxml=out.xml"]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, [environ.get("PYTHONPATH"), *EXAMPLES]))
        done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        report = directory / "out.xml"
        outcomes: dict[str, list[tuple[str, str]]] = {}
        for case in ET.parse(report).iter("testcase") if report.exists() else ():
            # a module that cannot be imported has no class name
            module = (case.get("classname") or case.get("name") or "").split(".")[0]
            faults = [*case.iter("failure"), *case.iter("error"), *case.iter("skipped")]
            text = "\n".join(fault.text or fault.get("message") or "" for fault in faults)
            outcomes.setdefault(module, []).append((faults[0].tag if faults else "passed", text))
    return outcomes, output


def module_name(example: Example) -> str:
    """The name of the block's file."""
    return f"test_{Path(example.path).stem.lower().replace('-', '_').replace('.', '_')}_line_{example.line}"


# it needs what only `make e2e` installs: tests/e2e/test_nicegui.py runs it
PAGES = Sybil(parsers=[PythonBlocks()], patterns=["*.md"], excludes=["nicegui.md"])
README = Sybil(parsers=[PythonBlocks()], path=str(Path(__file__).resolve().parent.parent), filenames=["README.md"])

pytest_collect_file = PAGES.pytest()
