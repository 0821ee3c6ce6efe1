"""The command ``python -m query.api.generate``."""

from __future__ import annotations

import argparse
import keyword
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...base.errors import QueryError
from ...openapi.errors import DescriptionError, MissingExtraError
from .app import document_of_app
from .backend import read_backend
from .companion import module_name, read_companion
from .drift import find_drift
from .errors import GenerateError
from .files import GeneratedFile, shown_path, write
from .model import Backend
from .plan import make_plan
from .stub_module import RESERVED, StubWriter
from .table_module import table_module
from .types_module import types_module

PROGRAM: Final = "python -m query.api.generate"

_DESCRIPTION: Final = """\
Makes typed endpoints from the description of a backend (OpenAPI 3.0 or 3.1, JSON or YAML).

  python -m query.api.generate openapi.json -o myapp/backend
  python -m query.api.generate --from-app myserver.main:app -o myapp/backend

writes three files:

  myapp/backend.py         the table, which a program imports: from myapp.backend import api
  myapp/backend.pyi        its types, for type checkers and editors
  myapp/backend_types.py   what the endpoints take and answer, as TypedDicts

and then this is checked before it runs: the URL, its parameters, the query, the answer.

  options = api["/projects/$slug/"](path={"slug": "apollo"}, stale_time=30)
"""

_EPILOG: Final = """\
The exit code is 0 if all is well, 1 if --check found a difference, 2 if nothing could be done.
In CI: python -m query.api.generate openapi.json -o myapp/backend --check
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog=PROGRAM, description=_DESCRIPTION, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("document", nargs="?", type=Path, help="the OpenAPI document: a JSON or YAML file")
    made.add_argument(
        "--from-app",
        metavar="PACKAGE.MODULE:APP",
        help="take the document from an application that has openapi(), such as one of FastAPI; no server need run",
    )
    made.add_argument(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="MODULE",
        help="the module to write, as a path with or without .py: myapp/backend",
    )
    made.add_argument(
        "--check",
        action="store_true",
        help="write nothing; tell what has changed since the files were written, and exit with 1 if anything has",
    )
    made.add_argument(
        "--style",
        choices=("table", "both"),
        default="table",
        help='"table" (default) writes api["/url/"](...); "both" also api_options.as_(T)("/url/", ...), which '
        "takes checkers longer",
    )
    made.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only these paths, as the document has them: '/projects/*'; or 'tag:admin*' for tags; repeatable",
    )
    made.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="not these paths; repeatable, and stronger"
    )
    made.add_argument(
        "--strip-prefix",
        default="",
        metavar="PREFIX",
        help="what to leave out at the front of every path because base_url has it: /api/0",
    )
    made.add_argument(
        "--add-prefix",
        default="",
        metavar="PREFIX",
        help="what to put there, such as the path of a server that base_url does not have: /v2",
    )
    made.add_argument(
        "--companion",
        type=Path,
        metavar="FILE",
        help="a file beside the output with endpoints written by hand, for routes that the document leaves out, or "
        "has wrong: myapp/manual.py",
    )
    made.add_argument(
        "--force", action="store_true", help="overwrite files that were edited by hand or are not generated ones"
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: The command line; that of the process by default.

    Returns:
        The exit code.
    """
    given = parser().parse_args(arguments)
    try:
        files = make_files(given)
        if given.check:
            lines = find_drift(files)
            if lines:
                sys.stdout.write(
                    "".join(f"{line}\n" for line in lines) + f"To bring them up to date, run:\n  {_command(given)}\n"
                )
            return 1 if lines else 0
        changed = write(files, force=given.force)
    except (QueryError, DescriptionError, MissingExtraError) as error:
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        return 2
    for one in files:
        sys.stdout.write(f"{'wrote' if one.path in changed else 'as it was'}: {shown_path(one.path)}\n")
    folder = given.output.parent
    if folder != Path() and not (folder / "__init__.py").exists():
        sys.stdout.write(
            f"{folder} has no __init__.py, so this is a module by itself: from {files[0].path.stem} import api. For a "
            f"module of the package {folder.name}, make {folder / '__init__.py'} and run this again.\n"
        )
    return 0


def make_files(given: argparse.Namespace) -> list[GeneratedFile]:
    """The files that the command line asks for, as they should be.

    Args:
        given: What ``parser`` has read.

    Raises:
        GenerateError: Something on the command line cannot be.
        DescriptionError: The document cannot be used.
        MissingExtraError: It is YAML, and PyYAML is not installed.
    """
    if (given.document is None) == (given.from_app is None):
        raise GenerateError("give either a document, such as openapi.json, or --from-app package.module:app.")
    output = _output(given.output)
    folder = output.parent
    companion = read_companion(given.companion, folder) if given.companion is not None else None
    source: Path | Mapping[str, Any] = given.document
    if given.from_app is not None:
        source = document_of_app(given.from_app)
    backend = read_backend(
        source,
        include=given.include,
        exclude=given.exclude,
        strip_prefix=given.strip_prefix,
        add_prefix=given.add_prefix,
        name=given.from_app or "",
    )
    reserved = RESERVED | {companion.name} if companion else RESERVED
    plan = make_plan(backend, without=companion.urls if companion else (), reserved=reserved)
    if not plan.urls:
        raise GenerateError(
            "no path is left to write. Look at the paths of the document, and at --include, --exclude and --companion."
        )
    types = f"{output.name}_types"
    table = (companion.module, companion.name) if companion else None
    both = given.style == "both"
    bodies = {
        f"{output.name}.py": table_module(plan, companion=table, both=both),
        f"{output.name}.pyi": StubWriter(plan, module_name(types, folder), companion=table, both=both).text(),
        f"{types}.py": types_module(plan),
    }
    return [
        GeneratedFile(path=folder / name, body=body, made_from=_source(backend), command=_command(given))
        for name, body in bodies.items()
    ]


def _output(path: Path) -> Path:
    path = path.with_suffix("") if path.suffix in (".py", ".pyi") else path
    if not path.name.isidentifier() or keyword.iskeyword(path.name) or path.name == "__init__":
        raise GenerateError(f"-o {path}: {path.name!r} is no name of a module; expected a path such as myapp/backend.")
    if not path.parent.is_dir():
        raise GenerateError(f"-o {path}: there is no folder {path.parent}. Make it first, or give another one.")
    return path


def _source(backend: Backend) -> str:
    version = f" {backend.version}" if backend.version else ""
    return f'"{backend.title}"{version} ({backend.source})'


def _command(given: argparse.Namespace) -> str:
    """The command line, without what only this machine has."""
    parts = [shown_path(given.document)] if given.from_app is None else ["--from-app", given.from_app]
    parts += ["-o", shown_path(_output(given.output))]
    parts += ["--style", given.style] if given.style != "table" else []
    for name in ("include", "exclude"):
        for pattern in getattr(given, name):
            parts += [f"--{name}", pattern]
    parts += ["--strip-prefix", given.strip_prefix] if given.strip_prefix else []
    parts += ["--add-prefix", given.add_prefix] if given.add_prefix else []
    parts += ["--companion", shown_path(given.companion)] if given.companion is not None else []
    return f"{PROGRAM} {shlex.join(parts)}"
