"""Companion tables: endpoints by hand, for routes that no document has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec

from .errors import GenerateError


class Companion(msgspec.Struct, frozen=True, kw_only=True):
    """A table that was written by hand.

    Attributes:
        module: The module that holds it, as the generated one imports it: ".manual".
        name: Its name there.
        urls: Its URLs. They are left out of the generated table, so that the companion decides.
    """

    module: str
    name: str
    urls: tuple[str, ...]


_EXAMPLE = 'Manual = TypedDict("Manual", {"/health/": FlatEndpoint[NoQuery, Health]})'


def read_companion(path: Path, folder: Path) -> Companion:
    """The companion table in a file. The file is read, not run.

    Args:
        path: The file.
        folder: Where the generated module lies.

    Raises:
        GenerateError: It cannot be read, is no Python, lies in another folder, or holds no table or several.
    """
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except OSError as error:
        raise GenerateError(f"the companion {path} cannot be read: {error.strerror}.") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise GenerateError(f"the companion {path} is no Python: {error}.") from error
    if path.resolve().parent != folder.resolve() or path.suffix != ".py":
        raise GenerateError(
            f"the companion {path} must be a .py file in {folder}, beside the generated module, which imports it."
        )
    tables = list(_tables(tree))
    if len(tables) != 1:
        found = ", ".join(name for name, _ in tables) or "none"
        raise GenerateError(
            f"the companion {path} must hold one TypedDict whose keys are URLs; it has {found}. Write it as {_EXAMPLE}"
        )
    (name, urls) = tables[0]
    return Companion(module=module_name(path.stem, folder), name=name, urls=urls)


def module_name(stem: str, folder: Path) -> str:
    """How a module imports another one of its folder.

    Args:
        stem: The name of the other one.
        folder: The folder; a package if it has an ``__init__.py``.
    """
    return f".{stem}" if (folder / "__init__.py").exists() else stem


def _tables(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every ``Name = TypedDict("Name", {...})`` with a key that is a URL."""
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(
                    func=ast.Name(id="TypedDict") | ast.Attribute(attr="TypedDict"), args=[_, ast.Dict(keys=keys)]
                ),
            ):
                urls = tuple(key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
                if any("/" in url for url in urls):
                    yield name, urls
            case _:
                pass
