"""Who installs the plugin and does not use it pays next to nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def startup(load_program):
    """The measuring program, whose probe looks into ``sys.modules`` of another process."""
    return load_program("benchmarks/startup.py")


def test_collecting_an_empty_file_loads_nothing_heavy(startup, tmp_path):
    """With this plugin alone, none of httpx, httpx2, respx, deepdiff, hypothesis and query is imported."""
    startup.prepare(tmp_path)
    assert startup.loaded_modules(tmp_path) == []


def test_the_probe_sees_what_is_loaded(startup, tmp_path):
    """The test above is not green because nobody looked."""
    startup.prepare(tmp_path)
    (tmp_path / "heavy.py").write_text("import httpx, deepdiff")
    assert startup.loaded_modules(tmp_path, ["-p", "heavy"]) == ["deepdiff", "httpx"]


def test_importing_the_package_loads_nothing_heavy(startup):
    """``import mockapi`` is free, too: pytest imports the package for the sake of its plugin."""
    code = f"import sys, mockapi; print(*sorted(set(sys.modules) & set({startup.HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
