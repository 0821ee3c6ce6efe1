"""The examples of the pages run, and one that is wrong fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def run_page(pytester, monkeypatch):
    """Write a page beside the pages' own conftest.py and run it."""

    # the run that collects the page needs no plugin; those of its test modules load what is installed
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(page, name="page.md"):
        shutil.copy(ROOT / "docs" / "conftest.py", pytester.path / "conftest.py")
        (pytester.path / name).write_text(page)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider")

    return run


def block(source, language="python"):
    """A fenced block."""
    return f"Some words.\n\n```{language}\n{source}\n```\n\n"


PROGRAM = """
from __future__ import annotations
import asyncio
import msgspec

class Point(msgspec.Struct):
    near: Near | None = None

class Near(msgspec.Struct):
    metres: int

async def main():
    assert msgspec.convert({"near": {"metres": 3}}, Point).near.metres == 3

if __name__ == "__main__":
    asyncio.run(main())
    shown = True
assert shown
"""

TESTS = """
import asyncio
import pytest

@pytest.fixture
def seven():
    return 7

def test_sync(seven):
    assert seven == 7

async def test_async():
    await asyncio.sleep(0)
"""


def test_programs_and_test_modules_run(run_page):
    """Both kinds pass, one item a block; blocks of other languages are not run."""
    page = block(PROGRAM) + block("exit 1", "bash") + block(TESTS) + block("nonsense(", "text") + block("x: 1", "")
    run_page(page).assert_outcomes(passed=2)


def test_a_program_that_raises_fails_at_its_line(run_page):
    """The line is that of the page."""
    result = run_page(block("x = 1\nassert x == 2"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*page.md:5: AssertionError*"])


def test_a_program_gets_nothing_from_the_block_above(run_page):
    """Who copies one block has all of it."""
    result = run_page(block("x = 1") + block("print(x)"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*NameError: name 'x' is not defined*"])


def test_a_block_that_is_not_python_fails(run_page):
    """A typing mistake is no reason not to run it."""
    result = run_page(block("def test_x(:"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*SyntaxError*"])


def test_a_failing_test_fails_its_own_block_only(run_page):
    """One pytest process runs all test modules of a page, and each block answers for itself."""
    page = block(TESTS) + block("def test_good(): pass\nclass TestMore:\n    def test_bad(self): assert 1 == 2")
    result = run_page(page)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2", "*line_22.py:25: AssertionError"])


def test_a_test_module_that_proves_nothing_fails(run_page):
    """Skipped, broken, empty and warned about are not passed, however many good blocks stand beside."""
    result = run_page(
        block("import pytest\n@pytest.mark.skip(reason='done later')\ndef test_x(): pass")
        + block("import no_such_thing\ndef test_x(): pass")
        + block("class Test:\n    x = 1")
        + block("def test_x(no_such_fixture): pass")
        + block("import warnings\ndef test_x():\n    warnings.warn('old', DeprecationWarning)")
        + block("def test_good(): pass")
    )
    result.assert_outcomes(failed=5, passed=1)
    result.stdout.fnmatch_lines_random(
        [
            "*done later*",
            "*No module named 'no_such_thing'*",
            "*pytest collected no test from the block in line 18.*",
            "*fixture 'no_such_fixture' not found*",
            "*DeprecationWarning: old*",
        ]
    )


def test_a_block_that_would_never_run_is_refused(run_page):
    """Only the exact word "python" runs, so its variants are mistakes."""
    result = run_page(block("x = 1", "py"))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fenced as 'py' and would not run: write python.*"])


def test_the_readme_is_a_page_too(request):
    """The hook of the root collects README.md beside the tests; other files of the root are left alone."""
    plugins = request.config.pluginmanager.get_plugins()
    (root,) = [p for p in plugins if Path(getattr(p, "__file__", None) or "").resolve() == ROOT / "conftest.py"]
    assert root.pytest_collect_file(ROOT / "CHANGELOG.md", request.session) is None
    collector = root.pytest_collect_file(ROOT / "README.md", request.session)
    assert collector is not None
    blocks = (ROOT / "README.md").read_text().splitlines().count("```python")
    assert len(list(collector.collect())) == blocks
