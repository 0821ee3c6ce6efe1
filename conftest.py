"""What every test of this repository may use."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parent


def load_program_file(path: str) -> ModuleType:
    """Load a Python file of the repository that belongs to no package.

    Args:
        path: Such as ``"tools/layering.py"``.
    """
    name = path.removesuffix(".py").replace("/", "_")
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # dataclasses look their module up while they are made
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def load_program() -> Callable[[str], ModuleType]:
    """Load a file of tools/ or benchmarks/ by its path in the repository."""
    return load_program_file


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Run the examples of the README like those of docs/."""
    if file_path != ROOT / "README.md":
        return None
    # here, because what the demo installs does without sybil
    collected: pytest.Collector | None = load_program_file("docs/conftest.py").README.pytest()(file_path, parent)
    return collected
