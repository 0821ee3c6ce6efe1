"""What the ini file, the command line and the markers say of mock clients."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from . import interception
from .client_options import ClientOptions
from .errors import (
    MarkerError,
)

MARKER_OPTIONS = tuple(ClientOptions.__annotations__)


def session_options(config: pytest.Config) -> ClientOptions:
    """What the ini file and the command line say of all tests.

    Args:
        config: The session's configuration.
    """
    options = ClientOptions(
        unmatched=config.getini("mockapi_unmatched") or "fail",
        unused=config.getini("mockapi_unused") or "ignore",
        allow=tuple(config.getini("mockapi_allow")),
        block_network=bool(config.getini("mockapi_block_network")),
    )
    if config.getini("mockapi_openapi"):
        folder = config.inipath.parent if config.inipath else config.rootpath
        options["openapi"] = found_path(config.getini("mockapi_openapi"), folder)
    if config.getoption("mockapi_strict"):
        options.update({"unmatched": "fail", "unused": "fail", "block_network": True})
    return options


def catch_transports(names: Sequence[str]) -> None:
    """Catch the requests of transports of other packages too.

    Args:
        names: Each as "package.module:Class".

    Raises:
        pytest.UsageError: There is no such class, or it is no transport of httpx or httpx2.
    """
    for name in names:
        module, _, kind = name.partition(":")
        try:
            owner = getattr(importlib.import_module(module), kind)
        except (ImportError, AttributeError, ValueError) as error:
            raise pytest.UsageError(
                f"mockapi_transports has {name!r}, which cannot be loaded ({error}); expected package.module:Class."
            ) from None
        library = _library_of(owner)
        if library is None:
            raise pytest.UsageError(
                f"mockapi_transports has {name!r}, which is no transport of httpx or httpx2; expected a subclass of "
                "their BaseTransport or AsyncBaseTransport."
            )
        interception.extra_transports[owner] = library


def _library_of(owner: object) -> ModuleType | None:
    """The library whose transport a class is. Not by names of modules: openai calls httpx's its own, for one."""
    for name in interception.LIBRARIES:
        library = sys.modules.get(name)
        if library is not None and isinstance(owner, type):
            bases: tuple[type[Any], ...] = (library.BaseTransport, library.AsyncBaseTransport)
            if issubclass(owner, bases):
                return library
    return None


def marker_options(item: pytest.Item) -> dict[str, Any]:
    """The options of the ``mockapi`` markers of module, class and test; the nearest wins.

    Args:
        item: The test.

    Raises:
        MarkerError: An unknown option, or a positional argument.
    """
    __tracebackhide__ = True
    merged = merged_marker(item, "mockapi", MARKER_OPTIONS)
    if isinstance(merged.get("openapi"), (str, os.PathLike)):
        merged["openapi"] = found_path(merged["openapi"], item.path.parent, item.config.rootpath)
    return merged


def merged_marker(item: pytest.Item, marker: str, known: Sequence[str]) -> dict[str, Any]:
    """The options of the markers of one name, of module, class and test; the nearest wins.

    Args:
        item: The test.
        marker: The name.
        known: The options that it has.

    Raises:
        MarkerError: An unknown option, or a positional argument.
    """
    __tracebackhide__ = True
    merged: dict[str, Any] = {}
    names = ", ".join(known)
    for one in reversed(list(item.iter_markers(marker))):
        if one.args:
            raise MarkerError(
                f"@pytest.mark.{marker} on {item.name} has the positional argument {one.args[0]!r}; "
                f"its options are named: {names}."
            )
        for name in one.kwargs:
            if name not in known:
                raise MarkerError(f"@pytest.mark.{marker} on {item.name} has no option {name!r}. It knows: {names}.")
        merged.update(one.kwargs)
    return merged


def found_path(path: str | os.PathLike[str], *folders: Path) -> Path:
    """Where a file is that an option names.

    Args:
        path: Its path, relative to one of the folders.
        *folders: Where to look.
    """
    paths = [folder / path for folder in folders]
    return next((one for one in paths if one.exists()), paths[0])
