"""What holds of all adapters: who loads which framework, and what is said without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRAMEWORKS = {"flet": "flet", "reactpy": "reactpy", "textual": "textual"}
"""The package of each framework, and the extra that brings it."""


def run(code):
    """What a program prints that runs in an interpreter of its own, with warnings as errors."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_query_alone_loads_nothing_of_user_interfaces():
    """Neither the hooks nor a framework."""
    code = (
        "import sys, query; query.QueryClient\n"
        f"print([name for name in sys.modules if name.startswith('query.ui') or name in {sorted(FRAMEWORKS)!r}])"
    )
    assert run(code) == "[]"


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_an_adapter_loads_its_own_framework_alone(framework):
    """And without a warning."""
    code = f"import sys, query.ui.{framework}\nprint([name for name in {sorted(FRAMEWORKS)!r} if name in sys.modules])"
    assert run(code) == f"['{framework}']"


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_a_missing_framework_is_named_with_the_extra_that_brings_it(framework):
    """As the error that a missing package is anyway."""
    code = (
        f"import sys\nsys.modules[{framework!r}] = None\n"
        f"try:\n    import query.ui.{framework}\nexcept ImportError as error:\n    print(error)"
    )
    said = run(code)
    assert said.startswith(f"query.ui.{framework} needs {framework}>=")
    assert said.endswith(f"Install it with: pip install 'pytest-mockapi[{FRAMEWORKS[framework]}]'")
