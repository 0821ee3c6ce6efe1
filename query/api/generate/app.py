"""The document of an application that writes it itself, as FastAPI does: no server need run."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from .errors import GenerateError


def document_of_app(place: str) -> Mapping[str, Any]:
    """What the application's ``openapi()`` returns.

    Args:
        place: Where it is: ``"package.module:app"``. The folder in which the command runs is looked into first.

    Raises:
        GenerateError: *place* is not of this form, nothing is there, or it has no document.
    """
    module_name, _, name = place.partition(":")
    if (
        not module_name
        or not name
        or not all(part.isidentifier() for part in (*module_name.split("."), *name.split(".")))
    ):
        raise GenerateError(f"--from-app {place!r} is no place of an application; expected package.module:app.")
    app: Any = _load(place, module_name)
    for part in name.split("."):
        try:
            app = getattr(app, part)
        except AttributeError:
            raise GenerateError(
                f"--from-app {place}: {module_name} has no {name!r}. Name the variable that holds the application."
            ) from None
    make: object = getattr(app, "openapi", None)
    if not callable(make):
        raise GenerateError(
            f"--from-app {place}: {_kind(app)} has no openapi(), which FastAPI applications have. "
            + (
                "If it makes the application, put what it returns into a variable and name that."
                if callable(app) and not hasattr(app, "routes")
                else "Write its document to a file by its own means, and give the file."
            )
        )
    try:
        document: object = make()
    except Exception as error:
        raise GenerateError(f"--from-app {place}: openapi() failed: {type(error).__name__}: {error}") from error
    if not isinstance(document, Mapping):
        raise GenerateError(f"--from-app {place}: openapi() returned {_kind(document)}; expected a dict.")
    return cast("Mapping[str, Any]", document)


def _load(place: str, module_name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        # as python -m does for the program itself
        sys.path.insert(0, here)
    try:
        return import_module(module_name)
    except Exception as error:
        # whatever a module of somebody else raises when it is imported
        raise GenerateError(
            f"--from-app {place}: {module_name} cannot be imported from {Path.cwd().name}/: "
            f"{type(error).__name__}: {error}"
        ) from error


def _kind(value: object) -> str:
    kind = type(value)
    return f"a {kind.__name__}" if kind.__module__ == "builtins" else f"a {kind.__module__}.{kind.__qualname__}"
