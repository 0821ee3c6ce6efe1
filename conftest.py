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


@pytest.fixture(scope="session")
def load_program() -> Callable[[str], ModuleType]:
    """Load a file of tools/ or benchmarks/, which are no packages, by its path in the repository."""

    def load(path: str) -> ModuleType:
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

    return load
