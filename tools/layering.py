"""The floors of the house, as a program: which import is allowed where, and what to move when one is not.

    face -> threads -> observers -> client -> cache -> runtime -> base <- openapi <- api       mockapi -> all of query

An arrow means "may import". Every import counts: typing imports, imports inside functions, relative and absolute ones.
Run ``python tools/layering.py`` for the list of what is wrong; the test suite runs the same check.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

BELOW: Final[Mapping[str, frozenset[str]]] = {
    "base": frozenset(),
    "runtime": frozenset({"base"}),
    "cache": frozenset({"base", "runtime"}),
    "client": frozenset({"base", "runtime", "cache"}),
    "observers": frozenset({"base", "runtime", "cache", "client"}),
    "openapi": frozenset({"base"}),
    "api": frozenset({"base", "openapi"}),
    "threads": frozenset({"base", "runtime", "cache", "client", "observers"}),
    "face": frozenset({"base", "runtime", "cache", "client", "observers", "threads"}),
    # the face without an event loop; and the hooks of the frameworks
    "sync": frozenset({"base", "runtime", "cache", "client", "observers", "threads", "face"}),
    # the page that shows a client, in whichever face
    "devtools": frozenset({"base", "runtime", "cache", "client", "threads"}),
    "ui": frozenset({"base", "runtime", "cache", "client", "observers", "face"}),
}
"""What each floor of ``query`` may import beside itself. A new floor gets a line here."""

BASE_PACKAGES: Final = frozenset({"msgspec", "typing_extensions"})
"""What ``query.base`` may import beside the standard library."""

HTTP_PACKAGES: Final = frozenset({"httpx", "httpx2", "httpcore", "httpcore2"})
HTTP_DOOR: Final = "query.api.http_library"
RESPX_DOORS: Final = ("mockapi.interception", "mockapi.handlers", "mockapi.respx_routes")

HEAVY: Final = HTTP_PACKAGES | {"respx", "deepdiff", "hypothesis", "query"}
"""What pytest must not pay for when it loads the plugin."""
LIGHT_DOORS: Final = ("mockapi", "mockapi.plugin")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, at one line of one file.

    Attributes:
        source: The module that imports, such as ``"query.base.errors"``.
        target: The module that is imported, as precisely as the tree allows.
        where: ``"query/base/errors.py:12"``.
        on_load: Whether it happens when *source* is imported: not in a function, not under TYPE_CHECKING.
    """

    source: str
    target: str
    where: str
    on_load: bool


def module_name(path: Path, root: Path) -> str:
    """The dotted name of a file.

    Args:
        path: A Python file under *root*.
        root: The directory that holds ``query/`` and ``mockapi/``.
    """
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_imports(root: Path) -> tuple[frozenset[str], list[Import]]:
    """The modules under ``query/`` and ``mockapi/``, found by walking, and everything that they import.

    Args:
        root: The directory that holds the two packages; one may be missing.

    Raises:
        SyntaxError: A file is not Python.
    """
    paths = sorted(path for package in ("query", "mockapi") for path in (root / package).rglob("*.py"))
    modules = frozenset(module_name(path, root) for path in paths)
    # a folder without __init__.py is a package too
    packages = {".".join(module.split(".")[:depth]) for module in modules for depth in range(1, module.count(".") + 1)}
    found: list[Import] = []
    for path in paths:
        source = module_name(path, root)
        package = source if path.name == "__init__.py" else source.rpartition(".")[0]
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for node, on_load in _walk(tree, on_load=True):
            where = f"{path.relative_to(root).as_posix()}:{getattr(node, 'lineno', 0)}"
            targets = _targets(node, package, modules | packages)
            found.extend(Import(source, target, where, on_load) for target in targets)
    return modules, found


def _walk(node: ast.AST, *, on_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Every node below *node*, and whether it runs when the file is imported."""
    for field, value in ast.iter_fields(node):
        deferred = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and field == "body"
        typing_only = isinstance(node, ast.If) and field == "body" and _is_type_checking(node.test)
        below = on_load and not deferred and not typing_only
        children = cast("list[object]", value) if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST):
                yield child, below
                yield from _walk(child, on_load=below)


def _is_type_checking(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _targets(node: ast.AST, package: str, known: frozenset[str] | set[str]) -> Iterator[str]:
    """The modules that one node imports, if it is an import."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level:
            parts = package.split(".")
            kept = parts[: len(parts) - node.level + 1]
            module = ".".join([*kept, *([node.module] if node.module else [])])
        for alias in node.names:
            # `from . import x` names a file if there is one, else something that the package holds
            inner = f"{module}.{alias.name}"
            yield inner if inner in known else module
    elif isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in ("import_module", "__import__") and isinstance(first, ast.Constant) and isinstance(first.value, str):
            # ".x" is relative to whatever the second argument says, in practice the file's own package
            yield package + first.value if first.value.startswith(".") else first.value


def floor_of(module: str) -> str:
    """The floor of a module of ``query``; empty for the front door itself.

    Args:
        module: A dotted name, such as ``"query.base.errors"``.
    """
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def check_floors(modules: frozenset[str], imports: list[Import]) -> list[str]:
    """What breaks the arrows between the floors.

    Args:
        modules: The modules of the tree.
        imports: What ``read_imports`` found.
    """
    floors = {floor_of(module) for module in modules if module.split(".")[0] == "query"} - {""}
    wrong = [
        f"query/{floor}: no such floor is planned. Move its files to one of {', '.join(BELOW)}, "
        "or say in tools/layering.py, BELOW, what it may import."
        for floor in sorted(floors - BELOW.keys())
    ]
    for item in imports:
        source, target = item.source.split(".")[0], item.target.split(".")[0]
        if source != "query":
            continue
        said = f"{item.where} imports {item.target}"
        if target == "mockapi":
            wrong.append(f"{said}: nothing in query may know the test plugin. Move what both need into query.")
        if target != "query":
            continue
        here, there = floor_of(item.source), floor_of(item.target)
        if not here:
            if there == "api":
                wrong.append(f"{said}: the front door does not open HTTP. Users import query.api themselves.")
        elif here not in BELOW:
            continue
        elif not there:
            wrong.append(
                f"{said}: the front door is for users and imports every floor, so this is a cycle. "
                "Import from the file that defines the name."
            )
        elif there != here and there not in BELOW[here]:
            allowed = ", ".join(sorted(BELOW[here])) or "no other floor"
            wrong.append(
                f"{said}: {here} may import {allowed}. "
                f"Move what it needs down, or declare the call in query/base/contracts.py and let {there} provide it."
            )
    return wrong


def check_packages(imports: list[Import]) -> list[str]:
    """What imports a third-party package where it has no place.

    Args:
        imports: What ``read_imports`` found.
    """
    wrong: list[str] = []
    for item in imports:
        top = item.target.split(".")[0]
        said = f"{item.where} imports {item.target}"
        in_query = item.source.split(".")[0] == "query"
        if in_query and top in HTTP_PACKAGES and item.source != HTTP_DOOR:
            wrong.append(f"{said}: only query/api/http_library.py loads it. Move the import there.")
        elif top == "respx" and item.source not in RESPX_DOORS:
            wrong.append(
                f"{said}: only {', '.join(RESPX_DOORS[:-1])} and {RESPX_DOORS[-1]} touch respx. Move the call there."
            )
        elif (
            in_query
            and floor_of(item.source) == "base"
            and top not in {"query", "mockapi"} | BASE_PACKAGES
            and top not in sys.stdlib_module_names
        ):
            packages = " and ".join(sorted(BASE_PACKAGES))
            wrong.append(
                f"{said}: base holds the standard library, {packages} only. "
                "Move the file to a floor above, or do without the package."
            )
    return wrong


def check_cycles(modules: frozenset[str], imports: list[Import]) -> list[str]:
    """Every knot of files that import one another, shown as one closed walk each.

    Args:
        modules: The modules of the tree.
        imports: What ``read_imports`` found.
    """
    graph = {module: sorted({i.target for i in imports if i.source == module} & modules) for module in modules}
    wrong: list[str] = []
    settled: set[str] = set()

    def visit(module: str, trail: list[str]) -> None:
        if module in trail:
            loop = [*trail[trail.index(module) :], module]
            wrong.append(
                f"{' -> '.join(loop)}: a cycle. Move what they share into a file below all, or hand it in as an "
                "argument (in query, behind a Protocol of base/contracts.py)."
            )
        elif module not in settled:
            for target in graph[module]:
                visit(target, [*trail, module])
            settled.add(module)

    for module in sorted(modules):
        visit(module, [])
    return wrong


def check_lightness(modules: frozenset[str], imports: list[Import]) -> list[str]:
    """What makes pytest load a heavy package when it loads the plugin, followed from file to file.

    Args:
        modules: The modules of the tree.
        imports: What ``read_imports`` found.
    """
    wrong: list[str] = []
    for door in LIGHT_DOORS:
        waiting, seen = [(door, [door])], {door}
        while waiting:
            module, trail = waiting.pop()
            for item in imports:
                if item.source != module or not item.on_load:
                    continue
                if item.target.split(".")[0] in HEAVY:
                    wrong.append(
                        f"{item.where} imports {item.target} as soon as {' -> '.join(trail)} is loaded, so every "
                        "pytest run pays for it. Import it inside the function that needs it."
                    )
                elif item.target in modules and item.target not in seen:
                    seen.add(item.target)
                    waiting.append((item.target, [*trail, item.target]))
    return wrong


def violations(root: Path) -> list[str]:
    """Everything that is wrong with the layering of a tree, one message each, in the order of the checks.

    Args:
        root: The directory that holds ``query/`` and ``mockapi/``.
    """
    modules, imports = read_imports(root)
    wrong = [
        *check_floors(modules, imports),
        *check_packages(imports),
        *check_cycles(modules, imports),
        *check_lightness(modules, imports),
    ]
    return list(dict.fromkeys(wrong))


def main() -> int:
    """Check this repository and print what is wrong. The exit code is 1 if anything is."""
    wrong = violations(Path(__file__).resolve().parent.parent)
    print("\n".join(wrong) if wrong else "the floors hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
