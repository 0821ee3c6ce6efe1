"""Generated files on the disk: their header, whose they are, and writing them without losing anything."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from .docstrings import without_docstrings
from .errors import ForeignFileError, GenerateError

FORMAT: Final = 1
"""Goes up when the same document gives other files."""

_FIRST: Final = "# Made by query.api.generate"
_LAST: Final = "# ruff: noqa\n"

State: TypeAlias = Literal["missing", "foreign", "edited", "ours"]
"""Whose file it is: "ours" as it was written, "edited" since, "foreign" if it was never ours."""


class GeneratedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it should be.

    Attributes:
        path: Where it lies.
        body: Its text below the header.
        made_from: What it is made from, for people: ``'"Projects" 1.2 (openapi.json)'``.
        command: The command that makes it again.
    """

    path: Path
    body: str
    made_from: str
    command: str

    @property
    def text(self) -> str:
        """All of it."""
        return (
            f"{_FIRST} (format {FORMAT}) from {_one_line(self.made_from)}. Do not edit; run again:\n"
            f"#     {_one_line(self.command)}\n"
            f"# contract-sha256: {_digest(without_docstrings(self.body))}\n"
            f"# body-sha256: {_digest(self.body)}\n"
            f"# fmt: off\n{_LAST}{self.body}"
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def read_old(path: Path) -> tuple[State, str]:
    """Whose file is there, and its body.

    Args:
        path: Where to look.

    Raises:
        GenerateError: It cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "missing", ""
    except UnicodeDecodeError:
        return "foreign", ""
    except OSError as error:
        raise GenerateError(f"{path} cannot be read: {error.strerror}. Give another place with -o.") from error
    if not text.strip():
        # an empty file has nothing to lose
        return "missing", ""
    head, end, body = text.partition(_LAST)
    digest = re.search(r"^# body-sha256: (\w+)$", head, re.MULTILINE)
    if not text.startswith(_FIRST) or not end or digest is None:
        return "foreign", text
    return ("ours" if digest[1] == _digest(body) else "edited"), body


def write(files: Sequence[GeneratedFile], *, force: bool = False) -> list[Path]:
    """Write all files or none.

    Args:
        files: The files.
        force: Whether files that are not ours, or were edited, are overwritten.

    Returns:
        Those that are new or changed. The others are not touched.

    Raises:
        ForeignFileError: Something would be lost.
        GenerateError: A file cannot be written. None is.
    """
    states = {one.path: read_old(one.path)[0] for one in files}
    _refuse([path for path, state in states.items() if state == "foreign" and not force], "not made by this program")
    _refuse([path for path, state in states.items() if state == "edited" and not force], "edited by hand since")
    changed = [one for one in files if states[one.path] == "missing" or one.path.read_bytes() != one.text.encode()]
    made: list[tuple[str, Path]] = []
    try:
        for one in changed:
            made.append((_beside(one), one.path))  # noqa: PERF401 - those before a failure must be known
        for name, path in made:
            os.replace(name, path)
    except OSError as error:
        raise GenerateError(f"nothing was written: {error.strerror} ({error.filename}).") from error
    finally:
        for name, _ in made:
            Path(name).unlink(missing_ok=True)
    return [one.path for one in changed]


def _refuse(paths: Iterable[Path], why: str) -> None:
    if lost := list(paths):
        raise ForeignFileError(
            f"{', '.join(map(str, lost))} would be overwritten, and {'is' if len(lost) == 1 else 'are'} {why}. Give "
            "another place with -o; or --force, and what is in there is lost.",
            lost,
        )


def _beside(one: GeneratedFile) -> str:
    """The text in a new file of the same folder, from where it can be moved in one step."""
    number, name = tempfile.mkstemp(prefix=f".{one.path.name}.", dir=one.path.parent)
    try:
        with open(number, "w", encoding="utf-8", newline="\n") as file:
            file.write(one.text)
        # mkstemp gives the owner alone access; a source file is for all whom the process lets in
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, one.path.stat().st_mode & 0o777 if one.path.exists() else 0o666 & ~mask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return name


def shown_path(path: Path) -> str:
    """A path for headers and messages: as it was given, but never one that only this machine has.

    Args:
        path: As it was given.
    """
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.name
